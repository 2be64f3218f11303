/* Time stamps in any resolution that pcapng can name. */
#include "file/tsunit.h"

struct tsunit tsunit_of(uint8_t tsresol, int64_t tsoffset)
{
	unsigned n = tsresol & 0x7f;
	struct tsunit u = {.kind = TSUNIT_UNKNOWN, .by = 1};

	if (tsoffset > INT64_MAX / NS_PER_S || tsoffset < INT64_MIN / NS_PER_S)
		return u;
	u.offset = tsoffset * NS_PER_S;
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

/* raw / 2^shift seconds in ns, rounded down. */
static bool binary_ns(uint64_t raw, unsigned shift, int64_t *ns)
{
	uint64_t seconds = raw >> shift;
	uint64_t rest = shift ? raw & (UINT64_MAX >> (64 - shift)) : 0;

	if (seconds >= (uint64_t)(INT64_MAX / NS_PER_S))
		return false;
	/* 30 bits of ns times 34 bits of fraction fit into 64 */
	if (shift > 34) {
		rest >>= shift - 34;
		shift = 34;
	}
	*ns = (int64_t)(seconds * (uint64_t)NS_PER_S +
			(rest * (uint64_t)NS_PER_S >> shift));
	return true;
}

bool tsunit_ns_slow(const struct tsunit *u, uint64_t raw, int64_t *ns)
{
	int64_t value;

	switch (u->kind) {
	case TSUNIT_TIMES:
		if (raw > u->most)
			return false;
		value = (int64_t)(raw * u->by);
		break;
	case TSUNIT_OVER:
		value = (int64_t)(raw / u->by);
		if (value < 0)
			return false;
		break;
	case TSUNIT_BINARY:
		if (!binary_ns(raw, u->shift, &value))
			return false;
		break;
	default:
		return false;
	}
	if (u->offset > 0 ? value > INT64_MAX - u->offset
			  : value < INT64_MIN - u->offset)
		return false;
	*ns = value + u->offset;
	return true;
}
