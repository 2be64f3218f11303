/*
 * Where the addresses and ports of a packet are. Link headers as in
 * https://www.tcpdump.org/linktypes.html, IPv4 (RFC 791), ARP (RFC 826), IPv6
 * (RFC 8200), AH (RFC 4302), TCP (RFC 9293), UDP (RFC 768), SCTP (RFC 9260),
 * DCCP (RFC 4340), UDP-Lite (RFC 3828).
 */
#include "pkt/headers.h"

#include <string.h>

#include "base/array.h"
#include "base/be.h"
#include "base/cursor.h"

enum {
	TYPE_IP4 = 0x0800,
	TYPE_ARP = 0x0806,
	TYPE_RARP = 0x8035,
	TYPE_IP6 = 0x86dd,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_MULTICAST = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_LENGTH_MAX = 1500, /* below: an 802.3 length, LLC follows */
};

enum {
	PROTO_HOPOPTS = 0,
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_DCCP = 33,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_AH = 51,
	PROTO_ICMP6 = 58,
	PROTO_DSTOPTS = 60,
	PROTO_SCTP = 132,
	PROTO_MOBILITY = 135,
	PROTO_UDPLITE = 136,
	PROTO_HIP = 139,
	PROTO_SHIM6 = 140,
};

/* Headers of one kind in a row: VLAN tags, labels, extension headers. */
#define NESTING_MAX 32

/* One packet on the way. */
struct look {
	struct cur cur;
	const uint8_t *data;
	struct header_offsets *place;
};

static uint32_t at(const struct look *k)
{
	return (uint32_t)(k->cur.pos - k->data);
}

/* The headers so far are whole: this is where they end. */
static void mark(struct look *k)
{
	if (k->cur.state == CUR_OK)
		k->place->end = at(k);
}

/* ---- transport ---- */

/* How far from the header's start the checksum is, and how long it is. */
static const struct transport {
	uint8_t proto, length, sum, sum_length;
	bool ports;
} transports[] = {
    {PROTO_TCP, 20, 16, 2, true},   {PROTO_UDP, 8, 6, 2, true},
    {PROTO_ICMP, 8, 2, 2, false},   {PROTO_ICMP6, 8, 2, 2, false},
    {PROTO_SCTP, 12, 8, 4, true},   {PROTO_DCCP, 12, 6, 2, true},
    {PROTO_UDPLITE, 8, 6, 2, true},
};

static void look_transport(struct look *k)
{
	struct header_offsets *l = k->place;
	struct cur c = k->cur;
	const uint8_t *p;
	size_t i, length;

	for (i = 0; i < ARRAY_LEN(transports); i++)
		if (transports[i].proto == l->proto)
			break;
	if (i == ARRAY_LEN(transports))
		return;
	l->next = at(k);
	if (transports[i].ports) {
		l->sport = cur_be16(&c);
		l->dport = cur_be16(&c);
		l->ports = c.state == CUR_OK;
	}
	p = cur_bytes(&k->cur, transports[i].length);
	if (!p)
		return;
	l->sum_at = l->next + transports[i].sum;
	mark(k);
	length = transports[i].length;
	if (l->proto == PROTO_TCP)
		length = (size_t)(p[12] >> 4) * 4;
	else if (l->proto == PROTO_DCCP)
		length = (size_t)p[4] * 4;
	if (length > transports[i].length) {
		cur_skip(&k->cur, length - transports[i].length);
		mark(k);
	}
}

/* ---- network ---- */

static void look_ip4(struct look *k)
{
	struct header_offsets *l = k->place;
	const uint8_t *p = cur_bytes(&k->cur, 20);
	unsigned header, total, offset;

	if (!p || p[0] >> 4 != 4)
		return;
	header = (p[0] & 15u) * 4;
	total = be16(p + 2);
	offset = (p[6] & 0x1fu) << 8 | p[7];
	if (header < 20)
		return;
	l->ip = 4;
	l->addrlen = 4;
	l->src = p + 12;
	l->dst = p + 16;
	l->proto = p[9];
	l->ttl_at = 8;
	l->frag_id = be16(p + 4);
	l->fragment = offset || (p[6] & 0x20);
	l->first = l->fragment && offset == 0;
	mark(k);
	/* total is 0 in captures of segments still to be cut by the card */
	if (total >= header && total - 20 < k->cur.claim)
		k->cur = cur_part(&k->cur, total - 20);
	l->tail = (uint32_t)(k->cur.cap - k->data);
	cur_skip(&k->cur, header - 20);
	mark(k);
	if (offset == 0 && k->cur.state == CUR_OK)
		look_transport(k);
}

