/* Functions of values. */
#include "where/functions.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/fmt.h"
#include "base/nearest.h"
#include "where/special.h"

enum { NUMBER_TEXT = 64 }; /* the longest text of what has no bytes */

/* ---- of any value ------------------------------------------------------- */

static void run_len(struct where_run *run, const struct where_call *call,
		    const struct where_list *const *args,
		    struct where_list *out)
{
	uint32_t i;

	for (i = 0; i < args[0]->n; i++) {
		uint64_t n = args[0]->v[i].len;

		if (call->types[0] == WT_IPV4)
			n = 4;
		else if (!type_in(call->types[0], WT_STRETCH))
			n = call->row ? call->row->width : 8;
		list_add_num(run, out, n);
	}
}

static void run_count(struct where_run *run, const struct where_call *call,
		      const struct where_list *const *args,
		      struct where_list *out)
{
	(void)call;
	list_add_num(run, out, args[0]->n);
}

/* ---- text --------------------------------------------------------------- */

static void change_case(struct where_run *run, const struct where_list *from,
			struct where_list *out, int (*change)(int))
{
	uint32_t i, k;

	for (i = 0; i < from->n; i++) {
		const struct where_value *v = &from->v[i];
		uint8_t *to = arena_get(&run->scratch, v->len + 1);

		run->failed |= !to;
		if (!to)
			return;
		for (k = 0; k < v->len; k++)
			to[k] = v->bytes[k] < 0x80
				    ? (uint8_t)change(v->bytes[k])
				    : v->bytes[k];
		list_add_bytes(run, out, to, v->len);
	}
}

static void run_upper(struct where_run *run, const struct where_call *call,
		      const struct where_list *const *args,
		      struct where_list *out)
{
	(void)call;
	change_case(run, args[0], out, toupper);
}

static void run_lower(struct where_run *run, const struct where_call *call,
		      const struct where_list *const *args,
		      struct where_list *out)
{
	(void)call;
	change_case(run, args[0], out, tolower);
}

/* Seconds with nine decimals. */
static char *put_span(char *at, uint64_t num, bool with_sign)
{
	uint64_t ns = num;

	if (with_sign && (int64_t)num < 0) {
		*at++ = '-';
		ns = -num;
	}
	at = fmt_dec(at, ns / 1000000000);
	*at++ = '.';
	return fmt_nano(at, (uint32_t)(ns % 1000000000));
}

/* The text of a number or an address at `at`. Returns its end. */
static char *put_value(char *at, const struct where_call *call,
		       const struct where_value *v)
{
	const struct field *row = call->row;

	switch ((enum where_type)call->types[0]) {
	case WT_INT:
		return fmt_sdec(at, (int64_t)v->num);
	case WT_BOOL:
		return fmt_text(at, v->num ? "True" : "False");
	case WT_REAL:
		return fmt_sdec(at, (int64_t)v->real);
	case WT_ETHER:
		return fmt_ether(at, v->bytes);
	case WT_IPV4:
		return fmt_ip4(at, (uint32_t)v->num);
	case WT_IPV6:
		return fmt_ip6(at, v->bytes);
	case WT_TIME:
	case WT_SPAN:
		return put_span(at, v->num, true);
	default:
		break;
	}
	if (!row || !(row->flags & FIELD_HEX))
		return fmt_dec(at, v->num);
	at = fmt_text(at, "0x");
	return fmt_hex(at, v->num,
		       row->digits  ? row->digits
		       : row->width ? 2u * row->width
				    : 8);
}

/* Bytes as hexadecimal digits with colons between. */
static void add_hex(struct where_run *run, const struct where_value *v,
		    struct where_list *out)
{
	char *text = arena_get(&run->scratch, 3 * (size_t)v->len + 1);
	char *at = text;
	uint32_t i;

	run->failed |= !text;
	if (!text)
		return;
	for (i = 0; i < v->len; i++) {
		if (i)
			*at++ = ':';
		at = fmt_hex(at, v->bytes[i], 2);
	}
	list_add_bytes(run, out, text, (size_t)(at - text));
}

static void run_string(struct where_run *run, const struct where_call *call,
		       const struct where_list *const *args,
		       struct where_list *out)
{
	unsigned type = call->types[0];
	uint32_t i;

	for (i = 0; i < args[0]->n; i++) {
		const struct where_value *v = &args[0]->v[i];
		char *text;

		if (type == WT_TEXT) {
			list_add_bytes(run, out, v->bytes, v->len);
			continue;
		}
		if (type == WT_BYTES || type == WT_PROTO) {
			add_hex(run, v, out);
			continue;
		}
		text = arena_get(&run->scratch, NUMBER_TEXT);
		run->failed |= !text;
		if (text)
			list_add_bytes(
			    run, out, text,
			    (size_t)(put_value(text, call, v) - text));
	}
}

