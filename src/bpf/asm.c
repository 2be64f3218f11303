/*
 * The assembler: the syntax of the kernel's bpf_asm (labels, comments, Linux
 * extensions) and the numbered listing that tcpdump -d prints. A line holds at
 * most one instruction; errors say line and column.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/form.h"

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

struct reader {
	const char *text;
	size_t len, at;
	bool listing; /* targets are numbers of instructions */
	struct doc *doc;
	struct label *labels;
	size_t n_labels;
	struct jump *jumps;
	size_t n_jumps;
	bool failed;
	struct err *err;
};

/* Words that are no row's mnemonic. */
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

/* ---- errors and characters -----------------------------------------------*/

static bool fail(struct reader *r, size_t at, size_t n, const char *why)
{
	size_t line = 1, column = 1;

	r->failed = true;
	for (size_t i = 0; i < at; i++) {
		column++;
		if (r->text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	err_set(r->err, ERR_USAGE, "line %zu, column %zu: %s", line, column,
		why);
	return err_show(r->err, r->text, r->len, at, n);
}

static int peek(const struct reader *r)
{
	return r->at < r->len ? (unsigned char)r->text[r->at] : -1;
}

static bool is_word(int c)
{
	return c >= 0 && (isalnum(c) || c == '_' || c == '.');
}

/* Over blanks, and over line ends too if asked. Comments are blanks. */
static bool skip(struct reader *r, bool lines)
{
	for (;; r->at++) {
		int c = peek(r);

		if (c == ';' || (c == '/' && r->at + 1 < r->len &&
				 r->text[r->at + 1] == '/')) {
			while (peek(r) >= 0 && peek(r) != '\n')
				r->at++;
			c = peek(r);
		}
		if (c == '/' && r->at + 1 < r->len &&
		    r->text[r->at + 1] == '*') {
			size_t start = r->at;

			r->at += 2;
			while (r->at + 1 < r->len &&
			       (r->text[r->at] != '*' ||
				r->text[r->at + 1] != '/'))
				r->at++;
			if (r->at + 1 >= r->len)
				return fail(r, start, 2,
					    "this comment has no end");
			r->at++;
			continue;
		}
		if (c < 0 || !isspace(c) || (c == '\n' && !lines))
			return true;
	}
}

static bool take(struct reader *r, int c)
{
	if (!skip(r, false) || peek(r) != c)
		return false;
	r->at++;
	return true;
}

static bool expect(struct reader *r, int c, const char *why)
{
	return take(r, c) || fail(r, r->at, 1, why);
}

/* The word at the reader; n 0: there is none. */
static size_t word(struct reader *r, size_t *n)
{
	size_t start;

	skip(r, false);
	start = r->at;
	while (is_word(peek(r)))
		r->at++;
	*n = r->at - start;
	return start;
}

/* ---- operands ------------------------------------------------------------*/

/* Digits of a base from 2 to 16. */
static bool digits(const char *text, size_t n, unsigned base, uint32_t *value)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		int c = tolower((unsigned char)text[i]);
		unsigned digit = isdigit(c)   ? (unsigned)c - '0'
				 : isalpha(c) ? (unsigned)c - 'a' + 10
					      : 99;

		if (digit >= base)
			return false;
		sum = sum * base + digit;
		if (sum > UINT32_MAX)
			return false;
	}
	*value = (uint32_t)sum;
	return n > 0;
}

/* Decimal, 0x hexadecimal, 0b binary, 0 octal; a minus sign means 2^32 - n. */
static bool number(struct reader *r, uint32_t *value)
{
	bool minus = take(r, '-');
	size_t n, start = word(r, &n);
	const char *text = r->text + start;
	bool good;

	if (n > 2 && text[0] == '0' && tolower((unsigned char)text[1]) == 'x')
		good = digits(text + 2, n - 2, 16, value);
	else if (n > 2 && text[0] == '0' &&
		 tolower((unsigned char)text[1]) == 'b')
		good = digits(text + 2, n - 2, 2, value);
	else if (n > 1 && text[0] == '0')
		good = digits(text + 1, n - 1, 8, value);
	else
		good = digits(text, n, 10, value);
	if (!good)
		return fail(r, start, n,
			    n == 0 || !isdigit((unsigned char)text[0])
				? "a number belongs here"
				: "this is no number below 2^32");
	if (minus && *value > (uint32_t)1 << 31)
		return fail(r, start, n, "too low a number");
	if (minus)
		*value = 0 - *value;
	return true;
}

