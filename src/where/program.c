/*
 * Programs: conditions are instructions that set a flag, with jumps where the
 * rest cannot change it any more; values are computed into registers.
 */
#include "where/program.h"

#include <stdlib.h>
#include <string.h>

#include "where/arith.h"
#include "where/functions.h"
#include "where/regex.h"
#include "where/set.h"

enum opcode {
	/* values: into register dst */
	INSN_FIELDS,
	INSN_PROTO,
	INSN_TO_BYTES,
	INSN_SLICE,
	INSN_ARITH,
	INSN_NEGATE,
	INSN_CALL,
	/* conditions: set the flag */
	INSN_HAS_FIELD, /* straight from the dissect */
	INSN_HAS_PROTO,
	INSN_FIELD_NUMBER, /* compares a number of a field with a constant */
	INSN_ANY,	   /* is there a value in a? */
	INSN_NONZERO,
	INSN_COMPARE,
	INSN_IN,
	INSN_CONTAINS,
	INSN_MATCHES,
	/* flow */
	INSN_FLIP,
	INSN_SAVE, /* the flag, as number dst */
	INSN_XOR,  /* with that one */
	INSN_JUMP_FALSE,
	INSN_JUMP_TRUE
};

/* An operand that is a constant rather than a register. */
enum { CONSTANT = 1u << 31 };

struct insn {
	uint8_t code, op; /* enum where_op */
	bool all;	  /* values, not any */
	bool negate;
	uint8_t type_a, type_b, type;
	uint16_t dst;
	uint32_t a, b; /* registers or constants; b: where to jump */
	union {
		const struct where_node *node; /* its name, slice ... */
		const struct where_set *set;
		const struct regex *regex;
		struct where_call *call;
	};
};

struct constant {
	struct where_value low, high;
};

struct where_program {
	struct insn *insns;
	uint32_t n, room;
	struct constant *constants;
	uint32_t n_constants, room_constants;
	struct regex **regexes;
	uint32_t n_regexes;
};

struct compiler {
	struct where_source *source;
	struct where_program *program;
};

/* ---- compiling ---------------------------------------------------------- */

/* One more; NULL: no memory. What is returned holds until the next one. */
static struct insn *emit(struct compiler *c, enum opcode code)
{
	struct where_program *p = c->program;
	struct insn *more;

	if (p->n == p->room) {
		p->room = p->room ? 2 * p->room : 16;
		more = realloc(p->insns, p->room * sizeof(*more));
		if (!more) {
			err_nomem(c->source->err, "expression");
			return NULL;
		}
		p->insns = more;
	}
	more = &p->insns[p->n++];
	memset(more, 0, sizeof(*more));
	more->code = (uint8_t)code;
	return more;
}

static bool add_constant(struct compiler *c, const struct where_node *node,
			 uint32_t *operand)
{
	struct where_program *p = c->program;
	struct constant *more;

	if (p->n_constants == p->room_constants) {
		p->room_constants =
		    p->room_constants ? 2 * p->room_constants : 16;
		more = realloc(p->constants, p->room_constants * sizeof(*more));
		if (!more)
			return err_nomem(c->source->err, "expression");
		p->constants = more;
	}
	p->constants[p->n_constants] =
	    (struct constant){node->value.low, node->value.high};
	*operand = CONSTANT | p->n_constants++;
	return true;
}

static bool compile_value(struct compiler *c, const struct where_node *node,
			  unsigned reg, uint32_t *operand);

static bool no_room(struct compiler *c, const struct where_node *node)
{
	return source_fail(c->source, node->at, 1, "too many values at once");
}

