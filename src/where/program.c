/*
 * Making programs: conditions are instructions that set a flag, with jumps
 * where the rest cannot change it any more; values are computed into registers.
 */
#include "where/program.h"

#include <stdlib.h>
#include <string.h>

#include "os/prefault.h"
#include "where/insn.h"

enum { LARGE = 1024 /* instructions: worth a call for all of their pages */ };

struct compiler {
	struct where_source *source;
	struct where_program *program;
};

/* ---- compiling ---------------------------------------------------------- */

/* One more; NULL: no memory. What is returned holds until the next one. */
static struct where_insn *emit(struct compiler *c, enum opcode code)
{
	struct where_program *p = c->program;
	struct where_insn *more;

	if (p->n == p->room) {
		p->room = p->room ? 2 * p->room : 16;
		more = realloc(p->insns, p->room * sizeof(*more));
		if (!more) {
			err_nomem(c->source->err, "expression");
			return NULL;
		}
		p->insns = more;
		if (p->room >= LARGE)
			prefault(more + p->n, (p->room - p->n) * sizeof(*more));
	}
	more = &p->insns[p->n++];
	memset(more, 0, sizeof(*more));
	more->code = (uint8_t)code;
	p->asks_layers |=
	    code == INSN_PROTO || code == INSN_HAS_PROTO || code == INSN_CALL;
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
	struct where_insn *in = emit(c, name->n ? INSN_FIELDS : INSN_PROTO);
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

/* A constant into its register. */
static bool compile_copy(struct compiler *c, uint32_t operand, unsigned reg)
{
	struct where_insn *in = emit(c, INSN_SLICE);

	if (!in)
		return false;
	in->a = operand;
	in->dst = (uint16_t)reg;
	return true;
}

static bool compile_call(struct compiler *c, const struct where_node *node,
			 unsigned reg)
{
	const struct where_node *first = node->kids[0];
	struct where_call *call =
	    arena_get(c->source->arena, sizeof(*call) + node->n_kids);
	struct where_insn *in;
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
		if (!compile_value(c, kid, reg + i, &operand) ||
		    (operand != reg + i && !compile_copy(c, operand, reg + i)))
			return false;
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
	struct where_insn *in;
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
	struct where_insn *in;
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

static bool compile_compare(struct compiler *c, const struct where_node *node)
{
	bool plain = is_plain_number(node);
	uint32_t a = 0, b;
	struct where_insn *in;

	if (plain ? !add_constant(c, node->kids[1], &b)
		  : !compile_pair(c, node, 0, &a, &b))
		return false;
	in = emit(c, plain ? INSN_FIELD_NUMBER : INSN_COMPARE);
	if (!in)
		return false;
	in->op = node->op;
	in->all = node_wants_all(node);
	in->a = a;
	in->b = b;
	in->type_a = node->kids[0]->type;
	in->type_b = node->kids[1]->type;
	in->node = node->kids[0];
	return true;
}

static bool compile_in(struct compiler *c, const struct where_node *node)
{
	struct where_insn *in;
	uint32_t a;

	if (!compile_value(c, node->kids[0], 0, &a))
		return false;
	in = emit(c, INSN_IN);
	if (!in)
		return false;
	in->all = node_wants_all(node);
	in->negate = node->negate;
	in->type_a = node->kids[0]->type;
	in->a = a;
	in->set = node->set;
	return true;
}

static bool compile_contains(struct compiler *c, const struct where_node *node)
{
	struct where_insn *in;
	uint32_t a, b;

	if (!compile_pair(c, node, 0, &a, &b))
		return false;
	in = emit(c, INSN_CONTAINS);
	if (!in)
		return false;
	in->all = node_wants_all(node);
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
	if (err.kind != ERR_USAGE)
		return err_copy(c->source->err, &err);
	return source_fail(c->source, node->at, node->len, "%s", err.text);
}

static bool compile_matches(struct compiler *c, const struct where_node *node)
{
	const struct regex *regex;
	struct where_insn *in;
	uint32_t a;

	if (!compile_value(c, node->kids[0], 0, &a) ||
	    !add_regex(c, node->kids[1], &regex))
		return false;
	in = emit(c, INSN_MATCHES);
	if (!in)
		return false;
	in->all = node_wants_all(node);
	in->type_a = node->kids[0]->type;
	in->a = a;
	in->regex = regex;
	return true;
}

static bool compile_truth(struct compiler *c, const struct where_node *node)
{
	const struct where_node *kid = node->kids[0];
	bool number = kid->kind == NODE_CALL || kid->kind == NODE_ARITH ||
		      kid->kind == NODE_NEGATE || kid->kind == NODE_CONST;
	struct where_insn *in;
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
			struct where_insn *in;

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
	struct where_insn *in;
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

static bool compile_column(struct compiler *c, const struct where_node *node)
{
	uint32_t operand;

	return compile_value(c, node, 0, &operand) &&
	       (operand == 0 || compile_copy(c, operand, 0));
}

static struct where_program *compile(struct where_source *source,
				     const struct where_node *root, bool value)
{
	struct where_program *p = calloc(1, sizeof(*p));
	struct compiler c = {source, p};

	if (!p)
		err_nomem(source->err, "expression");
	if (p &&
	    (value ? compile_column(&c, root) : compile_condition(&c, root, 0)))
		return p;
	program_close(p);
	return NULL;
}

struct where_program *program_open(struct where_source *source,
				   const struct where_node *root)
{
	return compile(source, root, false);
}

struct where_program *program_open_value(struct where_source *source,
					 const struct where_node *value)
{
	return compile(source, value, true);
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
