/* Field expressions: what is parsed, what is refused, and what matches. */
#include "where/where.h"

#include <pthread.h>

#include "base/array.h"
#include "base/str.h"
#include "http_packet.h"
#include "tap.h"

static const struct where_options plain = {.force = NULL};

/* Ethernet and ARP: 42 bytes. */
static const uint8_t arp[] =
    "\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x10\x08\x06"
    "\x00\x01\x08\x00\x06\x04\x00\x01\x02\x00\x00\x00\x00\x10"
    "\xc0\x00\x02\x0a\x00\x00\x00\x00\x00\x00\xc0\x00\x02\x50";

static const struct iface ethernet = {.linktype = 1};

/* 'h', 'a' or both: which of the two packets match; "": none. On an error, its
   text. */
static const char *matches(const char *text, size_t len)
{
	static char result[1024];
	struct pkt pkts[] = {
	    {.data = http_packet,
	     .caplen = sizeof(http_packet) - 1,
	     .wirelen = sizeof(http_packet) - 1,
	     .time_ns = 1593866096500000000,
	     .number = 1},
	    {.data = arp,
	     .caplen = sizeof(arp) - 1,
	     .wirelen = sizeof(arp) - 1,
	     .time_ns = 1593866097000000000,
	     .number = 2},
	};
	uint8_t keep[] = {1, 1};
	struct err err = {0};
	struct where *w = where_open(text, len, &plain, &err);
	struct selector *s = w ? where_selector(w, &err) : NULL;

	if (s && selector_iface(s, &ethernet, &err) &&
	    s->ops->match(s, pkts, 2, keep) != FAILED)
		snprintf(result, sizeof(result), "%s%s", keep[0] ? "h" : "",
			 keep[1] ? "a" : "");
	else
		snprintf(result, sizeof(result), "%s", err.text);
	selector_close(s);
	where_close(w);
	return result;
}