static bool compile_name(struct compiler *c, const struct where_node *node,
			 unsigned reg)
{
	const struct where_name *name = node->field.name;
	struct insn *in = emit(c, name->n ? INSN_FIELDS : INSN_PROTO);
	struct where_call *call;

	if (!in)
		return false;
	in->dst = (uint16_t)reg;
	in->node = node;
	if (node->raw && name->n) {
		in = emit(c, INSN_TO_BYTES);
		if (!in)
			return false;
		in->dst = (uint16_t)reg;
		in->node = node;
		in->type_a = name->type;
	}
	if (!name->as_text)
		return true;
	call = arena_get(c->source->arena, sizeof(*call) + 1);
	in = emit(c, INSN_CALL);
	if (!call || !in)
		return in && err_nomem(c->source->err, "expression");
	*call = (struct where_call){function_find("string", 6), name->row,
				    WT_TEXT, 1};
	call->types[0] = name->row->type == FIELD_IPV4 ? WT_IPV4 : WT_IPV6;
	in->call = call;
	in->a = in->dst = (uint16_t)reg;
	return true;
}

static bool compile_call(struct compiler *c, const struct where_node *node,
			 unsigned reg)
{
	const struct where_node *first = node->kids[0];
	struct where_call *call =
	    arena_get(c->source->arena, sizeof(*call) + node->n_kids);
	struct insn *in;
	uint32_t i, operand;

	if (!call)
		return err_nomem(c->source->err, "expression");
	*call = (struct where_call){
	    .function = node->function,
	    .type = node->type,
	    .n = (uint8_t)node->n_kids,
	};
	if (first->kind == NODE_NAME && !first->raw)
		call->row = first->field.name->row;
	for (i = 0; i < node->n_kids; i++) {
		const struct where_node *kid = node->kids[i];

		call->types[i] = kid->type;
		if (!compile_value(c, kid, reg + i, &operand))
			return false;
		if (operand == reg + i)
			continue;
		in = emit(c, INSN_SLICE); /* a constant into its register */
		if (!in)
			return false;
		in->a = operand;
		in->dst = (uint16_t)(reg + i);
	}
	in = emit(c, INSN_CALL);
	if (!in)
		return false;
	in->call = call;
	in->a = in->dst = (uint16_t)reg;
	return true;
}

static bool compile_pair(struct compiler *c, const struct where_node *node,
			 unsigned reg, uint32_t *a, uint32_t *b)
{
	return compile_value(c, node->kids[0], reg, a) &&
	       compile_value(c, node->kids[1], reg + 1, b);
}

static bool compile_arith(struct compiler *c, const struct where_node *node,
			  unsigned reg)
{
	struct insn *in;
	uint32_t a, b = 0;
	bool pair = node->kind == NODE_ARITH;

	if (pair ? !compile_pair(c, node, reg, &a, &b)
		 : !compile_value(c, node->kids[0], reg, &a))
		return false;
	in = emit(c, pair ? INSN_ARITH : INSN_NEGATE);
	if (!in)
		return false;
	in->op = node->op;
	in->dst = (uint16_t)reg;
	in->a = a;
	in->b = b;
	in->type = node->type;
	in->type_a = node->kids[0]->type;
	in->type_b = pair ? node->kids[1]->type : 0;
	return true;
}

static bool compile_slice(struct compiler *c, const struct where_node *node,
			  unsigned reg)
{
	struct insn *in;
	uint32_t a;

	if (!compile_value(c, node->kids[0], reg, &a))
		return false;
	if (node->kids[0]->type == WT_IPV4) {
		in = emit(c, INSN_TO_BYTES);
		if (!in)
			return false;
		in->dst = (uint16_t)reg;
		in->type_a = WT_IPV4;
	}
	in = emit(c, INSN_SLICE);
	if (!in)
		return false;
	in->node = node;
	in->a = a;
	in->dst = (uint16_t)reg;
	return true;
}

/* The value in register reg, or a constant: *operand says which. */
static bool compile_value(struct compiler *c, const struct where_node *node,
			  unsigned reg, uint32_t *operand)
{
	/* calls and arithmetic work on neighbouring registers */
	if (reg + node->n_kids + 1 >= WHERE_REGISTERS)
		return no_room(c, node);
	*operand = reg;
	switch (node->kind) {
	case NODE_CONST:
		return add_constant(c, node, operand);
	case NODE_NAME:
		return compile_name(c, node, reg);
	case NODE_SLICE:
		return compile_slice(c, node, reg);
	case NODE_CALL:
		return compile_call(c, node, reg);
	default:
		return compile_arith(c, node, reg);
	}
}