static void run_vals(struct where_run *run, const struct where_call *call,
		     const struct where_list *const *args,
		     struct where_list *out)
{
	uint32_t i;

	for (i = 0; i < args[0]->n; i++) {
		const char *name =
		    call->row ? names_get(call->row->names, args[0]->v[i].num)
			      : NULL;

		if (name)
			list_add_bytes(run, out, name, strlen(name));
	}
}

static void run_dec(struct where_run *run, const struct where_call *call,
		    const struct where_list *const *args,
		    struct where_list *out)
{
	uint32_t i;

	for (i = 0; i < args[0]->n; i++) {
		uint64_t num = args[0]->v[i].num;
		char *text = arena_get(&run->scratch, NUMBER_TEXT), *end;

		run->failed |= !text;
		if (!text)
			return;
		end = call->types[0] == WT_INT ? fmt_sdec(text, (int64_t)num)
					       : fmt_dec(text, num);
		list_add_bytes(run, out, text, (size_t)(end - text));
	}
}

static void run_hex(struct where_run *run, const struct where_call *call,
		    const struct where_list *const *args,
		    struct where_list *out)
{
	unsigned width = call->row && call->row->width ? call->row->width : 8;
	uint32_t i;

	for (i = 0; i < args[0]->n; i++) {
		char *text = arena_get(&run->scratch, NUMBER_TEXT), *end;

		run->failed |= !text;
		if (!text)
			return;
		end =
		    fmt_hex(fmt_text(text, "0x"), args[0]->v[i].num, 2 * width);
		list_add_bytes(run, out, text, (size_t)(end - text));
	}
}

/* ---- numbers ------------------------------------------------------------ */

static void run_double(struct where_run *run, const struct where_call *call,
		       const struct where_list *const *args,
		       struct where_list *out)
{
	uint32_t i;

	for (i = 0; i < args[0]->n; i++)
		list_add(run, out,
			 value_as(call->types[0], args[0]->v[i], WT_REAL));
}

/* The greatest (sign 1) or least (-1) of all values. */
static void extreme(struct where_run *run, const struct where_call *call,
		    const struct where_list *const *args, int sign,
		    struct where_list *out)
{
	struct where_value best = {0}, v;
	bool any = false;
	uint32_t i;
	unsigned k;

	for (k = 0; k < call->n; k++) {
		for (i = 0; i < args[k]->n; i++) {
			v = value_as(call->types[k], args[k]->v[i], call->type);
			if (!any || sign * value_order(call->type, &v,
						       call->type, &best) >
					0)
				best = v;
			any = true;
		}
	}
	if (any)
		list_add(run, out, best);
}

static void run_max(struct where_run *run, const struct where_call *call,
		    const struct where_list *const *args,
		    struct where_list *out)
{
	extreme(run, call, args, 1, out);
}

static void run_min(struct where_run *run, const struct where_call *call,
		    const struct where_list *const *args,
		    struct where_list *out)
{
	extreme(run, call, args, -1, out);
}

static void run_abs(struct where_run *run, const struct where_call *call,
		    const struct where_list *const *args,
		    struct where_list *out)
{
	uint32_t i;

	for (i = 0; i < args[0]->n; i++) {
		struct where_value *v = list_more(run, out);

		if (!v)
			return;
		*v = args[0]->v[i];
		if (call->type == WT_REAL)
			v->real = fabs(v->real);
		else if (type_in(call->type,
				 WT_BIT(WT_INT) | WT_BIT(WT_SPAN)) &&
			 (int64_t)v->num < 0)
			v->num = -v->num;
	}
}

/* ---- addresses ---------------------------------------------------------- */

/* The special-purpose block of an address, or NULL. */
static const struct special_block *block_of(enum where_type type,
					    const struct where_value *v)
{
	return type == WT_IPV4 ? special_ipv4((uint32_t)v->num)
			       : special_ipv6(v->bytes);
}

/* The names or the flags of the blocks that the addresses are in. */
static void run_special(struct where_run *run, const struct where_call *call,
			const struct where_list *addresses, bool names,
			struct where_list *out)
{
	uint32_t i;

	for (i = 0; i < addresses->n; i++) {
		const struct special_block *b =
		    block_of(call->types[0], &addresses->v[i]);

		if (b && names)
			list_add_bytes(run, out, b->name, strlen(b->name));
		else if (b)
			list_add_num(run, out, b->flags);
	}
}

static void run_special_name(struct where_run *run,
			     const struct where_call *call,
			     const struct where_list *const *args,
			     struct where_list *out)
{
	run_special(run, call, args[0], true, out);
}

static void run_special_mask(struct where_run *run,
			     const struct where_call *call,
			     const struct where_list *const *args,
			     struct where_list *out)
{
	run_special(run, call, args[0], false, out);
}

static bool is_linklocal(bool v4, uint32_t a, const uint8_t *p)
{
	return v4 ? a >> 16 == 0xa9fe : p[0] == 0xfe && (p[1] & 0xc0) == 0x80;
}

