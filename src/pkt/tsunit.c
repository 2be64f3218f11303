/* Time stamps in any resolution that pcapng can name. */
#include "pkt/tsunit.h"

struct tsunit tsunit_of(uint8_t tsresol, int64_t tsoffset)
{
	unsigned n = tsresol & 0x7f;
	struct tsunit u = {.kind = TSUNIT_UNKNOWN, .by = 1, .offset = tsoffset};

	if (tsresol & 0x80) {
		if (n > 63)
			return u;
		u.kind = TSUNIT_BINARY;
		u.shift = n;
	} else if (n <= 9) {
		u.kind = TSUNIT_TIMES;
		for (; n < 9; n++)
			u.by *= 10;
		u.most = (uint64_t)INT64_MAX / u.by;
	} else if (n <= 9 + 19) {
		u.kind = TSUNIT_OVER;
		for (; n > 9; n--)
			u.by *= 10;
	}
	return u;
}

/* The fraction of a second of raw / 2^shift seconds in ns, rounded down. */
static uint64_t binary_rest(uint64_t raw, unsigned shift)
{
	uint64_t rest = shift ? raw & (UINT64_MAX >> (64 - shift)) : 0;

	/* 30 bits of ns times 34 bits of fraction fit into 64 */
	if (shift > 34) {
		rest >>= shift - 34;
		shift = 34;
	}
	return rest * (uint64_t)NS_PER_S >> shift;
}

/* Seconds and ns, which are fewer than a second's. */
static bool join(uint64_t seconds, int64_t offset, uint64_t rest, int64_t *ns)
{
	const int64_t most = INT64_MAX / NS_PER_S;
	int64_t sum = (int64_t)(seconds + (uint64_t)offset);

	/* the true sum, or one that is too high for both */
	if (offset < 0 ? seconds > (uint64_t)most - (uint64_t)offset
		       : sum < 0 || (uint64_t)sum < seconds)
		return false;
	if (sum > most || sum < -most - 1 ||
	    (sum == most && rest > (uint64_t)(INT64_MAX % NS_PER_S)) ||
	    (sum == -most - 1 &&
	     rest < (uint64_t)(NS_PER_S - 1 - INT64_MAX % NS_PER_S)))
		return false;
	if (sum < 0)
		*ns = (sum + 1) * NS_PER_S + ((int64_t)rest - NS_PER_S);
	else
		*ns = sum * NS_PER_S + (int64_t)rest;
	return true;
}

bool tsunit_ns_slow(const struct tsunit *u, uint64_t raw, int64_t *ns)
{
	const uint64_t second = (uint64_t)NS_PER_S;

	switch (u->kind) {
	case TSUNIT_TIMES:
		return join(raw / (second / u->by), u->offset,
			    raw % (second / u->by) * u->by, ns);
	case TSUNIT_OVER:
		raw /= u->by;
		return join(raw / second, u->offset, raw % second, ns);
	case TSUNIT_BINARY:
		return join(raw >> u->shift, u->offset,
			    binary_rest(raw, u->shift), ns);
	default:
		return false;
	}
}

/* seconds and rest ns in units of 10^-n seconds. */
static bool decimal_raw(uint64_t seconds, uint64_t rest, unsigned n,
			uint64_t *raw)
{
	uint64_t by = 1;
	unsigned i;

	for (i = 9; i > n; i--)
		by *= 10;
	if (seconds > (UINT64_MAX - rest) / ((uint64_t)NS_PER_S / by))
		return false;
	*raw = seconds * ((uint64_t)NS_PER_S / by) + rest / by;
	for (i = 9; i<n && * raw> 0; i++) {
		if (*raw > UINT64_MAX / 10)
			return false;
		*raw *= 10;
	}
	return true;
}

/* The same in units of 2^-n seconds. In two steps, as the fraction of a second
   shifted by n would not always fit. */
static bool binary_raw(uint64_t seconds, uint64_t rest, unsigned n,
		       uint64_t *raw)
{
	unsigned first = n < 34 ? n : 34;
	uint64_t part;

	if (n > 63 || seconds > UINT64_MAX >> n)
		return false;
	rest <<= first;
	part = rest / (uint64_t)NS_PER_S << (n - first);
	rest %= (uint64_t)NS_PER_S;
	*raw =
	    (seconds << n) + part + (rest << (n - first)) / (uint64_t)NS_PER_S;
	return true;
}

bool tsunit_raw(uint8_t tsresol, int64_t tsoffset, int64_t ns, uint64_t *raw)
{
	int64_t seconds = ns / NS_PER_S - (ns % NS_PER_S < 0);
	uint64_t rest =
	    (uint64_t)(ns % NS_PER_S + (ns % NS_PER_S < 0 ? NS_PER_S : 0));
	uint64_t since = (uint64_t)seconds - (uint64_t)tsoffset;

	if (seconds < tsoffset) {
		*raw = 0;
		return false;
	}
	if (tsresol & 0x80 ? binary_raw(since, rest, tsresol & 0x7f, raw)
			   : decimal_raw(since, rest, tsresol, raw))
		return true;
	*raw = UINT64_MAX;
	return false;
}