static const struct {
	const char *expr, *want;
} rows[] = {
    /* presence */
    {"", "ha"},
    {"   ", "ha"},
    {"frame", "ha"},
    {"tcp", "h"},
    {"arp", "a"},
    {"http", "h"},
    {"dns", ""},
    {"mdns", ""},
    {"udplite or ssdp or ieee8021ad", ""},
    {"tcp.port", "h"},
    {".tcp.port", "h"},
    {"tcp.flags.syn", "h"},
    /* logic, and what binds tighter */
    {"!tcp", "a"},
    {"not not tcp", "h"},
    {"tcp or arp", "ha"},
    {"tcp || arp && dns", "h"},
    {"(tcp || arp) && dns", ""},
    {"tcp xor frame", "a"},
    {"tcp ^^ frame ^^ arp", ""},
    {"arp or tcp xor frame", "a"},
    {"not tcp and not arp", ""},
    /* numbers */
    {"tcp.dstport == 80", "h"},
    {"80 == tcp.dstport", "h"},
    {"tcp.dstport eq 0x50", "h"},
    {"tcp.dstport == 0120", "h"},
    {"tcp.dstport == 0b1010000", "h"},
    {"tcp.dstport == 'P'", "h"},
    {"tcp.dstport == '\\x50'", "h"},
    {"tcp.dstport > -1", "h"},
    {"tcp.dstport < -1", ""},
    {"79 < tcp.dstport < 81", "h"},
    {"79 < tcp.dstport < 80", ""},
    {"tcp.srcport > tcp.dstport", "h"},
    {"tcp.flags.push == true", "h"},
    {"tcp.flags.push == False", ""},
    {"tcp.flags.syn == 0", "h"},
    {"frame.len > 100", "h"},
    {"frame.len ge 42", "ha"},
    {"frame.len lt 43", "a"},
    {"frame.len le 42", "a"},
    {"frame.len ne 42", "h"},
    /* any, all, both ends */
    {"tcp.port == 80", "h"},
    {"tcp.port != 80", ""},
    {"tcp.port !== 80", "h"},
    {"tcp.port ~= 80", "h"},
    {"tcp.port any_ne 80", "h"},
    {"tcp.port === 80", ""},
    {"tcp.port all_eq 80", ""},
    {"tcp.port != 81", "h"},
    {"not tcp.port == 81", "ha"},
    {"any tcp.port != 80", "h"},
    {"all tcp.port == 80", ""},
    {"all tcp.port >= 80", "h"},
    {"all ip.addr == 192.0.2.0/24", "h"},
    {"any tcp.port in {80}", "h"},
    {"all tcp.port in {80}", ""},
    {"all tcp.port in {80, 40000}", "h"},
    {"tcp.port not in {80}", "a"},
    {"tcp.port not in {81..90}", "ha"},
    {"any tcp.port not in {80}", "h"},
    {"all tcp.port not in {80}", ""},
    {"ip.host contains \"2.80\"", "h"},
    {"ip.src_host == \"192.0.2.10\"", "h"},
    {"ip.host matches \"^192\"", "h"},
    /* sets */
    {"tcp.dstport in {79..81}", "h"},
    {"tcp.dstport in {1, 2, 5..9, 80,}", "h"},
    {"tcp.dstport in {-5 .. 100}", "h"},
    {"tcp.dstport in {81..79}", ""},
    {"ip.src in {10.0.0.0/8, 192.0.2.0/24}", "h"},
    {"ip.src in {192.0.2.9 .. 192.0.2.11}", "h"},
    {"http.request.method in {\"GET\", \"PUT\"}", "h"},
    {"eth.src in {02:00:00:00:00:10}", "ha"},
    /* addresses and bytes */
    {"ip.addr == 192.0.2.80", "h"},
    {"ip.src == 192.0.2.0/28", "h"},
    {"ip.src == 192.0.2.16/28", ""},
    {"ip.src < 192.0.2.0/28", ""},
    {"ip.src <= 192.0.2.0/28", "h"},
    {"eth.dst == ff:ff:ff:ff:ff:ff", "a"},
    {"eth.dst == ff-ff-ff-ff-ff-ff", "a"},
    {"eth.dst == ffff.ffff.ffff", "a"},
    {"eth.addr[0:3] == 02:00:00", "ha"},
    {"eth.src[-1] == 10", "ha"},
    {"eth.src[4-5] == 00:10", "ha"},
    {"eth.src[:2] == 02:00", "ha"},
    {"eth.src[4:] == 00:10", "ha"},
    {"eth.src[0,5] == 02:10", "ha"},
    {"eth.src[9:] == 02:10", ""},
    {"frame[12:2] == 08:06", "a"},
    {"frame[12-13] == :0806", "a"},
    {"tcp[13] & 8", "h"},
    {"tcp[13] & 2", ""},
    {"tcp[13] == 0x18", "h"},
    {"@ip.src == c0:00:02:0a", "h"},
    {"@tcp.dstport == 00:50", "h"},
    {"ip.src[0:2] == c0:00", "h"},
    {"tcp[20:3] == \"GET\"", ""},
    {"tcp.payload[0:3] == \"GET\"", "h"},
    {"len(tcp) == 20", "h"},
    {"tcp[-1] == 00", "h"},
    {"ip[-4:] == c0:00:02:50", "h"},
    {"len(eth) == 14", "ha"},
    {"len(frame) == 105", "h"},
    {"len(arp) == 28", "a"},
    {"tcp contains \"example\"", "h"},
    {"frame contains 47:45:54", "h"},
    {"frame contains \"\\x47ET\"", "h"},
    {"tcp.payload contains \"get\"", ""},
    {"tcp.payload matches \"get\"", "h"},
    {"tcp.payload ~ \"(?-i)get\"", ""},
    {"http.host matches \"\\.com$\"", "h"},
    {"http.host matches r\"^www\\.\"", "h"},
    {"http.host == \"www.example.com\"", "h"},
    {"http.host > \"www\"", "h"},
    {"http.host[0:3] == \"www\"", "h"},
    {"http.host contains www", "h"},
    /* arithmetic */
    {"frame.len == ip.len + 14", "h"},
    {"tcp.dstport - 1 == 79", "h"},
    {"tcp.dstport * 2 == 160", "h"},
    {"tcp.dstport / 3 == 26", "h"},
    {"tcp.dstport % 3 == 2", "h"},
    {"tcp.dstport == 79 + 1", "h"},
    {"tcp.dstport == 2 * {39 + 1}", "h"},
    {"2 * {tcp.dstport + 1} == 162", "h"},
    {"tcp.dstport / 0 == 1", ""},
    {"-tcp.dstport == -80", "h"},
    {"ip.ttl - 100 < 0", "h"},
    {"tcp.dstport * 1.5 == 120", "h"},
    {"tcp.flags & 0x10", "h"},
    {"tcp.flags bitand 2", ""},
    {"tcp.flags & 0x18 == 0x18", "h"},
    /* functions */
    {"len(http.host) == 15", "h"},
    {"len(tcp.dstport) == 2", "h"},
    {"len(ip.src) == 4", "h"},
    {"count(tcp.port) == 2", "h"},
    {"count(dns.a) == 0", ""},
    {"upper(http.host) == \"WWW.EXAMPLE.COM\"", "h"},
    {"lower(http.request.method) == \"get\"", "h"},
    {"string(tcp.dstport) matches \"^80$\"", "h"},
    {"string(eth.dst) == \"ff:ff:ff:ff:ff:ff\"", "a"},
    {"vals(arp.opcode) contains \"quest\"", "a"},
    {"dec(tcp.dstport) == \"80\"", "h"},
    {"hex(tcp.dstport) == \"0x0050\"", "h"},
    {"double(tcp.dstport) / 3 > 26.6", "h"},
    {"max(tcp.srcport, tcp.dstport) == 40000", "h"},
    {"min(tcp.port, 7) == 7", "h"},
    {"max(tcp.port) == 40000", "h"},
    {"abs(tcp.dstport - 100) == 20", "h"},
    {"ip_rfc1918(ip.src)", ""},
    {"ip_multicast(ip.src) == false", "h"},
    {"ip_special_name(ip.src) contains \"TEST-NET\"", "h"},
    {"ip_special_mask(ip.src) == 0", "h"},
    /* layers */
    {"ip.src#1 == 192.0.2.10", "h"},
    {"ip.src#2 == 192.0.2.10", ""},
    {"ip.src#[-1] == 192.0.2.10", "h"},
    {"ip#[1-3]", "h"},
    /* names of values, times */
    {"ip.proto == TCP", "h"},
    {"ip.proto == \"tcp\"", "h"},
    {"frame.time == \"2020-07-04T12:34:56.5Z\"", "h"},
    {"frame.time > \"2020-07-04 14:34:56.6+02:00\"", "a"},
    {"frame.time_epoch < 1593866097", "h"},
    {"frame.time_relative == 0.5", "a"},
    {"frame.time_delta > 100ms", "a"},
    {"frame.time - frame.time_relative == \"2020-07-04T12:34:56.5Z\"", "ha"},
    {"frame.number == 2", "a"},
};

