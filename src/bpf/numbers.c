/* Programs as bare numbers: tcpdump -ddd, the bytecode of iptables, and the
   elements of a C array (tcpdump -dd). Reading them; writing is disasm.c. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/syntax.h"

struct reader {
	const char *text;
	size_t len, at;
	struct err *err;
};

static bool fail(const struct reader *r, size_t at, size_t n, const char *why)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < r->len; i++)
		line += r->text[i] == '\n';
	err_set(r->err, ERR_USAGE, "line %zu: %s", line, why);
	return err_show(r->err, r->text, r->len, at, n);
}

static int peek(const struct reader *r)
{
	return r->at < r->len ? (unsigned char)r->text[r->at] : -1;
}

static void skip_blanks(struct reader *r)
{
	while (peek(r) >= 0 && isspace(peek(r)))
		r->at++;
}

static bool take(struct reader *r, int c)
{
	skip_blanks(r);
	if (peek(r) != c)
		return false;
	r->at++;
	return true;
}

/* A number up to max: decimal, or hexadecimal after 0x. */
static bool number(struct reader *r, uint32_t max, uint32_t *value)
{
	uint64_t sum = 0;
	unsigned base = 10;
	size_t start;

	skip_blanks(r);
	start = r->at;
	if (r->at + 2 < r->len && r->text[r->at] == '0' &&
	    (r->text[r->at + 1] == 'x' || r->text[r->at + 1] == 'X') &&
	    isxdigit((unsigned char)r->text[r->at + 2])) {
		base = 16;
		r->at += 2;
	}
	while (peek(r) >= 0 &&
	       (base == 16 ? isxdigit(peek(r)) : isdigit(peek(r)))) {
		int c = tolower(peek(r));

		sum = sum * base +
		      (unsigned)(isdigit(c) ? c - '0' : c - 'a' + 10);
		if (sum > UINT32_MAX)
			sum = (uint64_t)UINT32_MAX + 1; /* stays too high */
		r->at++;
	}
	if (r->at == start)
		return fail(r, r->at, 1, "a number belongs here");
	if (sum > max)
		return fail(r, start, r->at - start, "too high a number");
	*value = (uint32_t)sum;
	return true;
}

/* code jt jf k, with a comma between them or not. */
static bool instruction(struct reader *r, bool commas, struct doc *doc)
{
	static const uint32_t max[4] = {UINT16_MAX, UINT8_MAX, UINT8_MAX,
					UINT32_MAX};
	uint32_t v[4];

	for (size_t i = 0; i < 4; i++) {
		if (i > 0 && commas && !take(r, ','))
			return fail(r, r->at, 1, "a , belongs here");
		if (!number(r, max[i], &v[i]))
			return false;
	}
	return doc_add(doc,
		       (struct insn){.code = (uint16_t)v[0],
				     .jt = (uint8_t)v[1],
				     .jf = (uint8_t)v[2],
				     .k = v[3]},
		       r->err);
}

bool get_numbers(const char *text, size_t len, struct doc *doc, struct err *err)
{
	struct reader r = {.text = text, .len = len, .err = err};
	uint32_t n;

	if (!number(&r, PROGRAM_MAX, &n))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		take(&r, ',');
		if (!instruction(&r, false, doc))
			return false;
	}
	take(&r, ',');
	skip_blanks(&r);
	if (peek(&r) >= 0)
		return fail(&r, r.at, 1,
			    "more instructions than the first number states");
	return true;
}

static bool starts_with_digit(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && isspace((unsigned char)text[at]))
		at++;
	return at < len && isdigit((unsigned char)text[at]);
}

bool syntax_probe_decimal(const char *text, size_t len)
{
	return starts_with_digit(text, len);
}

bool syntax_get_decimal(const char *text, size_t len, struct doc *doc,
			struct err *err)
{
	return get_numbers(text, len, doc, err);
}

bool syntax_probe_xt_bpf(const char *text, size_t len)
{
	return starts_with_digit(text, len) && memchr(text, ',', len);
}

bool syntax_get_xt_bpf(const char *text, size_t len, struct doc *doc,
		       struct err *err)
{
	return get_numbers(text, len, doc, err);
}

/* ---- C -------------------------------------------------------------------*/

/* The { of an instruction: the first that a digit follows. len: none, or there
   is a comment before, as in assembly. */
static size_t first_element(const char *text, size_t len)
{
	for (size_t at = 0; at < len; at++) {
		size_t next = at + 1;

		if (text[at] == ';' || text[at] == '/')
			return len;
		if (text[at] != '{')
			continue;
		while (next < len && isspace((unsigned char)text[next]))
			next++;
		if (next < len && isdigit((unsigned char)text[next]))
			return at;
	}
	return len;
}

bool syntax_probe_c(const char *text, size_t len)
{
	return first_element(text, len) < len;
}

/* Elements { code, jt, jf, k }, with or without the array around them. */
bool syntax_get_c(const char *text, size_t len, struct doc *doc,
		  struct err *err)
{
	struct reader r = {.text = text,
			   .len = len,
			   .at = first_element(text, len),
			   .err = err};

	while (take(&r, '{')) {
		if (!instruction(&r, true, doc))
			return false;
		take(&r, ',');
		if (!take(&r, '}'))
			return fail(&r, r.at, 1, "a } belongs here");
		take(&r, ',');
	}
	take(&r, '}');
	take(&r, ';');
	skip_blanks(&r);
	if (peek(&r) >= 0)
		return fail(&r, r.at, 1, "{ code, jt, jf, k } belongs here");
	return true;
}