static bool is_x(const char *text, size_t n)
{
	return n == 1 && (*text == 'x' || *text == 'X');
}

/* [k] or [x + k]; the [ is taken. */
static bool octets(struct reader *r, enum operand *operand, uint32_t *k)
{
	size_t n, before = r->at;
	bool percent = take(r, '%');
	size_t start = word(r, &n);

	*operand = OPERAND_ABS;
	if (is_x(r->text + start, n)) {
		*operand = OPERAND_IND;
		*k = 0;
		if (take(r, '+') && !number(r, k))
			return false;
	} else if (!percent && n && bpf_anc_find(r->text + start, n, k)) {
		/* as tcpdump lists it: [vlan_tci] */
	} else {
		r->at = before;
		if (!number(r, k))
			return false;
	}
	return expect(r, ']', "a ] is missing");
}

/* 4*([k]&0xf); the 4 is taken. */
static bool header_length(struct reader *r, uint32_t *k)
{
	enum operand operand;
	size_t start;
	uint32_t mask = 0;

	if (!expect(r, '*', "4*([k]&0xf) is meant here") ||
	    !expect(r, '(', "4*([k]&0xf) is meant here") ||
	    !expect(r, '[', "4*([k]&0xf) is meant here"))
		return false;
	start = r->at;
	if (!octets(r, &operand, k))
		return false;
	if (operand != OPERAND_ABS)
		return fail(r, start, 1, "only a number is possible here");
	if (!expect(r, '&', "4*([k]&0xf) is meant here"))
		return false;
	skip(r, false);
	start = r->at;
	if (!number(r, &mask))
		return false;
	if (mask != 0xf)
		return fail(r, start, r->at - start,
			    "only 0xf is possible here");
	return expect(r, ')', "a ) is missing");
}

/* A word without a sign before it: x, a, len, an extension or a number. */
static bool bare(struct reader *r, enum operand *operand, uint32_t *k)
{
	size_t n, start = word(r, &n);
	const char *text = r->text + start;

	if (is_x(text, n)) {
		*operand = OPERAND_X;
	} else if (n == 1 && (*text == 'a' || *text == 'A')) {
		*operand = OPERAND_A;
	} else if ((n == 3 && !strncmp(text, "len", n)) ||
		   (n == 6 && !strncmp(text, "pktlen", n))) {
		*operand = OPERAND_LEN;
	} else if (n && bpf_anc_find(text, n, k)) {
		*operand = OPERAND_ABS;
	} else {
		return false;
	}
	return true;
}

/* M[k]; false without an error: it is none. */
static bool scratch(struct reader *r, uint32_t *k, bool *wrong)
{
	size_t n, start = word(r, &n);

	*wrong = false;
	if (n != 1 || (r->text[start] != 'M' && r->text[start] != 'm'))
		return false;
	if (expect(r, '[', "a [ is missing") && number(r, k) &&
	    expect(r, ']', "a ] is missing"))
		return true;
	*wrong = true;
	return false;
}

/* Any operand but a jump's target. */
static bool any_operand(struct reader *r, enum operand *operand, uint32_t *k)
{
	size_t start;
	bool wrong;

	skip(r, false);
	start = r->at;
	*operand = OPERAND_NONE;
	*k = 0;
	if (peek(r) < 0 || peek(r) == '\n')
		return true;
	if (take(r, '['))
		return octets(r, operand, k);
	if (take(r, '%')) {
		if (bare(r, operand, k) && *operand != OPERAND_ABS)
			return true;
		return fail(r, start, r->at - start, "%x or %a is meant here");
	}
	if (take(r, '#')) {
		size_t sign = r->at;

		if (bare(r, operand, k) &&
		    (*operand == OPERAND_LEN || *operand == OPERAND_ABS))
			return true;
		r->at = sign;
		*operand = OPERAND_NUM;
		return number(r, k);
	}
	if (bare(r, operand, k))
		return true;
	r->at = start;
	if (scratch(r, k, &wrong)) {
		*operand = OPERAND_MEM;
		return true;
	}
	if (wrong)
		return false;
	r->at = start;
	if (!number(r, k))
		return false;
	if (*k == 4 && skip(r, false) && peek(r) == '*') {
		*operand = OPERAND_MSH;
		return header_length(r, k);
	}
	*operand = OPERAND_JUMP; /* a number without # */
	return true;
}

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

