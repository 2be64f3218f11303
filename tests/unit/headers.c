/*
 * Where addresses and ports are: packets of every kind of header written out
 * as hexadecimal, and each of them cut at every byte.
 */
#include "pkt/headers.h"
#include "base/array.h"

#include "base/addr.h"
#include "base/str.h"
#include "tap.h"

#define ETHER "020000000002 020000000001 "
/* IPv4 from 192.0.2.1 to 198.51.100.7; the caller gives protocol and data */
#define IP4(total, frag, proto)                                                \
	"4500" total "1234" frag "40" proto "0000 c0000201 c6336407 "
#define IP6(payload, next)                                                     \
	"60000000" payload next "40 20010db8000000000000000000000001 "         \
	"20010db8000000000000000000000002 "
#define TCP "c350 01bb 00000001 00000000 6002 ffff abcd 0000 020405b4 "
#define UDP "0035 d903 000c beef 64617461"

static const struct {
	const char *what;
	uint32_t linktype;
	const char *hex;
	/* src>dst/protocol/ports, f: fragment, F: its first, then @end */
	const char *want;
} cases[] = {
    {"TCP over IPv4", 1, ETHER "0800" IP4("0030", "0000", "06") TCP "11223344",
     "192.0.2.1>198.51.100.7/6/50000>443@58"},
    {"padding after IPv4", 1,
     ETHER "0800" IP4("001c", "0000", "11") "0035d90300080000 00000000000000",
     "192.0.2.1>198.51.100.7/17/53>55555@42"},
    {"VLAN in VLAN", 1,
     ETHER "88a80001 81000002 0800" IP4("0020", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@50"},
    {"MPLS", 1, ETHER "8847 00010040 00020140" IP4("0020", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@50"},
    {"PPPoE", 1, ETHER "8864 11000001 0022 0021" IP4("0020", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@50"},
    {"SNAP", 1, ETHER "0028 aaaa03000000 0800" IP4("0020", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@50"},
    {"first fragment", 1, ETHER "0800" IP4("0020", "2000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555/fF1234@42"},
    {"later fragment", 1, ETHER "0800" IP4("0020", "0010", "11") UDP,
     "192.0.2.1>198.51.100.7/17/f1234@34"},
    {"IPv4 options", 101,
     "4600 0020 0000 0000 40 11 0000 c0000201 c6336407 01010100" UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@32"},
    {"a length of 0 in IPv4", 228, IP4("0000", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@28"},
    {"ICMP", 101, IP4("001c", "0000", "01") "0800 1111 0001 0002",
     "192.0.2.1>198.51.100.7/1@28"},
    {"a protocol without ports", 101, IP4("0018", "0000", "2f") "00000800",
     "192.0.2.1>198.51.100.7/47@20"},
    {"SCTP", 101, IP4("0020", "0000", "84") "0b59 0b5a 00000001 00000000",
     "192.0.2.1>198.51.100.7/132/2905>2906@32"},
    {"ARP", 1,
     ETHER "0806 0001 0800 06 04 0001 020000000001 c0000201 000000000000 "
	   "c0000202 0000000000",
     "192.0.2.1>192.0.2.2/0@42"},
    {"IPv6", 1, ETHER "86dd" IP6("000c", "11") UDP,
     "2001:db8::1>2001:db8::2/17/53>55555@62"},
    {"IPv6 with extension headers", 229,
     IP6("0024", "00") "2b00000000000000 3c00000000000000 1100000000000000" UDP,
     "2001:db8::1>2001:db8::2/17/53>55555@72"},
    {"IPv6, first fragment", 229, IP6("0014", "2c") "1100 0001 0000abcd" UDP,
     "2001:db8::1>2001:db8::2/17/53>55555/fFabcd@56"},
    {"IPv6, later fragment", 229, IP6("0014", "2c") "1100 00a0 0000abcd" UDP,
     "2001:db8::1>2001:db8::2/17/fabcd@48"},
    {"AH", 229,
     IP6("0024",
	 "33") "11040000 00000001 00000001 000000000000000000000000" UDP,
     "2001:db8::1>2001:db8::2/17/53>55555@72"},
    {"cooked", 113,
     "0000 0001 0006 020000000001 0000 0800" IP4("0020", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@44"},
    {"cooked 2", 276,
     "0800 0000 00000002 0001 00 06 0200000000010000" IP4("0020", "0000", "11")
	 UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@48"},
    {"loopback", 0, "02000000" IP4("0020", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@32"},
    {"PPP", 9, "ff03 0021" IP4("0020", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@32"},
    {"Cisco HDLC", 104, "0f00 0800" IP4("0020", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@32"},
    {"802.11 after radiotap", 127,
     "00000800 00000000 8801 0000 020000000001 020000000002 020000000003 1000 "
     "0000 aaaa03000000 0800" IP4("0020", "0000", "11") UDP,
     "192.0.2.1>198.51.100.7/17/53>55555@70"},
    {"a beacon", 105,
     "8000 0000 ffffffffffff 020000000001 020000000001 0000 00000000", "/0@2"},
    {"something else", 1, ETHER "88cc 0207", "/0@14"},
};

static size_t from_hex(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned v;

	for (; *hex; hex += 2) {
		while (*hex == ' ')
			hex++;
		if (!*hex)
			break;
		sscanf(hex, "%2x", &v);
		out[n++] = (uint8_t)v;
	}
	return n;
}

static void describe(const struct header_offsets *l, struct str *out)
{
	char a[ADDR_TEXT], b[ADDR_TEXT];

	if (l->addrlen) {
		addr_text(l->addrlen == 4 ? 4 : 6, l->src, a);
		addr_text(l->addrlen == 4 ? 4 : 6, l->dst, b);
		str_printf(out, "%s>%s", a, b);
	}
	str_printf(out, "/%u", l->proto);
	if (l->ports)
		str_printf(out, "/%u>%u", l->sport, l->dport);
	if (l->fragment)
		str_printf(out, "/f%s%x", l->first ? "F" : "", l->frag_id);
	str_printf(out, "@%u", l->end);
}

/* Only the first n bytes were captured: exactly these are looked at. */
static bool cut_is_safe(uint32_t linktype, const uint8_t *bytes, size_t n,
			size_t wirelen)
{
	uint8_t *exact = malloc(n ? n : 1);
	struct header_offsets l;
	bool good;

	if (!exact)
		return false;
	memcpy(exact, bytes, n);
	headers_find(linktype, exact, (uint32_t)n, (uint32_t)wirelen, &l);
	good =
	    l.end <= n &&
	    (!l.addrlen || (l.src >= exact && l.dst + l.addrlen <= exact + n));
	free(exact);
	return good;
}

int main(void)
{
	uint8_t bytes[300];
	struct header_offsets l;
	size_t i, n, cut;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct str got = STR_INIT;
		bool safe = true;

		n = from_hex(cases[i].hex, bytes);
		headers_find(cases[i].linktype, bytes, (uint32_t)n, (uint32_t)n,
			     &l);
		describe(&l, &got);
		is_str(str_text(&got), cases[i].want, cases[i].what);
		str_fini(&got);
		for (cut = 0; cut <= n; cut++)
			safe &= cut_is_safe(cases[i].linktype, bytes, cut, n);
		ok(safe, "  cut anywhere");
		ok(headers_known(cases[i].linktype), "  known");
	}
	ok(!headers_known(147), "a private link type is not known");
	ok_all("  nor looked into", !headers_find(147, bytes, 20, 20, &l),
	       !l.addrlen);
	n = from_hex(cases[1].hex, bytes);
	headers_find(1, bytes, (uint32_t)n, (uint32_t)n, &l);
	is_int(l.tail, 14 + 28, "padding is after the tail");
	return done();
}