/* One extension header, whose kind is l->proto; false: it was none. */
static bool look_extension(struct look *k, bool *later)
{
	struct header_offsets *l = k->place;
	const uint8_t *p;
	unsigned offset;
	size_t length;

	switch (l->proto) {
	case PROTO_HOPOPTS:
	case PROTO_ROUTING:
	case PROTO_DSTOPTS:
	case PROTO_MOBILITY:
	case PROTO_HIP:
	case PROTO_SHIM6:
	case PROTO_AH:
		p = cur_bytes(&k->cur, 2);
		if (!p)
			return false;
		length =
		    l->proto == PROTO_AH ? (p[1] + 2u) * 4 : (p[1] + 1u) * 8;
		cur_skip(&k->cur, length - 2);
		break;
	case PROTO_FRAGMENT:
		p = cur_bytes(&k->cur, 8);
		if (!p)
			return false;
		offset = (unsigned)p[2] << 5 | p[3] >> 3;
		l->fragment = offset || (p[3] & 1);
		l->first = l->fragment && offset == 0;
		l->frag_id = be32(p + 4);
		*later = offset != 0;
		break;
	default:
		return false;
	}
	if (k->cur.state != CUR_OK)
		return false;
	l->proto = p[0];
	mark(k);
	return true;
}

static void look_ip6(struct look *k)
{
	struct header_offsets *l = k->place;
	const uint8_t *p = cur_bytes(&k->cur, 40);
	bool later = false;
	unsigned payload;
	int i;

	if (!p || p[0] >> 4 != 6)
		return;
	payload = be16(p + 4);
	l->ip = 6;
	l->addrlen = 16;
	l->src = p + 8;
	l->dst = p + 24;
	l->proto = p[6];
	l->ttl_at = 7;
	mark(k);
	if (payload > 0 && payload < k->cur.claim) /* 0: jumbo, or to be cut */
		k->cur = cur_part(&k->cur, payload);
	l->tail = (uint32_t)(k->cur.cap - k->data);
	for (i = 0; i < NESTING_MAX && !later; i++)
		if (!look_extension(k, &later))
			break;
	if (!later && i < NESTING_MAX && k->cur.state == CUR_OK)
		look_transport(k);
}

static void look_arp(struct look *k)
{
	struct header_offsets *l = k->place;
	const uint8_t *p = cur_bytes(&k->cur, 8), *a;
	size_t hlen, plen;

	if (!p)
		return;
	hlen = p[4];
	plen = p[5];
	a = cur_bytes(&k->cur, 2 * (hlen + plen));
	if (!a)
		return;
	mark(k);
	if (p[2] != TYPE_IP4 >> 8 || p[3] != (TYPE_IP4 & 255) || plen != 4)
		return;
	l->addrlen = 4;
	l->src = a + hlen;
	l->dst = a + 2 * hlen + plen;
}

/* The version field decides. */
static void look_ip(struct look *k)
{
	const struct cur *c = &k->cur;

	k->place->net = at(k);
	if (cur_left(c) == 0)
		return;
	if (*c->pos >> 4 == 4) {
		k->place->ethertype = TYPE_IP4;
		look_ip4(k);
	} else if (*c->pos >> 4 == 6) {
		k->place->ethertype = TYPE_IP6;
		look_ip6(k);
	}
}

static void look_mpls(struct look *k)
{
	int i;

	for (i = 0; i < NESTING_MAX; i++) {
		uint32_t label = cur_be32(&k->cur);

		if (k->cur.state != CUR_OK)
			return;
		mark(k);
		if (label & 0x100) { /* bottom of stack */
			look_ip(k);
			return;
		}
	}
}

