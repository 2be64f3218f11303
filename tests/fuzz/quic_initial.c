/* Initials of QUIC, with everything plain that is encrypted elsewhere. */
#include "fuzz/replay.h"
#include "plain_crypto.h"

enum { MOST = 48, HEAD = 28, LENGTHS = 3, UDP = 17 };

/* A datagram out of what is left: ports and direction (1), length (2). */
static size_t build(const uint8_t **at, const uint8_t *end,
		    uint8_t packet[HEAD + 2048])
{
	const uint8_t *in = *at;
	size_t n = ((size_t)in[1] << 8 | in[2]) & 2047;
	unsigned from = in[0] & 1;

	if (n > (size_t)(end - in) - LENGTHS)
		n = (size_t)(end - in) - LENGTHS;
	*at = in + LENGTHS + n;
	memset(packet, 0, HEAD);
	packet[0] = 0x45;
	packet[2] = (uint8_t)((HEAD + n) >> 8);
	packet[3] = (uint8_t)(HEAD + n);
	packet[8] = 64;
	packet[9] = UDP;
	packet[15] = (uint8_t)(1 + from);
	packet[19] = (uint8_t)(2 - from);
	packet[20 + 2 * from] = 156;
	packet[21 + 2 * from] = in[0] >> 1;
	packet[22 - 2 * from] = 1;
	packet[23 - 2 * from] = 187;
	packet[24] = (uint8_t)((8 + n) >> 8);
	packet[25] = (uint8_t)(8 + n);
	memcpy(packet + HEAD, in + LENGTHS, n);
	return HEAD + n;
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	const uint8_t *end = bytes + n;
	uint8_t packet[HEAD + 2048];
	struct pkt pkt = {.data = packet};
	struct replay replay;

	replay_open(&replay);
	while (end - bytes > LENGTHS && pkt.number < MOST) {
		pkt.caplen = pkt.wirelen = (uint32_t)build(&bytes, end, packet);
		/* some are cut */
		if (pkt.caplen > 200 && packet[HEAD + 100] == 0xcc)
			pkt.caplen -= 60;
		pkt.number++;
		replay_packet(&replay, &pkt);
	}
	replay_close(&replay);
}

/* ---- seeds -------------------------------------------------------------- */

/* A ClientHello with a name, ALPN and a transport parameter. */
static const uint8_t hello[] = {
    1,	 0,    0,    93,   3,	3,   1,	  2,  3,  4,  5,  6,  7,  8,
    9,	 10,   11,   12,   13,	14,  15,  16, 17, 18, 19, 20, 21, 22,
    23,	 24,   25,   26,   27,	28,  29,  30, 31, 32, 0,  0,  4,  0x13,
    1,	 0x13, 2,    1,	   0,	0,   48,  0,  0,  0,  10, 0,  8,  0,
    0,	 5,    'a',  '.',  'o', 'r', 'g', 0,  16, 0,  5,  0,  3,  2,
    'h', '3',  0,    43,   0,	3,   2,	  3,  4,  0,  57, 0,  10, 1,
    2,	 0x67, 0x10, 0x0f, 4,	1,   2,	  3,  4,  0,  10, 0,  0};

/* An Initial with bytes from..to of it in a CRYPTO frame. */
static uint8_t *put(uint8_t *at, unsigned port, unsigned number, size_t from,
		    size_t to)
{
	static const uint8_t head[] = {0xc0, 0, 0, 0, 1, 4, 1, 2, 3, 4, 0, 0};
	size_t n = to - from, rest = 1 + 4 + n + 8 + PLAIN_TAG;

	*at++ = (uint8_t)port;
	*at++ = (uint8_t)((sizeof(head) + 2 + rest) >> 8);
	*at++ = (uint8_t)(sizeof(head) + 2 + rest);
	memcpy(at, head, sizeof(head));
	at += sizeof(head);
	*at++ = (uint8_t)(0x40 | rest >> 8);
	*at++ = (uint8_t)rest;
	*at++ = (uint8_t)number;
	*at++ = 6;
	*at++ = 0x40;
	*at++ = (uint8_t)from;
	*at++ = (uint8_t)n;
	memcpy(at, hello + from, n);
	memset(at + n, 0, 8 + PLAIN_TAG);
	return at + n + 8 + PLAIN_TAG;
}

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	uint8_t *at = bytes;

	switch (i) {
	case 0:
		at = put(at, 0, 0, 0, 60);
		at = put(at, 0, 1, 60, sizeof(hello));
		at = put(at, 1, 0, 0, 63);
		break;
	case 1:
		at = put(at, 0, 1, 40, 60);
		at = put(at, 0, 2, 60, sizeof(hello));
		at = put(at, 2, 0, 0, 30);
		at = put(at, 0, 0, 0, 45);
		break;
	default:
		return 0;
	}
	return (size_t)(at - bytes);
}
