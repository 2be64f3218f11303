/*
 * Each part is put after what follows it, with what is known of the headers
 * before it: those are the chain.
 */
#include "where/prefilter_ip.h"

#include "decode/proto.h"

enum { FRAGMENT = 0x3fff /* more fragments, or an offset */ };

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
 * without a look at it stay so, and it is left to the packets that match. Of
 * headers in headers that is not known in so few words: their packets are
 * refused or decoded.
 */
static place put_root(struct maker *m, const struct header_chain *c,
		      const struct last_header *h)
{
	place yes = m->decode, start;

	if (!c->inner && condition_is_exact(c, m->root))
		yes = m->rising ? put_last(m, h, m->match) : m->match;
	start = condition_put(&m->e, c, m->root,
			      (struct condition_ways){yes, m->refuse, true});
	m->decides |= start != m->decode;
	return start;
}

place prefilter_root(struct maker *m, const struct header_chain *c)
{
	return put_root(m, c, &nothing);
}

/* The same, which comes next but for that look where it is due. */
static place put_checked(struct maker *m, const struct last_header *h,
			 place next)
{
	return m->rising || next == m->decode ? next : put_last(m, h, next);
}

/* ---- chains of headers -------------------------------------------------- */

/* Ports that lead to what is asked about: their packets are decoded. false:
   there are too many. */
static bool put_ports(struct maker *m, enum key_space space, unsigned at,
		      place *next)
{
	uint32_t ports[NUMBERS_MOST];
	size_t n = plan_keys(m->plan, space, ports, NUMBERS_MOST), i;
	unsigned end;

	if (n > NUMBERS_MOST)
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
	uint32_t values[NUMBERS_MOST];
	size_t n = plan_keys(m->plan, space, values, NUMBERS_MOST), i;

	for (i = 0; i < n && n <= NUMBERS_MOST; i++)
		*next = emit_test(&m->e, OP_JEQ_K, values[i], m->decode, *next);
	return n <= NUMBERS_MOST;
}

/* See prefilter_onward(); *h is the last header below it. */
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

place prefilter_onward(struct maker *m, const struct header_chain *below,
		       enum proto_id id, unsigned at)
{
	return put_onward(m, below, id, &nothing, at);
}

