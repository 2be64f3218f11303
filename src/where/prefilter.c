/*
 * From the last layer to the first: for each chain of headers the condition
 * that is left when it is known which protocols the packet has.
 */
#include "where/prefilter.h"

#include <string.h>

#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "where/compute.h"

enum {
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_RAW = 101,
	LINKTYPE_SLL = 113,
	LINKTYPE_IPV4 = 228,
	LINKTYPE_IPV6 = 229,
	LINKTYPE_SLL2 = 276
};

enum {
	ETHERTYPE_MIN = 0x600, /* below: a length */
	FRAGMENT = 0x3fff,     /* more fragments, or an offset */
	KEYS_MOST = 200,       /* that lead to what is asked about */
	CONDITIONS_MOST = 2000 /* nodes of the tree */
};

/* The packets of one chain of headers. */
struct chain {
	struct header_places places;
	/* what may be in the packet after the headers */
	bool beyond[PROTO_COUNT];
};

struct maker {
	struct emitter e;
	const struct where_node *root;
	const struct plan *plan;
	bool follows_tcp, follows_udp;
	place decode, refuse, match;
	bool decides; /* some packets need not be decoded */
};

/* ---- conditions --------------------------------------------------------- */

enum known {
	KNOWN_FALSE,
	KNOWN_TRUE,
	KNOWN_TEST,	/* by header_test() */
	KNOWN_COMPUTED, /* by compute_test() */
	UNKNOWN
};

static bool has(const struct chain *c, unsigned id)
{
	return c->places.at[id] >= 0;
}

/* May a packet of the chain have a value of this protocol's fields that are at
   no fixed place? */
static bool may_have(const struct chain *c, unsigned id)
{
	unsigned i;

	if (c->beyond[id] || has(c, id))
		return true;
	for (i = 1; i < PROTO_COUNT; i++)
		if (proto_at(i)->also == id && (c->beyond[i] || has(c, i)))
			return true;
	return false;
}

/* Has no packet of the chain any value that the node is about? */
static bool is_absent(const struct chain *c, const struct where_node *node)
{
	const struct where_name *name;
	unsigned i;

	/* all that a condition computes with has to be there */
	if (node->kind != NODE_NAME) {
		for (i = 0; i < node->n_kids; i++)
			if (is_absent(c, node->kids[i]))
				return true;
		return false;
	}
	name = node->field.name;
	if (!name->n)
		return !may_have(c, name->proto);
	for (i = 0; i < name->n; i++)
		if (may_have(c, field_proto(name->numbers[i])))
			return false;
	return true;
}

/* Does each packet of the chain have all fields of the node once, at their
   fixed places? */
static bool is_placed(const struct chain *c, const struct where_node *node)
{
	struct header_question q;
	uint32_t i;

	if (node->kind == NODE_NAME)
		return header_field(node, &q) && has(c, q.id) &&
		       !c->beyond[q.id];
	for (i = 0; i < node->n_kids; i++)
		if (!is_placed(c, node->kids[i]))
			return false;
	return true;
}

/* What is known of a condition that has no conditions in it; of KNOWN_TEST, *q
   is what it asks. */
static enum known look(const struct chain *c, const struct where_node *node,
		       struct header_question *q)
{
	enum proto_id id;

	if (node->kind == NODE_TRUTH && header_protocol(node->kids[0], &id)) {
		if (c->beyond[id])
			return UNKNOWN;
		return has(c, id) ? KNOWN_TRUE : KNOWN_FALSE;
	}
	if (header_ask(node, q)) {
		if (c->beyond[q->id])
			return UNKNOWN;
		return has(c, q->id) ? KNOWN_TEST : KNOWN_FALSE;
	}
	if (is_absent(c, node))
		return KNOWN_FALSE;
	return compute_can(node) && is_placed(c, node) ? KNOWN_COMPUTED
						       : UNKNOWN;
}

static bool is_exact(const struct chain *c, const struct where_node *node)
{
	struct header_question q;
	uint32_t i;

	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
	case NODE_XOR:
	case NODE_NOT:
		for (i = 0; i < node->n_kids; i++)
			if (!is_exact(c, node->kids[i]))
				return false;
		return true;
	default:
		return look(c, node, &q) != UNKNOWN;
	}
}

/* Where a condition goes. */
struct ways {
	place yes, no;
	bool unknown; /* which of them what is not known takes: yes? */
};

