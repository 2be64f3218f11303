/* Temporary files, in $TMPDIR or /tmp. */
#include "os/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/infile.h"

#define NAME "/pcaptool-XXXXXX"
#define CHUNK ((size_t)256 << 10)

/* Create a file readable by its owner only. -1: *err says why. */
static int create(char **name, struct err *err)
{
	const char *dir = getenv("TMPDIR");
	int fd;

	if (!dir || dir[0] != '/')
		dir = "/tmp";
	*name = malloc(strlen(dir) + sizeof(NAME));
	if (!*name) {
		err_nomem(err, "temporary file");
		return -1;
	}
	strcpy(*name, dir);
	strcat(*name, NAME);
	fd = mkstemp(*name);
	if (fd < 0) {
		err_sys(err, ERR_OUTPUT, errno,
			"cannot create a temporary file in %s", dir);
		free(*name);
		*name = NULL;
		return -1;
	}
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

FILE *tempfile_open(struct err *err)
{
	char *name;
	int fd = create(&name, err);
	FILE *f;

	if (fd < 0)
		return NULL;
	unlink(name);
	free(name);
	f = fdopen(fd, "w+b");
	if (!f) {
		close(fd);
		err_nomem(err, "temporary file");
	}
	return f;
}

bool tempfile_needless(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 &&
	       S_ISREG(st.st_mode);
}

bool tempfile_once(const char *path)
{
	struct stat st;

	return !strcmp(path, "-") ||
	       (stat(path, &st) == 0 && !S_ISREG(st.st_mode));
}

static bool write_all(int fd, const char *p, size_t n, struct err *err)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno != EINTR)
			return err_sys(err, ERR_OUTPUT, errno,
				       "cannot write temporary file");
		if (done > 0) {
			p += done;
			n -= (size_t)done;
		}
	}
	return true;
}

/* From one to the other, until the end. */
static bool copy(struct infile *from, int to, struct err *err)
{
	char *buf = malloc(CHUNK);
	bool good = true;
	ptrdiff_t n;

	if (!buf)
		return err_nomem(err, "temporary file");
	while (good && (n = infile_read(from, buf, CHUNK, NULL, err)) != 0)
		good = n > 0 && write_all(to, buf, (size_t)n, err);
	free(buf);
	return good;
}

char *tempfile_copy(const char *path, struct err *err)
{
	struct infile from;
	char *name;
	bool good;
	int to;

	if (!infile_open(&from, path, err))
		return NULL;
	to = create(&name, err);
	good = to >= 0 && copy(&from, to, err);
	infile_close(&from);
	if (to >= 0 && close(to) != 0 && good)
		good = err_sys(err, ERR_OUTPUT, errno,
			       "cannot write temporary file");
	if (good)
		return name;
	if (to >= 0)
		tempfile_remove(name);
	return NULL;
}

void tempfile_remove(char *name)
{
	if (name)
		unlink(name);
	free(name);
}
