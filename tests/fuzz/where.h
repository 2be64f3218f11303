/* A field expression over a packet, as fuzz targets run it. */
#ifndef TESTS_FUZZ_WHERE_H
#define TESTS_FUZZ_WHERE_H

#include "fuzz/fuzz.h"
#include "where/where.h"

/* The packet comes twice, so that there is a conversation. Returns how often it
   matched: bit 1 for the first, bit 2 for the second time. */
static inline unsigned where_try(const struct where *w, uint32_t linktype,
				 struct pkt pkt)
{
	const struct iface iface = {.linktype = linktype};
	struct selector *s = where_selector(w, NULL);
	unsigned matched = 0;
	uint8_t keep;

	if (!s || !selector_iface(s, &iface, NULL))
		exit(1);
	for (pkt.number = 1; pkt.number <= 2; pkt.number++) {
		keep = 1;
		if (s->ops->match(s, &pkt, 1, &keep) == FAILED || keep > 1)
			abort();
		matched |= (unsigned)keep << pkt.number;
	}
	selector_close(s);
	return matched;
}

#endif
