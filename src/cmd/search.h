/* Looking for a text in packets: the field expression for it. */
#ifndef CMD_SEARCH_H
#define CMD_SEARCH_H

#include "base/err.h"
#include "base/str.h"

enum search_place { SEARCH_PAYLOAD, SEARCH_FRAME };

struct search {
	const char *contains; /* text, or 0x and hexadecimal digits; or NULL */
	const char *match;    /* a regular expression; or NULL */
	bool ignore_case;     /* of letters, in text and the expression */
	int place;	      /* enum search_place; -1: not given */
};

/* Is there something to look for? */
static inline bool search_any(const struct search *s)
{
	return s->contains || s->match;
}

/* Append the expression that holds for packets with everything searched for.
   false: *err says which option makes no sense. */
bool search_expression(const struct search *s, struct str *out,
		       struct err *err);

#endif
