/* What this process may do beyond what its user may. */
#ifndef OS_PRIV_H
#define OS_PRIV_H

#include <stdbool.h>

/*
 * Was the process given rights that its caller does not have: set-user-id,
 * set-group-id or file capabilities? Then nothing that the caller's environment
 * or home directory says may choose code or files. sudo is not such a case:
 * there the caller is root as well.
 */
bool os_is_privileged(void);

/* May the user who started the process read the file? (By real ids.) */
bool os_user_may_read(const char *path);

#endif