/* Mark what may follow TCP or UDP. */
static void mark_beyond(struct maker *m, bool udp, bool *beyond)
{
	struct beyond *b = &m->beyond[udp];
	unsigned i;

	if (!b->known)
		plan_leads_beyond(m->plan, udp ? PROTO_udp : PROTO_tcp, b->of);
	b->known = true;
	for (i = 0; i < PROTO_COUNT; i++)
		beyond[i] |= b->of[i];
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
	mark_beyond(m, udp, c.beyond);
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

/* IP in IP, once. Fields that both may have are not looked at. */
static place put_inner(struct maker *m, const struct header_chain *below,
		       enum proto_id id, unsigned at)
{
	struct header_chain c = *below;

	if (!m->deep || !m->rising || c.inner || c.places.at[PROTO_vlan] >= 0)
		return m->decode;
	c.inner = true;
	c.beyond[id] = c.places.at[id] >= 0;
	return id == PROTO_ip ? prefilter_ipv4(m, &c, at)
			      : prefilter_ipv6(m, &c, at);
}

/* What follows IP by a number, other than TCP and UDP. */
static place put_numbered(struct maker *m, const struct header_chain *c,
			  const struct last_header *h, unsigned number,
			  unsigned end)
{
	enum proto_id id = plan_leads_to(m->plan, KEY_IPPROTO, number);

	return id == PROTO_ip || id == PROTO_ipv6
		   ? put_inner(m, c, id, end)
		   : put_onward(m, c, id, h, end);
}

/* Tests of A for those of n numbers that go to the same place as number i. */
static place put_same(struct maker *m, const struct numbers *of, size_t i,
		      place next)
{
	size_t j;

	for (j = 0; j < of->n; j++)
		if (of->to[j] == of->to[i])
			next = emit_test(&m->e, OP_JEQ_K, of->value[j],
					 of->to[i], next);
	return next;
}

place prefilter_numbers(struct maker *m, const struct numbers *of, place next)
{
	place last = of->n ? of->to[0] : next, one;
	size_t i, j;

	for (i = 1; i < of->n; i++)
		if (of->to[i] == m->decode)
			last = m->decode;
	one = last;
	for (i = 0; i < of->n; i++) {
		for (j = 0; j < i && of->to[j] != of->to[i];)
			j++;
		if (j == i && of->to[i] != last)
			one = put_same(m, of, i, one);
	}
	for (i = 0; i < of->n; i++)
		next = emit_test(&m->e, OP_JEQ_K, of->value[i], one, next);
	return next;
}

/* Where packets go whose number in A is that of another IP protocol which leads
   to what is asked about: *next gets tests before it. h is IP's header. false:
   there are too many. */
static bool put_numbers(struct maker *m, const struct header_chain *c,
			const struct last_header *h, unsigned end, place *next)
{
	uint32_t values[NUMBERS_MOST];
	size_t n = plan_keys(m->plan, KEY_IPPROTO, values, NUMBERS_MOST), i;
	struct numbers of = {.n = 0};

	for (i = 0; i < n && n <= NUMBERS_MOST; i++) {
		if (values[i] == 6 || values[i] == 17)
			continue;
		of.value[of.n] = values[i];
		of.to[of.n++] = put_numbered(m, c, h, values[i], end);
	}
	*next = prefilter_numbers(m, &of, *next);
	return n <= NUMBERS_MOST;
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
place prefilter_ipv4_rest(struct maker *m, const struct header_chain *below,
			  unsigned at)
{
	const struct ip_places ip = {at + 2, 20, at + 9, at + 20, true};
	struct header_chain c = chain_with(below, PROTO_ip, at);
	place next = put_protocols(m, &c, &ip);

	if (next == m->decode)
		return next;
	return put_ipv4_number(m, at);
}

/* The first byte is of another version, or of too short a header: then there
   are at most the fields that the chain has. */
static place put_broken(struct maker *m, const struct header_chain *c)
{
	if (!m->rising)
		return m->decode;
	return condition_put(
	    &m->e, c, m->root,
	    (struct condition_ways){m->decode, m->refuse, true});
}

/* IPv4 with options at byte `at`: it is not known where what follows is, and
   a source route has another destination than the header. */
static place put_ipv4_options(struct maker *m, const struct header_chain *below,
			      unsigned at)
{
	struct header_chain c = chain_with(below, PROTO_ip, at);
	place next;

	c.beyond[PROTO_ip] = true;
	next = put_broken(m, &c);
	if (next == m->decode || !put_keys(m, KEY_IPPROTO, &next))
		return m->decode;
	emit_test(&m->e, OP_JGT_K, UINT8_MAX, m->decode, next);
	return put_ipv4_number(m, at);
}

place prefilter_ipv4_byte(struct maker *m, const struct header_chain *below,
			  unsigned at, place rest)
{
	struct header_chain c = chain_with(below, PROTO_ip, at);
	place options, broken;

	if (rest == m->decode)
		return rest;
	options = put_ipv4_options(m, below, at);
	broken = put_broken(m, &c);
	options =
	    emit_test(&m->e, OP_JGT_K, PREFILTER_IPV4 | 0xf, broken, options);
	options = emit_test(&m->e, OP_JGT_K, PREFILTER_IPV4, options, broken);
	emit_test(&m->e, OP_JEQ_K, PREFILTER_IPV4, rest, options);
	return emit_insn(&m->e, OP_LD_B_ABS, at);
}

place prefilter_ipv4(struct maker *m, const struct header_chain *below,
		     unsigned at)
{
	return prefilter_ipv4_byte(m, below, at,
				   prefilter_ipv4_rest(m, below, at));
}

place prefilter_ipv6(struct maker *m, const struct header_chain *below,
		     unsigned at)
{
	const struct ip_places ip = {at + 4, 0, at + 6, at + 40, false};
	struct header_chain c = chain_with(below, PROTO_ipv6, at);
	place next = put_protocols(m, &c, &ip), broken;

	if (next == m->decode)
		return next;
	next = emit_insn(&m->e, OP_LD_B_ABS, ip.number);
	broken = put_broken(m, &c);
	emit_test(&m->e, OP_JEQ_K, 0x60, next, broken);
	emit_insn(&m->e, OP_AND_K, 0xf0);
	return emit_insn(&m->e, OP_LD_B_ABS, at);
}

place prefilter_ip(struct maker *m, const struct header_chain *below,
		   unsigned at)
{
	place ip4 = prefilter_ipv4(m, below, at);
	place ip6 = prefilter_ipv6(m, below, at);

	if (ip4 == m->decode && ip6 == m->decode)
		return m->decode;
	emit_test(&m->e, OP_JEQ_K, 0x40, ip4,
		  emit_test(&m->e, OP_JEQ_K, 0x60, ip6, m->decode));
	emit_insn(&m->e, OP_AND_K, 0xf0);
	return emit_insn(&m->e, OP_LD_B_ABS, at);
}
