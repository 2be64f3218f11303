/*
 * From a program to text: tcpdump's listing (-d), C (-dd) and numbers (-ddd),
 * and assembly with labels.
 */
#include "bpf/disasm.h"

#include <inttypes.h>
#include <stdlib.h>

#include "bpf/syntax.h"
#include "bpf/verify.h"

void insn_operand(const struct insn *insn, size_t i, struct str *out)
{
	const struct opcode *op = opcode_of(insn->code);
	int32_t k = (int32_t)insn->k;

	switch (op->operand) {
	case OPERAND_NONE:
	case OPERAND_A:
		break;
	case OPERAND_ABS:
		if (bpf_anc_name(insn->k))
			str_printf(out, "[%s]", bpf_anc_name(insn->k));
		else
			str_printf(out, "[%" PRId32 "]", k);
		break;
	case OPERAND_IND:
		str_printf(out, "[x + %" PRId32 "]", k);
		break;
	case OPERAND_MSH:
		str_printf(out, "4*([%" PRId32 "]&0xf)", k);
		break;
	case OPERAND_MEM:
		str_printf(out, "M[%" PRId32 "]", k);
		break;
	case OPERAND_LEN:
		str_puts(out, "#pktlen");
		break;
	case OPERAND_NUM:
		str_printf(out, "#%" PRId32, k);
		break;
	case OPERAND_HEX:
	case OPERAND_TEST_K:
		str_printf(out, "#0x%" PRIx32, insn->k);
		break;
	case OPERAND_X:
	case OPERAND_TEST_X:
		str_putc(out, 'x');
		break;
	case OPERAND_JUMP:
		str_printf(out, "%" PRId32,
			   (int32_t)((uint32_t)i + 1 + insn->k));
		break;
	}
}

void disasm_line(const struct program *p, size_t i, struct str *out)
{
	const struct insn *in = &p->insns[i];
	const struct opcode *op = opcode_of(in->code);
	size_t before;

	str_printf(out, "(%03zu) %-8s ", i, op->mnemonic);
	before = out->len;
	insn_operand(in, i, out);
	if (op->check != CHECK_TARGETS)
		return;
	if (out->len - before < 16)
		str_pad(out, ' ', 16 - (out->len - before));
	str_printf(out, " jt %zu\tjf %zu", i + 1 + in->jt, i + 1 + in->jf);
}

void syntax_put_list(const struct doc *doc, struct str *out)
{
	for (size_t i = 0; i < doc->program.n; i++) {
		disasm_line(&doc->program, i, out);
		str_putc(out, '\n');
	}
}

void syntax_put_c(const struct doc *doc, struct str *out)
{
	for (size_t i = 0; i < doc->program.n; i++) {
		const struct insn *in = &doc->program.insns[i];

		str_printf(out, "{ 0x%x, %d, %d, 0x%08" PRIx32 " },\n",
			   in->code, in->jt, in->jf, in->k);
	}
}

void put_numbers(const struct program *p, const char *separator,
		 struct str *out)
{
	str_printf(out, "%" PRIu32, p->n);
	for (size_t i = 0; i < p->n; i++) {
		const struct insn *in = &p->insns[i];

		str_printf(out, "%s%u %u %u %" PRIu32, separator, in->code,
			   in->jt, in->jf, in->k);
	}
}

void syntax_put_decimal(const struct doc *doc, struct str *out)
{
	put_numbers(&doc->program, "\n", out);
	str_putc(out, '\n');
}

void syntax_put_xt_bpf(const struct doc *doc, struct str *out)
{
	put_numbers(&doc->program, ",", out);
	str_putc(out, '\n');
}

/* ---- assembly ------------------------------------------------------------*/

/* What a test is called with its two ways swapped ("jneq"); NULL: it has no
   name, or is not a test. */
static const char *disasm_inverse(uint16_t code)
{
	switch (code) {
	case OP_JEQ_K:
	case OP_JEQ_X:
		return "jneq";
	case OP_JGT_K:
	case OP_JGT_X:
		return "jle";
	case OP_JGE_K:
	case OP_JGE_X:
		return "jlt";
	default:
		return NULL;
	}
}