/* ---- conditions --------------------------------------------------------- */

static bool compile_condition(struct compiler *c, const struct where_node *node,
			      unsigned depth);

/* A field's number and a constant: what most expressions are about. */
static bool is_plain_number(const struct where_node *node)
{
	const struct where_node *a = node->kids[0], *b = node->kids[1];

	return a->kind == NODE_NAME && a->field.name->n && !a->raw &&
	       !a->field.layers && !a->field.name->as_text &&
	       b->kind == NODE_CONST && b->type != WT_REAL &&
	       type_in(a->type, WT_WHOLE | WT_CLOCK | WT_BIT(WT_IPV4));
}

static bool wants_all(const struct where_node *node)
{
	if (node->quant)
		return node->quant == QUANT_ALL;
	if (node->kind == NODE_IN)
		return node->negate;
	return node->op == OP_NE || node->op == OP_ALL_EQ;
}

static bool compile_compare(struct compiler *c, const struct where_node *node)
{
	bool plain = is_plain_number(node);
	uint32_t a = 0, b;
	struct insn *in;

	if (plain ? !add_constant(c, node->kids[1], &b)
		  : !compile_pair(c, node, 0, &a, &b))
		return false;
	in = emit(c, plain ? INSN_FIELD_NUMBER : INSN_COMPARE);
	if (!in)
		return false;
	in->op = node->op;
	in->all = wants_all(node);
	in->a = a;
	in->b = b;
	in->type_a = node->kids[0]->type;
	in->type_b = node->kids[1]->type;
	in->node = node->kids[0];
	return true;
}

static bool compile_in(struct compiler *c, const struct where_node *node)
{
	struct insn *in;
	uint32_t a;

	if (!compile_value(c, node->kids[0], 0, &a))
		return false;
	in = emit(c, INSN_IN);
	if (!in)
		return false;
	in->all = wants_all(node);
	in->negate = node->negate;
	in->type_a = node->kids[0]->type;
	in->a = a;
	in->set = node->set;
	return true;
}

static bool compile_contains(struct compiler *c, const struct where_node *node)
{
	struct insn *in;
	uint32_t a, b;

	if (!compile_pair(c, node, 0, &a, &b))
		return false;
	in = emit(c, INSN_CONTAINS);
	if (!in)
		return false;
	in->all = wants_all(node);
	in->type_a = node->kids[0]->type;
	in->type_b = node->kids[1]->type;
	in->a = a;
	in->b = b;
	return true;
}

/* A regular expression that the program owns. */
static bool add_regex(struct compiler *c, const struct where_node *node,
		      const struct regex **regex)
{
	struct where_program *p = c->program;
	struct regex **more =
	    realloc(p->regexes, (p->n_regexes + 1) * sizeof(struct regex *));
	size_t at;
	struct err err;

	if (!more)
		return err_nomem(c->source->err, "expression");
	p->regexes = more;
	more[p->n_regexes] = regex_open(node->lit.text, node->lit.n, &at, &err);
	*regex = more[p->n_regexes];
	if (*regex) {
		p->n_regexes++;
		return true;
	}
	err_copy(c->source->err, &err);
	return err_show(c->source->err, c->source->text, c->source->len,
			node->at, node->len);
}

static bool compile_matches(struct compiler *c, const struct where_node *node)
{
	const struct regex *regex;
	struct insn *in;
	uint32_t a;

	if (!compile_value(c, node->kids[0], 0, &a) ||
	    !add_regex(c, node->kids[1], &regex))
		return false;
	in = emit(c, INSN_MATCHES);
	if (!in)
		return false;
	in->all = wants_all(node);
	in->a = a;
	in->regex = regex;
	return true;
}

static bool compile_truth(struct compiler *c, const struct where_node *node)
{
	const struct where_node *kid = node->kids[0];
	bool number = kid->kind == NODE_CALL || kid->kind == NODE_ARITH ||
		      kid->kind == NODE_NEGATE || kid->kind == NODE_CONST;
	struct insn *in;
	uint32_t a = 0;
	enum opcode code = number ? INSN_NONZERO : INSN_ANY;

	if (kid->kind == NODE_NAME && !kid->field.layers)
		code = kid->field.name->n ? INSN_HAS_FIELD : INSN_HAS_PROTO;
	else if (!compile_value(c, kid, 0, &a))
		return false;
	in = emit(c, code);
	if (!in)
		return false;
	in->a = a;
	in->type_a = kid->type;
	in->node = kid;
	return true;
}

