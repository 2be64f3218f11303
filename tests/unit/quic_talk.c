/* What is remembered of connections of QUIC has limits, and says what it had to
   forget. */
#include "decode/flow/quic_talk.h"

#include "plain_crypto.h"
#include "tap.h"

enum { PACKET = 64, HELLO = 24, SPARE = 10 };

static struct replay_log replay;

/* An Initial with bytes from..to of a hello of HELLO bytes. */
static struct cur initial(uint8_t packet[PACKET], unsigned from, unsigned to)
{
	static const uint8_t head[] = {0xc0, 0, 0, 0, 1, 4, 1, 2, 3, 4, 0, 0};
	uint8_t *at = packet + sizeof(head);
	unsigned i, n = to - from;

	memset(packet, 0, PACKET);
	memcpy(packet, head, sizeof(head));
	*at++ = (uint8_t)(1 + 3 + n + PLAIN_TAG);
	at++; /* packet number 0 */
	*at++ = 6;
	*at++ = (uint8_t)from;
	*at++ = (uint8_t)n;
	for (i = from; i < to; i++)
		*at++ = i == 0 ? 1 : i == 3 ? HELLO - 4 : 0;
	at += PLAIN_TAG;
	return cur_over(packet, (size_t)(at - packet), (size_t)(at - packet));
}

/* Bytes of TLS that the connection's next packet completes. */
static unsigned send_part(struct quic_talks *q, uint32_t stream, uint32_t *slot,
			  unsigned from, unsigned to)
{
	const struct quic_opened *opened;
	uint8_t packet[PACKET];

	replay_log_rewind(&replay);
	opened = quic_datagram(q, stream, slot, 0, initial(packet, from, to),
			       &replay);
	return opened ? opened->n_tls : 0;
}

static void test_hellos(void)
{
	struct quic_talks *q = quic_talks_open();
	uint32_t slots[QUIC_HELLOS + SPARE] = {0};
	uint32_t i, n = QUIC_HELLOS + SPARE;

	is_int(send_part(q, 0, &slots[0], 10, HELLO), 0, "an end alone");
	is_int(send_part(q, 0, &slots[0], 0, 10), HELLO, "and the beginning");
	is_int(send_part(q, 0, &slots[0], 0, HELLO), 0, "the whole once more");
	slots[0] = 0;
	for (i = 0; i < n; i++)
		send_part(q, i + 1, &slots[i], 0, 12);
	is_int(quic_talks_losses(q).hellos, SPARE,
	       "unfinished ones are evicted");
	is_int(send_part(q, 1, &slots[0], 12, HELLO), 0, "the first is lost");
	is_int(send_part(q, n, &slots[n - 1], 12, HELLO), HELLO,
	       "the last is not");
	is_int(quic_talks_losses(q).talks, 0, "no connection was forgotten");
	quic_talks_close(q);
}

static void test_talks(void)
{
	struct quic_talks *q = quic_talks_open();
	uint32_t i, slot, first = 0;

	send_part(q, 0, &first, 0, 12);
	for (i = 1; i < QUIC_TALKS + SPARE; i++) {
		slot = 0;
		send_part(q, i, &slot, 0, HELLO);
	}
	is_int(quic_talks_losses(q).talks, SPARE, "connections are evicted");
	is_int(send_part(q, 0, &first, 12, HELLO), 0, "the first is forgotten");
	quic_talks_close(q);
}

int main(void)
{
	test_hellos();
	test_talks();
	replay_log_fini(&replay);
	return done();
}
