/* One table says where fields are; a condition becomes ranges of values. */
#include "where/header.h"

#include <string.h>

#include "base/array.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "where/set.h"

enum {
	RANGES_MOST = 1000 /* of a set; more are left to the program */
};

struct spot {
	const char *name;
	uint8_t at[2]; /* offsets in the header; both ends' */
	uint8_t size;
	uint8_t ends; /* 1, or 2 of a field that has both ends' values */
};

static const struct spot spots[] = {
    {"eth.dst", {0}, 6, 1},
    {"eth.src", {6}, 6, 1},
    {"eth.addr", {0, 6}, 6, 2},
    {"eth.type", {12}, 2, 1},
    {"vlan.priority", {0}, 2, 1},
    {"vlan.dei", {0}, 2, 1},
    {"vlan.id", {0}, 2, 1},
    {"vlan.etype", {2}, 2, 1},
    {"ip.dsfield", {1}, 1, 1},
    {"ip.dsfield.dscp", {1}, 1, 1},
    {"ip.dsfield.ecn", {1}, 1, 1},
    {"ip.len", {2}, 2, 1},
    {"ip.id", {4}, 2, 1},
    {"ip.flags", {6}, 2, 1},
    {"ip.flags.rb", {6}, 2, 1},
    {"ip.flags.df", {6}, 2, 1},
    {"ip.flags.mf", {6}, 2, 1},
    {"ip.ttl", {8}, 1, 1},
    {"ip.proto", {9}, 1, 1},
    {"ip.checksum", {10}, 2, 1},
    {"ip.src", {12}, 4, 1},
    {"ip.dst", {16}, 4, 1},
    {"ip.addr", {12, 16}, 4, 2},
    {"ipv6.tclass", {0}, 4, 1},
    {"ipv6.tclass.dscp", {0}, 4, 1},
    {"ipv6.tclass.ecn", {0}, 4, 1},
    {"ipv6.flow", {0}, 4, 1},
    {"ipv6.plen", {4}, 2, 1},
    {"ipv6.nxt", {6}, 1, 1},
    {"ipv6.hlim", {7}, 1, 1},
    {"ipv6.src", {8}, 16, 1},
    {"ipv6.dst", {24}, 16, 1},
    {"ipv6.addr", {8, 24}, 16, 2},
    {"tcp.srcport", {0}, 2, 1},
    {"tcp.dstport", {2}, 2, 1},
    {"tcp.port", {0, 2}, 2, 2},
    {"tcp.seq_raw", {4}, 4, 1},
    {"tcp.ack_raw", {8}, 4, 1},
    {"tcp.flags", {12}, 2, 1},
    {"tcp.flags.res", {12}, 2, 1},
    {"tcp.flags.ae", {12}, 2, 1},
    {"tcp.flags.cwr", {12}, 2, 1},
    {"tcp.flags.ece", {12}, 2, 1},
    {"tcp.flags.urg", {12}, 2, 1},
    {"tcp.flags.ack", {12}, 2, 1},
    {"tcp.flags.push", {12}, 2, 1},
    {"tcp.flags.reset", {12}, 2, 1},
    {"tcp.flags.syn", {12}, 2, 1},
    {"tcp.flags.fin", {12}, 2, 1},
    {"tcp.window_size_value", {14}, 2, 1},
    {"tcp.checksum", {16}, 2, 1},
    {"tcp.urgent_pointer", {18}, 2, 1},
    {"udp.srcport", {0}, 2, 1},
    {"udp.dstport", {2}, 2, 1},
    {"udp.port", {0, 2}, 2, 2},
    {"udp.length", {4}, 2, 1},
    {"udp.checksum", {6}, 2, 1},
};

bool header_protocol(const struct where_node *node, enum proto_id *id)
{
	const struct where_name *name;

	if (node->kind != NODE_NAME || node->raw || node->field.layers ||
	    node->field.name->n)
		return false;
	name = node->field.name;
	*id = (enum proto_id)name->proto;
	return *id != PROTO_vlan &&
	       (!name->layer || !strcmp(name->layer, proto_at(*id)->name));
}

unsigned header_length(enum proto_id id)
{
	switch (id) {
	case PROTO_eth:
		return 14;
	case PROTO_vlan:
		return 4;
	case PROTO_ip:
	case PROTO_tcp:
		return 20;
	case PROTO_ipv6:
		return 40;
	case PROTO_udp:
		return 8;
	default:
		return 0;
	}
}

/* ---- what a condition asks ---------------------------------------------- */

