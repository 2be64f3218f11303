/*
 * From the last layer to the first: for each chain of headers the condition
 * that is left when it is known which protocols the packet has.
 */
#include "where/prefilter.h"

#include <string.h>

#include "base/array.h"
#include "decode/proto.h"
#include "where/condition.h"

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
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
	IPV4_PLAIN = 0x45,     /* the first byte without options */
	FRAGMENT = 0x3fff,     /* more fragments, or an offset */
	KEYS_MOST = 200,       /* that lead to what is asked about */
	CONDITIONS_MOST = 2000 /* nodes of the tree */
};

struct maker {
	struct emitter e;
	const struct where_node *root;
	const struct plan *plan;
	bool follows_tcp, follows_udp;
	bool rising; /* no condition matches by what a packet lacks */
	bool rest;   /* what no protocol takes is asked about */
	place decode, refuse, match;
	bool decides; /* some packets need not be decoded */
};

/* ---- the last header of a chain ----------------------------------------- */

/* What it takes for the last header to be as the conditions take it; of other
   packets it may not be there. All zero: nothing. */
struct last_header {
	unsigned end;	 /* bytes of the packet up to its end */
	unsigned length; /* where the length of its datagram is, */
	unsigned size;	 /* and how much that must be; 0: anything */
	unsigned offset; /* where TCP's data offset is; 0: it is not TCP */
};

static const struct last_header nothing;

/* Packets whose last header is not like this are decoded. */
static place put_last(struct maker *m, const struct last_header *h, place next)
{
	if (h->end) {
		emit_jump(&m->e, next);
		next = emit_insn(&m->e, OP_LD_B_ABS, h->end - 1);
	}
	if (h->offset) {
		emit_test(&m->e, OP_JGE_K, 5 << 4, next, m->decode);
		next = emit_insn(&m->e, OP_LD_B_ABS, h->offset);
	}
	if (h->size) {
		emit_test(&m->e, OP_JGE_K, h->size, next, m->decode);
		next = emit_insn(&m->e, OP_LD_H_ABS, h->length);
	}
	return next;
}

/*
 * The whole expression, of packets of that chain. What the last header lacks
 * can only make conditions false: in a rising expression those that are false
 * without a look at it stay so, and it is left to the packets that match.
 */
static place put_root(struct maker *m, const struct header_chain *c,
		      const struct last_header *h)
{
	place yes = m->decode, start;

	if (condition_is_exact(c, m->root))
		yes = m->rising ? put_last(m, h, m->match) : m->match;
	start = condition_put(&m->e, c, m->root,
			      (struct condition_ways){yes, m->refuse, true});
	m->decides |= start != m->decode;
	return start;
}

/* The same, which comes next but for that look where it is due. */
static place put_checked(struct maker *m, const struct last_header *h,
			 place next)
{
	return m->rising || next == m->decode ? next : put_last(m, h, next);
}

/* ---- chains of headers -------------------------------------------------- */

/* The chain with one more protocol, whose header is there. */
static struct header_chain chain_with(const struct header_chain *c,
				      enum proto_id id, unsigned at)
{
	struct header_chain more = *c;

