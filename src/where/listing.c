/* Instructions in words, with their operands. */
#include "where/listing.h"

#include <inttypes.h>

#include "base/fmt.h"
#include "decode/proto.h"
#include "where/insn.h"
#include "where/operators.h"

enum { BYTES_SHOWN = 16 };

static void put_bytes(struct str *out, const uint8_t *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < BYTES_SHOWN; i++)
		str_printf(out, i ? ":%02x" : "%02x", bytes[i]);
	if (n > BYTES_SHOWN)
		str_puts(out, "...");
	if (!n)
		str_puts(out, "\"\"");
}

static void put_value(struct str *out, enum where_type type,
		      const struct where_value *v)
{
	char text[64];

	switch (type) {
	case WT_REAL:
		str_printf(out, "%g", v->real);
		break;
	case WT_INT:
	case WT_TIME:
	case WT_SPAN:
		str_printf(out, "%" PRId64, (int64_t)v->num);
		break;
	case WT_IPV4:
		str_put(out, text,
			(size_t)(fmt_ip4(text, (uint32_t)v->num) - text));
		break;
	case WT_IPV6:
		str_put(out, text, (size_t)(fmt_ip6(text, v->bytes) - text));
		break;
	case WT_ETHER:
		str_put(out, text, (size_t)(fmt_ether(text, v->bytes) - text));
		break;
	case WT_TEXT:
		str_json(out, (const char *)v->bytes, v->len);
		break;
	case WT_BYTES:
	case WT_PROTO:
		put_bytes(out, v->bytes, v->len);
		break;
	default:
		str_printf(out, "%" PRIu64, v->num);
	}
}

/* A register, or a constant of that type. */
static void put_operand(struct str *out, const struct where_program *p,
			uint32_t operand, enum where_type type)
{
	const struct constant *c;

	if (!(operand & CONSTANT)) {
		str_printf(out, "r%u", operand);
		return;
	}
	c = &p->constants[operand & ~CONSTANT];
	put_value(out, type, &c->low);
	if (type_in(type, WT_BIT(WT_IPV4) | WT_BIT(WT_IPV6)) &&
	    value_order(type, &c->low, type, &c->high) != 0) {
		str_puts(out, "..");
		put_value(out, type, &c->high);
	}
}

static void put_name(struct str *out, const struct where_node *node)
{
	str_printf(out, "%s%s", node->raw ? "@" : "", node->field.name->name);
	if (node->field.layers)
		str_puts(out, " of some layers");
}

static const char *op_text(unsigned op)
{
	const struct where_operator *row = operator_row((enum where_op)op);

	return row->text ? row->text : row->word;
}

static void put_value_insn(struct str *out, const struct where_program *p,
			   const struct where_insn *in)
{
	unsigned i;

	str_printf(out, "r%u = ", in->dst);
	switch (in->code) {
	case INSN_FIELDS:
	case INSN_PROTO:
		put_name(out, in->node);
		break;
	case INSN_TO_BYTES:
		str_printf(out, "bytes of r%u", in->dst);
		break;
	case INSN_SLICE:
		put_operand(out, p, in->a, WT_BYTES);
		str_puts(out, in->node ? ", sliced" : "");
		break;
	case INSN_ARITH:
		put_operand(out, p, in->a, in->type_a);
		str_printf(out, " %s ", op_text(in->op));
		put_operand(out, p, in->b, in->type_b);
		break;
	case INSN_NEGATE:
		str_puts(out, "-");
		put_operand(out, p, in->a, in->type_a);
		break;
	default:
		str_printf(out, "%s(", in->call->function->name);
		for (i = 0; i < in->call->n; i++)
			str_printf(out, "%sr%u", i ? ", " : "", in->a + i);
		str_putc(out, ')');
	}
}

static void put_condition(struct str *out, const struct where_program *p,
			  const struct where_insn *in)
{
	const char *which = in->all ? "all " : "any ";

	switch (in->code) {
	case INSN_HAS_FIELD:
	case INSN_HAS_PROTO:
		str_puts(out, "has ");
		put_name(out, in->node);
		break;
	case INSN_FIELD_NUMBER:
		str_puts(out, which);
		put_name(out, in->node);
		str_printf(out, " %s ", op_text(in->op));
		put_operand(out, p, in->b, in->type_b);
		break;
	case INSN_ANY:
		str_printf(out, "has r%u", in->a);
		break;
	case INSN_NONZERO:
		str_puts(out, "nonzero ");
		put_operand(out, p, in->a, in->type_a);
		break;
	case INSN_COMPARE:
	case INSN_CONTAINS:
		str_puts(out, which);
		put_operand(out, p, in->a, in->type_a);
		str_printf(out, " %s ",
			   in->code == INSN_CONTAINS ? "contains"
						     : op_text(in->op));
		put_operand(out, p, in->b, in->type_b);
		break;
	case INSN_IN:
		str_printf(out, "%sr%u %sin a set of %u", which, in->a,
			   in->negate ? "not " : "", in->set->n);
		break;
	default:
		str_printf(out, "%sr%u matches", which, in->a);
	}
}

static void put_flow(struct str *out, const struct where_insn *in)
{
	switch (in->code) {
	case INSN_FLIP:
		str_puts(out, "not");
		break;
	case INSN_SAVE:
		str_printf(out, "keep as %u", in->dst);
		break;
	case INSN_XOR:
		str_printf(out, "xor with %u", in->dst);
		break;
	default:
		str_printf(out, "if %s, go to %u",
			   in->code == INSN_JUMP_TRUE ? "true" : "false",
			   in->b);
	}
}

void program_list(const struct where_program *p, struct str *out)
{
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		const struct where_insn *in = &p->insns[i];

		str_printf(out, "%u: ", i);
		if (in->code < INSN_HAS_FIELD)
			put_value_insn(out, p, in);
		else if (in->code < INSN_FLIP)
			put_condition(out, p, in);
		else
			put_flow(out, in);
		str_putc(out, '\n');
	}
	str_printf(out, "%u: match if true\n", i);
}
