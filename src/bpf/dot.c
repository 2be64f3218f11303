/*
 * The control-flow graph of a program in Graphviz' language: a node per run of
 * instructions that only its first can be jumped to. The first line is a
 * comment with the program's numbers, from which it is read back.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/disasm.h"
#include "bpf/syntax.h"
#include "bpf/verify.h"

static const char numbers_before[] = "// program: ";

/* 1 for each instruction that begins a node. */
static uint8_t *find_leaders(const struct program *p)
{
	uint8_t *leads = calloc(p->n + 1, 1);

	if (!leads)
		return NULL;
	leads[0] = 1;
	for (size_t i = 0; i < p->n; i++) {
		const struct insn *in = &p->insns[i];
		unsigned class = bpf_class(in->code);

		if (class == CLASS_JMP) {
			leads[bpf_target(p->insns, i)] = 1;
			if (in->code != OP_JA)
				leads[i + 1 + in->jf] = 1;
		}
		if ((class == CLASS_JMP || class == CLASS_RET) && i + 1 < p->n)
			leads[i + 1] = 1;
	}
	return leads;
}

/* Can any way reach instruction i? A node that none reaches is not drawn. */
static uint8_t *find_reached(const struct program *p)
{
	uint8_t *reached = calloc(p->n + 1, 1);
	bool again = reached != NULL;

	if (reached)
		reached[0] = 1;
	while (again) {
		again = false;
		for (size_t i = 0; i < p->n; i++) {
			const struct insn *in = &p->insns[i];
			unsigned class = bpf_class(in->code);
			size_t to = i + 1;

			if (!reached[i] || class == CLASS_RET)
				continue;
			if (class == CLASS_JMP) {
				to = bpf_target(p->insns, i);
				again |= to < i && !reached[to];
				reached[to] = 1;
				to = in->code == OP_JA ? to : i + 1 + in->jf;
			}
			reached[to] = 1;
		}
	}
	return reached;
}

static void put_edge(struct str *out, size_t from, size_t to, const char *word)
{
	str_printf(out, "\tn%zu -> n%zu", from, to);
	if (word)
		str_printf(out, " [label=\"%s\"]", word);
	str_puts(out, ";\n");
}

/* The node that begins at i. Returns its last instruction. */
static size_t put_node(const struct program *p, size_t i, const uint8_t *leads,
		       struct str *out)
{
	const struct insn *last;
	size_t start = i;

	str_printf(out, "\tn%zu [label=\"", i);
	for (;; i++) {
		const struct opcode *op = opcode_of(p->insns[i].code);

		str_printf(out, "%03zu  %s", i, op->mnemonic);
		if (op->operand == OPERAND_A)
			str_puts(out, " a");
		else if (op->operand != OPERAND_NONE)
			str_putc(out, ' ');
		insn_operand(&p->insns[i], i, out);
		str_puts(out, "\\l");
		if (i + 1 == p->n || leads[i + 1])
			break;
	}
	str_putc(out, '"');
	last = &p->insns[i];
	if (last->code == OP_RET_K && last->k == 0)
		str_puts(out, ", xlabel=\"reject\", fillcolor=\"#f8d0d0\"");
	else if (bpf_class(last->code) == CLASS_RET)
		str_puts(out, ", xlabel=\"accept\", fillcolor=\"#d0f0d0\"");
	str_puts(out, "];\n");
	if (last->code == OP_JA) {
		put_edge(out, start, bpf_target(p->insns, i), NULL);
	} else if (bpf_class(last->code) == CLASS_JMP) {
		put_edge(out, start, bpf_target(p->insns, i), "yes");
		put_edge(out, start, i + 1 + last->jf, "no");
	} else if (bpf_class(last->code) != CLASS_RET) {
		put_edge(out, start, i + 1, NULL);
	}
	return i;
}

void syntax_put_dot(const struct doc *doc, struct str *out)
{
	const struct program *p = &doc->program;
	uint8_t *leads = find_leaders(p), *reached = find_reached(p);

	if (!leads || !reached) {
		out->failed = true;
		goto out;
	}
	str_puts(out, numbers_before);
	put_numbers(p, ",", out);
	str_puts(out, "\ndigraph filter {\n"
		      "\tnode [shape=box, style=filled, fillcolor=\"#f8f8f8\", "
		      "fontname=\"monospace\"];\n");
	if (doc->expression) {
		str_puts(out, "\tlabelloc=t;\n\tlabel=");
		str_json_text(out, doc->expression);
		str_puts(out, ";\n");
	}
	for (size_t i = 0; i < p->n; i++) {
		if (leads[i] && reached[i])
			i = put_node(p, i, leads, out);
	}
	str_puts(out, "}\n");
out:
	free(leads);
	free(reached);
}

bool syntax_probe_dot(const char *text, size_t len)
{
	size_t n = sizeof(numbers_before) - 1;

	return len > n && !memcmp(text, numbers_before, n);
}

bool syntax_get_dot(const char *text, size_t len, struct doc *doc,
		    struct err *err)
{
	size_t start = sizeof(numbers_before) - 1;
	const char *end = memchr(text, '\n', len);

	return get_numbers(
	    text + start, (end ? (size_t)(end - text) : len) - start, doc, err);
}