static void look_ppp(struct look *k)
{
	uint32_t proto = cur_u8(&k->cur);

	if (!(proto & 1)) /* two bytes, unless compressed */
		proto = proto << 8 | cur_u8(&k->cur);
	if (k->cur.state != CUR_OK)
		return;
	mark(k);
	k->place->net = at(k);
	if (proto == 0x21 || proto == 0x57)
		look_ip(k);
	else if (proto == 0x281)
		look_mpls(k);
}

/* ---- between link and network ---- */

static bool is_vlan(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100 ||
	       type == 0x9200;
}

static void look_ethertype(struct look *k, uint16_t type);

/* 802.2: a SNAP header leads to an Ethernet type, SAP 6 to IP. */
static void look_llc(struct look *k)
{
	const uint8_t *p = cur_bytes(&k->cur, 3);

	if (!p)
		return;
	mark(k);
	if (p[0] == 0xaa && p[1] == 0xaa && p[2] == 3) {
		const uint8_t *snap = cur_bytes(&k->cur, 5);

		if (!snap)
			return;
		mark(k);
		look_ethertype(k, be16(snap + 3));
	} else if (p[0] == 6 && p[1] == 6 && p[2] == 3) {
		look_ip(k);
	}
}

static void look_ethertype(struct look *k, uint16_t type)
{
	int i;

	for (i = 0; i < NESTING_MAX && is_vlan(type); i++) {
		cur_skip(&k->cur, 2);
		type = cur_be16(&k->cur);
		if (k->cur.state != CUR_OK)
			return;
		mark(k);
	}
	k->place->net = at(k);
	k->place->ethertype = type > TYPE_LENGTH_MAX ? type : 0;
	switch (type) {
	case TYPE_IP4:
		look_ip4(k);
		break;
	case TYPE_IP6:
		look_ip6(k);
		break;
	case TYPE_ARP:
	case TYPE_RARP:
		look_arp(k);
		break;
	case TYPE_MPLS:
	case TYPE_MPLS_MULTICAST:
		look_mpls(k);
		break;
	case TYPE_PPPOE:
		cur_skip(&k->cur, 6);
		if (k->cur.state == CUR_OK)
			look_ppp(k);
		break;
	default:
		if (type <= TYPE_LENGTH_MAX && k->cur.state == CUR_OK)
			look_llc(k);
	}
}

/* ---- link ---- */

/* Step over n bytes; the 16-bit type at `type` says what follows. */
static bool look_typed(struct look *k, size_t n, size_t type)
{
	const uint8_t *p = cur_bytes(&k->cur, n);

	if (!p)
		return false;
	mark(k);
	look_ethertype(k, be16(p + type));
	return true;
}

/* Step over n bytes; what follows says itself what it is. */
static bool look_behind(struct look *k, size_t n, void (*next)(struct look *))
{
	cur_skip(&k->cur, n);
	if (k->cur.state != CUR_OK)
		return false;
	mark(k);
	next(k);
	return true;
}

/* An 802.11 frame: data frames that are not encrypted carry LLC. */
static bool look_wifi(struct look *k)
{
	const uint8_t *p = cur_bytes(&k->cur, 2);
	size_t more = 22; /* up to the sequence control */

	if (!p)
		return false;
	if ((p[0] & 0x0c) != 0x08) { /* management, control */
		mark(k);
		return true;
	}
	if ((p[1] & 3) == 3)
		more += 6; /* a fourth address */
	if (p[0] & 0x80)
		more +=
		    (p[1] & 0x80) ? 6 : 2; /* QoS, high throughput control */
	cur_skip(&k->cur, more);
	if (k->cur.state != CUR_OK)
		return false;
	mark(k);
	if (!(p[0] & 0x40) && !(p[1] & 0x40)) /* has data; not protected */
		look_llc(k);
	return true;
}

