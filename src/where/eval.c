/* Running programs: instruction after instruction, over one packet's values. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "where/arith.h"
#include "where/load.h"
#include "where/program.h"

/* ---- computing ---------------------------------------------------------- */

/* Numbers as they stand in packets; a field's width and order of bytes. */
static void to_bytes(struct where_run *run, const struct where_insn *in)
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

/* The values of an operand; those of a constant are its ends. */
struct operand {
	const struct where_value *low, *high;
	uint32_t n;
};

static inline struct operand operand_at(const struct where_program *p,
					const struct where_run *run, uint32_t a)
{
	const struct where_list *list;
	const struct constant *c;

	if (a & CONSTANT) {
		c = &p->constants[a & ~CONSTANT];
		return (struct operand){&c->low, &c->high, 1};
	}
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
		      const struct where_insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	struct where_list *out = &run->regs[in->dst];
	struct where_value v;
	uint32_t i;

	out->n = 0;
	for (i = 0; i < a.n; i++) {
		v = a.low[i];
		if (in->node)
			slice_one(run, in->node->slice, &v, out);
		else
			list_add(run, out, v); /* a constant is copied */
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
		      const struct where_insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	struct operand b = operand_at(p, run, in->b);
	struct where_list *out = &run->regs[WHERE_REGISTERS - 1], swap;
	struct where_value v;
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
			if (good && !list_add(run, out, v))
				goto full;
		}
	}
full:
	swap = run->regs[in->dst];
	run->regs[in->dst] = *out;
	*out = swap;
}

static void run_negate(const struct where_program *p, struct where_run *run,
		       const struct where_insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	struct where_list *out = &run->regs[in->dst];
	uint32_t i;

	out->n = 0;
	for (i = 0; i < a.n; i++)
		list_add(run, out,
			 value_negated(in->type_a, a.low[i], in->type));
}

static void run_call(struct where_run *run, const struct where_insn *in)
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
			 const struct where_run *run,
			 const struct where_insn *in)
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
		    const struct where_insn *in)
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
		  const struct where_insn *in)
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

	*n = type == WT_PROTO ? v->whole : v->len;
	if (type != WT_IPV4)
		return v->bytes;
	for (i = 0; i < 4; i++)
		buffer[i] = (uint8_t)(v->num >> (24 - 8 * i));
	*n = 4;
	return buffer;
}

static bool contains(const struct where_program *p, const struct where_run *run,
		     const struct where_insn *in)
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
		    const struct where_insn *in)
{
	struct operand a = operand_at(p, run, in->a);
	uint32_t i;

	for (i = 0; i < a.n; i++) {
		uint8_t address[4];
		size_t n;
		const uint8_t *bytes =
		    bytes_of(&a.low[i], in->type_a, address, &n);
		bool good = regex_matches(in->regex, run->regex,
					  n ? bytes : (const uint8_t *)"", n);

		if (good != in->all)
			return good;
	}
	return a.n && in->all;
}

static bool has_field(const struct where_run *run, const struct where_insn *in)
{
	const struct dissect *d = run->dissect;
	unsigned i;

	for (i = 0; i < d->n_values; i++)
		if (is_number_of(in->node->field.name, d->values[i].field))
			return true;
	return false;
}

static bool has_protocol(const struct where_run *run,
			 const struct where_insn *in)
{
	const struct dissect *d = run->dissect;
	const struct where_name *name = in->node->field.name;
	unsigned i, id = name->proto;

	for (i = 0; i < d->n_layers; i++)
		if (is_layer_of(&d->layers[i], name))
			return true;
	return d->begun == id || (d->begun && d->begun_inside == id);
}

static bool nonzero(const struct where_program *p, const struct where_run *run,
		    const struct where_insn *in)
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
		      const struct where_insn *in)
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
			  const struct where_insn *in)
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

static bool run_program(const struct where_program *p, struct where_run *run)
{
	bool flag = true;
	uint32_t i = 0;

	arena_reset(&run->scratch);
	while (i < p->n) {
		const struct where_insn *in = &p->insns[i++];

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

bool program_matches(const struct where_program *p, struct where_run *run)
{
	if (run->dissect->n_values || p->asks_layers)
		return run_program(p, run);
	if (!run->met_empty)
		run->empty = run_program(p, run);
	run->met_empty = true;
	return run->empty;
}

const struct where_list *program_values(const struct where_program *p,
					struct where_run *run)
{
	run_program(p, run);
	return &run->regs[0];
}

struct where_run *run_open(const struct where_program *p, struct err *err)
{
	bool matching = p && p->n_regexes;
	struct where_run *run = calloc(1, sizeof(*run));

	if (run && matching)
		run->regex = regex_state_open();
	if (run && (run->regex || !matching))
		return run;
	run_close(run);
	err_nomem(err, "expression");
	return NULL;
}

void run_close(struct where_run *run)
{
	uint64_t given_up = run ? regex_given_up(run->regex) : 0;
	size_t i;

	if (!run)
		return;
	if (given_up)
		log_warn("a regular expression took too many steps %" PRIu64
			 " time(s), which counts as no match",
			 given_up);
	for (i = 0; i < WHERE_REGISTERS; i++)
		free(run->regs[i].v);
	arena_fini(&run->scratch);
	regex_state_close(run->regex);
	free(run);
}
