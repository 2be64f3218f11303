/*
 * Owns how a thread changes its network namespace (setns(2)), and which one a
 * name means.
 */
#include "os/netns.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

#define PREFIX "ns:"
#define PREFIX_LEN (sizeof(PREFIX) - 1)

/* Where `ip netns` keeps names, and what a process has. */
#define NAMED "/run/netns/"
#define OF_PROCESS "/proc/%s/ns/net"

const char *netns_plain(const char *interface)
{
	const char *slash = strrchr(interface, '/');

	return slash && !strncmp(interface, PREFIX, PREFIX_LEN) ? slash + 1
								: interface;
}

bool netns_enter_of(const char *interface, struct netns_visit *visit,
		    struct err *err)
{
	const char *plain = netns_plain(interface);
	struct str name = STR_INIT;
	bool good;

	*visit = (struct netns_visit){.home = -1};
	if (strncmp(interface, PREFIX, PREFIX_LEN) != 0)
		return true;
	if (plain == interface || !plain[0])
		return err_set(err, ERR_USAGE,
			       "'%s' names no interface: use "
			       "ns:NAMESPACE/INTERFACE",
			       interface);
	str_put(&name, interface + PREFIX_LEN,
		(size_t)(plain - interface) - PREFIX_LEN - 1);
	good = netns_enter(str_text(&name), visit, err);
	str_fini(&name);
	return good;
}

#ifdef __linux__

void netns_names(struct str *out)
{
	DIR *folder = opendir(NAMED);
	const struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			str_printf(out, "%s\n", entry->d_name);
	if (folder)
		closedir(folder);
}

static bool is_number(const char *name)
{
	return name[0] && name[strspn(name, "0123456789")] == '\0';
}

/* The namespace file that a name means; -1: errno says why not. */
static int open_namespace(const char *name)
{
	struct str path = STR_INIT;
	int fd = -1;

	errno = ENOENT;
	if (name[0] == '/') {
		str_puts(&path, name);
	} else if (name[0] && !strchr(name, '/') && strcmp(name, ".") != 0 &&
		   strcmp(name, "..") != 0) {
		str_puts(&path, NAMED);
		str_puts(&path, name);
	}
	if (path.len)
		fd = open(str_text(&path), O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && is_number(name)) {
		str_clear(&path);
		str_printf(&path, OF_PROCESS, name);
		fd = open(str_text(&path), O_RDONLY | O_CLOEXEC);
	}
	str_fini(&path);
	return fd;
}

static bool refused(const char *name, int why, struct err *err)
{
	if (why == EPERM || why == EACCES)
		return err_set(err, ERR_FAULT,
			       "network namespace '%s': not permitted to enter "
			       "it: the capability CAP_SYS_ADMIN is missing",
			       name);
	if (why == EINVAL)
		return err_set(err, ERR_USAGE,
			       "'%s' is not a network namespace", name);
	return err_sys(err, ERR_FAULT, why, "network namespace '%s'", name);
}

bool netns_enter(const char *name, struct netns_visit *visit, struct err *err)
{
	int fd = open_namespace(name), why;

	*visit = (struct netns_visit){.home = -1};
	if (fd < 0 && (errno == ENOENT || errno == ESRCH)) {
		visit->missing = true;
		return err_set(err, ERR_USAGE,
			       "unknown network namespace '%s': neither a name "
			       "of 'ip netns' nor a process id",
			       name);
	}
	if (fd < 0)
		return refused(name, errno, err);
	visit->home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (visit->home < 0 || setns(fd, CLONE_NEWNET) != 0) {
		why = errno;
		if (visit->home >= 0)
			close(visit->home);
		close(fd);
		visit->home = -1;
		return refused(name, why, err);
	}
	close(fd);
	return true;
}

bool netns_leave(struct netns_visit *visit, struct err *err)
{
	bool good = true;

	if (visit->home < 0)
		return true;
	if (setns(visit->home, CLONE_NEWNET) != 0)
		good = err_sys(err, ERR_FAULT, errno,
			       "cannot leave a network namespace");
	close(visit->home);
	visit->home = -1;
	return good;
}

#else

void netns_names(struct str *out)
{
	(void)out;
}

bool netns_enter(const char *name, struct netns_visit *visit, struct err *err)
{
	*visit = (struct netns_visit){.home = -1};
	return err_set(err, ERR_USAGE,
		       "network namespace '%s': only Linux has them", name);
}

bool netns_leave(struct netns_visit *visit, struct err *err)
{
	(void)visit;
	(void)err;
	return true;
}

#endif
