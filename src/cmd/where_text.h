/* Field expressions as they come to a command: from -Y, from a file. */
#ifndef CMD_WHERE_TEXT_H
#define CMD_WHERE_TEXT_H

#include "where/where.h"

/*
 * The expression of -Y and the one in a file; either may be NULL. Packets must
 * match both. macros is the argument of --macros, or NULL. Likely
 * misunderstandings are noted. NULL: *err says what is wrong, and a hint leads
 * to -f where it is a capture filter.
 */
struct where *where_text_open(const char *text, const char *path,
			      const char *macros,
			      const struct where_options *options,
			      struct err *err);

/* Is the text one, and no capture filter? */
bool where_text_is_one(const char *text);

/*
 * The field expression for a simple capture filter such as "tcp port 80 and
 * host 192.0.2.1", appended to out. false: not all of it can be said; *out is
 * undefined.
 */
bool where_text_from_filter(const char *filter, struct str *out);

#endif