static const struct spot *find_spot(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(spots); i++)
		if (!strcmp(spots[i].name, name))
			return &spots[i];
	return NULL;
}

static bool ask_length(struct header_question *q)
{
	*q = (struct header_question){.id = PROTO_frame,
				      .ends = 1,
				      .size = 4,
				      .len = 4,
				      .mask = UINT32_MAX};
	return true;
}

bool header_field(const struct where_node *node, struct header_question *q)
{
	const struct where_name *name = node->field.name;
	const struct spot *spot;

	if (node->kind != NODE_NAME || node->raw || node->field.layers ||
	    !name->n || name->as_text)
		return false;
	if (!strcmp(name->name, "frame.len"))
		return ask_length(q);
	spot = find_spot(name->name);
	if (!spot)
		return false;
	*q = (struct header_question){
	    .id = field_proto(name->numbers[0]),
	    .at = {spot->at[0], spot->at[1]},
	    .ends = spot->ends,
	    .size = spot->size,
	    .len = spot->size,
	    .mask = name->row->mask ? (uint32_t)name->row->mask : UINT32_MAX,
	};
	if (spot->size < 4 && !name->row->mask)
		q->mask = (1u << 8 * spot->size) - 1;
	if (name->row->mask)
		q->shift = (uint8_t)__builtin_ctz(q->mask);
	return true;
}

/* A part of a header by its offset: tcp[13], eth[0:3], eth.src[0:3]. */
static bool ask_slice(const struct where_node *node, struct header_question *q)
{
	const struct where_ranges *slice = node->slice;
	const struct where_node *kid = node->kids[0];
	const struct where_range *r = &slice->item[0];
	enum proto_id id;
	unsigned room;

	if (slice->n != 1 || r->kind != RANGE_LENGTH || r->from < 0 ||
	    r->to < 1 || r->to > 4)
		return false;
	if (header_protocol(kid, &id)) {
		*q = (struct header_question){.id = id, .ends = 1};
		room = header_length(id);
	} else {
		if (!header_field(kid, q) || q->ends != 1 || q->shift ||
		    q->id == PROTO_frame)
			return false;
		room = q->size;
	}
	if ((unsigned)(r->from + r->to) > room)
		return false;
	q->at[0] = (uint8_t)(q->at[0] + r->from);
	q->len = q->size = (uint8_t)r->to;
	q->mask = r->to == 4 ? UINT32_MAX : (1u << 8 * r->to) - 1;
	if (r->to == 3) { /* with the byte after it */
		q->size = 4;
		q->shift = 8;
		q->mask = 0xffffff00;
	}
	return true;
}

/* The number that a constant is for a field of that question. */
static bool constant_number(const struct header_question *q,
			    const struct where_node *node, uint64_t *num)
{
	unsigned i;

	if (node->kind != NODE_CONST)
		return false;
	*num = 0;
	switch (node->type) {
	case WT_INT:
		*num = node->value.low.num;
		return (int64_t)*num >= 0;
	case WT_UINT:
	case WT_BOOL:
		*num = node->value.low.num;
		return true;
	case WT_BYTES:
		for (i = 0; i < node->value.low.len && i < 4; i++)
			*num = *num << 8 | node->value.low.bytes[i];
		return node->value.low.len == q->len && q->len <= 4;
	default:
		return false;
	}
}

/* A field or a part of a header, also some bits of it. */
static bool ask_value(const struct where_node *node, struct header_question *q)
{
	uint64_t bits;

	if (node->kind == NODE_NAME)
		return header_field(node, q);
	if (node->kind == NODE_SLICE)
		return ask_slice(node, q);
	if (node->kind != NODE_ARITH || node->op != OP_BITAND ||
	    !ask_value(node->kids[0], q) || q->size > 4 ||
	    !type_in(node->kids[0]->type,
		     WT_BIT(WT_UINT) | WT_BIT(WT_BOOL) | WT_BIT(WT_BYTES)) ||
	    !constant_number(q, node->kids[1], &bits) || bits > UINT32_MAX ||
	    bits > UINT32_MAX >> q->shift)
		return false;
	q->mask &= (uint32_t)bits << q->shift;
	return true;
}

static void ask_range(struct header_question *q, uint64_t low, uint64_t high)
{
	q->type = WT_UINT;
	q->low.num = low;
	q->high.num = high;
	q->count = low <= high;
}

