/*
 * The protocol of Redis and its relatives (RESP).
 *
 *	each value: a character that says its type, text or a number, CR LF
 *		+ text	- error  : integer
 *		$ length of what follows, which ends with CR LF; -1: none
 *		* number of values that follow; -1: none
 *
 * A line that starts with anything else is a fragment, as commands typed by
 * hand are, and the types that version 3 added.
 */
#include "base/array.h"
#include "decode/lib/rows.h"
#include "decode/lib/textline.h"

enum {
	RESP_STRING,
	RESP_ERROR,
	RESP_BULK,
	RESP_BULK_LENGTH,
	RESP_BULK_VALUE,
	RESP_INTEGER,
	RESP_ARRAY,
	RESP_ARRAY_LENGTH,
	RESP_FRAGMENT,
};

enum {
	FACT_REQUEST, /* 1: to the server */
	LINE_WORDS = 6,
	LINE_BYTES = 60
};

static const struct field fields[] = {
    [RESP_STRING] = TEXT("resp.string", "String", FIELD_LINE),
    [RESP_ERROR] = TEXT("resp.error", "Error", FIELD_LINE),
    [RESP_BULK] = HEADING("resp.bulk_string", "Bulk string"),
    [RESP_BULK_LENGTH] = {"resp.bulk_string.length", "Length",
			  .type = FIELD_INT},
    [RESP_BULK_VALUE] = BYTES("resp.bulk_string.value", "Value", 0, FIELD_LINE),
    [RESP_INTEGER] = {"resp.integer", "Integer", .type = FIELD_INT,
		      .flags = FIELD_LINE},
    [RESP_ARRAY] = HEADING("resp.array", "Array"),
    [RESP_ARRAY_LENGTH] = {"resp.array.length", "Length", .type = FIELD_INT,
			   .flags = FIELD_LINE},
    [RESP_FRAGMENT] = HEADING("resp.fragment", "Fragment"),
};

/* The number after the type, 0 if there is none; larger ones than fit stay at
   the limit. */
static int64_t number(const struct cur *line)
{
	const uint8_t *at = cur_here(line) + 1;
	bool minus = at < line->cap && *at == '-';
	int64_t n = 0;

	for (at += minus; at < line->cap && *at >= '0' && *at <= '9'; at++) {
		if (n > (INT64_MAX - 9) / 10) {
			n = INT64_MAX;
			break;
		}
		n = n * 10 + (*at - '0');
	}
	return minus ? -n : n;
}

static void take_bulk(struct dissect *d, struct cur *c, int64_t length)
{
	size_t n = length > 0 ? (size_t)length : 0;

	add_uint(d, &fields[RESP_BULK], 0);
	add_uint(d, &fields[RESP_BULK_LENGTH], (uint64_t)length);
	if (length < 0)
		return;
	if (n > cur_left(c))
		n = cur_left(c);
	if (n)
		take_bytes(d, c, &fields[RESP_BULK_VALUE], n);
	if (cur_left(c) >= 2)
		cur_skip(c, 2);
}

static void decode_value(struct dissect *d, struct cur *c, struct cur *line)
{
	const struct field *f = &fields[RESP_ERROR];
	int64_t n = number(line);

	switch (cur_peek8(line, 0)) {
	case '+':
		f = &fields[RESP_STRING];
		__attribute__((fallthrough));
	case '-':
		add_bytes(d, f, cur_here(line) + 1, cur_left(line) - 1);
		break;
	case ':':
		add_uint(d, &fields[RESP_INTEGER], (uint64_t)n);
		break;
	case '$':
		take_bulk(d, c, n);
		break;
	case '*':
		add_uint(d, &fields[RESP_ARRAY], 0);
		add_uint(d, &fields[RESP_ARRAY_LENGTH], (uint64_t)n);
		break;
	default:
		add_uint(d, &fields[RESP_FRAGMENT], 0);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur line;

	d->layer->fact[FACT_REQUEST] = to_server(d);
	while (text_line(c, &line))
		if (cur_left(&line))
			decode_value(d, c, &line);
}

/* A value of a line, "3 values" or "70 bytes" for what is long. */
static void line_value_text(struct summary *l, const struct value *v)
{
	summary_puts(l, " ");
	if (v->len > LINE_BYTES)
		summary_printf(l, "(%u bytes)", (unsigned)v->len);
	else
		summary_foreign(l, v->bytes, v->len);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool request = l->layer->fact[FACT_REQUEST];
	unsigned words = 0;
	bool first = true;

	summary_puts(l, "RESP");
	for (; v < end; v++) {
		if (words++ == LINE_WORDS) {
			summary_puts(l, " ...");
			break;
		}
		switch (summary_index(l, v)) {
		case RESP_STRING:
		case RESP_ERROR:
		case RESP_BULK_VALUE:
			line_value_text(l, v);
			break;
		case RESP_INTEGER:
			summary_printf(l, " %lld", (long long)v->num);
			break;
		case RESP_ARRAY_LENGTH:
			if (request) {
				line_between(l, &first, "");
				words = 0;
			} else {
				summary_printf(l, " (%lld values)",
					       (long long)v->num);
			}
			break;
		default:
			words--;
		}
	}
	summary_mark(l);
}

/* Bytes after the value's line, and *values that belong to it. */
static size_t bytes_after(const struct cur *line, uint32_t *values)
{
	int64_t n;

	*values = 0;
	if (!cur_left(line) ||
	    (cur_peek8(line, 0) != '$' && cur_peek8(line, 0) != '*'))
		return 0;
	n = number(line);
	if (n < 0 || n > INT32_MAX)
		return 0;
	if (cur_peek8(line, 0) == '$')
		return (size_t)n + 2;
	*values = (uint32_t)n;
	return 0;
}

/* f->state: how many values are due after the next one. */
static bool message(struct cur c, struct framing *f)
{
	size_t start = f->at, skipped;
	const uint8_t *first = cur_here(&c);
	uint32_t values;
	struct cur line;

	for (;;) {
		skipped = f->at - start - (size_t)(cur_here(&c) - first);
		if (skipped > cur_left(&c))
			return false;
		cur_skip(&c, skipped);
		if (!text_line(&c, &line))
			return false;
		f->at = start + (size_t)(cur_here(&c) - first);
		f->at += bytes_after(&line, &values);
		if (values <= UINT32_MAX - f->state)
			f->state += values;
		if (f->state == 0)
			break;
		f->state--;
	}
	f->size = f->at;
	return true;
}

static const struct key keys[] = {{KEY_TCP_PORT, 6379}};

const struct proto proto_resp = {
    "resp",
    "REdis Serialization Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
};
