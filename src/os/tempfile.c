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

/* Files without names, opened ahead; the first n are there. */
#define SPARES 4
static int spares[SPARES];
static size_t n_spares;

const char *tempfile_folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && dir[0] == '/' ? dir : "/tmp";
}

bool tempfile_reserve(size_t n)
{
#ifdef O_TMPFILE
	int fd;

	while (n_spares < n && n_spares < SPARES) {
		fd = open(tempfile_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC,
			  0600);
		if (fd < 0)
			return false;
		spares[n_spares++] = fd;
	}
#endif
	return n_spares >= n;
}

/* Create a file readable by its owner only. -1: *err says why. */
static int create(char **name, struct err *err)
{
	const char *dir = tempfile_folder();
	int fd;

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

/* A file without a name. */
static int create_unnamed(struct err *err)
{
	char *name;
	int fd;

	if (n_spares > 0)
		return spares[--n_spares];
	fd = create(&name, err);
	if (fd >= 0) {
		unlink(name);
		free(name);
	}
	return fd;
}

FILE *tempfile_open(struct err *err)
{
	int fd = create_unnamed(err);
	FILE *f;

	if (fd < 0)
		return NULL;
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