/* The values for which `value OP number` holds. */
static bool ask_order(struct header_question *q, enum where_op op, uint64_t num)
{
	switch (op) {
	case OP_EQ:
	case OP_ALL_EQ:
	case OP_NE:
	case OP_ANY_NE:
		ask_range(q, num, num);
		q->outside = op == OP_NE || op == OP_ANY_NE;
		return true;
	case OP_GT:
		ask_range(q, num + 1, UINT64_MAX);
		q->count = num < UINT64_MAX;
		return true;
	case OP_GE:
		ask_range(q, num, UINT64_MAX);
		return true;
	case OP_LE:
		ask_range(q, 0, num);
		return true;
	case OP_LT:
		ask_range(q, 0, num - 1);
		q->count = num > 0;
		return true;
	default:
		return false;
	}
}

static bool ask_compare(const struct where_node *node,
			struct header_question *q)
{
	const struct where_node *with = node->kids[1];
	bool equality = node->op == OP_EQ || node->op == OP_ALL_EQ ||
			node->op == OP_NE || node->op == OP_ANY_NE;
	uint64_t num;

	if (!ask_value(node->kids[0], q) || with->kind != NODE_CONST)
		return false;
	q->all = node_wants_all(node);
	if (type_in(with->type,
		    WT_BIT(WT_IPV4) | WT_BIT(WT_IPV6) | WT_BIT(WT_ETHER)) &&
	    with->type == node->kids[0]->type && equality) {
		ask_order(q, node->op, 0);
		q->type = with->type;
		q->low = with->value.low;
		q->high = with->value.high;
		return true;
	}
	/* bytes of any length have an order, numbers of packets their own */
	if (with->type == WT_BYTES && !equality)
		return false;
	return type_in(with->type, WT_WHOLE | WT_BIT(WT_BYTES)) &&
	       q->size <= 4 && constant_number(q, with, &num) &&
	       ask_order(q, node->op, num);
}

static bool ask_in(const struct where_node *node, struct header_question *q)
{
	const struct where_set *set = node->set;

	if (!ask_value(node->kids[0], q) || set->n > RANGES_MOST ||
	    !type_in(set->type, WT_BIT(WT_UINT) | WT_BIT(WT_BOOL) |
				    WT_BIT(WT_IPV4) | WT_BIT(WT_IPV6) |
				    WT_BIT(WT_ETHER)) ||
	    (q->size > 4 && set->n > RANGES_MOST / 8))
		return false;
	q->type = set->type;
	q->all = node_wants_all(node);
	q->outside = node->negate;
	q->count = set->n;
	q->lows = set->low;
	q->highs = set->high;
	return true;
}

/* A value that is not zero. */
static bool ask_truth(const struct where_node *node, struct header_question *q)
{
	const struct where_node *kid = node->kids[0];

	if (kid->kind != NODE_ARITH || !ask_value(kid, q))
		return false;
	ask_range(q, 0, 0);
	q->outside = true;
	return true;
}

/* Are the ends of all ranges equal but for zeros and ones at the end? */
static bool are_prefixes(const struct header_question *q)
{
	uint32_t i;
	unsigned at, differ;

	for (i = 0; i < q->count; i++) {
		const uint8_t *low = header_low(q, i),
			      *high = header_high(q, i);

		for (at = 0; at < q->size && low[at] == high[at]; at++)
			continue;
		if (at == q->size)
			continue;
		differ = low[at] ^ high[at];
		if (differ & (differ + 1) || low[at] & differ)
			return false;
		while (++at < q->size)
			if (low[at] != 0 || high[at] != 0xff)
				return false;
	}
	return true;
}

/* Is it just whether a header's field is there? */
static bool is_presence(const struct where_node *node,
			struct header_question *q)
{
	return node->kind == NODE_TRUTH && header_field(node->kids[0], q);
}

bool header_ask(const struct where_node *node, struct header_question *q)
{
	bool good = false;

	if (is_presence(node, q)) {
		q->present = true;
		return true;
	}
	if (node->kind == NODE_COMPARE)
		good = ask_compare(node, q);
	else if (node->kind == NODE_IN)
		good = ask_in(node, q);
	else if (node->kind == NODE_TRUTH)
		good = ask_truth(node, q);
	if (!good)
		return false;
	return q->size <= 4 || are_prefixes(q);
}

/* ---- tests -------------------------------------------------------------- */

static uint32_t word_at(const uint8_t *p, unsigned n)
{
	uint32_t word = 0;

	while (n-- > 0)
		word = word << 8 | *p++;
	return word;
}

static place load(struct emitter *e, const struct header_question *q,
		  unsigned at, unsigned n)
{
	if (q->id == PROTO_frame)
		return emit_insn(e, OP_LD_LEN, 0);
	return emit_insn(e,
			 n == 1	  ? OP_LD_B_ABS
			 : n == 2 ? OP_LD_H_ABS
				  : OP_LD_W_ABS,
			 at);
}

