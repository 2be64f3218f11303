/* Which places are remembered, and what is expected there. */
#include "decode/flow/expected.h"

#include "decode/flow/hints.h"
#include "tap.h"

static struct expectation place(uint8_t host, uint16_t port, uint8_t kind)
{
	return (struct expectation){
	    .addr = {4, {192, 0, 2, host}}, .port = port, .kind = kind};
}

static void add(struct expected *e, uint8_t host, uint16_t port, uint8_t kind)
{
	struct expectation what = place(host, port, kind);

	expected_add(e, &what);
}

static uint16_t at(const struct expected *e, uint8_t host, uint16_t port)
{
	const uint8_t addr[16] = {192, 0, 2, host};

	return expected_at(e, addr, 4, port);
}

static void test_places(void)
{
	static struct expected e;
	struct expectation what = place(1, 6000, EXPECTED_RTP_ALONE);
	const uint8_t six[16] = {192, 0, 2, 1};

	is_int(at(&e, 1, 5000), 0, "nothing is expected at first");
	add(&e, 1, 5000, EXPECTED_RTP);
	is_int(at(&e, 1, 5000), HINT_RTP, "a port for RTP is found");
	is_int(at(&e, 1, 5001), HINT_RTCP, "and RTCP on the next one");
	is_int(at(&e, 1, 5002), 0, "but nothing after that");
	is_int(at(&e, 2, 5000), 0, "nor at another address");
	is_int(expected_at(&e, six, 16, 5000), 0, "nor at one of IPv6");
	what.secret = true;
	expected_add(&e, &what);
	is_int(at(&e, 1, 6000), HINT_RTP | HINT_SRTP, "media may be encrypted");
	is_int(at(&e, 1, 6001), 0, "RTP may come without RTCP");
	add(&e, 1, 5001, EXPECTED_TFTP);
	is_int(at(&e, 1, 5001), HINT_TFTP,
	       "a port's own place says more than the one before it");
	add(&e, 1, 65535, EXPECTED_RTP);
	is_int(at(&e, 1, 0), 0, "no port is next to the last one");
}

static void test_ring(void)
{
	static struct expected e;
	unsigned i;

	add(&e, 1, 5000, EXPECTED_RTP);
	/* in the same list */
	for (i = 1; i < EXPECTED_MOST; i++)
		add(&e, 2, 5000, EXPECTED_RTCP);
	is_int(at(&e, 1, 5000), HINT_RTP, "the oldest place is remembered");
	add(&e, 3, 5001, EXPECTED_RTP);
	is_int(at(&e, 1, 5000), 0, "until there is one too many");
	is_int(at(&e, 2, 5000), HINT_RTCP, "those after it stay");
	is_int(at(&e, 3, 5002), HINT_RTCP, "as the new one does");
}

/* What a look at all places says, the last one first. */
static uint16_t reference(const struct expectation *all, unsigned n,
			  uint8_t host, uint16_t port)
{
	static const uint16_t hints[] = {HINT_RTP, HINT_RTP, HINT_RTCP,
					 HINT_TFTP};
	unsigned i, least = n < EXPECTED_MOST ? 0 : n - EXPECTED_MOST;

	for (i = n; i > least; i--)
		if (all[i - 1].addr.bytes[3] == host && all[i - 1].port == port)
			return hints[all[i - 1].kind];
	for (i = n; i > least; i--)
		if (all[i - 1].addr.bytes[3] == host &&
		    all[i - 1].kind == EXPECTED_RTP &&
		    all[i - 1].port + 1 == port)
			return HINT_RTCP;
	return 0;
}

static void test_random(void)
{
	enum { STEPS = 4000, HOSTS = 3, PORTS = 600 };
	static struct expectation all[STEPS];
	static struct expected e;
	uint32_t state = 1, wrong = 0, n, i;
	uint16_t port;

	for (n = 0; n < STEPS; n++) {
		state = state * 1664525 + 1013904223;
		all[n] = place((uint8_t)(state >> 8 & HOSTS),
			       (uint16_t)(1000 + (state >> 12) % PORTS),
			       (uint8_t)(state >> 30));
		expected_add(&e, &all[n]);
		for (i = 0; i < 8; i++) {
			state = state * 1664525 + 1013904223;
			port = (uint16_t)(1000 + (state >> 12) % PORTS);
			wrong +=
			    at(&e, state >> 8 & HOSTS, port) !=
			    reference(all, n + 1, state >> 8 & HOSTS, port);
		}
	}
	is_int(wrong, 0, "lists find what a look at all places does");
}

int main(void)
{
	test_places();
	test_ring();
	test_random();
	return done();
}
