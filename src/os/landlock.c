/* Owns Landlock's system calls, with constants of our own: headers are older
   than kernels. */
#include "config.h"

#include "os/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>

/* The same on all architectures but alpha, which has 110 more. */
#ifdef __alpha__
#define CALL_FIRST 554
#else
#define CALL_FIRST 444
#endif
enum { CALL_CREATE = CALL_FIRST, CALL_ADD, CALL_RESTRICT };

enum { ASK_VERSION = 1, RULE_BENEATH = 1 };

/* The rights of files, by bit. */
enum {
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_REG = 1 << 8,
	FS_TRUNCATE = 1 << 14
};

/* What else can be had, one bit each: BIND_TCP, CONNECT_TCP; abstract sockets,
   signals. */
enum { NET_ALL = 3, SCOPE_SOCKETS = 1, SCOPE_SIGNALS = 2 };

struct ruleset {
	uint64_t fs, net, scoped;
};

struct beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

int landlock_version(void)
{
	static int known = -1;

	if (known < 0)
		known = (int)syscall(CALL_CREATE, NULL, 0, ASK_VERSION);
	if (known < 0)
		known = 0;
	return known;
}

/* All rights of files that the version knows. */
static uint64_t all_rights(int version)
{
	static const unsigned char bits[] = {0, 13, 14, 15, 15, 16};
	size_t known = sizeof(bits) - 1;
	size_t n = version < (int)known ? (size_t)version : known;

	return ((uint64_t)1 << bits[n]) - 1;
}

int landlock_begin(bool signals)
{
	int version = landlock_version();
	struct ruleset set = {.fs = all_rights(version)};
	size_t size = offsetof(struct ruleset, net);

	if (version >= 4) {
		set.net = NET_ALL;
		size = offsetof(struct ruleset, scoped);
	}
	if (version >= 6) {
		set.scoped = SCOPE_SOCKETS | (signals ? SCOPE_SIGNALS : 0);
		size = sizeof(set);
	}
	return (int)syscall(CALL_CREATE, &set, size, 0);
}

bool landlock_add(int rules, const char *path, unsigned rights)
{
	struct beneath rule = {.fd = open(path, O_PATH | O_CLOEXEC)};
	uint64_t all = all_rights(landlock_version());
	struct stat st;
	bool good;
	int why;

	if (rule.fd < 0)
		return false;
	if (rights & LANDLOCK_READ)
		rule.allowed |= FS_READ_FILE;
	if (rights & LANDLOCK_WRITE)
		rule.allowed |= FS_WRITE_FILE | FS_TRUNCATE;
	/* those of folders are refused for a file */
	if (fstat(rule.fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (rights & LANDLOCK_LIST)
			rule.allowed |= FS_READ_DIR;
		if (rights & LANDLOCK_MAKE)
			rule.allowed |= FS_MAKE_REG;
		if (rights & LANDLOCK_REMOVE)
			rule.allowed |= FS_REMOVE_FILE;
	}
	rule.allowed &= all;
	good = syscall(CALL_ADD, rules, RULE_BENEATH, &rule, 0) == 0;
	why = errno;
	close(rule.fd);
	errno = why;
	return good;
}

bool landlock_enter(int rules)
{
	bool good = syscall(CALL_RESTRICT, rules, 0) == 0;
	int why = errno;

	close(rules);
	errno = why;
	return good;
}

#else

int landlock_version(void)
{
	return 0;
}

int landlock_begin(bool signals)
{
	(void)signals;
	errno = ENOSYS;
	return -1;
}

bool landlock_add(int rules, const char *path, unsigned rights)
{
	(void)rules, (void)path, (void)rights;
	return false;
}

bool landlock_enter(int rules)
{
	(void)rules;
	return false;
}

#endif
