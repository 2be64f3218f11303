/*
 * Segments and fragments made of the bytes: each piece of the input says how
 * it is sent. What one thread makes of them at once has to be what another
 * makes of the record, and neither may go wrong.
 */
#include "fuzz/replay.h"

enum { MOST = 64, HEAD = 40 };

/*
 * One packet out of what is left: port and direction (1), kind (1), how far the
 * sequence number jumps (1, signed), length (1), payload. Returns its length.
 */
static size_t build(const uint8_t **at, const uint8_t *end, uint32_t seq[2],
		    uint8_t packet[HEAD + 256])
{
	static const uint16_t ports[8] = {53,	80,   443,  9092,
					  3306, 5432, 6379, 11211};
	const uint8_t *in = *at;
	unsigned from = in[0] & 1, port = ports[in[0] >> 1 & 7], kind = in[1];
	size_t n = in[3];
	uint32_t number;

	if (n > (size_t)(end - in) - 4)
		n = (size_t)(end - in) - 4;
	*at = in + 4 + n;
	memset(packet, 0, HEAD);
	packet[0] = 0x45;
	packet[3] = (uint8_t)(HEAD + n);
	packet[2] = (uint8_t)((HEAD + n) >> 8);
	packet[8] = 64;
	packet[9] = kind & 0x40 ? 17 : 6;
	packet[15] = (uint8_t)(1 + from);
	packet[19] = (uint8_t)(2 - from);
	if (kind & 0x80) { /* a fragment */
		packet[6] = kind & 0x20;
		packet[7] = in[2];
	}
	packet[20 + 2 * from] = 156;
	packet[21 + 2 * from] = 64;
	packet[22 - 2 * from] = (uint8_t)(port >> 8);
	packet[23 - 2 * from] = (uint8_t)port;
	number = seq[from] + (uint32_t)(int8_t)in[2];
	seq[from] += (uint32_t)n;
	packet[24] = (uint8_t)(number >> 24);
	packet[25] = (uint8_t)(number >> 16);
	packet[26] = (uint8_t)(number >> 8);
	packet[27] = (uint8_t)number;
	packet[32] = 0x50;
	packet[33] = kind & 0x1f;
	memcpy(packet + HEAD, in + 4, n);
	return HEAD + n;
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	const uint8_t *end = bytes + n;
	uint32_t seq[2] = {0xfffffff0, 7};
	uint8_t packet[HEAD + 256];
	struct pkt pkt = {.data = packet};
	struct replay replay;

	replay_open(&replay);
	while (end - bytes > 4 && pkt.number < MOST) {
		pkt.caplen = pkt.wirelen =
		    (uint32_t)build(&bytes, end, seq, packet);
		pkt.number++;
		pkt.time_ns += 1000000;
		replay_packet(&replay, &pkt);
	}
	replay_close(&replay);
}

