/* Addresses: text to bytes and back, against the C library's own. */
#include "base/addr.h"

#include <arpa/inet.h>

#include "base/array.h"
#include "tap.h"

static const char *const good[] = {
    "0.0.0.0",
    "255.255.255.255",
    "192.0.2.1",
    "::",
    "::1",
    "1::",
    "2001:db8::1",
    "2001:db8:0:1:1:1:1:1",
    "fe80::1:0:0:1",
    "1:2:3:4:5:6:7:8",
    "1:0:0:2::3",
    "::ffff:192.0.2.1",
    "1:2:3:4:5:6:1.2.3.4",
    "1::2:3:4:5:6:7",
    "::2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::",
    "ABCD:EF::",
    "0:0:0:0:0:0:0:0",
    "64:ff9b::1.2.3.4",
    "0:1::",
};

static const char *const bad[] = {
    "",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "1.2.3.04",
    "01.2.3.4",
    "1.2.3.4 ",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    ":1",
    "1:",
    "12345::",
    "g::",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::1.2.3",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "1::2:",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
};

static void check_good(const char *text)
{
	struct addr a;
	uint8_t want[16];
	char buf[ADDR_TEXT], want_text[ADDR_TEXT], what[100];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	snprintf(what, sizeof(what), "%s is read", text);
	if (!ok_all(what, eq(inet_pton(family, text, want), 1),
		    addr_parse(text, &a)))
		return;
	ok(!memcmp(a.bytes, want, family == AF_INET ? 4 : 16),
	   "  with the same bytes");
	inet_ntop(family, want, want_text, sizeof(want_text));
	if (strncmp(want_text, "::", 2) || !strchr(want_text, '.') ||
	    !strncmp(want_text, "::ffff:", 7)) {
		addr_text(a.version, a.bytes, buf);
		is_str(buf, want_text, "  and printed the same");
	}
}

static void check_prefix(const char *text, const char *want, unsigned want_bits)
{
	struct addr a;
	char buf[ADDR_TEXT];
	unsigned bits;

	if (!ok(addr_parse_prefix(text, &a, &bits), text))
		return;
	addr_text(a.version, a.bytes, buf);
	is_str(buf, want, "  has this address");
	is_int(bits, want_bits, "  and length");
}

int main(void)
{
	struct addr a;
	unsigned bits;
	size_t i;

	for (i = 0; i < ARRAY_LEN(good); i++)
		check_good(good[i]);
	for (i = 0; i < ARRAY_LEN(bad); i++)
		ok(!addr_parse(bad[i], &a), bad[i]);
	check_prefix("10.255.255.255/9", "10.128.0.0", 9);
	check_prefix("10.1.2.3/0", "0.0.0.0", 0);
	check_prefix("10.1.2.3", "10.1.2.3", 32);
	check_prefix("2001:db8:ffff::/33", "2001:db8:8000::", 33);
	check_prefix("::1", "::1", 128);
	check_prefix("ff::1/127", "ff::", 127);
	ok(!addr_parse_prefix("1.2.3.4/33", &a, &bits), "no /33 of IPv4");
	ok(!addr_parse_prefix("1.2.3.4/", &a, &bits), "no empty length");
	ok(!addr_parse_prefix("1::/129", &a, &bits), "no /129");
	ok(!addr_parse_prefix("1::/0x8", &a, &bits), "no hexadecimal length");
	return done();
}
