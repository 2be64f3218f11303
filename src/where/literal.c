/* Numbers, addresses, bytes, times and names of values, as they are typed. */
#include "where/literal.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"
#include "base/be.h"
#include "base/num.h"

enum { TEXT_MOST = 128 }; /* of what is neither text nor bytes */

/* A literal's text with a NUL, without the sign. */
struct typed_value {
	char text[TEXT_MOST];
	bool minus, is_char;
	const struct where_node *lit;
};

static bool typed_init(struct typed_value *t, const struct where_node *node)
{
	t->minus = node->kind == NODE_NEGATE;
	t->lit = t->minus ? node->kids[0] : node;
	t->is_char = t->lit->kind == NODE_CHAR;
	if (t->lit->lit.n >= sizeof(t->text))
		return false;
	memcpy(t->text, t->lit->lit.text, t->lit->lit.n);
	t->text[t->lit->lit.n] = '\0';
	return strlen(t->text) == t->lit->lit.n;
}

/* ---- numbers ------------------------------------------------------------ */

/* Nearly all numbers are short decimal ones. */
static bool parse_short(const char *text, uint64_t *num)
{
	uint64_t value = 0;
	unsigned n;

	for (n = 0; n < 19 && text[n] >= '0' && text[n] <= '9'; n++)
		value = value * 10 + (uint64_t)(text[n] - '0');
	if (n == 0 || text[n] || (text[0] == '0' && n > 1))
		return false;
	*num = value;
	return true;
}

/* Decimal, 0x, 0b, or octal after 0. */
static bool parse_whole(const char *text, uint64_t *num)
{
	unsigned base = 10;
	char *end;

	if (parse_short(text, num))
		return true;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	} else if (text[0] == '0' && (text[1] == 'b' || text[1] == 'B')) {
		base = 2;
		text += 2;
	} else if (text[0] == '0' && text[1]) {
		base = 8;
		text++;
	}
	if (!isxdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*num = strtoull(text, &end, (int)base);
	return !*end && !errno;
}

static bool parse_bool(const char *text, uint64_t *num)
{
	if (!strcasecmp(text, "true") || !strcasecmp(text, "false")) {
		*num = strcasecmp(text, "true") == 0;
		return true;
	}
	return false;
}

static bool parse_real(const char *text, double *real)
{
	char *end;

	if (!isdigit((unsigned char)text[0]) && text[0] != '.')
		return false;
	*real = strtod(text, &end);
	return !*end && isfinite(*real);
}

static bool same_name(const struct where_node *lit, const char *name,
		      bool exact)
{
	if (strlen(name) != lit->lit.n)
		return false;
	return exact ? !memcmp(name, lit->lit.text, lit->lit.n)
		     : !strncasecmp(name, lit->lit.text, lit->lit.n);
}

/* Does the case of the name's letters count? Only if a name has them alike. */
static bool is_exact(const struct where_node *lit, const struct names *names)
{
	for (; names && names->name; names++)
		if (same_name(lit, names->name, true))
			return true;
	return false;
}

unsigned literal_names(const struct where_node *node, const struct field *row)
{
	const struct names *from = row ? row->names : NULL;
	uint64_t value;
	unsigned n = 0;

	if (!from || (node->kind != NODE_WORD && node->kind != NODE_STRING))
		return 0;
	while (literal_next_name(node, row, &from, &value))
		n++;
	return n;
}

bool literal_next_name(const struct where_node *node, const struct field *row,
		       const struct names **from, uint64_t *value)
{
	bool exact = is_exact(node, row->names);

	for (; *from && (*from)->name; ++*from) {
		if (!same_name(node, (*from)->name, exact))
			continue;
		*value = (*from)->value;
		++*from;
		return true;
	}
	return false;
}

static bool to_number(const struct typed_value *t, struct where_node *node,
		      enum where_type type, const struct field *row, bool real)
{
	const struct names *from = row ? row->names : NULL;
	struct where_value *v = &node->value.low;
	uint64_t num = 0;
	double fraction;