static place put(struct maker *m, const struct chain *c,
		 const struct where_node *node, struct ways to);

static place put_xor(struct maker *m, const struct chain *c,
		     const struct where_node *node, struct ways to)
{
	/* where an odd and an even number of true ones go */
	place odd = to.yes, even = to.no, next;
	uint32_t i;

	if (!is_exact(c, node))
		return to.unknown ? to.yes : to.no;
	for (i = node->n_kids; i-- > 1;) {
		next = put(m, c, node->kids[i],
			   (struct ways){odd, even, to.unknown});
		odd = put(m, c, node->kids[i],
			  (struct ways){even, odd, to.unknown});
		even = next;
	}
	return put(m, c, node->kids[0], (struct ways){odd, even, to.unknown});
}

static place put(struct maker *m, const struct chain *c,
		 const struct where_node *node, struct ways to)
{
	struct header_question q;
	uint32_t i = node->n_kids;

	if (to.yes == to.no)
		return to.yes;
	switch (node->kind) {
	case NODE_AND:
		while (i-- > 0)
			to.yes = put(m, c, node->kids[i], to);
		return to.yes;
	case NODE_OR:
		while (i-- > 0)
			to.no = put(m, c, node->kids[i], to);
		return to.no;
	case NODE_XOR:
		return put_xor(m, c, node, to);
	case NODE_NOT:
		return put(m, c, node->kids[0],
			   (struct ways){to.no, to.yes, !to.unknown});
	default:
		break;
	}
	switch (look(c, node, &q)) {
	case KNOWN_FALSE:
		return to.no;
	case KNOWN_TRUE:
		return to.yes;
	case KNOWN_TEST:
		return header_test(&m->e, &q, &c->places, to.yes, to.no);
	case KNOWN_COMPUTED:
		return compute_test(&m->e, node, &c->places, to.yes, to.no);
	default:
		return to.unknown ? to.yes : to.no;
	}
}

/* The whole expression, of packets of that chain. */
static place put_root(struct maker *m, const struct chain *c)
{
	place yes = is_exact(c, m->root) ? m->match : m->decode;
	place start = put(m, c, m->root, (struct ways){yes, m->refuse, true});

	m->decides |= start != m->decode;
	return start;
}

/* ---- chains of headers -------------------------------------------------- */

/* The chain with one more protocol, whose header is there. */
static struct chain chain_with(const struct chain *c, enum proto_id id,
			       unsigned at)
{
	struct chain more = *c;

	more.places.at[id] = (int16_t)at;
	return more;
}

/* Packets that are too short for the header are decoded; others go on. */
static place put_header_end(struct maker *m, unsigned end, place next)
{
	emit_jump(&m->e, next);
	return emit_insn(&m->e, OP_LD_B_ABS, end - 1);
}

/* Ports that lead to what is asked about: their packets are decoded. false:
   there are too many. */
static bool put_ports(struct maker *m, enum key_space space, unsigned at,
		      place *next)
{
	uint32_t ports[KEYS_MOST];
	size_t n = plan_keys(m->plan, space, ports, KEYS_MOST), i;
	unsigned end;

	if (n > KEYS_MOST)
		return false;
	for (end = 0; n && end <= 2; end += 2) {
		for (i = 0; i < n; i++)
			*next = emit_test(&m->e, OP_JEQ_K, ports[i], m->decode,
					  *next);
		*next = emit_insn(&m->e, OP_LD_H_ABS, at + end);
	}
	return true;
}

/* TCP or UDP from byte `at` on; below is the chain up to IP. */
static place put_transport(struct maker *m, const struct chain *below,
			   enum proto_id id, unsigned at)
{
	struct chain c = chain_with(below, id, at);
	bool udp = id == PROTO_udp;
	place next;

	if (udp ? m->follows_udp : m->follows_tcp)
		return m->decode;
	plan_leads_beyond(m->plan, id, c.beyond);
	next = put_root(m, &c);
	if (next == m->decode ||
	    !put_ports(m, udp ? KEY_UDP_PORT : KEY_TCP_PORT, at, &next))
		return m->decode;
	next = put_header_end(m, at + header_length(id), next);
	if (udp)
		return next;
	/* a data offset below the shortest header is decoded */
	emit_test(&m->e, OP_JGE_K, 5 << 4, next, m->decode);
	return emit_insn(&m->e, OP_LD_B_ABS, at + 12);
}

