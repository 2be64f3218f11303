/*
 * Looking for a text: what is asked for is made a field expression. A payload
 * is that of the innermost TCP or UDP; a packet without either is searched
 * whole.
 */
#include "cmd/search.h"

#include <string.h>

#include "where/regex.h"

/* Every byte but letters and digits as \xNN. */
static void put_escaped(struct str *out, const char *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char c = bytes[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9'))
			str_putc(out, c);
		else
			str_printf(out, "\\x%02x", (unsigned)(uint8_t)c);
	}
}

/* The hexadecimal digits after 0x as \xNN. false: they are none, or odd. */
static bool put_hex(struct str *out, const char *digits)
{
	size_t n = strlen(digits), i;

	if (n == 0 || n % 2 || strspn(digits, "0123456789abcdefABCDEF") != n)
		return false;
	for (i = 0; i < n; i += 2)
		str_printf(out, "\\x%.2s", digits + i);
	return true;
}

static bool is_hex(const char *text)
{
	return text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

/* The comparison, without what is compared. */
static bool put_contains(const struct search *s, struct str *out,
			 struct err *err)
{
	struct str pattern = STR_INIT;

	if (is_hex(s->contains)) {
		str_puts(out, "contains \"");
		if (!put_hex(out, s->contains + 2))
			return err_set(err, ERR_USAGE,
				       "option --contains: '%s' is not pairs "
				       "of hexadecimal digits",
				       s->contains);
		str_putc(out, '"');
		return true;
	}
	if (!*s->contains)
		return err_set(err, ERR_USAGE,
			       "option --contains: nothing to look for");
	if (!s->ignore_case) {
		str_puts(out, "contains \"");
		put_escaped(out, s->contains, strlen(s->contains));
	} else {
		/* escaped for the regular expression, then for the text */
		put_escaped(&pattern, s->contains, strlen(s->contains));
		str_puts(out, "matches \"");
		put_escaped(out, str_text(&pattern), pattern.len);
	}
	str_putc(out, '"');
	str_fini(&pattern);
	return true;
}

static bool check_regex(const char *text, struct err *err)
{
	struct err why = {0};
	struct regex *regex;
	size_t at = SIZE_MAX, n = strlen(text);

	if (!*text)
		return err_set(err, ERR_USAGE,
			       "option --match: nothing to look for");
	if (!regex_there())
		return err_set(err, ERR_USAGE,
			       "no --match: libpcre2 is missing");
	regex = regex_open(text, n, &at, &why);
	regex_close(regex);
	if (regex)
		return true;
	err_set(err, why.kind, "option --match: %s", why.text);
	return at <= n ? err_show(err, text, n, at, 1) : false;
}

static bool put_match(const struct search *s, struct str *out, struct err *err)
{
	if (!check_regex(s->match, err))
		return false;
	str_puts(out, s->ignore_case ? "matches \"" : "matches \"(?-i)");
	put_escaped(out, s->match, strlen(s->match));
	str_putc(out, '"');
	return true;
}

/* The comparison with what is looked into. */
static void put_test(const struct search *s, const struct str *test,
		     struct str *out)
{
	const char *text = str_text(test);

	if (s->place == SEARCH_FRAME)
		str_printf(out, "frame %s", text);
	else
		str_printf(out,
			   "(tcp.payload#[-1] %s or "
			   "(not tcp and udp.payload#[-1] %s) or "
			   "(not tcp and not udp and frame %s))",
			   text, text, text);
}

bool search_expression(const struct search *s, struct str *out, struct err *err)
{
	struct str contains = STR_INIT, match = STR_INIT;
	bool good = true;

	if (s->ignore_case && !s->match && s->contains && is_hex(s->contains))
		good = err_set(err, ERR_USAGE,
			       "option --ignore-case needs text to look for");
	good = good && (!s->contains || put_contains(s, &contains, err)) &&
	       (!s->match || put_match(s, &match, err));
	if (good && s->contains)
		put_test(s, &contains, out);
	if (good && s->contains && s->match)
		str_puts(out, " and ");
	if (good && s->match)
		put_test(s, &match, out);
	good = good && (!out->failed || err_nomem(err, "expression"));
	str_fini(&contains);
	str_fini(&match);
	return good;
}
