/* Owns the user and the capabilities that a process in the sandbox has. */
#include "config.h"

#include "os/sandbox_ids.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "os/landlock.h"
#include "os/user.h"

/* Is all within reach of the effective ids and capabilities? What does not
   exist is not. */
static bool reaches_all(const struct sandbox_place *places, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct sandbox_place *p = &places[i];
		int mode = 0;

		if (p->rights & LANDLOCK_READ)
			mode |= R_OK;
		if (p->rights & LANDLOCK_WRITE)
			mode |= W_OK;
		if (p->rights & LANDLOCK_MAKE)
			mode |= W_OK | X_OK;
		if (faccessat(AT_FDCWD, p->path, mode, AT_EACCESS) != 0 &&
		    errno != ENOENT && errno != ENOTDIR)
			return false;
	}
	return true;
}

/* The last resort: the user that the kernel shows where it has none. */
#define OVERFLOW_UID 65534

/* A user of /etc/passwd. Asking the name services loads libraries and opens
   sockets. */
static bool find_service(struct user *user)
{
	static const char *const names[] = {"pcaptool", "tcpdump"};
	size_t best = ARRAY_LEN(names) + 1, i;
	FILE *f = fopen("/etc/passwd", "re");
	struct passwd *p;

	while (f && (p = fgetpwent(f)))
		for (i = 0; i < best; i++) {
			if (i < ARRAY_LEN(names)
				? !p->pw_uid || strcmp(p->pw_name, names[i])
				: p->pw_uid != OVERFLOW_UID)
				continue;
			best = i;
			user->uid = p->pw_uid;
			user->gid = p->pw_gid;
			snprintf(user->name, sizeof(user->name), "%s",
				 p->pw_name);
		}
	if (f)
		fclose(f);
	return best <= ARRAY_LEN(names);
}

struct ids {
	gid_t gid, *groups;
	int n;
};

static bool save_ids(struct ids *ids)
{
	ids->gid = getegid();
	ids->n = getgroups(0, NULL);
	ids->groups =
	    calloc((size_t)(ids->n > 0 ? ids->n : 1), sizeof(*ids->groups));
	if (ids->groups && ids->n >= 0)
		ids->n = getgroups(ids->n, ids->groups);
	return ids->groups && ids->n >= 0;
}

/* Back from a trial. */
static void restore_ids(const struct ids *ids)
{
	if (seteuid(0) != 0 || setegid(ids->gid) != 0 ||
	    setgroups((size_t)ids->n, ids->groups) != 0)
		_exit(3); /* neither one user nor the other */
}

/* Be the user for a trial; then for ever, if all is within reach. */
static bool try_user(const struct user *user, bool groups,
		     const struct sandbox_place *places, size_t n)
{
	struct ids before = {0};
	bool good = save_ids(&before);

	if (!good || (groups ? initgroups(user->name, user->gid)
			     : setgroups(0, NULL)) != 0) {
		free(before.groups);
		return false;
	}
	good = setegid(user->gid) == 0 && seteuid(user->uid) == 0 &&
	       reaches_all(places, n);
	restore_ids(&before);
	if (good)
		good = (groups ? initgroups(user->name, user->gid)
			       : setgroups(0, NULL)) == 0 &&
		       setresgid(user->gid, user->gid, user->gid) == 0 &&
		       setresuid(user->uid, user->uid, user->uid) == 0;
	free(before.groups);
	return good;
}

const char *sandbox_leave_root(const struct sandbox_place *places, size_t n)
{
	static struct user user;

	if (geteuid() != 0 || getuid() != 0)
		return NULL;
	if (user_from_sudo(&user)
		? try_user(&user, true, places, n)
		: find_service(&user) && try_user(&user, false, places, n))
		return user.name;
	return NULL;
}

#ifdef __linux__
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_CLEAR_ALL 4
#endif

/* Capabilities are two words of 32 bits. */
#define WORDS 2
#define FILES                                                                  \
	(UINT32_C(1) << CAP_DAC_OVERRIDE | UINT32_C(1) << CAP_DAC_READ_SEARCH)

static struct __user_cap_header_struct header = {
    .version = _LINUX_CAPABILITY_VERSION_3};

static bool get_caps(struct __user_cap_data_struct caps[WORDS])
{
	return syscall(SYS_capget, &header, caps) == 0;
}

static bool set_caps(const struct __user_cap_data_struct caps[WORDS])
{
	return syscall(SYS_capset, &header, caps) == 0;
}

static bool any_caps(const struct __user_cap_data_struct caps[WORDS])
{
	return caps[0].permitted || caps[1].permitted || caps[0].inheritable ||
	       caps[1].inheritable;
}

void sandbox_drop_bounds(void)
{
	int cap;

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	for (cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
		;
}

enum sandbox_caps sandbox_drop_caps(const struct sandbox_place *places,
				    size_t n)
{
	static const struct __user_cap_data_struct none[WORDS];
	struct __user_cap_data_struct caps[WORDS] = {{0}};
	enum sandbox_caps left = SANDBOX_CAPS_NONE;
	bool with, without;

	if (!get_caps(caps))
		return SANDBOX_CAPS_KEPT;
	if (!any_caps(caps))
		return SANDBOX_CAPS_NONE;
	sandbox_drop_bounds();
	caps[0].inheritable = caps[1].inheritable = 0;
	with = caps[0].effective & FILES && reaches_all(places, n);
	caps[0].effective = caps[1].effective = 0;
	if (!set_caps(caps))
		return SANDBOX_CAPS_KEPT;
	without = reaches_all(places, n);
	if (with && !without) {
		left = SANDBOX_CAPS_FILES;
		caps[0].permitted &= FILES;
		caps[1].permitted = 0;
		caps[0].effective = caps[0].permitted;
		return set_caps(caps) ? left : SANDBOX_CAPS_KEPT;
	}
	if (!set_caps(none) || !get_caps(caps) || any_caps(caps))
		return SANDBOX_CAPS_KEPT;
	return left;
}

#else

void sandbox_drop_bounds(void)
{
}

enum sandbox_caps sandbox_drop_caps(const struct sandbox_place *places,
				    size_t n)
{
	(void)places, (void)n;
	return SANDBOX_CAPS_NONE;
}

#endif
