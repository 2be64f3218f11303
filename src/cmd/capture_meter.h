/* The sink of a capture that counts what it delivers, and knows when that is
   enough. */
#ifndef CMD_CAPTURE_METER_H
#define CMD_CAPTURE_METER_H

#include "capture/live.h"
#include "file/rotate.h"
#include "pkt/stage.h"

/* How many packets a selection left, by the id of their interface. */
struct matched {
	const struct live *live;
	uint64_t *by_iface;
	size_t n;
};

/* The sum for device i. */
uint64_t matched_of(const struct matched *matched, size_t i);

void matched_fini(struct matched *matched);

struct meter {
	struct stage stage;
	uint64_t packets, bytes;
	uint64_t max_packets, max_bytes; /* 0: no limit */
	struct sink *savefile;		 /* its size counts, or */
	struct rotate *files;		 /* that of all of them; NULL: bytes */
	struct matched *matched; /* the caller's; NULL: nothing selects */
};

/*
 * A stage without limits in front of next, which it owns. Packets that are
 * marked PKT_REFUSED are handed on and not counted. NULL: *err says why, and
 * next is closed.
 */
struct meter *meter_open(struct sink *next, struct err *err);

#endif