static bool is_multicast(bool v4, uint32_t a, const uint8_t *p)
{
	return v4 ? a >> 28 == 0xe : p[0] == 0xff;
}

static bool is_rfc1918(bool v4, uint32_t a, const uint8_t *p)
{
	(void)p;
	return v4 && (a >> 24 == 10 || a >> 20 == 0xac1 || a >> 16 == 0xc0a8);
}

static bool is_ula(bool v4, uint32_t a, const uint8_t *p)
{
	(void)a;
	return !v4 && (p[0] & 0xfe) == 0xfc;
}

static void each_address(struct where_run *run, const struct where_call *call,
			 const struct where_list *from, struct where_list *out,
			 bool (*is)(bool, uint32_t, const uint8_t *))
{
	bool v4 = call->types[0] == WT_IPV4;
	uint32_t i;

	for (i = 0; i < from->n; i++)
		list_add_num(run, out,
			     is(v4, v4 ? (uint32_t)from->v[i].num : 0,
				v4 ? NULL : from->v[i].bytes));
}

#define ADDRESS_FUNCTION(test)                                                 \
	static void run_##test(                                                \
	    struct where_run *run, const struct where_call *call,              \
	    const struct where_list *const *args, struct where_list *out)      \
	{                                                                      \
		each_address(run, call, args[0], out, is_##test);              \
	}
ADDRESS_FUNCTION(linklocal)
ADDRESS_FUNCTION(multicast)
ADDRESS_FUNCTION(rfc1918)
ADDRESS_FUNCTION(ula)

/* ---- the table ---------------------------------------------------------- */

enum {
	ADDRESS = WT_BIT(WT_IPV4) | WT_BIT(WT_IPV6),
	SIZED = WT_WHOLE | WT_STRETCH | WT_BIT(WT_IPV4),
	ORDERED = WT_NUMBER | WT_CLOCK,
	ARGS_MOST = 64
};

const struct where_function where_functions[] = {
    {"len", 1, 1, WT_UINT, SIZED, run_len, "length in bytes"},
    {"count", 1, 1, WT_UINT, (unsigned)WT_ANY | WT_BIT(WT_NONE), run_count,
     "how many times the field occurs"},
    {"upper", 1, 1, WT_TEXT, WT_BIT(WT_TEXT), run_upper, "in upper case"},
    {"lower", 1, 1, WT_TEXT, WT_BIT(WT_TEXT), run_lower, "in lower case"},
    {"string", 1, 1, WT_TEXT, (unsigned)WT_ANY - WT_BIT(WT_REAL), run_string,
     "the value as text"},
    {"vals", 1, 1, WT_TEXT, WT_BIT(WT_UINT) | WT_BIT(WT_INT) | WT_BIT(WT_BOOL),
     run_vals, "the name of the number's value"},
    {"dec", 1, 1, WT_TEXT, WT_WHOLE, run_dec, "the number in decimal"},
    {"hex", 1, 1, WT_TEXT, WT_WHOLE, run_hex, "the number in hexadecimal"},
    {"float", 1, 1, WT_REAL, ORDERED, run_double, "as a floating-point number"},
    {"double", 1, 1, WT_REAL, ORDERED, run_double, "the same"},
    {"max", 1, ARGS_MOST, WT_OPEN, ORDERED, run_max, "the greatest value"},
    {"min", 1, ARGS_MOST, WT_OPEN, ORDERED, run_min, "the least value"},
    {"abs", 1, 1, WT_OPEN, ORDERED, run_abs, "without its sign"},
    {"ip_special_name", 1, 1, WT_TEXT, ADDRESS, run_special_name,
     "the name of the special-purpose block"},
    {"ip_special_mask", 1, 1, WT_UINT, ADDRESS, run_special_mask,
     "what that block may be used for"},
    {"ip_linklocal", 1, 1, WT_BOOL, ADDRESS, run_linklocal, "is link-local"},
    {"ip_multicast", 1, 1, WT_BOOL, ADDRESS, run_multicast, "is multicast"},
    {"ip_rfc1918", 1, 1, WT_BOOL, ADDRESS, run_rfc1918,
     "is private (RFC 1918)"},
    {"ip_ula", 1, 1, WT_BOOL, ADDRESS, run_ula, "is a unique local address"},
};

const size_t where_function_count = ARRAY_LEN(where_functions);

const struct where_function *function_find(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < where_function_count; i++)
		if (strlen(where_functions[i].name) == n &&
		    !memcmp(where_functions[i].name, name, n))
			return &where_functions[i];
	return NULL;
}

const char *function_nearest(const char *name, size_t n)
{
	struct nearest near = NEAREST_START_N(name, n);
	size_t i;

	for (i = 0; i < where_function_count; i++)
		nearest_try(&near, where_functions[i].name);
	return near.best;
}
