/* Time stamps of lines: what -t says, with the part that changes seldom
   remembered. */
#ifndef OUTPUT_TIMESTAMP_H
#define OUTPUT_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

struct timestamp {
	int form;   /* 0-5, as -t is given */
	int digits; /* 6 or 9 */
	bool utc;
	/* remembered: */
	int64_t second; /* of that text; INT64_MIN: none yet */
	char text[64];	/* up to the second */
	unsigned text_len;
};

void timestamp_init(struct timestamp *s, int form, int digits, bool utc);

/* What form 3 counts from (the packet before) or form 5 (the first packet). */
static inline int64_t timestamp_reference(const struct timestamp *s,
					  int64_t first_ns, int64_t previous_ns)
{
	return s->form == 3 ? previous_ns : first_ns;
}

/* Write the stamp and a space at `at`, where 128 bytes are free. ns: since
   1970; reference: see above. Returns the end. */
char *timestamp_put(struct timestamp *s, char *at, int64_t ns,
		    int64_t reference);

#endif