/* Cheap conditions come first, as they may decide. */
static unsigned cost(const struct where_node *node)
{
	switch (node->kind) {
	case NODE_COMPARE:
	case NODE_TRUTH:
	case NODE_IN:
		return 0;
	case NODE_CONTAINS:
		return 1;
	case NODE_MATCHES:
		return 2;
	default:
		return node->n_kids ? cost(node->kids[0]) : 0;
	}
}

static bool compile_list(struct compiler *c, const struct where_node *node,
			 unsigned depth)
{
	enum opcode jump =
	    node->kind == NODE_AND ? INSN_JUMP_FALSE : INSN_JUMP_TRUE;
	uint32_t last = UINT32_MAX, i, at;
	unsigned price;

	/* jumps to the end are a chain until it is known */
	for (price = 0; price <= 2; price++) {
		for (i = 0; i < node->n_kids; i++) {
			struct insn *in;

			if (cost(node->kids[i]) != price)
				continue;
			if (!compile_condition(c, node->kids[i], depth + 1))
				return false;
			in = emit(c, jump);
			if (!in)
				return false;
			in->b = last;
			last = c->program->n - 1;
		}
	}
	while (last != UINT32_MAX) {
		at = last;
		last = c->program->insns[at].b;
		c->program->insns[at].b = c->program->n;
	}
	return true;
}

static bool compile_xor(struct compiler *c, const struct where_node *node,
			unsigned depth)
{
	struct insn *in;
	uint32_t i;

	for (i = 0; i < node->n_kids; i++) {
		if (!compile_condition(c, node->kids[i], depth + 1))
			return false;
		if (i) {
			in = emit(c, INSN_XOR);
			if (!in)
				return false;
			in->dst = (uint16_t)depth;
		}
		in = emit(c, INSN_SAVE);
		if (!in)
			return false;
		in->dst = (uint16_t)depth;
	}
	return true;
}

static bool compile_condition(struct compiler *c, const struct where_node *node,
			      unsigned depth)
{
	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		return compile_list(c, node, depth);
	case NODE_XOR:
		return compile_xor(c, node, depth);
	case NODE_NOT:
		return compile_condition(c, node->kids[0], depth + 1) &&
		       emit(c, INSN_FLIP);
	case NODE_COMPARE:
		return compile_compare(c, node);
	case NODE_CONTAINS:
		return compile_contains(c, node);
	case NODE_MATCHES:
		return compile_matches(c, node);
	case NODE_IN:
		return compile_in(c, node);
	default:
		return compile_truth(c, node);
	}
}

struct where_program *program_open(struct where_source *source,
				   const struct where_node *root)
{
	struct where_program *p = calloc(1, sizeof(*p));
	struct compiler c = {source, p};

	if (!p)
		err_nomem(source->err, "expression");
	if (p && compile_condition(&c, root, 0))
		return p;
	program_close(p);
	return NULL;
}

void program_close(struct where_program *p)
{
	uint32_t i;

	if (!p)
		return;
	for (i = 0; i < p->n_regexes; i++)
		regex_close(p->regexes[i]);
	free(p->regexes);
	free(p->constants);
	free(p->insns);
	free(p);
}

/* ---- loading values ----------------------------------------------------- */

/* Which layer of its protocol is this, from 1, and how many are there? */
static void layer_place(const struct dissect *d, unsigned layer, int *place,
			int *count)
{
	unsigned i;

	*place = *count = 0;
	for (i = 0; i < d->n_layers; i++) {
		*count += d->layers[i].id == d->layers[layer].id;
		if (i == layer)
			*place = *count;
	}
}

