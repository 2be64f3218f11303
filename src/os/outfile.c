/* Names that are written to. */
#include "os/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/num.h"
#include "os/blocking.h"
#include "os/clock.h"

#define FLAGS (O_WRONLY | O_CLOEXEC | O_NOCTTY)

/* Names for a file beside another that are tried. */
#define TRIES 100

static int refuse(const char *path, const char *why, struct err *err)
{
	err_set(err, ERR_OUTPUT, "%s", why);
	err_in_file(err, path);
	return -1;
}

static int cannot(const char *path, const char *what, struct err *err)
{
	if (errno == ECANCELED)
		return refuse(path, "no reader had opened it by the end", err);
	err_sys(err, ERR_OUTPUT, errno, "cannot %s", what);
	err_in_file(err, path);
	return -1;
}

static bool begins(const char *path, const char *prefix)
{
	return !strncmp(path, prefix, strlen(prefix));
}

/* Is it the name of a device, or of a descriptor of this process? Only root
   makes names there, but in two folders. */
static bool names_device(const char *path)
{
	return (begins(path, "/dev/") || begins(path, "/proc/self/fd/")) &&
	       !begins(path, "/dev/shm/") && !begins(path, "/dev/mqueue/") &&
	       !strstr(path, "/../");
}

/* What a name refers to: the link itself, unless it names a device. */
static int look(const char *path, struct stat *st)
{
	return names_device(path) ? stat(path, st) : lstat(path, st);
}

bool outfile_is_file(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 &&
	       (look(path, &st) != 0 || S_ISREG(st.st_mode) ||
		S_ISLNK(st.st_mode));
}

/* Root writes to no one else's FIFO; under sudo that is whoever runs it. */
static bool is_ours(const struct stat *st)
{
	const char *sudo = getenv("SUDO_UID");
	uint64_t uid;

	if (st->st_uid == geteuid())
		return true;
	return geteuid() == 0 && sudo && num_u64(sudo, &uid) &&
	       uid == st->st_uid;
}

/* Why something other than a regular file is not written to; NULL: it is. */
static const char *objection(const char *path, const struct stat *st,
			     bool force)
{
	if (S_ISDIR(st->st_mode))
		return "is a directory";
	if (names_device(path))
		return NULL;
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		return "is a device: only those named by a path below /dev are "
		       "written to";
	if (!S_ISFIFO(st->st_mode))
		return "is not a regular file";
	if (!is_ours(st))
		return "is a named pipe of another user";
	return force ? NULL : "is a named pipe (--force writes to it)";
}

bool outfile_may(const char *path, const struct outfile_how *how,
		 struct err *err)
{
	const char *why = NULL;
	struct stat st;

	if (!strcmp(path, "-") || look(path, &st) != 0)
		return true;
	if (S_ISLNK(st.st_mode))
		why = how->force
			  ? NULL
			  : "is a symbolic link (--force replaces the link)";
	else if (S_ISREG(st.st_mode))
		why = how->force ? NULL : "file exists (--force overwrites it)";
	else
		why = objection(path, &st, how->force);
	return !why || refuse(path, why, err) == 0;
}

/* A device or a FIFO, if it is still the one that may be written to. */
static int open_special(const char *path, const struct outfile_how *how,
			struct err *err)
{
	int fd = blocking_open(path,
			       names_device(path) ? FLAGS : FLAGS | O_NOFOLLOW);
	const char *why;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return cannot(path, "create", err);
	why = S_ISREG(st.st_mode) ? "file exists"
				  : objection(path, &st, how->force);
	if (!why)
		return fd;
	close(fd);
	return refuse(path, why, err);
}

int outfile_beside(const char *path, const struct outfile_how *how, char *name,
		   size_t size, struct err *err)
{
	const mode_t mode = how->private ? 0600 : 0666;
	uint64_t salt = (uint64_t)clock_wall_ns() ^ (uint64_t)getpid() << 20;
	int i, fd = -1;

	if (!outfile_may(path, how, err))
		return -1;
	for (i = 0; i < TRIES && fd < 0; i++) {
		salt =
		    salt * UINT64_C(6364136223846793005) + 1442695040888963407;
		if (snprintf(name, size, "%s.part-%06x", path,
			     (unsigned)(salt >> 40)) >= (int)size)
			return refuse(path, "the name is too long", err);
		fd = open(name, FLAGS | O_CREAT | O_EXCL, mode);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd < 0 ? cannot(path, "create", err) : fd;
}

/* In place of what has the name now. */
static int open_replacing(const char *path, const struct outfile_how *how,
			  struct err *err)
{
	char name[PATH_MAX];
	int fd = outfile_beside(path, how, name, sizeof(name), err);

	if (fd < 0 || rename(name, path) == 0)
		return fd;
	cannot(path, "replace", err);
	unlink(name);
	close(fd);
	return -1;
}

int outfile_open(const char *path, const struct outfile_how *how,
		 struct err *err)
{
	int fd;

	if (!strcmp(path, "-"))
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	else if (!outfile_may(path, how, err))
		return -1;
	else if (!outfile_is_file(path))
		return open_special(path, how, err);
	else
		fd = open(path, FLAGS | O_CREAT | O_EXCL,
			  how->private ? 0600 : 0666);
	if (fd < 0 && errno == EEXIST && how->force)
		return open_replacing(path, how, err);
	return fd < 0 ? cannot(path, "create", err) : fd;
}

void outfile_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

int outfile_descriptor(int fd, const char *name, struct err *err)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (own >= 0)
		return own;
	err_sys(err, ERR_OUTPUT, errno, "cannot write to it");
	err_in_file(err, name);
	return -1;
}

/* The folder that path is in. */
static const char *folder_of(const char *path, char *name, size_t size)
{
	const char *slash = strrchr(path, '/');

	snprintf(name, size, "%.*s", slash ? (int)(slash - path + 1) : 1,
		 slash ? path : ".");
	return name;
}

bool outfile_sync_folder(const char *path)
{
	char name[PATH_MAX];
	int fd, why = 0;

	fd = open(folder_of(path, name, sizeof(name)),
		  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == EACCES; /* it may be written to and not read */
	if (fsync(fd) != 0 && errno != EINVAL && errno != EROFS)
		why = errno;
	close(fd);
	errno = why;
	return why == 0;
}

bool outfile_remove(const char *path)
{
	return unlink(path) == 0 || errno == ENOENT;
}

uint64_t outfile_room(const char *path)
{
	char name[PATH_MAX];
	struct statvfs s;

	if (statvfs(folder_of(path, name, sizeof(name)), &s) != 0)
		return 0;
	return (uint64_t)s.f_bavail * s.f_frsize;
}

int outfile_append(const char *path, struct err *err)
{
	int fd = open(path, FLAGS | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		cannot(path, "append", err);
	} else if (!S_ISREG(st.st_mode)) {
		refuse(path, "cannot append: is not a regular file", err);
	} else if (geteuid() == 0 && !is_ours(&st)) {
		refuse(path, "cannot append: is a file of another user", err);
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}