static void test_matches(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++)
		is_str(matches(rows[i].expr, strlen(rows[i].expr)),
		       rows[i].want, rows[i].expr);
}

/* What is refused: where, and with which words. */
static const struct {
	const char *expr;
	int mark, n;
	const char *text;
} bad[] = {
    {"tcp.prt == 80", 0, 7, "unknown field; did you mean 'tcp.port'?"},
    {".nothing.here", 1, 12, "unknown field ('pcaptool list fields' has all)"},
    {"tcp and (udp", 12, 1,
     "the expression ends where an operator or ) is expected"},
    {"tcp and", 7, 1,
     "the expression ends where a field or a value is expected"},
    {"tcp udp", 4, 3, "an operator expected here"},
    {"tcp)", 3, 1, "an operator expected here"},
    {"tcp.port-1 == 79", 0, 10, "a minus needs a blank on each side"},
    {"(tcp.port) == 80", 11, 2,
     "parentheses hold conditions; arithmetic is grouped with { }"},
    {"tcp.port = 80", 9, 1, "equality is written =="},
    {"ip.src == 192.0.2.300", 10, 11,
     "an IPv4 address or prefix expected here"},
    {"eth.src == 01:02", 11, 5, "a MAC address expected here"},
    {"tcp.port == \"80\"", 12, 4, "a number expected here, without quotes"},
    {"80 == 80", 0, 2, "a field expected here, not a value"},
    {"\"x\"", 0, 3, "a field expected here, not a value"},
    {"tcp.port == ip.src", 0, 18,
     "a number cannot be compared with an IPv4 address or prefix"},
    {"tcp.port contains 80", 0, 8,
     "contains needs text or bytes on the left; string() makes text of "
     "other values"},
    {"any tcp", 0, 3, "any and all need a comparison after the value"},
    {"http.host == \"x", 13, 1, "no closing \""},
    {"http.host ~ \"(\"", 12, 3,
     "regular expression: missing closing parenthesis"},
    {"tcp.port in 80", 12, 2, "{ expected here"},
    {"tcp.port in {}", 13, 1, "a member of the set expected here"},
    {"tcp.port in {1..}", 16, 1, "a field or a value expected here"},
    {"lenn(http.host) > 1", 0, 4, "no such function; did you mean len()?"},
    {"len(tcp.paylod) > 1", 4, 10,
     "unknown field; did you mean 'tcp.payload'?"},
    {"len() > 1", 0, 5, "len() has 1 argument, not 0"},
    {"upper(tcp.port) == \"\"", 6, 8, "upper() does not take a number"},
    {"tcp.port[0] == 1", 0, 8,
     "only text, bytes, addresses and protocols can be sliced"},
    {"eth.src[0:3 == 1", 11, 1, "] expected here"},
    {"eth.src[x] == 1", 8, 1, "a number expected here"},
    {"@tcp.flags.syn", 1, 13, "this field has no bytes of its own in packets"},
    {"$name(1)", 0, 8, "no such macro (--macros names their file)"},
    {"tcp.port == $1", 12, 1, "the name of a macro expected after $"},
    {"tcp.port == 'ab'", 12, 4,
     "single quotes hold one character; text is in double quotes"},
    {"frame.time > 2020-13-01", 13, 10,
     "a time (such as \"2020-07-04T12:34:56Z\") expected here"},
    {"vals(frame.len) == \"\"", 5, 9, "the values of this have no names"},
};

