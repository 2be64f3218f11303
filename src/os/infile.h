/*
 * Input files: opened without surprises, read with a system call per large
 * piece, never mapped. (Measured: read() into a buffer that stays in the
 * second-level cache beats mapping by a quarter, and a file that shrinks or
 * changes while it is read can then do no more harm than a short read.)
 */
#ifndef OS_INFILE_H
#define OS_INFILE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define INFILE_SIZE_UNKNOWN UINT64_MAX

struct infile {
	const char *path; /* as it was opened; the caller's */
	int fd;		  /* -1: closed */
	bool regular;	  /* has a size and can be skipped in */
	bool nonblock;	  /* opened with O_NONBLOCK: wait before reading */
	bool patient;	  /* wait for the first byte as long as it takes */
	uint64_t start;	  /* where it was when opened: a part may be read */
	uint64_t size;	  /* from there; INFILE_SIZE_UNKNOWN: not regular */
	uint64_t pos;	  /* bytes read or skipped since it was opened */
};

/*
 * Open path, which has to stay, for reading, "-" for standard input. Never
 * blocks: a FIFO without
 * a writer is found out by the first read. Directories and other things that
 * hold no bytes are refused. Fails with ERR_USAGE.
 */
bool infile_open(struct infile *f, const char *path, struct err *err);

/* Read what is open already, and closed with it; path is its name. Then all is
   as after infile_open(). */
bool infile_take(struct infile *f, int fd, const char *path, struct err *err);

/* Is that the name of a FIFO? */
bool infile_is_fifo(const char *path);

/* Is there something of that name that holds bytes: a file, a FIFO, a
   device? */
bool infile_exists(const char *path);

/*
 * Up to room bytes, as soon as there are any. Returns how many, 0 at the end
 * of the file or when *stop became nonzero (looked at ten times a second while
 * waiting for a pipe), -1 when reading failed (ERR_FAULT; ERR_USAGE for a FIFO
 * without a writer). stop may be NULL.
 */
ptrdiff_t infile_read(struct infile *f, void *to, size_t room,
		      const volatile sig_atomic_t *stop, struct err *err);

/*
 * Read n bytes of a regular file from `at` on, without moving in it. false:
 * reading failed, or the file is shorter by now (ERR_FAULT).
 */
bool infile_read_at(const struct infile *f, uint64_t at, void *to, size_t n,
		    struct err *err);

/* Will a read return at once? Waits for that at most ms milliseconds. */
bool infile_ready(const struct infile *f, int ms);

/*
 * Step over up to n bytes without reading them. Returns how many it stepped
 * over: less than n if the file ends before; 0 if f is not regular.
 */
uint64_t infile_skip(struct infile *f, uint64_t n);

enum infile_growth {
	INFILE_GREW,	/* there is more to read */
	INFILE_STAYS,	/* it will not grow: told to stop, or it was removed */
	INFILE_SHRANK,	/* it is shorter than what was read of it */
	INFILE_REPLACED /* it has ended, and another file has its name */
};

/*
 * At the end of a regular file, wait for it to grow, looking twenty times a
 * second. One that was renamed may still grow, until there is another of its
 * name; one that was removed is given a second for that.
 */
enum infile_growth infile_follow(const struct infile *f,
				 const volatile sig_atomic_t *stop);

/* The size now, for a file that grows; INFILE_SIZE_UNKNOWN if not regular.
   Another thread may be reading. */
uint64_t infile_size_now(const struct infile *f);

/* Close; does nothing if it is not open. */
void infile_close(struct infile *f);

/* Let this process have n files open at once if the system allows it. */
void infile_allow(size_t n);

/* Can a file of that name be read from its beginning once more, and at once:
   is it a regular one? *err (ERR_USAGE) says why not. */
bool infile_again(const char *path, struct err *err);

#endif
