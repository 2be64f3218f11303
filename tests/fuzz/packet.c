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
			return 0;
		memcpy(octets, sack_beyond_options,
		       sizeof(sack_beyond_options));
		return sizeof(sack_beyond_options);
	}
	octets[0] = skip ? raw_ip : 0;
	memcpy(octets + 1, all + at - len + skip, len - skip);
	free(all);
	return 1 + len - skip;
}
