/*
 * Any packet through what looks for addresses: the first byte chooses the
 * link type. Nothing found lies outside the packet, flows are the same on the
 * way back, and cutting after the headers changes nothing that was found.
 */
#include "base/array.h"
#include "fuzz/fuzz.h"
#include "pkt/flowkey.h"
#include "pkt/headers.h"

static void look(uint32_t linktype, const uint8_t *data, uint32_t n)
{
	uint8_t *exact = malloc(n ? n : 1);
	const struct pkt p = {.data = exact, .caplen = n, .wirelen = n};
	struct flowkey key, part;
	struct header_offsets l, cut;
	bool has_part;

	if (!exact)
		exit(1);
	if (n > 0)
		memcpy(exact, data, n);
	headers_find(linktype, exact, n, n, &l);
	if (l.end > n || l.tail > n || l.net > n || l.next > n)
		abort();
	if (l.addrlen &&
	    (l.src < exact || l.dst < exact || l.src + l.addrlen > exact + n ||
	     l.dst + l.addrlen > exact + n))
		abort();
	headers_find(linktype, exact, l.end, n, &cut);
	if (cut.end != l.end)
		abort();
	flowkey_of(linktype, &p, &key, &part, &has_part);
	free(exact);
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	static const uint32_t linktypes[] = {
	    0,	 1,   6,   9,	10,  12,  14,  50,  51,	 100, 101, 104,
	    105, 108, 113, 117, 122, 127, 204, 228, 229, 276, 147};

	if (n > 0)
		look(linktypes[bytes[0] % ARRAY_LEN(linktypes)], bytes + 1,
		     (uint32_t)(n - 1));
}

/* IPv4 and UDP, IPv6 with a fragment header, ICMP that quotes, ARP. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	static const uint8_t seeds[][64] = {
	    {10, 0x45, 0,  0, 28, 0, 1, 0x20, 0, 64, 17, 0, 0, 10, 0,
	     0,	 1,    10, 0, 0,  2, 0, 53,   0, 54, 0,	 8, 0, 0},
	    {10, 0x60, 0, 0, 0, 0, 16, 44, 64, 1, 1, 1, 1, 1, 1, 1, 1,
	     1,	 1,    1, 1, 1, 1, 1,  1,  2,  2, 2, 2, 2, 2, 2, 2, 2,
	     2,	 2,    2, 2, 2, 2, 2,  17, 0,  0, 1, 0, 0, 0, 9, 0, 53},
	    {10, 0x45, 0,  0, 56, 0,  1, 0, 0, 64, 1, 0,    0, 10, 0,  0, 1, 10,
	     0,	 0,    2,  3, 1,  0,  0, 0, 0, 0,  0, 0x45, 0, 0,  28, 0, 1, 0,
	     0,	 64,   17, 0, 0,  10, 0, 0, 2, 10, 0, 0,    1, 0,  54, 0},
	    {1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4},
	};

	if (i >= ARRAY_LEN(seeds))
		return 0;
	memcpy(bytes, seeds[i], sizeof(seeds[i]));
	return sizeof(seeds[i]);
}
