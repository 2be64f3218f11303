/* Macros and the file that they come from. */
#ifndef WHERE_MACRO_FILE_H
#define WHERE_MACRO_FILE_H

#include <stddef.h>

#include "base/err.h"

enum {
	MACRO_ARGS = 9,	     /* $1 to $9 */
	MACRO_NAME_MOST = 64 /* bytes of a name */
};

struct macro {
	char *name, *text;
	size_t n;      /* bytes of the text */
	unsigned args; /* how many it has */
};

struct where_macros {
	struct macro *list;
	size_t n, room;
};

/*
 * The macros of a file: a line each, `name = text`, or Wireshark's
 * `"name","text"` and `"name" text`. $1 to $9 in a text are its arguments.
 * Lines that are blank or begin with # do not count. NULL: *err says what is
 * wrong, and in which line.
 */
struct where_macros *where_macros_open(const char *text, size_t len,
				       struct err *err);
void where_macros_close(struct where_macros *m);

/* The macro with the name of n bytes; NULL: there is none. m may be NULL. */
const struct macro *where_macros_find(const struct where_macros *m,
				      const char *name, size_t n);

/* The name that is most like it; NULL: none is near enough. */
const char *where_macros_nearest(const struct where_macros *m, const char *name,
				 size_t n);

static inline bool macro_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline bool macro_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Of a macro's name? */
static inline bool macro_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       macro_is_digit(c) || c == '_';
}

#endif
