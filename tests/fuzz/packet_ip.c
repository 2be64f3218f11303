/* Links on which little or nothing is before IP: raw, BSD loopback, cooked,
   PPP, Cisco HDLC. */
#include "base/array.h"
#include "fuzz/packets.h"

FAMILY(101, 0, 108, 228, 229, 12, 113, 276, 9, 50, 51, 104);

PACKETS_TARGET

/* What once went wrong. */
static const uint8_t sack_beyond_options[] = {
    0, /* raw IP: an IPv4 and a TCP header, whose options say SACK of 34 bytes
	  and have 16: it was decoded for ever */
    0x45, 0x00, 0x00, 0x38, 0x00, 0x01, 0x00, 0x00, 0x40, 0x06, 0x00, 0x00,
    0xc0, 0x00, 0x02, 0x01, 0xc0, 0x00, 0x02, 0x02, 0x00, 0x01, 0x00, 0x02,
    0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x04, 0x90, 0x10, 0x00, 0x05,
    0x00, 0x00, 0x00, 0x00, 0x05, 0x22, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05,
    0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d};

/* They reach many decoders. */
static const char *const seeds[] = {
    /* ICMP error that quotes UDP */
    "00 "
    "4500003800000000400100000a0000010a00000203030000000000004500001c0000000040"
    "1100000a0000020a000001"
    " 1234003500080000",
    /* GRE with key, Ethernet inside, MPLS, ARP */
    "00 4500004c00000000402f00000a0000010a000002 2000 6558 "
    "00000007020000000002 020000000001 8847 00064040 00065140 "
    "00000000ffffffffffff 020000000001 0806 "
    "00010800060400010200000000010a0000010000000000000a000002",
    /* VXLAN, IGMP */
    "00 4500004a00000000401100000a0000010a0000021234 12b5 "
    "0036000008000000 00007b00 01005e000016 020000000001 0800 "
    "46c0002000000000010200000a000001e000001694040000 "
    "22000000000000010400 0000e00000fb",
    /* cooked 2 with LLC, STP */
    "07 0004 0000 00000002 0001 0406 020000000001 0000 424203 0000 02 02 "
    "3c8001020000000001 00000004 8001020000000001 8001 0000 1400 0200 "
    "0f00 00",
    /* SCTP */
    "00 4500004c00000000408400000a0000010a000002 04d2 0009 00000001 "
    "0000000001000014 00000001 00001000 0001 0001 00000001 0003000d "
    "00000001 000000020000000100000000 41000000 03000010 00000001 "
    "00001000 00000000",
    /* PPP, PPPoE */
    "08 ff03 0021 4500001c00000000401100000a0000020a000001 "
    "1234003500080000",
    /* AH, ESP; UDP-Lite; C-HDLC */
    "00 4500003400000000403300000a0000010a000002 3204 0000 00000001 "
    "00000002000102030405060708090a0b 00000003 00000004 0000",
    "00 4500001c00000000408800000a0000010a000002 1234003500080000",
    "0b 0f00 0800 4500001c00000000401100000a0000020a000001 "
    "1234003500080000",
};

enum { SEEDS = ARRAY_LEN(seeds) };

/* Those, what went wrong, then what is in the packets of the sample capture. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	size_t n;

	if (i < SEEDS)
		return packets_read(seeds[i], bytes);
	if (i == SEEDS) {
		memcpy(bytes, sack_beyond_options, sizeof(sack_beyond_options));
		return sizeof(sack_beyond_options);
	}
	bytes[0] = 0;
	n = packets_load("tests/data/sample.pcap", i - SEEDS - 1, 14,
			 bytes + 1);
	return n ? n + 1 : 0;
}
