/* Any packet of any link type: the first octet chooses the type, the others
   are decoded and printed in every form. */
#include <fcntl.h>

#include "fuzz/fuzz.h"
#include "output/print.h"

static const uint32_t linktypes[] = {1,	  0,   9,   12,	 50,  51,  101, 104,
				     105, 108, 113, 127, 228, 229, 276};

#define LINKTYPES (sizeof(linktypes) / sizeof(linktypes[0]))

static struct sink *sinks[PRINT_FORMS];

static void open_sinks(void)
{
	struct err err;
	int form, out = open("/dev/null", O_WRONLY);

	for (form = 0; form < PRINT_FORMS; form++) {
		struct print_options options = {
		    .form = form, .verbose = 3, .link = true, .hex_text = 2};
		uint32_t i;

		sinks[form] = print_open(&options, out, &err);
		if (!sinks[form])
			exit(1);
		for (i = 0; i < LINKTYPES; i++) {
			struct iface iface = {.id = i,
					      .linktype = linktypes[i],
					      .tsresol = TSRESOL_NANO,
					      .fcslen = -1};

			if (!sink_iface(sinks[form], &iface, &err))
				exit(1);
		}
	}
}

static void fuzz_one(const uint8_t *octets, size_t n)
{
	struct pkt pkt = {.number = 1};
	int form;

	if (!sinks[0])
		open_sinks();
	if (n == 0)
		return;
	pkt.iface = octets[0] % LINKTYPES;
	pkt.data = octets + 1;
	pkt.caplen = (uint32_t)(n - 1);
	pkt.wirelen = pkt.caplen + (octets[0] & 0x80 ? 100 : 0);
	for (form = 0; form < PRINT_FORMS; form++)
		if (sink_packets(sinks[form], &pkt, 1) == FAILED)
			exit(1);
}

/* What once went wrong. */
static const uint8_t sack_beyond_options[] = {
    6, /* raw IP: an IPv4 and a TCP header, whose options say SACK of 34 octets
	  and have 16: it was decoded for ever */
    0x45, 0x00, 0x00, 0x38, 0x00, 0x01, 0x00, 0x00, 0x40, 0x06, 0x00, 0x00,
    0xc0, 0x00, 0x02, 0x01, 0xc0, 0x00, 0x02, 0x02, 0x00, 0x01, 0x00, 0x02,
    0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x04, 0x90, 0x10, 0x00, 0x05,
    0x00, 0x00, 0x00, 0x00, 0x05, 0x22, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05,
    0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d};

/* Packets that reach many decoders: the link type's index, then octets. */
static const char *const seeds[] = {
    /* VLAN twice, IPv4 with options, TCP with options and data */
    "00 020000000002 020000000001 88a8 0064 8100 2001 0800 4800004400014000"
    "400600000a0000010a000002 94040000 07070400000000 00 00500400 00000064"
    "00000001 a0180000 00000000 02040578 0402 080a 0000000100000002 03030701"
    "01050a 0000000100000005 41424344",
    /* IPv6: hop-by-hop, routing, fragment, destination options, ICMPv6 */
    "00 020000000002 020000000001 86dd 60000000 0060 00 ff"
    "fe800000000000000000000000000001 ff020000000000000000000000000016"
    "2b00 0502 0000 0100 2c02 0000 00000000"
    "fe800000000000000000000000000009 3c00 0000 00000000 3a00 0104 00000000"
    "8f00 0000 0000 0001 04000000 ff0200000000000000000000000000fb",
    /* ICMP error that quotes UDP */
    "06 4500003800000000400100000a0000010a0000020303000000000000"
    "4500001c00000000401100000a0000020a000001 1234003500080000",
    /* GRE with key, Ethernet inside, MPLS, ARP */
    "06 4500004c00000000402f00000a0000010a000002 2000 6558 00000007"
    "020000000002 020000000001 8847 00064040 00065140 00000000"
    "ffffffffffff 020000000001 0806 00010800060400010200000000010a000001"
    "0000000000000a000002",
    /* VXLAN, IGMP */
    "06 4500004a00000000401100000a0000010a0000021234 12b5 00360000"
    "08000000 00007b00 01005e000016 020000000001 0800 46c0002000000000"
    "010200000a000001e000001694040000 22000000000000010400 0000e00000fb",
    /* cooked 2 with LLC, STP */
    "0e 0004 0000 00000002 0001 0406 020000000001 0000 424203 0000 02 02 3c"
    "8001020000000001 00000004 8001020000000001 8001 0000 1400 0200 0f00 00",
    /* LLDP */
    "00 0180c200000e 020000000001 88cc 0207 04 020000000001 0404 05 657430"
    "0602 0078 0a03 616263 0e04 00140014 fe05 0080c2 0101 0000",
    /* SCTP */
    "06 4500004c00000000408400000a0000010a000002 04d2 0009 00000001 00000000"
    "01000014 00000001 00001000 0001 0001 00000001 0003000d 00000001 00000002"
    "0000000100000000 41000000 03000010 00000001 00001000 00000000",
    /* radiotap, 802.11 data, SNAP */
    "0b 00001a002f4800000000000000000000 10027109a000 c4 00 00 00 0000"
    "0801 0000 020000000001 020000000002 020000000003 1000 aaaa03 000000 0800"
    "4500001c00000000401100000a0000020a000001 1234003500080000",
    /* 802.11 beacon */
    "08 8000 0000 ffffffffffff 020000000001 020000000001 0000"
    "0000000000000000 6400 0104 0003616263 0102 8284",
    /* PPP, PPPoE */
    "02 ff03 0021 4500001c00000000401100000a0000020a000001 1234003500080000",
    "00 020000000002 020000000001 8864 1100 0001 001e 0021"
    "4500001c00000000401100000a0000020a000001 1234003500080000",
    /* AH, ESP; UDP-Lite; C-HDLC */
    "06 4500003400000000403300000a0000010a000002 3204 0000 00000001 00000002"
    "000102030405060708090a0b 00000003 00000004 0000",
    "06 4500001c00000000408800000a0000010a000002 1234003500080000",
    "07 0f00 0800 4500001c00000000401100000a0000020a000001 1234003500080000",
};

static unsigned digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

/* Number i of seeds[]. */
static size_t fuzz_written(size_t i, uint8_t octets[FUZZ_MAX])
{
	const char *text;
	size_t n = 0;

	if (i >= sizeof(seeds) / sizeof(seeds[0]))
		return 0;
	for (text = seeds[i]; *text; text++) {
		if (*text == ' ')
			continue;
		octets[n++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
		text++;
	}
	return n;
}

/* The packets of the sample capture, as Ethernet and as what is in it. */
static size_t fuzz_seed(size_t i, uint8_t octets[FUZZ_MAX])
{
	static const uint8_t raw_ip = 6; /* linktypes[6] is 101 */
	size_t n, at = 24, skip = i & 1 ? 14 : 0, k;
	uint8_t *all = fuzz_load("tests/data/sample.pcap", &n);
	uint32_t len = 0;

	for (k = 0; k <= i / 2 && at + 16 < n; k++, at += 16 + len)
		memcpy(&len, all + at + 8, 4);
	if (k <= i / 2) {
		free(all);
		if (i != 2 * k)
			return fuzz_written(i - 2 * k - 1, octets);
		memcpy(octets, sack_beyond_options,
		       sizeof(sack_beyond_options));
		return sizeof(sack_beyond_options);
	}
	octets[0] = skip ? raw_ip : 0;
	memcpy(octets + 1, all + at - len + skip, len - skip);
	free(all);
	return 1 + len - skip;
}
