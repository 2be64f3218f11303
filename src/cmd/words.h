/*
 * A command line taken into words, as a POSIX shell does with quotes, pipes
 * and redirections and without any expansion.
 */
#ifndef CMD_WORDS_H
#define CMD_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum word_kind {
	WORD_TEXT,
	WORD_PIPE,  /* | and everything after it, another's */
	WORD_OVER,  /* > */
	WORD_APPEND /* >> */
};

struct word {
	enum word_kind kind;
	char *text;	/* without quotes; of WORD_PIPE what is after it */
	size_t at, len; /* where it stands in the line */
	bool quoted;	/* some of it stood in quotes */
};

struct words {
	struct word *item;
	size_t n;
	char quote; /* the one that is open at the end; 0: none */
	bool begun; /* the line ends within the last word */
};

/*
 * Take a line apart. A # at the start of a word begins a comment, a backslash
 * takes away the meaning of what follows; "||", ">=" and other signs of the
 * filter language are text. false: no memory. A quote that is open at the end
 * is not an error here. words_fini() in either case.
 */
bool words_split(struct words *words, const char *line, struct err *err);
void words_fini(struct words *words);

/* Append text so that words_split() makes that one word of it again; quote is
   the quote that is open before it, which stays open. */
void words_quote(struct str *out, const char *text, char quote);

#endif
