/*
 * From the last layer to the first: for each chain of headers the condition
 * that is left when it is known which protocols the packet has.
 */
#include "where/prefilter.h"

#include <string.h>

#include "base/array.h"
#include "decode/proto.h"
#include "where/prefilter_ip.h"

enum {
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_RAW = 101,
	LINKTYPE_SLL = 113,
	LINKTYPE_IPV4 = 228,
	LINKTYPE_IPV6 = 229
};

enum {
	ETHERTYPE_MIN = 0x600, /* below: a length */
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
	LABEL_BOTTOM = 1,      /* in a label's third byte: it is the last */
	TAGS_MOST = 2,	       /* VLAN tags in a row */
	LABELS_MOST = 2,       /* MPLS labels in a row */
	CONDITIONS_MOST = 2000 /* nodes of the tree */
};

/* What an EtherType leads to. */
struct types {
	place other, ip4, ip6, tag, label;
	place plain;  /* IPv4 whose first byte was looked at */
	place length; /* none: a length, before LLC */
};

/* Where the packets of a type go that is neither IPv4 nor IPv6 but leads to
   what is asked about. */
static place type_to(const struct maker *m, const struct types *to,
		     unsigned type)
{
	switch (plan_leads_to(m->plan, KEY_ETHERTYPE, type)) {
	case PROTO_vlan:
		return to->tag;
	case PROTO_mpls:
		return to->label;
	default:
		return m->decode;
	}
}

/* By the EtherType at byte `type`. */
static place put_types(struct maker *m, const struct types *to, unsigned type)
{
	uint32_t values[NUMBERS_MOST];
	size_t n = plan_keys(m->plan, KEY_ETHERTYPE, values, NUMBERS_MOST), i;
	struct numbers of = {.n = 0};
	place next = emit_test(
	    &m->e, OP_JGE_K, ETHERTYPE_MIN, to->other,
	    to->length == m->decode
		? m->decode
		: emit_test(&m->e, OP_JEQ_K, 0, m->decode, to->length));

	if (n > NUMBERS_MOST)
		return m->decode;
	for (i = 0; i < n; i++) {
		if (values[i] < ETHERTYPE_MIN || values[i] == ETHERTYPE_IPV4 ||
		    values[i] == ETHERTYPE_IPV6)
			continue;
		of.value[of.n] = values[i];
		of.to[of.n++] = type_to(m, to, values[i]);
	}
	next = prefilter_numbers(m, &of, next);
	next = emit_test(&m->e, OP_JEQ_K, ETHERTYPE_IPV6, to->ip6, next);
	emit_test(&m->e, OP_JEQ_K, ETHERTYPE_IPV4, to->ip4, next);
	return emit_insn(&m->e, OP_LD_H_ABS, type);
}

/* The same, where IPv4 follows at once: most packets are decided upon by one
   look at the type and the first byte. */
static place put_types_and_byte(struct maker *m, const struct types *to,
				unsigned type)
{
	place next = put_types(m, to, type);

	emit_test(&m->e, OP_JEQ_K,
		  (uint32_t)ETHERTYPE_IPV4 << 16 | PREFILTER_IPV4 << 8,
		  to->plain, next);
	emit_insn(&m->e, OP_AND_K, 0xffffff00);
	return emit_insn(&m->e, OP_LD_W_ABS, type);
}

/* LLC at byte `at` of an Ethernet frame, which has a length and no type. */
static place put_llc(struct maker *m, const struct header_chain *eth,
		     unsigned at)
{
	struct header_chain c = *eth;
	unsigned id = plan_leads_to(m->plan, KEY_LLC, 0);

	c.beyond[PROTO_eth] =
	    true; /* not all of its fields are where they are */
	return id == PROTO_NONE ? prefilter_root(m, &c)
				: prefilter_onward(m, &c, id, at);
}

/* The MPLS label at byte `at`: the first of at most n. */
static place put_label(struct maker *m, const struct header_chain *below,
		       unsigned at, unsigned n)
{
	struct header_chain c = chain_with(below, PROTO_mpls, at);
	place more = n > 1 ? put_label(m, &c, at + 4, n - 1) : m->decode, last;

	last = m->rest ? m->decode : prefilter_ip(m, &c, at + 4);
	if (more == m->decode && last == m->decode)
		return m->decode;
	emit_test(&m->e, OP_JSET_K, LABEL_BOTTOM, last, more);
	return emit_insn(&m->e, OP_LD_B_ABS, at + 2);
}

/* By the EtherType at byte `type`, of what is after it at byte `at`, where at
   most n VLAN tags may be. */
