/*
 * Places where something is expected, as conversations announced it (expect.h):
 * the last ones are remembered. They are found by their port, since nearly
 * every conversation of UDP is looked for after each announcement.
 */
#ifndef DECODE_FLOW_EXPECTED_H
#define DECODE_FLOW_EXPECTED_H

#include "decode/flow/expect.h"

enum {
	EXPECTED_MOST = 256, /* remembered; later ones replace the oldest */
	EXPECTED_LISTS = 256 /* by the lower bits of their ports */
};

/* All zero: none yet. */
struct expected {
	struct expectation places[EXPECTED_MOST];
	uint32_t n; /* announced so far: the last ones are in places */
	/* The number of the last one in each list, counted from 1 (0: there is
	   none), and how far before a place the list's next older one is. */
	uint32_t last[EXPECTED_LISTS];
	uint16_t back[EXPECTED_MOST];
};

/* Remember a place. */
void expected_add(struct expected *e, const struct expectation *what);

/* What is expected at that port of the address of n (4 or 16) bytes: HINT_RTP,
   HINT_RTCP (each with HINT_SRTP or without), HINT_TFTP, or 0. The last one
   that names the port is right; RTCP is also expected next to a port for
   RTP. */
uint16_t expected_at(const struct expected *e, const uint8_t *addr, uint8_t n,
		     uint16_t port);

#endif
