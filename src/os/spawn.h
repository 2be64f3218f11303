/* Commands that run beside the capture, without a shell. */
#ifndef OS_SPAWN_H
#define OS_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/* The words of a command. */
struct spawn_words {
	char *text;  /* taken apart in place */
	char **argv; /* ends with NULL */
	size_t n;
};

/* Split a copy of text at blanks, with room for so many more words. false: no
   memory, or no words (ERR_USAGE); either way spawn_words_fini(). */
bool spawn_words_split(struct spawn_words *, const char *text, size_t more,
		       struct err *err);
void spawn_words_fini(struct spawn_words *);

/*
 * Start it (found by PATH): without input, in a process group of its own, so
 * that Ctrl-C does not end it, with default signals. out: its standard output;
 * -1: ours. Returns an error number.
 */
int spawn_start(char **argv, int out, pid_t *pid);

#endif