/* Packets whose datagram has no room for a header that ends at `size`, by its
   length at byte `length`, are decoded. */
static place put_room(struct maker *m, unsigned length, unsigned size,
		      place next)
{
	if (size == 0)
		return next;
	emit_test(&m->e, OP_JGE_K, size, next, m->decode);
	return emit_insn(&m->e, OP_LD_H_ABS, length);
}

/* Where packets go whose IP protocol is the one of that number: to `other` if
   its header is not looked at. The datagram's length is at byte `length`, and
   `header` of it are before byte `at`. */
static place put_protocol(struct maker *m, const struct chain *c,
			  unsigned number, unsigned length, unsigned header,
			  unsigned at, place other)
{
	enum proto_id id = number == 6 ? PROTO_tcp : PROTO_udp;
	place next;

	if (plan_leads_to(m->plan, KEY_IPPROTO, number) != id)
		return other;
	next = put_transport(m, c, id, at);
	return next == m->decode
		   ? next
		   : put_room(m, length, header + header_length(id), next);
}

/* By the number of the protocol that follows IP at byte `at`, in the byte at
   `number`; length and header as above. */
static place put_protocols(struct maker *m, const struct chain *c,
			   unsigned number, unsigned length, unsigned header,
			   unsigned at)
{
	place next = put_root(m, c), tcp, udp;
	uint32_t values[KEYS_MOST];
	size_t n = plan_keys(m->plan, KEY_IPPROTO, values, KEYS_MOST), i;

	if (next != m->decode)
		next = put_room(m, length, header, put_header_end(m, at, next));
	tcp = put_protocol(m, c, 6, length, header, at, next);
	udp = put_protocol(m, c, 17, length, header, at, next);
	if (n > KEYS_MOST || (next == m->decode && tcp == next && udp == next))
		return m->decode;
	for (i = 0; i < n; i++)
		if (values[i] != 6 && values[i] != 17)
			next = emit_test(&m->e, OP_JEQ_K, values[i], m->decode,
					 next);
	next = emit_test(&m->e, OP_JEQ_K, 17, udp, next);
	emit_test(&m->e, OP_JEQ_K, 6, tcp, next);
	return emit_insn(&m->e, OP_LD_B_ABS, number);
}

static place put_ipv4(struct maker *m, const struct chain *below, unsigned at)
{
	struct chain c = chain_with(below, PROTO_ip, at);
	place next = put_protocols(m, &c, at + 9, at + 2, 20, at + 20);

	if (next == m->decode)
		return next;
	emit_test(&m->e, OP_JSET_K, FRAGMENT, m->decode, next);
	next = emit_insn(&m->e, OP_LD_H_ABS, at + 6);
	emit_test(&m->e, OP_JEQ_K, 0x45, next, m->decode);
	return emit_insn(&m->e, OP_LD_B_ABS, at);
}

static place put_ipv6(struct maker *m, const struct chain *below, unsigned at)
{
	struct chain c = chain_with(below, PROTO_ipv6, at);
	place next = put_protocols(m, &c, at + 6, at + 4, 0, at + 40);

	if (next == m->decode)
		return next;
	emit_test(&m->e, OP_JEQ_K, 0x60, next, m->decode);
	emit_insn(&m->e, OP_AND_K, 0xf0);
	return emit_insn(&m->e, OP_LD_B_ABS, at);
}

static bool is_vlan(const struct maker *m, unsigned type)
{
	return plan_leads_to(m->plan, KEY_ETHERTYPE, type) == PROTO_vlan;
}

/* By the EtherType at byte `type`, of what is after it at byte `at`. vlan: a
   tag may be next. */