	more.places.at[id] = (int16_t)at;
	return more;
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

/* Where the parts of an IP header are. */
struct ip_places {
	unsigned length; /* the datagram's, */
	unsigned counts; /* and how much of the header it counts */
	unsigned number; /* of what follows */
	unsigned end;
	bool fragments; /* the header says whether it is of one */
};

/* Packets whose number in A is a key that leads to what is asked about are
   decoded. false: there are too many. */
static bool put_keys(struct maker *m, enum key_space space, place *next)
{
	uint32_t values[KEYS_MOST];
	size_t n = plan_keys(m->plan, space, values, KEYS_MOST), i;

	for (i = 0; i < n && n <= KEYS_MOST; i++)
		*next = emit_test(&m->e, OP_JEQ_K, values[i], m->decode, *next);
	return n <= KEYS_MOST;
}

/*
 * A protocol that leads to what is asked about, in some of its packets: the
 * others end with its header, at byte `at`. *h is the last header below it.
 */
static place put_onward(struct maker *m, const struct header_chain *below,
			enum proto_id id, const struct last_header *h,
			unsigned at)
{
	const struct onward *o = proto_at(id)->onward;
	struct header_chain c = chain_with(below, id, at);
	struct last_header mine = *h;
	place next;
	size_t i;

	if (!o || m->rest)
		return m->decode;
	mine.end = at + o->at + 1;
	mine.size += h->size ? o->at + 1u : 0;
	next = put_checked(m, &mine, put_root(m, &c, &mine));
	if (next == m->decode ||
	    (o->space != KEY_SPACES && !put_keys(m, o->space, &next)))
		return m->decode;
	for (i = 0; i < o->n; i++)
		next =
		    emit_test(&m->e, OP_JEQ_K, o->values[i], m->decode, next);
	if (o->mask != 0xff)
		next = emit_insn(&m->e, OP_AND_K, o->mask);
	return emit_insn(&m->e, OP_LD_B_ABS, at + o->at);
}

/* TCP or UDP; below is the chain up to IP. */
static place put_transport(struct maker *m, const struct header_chain *below,
			   enum proto_id id, const struct ip_places *ip)
{
	struct header_chain c = chain_with(below, id, ip->end);
	bool udp = id == PROTO_udp;
	struct last_header h = {
	    .end = ip->end + header_length(id),
	    .length = ip->length,
	    .size = ip->counts + header_length(id),
	    .offset = udp ? 0 : ip->end + 12,
	};
	place next;