static place put_ethertypes(struct maker *m, const struct header_chain *c,
			    unsigned type, unsigned at, unsigned n)
{
	bool tagged = c->places.at[PROTO_vlan] >= 0;
	place next = prefilter_root(m, c);
	struct types to = {next,      next,	 next,	   m->decode,
			   m->decode, m->decode, m->decode};
	struct header_chain tag;

	if (plan_leads_to(m->plan, KEY_ETHERTYPE, ETHERTYPE_IPV4) == PROTO_ip) {
		to.plain = prefilter_ipv4_rest(m, c, at);
		to.ip4 = prefilter_ipv4_byte(m, c, at, to.plain);
	}
	if (plan_leads_to(m->plan, KEY_ETHERTYPE, ETHERTYPE_IPV6) == PROTO_ipv6)
		to.ip6 = prefilter_ipv6(m, c, at);
	if (c->places.at[PROTO_eth] == 0 && !tagged)
		to.length = put_llc(m, c, at);
	if (m->deep && !tagged)
		to.label = put_label(m, c, at, LABELS_MOST);
	if (n) {
		tag = chain_with(c, PROTO_vlan, at);
		tag.beyond[PROTO_vlan] |= tagged;
		to.tag = put_ethertypes(m, &tag, at + 2, at + 4, n - 1);
	}
	if (next == m->decode && to.ip4 == next && to.ip6 == next &&
	    to.tag == next && to.label == next)
		return next;
	return to.plain != m->decode && at == type + 2
		   ? put_types_and_byte(m, &to, type)
		   : put_types(m, &to, type);
}

static place put_link(struct maker *m, uint32_t linktype)
{
	struct header_chain c = {.beyond = {false}};
	unsigned id = plan_leads_to(m->plan, KEY_LINKTYPE, linktype);
	unsigned tags = m->deep ? TAGS_MOST : 1;

	memset(c.places.at, -1, sizeof(c.places.at));
	c.places.at[PROTO_frame] = 0;
	if (id == PROTO_NONE)
		return prefilter_root(m, &c); /* no header is asked about */
	c.places.at[id] = 0;
	switch (linktype) {
	case LINKTYPE_ETHERNET:
		return id == PROTO_eth ? put_ethertypes(m, &c, 12, 14, tags)
				       : m->decode;
	case LINKTYPE_SLL:
		return id == PROTO_sll ? put_ethertypes(m, &c, 14, 16, tags)
				       : m->decode;
	case LINKTYPE_SLL2:
		return id == PROTO_sll ? put_ethertypes(m, &c, 0, 20, tags)
				       : m->decode;
	case LINKTYPE_RAW:
		return id == PROTO_raw ? prefilter_ip(m, &c, 0) : m->decode;
	case LINKTYPE_IPV4:
		return id == PROTO_ip ? prefilter_ipv4(m, &c, 0) : m->decode;
	case LINKTYPE_IPV6:
		return id == PROTO_ipv6 ? prefilter_ipv6(m, &c, 0) : m->decode;
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

/* Fields that have another value than is in the packet where that is 0. */
static bool is_length(const struct where_node *node)
{
	static const char *const lengths[] = {"ip.len", "ipv6.plen",
					      "udp.length"};
	size_t i;

	for (i = 0; node->kind == NODE_NAME && i < ARRAY_LEN(lengths); i++)
		if (!strcmp(node->field.name->name, lengths[i]))
			return true;
	return false;
}

/* Can what a packet lacks only keep the expression from matching? */
static bool is_rising(const struct where_node *node)
{
	uint32_t i;

	if (node->kind == NODE_NOT || node->kind == NODE_XOR || is_length(node))
		return false;
	for (i = 0; i < node->n_kids; i++)
		if (!is_rising(node->kids[i]))
			return false;
	return true;
}

/* The program for a link type. false: there is none that would decide
   anything, or it would be too long. */
static bool make(struct maker *m, uint32_t linktype, struct program *program)
{
	place start;

	m->e = EMITTER(PROGRAM_KERNEL_MAX);
	m->decides = false;
	m->decode = emit_insn(&m->e, OP_RET_K, PREFILTER_DECODE);
	m->refuse = emit_insn(&m->e, OP_RET_K, PREFILTER_REFUSE);
	m->match = emit_insn(&m->e, OP_RET_K, PREFILTER_MATCH);
	start = put_link(m, linktype);
	/* the first instruction is where it starts */
	emit_jump(&m->e, start);
	if (emit_end(&m->e, program) && m->decides)
		return true;
	program_fini(program);
	return false;
}

bool prefilter_make(const struct where_node *root, const struct plan *plan,
		    const struct flow_context *context, uint32_t linktype,
		    struct program *program)
{
	struct maker m = {
	    .root = root,
	    .plan = plan,
	    .follows_tcp = context && context->tcp,
	    .follows_udp = context && (context->udp || context->use_rpc),
	    .rest = plan_wants_of(plan, PROTO_data) ||
		    plan_wants_of(plan, PROTO_malformed),
	    .deep = true,
	};
	unsigned left = CONDITIONS_MOST;

	if (!is_short(root, &left))
		return false;
	/* bytes of what is not decoded are more where a header lacks */
	m.rising = !m.rest && is_rising(root);
	if (make(&m, linktype, program))
		return true;
	m.deep = false;
	return make(&m, linktype, program);
}
