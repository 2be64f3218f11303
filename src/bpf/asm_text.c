/*
 * The assembler's reading of its text: blanks and comments, words, numbers,
 * operands; errors with line and column.
 */
#include "bpf/asm_text.h"

#include <ctype.h>
#include <string.h>

/* ---- errors and characters -----------------------------------------------*/

bool asm_fail(struct asm_text *r, size_t at, size_t n, const char *why)
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

int asm_peek(const struct asm_text *r)
{
	return r->at < r->len ? (unsigned char)r->text[r->at] : -1;
}

static bool is_word(int c)
{
	return c >= 0 && (isalnum(c) || c == '_' || c == '.');
}

/* Over blanks, and over line ends too if asked. Comments are blanks. */
bool asm_skip(struct asm_text *r, bool lines)
{
	for (;; r->at++) {
		int c = asm_peek(r);

		if (c == ';' || (c == '/' && r->at + 1 < r->len &&
				 r->text[r->at + 1] == '/')) {
			while (asm_peek(r) >= 0 && asm_peek(r) != '\n')
				r->at++;
			c = asm_peek(r);
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
				return asm_fail(r, start, 2,
						"this comment has no end");
			r->at++;
			continue;
		}
		if (c < 0 || !isspace(c) || (c == '\n' && !lines))
			return true;
	}
}

bool asm_take(struct asm_text *r, int c)
{
	if (!asm_skip(r, false) || asm_peek(r) != c)
		return false;
	r->at++;
	return true;
}

bool asm_expect(struct asm_text *r, int c, const char *why)
{
	return asm_take(r, c) || asm_fail(r, r->at, 1, why);
}

/* The word at the reader; n 0: there is none. */
size_t asm_word(struct asm_text *r, size_t *n)
{
	size_t start;

	asm_skip(r, false);
	start = r->at;
	while (is_word(asm_peek(r)))
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
bool asm_number(struct asm_text *r, uint32_t *value)
{
	bool minus = asm_take(r, '-');
	size_t n, start = asm_word(r, &n);
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
		return asm_fail(r, start, n,
				n == 0 || !isdigit((unsigned char)text[0])
				    ? "a number belongs here"
				    : "not a number below 2^32");
	if (minus && *value > (uint32_t)1 << 31)
		return asm_fail(r, start, n, "too low a number");
	if (minus)
		*value = 0 - *value;
	return true;
}

static bool is_x(const char *text, size_t n)
{
	return n == 1 && (*text == 'x' || *text == 'X');
}

/* [k] or [x + k]; the [ is taken. */
static bool bytes(struct asm_text *r, enum operand *operand, uint32_t *k)
{
	size_t n, before = r->at;
	bool percent = asm_take(r, '%');
	size_t start = asm_word(r, &n);

	*operand = OPERAND_ABS;
	if (is_x(r->text + start, n)) {
		*operand = OPERAND_IND;
		*k = 0;
		if (asm_take(r, '+') && !asm_number(r, k))
			return false;
	} else if (!percent && n && bpf_anc_find(r->text + start, n, k)) {
		/* as tcpdump lists it: [vlan_tci] */
	} else {
		r->at = before;
		if (!asm_number(r, k))
			return false;
	}
	return asm_expect(r, ']', "a ] is missing");
}

/* 4*([k]&0xf); the 4 is taken. */
static bool header_length(struct asm_text *r, uint32_t *k)
{
	enum operand operand;
	size_t start;
	uint32_t mask = 0;

	if (!asm_expect(r, '*', "4*([k]&0xf) is meant here") ||
	    !asm_expect(r, '(', "4*([k]&0xf) is meant here") ||
	    !asm_expect(r, '[', "4*([k]&0xf) is meant here"))
		return false;
	start = r->at;
	if (!bytes(r, &operand, k))
		return false;
	if (operand != OPERAND_ABS)
		return asm_fail(r, start, 1, "only a number is possible here");
	if (!asm_expect(r, '&', "4*([k]&0xf) is meant here"))
		return false;
	asm_skip(r, false);
	start = r->at;
	if (!asm_number(r, &mask))
		return false;
	if (mask != 0xf)
		return asm_fail(r, start, r->at - start,
				"only 0xf is possible here");
	return asm_expect(r, ')', "a ) is missing");
}

/* A word without a sign before it: x, a, len, an extension or a number. */
static bool bare(struct asm_text *r, enum operand *operand, uint32_t *k)
{
	size_t n, start = asm_word(r, &n);
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
static bool scratch(struct asm_text *r, uint32_t *k, bool *wrong)
{
	size_t n, start = asm_word(r, &n);

	*wrong = false;
	if (n != 1 || (r->text[start] != 'M' && r->text[start] != 'm'))
		return false;
	if (asm_expect(r, '[', "a [ is missing") && asm_number(r, k) &&
	    asm_expect(r, ']', "a ] is missing"))
		return true;
	*wrong = true;
	return false;
}

/* Any operand but a jump's target. */
bool asm_operand(struct asm_text *r, enum operand *operand, uint32_t *k)
{
	size_t start;
	bool wrong;

	asm_skip(r, false);
	start = r->at;
	*operand = OPERAND_NONE;
	*k = 0;
	if (asm_peek(r) < 0 || asm_peek(r) == '\n')
		return true;
	if (asm_take(r, '['))
		return bytes(r, operand, k);
	if (asm_take(r, '%')) {
		if (bare(r, operand, k) && *operand != OPERAND_ABS)
			return true;
		return asm_fail(r, start, r->at - start,
				"%x or %a is meant here");
	}
	if (asm_take(r, '#')) {
		size_t sign = r->at;

		if (bare(r, operand, k) &&
		    (*operand == OPERAND_LEN || *operand == OPERAND_ABS))
			return true;
		r->at = sign;
		*operand = OPERAND_NUM;
		return asm_number(r, k);
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
	if (!asm_number(r, k))
		return false;
	if (*k == 4 && asm_skip(r, false) && asm_peek(r) == '*') {
		*operand = OPERAND_MSH;
		return header_length(r, k);
	}
	*operand = OPERAND_JUMP; /* a number without # */
	return true;
}
