/* What tells the packets of one flow from those of others. */
#include "pkt/flowkey.h"

#include <string.h>

#include "base/be.h"

enum { PROTO_ICMP = 1, PROTO_ICMP6 = 58, LINKTYPE_RAW = 101 };

/* The two ends in order; a key without ports orders by address alone. */
static void set_ends(struct flowkey *key, const struct header_offsets *l,
		     uint16_t sport, uint16_t dport)
{
	int order = memcmp(l->src, l->dst, l->addrlen);
	bool swap = order > 0 || (order == 0 && sport > dport);

	memcpy(key->addrs[swap], l->src, l->addrlen);
	memcpy(key->addrs[!swap], l->dst, l->addrlen);
	key->ports[swap] = sport;
	key->ports[!swap] = dport;
}

/* Fragments are distinguished by both addresses in order and an id. */
static void set_part(struct flowkey *part, const struct header_offsets *l)
{
	memset(part, 0, sizeof(*part));
	part->version = l->ip;
	part->proto = l->proto;
	part->part = 1;
	memcpy(part->addrs[0], l->src, l->addrlen);
	memcpy(part->addrs[1], l->dst, l->addrlen);
	part->ports[0] = (uint16_t)(l->frag_id >> 16);
	part->ports[1] = (uint16_t)l->frag_id;
}

static bool is_icmp_error(const struct header_offsets *l, uint8_t type)
{
	if (l->proto == PROTO_ICMP6)
		return type < 128;
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/* Echo, time stamp, information and address mask, and their answers. */
static bool is_icmp_query(const struct header_offsets *l, uint8_t type)
{
	if (l->proto == PROTO_ICMP6)
		return type == 128 || type == 129;
	return type == 0 || type == 8 || (type >= 13 && type <= 18);
}

/* The flow of the packet that an ICMP error quotes, if that much is there. */
static bool quoted(const struct pkt *p, const struct header_offsets *l,
		   struct flowkey *key)
{
	uint32_t at = l->next + 8;
	struct header_offsets in;

	if (p->caplen <= at ||
	    !headers_find(LINKTYPE_RAW, p->data + at, p->caplen - at,
			  UINT32_MAX - at, &in) ||
	    !in.ip)
		return false;
	key->version = in.ip;
	key->proto = in.proto;
	if (in.proto == PROTO_ICMP || in.proto == PROTO_ICMP6) {
		const uint8_t *q = p->data + at + in.next;

		if (in.next == 0 || p->caplen - at < in.next + 8 ||
		    !is_icmp_query(&in, q[0]))
			return false;
		in.sport = in.dport = be16(q + 4);
	}
	set_ends(key, &in, in.sport, in.dport);
	return true;
}

static void set_icmp(const struct pkt *p, const struct header_offsets *l,
		     struct flowkey *key)
{
	const uint8_t *q = p->data + l->next;
	uint16_t id = 0;

	if (l->next == 0 || p->caplen < l->next + 8) {
		set_ends(key, l, 0, 0);
		return;
	}
	if (is_icmp_error(l, q[0]) && quoted(p, l, key))
		return;
	if (is_icmp_query(l, q[0]))
		id = be16(q + 4);
	key->version = l->ip;
	key->proto = l->proto;
	set_ends(key, l, id, id);
}

enum flow_kind flowkey_of(uint32_t linktype, const struct pkt *p,
			  struct flowkey *key, struct flowkey *part,
			  bool *has_part)
{
	struct header_offsets l;

	*has_part = false;
	headers_find(linktype, p->data, p->caplen, p->wirelen, &l);
	if (!l.ip)
		return FLOW_NONE;
	if (l.fragment) {
		set_part(part, &l);
		if (!l.first)
			return FLOW_FRAGMENT;
		*has_part = true;
	}
	memset(key, 0, sizeof(*key));
	key->version = l.ip;
	key->proto = l.proto;
	if (l.proto == PROTO_ICMP || l.proto == PROTO_ICMP6)
		set_icmp(p, &l, key);
	else
		set_ends(key, &l, l.sport, l.dport);
	return FLOW_KNOWN;
}

struct hash flowkey_hash(const struct flowkey *key,
			 const struct hash_seed *seed)
{
	struct hash h = hash_start(seed);

	hash_add(&h, (const uint8_t *)key, sizeof(*key), seed);
	return h;
}
