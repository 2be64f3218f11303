/* Dropping privileges. */
#include "os/user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <config.h>

#include "base/log.h"
#include "base/num.h"

#ifdef HAVE_LIBCAP_NG
#include <cap-ng.h>
#endif

#ifdef __linux__
#include <sys/prctl.h>
#endif

static void take_entry(struct user *user, const struct passwd *entry)
{
	user->uid = entry->pw_uid;
	user->gid = entry->pw_gid;
	snprintf(user->name, sizeof(user->name), "%s", entry->pw_name);
}

bool user_find(const char *name, struct user *user, struct err *err)
{
	const struct passwd *entry = getpwnam(name);
	uint64_t uid;

	if (!entry && num_u64(name, &uid) && uid < UINT32_MAX)
		entry = getpwuid((uid_t)uid);
	if (!entry)
		return err_set(err, ERR_USAGE, "unknown user '%s'", name);
	take_entry(user, entry);
	return true;
}

bool user_from_sudo(struct user *user)
{
	const char *sudo = getenv("SUDO_UID"), *doas = getenv("DOAS_USER");
	const struct passwd *entry = NULL;
	uint64_t uid;

	if (geteuid() != 0)
		return false;
	if (sudo && num_u64(sudo, &uid) && uid < UINT32_MAX)
		entry = getpwuid((uid_t)uid);
	else if (doas)
		entry = getpwnam(doas);
	if (!entry || entry->pw_uid == 0)
		return false;
	take_entry(user, entry);
	return true;
}

bool user_become(const struct user *user, struct err *err)
{
	if (geteuid() == user->uid && getuid() == user->uid)
		return true;
	if (initgroups(user->name, user->gid) != 0 ||
	    setresgid(user->gid, user->gid, user->gid) != 0 ||
	    setresuid(user->uid, user->uid, user->uid) != 0)
		return err_sys(err, ERR_FAULT, errno, "cannot become user %s",
			       user->name);
	if (user->uid != 0 && setuid(0) == 0)
		return err_set(err, ERR_FAULT,
			       "became user %s, but could go back to root",
			       user->name);
	return true;
}

bool user_drop_capabilities(struct err *err)
{
#ifdef __linux__
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
#ifdef HAVE_LIBCAP_NG
	capng_clear(CAPNG_SELECT_ALL);
	/* the bounding set can only be emptied by who may: not an error */
	capng_apply(CAPNG_SELECT_BOUNDS);
	if (capng_apply(CAPNG_SELECT_CAPS) != 0)
		return err_sys(err, ERR_FAULT, errno,
			       "cannot give up capabilities");
	capng_get_caps_process();
	if (capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
		return err_set(err, ERR_FAULT,
			       "capabilities are left after giving them up");
#else
	(void)err;
	if (user_is_root())
		log_warn("this build has no libcap-ng: capabilities are kept");
#endif
	return true;
}

bool user_is_root(void)
{
	return geteuid() == 0;
}
