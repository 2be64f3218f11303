/* Filter expressions as they come to a command: words, or a file. */
#ifndef CMD_EXPR_TEXT_H
#define CMD_EXPR_TEXT_H

#include "base/err.h"
#include "base/str.h"

/* Append n words with a blank between them. */
void expr_text_words(struct str *out, char *const *words, int n);

/*
 * Append the expression in a file ("-": standard input), in which # starts a
 * comment up to the end of the line. false: it cannot be read, or is not text.
 */
bool expr_text_file(struct str *out, const char *path, struct err *err);

/* One more expression to all: packets must match each. Blank text is none. */
void expr_text_and(struct str *all, const char *text);

/*
 * text could not be compiled because of *why: if it was too much for libpcap
 * and is a list of addresses, note which option takes such a list. Returns
 * whether it did.
 */
bool expr_text_hosts_note(const char *text, const struct err *why);

/* Append all bytes of a file ("-": standard input), at most max. */
bool read_whole_file(struct str *out, const char *path, size_t max,
		     struct err *err);

#endif
