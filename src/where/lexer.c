/* Tokens. A word is all that can be a name, a number or an address. */
#include "where/lexer.h"

#include <ctype.h>
#include <string.h>

#include "base/array.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_alnum(char c)
{
	/* 0x20: upper and lower case differ by it */
	return (unsigned char)(c - '0') < 10 ||
	       (unsigned char)((c | 0x20) - 'a') < 26 || c == '_';
}

static bool is_plain(char c)
{
	return is_alnum(c) || (unsigned char)c >= 0x80;
}

/* The character i bytes after pos, or NUL. */
static char peek(const struct lexer *l, size_t i)
{
	return l->pos + i < l->source->len ? l->source->text[l->pos + i] : 0;
}

/* ---- words -------------------------------------------------------------- */

/* May a '/' and digits after the n bytes at `from` be a prefix length? */
static bool is_address(const char *from, size_t n)
{
	size_t i, points = 0;

	if (memchr(from, ':', n))
		return true;
	for (i = 0; i < n; i++) {
		points += from[i] == '.';
		if (from[i] != '.' && !isdigit((unsigned char)from[i]))
			return false;
	}
	return points > 0;
}

/* Does the character at pos + i, which is not plain, belong to the word that
   begins at pos? */
static bool in_word(const struct lexer *l, size_t i)
{
	const char *from = l->source->text + l->pos;
	char before = i ? from[i - 1] : 0, after = peek(l, i + 1);

	switch (from[i]) {
	case '.':
		return after != '.';
	case ':':
		return true;
	case '-':
		return is_alnum(before) && is_alnum(after);
	case '+':
		return isdigit((unsigned char)from[0]) &&
		       (before == 'e' || before == 'E') &&
		       isdigit((unsigned char)after);
	case '/':
		return isdigit((unsigned char)after) && is_address(from, i);
	default:
		return false;
	}
}

static bool lex_word(struct lexer *l)
{
	const char *from = l->source->text + l->pos;
	size_t n = 0, left = l->source->len - l->pos;
	bool plain = true;

	for (;; n++) {
		while (n < left && is_plain(from[n]))
			n++;
		if (n == left || !in_word(l, n))
			break;
		plain = false;
	}
	l->kind = TOKEN_WORD;
	l->n = l->len = n;
	l->text = from;
	l->operator= plain ? operator_word(from, n) : NULL;
	l->pos += n;
	if (l->operator)
		l->kind = TOKEN_OPERATOR;
	return true;
}

/* ---- quotes ------------------------------------------------------------- */

static size_t put_utf8(char *to, uint32_t code)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 63));
		to[2] = (char)(0x80 | (code & 63));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 63));
	to[2] = (char)(0x80 | (code >> 6 & 63));
	to[3] = (char)(0x80 | (code & 63));
	return 4;
}

static int digit_of(char c, unsigned base)
{
	int d = isdigit((unsigned char)c) ? c - '0'
		: c >= 'a' && c <= 'f'	  ? c - 'a' + 10
		: c >= 'A' && c <= 'F'	  ? c - 'A' + 10
					  : 99;

	return d < (int)base ? d : -1;
}

/* Up to `most` digits at pos. Returns how many there are. */
static unsigned lex_digits(struct lexer *l, unsigned base, unsigned most,
			   uint32_t *code)
{
	unsigned n = 0;

	*code = 0;
	while (n < most && digit_of(peek(l, 0), base) >= 0) {
		*code = *code * base + (uint32_t)digit_of(peek(l, 0), base);
		l->pos++;
		n++;
	}
	return n;
}

/*
 * The escape whose backslash is at pos: appended to `to`. An unknown escape
 * keeps its backslash, as regular expressions need it.
 */
static bool lex_escape(struct lexer *l, char *to, size_t *n)
{
	static const char letters[] = "abfnrtv\\\"'";
	static const char values[] = "\a\b\f\n\r\t\v\\\"'";
	size_t at = l->pos;
	char c = peek(l, 1);
	const char *known = c ? strchr(letters, c) : NULL;
	unsigned wide = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
	uint32_t code;

	l->pos += 2;
	if (known) {
		to[(*n)++] = values[known - letters];
	} else if (wide) {
		if (!lex_digits(l, 16, wide, &code) || code > 0x10ffff)
			return source_fail(l->source, at, l->pos - at,
					   "\\%c needs hexadecimal digits", c);
		if (c == 'x')
			to[(*n)++] = (char)code;
		else
			*n += put_utf8(to + *n, code);
	} else if (digit_of(c, 8) >= 0) {
		l->pos--;
		lex_digits(l, 8, 3, &code);
		to[(*n)++] = (char)code;
	} else {
		to[(*n)++] = '\\';
		to[(*n)++] = c;
	}
	return true;
}

