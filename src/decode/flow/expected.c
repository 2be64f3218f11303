/* The places that are remembered: a ring, with lists through it by port. */
#include "decode/flow/expected.h"

#include "decode/flow/hints.h"

void expected_add(struct expected *e, const struct expectation *what)
{
	uint32_t at = e->n++ % EXPECTED_MOST;
	uint32_t *last = &e->last[what->port % EXPECTED_LISTS];
	uint32_t back = *last ? e->n - *last : EXPECTED_MOST;

	e->places[at] = *what;
	e->back[at] = (uint16_t)(back < EXPECTED_MOST ? back : EXPECTED_MOST);
	*last = e->n;
}

/* The last one for that address and port; rtp: among those that have RTCP on
   the next port. NULL: there is none. */
static const struct expectation *find(const struct expected *e,
				      const uint8_t *addr, uint8_t n,
				      uint16_t port, bool rtp)
{
	uint32_t last = e->last[port % EXPECTED_LISTS], age, at;

	if (!last)
		return NULL;
	for (age = e->n - last; age < EXPECTED_MOST; age += e->back[at]) {
		const struct expectation *a;

		at = (e->n - 1 - age) % EXPECTED_MOST;
		a = &e->places[at];
		if (a->port == port && (a->addr.version == 4 ? 4 : 16) == n &&
		    (!rtp || a->kind == EXPECTED_RTP) &&
		    !memcmp(a->addr.bytes, addr, n))
			return a;
	}
	return NULL;
}

uint16_t expected_at(const struct expected *e, const uint8_t *addr, uint8_t n,
		     uint16_t port)
{
	static const uint16_t hints[] = {[EXPECTED_RTP] = HINT_RTP,
					 [EXPECTED_RTP_ALONE] = HINT_RTP,
					 [EXPECTED_RTCP] = HINT_RTCP,
					 [EXPECTED_TFTP] = HINT_TFTP};
	const struct expectation *a = find(e, addr, n, port, false);
	uint16_t hint = 0;

	if (a)
		hint = hints[a->kind];
	else if (port && (a = find(e, addr, n, (uint16_t)(port - 1), true)))
		hint = HINT_RTCP;
	return a && a->secret ? hint | HINT_SRTP : hint;
}