static bool add_jump(struct reader *r, struct jump jump)
{
	struct jump *more = r->jumps;

	if ((r->n_jumps & (r->n_jumps - 1)) == 0) {
		more = realloc(more, (r->n_jumps ? r->n_jumps * 2 : 1) *
					 sizeof(*more));
		if (!more)
			return err_nomem(r->err, "a filter program");
		r->jumps = more;
	}
	more[r->n_jumps++] = jump;
	return true;
}

static bool add_label(struct reader *r, size_t at, size_t n)
{
	struct label *more = r->labels;

	for (size_t i = 0; i < r->n_labels; i++) {
		if (more[i].len == n &&
		    !strncmp(r->text + more[i].at, r->text + at, n))
			return fail(r, at, n, "this label is there already");
	}
	if (r->n_labels >= 4096)
		return fail(r, at, n, "more than 4096 labels");
	if ((r->n_labels & (r->n_labels - 1)) == 0) {
		more = realloc(more, (r->n_labels ? r->n_labels * 2 : 1) *
					 sizeof(*more));
		if (!more)
			return err_nomem(r->err, "a filter program");
		r->labels = more;
	}
	more[r->n_labels++] = (struct label){at, n, r->doc->program.n};
	return true;
}

/* A label's name, or in a listing an instruction's number. */
static bool get_target(struct reader *r, struct target *target)
{
	target->at = word(r, &target->len);
	if (target->len == 0)
		return fail(r, r->at, 1, "a label belongs here");
	target->is_number = r->listing;
	if (r->listing) {
		r->at = target->at;
		return number(r, &target->number);
	}
	return true;
}

/* "jt 3 jf 5" in a listing, ", label" or ", label, label" in assembly. */
static bool get_targets(struct reader *r, struct jump *jump)
{
	size_t n, start;

	if (!r->listing) {
		if (!expect(r, ',', "a , and a label belong here") ||
		    !get_target(r, &jump->yes))
			return false;
		return !take(r, ',') || get_target(r, &jump->no);
	}
	start = word(r, &n);
	if (n != 2 || strncmp(r->text + start, "jt", 2) != 0)
		return fail(r, start, n, "jt belongs here");
	if (!get_target(r, &jump->yes))
		return false;
	start = word(r, &n);
	if (n != 2 || strncmp(r->text + start, "jf", 2) != 0)
		return fail(r, start, n, "jf belongs here");
	return get_target(r, &jump->no);
}

static bool add(struct reader *r, const struct opcode *op, uint32_t k)
{
	return doc_add(r->doc, (struct insn){.code = op->code, .k = k}, r->err);
}

/* One instruction, its mnemonic being n octets at start. */
static bool instruction(struct reader *r, size_t start, size_t n)
{
	struct jump jump = {.insn = r->doc->program.n};
	const struct alias *alias = NULL;
	const char *mnemonic = r->text + start;
	size_t length = n, at;
	enum operand operand;
	const struct opcode *op;
	uint32_t k;
	bool known;

	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++) {
		if (strlen(aliases[i].word) == n &&
		    !strncmp(aliases[i].word, mnemonic, n)) {
			alias = &aliases[i];
			mnemonic = alias->mnemonic;
			length = strlen(mnemonic);
		}
	}
	if (length == 2 && !strncmp(mnemonic, "ja", 2)) {
		if (!get_target(r, &jump.yes) || !add_jump(r, jump))
			return false;
		return doc_add(r->doc, (struct insn){.code = OP_JA}, r->err);
	}
	find_row(mnemonic, length, OPERAND_NONE, &known);
	if (!known)
		return fail(r, start, n, "there is no such instruction");
	skip(r, false);
	at = r->at;
	if (!any_operand(r, &operand, &k))
		return false;
	if (alias && alias->number && operand == OPERAND_JUMP)
		operand = OPERAND_NUM;
	/* bpf_asm takes "ldx 4*(...)", too */
	if (operand == OPERAND_MSH && length == 3)
		mnemonic = "ldxb", length = 4;
	op = find_row(mnemonic, length, operand, &known);
	if (!op)
		return fail(r, at, r->at - at,
			    operand == OPERAND_NONE
				? "an operand is missing"
				: "this instruction takes no such operand");
	if (op->check != CHECK_TARGETS)
		return add(r, op, k);
	if (!get_targets(r, &jump))
		return false;
	if (alias && alias->inverse) {
		struct target yes = jump.yes;

		jump.yes = jump.no;
		jump.no = yes;
	}
	return add_jump(r, jump) && add(r, op, k);
}