/* A radiotap header: its length is at byte 2, little-endian. */
static bool look_radiotap(struct look *k)
{
	const uint8_t *p = cur_bytes(&k->cur, 8);
	size_t length;

	if (!p)
		return false;
	length = p[2] | (size_t)p[3] << 8;
	if (length < 8)
		return false;
	cur_skip(&k->cur, length - 8);
	if (k->cur.state != CUR_OK)
		return false;
	mark(k);
	return look_wifi(k);
}

static bool look_ppp_hdlc(struct look *k)
{
	const uint8_t *p = k->cur.pos;

	if (cur_left(&k->cur) >= 4 && p[0] == 0x0f) /* Cisco HDLC */
		return look_typed(k, 4, 2);
	if (cur_left(&k->cur) >= 2 && p[0] == 0xff && p[1] == 3)
		cur_skip(&k->cur, 2);
	look_ppp(k);
	return true;
}

static bool look_ppp_with_dir(struct look *k)
{
	cur_skip(&k->cur, 1);
	return look_ppp_hdlc(k);
}

/* pflog's header says its length, padded to 4 bytes, in its first. */
static bool look_pflog(struct look *k)
{
	if (cur_left(&k->cur) == 0)
		return false;
	return look_behind(k, (*k->cur.pos + 3u) & ~3u, look_ip);
}

/*
 * By LINKTYPE_ value: a function of its own (whole), or a header of `length`
 * bytes with either an Ethernet type in it at `type`, or `next` after it.
 */
static const struct link {
	uint16_t linktype;
	uint8_t length, type;
	bool (*whole)(struct look *);
	void (*next)(struct look *);
} links[] = {
    {1, 14, 12, NULL, NULL},		  /* ETHERNET */
    {0, 4, 0, NULL, look_ip},		  /* NULL: a family, in either order */
    {6, 14, 0, NULL, look_llc},		  /* IEEE802_5 without source routing */
    {9, 0, 0, look_ppp_hdlc, NULL},	  /* PPP */
    {10, 13, 0, NULL, look_llc},	  /* FDDI */
    {12, 0, 0, NULL, look_ip},		  /* RAW as some systems wrote it */
    {14, 0, 0, NULL, look_ip},		  /* the same */
    {50, 0, 0, look_ppp_hdlc, NULL},	  /* PPP_HDLC */
    {51, 6, 0, NULL, look_ppp},		  /* PPP_ETHER */
    {100, 0, 0, NULL, look_llc},	  /* ATM_RFC1483 */
    {101, 0, 0, NULL, look_ip},		  /* RAW */
    {104, 4, 2, NULL, NULL},		  /* C_HDLC */
    {105, 0, 0, look_wifi, NULL},	  /* IEEE802_11 */
    {108, 4, 0, NULL, look_ip},		  /* LOOP */
    {113, 16, 14, NULL, NULL},		  /* LINUX_SLL */
    {117, 0, 0, look_pflog, NULL},	  /* PFLOG */
    {122, 16, 0, NULL, look_llc},	  /* IP_OVER_FC */
    {127, 0, 0, look_radiotap, NULL},	  /* IEEE802_11_RADIOTAP */
    {204, 0, 0, look_ppp_with_dir, NULL}, /* PPP_WITH_DIR */
    {228, 0, 0, NULL, look_ip},		  /* IPV4 */
    {229, 0, 0, NULL, look_ip},		  /* IPV6 */
    {276, 20, 0, NULL, NULL},		  /* LINUX_SLL2 */
};

static const struct link *link_find(uint32_t linktype)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(links); i++)
		if (links[i].linktype == linktype)
			return &links[i];
	return NULL;
}

bool headers_known(uint32_t linktype)
{
	return link_find(linktype) != NULL;
}

bool headers_find(uint32_t linktype, const uint8_t *data, uint32_t caplen,
		  uint32_t wirelen, struct header_offsets *place)
{
	struct look k = {
	    .cur = cur_over(data, caplen, wirelen < caplen ? caplen : wirelen),
	    .data = data,
	    .place = place,
	};

	const struct link *l = link_find(linktype);

	memset(place, 0, sizeof(*place));
	if (!l)
		return false;
	if (l->whole)
		return l->whole(&k);
	if (l->next)
		return look_behind(&k, l->length, l->next);
	return look_typed(&k, l->length, l->type);
}