/* A layer that # asks for? Layers are counted from 1. */
static bool layer_wanted(const struct where_ranges *ranges,
			 const struct dissect *d, unsigned layer)
{
	int place, count, from, to;
	unsigned i;

	if (!ranges)
		return true;
	layer_place(d, layer, &place, &count);
	for (i = 0; i < ranges->n; i++) {
		const struct where_range *r = &ranges->item[i];

		from = r->from < 0 ? count + 1 + r->from : r->from;
		to = r->kind == RANGE_TO_END   ? count
		     : r->kind == RANGE_LENGTH ? from + r->to - 1
		     : r->to < 0	       ? count + 1 + r->to
					       : r->to;
		if (place >= from && place <= to)
			return true;
	}
	return false;
}

static inline bool is_number_of(const struct where_name *name, unsigned number)
{
	unsigned k;

	for (k = 0; k < name->n; k++)
		if (name->numbers[k] == number)
			return true;
	return false;
}

static void load_fields(struct where_run *run, const struct insn *in)
{
	const struct dissect *d = run->dissect;
	const struct where_name *name = in->node->field.name;
	struct where_list *out = &run->regs[in->dst];
	unsigned i;

	out->n = 0;
	for (i = 0; i < d->n_values; i++) {
		const struct value *v = &d->values[i];
		struct where_value *to;

		if (!is_number_of(name, v->field) ||
		    !layer_wanted(in->node->field.layers, d, v->layer))
			continue;
		to = list_more(run, out);
		if (!to)
			return;
		to->len = v->len;
		to->num = v->num;
		if (d->rows[v->field]->type == FIELD_IPV6)
			to->len = 16;
		else if (d->rows[v->field]->type == FIELD_ETHER)
			to->len = 6;
		if (to->len)
			to->bytes = v->bytes;
	}
}

static void load_protocol(struct where_run *run, const struct insn *in)
{
	const struct dissect *d = run->dissect;
	unsigned id = in->node->field.name->proto, i;
	struct where_list *out = &run->regs[in->dst];

	out->n = 0;
	for (i = 0; i < d->n_layers; i++)
		if (d->layers[i].id == id &&
		    layer_wanted(in->node->field.layers, d, i))
			list_add_bytes(run, out, d->layers[i].data,
				       d->layers[i].caplen);
}

/* Numbers as they stand in packets; a field's width and order of bytes. */
static void to_bytes(struct where_run *run, const struct insn *in)
{
	struct where_list *list = &run->regs[in->dst];
	const struct field *row = in->node && in->node->kind == NODE_NAME
				      ? in->node->field.name->row
				      : NULL;
	bool little = row && row->flags & FIELD_LITTLE;
	unsigned n = in->type_a == WT_IPV4 ? 4 : row ? row->width : 0, k;
	uint32_t i;

	if (type_in(in->type_a, WT_STRETCH))
		return;
	for (i = 0; i < list->n; i++) {
		uint8_t *bytes = arena_get(&run->scratch, 8);
		uint64_t num = list->v[i].num;

		run->failed |= !bytes;
		if (!bytes) {
			list->n = 0;
			return;
		}
		for (k = 0; k < n && k < 8; k++)
			bytes[k] =
			    (uint8_t)(num >> 8 * (little ? k : n - 1 - k));
		list->v[i].len = n;
		list->v[i].bytes = bytes;
	}
}

/* ---- computing ---------------------------------------------------------- */

struct where_value *list_more(struct where_run *run, struct where_list *list)
{
	struct where_value *more;
	uint32_t room;

	if (list->n == list->room) {
		room = list->room ? 2 * list->room : 16;
		if (room > WHERE_VALUES)
			return NULL;
		more = realloc(list->v, room * sizeof(*more));
		run->failed |= !more;
		if (!more)
			return NULL;
		list->v = more;
		list->room = room;
	}
	return &list->v[list->n++];
}

/* The values of an operand; those of a constant are its ends. */
struct operand {
	const struct where_value *low, *high;
	uint32_t n;
};

static inline struct operand operand_at(const struct where_program *p,
					const struct where_run *run, uint32_t a)
{
	const struct constant *c = &p->constants[a & ~CONSTANT];
	const struct where_list *list;

	if (a & CONSTANT)
		return (struct operand){&c->low, &c->high, 1};
	list = &run->regs[a];
	return (struct operand){list->v, list->v, list->n};
}