static place put_ethertypes(struct maker *m, const struct chain *c,
			    unsigned type, unsigned at, bool vlan)
{
	place next = put_root(m, c), ip4 = next, ip6 = next, tag = m->decode;
	struct chain tagged;
	uint32_t values[KEYS_MOST];
	size_t n = plan_keys(m->plan, KEY_ETHERTYPE, values, KEYS_MOST), i;

	if (plan_leads_to(m->plan, KEY_ETHERTYPE, 0x0800) == PROTO_ip)
		ip4 = put_ipv4(m, c, at);
	if (plan_leads_to(m->plan, KEY_ETHERTYPE, 0x86dd) == PROTO_ipv6)
		ip6 = put_ipv6(m, c, at);
	if (vlan) {
		tagged = chain_with(c, PROTO_vlan, at);
		tag = put_ethertypes(m, &tagged, at + 2, at + 4, false);
	}
	if (next == m->decode && ip4 == next && ip6 == next && tag == next)
		return next;
	next = emit_test(&m->e, OP_JGE_K, ETHERTYPE_MIN, next, m->decode);
	if (n > KEYS_MOST)
		return m->decode;
	for (i = 0; i < n; i++)
		if (values[i] >= ETHERTYPE_MIN && values[i] != 0x0800 &&
		    values[i] != 0x86dd)
			next = emit_test(
			    &m->e, OP_JEQ_K, values[i],
			    is_vlan(m, values[i]) ? tag : m->decode, next);
	next = emit_test(&m->e, OP_JEQ_K, 0x86dd, ip6, next);
	emit_test(&m->e, OP_JEQ_K, 0x0800, ip4, next);
	return emit_insn(&m->e, OP_LD_H_ABS, type);
}

/* IP without anything before it. */
static place put_versions(struct maker *m, const struct chain *c)
{
	place ip4 = put_ipv4(m, c, 0), ip6 = put_ipv6(m, c, 0);

	emit_test(&m->e, OP_JEQ_K, 0x40, ip4,
		  emit_test(&m->e, OP_JEQ_K, 0x60, ip6, m->decode));
	emit_insn(&m->e, OP_AND_K, 0xf0);
	return emit_insn(&m->e, OP_LD_B_ABS, 0);
}

static place put_link(struct maker *m, uint32_t linktype)
{
	struct chain c = {.beyond = {false}};
	unsigned id = plan_leads_to(m->plan, KEY_LINKTYPE, linktype);

	memset(c.places.at, -1, sizeof(c.places.at));
	c.places.at[PROTO_frame] = 0;
	if (id == PROTO_NONE)
		return put_root(m, &c); /* nothing else is asked about */
	c.places.at[id] = 0;
	switch (linktype) {
	case LINKTYPE_ETHERNET:
		return id == PROTO_eth ? put_ethertypes(m, &c, 12, 14, true)
				       : m->decode;
	case LINKTYPE_SLL:
		return id == PROTO_sll ? put_ethertypes(m, &c, 14, 16, true)
				       : m->decode;
	case LINKTYPE_SLL2:
		return id == PROTO_sll ? put_ethertypes(m, &c, 0, 20, true)
				       : m->decode;
	case LINKTYPE_RAW:
		return id == PROTO_raw ? put_versions(m, &c) : m->decode;
	case LINKTYPE_IPV4:
		return id == PROTO_ip ? put_ipv4(m, &c, 0) : m->decode;
	case LINKTYPE_IPV6:
		return id == PROTO_ipv6 ? put_ipv6(m, &c, 0) : m->decode;
	default:
		return m->decode;
	}
}

/* Longer ones would not be worth the time that it takes to make a program. */
static bool is_short(const struct where_node *node, unsigned *left)
{
	uint32_t i;

	if (!*left)
		return false;
	--*left;
	for (i = 0; i < node->n_kids; i++)
		if (!is_short(node->kids[i], left))
			return false;
	return true;
}

bool prefilter_make(const struct where_node *root, const struct plan *plan,
		    const struct flow_context *context, uint32_t linktype,
		    struct program *program)
{
	struct maker m = {
	    .e = EMITTER(PROGRAM_KERNEL_MAX),
	    .root = root,
	    .plan = plan,
	    .follows_tcp = context && context->tcp,
	    .follows_udp = context && (context->udp || context->use_rpc),
	};
	unsigned left = CONDITIONS_MOST;
	place start;

	if (!is_short(root, &left))
		return false;
	m.decode = emit_insn(&m.e, OP_RET_K, PREFILTER_DECODE);
	m.refuse = emit_insn(&m.e, OP_RET_K, PREFILTER_REFUSE);
	m.match = emit_insn(&m.e, OP_RET_K, PREFILTER_MATCH);
	start = put_link(&m, linktype);
	/* the first instruction is where it starts */
	emit_jump(&m.e, start);
	if (emit_end(&m.e, program) && m.decides)
		return true;
	program_fini(program);
	return false;
}
