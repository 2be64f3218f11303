/* Time stamps of lines: what -t says, with the part that changes seldom
   remembered. */
#ifndef OUTPUT_STAMP_H
#define OUTPUT_STAMP_H

#include <stdbool.h>
#include <stdint.h>

struct stamp {
	int form;   /* 0-5, as -t is given */
	int digits; /* 6 or 9 */
	bool utc;
	/* remembered: */
	int64_t second; /* that text stands for; INT64_MIN: none yet */
	char text[64];	/* up to the second */
	unsigned text_len;
	int64_t reference; /* for forms 3 and 5 */
	bool has_reference;
};

void stamp_init(struct stamp *s, int form, int digits, bool utc);

/* Write the stamp and a space at `at`, where 96 octets are free. ns: since
   1970. Returns the end. */
char *stamp_put(struct stamp *s, char *at, int64_t ns);

#endif