/* Where a piece of n bytes begins and how long it is. false: it is beyond. */
static bool piece_of(const struct where_range *r, int64_t n, int64_t *from,
		     int64_t *len)
{
	int64_t to;

	*from = r->from < 0 ? n + r->from : r->from;
	if (*from < 0 || *from > n)
		return false;
	to = r->kind == RANGE_TO_END   ? n
	     : r->kind == RANGE_LENGTH ? *from + r->to
	     : r->to < 0	       ? n + r->to + 1
				       : (int64_t)r->to + 1;
	*len = to - *from;
	return to <= n && *len > 0;
}

static void slice_one(struct where_run *run, const struct where_ranges *ranges,
		      const struct where_value *v, struct where_list *out)
{
	int64_t from = 0, len = 0, all = 0;
	uint8_t *to;
	unsigned i;

	for (i = 0; i < ranges->n; i++) {
		if (!piece_of(&ranges->item[i], v->len, &from, &len))
			return;
		all += len;
	}
	if (ranges->n == 1) {
		list_add_bytes(run, out, v->bytes + from, (size_t)len);
		return;
	}
	to = arena_get(&run->scratch, (size_t)all);
	run->failed |= !to;
	if (!to)
		return;
	for (i = 0, all = 0; i < ranges->n; i++) {
		piece_of(&ranges->item[i], v->len, &from, &len);
		memcpy(to + all, v->bytes + from, (size_t)len);
		all += len;
	}
	list_add_bytes(run, out, to, (size_t)all);
}

/* Into dst, which may be a: no more values are made than read so far. */
static void run_slice(const struct where_program *p, struct where_run *run,
		      const struct insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	struct where_list *out = &run->regs[in->dst];
	struct where_value v, *to;
	uint32_t i;

	out->n = 0;
	for (i = 0; i < a.n; i++) {
		v = a.low[i];
		if (in->node) {
			slice_one(run, in->node->slice, &v, out);
			continue;
		}
		to = list_more(run, out); /* a constant is copied */
		if (to)
			*to = v;
	}
}

static bool and_bytes(struct where_run *run, const struct where_value *a,
		      const struct where_value *b, struct where_value *result)
{
	uint32_t n = a->len < b->len ? a->len : b->len, i;
	uint8_t *bytes = arena_get(&run->scratch, n + 1);

	run->failed |= !bytes;
	if (!bytes)
		return false;
	for (i = 0; i < n; i++)
		bytes[i] = a->bytes[i] & b->bytes[i];
	*result = (struct where_value){.len = n};
	result->bytes = bytes;
	return true;
}

/* Each value of a with each one of b, by way of the last register. */
static void run_arith(const struct where_program *p, struct where_run *run,
		      const struct insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	struct operand b = operand_at(p, run, in->b);
	struct where_list *out = &run->regs[WHERE_REGISTERS - 1], swap;
	struct where_value v, *to;
	uint32_t i, k;
	bool good;

	out->n = 0;
	for (i = 0; i < a.n; i++) {
		for (k = 0; k < b.n; k++) {
			good = in->type == WT_BYTES
				   ? and_bytes(run, &a.low[i], &b.low[k], &v)
				   : value_computed(in->op, in->type_a,
						    a.low[i], in->type_b,
						    b.low[k], in->type, &v);
			to = good ? list_more(run, out) : NULL;
			if (to)
				*to = v;
			else if (good)
				i = a.n - 1, k = b.n - 1;
		}
	}
	swap = run->regs[in->dst];
	run->regs[in->dst] = *out;
	*out = swap;
}

static void run_negate(const struct where_program *p, struct where_run *run,
		       const struct insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	struct where_list *out = &run->regs[in->dst];
	struct where_value v, *to;
	uint32_t i;

	out->n = 0;
	for (i = 0; i < a.n; i++) {
		v = value_negated(in->type_a, a.low[i], in->type);
		to = list_more(run, out);
		if (to)
			*to = v;
	}
}

