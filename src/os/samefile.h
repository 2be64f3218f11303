/* Are two names, or a name and a descriptor, those of one file? */
#ifndef OS_SAMEFILE_H
#define OS_SAMEFILE_H

#include <stdbool.h>

/* Are both the same regular file? A path of "-" is standard input. false also
   where one of them cannot be found. */
bool same_file(const char *a, const char *b);

/* Is standard output the regular file of that name? */
bool stdout_is(const char *path);

#endif
