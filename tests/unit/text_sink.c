/* The one-line text: packets in, lines out. */
#include <unistd.h>

#include "output/print.h"
#include "tap.h"

static char text[8192];

/* Bytes from hexadecimal digits; spaces are skipped. */
static size_t bytes_of(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned byte;

	for (; *hex; hex += 2) {
		while (*hex == ' ')
			hex++;
		if (sscanf(hex, "%2x", &byte) != 1)
			break;
		out[n++] = (uint8_t)byte;
	}
	return n;
}

/* What the packets (each a string of digits) look like, in text. */
static const char *lines(const struct print_options *options, uint32_t linktype,
			 const char *const *packets)
{
	uint8_t data[512];
	struct iface iface = {.linktype = linktype, .name = "eth0"};
	struct err err = {0};
	struct sink *sink;
	FILE *f = tmpfile();
	uint64_t number;
	size_t n;

	text[0] = '\0';
	sink = f ? text_sink_open(options, fileno(f), &err) : NULL;
	if (!sink)
		return "no sink";
	sink_iface(sink, &iface, &err);
	for (number = 1; *packets; packets++, number++) {
		struct pkt pkt = {.data = data, .number = number};

		pkt.caplen = pkt.wirelen = (uint32_t)bytes_of(*packets, data);
		pkt.time_ns = 1700000000123456789 + (int64_t)number * 1000000;
		if (sink_packets(sink, &pkt, 1) != GO_ON)
			return "failed";
	}
	if (!sink_close(sink, &err))
		return "not closed";
	rewind(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

#define ETH "0200000000020200000000010800 "
#define IP(len, proto) "4500" len "00014000 40" proto "0000 0a000001 0a000002 "

static const char *const syn[] = {
    ETH IP("0030", "06") "00500400 00000064 00000000 7002ffff 00000000 "
			 "020405b4 01030307",
    NULL};
static const char *const talk[] = {
    ETH IP("0028", "06") "00510400 00000064 000003e8 5012ffff 00000000",
    ETH IP("002a", "06") "00510400 00000065 000003e9 5018ffff 00000000 4142",
    NULL};
static const char *const dgram[] = {
    ETH IP("0020", "11") "04d21f40 000c0000 61626364", NULL};
static const char *const cut[] = {ETH IP("0030", "06") "005004", NULL};

static void test_lines(void)
{
	struct print_options o = {.utc = true};

	is_str(lines(&o, 1, syn),
	       "22:13:20.124456 IP 10.0.0.1.80 > 10.0.0.2.1024: Flags [S], "
	       "seq 100, win 65535, options [mss 1460,nop,wscale 7], length "
	       "0\n",
	       "a TCP segment with options");
	o.time = 1;
	is_str(lines(&o, 1, talk),
	       "IP 10.0.0.1.81 > 10.0.0.2.1024: Flags [S.], seq 100, ack "
	       "1000, win 65535, length 0\n"
	       "IP 10.0.0.1.81 > 10.0.0.2.1024: Flags [P.], seq 1:3, ack 2, "
	       "win 65535, length 2\n",
	       "sequence numbers count from the start of the flow");
	o.raw_seq = true;
	ok(strstr(lines(&o, 1, talk), "seq 101:103, ack 1001"),
	   "or not, with -S");
	o.raw_seq = false;
	is_str(lines(&o, 1, dgram),
	       "IP 10.0.0.1.1234 > 10.0.0.2.8000: UDP, length 4\n",
	       "a UDP datagram");
	is_str(lines(&o, 1, cut),
	       "IP truncated-ip - 25 bytes missing! 10.0.0.1 > 10.0.0.2: "
	       "[|tcp]\n",
	       "a packet that was cut short");
	o.link = true;
	ok(!strncmp(lines(&o, 1, syn),
		    "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 "
		    "(0x0800), length 62: 10.0.0.1.80",
		    80),
	   "the link-layer header with -e");
}

static void test_links(void)
{
	static const char *const raw[] = {
	    IP("0020", "11") "04d21f40 000c0000 61626364", NULL};
	static const char *const loop[] = {
	    "02000000" IP("0020", "11") "04d21f40 000c0000 61626364",
	    "00000002" IP("0020", "11") "04d21f40 000c0000 61626364", NULL};
	static const char *const arp[] = {
	    "ffffffffffff020000000001 0806 0001080006040001 020000000001 "
	    "0a000001 000000000000 0a000002",
	    NULL};
	static const char *const cooked2[] = {
	    "0800 0000 00000002 0001 04 06 0200000000010000 " IP(
		"0020", "11") "04d21f40 000c0000 61626364",
	    NULL};
	static const char *const strange[] = {"0102030405", NULL};
	struct print_options o = {.time = 1};

	is_str(lines(&o, 101, raw),
	       "IP 10.0.0.1.1234 > 10.0.0.2.8000: UDP, length 4\n", "raw IP");
	is_str(lines(&o, 0, loop),
	       "IP 10.0.0.1.1234 > 10.0.0.2.8000: UDP, length 4\n"
	       "IP 10.0.0.1.1234 > 10.0.0.2.8000: UDP, length 4\n",
	       "loopback, in either byte order");
	is_str(lines(&o, 1, arp),
	       "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28\n",
	       "ARP");
	is_str(lines(&o, 276, cooked2),
	       "eth0  Out IP 10.0.0.1.1234 > 10.0.0.2.8000: UDP, length 4\n",
	       "Linux cooked version 2");
	is_str(lines(&o, 4711, strange),
	       "link type 4711, length 5: \n\t0x0000:  0102 0304 05"
	       "                             .....\n",
	       "an unknown link type");
}

/* Lines that scripts look for have tcpdump's words, "octet" too. */
static void test_wording(void)
{
	static const char *const icmp[] = {IP("001c", "01") "0c000000 14000000",
					   NULL};
	static const char *const icmp6[] = {
	    "60000000 00083a40 fe800000000000000000000000000001 "
	    "fe800000000000000000000000000002 04000000 00000006",
	    NULL};
	struct print_options o = {.time = 1};

	is_str(lines(&o, 101, icmp),
	       "IP 10.0.0.1 > 10.0.0.2: ICMP parameter problem - octet 20, "
	       "length 8\n",
	       "where the problem is in an IPv4 header");
	is_str(lines(&o, 101, icmp6),
	       "IP6 fe80::1 > fe80::2: ICMP6, parameter problem, erroneous - "
	       "octet 6, length 8\n",
	       "where the problem is in an IPv6 packet");
}

static void test_failures(void)
{
	struct print_options o = {.unbuffered = true};
	struct iface iface = {.linktype = 1};
	struct err err = {0};
	uint8_t data[64] = {0};
	struct pkt pkt = {.data = data, .caplen = 64, .wirelen = 64};
	FILE *full = fopen("/dev/full", "w");
	struct sink *sink;

	if (!full)
		return;
	sink = text_sink_open(&o, fileno(full), &err);
	sink_iface(sink, &iface, &err);
	is_int(sink_packets(sink, &pkt, 1), FAILED, "a full disk is an error");
	is_int(sink->err.kind, ERR_OUTPUT, "of the output");
	sink_close(sink, &err);
	fclose(full);
}

int main(void)
{
	test_lines();
	test_links();
	test_wording();
	test_failures();
	return done();
}
