/*
 * The assembler: the syntax of the kernel's bpf_asm (labels, comments, Linux
 * extensions) and the numbered listing that tcpdump -d prints. A line holds at
 * most one instruction; errors say line and column.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "bpf/asm_text.h"
#include "bpf/syntax.h"

/* A jump's targets: labels that are looked up when all are known. */
struct target {
	size_t at, len; /* the word in the text; len 0: the next instruction */
	bool is_number; /* an instruction's number, in a listing */
	uint32_t number;
};

struct jump {
	uint32_t insn;
	struct target yes, no;
};

struct label {
	size_t at, len;
	uint32_t insn;
};

struct assembly {
	struct asm_text in;
	bool listing; /* targets are numbers of instructions */
	struct doc *doc;
	struct label *labels;
	size_t n_labels;
	uint32_t *places; /* of labels by hash: a number + 1, or 0 */
	size_t n_places;
	struct jump *jumps;
	size_t n_jumps;
};

/* Words that are not a row's mnemonic. */
static const struct alias {
	const char *word, *mnemonic;
	bool inverse; /* the targets change places */
	bool number;  /* the operand is a number, with or without # */
} aliases[] = {
    {"ldi", "ld", false, true},	  {"ldxi", "ldx", false, true},
    {"jmp", "ja", false, false},  {"jne", "jeq", true, false},
    {"jneq", "jeq", true, false}, {"jlt", "jge", true, false},
    {"jle", "jgt", true, false},
};

/* ---- instructions --------------------------------------------------------*/

/* The row of a mnemonic that takes this operand; NULL: none. *known tells
   whether there is such a mnemonic at all. */
static const struct opcode *find_row(const char *mnemonic, size_t n,
				     enum operand operand, bool *known)
{
	*known = false;
	for (size_t i = 0; i < opcode_count; i++) {
		const struct opcode *op = &opcode_table[i];
		enum operand want = op->operand;

		if (strlen(op->mnemonic) != n ||
		    strncmp(op->mnemonic, mnemonic, n) != 0)
			continue;
		*known = true;
		if (want == OPERAND_HEX || want == OPERAND_TEST_K)
			want = OPERAND_NUM;
		if (want == OPERAND_TEST_X)
			want = OPERAND_X;
		if (want == operand)
			return op;
		/* tcpdump lists a ret of A without an operand */
		if (want == OPERAND_A && operand == OPERAND_NONE)
			return op;
	}
	return NULL;
}

static bool add_jump(struct assembly *a, struct jump jump)
{
	struct jump *more = a->jumps;

	if ((a->n_jumps & (a->n_jumps - 1)) == 0) {
		more = realloc(more, (a->n_jumps ? a->n_jumps * 2 : 1) *
					 sizeof(*more));
		if (!more)
			return err_nomem(a->in.err, "a filter program");
		a->jumps = more;
	}
	more[a->n_jumps++] = jump;
	return true;
}

/* The place of a label of n bytes at at, or that where it belongs. */
static uint32_t *place_of(const struct assembly *a, size_t at, size_t n)
{
	const char *name = a->in.text + at;
	uint64_t h = n;
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
	for (i = (size_t)(h ^ h >> 32);; i++) {
		uint32_t *place = &a->places[i & (a->n_places - 1)];
		const struct label *l = &a->labels[*place - 1];

		if (!*place ||
		    (l->len == n && !memcmp(a->in.text + l->at, name, n)))
			return place;
	}
}

/* Room for another label, in a table that is at most half full. */
static bool grow_labels(struct assembly *a)
{
	size_t room = a->n_labels ? a->n_labels * 2 : 64;
	struct label *more = a->labels;

	if (a->n_labels &&
	    (a->n_labels < 64 || (a->n_labels & (a->n_labels - 1)) != 0))
		return true;
	more = realloc(more, room * sizeof(*more));
	if (!more)
		return err_nomem(a->in.err, "a filter program");
	a->labels = more;
	free(a->places);
	a->n_places = room * 2;
	a->places = calloc(a->n_places, sizeof(*a->places));
	if (!a->places)
		return err_nomem(a->in.err, "a filter program");
	for (size_t i = 0; i < a->n_labels; i++)
		*place_of(a, more[i].at, more[i].len) = (uint32_t)i + 1;
	return true;
}