static void run_call(struct where_run *run, const struct insn *in)
{
	const struct where_list *args[256];
	struct where_list *out = &run->regs[WHERE_REGISTERS - 1], swap;
	unsigned i;
	bool there = true;

	for (i = 0; i < in->call->n; i++) {
		args[i] = &run->regs[in->a + i];
		there &= args[i]->n > 0;
	}
	out->n = 0;
	if (there)
		in->call->function->run(run, in->call, args, out);
	swap = run->regs[in->dst];
	run->regs[in->dst] = *out;
	*out = swap;
}

/* ---- conditions --------------------------------------------------------- */

/* Does this order, to the lower end and to the upper one, satisfy op? */
static inline bool holds(enum where_op op, int low, int high)
{
	switch (op) {
	case OP_EQ:
	case OP_ALL_EQ:
		return low >= 0 && high <= 0;
	case OP_NE:
	case OP_ANY_NE:
		return low < 0 || high > 0;
	case OP_GT:
		return high > 0;
	case OP_GE:
		return low >= 0;
	case OP_LT:
		return low < 0;
	default:
		return high <= 0;
	}
}

static bool field_number(const struct where_program *p,
			 const struct where_run *run, const struct insn *in)
{
	const struct dissect *d = run->dissect;
	const struct where_name *name = in->node->field.name;
	const struct constant *c = &p->constants[in->b & ~CONSTANT];
	bool any = false;
	unsigned i;

	for (i = 0; i < d->n_values; i++) {
		struct where_value v = {.num = d->values[i].num};
		bool good;

		if (!is_number_of(name, d->values[i].field))
			continue;
		good = holds(in->op,
			     value_order(in->type_a, &v, in->type_b, &c->low),
			     value_order(in->type_a, &v, in->type_b, &c->high));
		if (good != in->all)
			return good;
		any = true;
	}
	return any && in->all;
}

static bool compare(const struct where_program *p, const struct where_run *run,
		    const struct insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	struct operand b = operand_at(p, run, in->b);
	uint32_t i, k;

	for (i = 0; i < a.n; i++) {
		for (k = 0; k < b.n; k++) {
			int low = value_order(in->type_a, &a.low[i], in->type_b,
					      &b.low[k]);
			int high = b.low == b.high
				       ? low
				       : value_order(in->type_a, &a.low[i],
						     in->type_b, &b.high[k]);

			if (holds(in->op, low, high) != in->all)
				return !in->all;
		}
	}
	return a.n && b.n && in->all;
}

static bool is_in(const struct where_program *p, const struct where_run *run,
		  const struct insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	uint32_t i;

	for (i = 0; i < a.n; i++)
		if ((set_has(in->set, in->type_a, &a.low[i]) != in->negate) !=
		    in->all)
			return !in->all;
	return a.n && in->all;
}

/* A value's bytes; of an IPv4 address in buffer. */
static const uint8_t *bytes_of(const struct where_value *v, unsigned type,
			       uint8_t buffer[4], size_t *n)
{
	unsigned i;

	*n = v->len;
	if (type != WT_IPV4)
		return v->bytes;
	for (i = 0; i < 4; i++)
		buffer[i] = (uint8_t)(v->num >> (24 - 8 * i));
	*n = 4;
	return buffer;
}

static bool contains(const struct where_program *p, const struct where_run *run,
		     const struct insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	struct operand b = operand_at(p, run, in->b);
	uint8_t hay_address[4], needle_address[4];
	size_t n_hay, n_needle;
	uint32_t i, k;

	for (i = 0; i < a.n; i++) {
		const uint8_t *hay =
		    bytes_of(&a.low[i], in->type_a, hay_address, &n_hay);

		for (k = 0; k < b.n; k++) {
			const uint8_t *needle = bytes_of(
			    &b.low[k], in->type_b, needle_address, &n_needle);
			bool good =
			    !n_needle ||
			    (n_hay && memmem(hay, n_hay, needle, n_needle));

			if (good != in->all)
				return good;
		}
	}
	return a.n && b.n && in->all;
}

