/*
 * Protocols of lines and words: what HTTP, SIP, RTSP, SMTP, FTP, POP3 and IMAP
 * read their messages with. Nothing here looks beyond what was captured.
 */
#ifndef DECODE_LIB_TEXTLINE_H
#define DECODE_LIB_TEXTLINE_H

#include "decode/proto.h"

/* Bytes before the character; SIZE_MAX: it is not there. */
size_t text_find(const struct cur *c, char ch);

/* Does what is ahead start with this text? */
static inline bool text_starts(const struct cur *c, const char *text)
{
	size_t n = strlen(text); /* known to the compiler for a literal */

	return cur_left(c) >= n && !memcmp(cur_here(c), text, n);
}

/* The same, or is it the start of the text, as far as it goes? */
static inline bool text_may_start(const struct cur *c, const char *text)
{
	size_t left = cur_left(c), n;

	/* mostly the first byte differs */
	if (left && *text && *cur_here(c) != (uint8_t)*text)
		return false;
	n = strlen(text);
	return !memcmp(cur_here(c), text, left < n ? left : n);
}

/* Are these n bytes the first n of the text, whatever the case of letters? */
bool text_same(const uint8_t *bytes, const char *text, size_t n);

/* Is what is ahead this text, whatever the case of its letters? */
static inline bool text_is(const struct cur *c, const char *text)
{
	size_t n = strlen(text);

	return cur_left(c) == n && text_same(c->pos, text, n);
}

/* Cut the next line off, without its CR and LF. false: it does not end
   here (nothing is taken). */
bool text_line(struct cur *c, struct cur *line);

/* The same, but the last line may lack its end. false: nothing is left. */
bool text_last_line(struct cur *c, struct cur *line);

/* Cut the next word off, and step over the spaces after it. */
struct cur text_word(struct cur *line);

/* Step over spaces and tabs. */
void text_spaces(struct cur *line);

/* Digits as a number, which ends before another character. Returns how many
   there were (0: none, nothing taken); more than 9 are not taken. */
unsigned text_number(struct cur *c, uint32_t *number);

/* Record the rest, if anything is left. */
void text_note(struct dissect *d, const struct cur *c, const struct field *f);

/*
 * A "name: value" line: *name is cut off, and line is left with the value,
 * without the spaces around it. false: it is none.
 */
bool text_header(struct cur *line, struct cur *name);

/* The layer's lines of text after the first one, each after "; ", for
   protocols with fields in the first line only: those that `is` wants,
   or all of them (NULL). */
void text_more_lines(struct summary *l, bool (*is)(const struct cur *line));

/*
 * struct proto's message() for messages of a header, an empty line, and as many
 * bytes as a Content-Length (or "l") in the header says.
 */
bool text_message(struct cur *c, struct framing *f);

#endif