/* All bits that a load of the question's size can set. */
static uint32_t whole_of(const struct header_question *q)
{
	return q->size >= 4 ? UINT32_MAX : (1u << 8 * q->size) - 1;
}

/* The bits that count. */
static place load_bits(struct emitter *e, const struct header_question *q,
		       unsigned at)
{
	if (q->mask != whole_of(q))
		emit_insn(e, OP_AND_K, q->mask);
	return load(e, q, at, q->size);
}

place header_load(struct emitter *e, const struct header_question *q,
		  const struct header_places *places)
{
	if (q->shift)
		emit_insn(e, OP_RSH_K, q->shift);
	return load_bits(e, q, (unsigned)places->at[q->id] + q->at[0]);
}

/* Is A in the range? It stays. most: the highest value that it can have. */
static place test_range(struct emitter *e, uint32_t low, uint32_t high,
			uint32_t most, place yes, place no)
{
	if (low == high)
		return emit_test(e, OP_JEQ_K, low, yes, no);
	if (high < most)
		yes = emit_test(e, OP_JGT_K, high, no, yes);
	return low ? emit_test(e, OP_JGE_K, low, yes, no) : emit_jump(e, yes);
}

/* The same; A may be changed. */
static place test_block(struct emitter *e, uint32_t low, uint32_t high,
			uint32_t most, place yes, place no)
{
	uint32_t differ = low ^ high;

	if (!differ || differ & (differ + 1) || low & differ)
		return test_range(e, low, high, most, yes, no);
	emit_test(e, OP_JEQ_K, low, yes, no);
	return emit_insn(e, OP_AND_K, ~differ);
}

bool header_range(const struct header_question *q, uint32_t i, uint32_t *low,
		  uint32_t *high)
{
	uint32_t most = q->mask >> q->shift;
	uint64_t from = q->lows ? q->lows[i].num : q->low.num;
	uint64_t to = q->highs ? q->highs[i].num : q->high.num;

	if (from > most)
		return false;
	if (to > most)
		to = most;
	*low = (uint32_t)from << q->shift;
	*high = (uint32_t)to << q->shift;
	return true;
}

/* A value of at most four bytes. */
static place test_number(struct emitter *e, const struct header_question *q,
			 unsigned at, place yes, place no)
{
	uint32_t whole = whole_of(q), i, low, high;
	place next = no;

	for (i = q->count; i-- > 0;)
		if (header_range(q, i, &low, &high))
			next =
			    q->count == 1 && q->mask == whole
				? test_block(e, low, high, whole, yes, no)
				: test_range(e, low, high, q->mask, yes, next);
	return next == no ? no : load_bits(e, q, at);
}

/* One range of longer values, which is a prefix's: word by word. */
static place test_bytes(struct emitter *e, const struct header_question *q,
			uint32_t i, unsigned at, place yes, place no)
{
	const uint8_t *low = header_low(q, i), *high = header_high(q, i);
	unsigned words = (q->size + 3u) / 4, n, w;
	uint32_t from, to;
	place next = yes;

	for (w = words; w-- > 0;) {
		n = q->size - 4 * w < 4 ? q->size - 4 * w : 4;
		from = word_at(low + 4 * w, n);
		to = word_at(high + 4 * w, n);
		if (from == 0 && to == UINT32_MAX)
			continue;
		test_block(e, from, to, UINT32_MAX, next, no);
		next = load(e, q, at + 4 * w, n);
	}
	return next;
}

/* Is the value at that offset one of those that are meant? */
static place test_end(struct emitter *e, const struct header_question *q,
		      unsigned at, place yes, place no)
{
	place in = q->outside ? no : yes, out = q->outside ? yes : no;
	uint32_t i;

	if (q->size <= 4)
		return test_number(e, q, at, in, out);
	for (i = q->count; i-- > 0;)
		out = test_bytes(e, q, i, at, in, out);
	return out;
}

place header_test(struct emitter *e, const struct header_question *q,
		  const struct header_places *places, place yes, place no)
{
	unsigned base = (unsigned)places->at[q->id];
	place other;

	if (q->present)
		return yes;
	if (q->ends == 1)
		return test_end(e, q, base + q->at[0], yes, no);
	other = test_end(e, q, base + q->at[1], yes, no);
	return q->all ? test_end(e, q, base + q->at[0], other, no)
		      : test_end(e, q, base + q->at[0], yes, other);
}