/* An expression holds on to nothing of its text. */
static void test_text(void)
{
	char text[] = "http.request.method == GET";
	struct where *w = where_open(text, strlen(text), &plain, NULL);
	struct selector *s = where_selector(w, NULL);
	const struct pkt pkt = {.data = http_packet,
				.caplen = sizeof(http_packet) - 1,
				.wirelen = sizeof(http_packet) - 1,
				.number = 1};
	uint8_t keep = 1;

	memset(text, 'x', strlen(text));
	if (selector_iface(s, &ethernet, NULL))
		s->ops->match(s, &pkt, 1, &keep);
	is_int(keep, 1, "the text may change once the expression is open");
	selector_close(s);
	where_close(w);
}

static void test_errors(void)
{
	struct where *w;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		w = where_open(bad[i].expr, strlen(bad[i].expr), &plain, &err);
		ok(!w, bad[i].expr);
		where_close(w);
		if (w)
			continue;
		is_str(err.text, bad[i].text, "... the reason");
		is_int(err.mark, bad[i].mark, "... where");
		is_int(err.mark_len, bad[i].n, "... how much of it");
	}
}

static void is_noted(const char *expr, const char *want)
{
	struct where *w = where_open(expr, strlen(expr), &plain, NULL);

	is_str(w ? where_notes(w) : NULL, want, expr);
	where_close(w);
}

