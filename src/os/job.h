/*
 * A command of the interactive shell, in a process of its own: what it breaks,
 * forgets to free or gets from Ctrl-C does not affect the shell.
 */
#ifndef OS_JOB_H
#define OS_JOB_H

#include "base/err.h"
#include "base/str.h"

struct job {
	/* In the new process; what it returns is the exit status. NULL: only
	   argv is run. */
	int (*body)(void *arg);
	void *arg;
	char *const *argv; /* or this program, found by PATH */
	/* Where its standard output goes; all NULL: where ours does. */
	const char *pipe; /* a command line for /bin/sh */
	const char *file;
	bool append;	  /* to the file; else it is replaced */
	struct str *take; /* into this text, at most JOB_TAKE_MAX bytes */
	bool no_input;	  /* its standard input is empty */
	bool no_errors;	  /* its standard error is thrown away */
};

#define JOB_TAKE_MAX 65536

struct job_end {
	int status;	/* its own, or the pipe's if that is none; 128 + N for
			   signal N */
	bool told_end;	/* SIGTERM or SIGHUP came: it was passed on */
	bool told_stop; /* SIGINT came meanwhile */
};

/*
 * Run the job and wait for it. SIGINT and SIGQUIT, which the terminal sends to
 * all, are its business; they do not end us. false: it could not be started,
 * or there is no writing to the file (*err).
 */
bool job_run(const struct job *job, struct job_end *end, struct err *err);

/* Is path the file that other is, or the one that standard output would make
   of it? false also if one is not there. */
bool job_same_file(const char *path, const char *other);

#endif