/* A segment of a seed; returns its end. */
static uint8_t *put(uint8_t *at, unsigned port, unsigned kind, unsigned jump,
		    const char *text, size_t n)
{
	at[0] = (uint8_t)port;
	at[1] = (uint8_t)kind;
	at[2] = (uint8_t)jump;
	at[3] = (uint8_t)n;
	memcpy(at + 4, text, n);
	return at + 4 + n;
}

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	static const char http[] =
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "5\r\nhello\r\n0\r\n\r\nHTTP/1.0 200 OK\r\n\r\nto the end";
	static const char dns[] = "\0\x0c\x12\x34\x01\0\0\0\0\0\0\0\0\0";
	static const char tls[] = "\x16\3\1\0\x04\1\0\0\0\x17\3\3\0\x03xyz";
	static const char h2[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
				 "\0\0\x06\4\0\0\0\0\0\0\1\0\0\x20\0"
				 "\0\0\x29\1\4\0\0\0\1\x82\x87\x40\x0c"
				 "content-type\x10"
				 "application/grpc\x20\x3f\x11\x88\x40\1a\1b"
				 "\0\0\x09\0\1\0\0\0\1\0\0\0\0\4abcd"
				 "\0\0\1\x09\4\0\0\0\3\xbe";
	static const char upgrade[] =
	    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
	    "\x81\x83\1\2\3\4abc\x88\2\3\xe8\x41\x7e\0\1x";
	static const char mysql[][64] = {
	    "\x26\0\0\0\x0a"
	    "5-MariaDB\0\1\0\0\0salt8888\0\xff\xf7\x08\2\0\xff\x81",
	    "\x22\0\0\1\x84\xa2\xbf\0\0\0\0\1\x21\0\0\0\0\0\0\0\0",
	    "\x07\0\0\2\0\0\0\2\0\0\0",
	    "\x09\0\0\0\x03select 1",
	    "\x01\0\0\1\1\x14\0\0\2\3def\0\0\0\0\0\x0c\x3f\0\1\0\0\0",
	    "\x05\0\0\3\xfe\0\0\2\0\2\0\0\4\1\x31\5\0\0\5\xfe\0\0\2\0"};
	static const char pgsql[][48] = {
	    "\0\0\0\x08\4\xd2\x16\x2f",
	    "N",
	    "\0\0\0\x10\0\3\0\0user\0ab\0",
	    "R\0\0\0\x0c\0\0\0\x0aSCR\0",
	    "p\0\0\0\x0cSCR\0\0\0\0\0",
	    "T\0\0\0\x1b\0\1a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"};
	static const char resp[] =
	    "*3\r\n$3\r\nSET\r\n*1\r\n:5\r\n$5\r\nhello\r\n-ERR x\r\n";
	static const char memcache[] =
	    "VALUE k 0 5\r\nhello\r\nEND\r\nset k 0 0 3\r\nabc\r\n"
	    "\x81\5\0\0\0\0\0\0\0\0\0\x08\0\0\0\1\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\1";
	uint8_t *at = bytes;
	size_t k;

	switch (i) {
	case 0:
		for (k = 0; k + 9 < sizeof(http); k += 9)
			at = put(at, 2 | 1, 16, 0, http + k, 9);
		at = put(at, 2 | 1, 17, 0, "", 0);
		break;
	case 1:
		at = put(at, 0, 16, 0, dns, 5);
		at = put(at, 0, 16, 5, dns + 5, 4);
		at = put(at, 0, 16, 0xfc, dns + 9, 5);
		break;
	case 2:
		at = put(at, 4, 2, 0, "", 0);
		at = put(at, 4, 16, 1, tls, 12);
		at = put(at, 4, 16, 1, tls + 12, 5);
		break;
	case 3:
		at = put(at, 0, 0x80 | 0x40 | 0x20, 0, dns, 12);
		at = put(at, 0, 0x80 | 0x40, 4, dns + 2, 12);
		break;
	case 4:
		at = put(at, 2, 16, 0, h2, 60);
		at = put(at, 2, 16, 0, h2 + 60, sizeof(h2) - 61);
		break;
	case 5:
		at = put(at, 2 | 1, 16, 0, upgrade, sizeof(upgrade) - 1);
		break;
	case 6:
		for (k = 0; k < 6; k++)
			at = put(at, 4 << 1 | !(k % 2 && k < 5), 16, 0,
				 mysql[k], (unsigned char)mysql[k][0] + 4u);
		break;
	case 7:
		for (k = 0; k < 6; k++)
			at = put(at, 5 << 1 | (k % 2), 16, 0, pgsql[k],
				 k == 1 ? 1 : 28);
		break;
	case 8:
		at = put(at, 6 << 1, 16, 0, resp, 20);
		at = put(at, 6 << 1, 16, 0, resp + 20, sizeof(resp) - 21);
		break;
	case 9:
		at = put(at, 7 << 1 | 1, 16, 0, memcache, 15);
		at = put(at, 7 << 1 | 1, 16, 0, memcache + 15,
			 sizeof(memcache) - 16);
		break;
	case 10: /* an early segment ends a direction: its gap is given up */
		at = put(at, 2, 16, 0, http, 18);
		at = put(at, 2, 17, 10, http, sizeof(http) - 1);
		break;
	default:
		return 0;
	}
	return (size_t)(at - bytes);
}
