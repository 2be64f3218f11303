/*
 * Programs as JSON (RFC 8259): one object whose keys the manual page of
 * pcaptool-compile describes. Reading takes the keys it knows, in any order,
 * and passes over others.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/disasm.h"
#include "bpf/syntax.h"

/* ---- writing -------------------------------------------------------------*/

static void put_text(struct str *out, const char *key, const char *text)
{
	if (!text)
		return;
	str_printf(out, "\"%s\":", key);
	str_json_text(out, text);
	str_putc(out, ',');
}

static void put_number(struct str *out, const char *key, uint32_t value)
{
	if (value != DOC_UNKNOWN)
		str_printf(out, "\"%s\":%" PRIu32 ",", key, value);
}

void syntax_put_json(const struct doc *doc, struct str *out)
{
	const struct program *p = &doc->program;
	struct str line = STR_INIT;

	str_putc(out, '{');
	put_text(out, "expression", doc->expression);
	put_number(out, "linktype", doc->linktype);
	put_text(out, "linktype_name", doc->linktype_name);
	put_number(out, "snaplen", doc->snaplen);
	put_number(out, "netmask", doc->netmask);
	if (doc->optimized != DOC_UNKNOWN)
		str_printf(out, "\"optimized\":%s,",
			   doc->optimized ? "true" : "false");
	put_text(out, "comment", doc->comment);
	str_puts(out, "\"instructions\":[");
	for (size_t i = 0; i < p->n; i++) {
		const struct insn *in = &p->insns[i];

		str_printf(out,
			   "%s\n{\"index\":%zu,\"code\":%u,\"jt\":%u,"
			   "\"jf\":%u,\"k\":%" PRIu32 ",\"text\":",
			   i ? "," : "", i, in->code, in->jt, in->jf, in->k);
		str_clear(&line);
		disasm_short(p, i, &line);
		str_json(out, str_text(&line), line.len);
		str_putc(out, '}');
	}
	str_puts(out, "]}\n");
	out->failed |= line.failed;
	str_fini(&line);
}

/* ---- reading -------------------------------------------------------------*/

#define DEPTH 16 /* of nested values; ours has three */

struct reader {
	const char *text;
	size_t len, at;
	struct str word; /* the text of the last string */
	struct err *err;
};

static bool fail(struct reader *r, size_t n, const char *why)
{
	size_t line = 1;

	for (size_t i = 0; i < r->at && i < r->len; i++)
		line += r->text[i] == '\n';
	err_set(r->err, ERR_USAGE, "line %zu: %s", line, why);
	return err_show(r->err, r->text, r->len, r->at, n);
}

static int peek(struct reader *r)
{
	while (r->at < r->len && memchr(" \t\r\n", r->text[r->at], 4))
		r->at++;
	return r->at < r->len ? (unsigned char)r->text[r->at] : -1;
}

static bool take(struct reader *r, int c)
{
	if (peek(r) != c)
		return false;
	r->at++;
	return true;
}

/* The four digits of \uXXXX; only characters below U+0100 stay themselves, as
   our own texts have no others that are escaped. */
static bool get_escape(struct reader *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known;
	char digits[5] = "";

	if (r->at >= r->len)
		return fail(r, 1, "the text ends in a string");
	known = memchr(from, r->text[r->at], sizeof(from) - 1);
	if (known) {
		str_putc(&r->word, to[known - from]);
		r->at++;
		return true;
	}
	if (r->text[r->at] != 'u' || r->len - r->at < 5)
		return fail(r, 1, "unknown escape sequence");
	memcpy(digits, r->text + r->at + 1, 4);
	if (strspn(digits, "0123456789abcdefABCDEF") != 4)
		return fail(r, 5, "unknown escape sequence");
	str_putc(&r->word, (char)strtoul(digits, NULL, 16));
	r->at += 5;
	return true;
}

static bool get_string(struct reader *r)
{
	str_clear(&r->word);
	if (!take(r, '"'))
		return fail(r, 1, "a string belongs here");
	while (r->at < r->len && r->text[r->at] != '"') {
		char c = r->text[r->at++];

		if (c != '\\')
			str_putc(&r->word, c);
		else if (!get_escape(r))
			return false;
	}
	return take(r, '"') || fail(r, 1, "the text ends in a string");
}

/* A whole number up to max. */
static bool get_number(struct reader *r, uint32_t max, uint32_t *value)
{
	uint64_t sum = 0;
	size_t start;

	peek(r);
	start = r->at;
	while (r->at < r->len && isdigit((unsigned char)r->text[r->at]) &&
	       sum <= UINT32_MAX)
		sum = sum * 10 + (uint64_t)(r->text[r->at++] - '0');
	if (r->at > start && sum <= max) {
		*value = (uint32_t)sum;
		return true;
	}
	r->at = start;
	return fail(r, 1, "a whole number that fits belongs here");
}

