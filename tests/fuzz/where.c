/*
 * Any text as a field expression: what is understood runs over a packet, and
 * what is not has a mark within its line.
 */
#include "where/where.h"

#include "fuzz/fuzz.h"

static const uint8_t packet[] =
    "\x02\x00\x00\x00\x00\x50\x02\x00\x00\x00\x00\x10\x08\x00"
    "\x45\x00\x00\x5b\x12\x34\x40\x00\x40\x06\x00\x00"
    "\xc0\x00\x02\x0a\xc0\x00\x02\x50"
    "\x9c\x40\x00\x50\x00\x00\x03\xe8\x00\x00\x13\x88\x50\x18\xfa\xf0"
    "\x00\x00\x00\x00"
    "GET /index.html HTTP/1.1\r\nHost: www.example.com\r\n\r\n";

static void run(const struct where *w)
{
	const struct iface ethernet = {.linktype = 1};
	const struct pkt pkt = {.data = packet,
				.caplen = sizeof(packet) - 1,
				.wirelen = sizeof(packet) - 1,
				.number = 1};
	struct selector *s = where_selector(w, NULL);
	uint8_t keep = 1;

	if (s && selector_iface(s, &ethernet, NULL))
		s->ops->match(s, &pkt, 1, &keep);
	if (keep > 1)
		abort();
	selector_close(s);
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	const struct where_options plain = {.force = NULL};
	struct err err = {.kind = ERR_FAULT};
	struct where *w = where_open((const char *)bytes, n, &plain, &err);

	if (w)
		run(w);
	else if (err.mark > strlen(err.line))
		abort();
	where_close(w);
}

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	static const char *const seeds[] = {
	    "tcp.port == 80 and not (ip.src in {10.0.0.0/8, 192.0.2.1 .. "
	    "192.0.2.9} or eth.addr[0:3,-1] == 02:00:00:10)",
	    "any ip.addr#[1-2] !== 192.0.2.0/24 xor 1 < frame.len % 7 <= 0x3",
	    "http.host matches r\"^w+\\.\" && lower(http.host) contains "
	    "\"\\x65xam\\u0070le\"",
	    "max(tcp.srcport, {tcp.dstport + 2} * -3) >= abs(-1.5e3)",
	    "@tcp.flags[1] & 'a' || tcp[13] bitand 2 or .frame contains 47:45",
	    "frame.time > \"2020-07-04 12:34:56Z\" and ip.proto == TCP",
	};
	size_t n;

	if (i >= sizeof(seeds) / sizeof(*seeds))
		return 0;
	n = strlen(seeds[i]);
	memcpy(bytes, seeds[i], n);
	return n;
}
