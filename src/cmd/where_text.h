/* Field expressions as they come to a command: from -Y, from a file. */
#ifndef CMD_WHERE_TEXT_H
#define CMD_WHERE_TEXT_H

#include "cmd/search.h"
#include "where/where.h"

/* What packets must match, all of it; each may be missing. */
struct where_text {
	const char *known;  /* was opened before: nothing is said about it */
	const char *text;   /* of -Y */
	const char *path;   /* of a file with another one */
	const char *macros; /* the argument of --macros */
	bool column;	    /* text is of --count-where, not of -Y */
	struct search search;
};

/* Likely misunderstandings are noted. NULL: *err says what is wrong, and a hint
   leads to -f (--count) where it is a capture filter. */
struct where *where_text_open(const struct where_text *text,
			      const struct where_options *options,
			      struct err *err);

/* Is the text a field expression, with the macros that the user has? Nothing is
   said about it. */
bool where_text_is_right(const char *text);

/* The same, and no capture filter? */
bool where_text_is_one(const char *text);

/* Is the text a capture filter, on Ethernet? */
bool where_text_is_filter(const char *text);

#endif
