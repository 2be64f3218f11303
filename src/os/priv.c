/* Owns the question whether this process runs with raised privileges. */
#include "config.h"

#include "os/priv.h"

#include <unistd.h>
#ifdef HAVE_SYS_AUXV_H
#include <sys/auxv.h>
#endif

bool os_is_privileged(void)
{
#if defined(HAVE_GETAUXVAL) && defined(AT_SECURE)
	/* the kernel's own word: also true for file capabilities */
	if (getauxval(AT_SECURE))
		return true;
#elif defined(HAVE_ISSETUGID)
	if (issetugid())
		return true;
#endif
	return getuid() != geteuid() || getgid() != getegid();
}

bool os_user_may_read(const char *path)
{
	return access(path, R_OK) == 0;
}
