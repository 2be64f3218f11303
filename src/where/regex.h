/* Regular expressions: libpcre2, which may be missing. */
#ifndef WHERE_REGEX_H
#define WHERE_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct regex;
struct where_regex_state;

/* Is the library built in? */
bool regex_there(void);

/* Case does not count. NULL: *err says what is wrong; *at is where, and
   SIZE_MAX if it is nowhere. */
struct regex *regex_open(const char *pattern, size_t n, size_t *at,
			 struct err *err);
void regex_close(struct regex *r);

/* What matching needs, for one thread. NULL: no memory. */
struct where_regex_state *regex_state_open(void);
void regex_state_close(struct where_regex_state *state);

/* Does it match somewhere in the n bytes? If that takes too many steps, it does
   not, and this is counted. */
bool regex_matches(const struct regex *r, struct where_regex_state *state,
		   const uint8_t *bytes, size_t n);

/* How often it took too many steps. */
uint64_t regex_given_up(const struct where_regex_state *state);

#endif