static bool add_label(struct assembly *a, size_t at, size_t n)
{
	uint32_t *place;

	if (a->n_labels > PROGRAM_MAX)
		return asm_fail(&a->in, at, n, "too many labels");
	if (!grow_labels(a))
		return false;
	place = place_of(a, at, n);
	if (*place)
		return asm_fail(&a->in, at, n, "this label is there already");
	a->labels[a->n_labels++] = (struct label){at, n, a->doc->program.n};
	*place = (uint32_t)a->n_labels;
	return true;
}

/* A label's name, or in a listing an instruction's number. */
static bool get_target(struct assembly *a, struct target *target)
{
	target->at = asm_word(&a->in, &target->len);
	if (target->len == 0)
		return asm_fail(&a->in, a->in.at, 1, "a label belongs here");
	target->is_number = a->listing;
	if (a->listing) {
		a->in.at = target->at;
		return asm_number(&a->in, &target->number);
	}
	return true;
}

/* "jt 3 jf 5" in a listing, ", label" or ", label, label" in assembly. */
static bool get_targets(struct assembly *a, struct jump *jump)
{
	size_t n, start;

	if (!a->listing) {
		if (!asm_expect(&a->in, ',', "a , and a label belong here") ||
		    !get_target(a, &jump->yes))
			return false;
		return !asm_take(&a->in, ',') || get_target(a, &jump->no);
	}
	start = asm_word(&a->in, &n);
	if (n != 2 || strncmp(a->in.text + start, "jt", 2) != 0)
		return asm_fail(&a->in, start, n, "jt belongs here");
	if (!get_target(a, &jump->yes))
		return false;
	start = asm_word(&a->in, &n);
	if (n != 2 || strncmp(a->in.text + start, "jf", 2) != 0)
		return asm_fail(&a->in, start, n, "jf belongs here");
	return get_target(a, &jump->no);
}

static bool add(struct assembly *a, const struct opcode *op, uint32_t k)
{
	return doc_add(a->doc, (struct insn){.code = op->code, .k = k},
		       a->in.err);
}

/* One instruction, its mnemonic being n bytes at start. */
static bool instruction(struct assembly *a, size_t start, size_t n)
{
	struct jump jump = {.insn = a->doc->program.n};
	const struct alias *alias = NULL;
	const char *mnemonic = a->in.text + start;
	size_t length = n, at;
	enum operand operand;
	const struct opcode *op;
	uint32_t k;
	bool known;

	for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
		if (strlen(aliases[i].word) == n &&
		    !strncmp(aliases[i].word, mnemonic, n)) {
			alias = &aliases[i];
			mnemonic = alias->mnemonic;
			length = strlen(mnemonic);
		}
	}
	if (length == 2 && !strncmp(mnemonic, "ja", 2)) {
		if (!get_target(a, &jump.yes) || !add_jump(a, jump))
			return false;
		return doc_add(a->doc, (struct insn){.code = OP_JA}, a->in.err);
	}
	find_row(mnemonic, length, OPERAND_NONE, &known);
	if (!known)
		return asm_fail(&a->in, start, n, "unknown instruction");
	asm_skip(&a->in, false);
	at = a->in.at;
	if (!asm_operand(&a->in, &operand, &k))
		return false;
	if (alias && alias->number && operand == OPERAND_JUMP)
		operand = OPERAND_NUM;
	/* bpf_asm takes "ldx 4*(...)", too */
	if (operand == OPERAND_MSH && length == 3)
		mnemonic = "ldxb", length = 4;
	op = find_row(mnemonic, length, operand, &known);
	if (!op)
		return asm_fail(&a->in, at, a->in.at - at,
				operand == OPERAND_NONE
				    ? "an operand is missing"
				    : "this instruction takes no such operand");
	if (op->check != CHECK_TARGETS)
		return add(a, op, k);
	if (!get_targets(a, &jump))
		return false;
	if (alias && alias->inverse) {
		struct target yes = jump.yes;

		jump.yes = jump.no;
		jump.no = yes;
	}
	return add_jump(a, jump) && add(a, op, k);
}