static bool matches(const struct where_program *p, const struct where_run *run,
		    const struct insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	uint32_t i;

	for (i = 0; i < a.n; i++) {
		bool good = regex_matches(in->regex, run->regex,
					  a.low[i].len ? a.low[i].bytes
						       : (const uint8_t *)"",
					  a.low[i].len);

		if (good != in->all)
			return good;
	}
	return a.n && in->all;
}

static bool has_field(const struct where_run *run, const struct insn *in)
{
	const struct dissect *d = run->dissect;
	unsigned i;

	for (i = 0; i < d->n_values; i++)
		if (is_number_of(in->node->field.name, d->values[i].field))
			return true;
	return false;
}

static bool has_protocol(const struct where_run *run, const struct insn *in)
{
	const struct dissect *d = run->dissect;
	unsigned id = in->node->field.name->proto, i;

	for (i = 0; i < d->n_layers; i++)
		if (d->layers[i].id == id)
			return true;
	return d->begun == id || (d->begun && d->begun_inside == id);
}

static bool nonzero(const struct where_program *p, const struct where_run *run,
		    const struct insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	uint32_t i, k;

	for (i = 0; i < a.n; i++) {
		const struct where_value *v = &a.low[i];

		if (in->type_a == WT_REAL) {
			if (v->real < 0 || v->real > 0)
				return true;
		} else if (!type_in(in->type_a, WT_STRETCH)) {
			if (v->num)
				return true;
		} else {
			for (k = 0; k < v->len; k++)
				if (v->bytes[k])
					return true;
		}
	}
	return false;
}

static void run_value(const struct where_program *p, struct where_run *run,
		      const struct insn *in)
{
	switch ((enum opcode)in->code) {
	case INSN_FIELDS:
		load_fields(run, in);
		return;
	case INSN_PROTO:
		load_protocol(run, in);
		return;
	case INSN_TO_BYTES:
		to_bytes(run, in);
		return;
	case INSN_SLICE:
		run_slice(p, run, in);
		return;
	case INSN_ARITH:
		run_arith(p, run, in);
		return;
	case INSN_NEGATE:
		run_negate(p, run, in);
		return;
	default:
		run_call(run, in);
		return;
	}
}

static bool run_condition(const struct where_program *p, struct where_run *run,
			  const struct insn *in)
{
	switch ((enum opcode)in->code) {
	case INSN_HAS_FIELD:
		return has_field(run, in);
	case INSN_HAS_PROTO:
		return has_protocol(run, in);
	case INSN_FIELD_NUMBER:
		return field_number(p, run, in);
	case INSN_ANY:
		return operand_at(p, run, in->a).n > 0;
	case INSN_NONZERO:
		return nonzero(p, run, in);
	case INSN_COMPARE:
		return compare(p, run, in);
	case INSN_IN:
		return is_in(p, run, in);
	case INSN_CONTAINS:
		return contains(p, run, in);
	default:
		return matches(p, run, in);
	}
}

bool program_matches(const struct where_program *p, struct where_run *run)
{
	bool flag = true;
	uint32_t i = 0;

	arena_reset(&run->scratch);
	while (i < p->n) {
		const struct insn *in = &p->insns[i++];

		if (in->code < INSN_HAS_FIELD)
			run_value(p, run, in);
		else if (in->code < INSN_FLIP)
			flag = run_condition(p, run, in);
		else if (in->code == INSN_FLIP)
			flag = !flag;
		else if (in->code == INSN_SAVE)
			run->flags[in->dst] = flag;
		else if (in->code == INSN_XOR)
			flag ^= run->flags[in->dst];
		else if (flag == (in->code == INSN_JUMP_TRUE))
			i = in->b;
	}
	return flag;
}

struct where_run *run_open(struct err *err)
{
	struct where_run *run = calloc(1, sizeof(*run));

	if (run)
		run->regex = regex_state_open();
	if (run && run->regex)
		return run;
	run_close(run);
	err_nomem(err, "expression");
	return NULL;
}

void run_close(struct where_run *run)
{
	size_t i;

	if (!run)
		return;
	for (i = 0; i < WHERE_REGISTERS; i++)
		free(run->regs[i].v);
	arena_fini(&run->scratch);
	regex_state_close(run->regex);
	free(run);
}
