/* From the bytes of a filter to its text. */
#include "decode/services/ldap_filter.h"

const struct names ldap_filter_names[] = {{FILTER_AND, "and"},
					  {FILTER_OR, "or"},
					  {FILTER_NOT, "not"},
					  {FILTER_EQUAL, "equal"},
					  {FILTER_SUBSTRINGS, "substrings"},
					  {FILTER_GREATER, "greater or equal"},
					  {FILTER_LESS, "less or equal"},
					  {FILTER_PRESENT, "present"},
					  {FILTER_APPROX, "approximately"},
					  {FILTER_EXTENSIBLE, "extensible"},
					  {0, NULL}};

enum { FILTER_DEPTH = 24 };

/* Text under construction; what does not fit is left away. */
struct filter {
	char *at, *end;
};

static void put_char(struct filter *f, char ch)
{
	if (f->at < f->end)
		*f->at++ = ch;
}

static void put_text(struct filter *f, const char *text)
{
	while (*text)
		put_char(f, *text++);
}

/* An attribute or a value, with what would be read as syntax escaped. */
static void put_value(struct filter *f, const struct cur *c)
{
	size_t n = cur_left(c), i;

	for (i = 0; i < n; i++) {
		uint8_t ch = cur_peek8(c, i);

		if (ch == '*' || ch == '(' || ch == ')' || ch == '\\' || !ch) {
			put_char(f, '\\');
			put_char(f, "0123456789abcdef"[ch >> 4]);
			put_char(f, "0123456789abcdef"[ch & 15]);
		} else {
			put_char(f, (char)ch);
		}
	}
}

static void put_pair(struct filter *f, struct cur *c, const char *sign)
{
	struct cur name, value;

	if (!ber_enter(c, BER_BYTES, &name) || !ber_enter(c, BER_BYTES, &value))
		return;
	put_value(f, &name);
	put_text(f, sign);
	put_value(f, &value);
}

static void put_substrings(struct filter *f, struct cur *c)
{
	struct cur name, list;
	struct ber part;
	bool last = false, first = true;

	if (!ber_enter(c, BER_BYTES, &name) ||
	    !ber_enter(c, BER_SEQUENCE, &list))
		return;
	put_value(f, &name);
	put_char(f, '=');
	for (; ber_next(&list, &part); first = false) {
		if (!first || part.number > 0)
			put_char(f, '*');
		put_value(f, &part.body);
		last = part.number == 2;
	}
	if (!last)
		put_char(f, '*');
}

static void put_extensible(struct filter *f, struct cur *c)
{
	struct ber part;

	while (ber_next(c, &part)) {
		if (part.number == 1)
			put_char(f, ':');
		if (part.number == 3)
			put_text(f, ":=");
		if (part.number < 4)
			put_value(f, &part.body);
	}
}

static void put_filter(struct filter *f, struct ber *b, unsigned depth)
{
	static const char *const signs[] = {[FILTER_EQUAL] = "=",
					    [FILTER_GREATER] = ">=",
					    [FILTER_LESS] = "<=",
					    [FILTER_APPROX] = "~="};
	struct ber part;

	put_char(f, '(');
	switch (b->number) {
	case FILTER_AND:
	case FILTER_OR:
	case FILTER_NOT:
		put_char(f, "&|!"[b->number]);
		while (depth < FILTER_DEPTH && ber_next(&b->body, &part))
			put_filter(f, &part, depth + 1);
		break;
	case FILTER_SUBSTRINGS:
		put_substrings(f, &b->body);
		break;
	case FILTER_PRESENT:
		put_value(f, &b->body);
		put_text(f, "=*");
		break;
	case FILTER_EXTENSIBLE:
		put_extensible(f, &b->body);
		break;
	case FILTER_EQUAL:
	case FILTER_GREATER:
	case FILTER_LESS:
	case FILTER_APPROX:
		put_pair(f, &b->body, signs[b->number]);
		break;
	}
	put_char(f, ')');
}

char *ldap_filter_text(struct ber *b, char *at, size_t n)
{
	struct filter f = {at, at + n};

	put_filter(&f, b, 0);
	return f.at;
}
