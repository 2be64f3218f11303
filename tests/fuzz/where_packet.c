/*
 * A field expression and a packet: a byte that chooses the link type, and
 * whether more was on the wire than is here; the length of the expression; the
 * expression; the packet. What headers decide has to be what decoding says.
 */
#include "base/array.h"
#include "fuzz/packets.h"
#include "fuzz/where.h"
#include "http_packet.h"

FAMILY(1, 101, 105, 127, 113, 9, 0, 276);

/* ---- expressions that were opened --------------------------------------- */

/* Opening takes longer than running, and most variations are of packets. */
static struct slot {
	uint8_t text[256];
	uint8_t n;
	bool known;
	struct where *by_headers, *decoded; /* NULL: it is wrong */
} slots[256];

static const struct slot *open_kept(const uint8_t *text, uint8_t n)
{
	const struct where_options plain = {.force = NULL},
				   all = {.decode_all = true};
	uint32_t h = n;
	struct slot *slot;
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ text[i]) * 16777619u;
	slot = &slots[h >> 24];
	if (slot->known && slot->n == n && !memcmp(slot->text, text, n))
		return slot;
	where_close(slot->by_headers);
	where_close(slot->decoded);
	memcpy(slot->text, text, n);
	slot->n = n;
	slot->known = true;
	slot->by_headers = where_open((const char *)text, n, &plain, NULL);
	slot->decoded = where_open((const char *)text, n, &all, NULL);
	return slot;
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	const struct slot *slot;
	struct pkt pkt = {.time_ns = 1};
	uint32_t linktype;
	size_t at;

	if (n < 2)
		return;
	at = 2 + (size_t)bytes[1];
	if (at > n)
		return;
	slot = open_kept(bytes + 2, bytes[1]);
	if (!slot->by_headers || !slot->decoded)
		return;
	pkt.data = bytes + at;
	pkt.caplen = (uint32_t)(n - at);
	pkt.wirelen = pkt.caplen + (bytes[0] & 0x80 ? 100 : 0);
	linktype = linktypes[(bytes[0] & 0x7f) % LINKTYPES];
	if (where_try(slot->by_headers, linktype, pkt) !=
	    where_try(slot->decoded, linktype, pkt))
		abort();
}

/* ---- seeds -------------------------------------------------------------- */

static const char *const exprs[] = {
    "ip.addr == 192.0.2.0/24 and not tcp.port in {1..79, 81}",
    "tcp[13] & 2 or frame[-4:] contains 0d:0a || eth.addr[1-2,0] != 00:00:02",
    "http.host matches \"(?-i)^w+\\\\.\" xor len(http.request.uri) > 3",
    "tcp.payload contains \"GET\" and upper(http.host) == \"X\"",
    "dns.qry.name[0:2] == \"ex\" or count(dns.a) > 1 or dns.resp.type === 1",
    "max(tcp.srcport, tcp.dstport) - 1 > 2 * {udp.length % 7} + frame.len",
    "any ip.src#[1-2] !== 10.0.0.0/8 or all ipv6.dst == ff00::/8",
    "string(ip.ttl) ~ \"4$\" or vals(arp.opcode) contains \"re\"",
    "@ip.src[0] == 0xc0 or data.data or tcp.segments or ip.fragment",
    "frame.time > \"2020-07-04 12:34:56Z\" or tcp.time_delta < 1ms",
    "frame contains 65:78 and (ip_rfc1918(ip.src) or ip_multicast(ip.dst))",
    "wlan.addr == ff:ff:ff:ff:ff:ff or radiotap or tls.handshake.type != 2",
    "tcp.port == 443 and ip.ttl > 20 or vlan.id == 2 and not udp",
    "ip.ttl * 2 > frame.len - ipv6.hlim xor mpls or all ip.dst == 192.0.2.2",
};

enum { EXPRS = ARRAY_LEN(exprs) };

/* Each with the request, then with the packets of the sample capture. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	size_t n = strlen(exprs[i % EXPRS]), len = sizeof(http_packet) - 1;

	bytes[0] = 0;
	bytes[1] = (uint8_t)n;
	memcpy(bytes + 2, exprs[i % EXPRS], n);
	if (i < EXPRS)
		memcpy(bytes + 2 + n, http_packet, len);
	else
		len = packets_load("tests/data/sample.pcap", i - EXPRS, 0,
				   bytes + 2 + n);
	return len ? 2 + n + len : 0;
}
