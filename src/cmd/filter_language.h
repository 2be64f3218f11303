/* In which of two languages a filter is: pcap-filter(7)'s or that of field
   expressions. */
#ifndef CMD_FILTER_LANGUAGE_H
#define CMD_FILTER_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

struct filter_language {
	bool where;	  /* it is a field expression, else a capture filter */
	bool both;	  /* it could be either */
	const char *text; /* one of those given */
};

/*
 * words: the text without the quotes that were typed; raw: with them, as some
 * are a field expression's own; they may be the same. What is right in both
 * languages is a capture filter, and what is right in neither is in the one
 * that it is more like.
 */
struct filter_language filter_language_of(const char *words, const char *raw);

/* What the first words or signs of a text are that only one language has. */
enum filter_like { LIKE_NEITHER, LIKE_CAPTURE_FILTER, LIKE_FIELD_EXPRESSION };

/* The same from the first n bytes of a text that may still be typed. */
enum filter_like filter_language_like(const char *text, size_t n);

/* The same for what is said to be a field expression. */
struct filter_language filter_language_where(const char *words,
					     const char *raw);

#endif
