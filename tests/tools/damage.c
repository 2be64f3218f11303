/*
 * damage: a pcap file on standard input, each packet of it damaged in COUNT
 * ways, as pcap on standard output: cut, bytes changed, lengths made large or
 * nothing, parts moved. The same input gives the same output.
 *
 * usage: damage COUNT
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 262144 };

/* xorshift (Marsaglia 2003). */
static uint32_t next_number(void)
{
	static uint32_t x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static uint32_t below(uint32_t n)
{
	return n ? next_number() % n : 0;
}

/* Damage a packet of n bytes. Returns how many of them are left. */
static uint32_t damage(uint8_t *p, uint32_t n)
{
	uint32_t at = below(n), some = n - at < 8 ? n - at : 8, i;

	switch (below(5)) {
	case 0:
		return at;
	case 1:
		for (i = below(4) + 1; i > 0; i--)
			p[below(n)] = (uint8_t)next_number();
		break;
	case 2:
		memset(p + at, 0xff, below(some) + 1);
		break;
	case 3:
		memset(p + at, 0, below(some) + 1);
		break;
	default:
		memmove(p + below(at + 1), p + at, some);
	}
	return n;
}

static void put(const void *bytes, size_t n)
{
	if (n && fwrite(bytes, n, 1, stdout) != 1)
		exit(1);
}

int main(int argc, char **argv)
{
	static uint8_t packet[MOST], copy[MOST];
	uint32_t record[4], count, i, wire, caplen;
	uint8_t header[24];

	if (argc != 2 || fread(header, sizeof(header), 1, stdin) != 1)
		return 2;
	count = (uint32_t)strtoul(argv[1], NULL, 0);
	put(header, sizeof(header));
	while (fread(record, sizeof(record), 1, stdin) == 1) {
		caplen = record[2];
		wire = record[3];
		if (caplen > MOST || fread(packet, 1, caplen, stdin) != caplen)
			return 1;
		for (i = 0; i < count && caplen > 0; i++) {
			memcpy(copy, packet, caplen);
			record[2] = damage(copy, caplen);
			/* a cut packet was as long, or is that short */
			record[3] = i % 2 ? wire : record[2];
			put(record, sizeof(record));
			put(copy, record[2]);
		}
	}
	return fflush(stdout) != 0;
}