/* Bytes from pos up to the quote that ends the text, SIZE_MAX: none does. What
   escapes stand for is never longer. */
static size_t quoted_length(const struct lexer *l, char quote)
{
	size_t i;

	for (i = 0; l->pos + i < l->source->len && peek(l, i) != quote; i++)
		if (peek(l, i) == '\\')
			i++;
	return l->pos + i < l->source->len ? i : SIZE_MAX;
}

/* A text in quotes; pos is at the first quote. */
static bool lex_quoted(struct lexer *l, bool raw)
{
	const struct where_source *s = l->source;
	char quote = peek(l, 0);
	size_t start = l->pos++, n = 0;
	size_t room = quoted_length(l, quote);
	char *to;

	if (room == SIZE_MAX)
		return source_fail(l->source, start, 1, "no closing %c", quote);
	to = arena_get(s->arena, room + 1);
	if (!to)
		return err_nomem(s->err, "expression");
	while (peek(l, 0) != quote) {
		if (peek(l, 0) != '\\') {
			to[n++] = s->text[l->pos++];
		} else if (raw) {
			to[n++] = s->text[l->pos++];
			to[n++] = s->text[l->pos++];
		} else if (!lex_escape(l, to, &n)) {
			return false;
		}
	}
	l->pos++;
	l->text = to;
	l->len = n;
	l->n = l->pos - l->at;
	return true;
}

static bool lex_string(struct lexer *l, bool raw)
{
	l->kind = TOKEN_STRING;
	l->pos += raw;
	return lex_quoted(l, raw);
}

static bool lex_char(struct lexer *l)
{
	l->kind = TOKEN_CHAR;
	if (!lex_quoted(l, false))
		return false;
	if (l->len == 1)
		return true;
	return source_fail(l->source, l->at, l->n,
			   "single quotes hold one character; text is in "
			   "double quotes");
}

/* ---- tokens ------------------------------------------------------------- */

static bool lex_sign(struct lexer *l)
{
	static const struct {
		char sign;
		uint8_t kind;
	} signs[] = {
	    {',', TOKEN_COMMA}, {'(', TOKEN_OPEN},    {')', TOKEN_CLOSE},
	    {'{', TOKEN_BRACE}, {'}', TOKEN_UNBRACE}, {'@', TOKEN_RAW},
	};
	const char *at = l->source->text + l->pos;
	size_t i;

	for (i = 0; i < ARRAY_LEN(signs); i++) {
		if (signs[i].sign != *at)
			continue;
		l->kind = signs[i].kind;
		l->n = 1;
		l->pos++;
		return true;
	}
	l->operator= operator_sign(at, l->source->len - l->pos, &l->n);
	if (l->operator) {
		l->kind = TOKEN_OPERATOR;
		l->pos += l->n;
		return true;
	}
	if (*at == '$')
		return source_fail(l->source, l->at, 1,
				   "the name of a macro expected after $");
	if (*at == '=')
		return source_fail(l->source, l->at, 1,
				   "equality is written ==");
	return source_fail(l->source, l->at, 1, "no operator begins like this");
}

void lexer_skip_blanks(struct lexer *l)
{
	const char *text = l->source->text;
	size_t pos = l->pos, end = l->source->len;

	while (pos < end && is_blank(text[pos]))
		pos++;
	l->pos = pos;
}

bool lexer_next(struct lexer *l)
{
	char c;

	lexer_skip_blanks(l);
	l->at = l->pos;
	l->n = 0;
	l->operator= NULL;
	if (l->pos == l->source->len) {
		l->kind = TOKEN_END;
		return true;
	}
	c = l->source->text[l->pos];
	if (c == '"')
		return lex_string(l, false);
	if ((c == 'r' || c == 'R') && peek(l, 1) == '"')
		return lex_string(l, true);
	if (c == '\'')
		return lex_char(l);
	if (c == '.' && peek(l, 1) == '.') {
		l->kind = TOKEN_RANGE;
		l->n = 2;
		l->pos += 2;
		return true;
	}
	if (is_plain(c) || c == '.' || c == ':')
		return lex_word(l);
	return lex_sign(l);
}

bool lexer_start(struct lexer *l, struct where_source *source)
{
	*l = (struct lexer){.source = source};
	return lexer_next(l);
}

bool lexer_follows(struct lexer *l, char c)
{
	size_t from = l->pos;

	lexer_skip_blanks(l);
	if (peek(l, 0) == c) {
		l->pos++;
		return true;
	}
	l->pos = from;
	return false;
}