	if (t->is_char) {
		num = (uint8_t)t->text[0];
	} else if (t->lit->kind == NODE_WORD &&
		   (parse_whole(t->text, &num) || parse_bool(t->text, &num))) {
		; /* it is in num */
	} else if (real && parse_real(t->text, &fraction)) {
		v->real = t->minus ? -fraction : fraction;
		node->type = WT_REAL;
		return true;
	} else if (!from || t->minus ||
		   !literal_next_name(t->lit, row, &from, &num)) {
		if (type != WT_BOOL || !parse_bool(t->text, &num))
			return false;
	}
	if (t->minus && num > (uint64_t)INT64_MAX + 1)
		return false;
	v->num = t->minus ? -num : num;
	node->type =
	    t->minus || (type == WT_INT && num <= INT64_MAX) ? WT_INT : WT_UINT;
	return true;
}

/* ---- bytes -------------------------------------------------------------- */

/* Hexadecimal digits in pairs, with one kind of separator or none. Returns how
   many bytes, 0: they are none. to holds half as many bytes as text. */
static size_t parse_bytes(const char *text, size_t n, uint8_t *to)
{
	size_t i = 0, count = 0;
	char separator = 0;

	if (n == 4 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		i = 2;
	if (n > 1 && text[0] == ':')
		i = 1;
	if (n - i == 1 && isxdigit((unsigned char)text[i])) {
		char one[2] = {text[i], '\0'};

		to[0] = (uint8_t)strtoul(one, NULL, 16);
		return 1;
	}
	while (i < n) {
		char pair[3] = {0};

		if (count && strchr(":-.", text[i])) {
			if (separator && text[i] != separator)
				return 0;
			separator = text[i++];
		}
		if (i + 2 > n || !isxdigit((unsigned char)text[i]) ||
		    !isxdigit((unsigned char)text[i + 1]))
			return 0;
		memcpy(pair, text + i, 2);
		to[count++] = (uint8_t)strtoul(pair, NULL, 16);
		i += 2;
	}
	return count;
}

static bool to_bytes(struct where_source *s, const struct typed_value *t,
		     struct where_node *node)
{
	const struct where_node *lit = t->lit;
	struct where_value *v = &node->value.low;
	uint8_t *bytes;
	size_t n;

	if (t->minus)
		return false;
	if (lit->kind != NODE_WORD) {
		*v = (struct where_value){.len = (uint32_t)lit->lit.n};
		v->bytes = (const uint8_t *)lit->lit.text;
		return true;
	}
	bytes = arena_get(s->arena, lit->lit.n + 1);
	n = bytes ? parse_bytes(lit->lit.text, lit->lit.n, bytes) : 0;
	*v = (struct where_value){.len = (uint32_t)n};
	v->bytes = bytes;
	return n > 0;
}

static bool to_ether(struct where_source *s, const struct typed_value *t,
		     struct where_node *node)
{
	struct where_value *v = &node->value.low;
	uint8_t *bytes = arena_get(s->arena, TEXT_MOST);
	size_t n;

	if (!bytes || t->minus)
		return false;
	n = parse_bytes(t->text, t->lit->lit.n, bytes);
	*v = (struct where_value){.len = 6};
	v->bytes = bytes;
	return n == 6;
}

/* ---- addresses ---------------------------------------------------------- */

static bool to_ipv4(const struct typed_value *t, struct where_node *node)
{
	struct addr a;
	unsigned bits;
	uint32_t low;

	if (t->minus || !addr_parse_prefix(t->text, &a, &bits) ||
	    a.version != 4)
		return false;
	low = be32(a.bytes);
	node->value.low.num = low;
	node->value.high.num =
	    low | (bits ? ((uint64_t)1 << (32 - bits)) - 1 : UINT32_MAX);
	return true;
}

static bool to_ipv6(struct where_source *s, const struct typed_value *t,
		    struct where_node *node)
{
	uint8_t *low = arena_get(s->arena, 32), *high = low ? low + 16 : NULL;
	struct addr a;
	unsigned bits, i;

	if (!low || t->minus || !addr_parse_prefix(t->text, &a, &bits) ||
	    a.version != 6)
		return false;
	memcpy(low, a.bytes, 16);
	memcpy(high, a.bytes, 16);
	for (i = bits; i < 128; i++)
		high[i / 8] |= (uint8_t)(0x80 >> i % 8);
	node->value.low.bytes = low;
	node->value.high.bytes = high;
	node->value.low.len = node->value.high.len = 16;
	return true;
}

/* ---- times -------------------------------------------------------------- */

static bool to_span(const struct typed_value *t, struct where_node *node)
{
	double seconds;
	int64_t ns;

	if (!num_duration(t->text, &ns)) {
		if (!parse_real(t->text, &seconds) || seconds > 9e9)
			return false;
		ns = (int64_t)(seconds * 1e9);
	}
	node->value.low.num = (uint64_t)(t->minus ? -ns : ns);
	return true;
}

static bool to_time(const struct typed_value *t, struct where_node *node)
{
	int64_t ns;

	if (t->minus || !num_time(t->text, false, &ns))
		return false;
	node->value.low.num = (uint64_t)ns;
	return true;
}

/* ---- all ---------------------------------------------------------------- */

static bool convert(struct where_source *s, const struct typed_value *t,
		    struct where_node *node, enum where_type type,
		    const struct field *row, bool real)
{
	switch (type) {
	case WT_UINT:
	case WT_INT:
	case WT_BOOL:
		return to_number(t, node, type, row, real);
	case WT_REAL:
		if (!parse_real(t->text, &node->value.low.real))
			return false;
		if (t->minus)
			node->value.low.real = -node->value.low.real;
		return true;
	case WT_ETHER:
		return to_ether(s, t, node);
	case WT_IPV4:
		return to_ipv4(t, node);
	case WT_IPV6:
		return to_ipv6(s, t, node);
	case WT_TIME:
		return to_time(t, node);
	case WT_SPAN:
		return to_span(t, node);
	default:
		return false;
	}
}

static bool fail(struct where_source *s, const struct where_node *node,
		 enum where_type type, const struct field *row)
{
	if (row && row->names && type_in(type, WT_WHOLE))
		return source_fail(s, node->at, node->len,
				   "%s or the name of a value expected here",
				   type_title(type));
	if (node->kind == NODE_STRING && type_in(type, WT_WHOLE))
		return source_fail(s, node->at, node->len,
				   "%s expected here, without quotes",
				   type_title(type));
	return source_fail(s, node->at, node->len, "%s expected here",
			   type_title(type));
}

bool literal_convert(struct where_source *s, struct where_node *node,
		     enum where_type type, const struct field *row, bool real)
{
	struct where_node made = *node;
	struct typed_value t;
	bool fits = typed_init(&t, node), good;

	made.kind = NODE_CONST;
	made.type = (uint8_t)type;
	made.n_kids = 0;
	memset(&made.value, 0, sizeof(made.value));
	if (type == WT_TEXT && !t.minus) {
		made.value.low.len = (uint32_t)t.lit->lit.n;
		made.value.low.bytes = (const uint8_t *)t.lit->lit.text;
		good = true;
	} else if (type == WT_BYTES || type == WT_PROTO) {
		made.type = WT_BYTES;
		good = to_bytes(s, &t, &made);
	} else {
		good = fits && convert(s, &t, &made, type, row, real);
	}
	if (!good)
		return fail(s, node, type, row);
	if (type != WT_IPV4 && type != WT_IPV6)
		made.value.high = made.value.low;
	*node = made;
	return true;
}