static void test_notes(void)
{
	is_noted("tcp.port == 80 or ip.ttl > 3", "");
	is_noted("!(ip.addr == 192.0.2.1)",
		 "not (FIELD == VALUE) also holds for packets without the "
		 "field; FIELD != VALUE does not\n");
	is_noted("ip.addr !== 192.0.2.1",
		 "!== and ~= hold if any value differs, as != did in old "
		 "versions of Wireshark; != holds if all do\n");
	is_noted("tcp.flags.syn or tcp.flags.ack",
		 "tcp.flags.syn alone holds wherever the field is present; "
		 "for its value: tcp.flags.syn == 1\n");
	is_noted("tcp or udp and ip",
		 "'and' binds tighter than 'or': parentheses make plain what "
		 "is meant\n");
	is_noted("tcp || (udp && ip) || 1 < ip.ttl < 3", "");
}

/* ---- limits ------------------------------------------------------------- */

static void put_many(struct str *s, const char *text, size_t n)
{
	while (n--)
		str_puts(s, text);
}

static const char *limit_text(struct str *s)
{
	const char *result = matches(str_text(s), s->len);

	str_clear(s);
	return result;
}

static void *test_limits(void *unused)
{
	static const char deep[] = "nested too deeply (limit: 200 levels)";
	struct str s = STR_INIT;
	size_t i;

	put_many(&s, "(", 100000);
	is_str(limit_text(&s), deep, "100000 parentheses are too many");
	put_many(&s, "tcp.port == {", 1);
	put_many(&s, "{", 100000);
	is_str(limit_text(&s), deep, "so are braces");
	put_many(&s, "not ", 100001);
	str_puts(&s, "tcp");
	is_str(limit_text(&s), "a", "100001 times not are once not");
	put_many(&s, "!(", 190);
	str_puts(&s, "tcp");
	put_many(&s, ")", 190);
	is_str(limit_text(&s), "h", "190 levels are fine");
	str_puts(&s, "ip.ttl == 1");
	put_many(&s, " + 1", 100000);
	is_str(limit_text(&s), deep, "a sum of 100000 is too deep");
	str_puts(&s, "udp");
	put_many(&s, " or arp", 100000);
	is_str(limit_text(&s), "a", "100000 alternatives are fine");
	str_puts(&s, "tcp.port in {0");
	for (i = 0; i < 100000; i++)
		str_printf(&s, ",%zu", 100000 + i);
	str_puts(&s, ",80}");
	is_str(limit_text(&s), "h", "a set of 100000 members is fine");
	put_many(&s, " ", (1 << 20) + 1);
	is_str(limit_text(&s), "the expression is longer than 1048576 bytes",
	       "what is too long is refused");
	put_many(&s, "\"", 1);
	put_many(&s, "x", (1 << 20) - 17);
	put_many(&s, "\" == http.host", 1);
	is_str(limit_text(&s), "", "an expression of 1 MiB is fine");
	put_many(&s, "max(", 100000);
	is_str(limit_text(&s), deep, "so are calls in calls");
	str_puts(&s, "tcp.payload matches \"(x+x+)+y|(a*)*(a*)*(a*)*b$\"");
	is_str(limit_text(&s), "", "a slow regular expression ends");
	str_fini(&s);
	return unused;
}

/* On a small stack. */
static void test_stack(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1 << 20);
	if (pthread_create(&thread, &attr, test_limits, NULL) == 0)
		pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
}

int main(void)
{
	test_matches();
	test_text();
	test_errors();
	test_notes();
	test_stack();
	return done();
}
