/* Making a new savefile: who may see it, what may be overwritten. */
#include "file/create.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/writer.h"

static int refuse(const char *path, const char *why, struct err *err)
{
	err_set(err, ERR_OUTPUT, "%s", why);
	err_in_file(err, path);
	return -1;
}

static int open_output(const char *path, bool force, struct err *err)
{
	int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;
	struct stat st;
	int fd;

	if (!strcmp(path, "-"))
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, flags | O_CREAT | O_EXCL, 0600);
	if (fd < 0 && errno == EEXIST && stat(path, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			fd = open(path, flags);
		else if (force)
			fd = open(path, flags | O_TRUNC | O_NOFOLLOW);
		else
			return refuse(
			    path, "file exists (--force overwrites it)", err);
	}
	if (fd < 0) {
		err_sys(err, ERR_OUTPUT, errno, "cannot create");
		err_in_file(err, path);
	}
	return fd;
}

struct sink *savefile_create(const char *path, const struct create_options *o,
			     struct err *err)
{
	const struct format *format = o->format;
	struct out out;
	int fd;

	if (!strcmp(path, "-") && isatty(STDOUT_FILENO)) {
		refuse("standard output",
		       "is a terminal: will not write a "
		       "savefile to it",
		       err);
		return NULL;
	}
	if (!format)
		format = format_by_suffix(path);
	if (!format)
		format = &formats[0];
	fd = open_output(path, o->force, err);
	if (fd < 0 || !out_open(&out, fd, path, 0, err))
		return NULL;
	return format->write(&out, &o->write, err);
}

uint64_t savefile_size(const struct sink *s)
{
	return out_size(&((const struct writer *)s)->out);
}

bool savefile_gone(const struct sink *s)
{
	return ((const struct writer *)s)->out.gone;
}

bool savefile_chown(struct sink *s, unsigned uid, unsigned gid, struct err *err)
{
	struct out *out = &((struct writer *)s)->out;
	struct stat st;

	if (fstat(out->fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (st.st_uid == uid && st.st_gid == gid))
		return true;
	if (fchown(out->fd, uid, gid) == 0)
		return true;
	err_sys(err, ERR_OUTPUT, errno, "cannot give it to user %u", uid);
	return err_in_file(err, out->name);
}