	if (udp ? m->follows_udp : m->follows_tcp)
		return m->decode;
	plan_leads_beyond(m->plan, id, c.beyond);
	next = put_root(m, &c, &h);
	if (next == m->decode ||
	    !put_ports(m, udp ? KEY_UDP_PORT : KEY_TCP_PORT, ip->end, &next))
		return m->decode;
	return put_checked(m, &h, next);
}

/* Where packets go whose IP protocol is the one of that number: to `other` if
   its header is not looked at. */
static place put_protocol(struct maker *m, const struct header_chain *c,
			  unsigned number, const struct ip_places *ip,
			  place other)
{
	enum proto_id id = number == 6 ? PROTO_tcp : PROTO_udp;

	return plan_leads_to(m->plan, KEY_IPPROTO, number) == id
		   ? put_transport(m, c, id, ip)
		   : other;
}

/*
 * Where packets go whose number in A is that of another IP protocol which leads
 * to what is asked about: *next gets tests before it. h is IP's header. false:
 * there are too many. Those that are decoded are tested for side by side: that
 * makes one test of a set.
 */
static bool put_numbers(struct maker *m, const struct header_chain *c,
			const struct last_header *h, unsigned end, place *next)
{
	uint32_t values[KEYS_MOST];
	place to[KEYS_MOST];
	size_t n = plan_keys(m->plan, KEY_IPPROTO, values, KEYS_MOST), i;

	if (n > KEYS_MOST)
		return false;
	for (i = 0; i < n; i++)
		to[i] = put_onward(
		    m, c, plan_leads_to(m->plan, KEY_IPPROTO, values[i]), h,
		    end);
	for (i = 0; i < n; i++)
		if (to[i] == m->decode && values[i] != 6 && values[i] != 17)
			*next =
			    emit_test(&m->e, OP_JEQ_K, values[i], to[i], *next);
	for (i = 0; i < n; i++)
		if (to[i] != m->decode)
			*next =
			    emit_test(&m->e, OP_JEQ_K, values[i], to[i], *next);
	return true;
}

/* By the number of the protocol that follows IP, which is in A. A fragment's
   is more than a byte can hold. */
static place put_protocols(struct maker *m, const struct header_chain *c,
			   const struct ip_places *ip)
{
	const struct last_header h = {
	    .end = ip->end, .length = ip->length, .size = ip->counts};
	place next = put_root(m, c, &h), tcp, udp;

	next = put_checked(m, &h, next);
	tcp = put_protocol(m, c, 6, ip, next);
	udp = put_protocol(m, c, 17, ip, next);
	if ((next == m->decode && tcp == next && udp == next) ||
	    !put_numbers(m, c, &h, ip->end, &next))
		return m->decode;
	if (ip->fragments)
		next = emit_test(&m->e, OP_JGT_K, UINT8_MAX, m->decode, next);
	next = emit_test(&m->e, OP_JEQ_K, 17, udp, next);
	return emit_test(&m->e, OP_JEQ_K, 6, tcp, next);
}

/* A becomes the number of what follows IPv4 at byte `at`; more than a byte can
   hold of a fragment. */
static place put_ipv4_number(struct maker *m, unsigned at)
{
	/* the fragment's place, the time to live, the protocol */
	emit_insn(&m->e, OP_AND_K, (uint32_t)FRAGMENT << 16 | UINT8_MAX);
	return emit_insn(&m->e, OP_LD_W_ABS, at + 6);
}

/* After its first byte, which says that there are no options. */
static place put_ipv4_rest(struct maker *m, const struct header_chain *below,
			   unsigned at)
{
	const struct ip_places ip = {at + 2, 20, at + 9, at + 20, true};
	struct header_chain c = chain_with(below, PROTO_ip, at);
	place next = put_protocols(m, &c, &ip);

	if (next == m->decode)
		return next;
	return put_ipv4_number(m, at);
}

/* IPv4 with options at byte `at`: what follows is not looked at, since it is
   not known where. */
static place put_ipv4_options(struct maker *m, const struct header_chain *below,
			      unsigned at)
{
	struct header_chain c = chain_with(below, PROTO_ip, at);
	place next;

	if (!m->rising)
		return m->decode;
	next =
	    condition_put(&m->e, &c, m->root,
			  (struct condition_ways){m->decode, m->refuse, true});
	if (next == m->decode || !put_keys(m, KEY_IPPROTO, &next))
		return m->decode;
	emit_test(&m->e, OP_JGT_K, UINT8_MAX, m->decode, next);
	return put_ipv4_number(m, at);
}

/* The first byte of IPv4 at byte `at`, and what was put for the rest. */
static place put_first_byte(struct maker *m, const struct header_chain *below,
			    unsigned at, place rest)
{
	place options;

	if (rest == m->decode)
		return rest;
	options = put_ipv4_options(m, below, at);
	if (options != m->decode) {
		options = emit_test(&m->e, OP_JGT_K, IPV4_PLAIN | 0xf,
				    m->decode, options);
		options =
		    emit_test(&m->e, OP_JGT_K, IPV4_PLAIN, options, m->decode);
	}
	emit_test(&m->e, OP_JEQ_K, IPV4_PLAIN, rest, options);
	return emit_insn(&m->e, OP_LD_B_ABS, at);
}

static place put_ipv4(struct maker *m, const struct header_chain *below,
		      unsigned at)
{
	return put_first_byte(m, below, at, put_ipv4_rest(m, below, at));
}

static place put_ipv6(struct maker *m, const struct header_chain *below,
		      unsigned at)
{
	const struct ip_places ip = {at + 4, 0, at + 6, at + 40, false};
	struct header_chain c = chain_with(below, PROTO_ipv6, at);
	place next = put_protocols(m, &c, &ip);

	if (next == m->decode)
		return next;
	next = emit_insn(&m->e, OP_LD_B_ABS, ip.number);
	emit_test(&m->e, OP_JEQ_K, 0x60, next, m->decode);
	emit_insn(&m->e, OP_AND_K, 0xf0);
	return emit_insn(&m->e, OP_LD_B_ABS, at);
}

static bool is_vlan(const struct maker *m, unsigned type)
{
	return plan_leads_to(m->plan, KEY_ETHERTYPE, type) == PROTO_vlan;
}

/* What an EtherType leads to. */
struct types {
	place other, ip4, ip6, tag;
	place plain;  /* IPv4 whose first byte was looked at */
	place length; /* none: a length, before LLC */
};

/* By the EtherType at byte `type`. */
static place put_types(struct maker *m, const struct types *to, unsigned type)
{
	uint32_t values[KEYS_MOST];
	size_t n = plan_keys(m->plan, KEY_ETHERTYPE, values, KEYS_MOST), i;
	place next = emit_test(
	    &m->e, OP_JGE_K, ETHERTYPE_MIN, to->other,
	    to->length == m->decode
		? m->decode
		: emit_test(&m->e, OP_JEQ_K, 0, m->decode, to->length));

	if (n > KEYS_MOST)
		return m->decode;
	for (i = 0; i < n; i++)
		if (values[i] >= ETHERTYPE_MIN && values[i] != ETHERTYPE_IPV4 &&
		    values[i] != ETHERTYPE_IPV6)
			next = emit_test(
			    &m->e, OP_JEQ_K, values[i],
			    is_vlan(m, values[i]) ? to->tag : m->decode, next);
	next = emit_test(&m->e, OP_JEQ_K, ETHERTYPE_IPV6, to->ip6, next);
	emit_test(&m->e, OP_JEQ_K, ETHERTYPE_IPV4, to->ip4, next);
	return emit_insn(&m->e, OP_LD_H_ABS, type);
}

/* The same, where IPv4 follows at once: most packets are decided upon by one
   look at the type and the first byte. */
static place put_types_and_byte(struct maker *m, struct types *to,
				unsigned type)
{
	place next;

	to->ip4 = m->decode;
	next = put_types(m, to, type);
	emit_test(&m->e, OP_JEQ_K,
		  (uint32_t)ETHERTYPE_IPV4 << 16 | IPV4_PLAIN << 8, to->plain,
		  next);
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
	return id == PROTO_NONE ? put_root(m, &c, &nothing)
				: put_onward(m, &c, id, &nothing, at);
}

/* By the EtherType at byte `type`, of what is after it at byte `at`. vlan: a
   tag may be next. */
static place put_ethertypes(struct maker *m, const struct header_chain *c,
			    unsigned type, unsigned at, bool vlan)
{
	place next = put_root(m, c, &nothing);
	struct types to = {next, next, next, m->decode, m->decode, m->decode};
	struct header_chain tagged;

	if (plan_leads_to(m->plan, KEY_ETHERTYPE, ETHERTYPE_IPV4) == PROTO_ip) {
		to.plain = put_ipv4_rest(m, c, at);
		to.ip4 = put_first_byte(m, c, at, to.plain);
	}
	if (plan_leads_to(m->plan, KEY_ETHERTYPE, ETHERTYPE_IPV6) == PROTO_ipv6)
		to.ip6 = put_ipv6(m, c, at);
	if (c->places.at[PROTO_eth] == 0 && type == 12)
		to.length = put_llc(m, c, at);
	if (vlan) {
		tagged = chain_with(c, PROTO_vlan, at);
		to.tag = put_ethertypes(m, &tagged, at + 2, at + 4, false);
	}
	if (next == m->decode && to.ip4 == next && to.ip6 == next &&
	    to.tag == next)
		return next;
	return to.plain != m->decode && at == type + 2
		   ? put_types_and_byte(m, &to, type)
		   : put_types(m, &to, type);
}

/* IP without anything before it. */
static place put_versions(struct maker *m, const struct header_chain *c)
{
	place ip4 = put_ipv4(m, c, 0), ip6 = put_ipv6(m, c, 0);

	emit_test(&m->e, OP_JEQ_K, 0x40, ip4,
		  emit_test(&m->e, OP_JEQ_K, 0x60, ip6, m->decode));
	emit_insn(&m->e, OP_AND_K, 0xf0);
	return emit_insn(&m->e, OP_LD_B_ABS, 0);
}

static place put_link(struct maker *m, uint32_t linktype)
{
	struct header_chain c = {.beyond = {false}};
	unsigned id = plan_leads_to(m->plan, KEY_LINKTYPE, linktype);

	memset(c.places.at, -1, sizeof(c.places.at));
	c.places.at[PROTO_frame] = 0;
	if (id == PROTO_NONE)
		return put_root(m, &c, &nothing); /* no header is asked about */
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
	    .rest = plan_wants_of(plan, PROTO_data) ||
		    plan_wants_of(plan, PROTO_malformed),
	};
	unsigned left = CONDITIONS_MOST;
	place start;

	if (!is_short(root, &left))
		return false;
	/* bytes of what is not decoded are more where a header lacks */
	m.rising = !m.rest && is_rising(root);
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