static bool get_word(struct reader *r, const char *word)
{
	size_t n = strlen(word);

	peek(r);
	if (r->len - r->at < n || strncmp(r->text + r->at, word, n) != 0)
		return false;
	r->at += n;
	return true;
}

/* Over any value. */
static bool pass_value(struct reader *r, int depth)
{
	int open = peek(r), close = open == '{' ? '}' : ']';

	if (depth >= DEPTH)
		return fail(r, 1, "nested too deeply");
	if (open == '"')
		return get_string(r);
	if (open == '{' || open == '[') {
		r->at++;
		if (take(r, close))
			return true;
		do {
			if (open == '{' &&
			    (!get_string(r) ||
			     (!take(r, ':') && !fail(r, 1, "a : is missing"))))
				return false;
			if (!pass_value(r, depth + 1))
				return false;
		} while (take(r, ','));
		return take(r, close) ||
		       fail(r, 1, "a , or the end is missing");
	}
	if (get_word(r, "true") || get_word(r, "false") || get_word(r, "null"))
		return true;
	if (open < 0 || !strchr("-0123456789", open))
		return fail(r, 1, "a value belongs here");
	while (r->at < r->len && strchr("+-.0123456789eE", r->text[r->at]) &&
	       r->text[r->at])
		r->at++;
	return true;
}

/* One key of an object and what it holds. */
typedef bool member(struct reader *r, struct doc *doc, struct insn *insn);

/* An object; get reads each key's value. */
static bool get_object(struct reader *r, member *get, struct doc *doc,
		       struct insn *insn)
{
	if (!take(r, '{'))
		return fail(r, 1, "a { belongs here");
	if (take(r, '}'))
		return true;
	do {
		if (!get_string(r))
			return false;
		if (!take(r, ':'))
			return fail(r, 1, "a : is missing");
		if (!get(r, doc, insn))
			return false;
	} while (take(r, ','));
	return take(r, '}') || fail(r, 1, "a , or a } is missing");
}

static bool is_key(const struct reader *r, const char *key)
{
	return !strcmp(str_text(&r->word), key);
}

static bool get_member(struct reader *r, struct doc *doc, struct insn *insn)
{
	uint32_t v = 0;

	(void)doc;
	if (is_key(r, "code")) {
		if (!get_number(r, UINT16_MAX, &v))
			return false;
		insn->code = (uint16_t)v;
		return true;
	}
	if (is_key(r, "jt") || is_key(r, "jf")) {
		uint8_t *way = is_key(r, "jt") ? &insn->jt : &insn->jf;

		if (!get_number(r, UINT8_MAX, &v))
			return false;
		*way = (uint8_t)v;
		return true;
	}
	if (is_key(r, "k"))
		return get_number(r, UINT32_MAX, &insn->k);
	return pass_value(r, 0);
}

static bool get_instructions(struct reader *r, struct doc *doc)
{
	if (!take(r, '['))
		return fail(r, 1, "a [ belongs here");
	if (take(r, ']'))
		return true;
	do {
		struct insn insn = {.code = UINT16_MAX};

		if (!get_object(r, get_member, NULL, &insn) ||
		    !doc_add(doc, insn, r->err))
			return false;
	} while (take(r, ','));
	return take(r, ']') || fail(r, 1, "a , or a ] is missing");
}

static bool get_key(struct reader *r, struct doc *doc, struct insn *insn)
{
	char **text = is_key(r, "expression")	   ? &doc->expression
		      : is_key(r, "linktype_name") ? &doc->linktype_name
		      : is_key(r, "comment")	   ? &doc->comment
						   : NULL;
	uint32_t *value = is_key(r, "linktype")	 ? &doc->linktype
			  : is_key(r, "snaplen") ? &doc->snaplen
			  : is_key(r, "netmask") ? &doc->netmask
						 : NULL;

	(void)insn;
	if (text)
		return get_string(r) &&
		       doc_text(text, str_text(&r->word), r->word.len, r->err);
	if (value)
		return get_number(r, UINT32_MAX, value);
	if (is_key(r, "optimized")) {
		doc->optimized = get_word(r, "true");
		return doc->optimized || get_word(r, "false") ||
		       fail(r, 1, "true or false belongs here");
	}
	if (is_key(r, "instructions"))
		return get_instructions(r, doc);
	return pass_value(r, 0);
}

bool syntax_probe_json(const char *text, size_t len)
{
	struct reader r = {.text = text, .len = len};

	return take(&r, '{') && (peek(&r) == '"' || peek(&r) == '}');
}

bool syntax_get_json(const char *text, size_t len, struct doc *doc,
		     struct err *err)
{
	struct reader r = {
	    .text = text, .len = len, .word = STR_INIT, .err = err};
	bool good = get_object(&r, get_key, doc, NULL);

	if (good && peek(&r) >= 0)
		good = fail(&r, 1, "the text should end here");
	if (r.word.failed)
		good = err_nomem(err, "a filter program");
	str_fini(&r.word);
	return good;
}