/* One line: labels, then perhaps an instruction. */
static bool line(struct assembly *a)
{
	size_t n, start;

	if (a->listing) {
		uint32_t i;

		if (!asm_expect(&a->in, '(', "(000) is meant here"))
			return false;
		asm_skip(&a->in, false);
		start = a->in.at;
		while (asm_peek(&a->in) == '0' && a->in.at + 1 < a->in.len &&
		       isdigit((unsigned char)a->in.text[a->in.at + 1]))
			a->in.at++;
		if (!asm_number(&a->in, &i) ||
		    !asm_expect(&a->in, ')', "a ) is missing"))
			return false;
		if (i != a->doc->program.n)
			return asm_fail(&a->in, start, a->in.at - start - 1,
					"instructions are counted from 0");
	}
	start = asm_word(&a->in, &n);
	while (n > 0 && !a->listing && asm_take(&a->in, ':')) {
		if (!add_label(a, start, n) || !asm_skip(&a->in, true))
			return false;
		start = asm_word(&a->in, &n);
	}
	if (n == 0 && (asm_peek(&a->in) == '\n' || asm_peek(&a->in) < 0))
		return true; /* a label at the end of the file */
	if (n == 0)
		return asm_fail(&a->in, a->in.at, 1,
				"an instruction belongs here");
	return instruction(a, start, n);
}

/* ---- targets -------------------------------------------------------------*/

static bool find_target(struct assembly *a, const struct target *t,
			uint32_t insn, uint32_t *to)
{
	const uint32_t *place;

	if (t->len == 0) {
		*to = insn + 1;
		return true;
	}
	if (t->is_number) {
		*to = t->number;
		return true;
	}
	place = a->n_places ? place_of(a, t->at, t->len) : NULL;
	if (place && *place) {
		*to = a->labels[*place - 1].insn;
		return true;
	}
	asm_fail(&a->in, t->at, t->len, "unknown label");
	return false; /* plainly, for compilers that ask whether *to is set */
}

/* A test's way, which is 0 to 255 instructions forwards. */
static bool set_way(struct assembly *a, const struct target *t, uint32_t insn,
		    uint8_t *way)
{
	uint32_t to;

	if (!find_target(a, t, insn, &to))
		return false;
	if (to <= insn)
		return asm_fail(&a->in, t->at, t->len,
				"a test cannot jump backwards");
	if (to - insn - 1 > UINT8_MAX)
		return asm_fail(
		    &a->in, t->at, t->len,
		    "this is too far: a test jumps over at most 255 "
		    "instructions");
	*way = (uint8_t)(to - insn - 1);
	return true;
}

static bool set_jumps(struct assembly *a)
{
	for (size_t i = 0; i < a->n_jumps; i++) {
		const struct jump *j = &a->jumps[i];
		struct insn *in = &a->doc->program.insns[j->insn];
		uint32_t to;

		if (in->code != OP_JA) {
			if (!set_way(a, &j->yes, j->insn, &in->jt) ||
			    !set_way(a, &j->no, j->insn, &in->jf))
				return false;
			continue;
		}
		if (!find_target(a, &j->yes, j->insn, &to))
			return false;
		in->k = to - j->insn - 1;
	}
	return true;
}

static bool assemble(const char *text, size_t len, bool listing,
		     struct doc *doc, struct err *err)
{
	struct assembly a = {.in = {.text = text, .len = len, .err = err},
			     .listing = listing,
			     .doc = doc};
	bool good;

	for (;;) {
		good = asm_skip(&a.in, true);
		if (!good || asm_peek(&a.in) < 0)
			break;
		good = line(&a) && asm_skip(&a.in, false);
		if (good && asm_peek(&a.in) >= 0 && asm_peek(&a.in) != '\n')
			good = asm_fail(&a.in, a.in.at, 1,
					"the line should end here");
		if (!good)
			break;
	}
	good = good && !a.in.failed && set_jumps(&a);
	free(a.labels);
	free(a.places);
	free(a.jumps);
	return good;
}

bool syntax_probe_asm(const char *text, size_t len)
{
	return !memchr(text, '\0', len);
}

bool syntax_get_asm(const char *text, size_t len, struct doc *doc,
		    struct err *err)
{
	return assemble(text, len, false, doc, err);
}

static size_t first_character(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && isspace((unsigned char)text[at]))
		at++;
	return at;
}

bool syntax_probe_list(const char *text, size_t len)
{
	size_t at = first_character(text, len);

	return at < len && text[at] == '(';
}

bool syntax_get_list(const char *text, size_t len, struct doc *doc,
		     struct err *err)
{
	return assemble(text, len, true, doc, err);
}

/* An explanation is assembly with comments. */
bool syntax_probe_explain(const char *text, size_t len)
{
	(void)text;
	(void)len;
	return false;
}

bool syntax_get_explain(const char *text, size_t len, struct doc *doc,
			struct err *err)
{
	return assemble(text, len, false, doc, err);
}
