/* Ethernet packets. */
#include "base/array.h"
#include "fuzz/packets.h"

FAMILY(1);

PACKETS_TARGET

/* They reach many decoders. */
static const char *const seeds[] = {
    /* VLAN twice, IPv4 with options, TCP with options and data */
    "00 020000000002 020000000001 88a8 0064 8100 2001 0800 "
    "4800004400014000400600000a0000010a000002 94040000 07070400000000 00 "
    "00500400 0000006400000001 a0180000 00000000 02040578 0402 080a "
    "0000000100000002 0303070101050a 0000000100000005 41424344",
    /* IPv6: hop-by-hop, routing, fragment, destination options, ICMPv6 */
    "00 020000000002 020000000001 86dd 60000000 0060 00 "
    "fffe800000000000000000000000000001 "
    "ff0200000000000000000000000000162b00 0502 0000 0100 2c02 0000 "
    "00000000fe800000000000000000000000000009 3c00 0000 00000000 3a00 "
    "0104 000000008f00 0000 0000 0001 04000000 "
    "ff0200000000000000000000000000fb",
    /* LLDP */
    "00 0180c200000e 020000000001 88cc 0207 04 020000000001 0404 05 "
    "6574300602 0078 0a03 616263 0e04 00140014 fe05 0080c2 0101 0000",
    "00 020000000002 020000000001 8864 1100 0001 001e "
    "00214500001c00000000401100000a0000020a000001 1234003500080000",
};

enum { SEEDS = ARRAY_LEN(seeds) };

/* Those, then the packets of the sample capture. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	size_t n;

	if (i < SEEDS)
		return packets_read(seeds[i], bytes);
	bytes[0] = 0;
	n = packets_load("tests/data/sample.pcap", i - SEEDS, 0, bytes + 1);
	return n ? n + 1 : 0;
}