/* One line: labels, then perhaps an instruction. */
static bool line(struct reader *r)
{
	size_t n, start;

	if (r->listing) {
		uint32_t i;

		if (!expect(r, '(', "(000) is meant here"))
			return false;
		skip(r, false);
		start = r->at;
		while (peek(r) == '0' && r->at + 1 < r->len &&
		       isdigit((unsigned char)r->text[r->at + 1]))
			r->at++;
		if (!number(r, &i) || !expect(r, ')', "a ) is missing"))
			return false;
		if (i != r->doc->program.n)
			return fail(r, start, r->at - start - 1,
				    "instructions are counted from 0");
	}
	start = word(r, &n);
	while (n > 0 && !r->listing && take(r, ':')) {
		if (!add_label(r, start, n) || !skip(r, true))
			return false;
		start = word(r, &n);
	}
	if (n == 0 && (peek(r) == '\n' || peek(r) < 0))
		return true; /* a label at the end of the file */
	if (n == 0)
		return fail(r, r->at, 1, "an instruction belongs here");
	return instruction(r, start, n);
}

/* ---- targets -------------------------------------------------------------*/

static bool find_target(struct reader *r, const struct target *t, uint32_t insn,
			uint32_t *to)
{
	if (t->len == 0) {
		*to = insn + 1;
		return true;
	}
	if (t->is_number) {
		*to = t->number;
		return true;
	}
	for (size_t i = 0; i < r->n_labels; i++) {
		const struct label *l = &r->labels[i];

		if (l->len == t->len &&
		    !strncmp(r->text + l->at, r->text + t->at, t->len)) {
			*to = l->insn;
			return true;
		}
	}
	return fail(r, t->at, t->len, "there is no such label");
}

/* A test's way, which is 0 to 255 instructions forwards. */
static bool set_way(struct reader *r, const struct target *t, uint32_t insn,
		    uint8_t *way)
{
	uint32_t to;

	if (!find_target(r, t, insn, &to))
		return false;
	if (to <= insn)
		return fail(r, t->at, t->len, "a test cannot jump backwards");
	if (to - insn - 1 > UINT8_MAX)
		return fail(r, t->at, t->len,
			    "this is too far: a test jumps over at most 255 "
			    "instructions");
	*way = (uint8_t)(to - insn - 1);
	return true;
}

static bool set_jumps(struct reader *r)
{
	for (size_t i = 0; i < r->n_jumps; i++) {
		const struct jump *j = &r->jumps[i];
		struct insn *in = &r->doc->program.insns[j->insn];
		uint32_t to;

		if (in->code != OP_JA) {
			if (!set_way(r, &j->yes, j->insn, &in->jt) ||
			    !set_way(r, &j->no, j->insn, &in->jf))
				return false;
			continue;
		}
		if (!find_target(r, &j->yes, j->insn, &to))
			return false;
		in->k = to - j->insn - 1;
	}
	return true;
}

static bool assemble(const char *text, size_t len, bool listing,
		     struct doc *doc, struct err *err)
{
	struct reader r = {.text = text,
			   .len = len,
			   .listing = listing,
			   .doc = doc,
			   .err = err};
	bool good;

	for (;;) {
		good = skip(&r, true);
		if (!good || peek(&r) < 0)
			break;
		good = line(&r) && skip(&r, false);
		if (good && peek(&r) >= 0 && peek(&r) != '\n')
			good = fail(&r, r.at, 1, "the line should end here");
		if (!good)
			break;
	}
	good = good && !r.failed && set_jumps(&r);
	free(r.labels);
	free(r.jumps);
	return good;
}

bool form_probe_asm(const char *text, size_t len)
{
	return !memchr(text, '\0', len);
}

bool form_get_asm(const char *text, size_t len, struct doc *doc,
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

bool form_probe_list(const char *text, size_t len)
{
	size_t at = first_character(text, len);

	return at < len && text[at] == '(';
}

bool form_get_list(const char *text, size_t len, struct doc *doc,
		   struct err *err)
{
	return assemble(text, len, true, doc, err);
}

/* An explanation is assembly with comments. */
bool form_probe_explain(const char *text, size_t len)
{
	(void)text;
	(void)len;
	return false;
}

bool form_get_explain(const char *text, size_t len, struct doc *doc,
		      struct err *err)
{
	return assemble(text, len, false, doc, err);
}
