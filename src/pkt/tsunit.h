/* The unit of an interface's time stamps (if_tsresol, if_tsoffset). */
#ifndef PKT_TSUNIT_H
#define PKT_TSUNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/num.h"

struct tsunit {
	enum { TSUNIT_TIMES, TSUNIT_OVER, TSUNIT_BINARY, TSUNIT_UNKNOWN } kind;
	uint64_t by;	/* ns = raw * by, or raw / by */
	uint64_t most;	/* TSUNIT_TIMES: a larger raw value overflows */
	unsigned shift; /* TSUNIT_BINARY: raw / 2^shift seconds */
	int64_t offset; /* seconds to add */
};

/* What an if_tsresol byte and an if_tsoffset (seconds) mean. */
struct tsunit tsunit_of(uint8_t tsresol, int64_t tsoffset);

/*
 * The other way: what to store for a time, rounded down. false: that unit
 * cannot say it, *raw is the nearest that it can.
 */
bool tsunit_raw(uint8_t tsresol, int64_t tsoffset, int64_t ns, uint64_t *raw);

/* The rare cases of tsunit_ns(). */
bool tsunit_ns_slow(const struct tsunit *u, uint64_t raw, int64_t *ns);

/* Nanoseconds since 1970 of a stored time stamp; false: 64 bits cannot say. */
static inline bool tsunit_ns(const struct tsunit *u, uint64_t raw, int64_t *ns)
{
	if (u->kind == TSUNIT_TIMES && raw <= u->most && !u->offset) {
		*ns = (int64_t)(raw * u->by);
		return true;
	}
	return tsunit_ns_slow(u, raw, ns);
}

#endif
