/* Input files: opening, waiting, reading. */
#include "config.h"

#include "os/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/stop.h"

/* How long a FIFO may wait for its first writer. */
#define FIFO_PATIENCE_MS 2000
/* How often a wait looks at the stop flag. */
#define WAIT_MS 100
/* How often a file is looked at for growth. */
#define FOLLOW_MS 50
/* How often a file that was removed is looked for. */
#define FOLLOW_PATIENCE (1000 / FOLLOW_MS)

static bool infile_is_readable(struct infile *f, const struct stat *st,
			       struct err *err)
{
	if (S_ISDIR(st->st_mode))
		return err_set(err, ERR_USAGE, "is a directory");
	f->regular = S_ISREG(st->st_mode);
	f->size = f->regular ? (uint64_t)st->st_size : INFILE_SIZE_UNKNOWN;
	return true;
}

bool infile_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

bool infile_is_fifo(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* What is open: can it be read, and from where? Else it is closed. */
static bool infile_examine(struct infile *f, struct err *err)
{
	struct stat st;
	off_t at;

	if (fstat(f->fd, &st) < 0) {
		err_sys(err, ERR_USAGE, errno, "cannot be read");
		infile_close(f);
		return false;
	}
	if (!infile_is_readable(f, &st, err)) {
		infile_close(f);
		return false;
	}
	/* Standard input may be a file that was read in part. */
	at = f->regular ? lseek(f->fd, 0, SEEK_CUR) : 0;
	if (at > 0) {
		f->start = (uint64_t)at;
		f->size = f->size > f->start ? f->size - f->start : 0;
	}
#ifdef POSIX_FADV_SEQUENTIAL
	if (f->regular)
		posix_fadvise(f->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
	return true;
}

bool infile_take(struct infile *f, int fd, const char *path, struct err *err)
{
	memset(f, 0, sizeof(*f));
	f->path = path;
	f->fd = fd;
	return infile_examine(f, err);
}

bool infile_open(struct infile *f, const char *path, struct err *err)
{
	memset(f, 0, sizeof(*f));
	f->path = path;
	if (!strcmp(path, "-")) {
		f->fd = STDIN_FILENO;
	} else {
		f->fd =
		    open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		f->nonblock = true;
	}
	if (f->fd < 0)
		return err_sys(err, ERR_USAGE, errno, "cannot be opened");
	return infile_examine(f, err);
}

bool infile_ready(const struct infile *f, int ms)
{
	struct pollfd p = {.fd = f->fd, .events = POLLIN};

	return f->regular || poll(&p, 1, ms) > 0;
}

/* Wait until a read will not block. false: told to stop, or an error. */
static bool infile_wait(struct infile *f, const volatile sig_atomic_t *stop,
			struct err *err)
{
	struct pollfd p = {.fd = f->fd, .events = POLLIN};
	int waited = 0;

	for (;;) {
		int n = poll(&p, 1, WAIT_MS);

		if (stop_asked(stop))
			return false;
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return err_sys(err, ERR_FAULT, errno,
				       "cannot be waited for");
		waited += WAIT_MS;
		if (f->pos || f->patient || !f->nonblock ||
		    waited < FIFO_PATIENCE_MS)
			continue;
		return err_set(err, ERR_USAGE,
			       "nothing to read (a pipe without a writer?)");
	}
}

ptrdiff_t infile_read(struct infile *f, void *to, size_t room,
		      const volatile sig_atomic_t *stop, struct err *err)
{
	struct err why = {0};
	ssize_t n;

	do {
		if (!f->regular && !infile_wait(f, stop, &why)) {
			if (why.kind == ERR_NONE)
				return 0;
			err_copy(err, &why);
			return -1;
		}
		n = read(f->fd, to, room);
	} while (n < 0 &&
		 ((errno == EINTR && !stop_asked(stop)) || errno == EAGAIN));
	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0) {
		err_sys(err, ERR_FAULT, errno, "cannot be read");
		return -1;
	}
	f->pos += (uint64_t)n;
	return n;
}

bool infile_read_at(const struct infile *f, uint64_t at, void *to, size_t n,
		    struct err *err)
{
	uint8_t *p = to;
	ssize_t some;

	while (n > 0) {
		some = pread(f->fd, p, n, (off_t)(f->start + at));
		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0)
			return err_sys(err, ERR_FAULT, errno, "cannot be read");
		if (some == 0)
			return err_set(err, ERR_FAULT,
				       "the file shrank while being read");
		p += some;
		n -= (size_t)some;
		at += (uint64_t)some;
	}
	return true;
}

uint64_t infile_skip(struct infile *f, uint64_t n)
{
	uint64_t size = infile_size_now(f), left;

	if (!f->regular)
		return 0;
	left = size > f->pos ? size - f->pos : 0;
	if (n > left)
		n = left;
	if (lseek(f->fd, (off_t)n, SEEK_CUR) < 0)
		return 0;
	f->pos += n;
	return n;
}

/* Has the file, which is st, lost its name to another one? */
static bool infile_is_replaced(const struct infile *f, const struct stat *st)
{
	struct stat other;

	return f->fd != STDIN_FILENO && stat(f->path, &other) == 0 &&
	       (other.st_ino != st->st_ino || other.st_dev != st->st_dev);
}

enum infile_growth infile_follow(const struct infile *f,
				 const volatile sig_atomic_t *stop)
{
	off_t at = lseek(f->fd, 0, SEEK_CUR);
	bool replaced = false;
	int removed = 0;
	struct stat st;

	while (at >= 0 && !stop_asked(stop)) {
		if (fstat(f->fd, &st) < 0)
			return INFILE_STAYS;
		if (st.st_size > at)
			return INFILE_GREW;
		if (st.st_size < at)
			return INFILE_SHRANK;
		/* what was written before it lost its name has come by now */
		if (replaced)
			return INFILE_REPLACED;
		replaced = infile_is_replaced(f, &st);
		if (!replaced && st.st_nlink == 0 &&
		    removed++ == FOLLOW_PATIENCE)
			return INFILE_STAYS;
		poll(NULL, 0, FOLLOW_MS);
	}
	return INFILE_STAYS;
}

uint64_t infile_size_now(const struct infile *f)
{
	struct stat st;

	if (!f->regular || fstat(f->fd, &st) < 0)
		return INFILE_SIZE_UNKNOWN;
	return (uint64_t)st.st_size > f->start ? (uint64_t)st.st_size - f->start
					       : 0;
}

void infile_close(struct infile *f)
{
	if (f->fd > STDIN_FILENO)
		close(f->fd);
	f->fd = -1;
}

void infile_allow(size_t n)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_cur >= n)
		return;
	r.rlim_cur = r.rlim_max < n ? r.rlim_max : n;
	setrlimit(RLIMIT_NOFILE, &r);
}

bool infile_again(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		err_sys(err, ERR_USAGE, errno, "cannot be opened");
	else if (!S_ISREG(st.st_mode))
		err_set(err, ERR_USAGE,
			"is not a regular file, so it is not read again");
	else
		return true;
	return err_in_file(err, path);
}