uint32_t *disasm_labels(const struct program *p)
{
	uint32_t *labels = calloc(p->n, sizeof(*labels)), count = 0;

	if (!labels)
		return NULL;
	for (size_t i = 0; i < p->n; i++) {
		const struct insn *in = &p->insns[i];

		if (bpf_class(in->code) != CLASS_JMP)
			continue;
		if (in->code == OP_JA || in->jt || !in->jf)
			labels[bpf_target(p->insns, i)] = 1;
		if (in->code != OP_JA && (in->jf || !in->jt))
			labels[i + 1 + in->jf] = 1;
		/* A jset has no opposite: both ways are written. */
		if (disasm_inverse(in->code) == NULL && in->code != OP_JA &&
		    in->jf)
			labels[i + 1 + in->jt] = 1;
	}
	for (size_t i = 0; i < p->n; i++) {
		if (labels[i])
			labels[i] = ++count;
	}
	return labels;
}

/* A test, written with one target where the other way is the next line. */
static void put_test(const struct program *p, size_t i, const uint32_t *labels,
		     struct str *out)
{
	const struct insn *in = &p->insns[i];
	uint32_t yes = labels[i + 1 + in->jt], no = labels[i + 1 + in->jf];
	const char *inverse = disasm_inverse(in->code);

	if (!in->jt && in->jf && inverse) {
		str_printf(out, "%s ", inverse);
		insn_operand(in, i, out);
		str_printf(out, ", L%" PRIu32, no);
		return;
	}
	str_printf(out, "%s ", opcode_of(in->code)->mnemonic);
	insn_operand(in, i, out);
	str_printf(out, ", L%" PRIu32, yes);
	if (in->jf || !in->jt)
		str_printf(out, ", L%" PRIu32, no);
}

/* A number as bpf_asm reads it: it knows no sign. */
static void put_number(uint32_t k, struct str *out)
{
	str_printf(out, k > INT32_MAX ? "0x%" PRIx32 : "%" PRIu32, k);
}

void disasm_short(const struct program *p, size_t i, struct str *out)
{
	const struct insn *in = &p->insns[i];
	const struct opcode *op = opcode_of(in->code);
	const char *name = bpf_anc_keyword(in->k);

	str_puts(out, op->mnemonic);
	if (op->operand != OPERAND_NONE && op->operand != OPERAND_JUMP)
		str_putc(out, ' ');
	switch (op->operand) {
	case OPERAND_JUMP:
		break;
	case OPERAND_A:
		str_putc(out, 'a');
		break;
	case OPERAND_LEN:
		str_puts(out, "len");
		break;
	case OPERAND_ABS:
		if (name) {
			str_puts(out, name);
			break;
		}
		str_putc(out, '[');
		put_number(in->k, out);
		str_putc(out, ']');
		break;
	case OPERAND_IND:
		str_puts(out, "[x + ");
		put_number(in->k, out);
		str_putc(out, ']');
		break;
	case OPERAND_MSH:
		str_puts(out, "4*([");
		put_number(in->k, out);
		str_puts(out, "]&0xf)");
		break;
	case OPERAND_NUM:
		str_putc(out, '#');
		put_number(in->k, out);
		break;
	default:
		insn_operand(in, i, out);
	}
}

void disasm_asm(const struct program *p, size_t i, const uint32_t *labels,
		struct str *out)
{
	const struct insn *in = &p->insns[i];

	if (opcode_of(in->code)->check == CHECK_TARGETS) {
		put_test(p, i, labels, out);
		return;
	}
	disasm_short(p, i, out);
	if (in->code == OP_JA)
		str_printf(out, " L%" PRIu32, labels[bpf_target(p->insns, i)]);
}

void syntax_put_asm(const struct doc *doc, struct str *out)
{
	uint32_t *labels = disasm_labels(&doc->program);

	if (!labels) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < doc->program.n; i++) {
		if (labels[i])
			str_printf(out, "L%" PRIu32 ":", labels[i]);
		str_putc(out, '\t');
		disasm_asm(&doc->program, i, labels, out);
		str_putc(out, '\n');
	}
	free(labels);
}
