/* What summaries share: looking values up and writing text. */
#include "decode/engine/summary.h"

#include <stdio.h>

#include "decode/engine/plan.h"

enum { LINE_ROOM = 256 };

const struct value *summary_value(const struct summary *l, unsigned field)
{
	unsigned i;
	unsigned number = l->layer->base + field;

	for (i = l->layer->first; i < l->layer->end; i++)
		if (l->d->values[i].field == number)
			return &l->d->values[i];
	return NULL;
}

uint64_t summary_num(const struct summary *l, unsigned field)
{
	const struct value *v = summary_value(l, field);

	return v ? v->num : 0;
}

void summary_get(const struct summary *l, struct summary_got *got)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned base = l->layer->base, field;

	memset(got, 0, sizeof(*got));
	for (; v < end; v++) {
		field = v->field - base;
		if (field >= 64)
			continue;
		got->have |= UINT64_C(1) << field;
		got->v[field].num = v->num;
	}
}

/* The room that `out` has. */
static void take_room(struct summary *l)
{
	struct str *out = l->out;

	if (out->failed) {
		l->at = l->nowhere;
		l->end = l->nowhere + sizeof(l->nowhere);
	} else {
		l->at = out->text + out->len;
		l->end = out->text + out->cap;
	}
}

void summary_open(struct summary *l, struct str *out)
{
	l->out = out;
	str_room(out, LINE_ROOM);
	take_room(l);
}

void summary_close(struct summary *l)
{
	if (!l->out->failed)
		l->out->len = (size_t)(l->at - l->out->text);
}

char *summary_room_slow(struct summary *l, size_t n)
{
	summary_close(l);
	str_room(l->out, n < LINE_ROOM ? LINE_ROOM : n);
	take_room(l);
	return l->at;
}

void summary_put(struct summary *l, const char *text, size_t n)
{
	if (n <= LINE_ROOM) {
		summary_end(l, (char *)memcpy(summary_room(l, n), text, n) + n);
		return;
	}
	summary_close(l);
	str_put(l->out, text, n);
	take_room(l);
}

/* Zeros in front of a number of fewer digits. */
static char *put_hex(char *at, uint32_t n, unsigned least)
{
	char digits[16];
	size_t len = (size_t)(fmt_hex_short(digits, n) - digits);

	for (; least > len; least--)
		*at++ = '0';
	memcpy(at, digits, len);
	return at + len;
}

/* One conversion of those that are much quicker than printf()'s: %s, %c, %%,
   and %u, %d, %x of an int, with zeros in front at most. Returns its last
   byte; NULL: it is another one. */
static const char *put_plain(struct summary *l, const char *mark, va_list *args)
{
	unsigned least = 1;
	const char *text;

	if (mark[0] == '0' && mark[1] >= '1' && mark[1] <= '8' &&
	    mark[2] == 'x') {
		least = (unsigned)(mark[1] - '0');
		mark += 2;
	}
	switch (*mark) {
	case 's':
		text = va_arg(*args, const char *);
		if (text)
			summary_put(l, text, strlen(text));
		break;
	case 'c':
		*summary_room(l, 1) = (char)va_arg(*args, int);
		l->at++;
		break;
	case 'u':
		summary_dec(l, va_arg(*args, unsigned));
		break;
	case 'd':
		summary_end(l,
			    fmt_sdec(summary_room(l, 20), va_arg(*args, int)));
		break;
	case 'x':
		summary_end(l, put_hex(summary_room(l, 16),
				       va_arg(*args, unsigned), least));
		break;
	case '%':
		*summary_room(l, 1) = '%';
		l->at++;
		break;
	default:
		return NULL;
	}
	return mark;
}

/* What put_plain() leaves. */
static void PRINTF_LIKE(2, 0)
    put_rest(struct summary *l, const char *format, va_list *args)
{
	char text[512];
	int n = vsnprintf(text, sizeof(text), format, *args);

	if (n > 0)
		summary_put(l, text,
			    (size_t)n < sizeof(text) ? (size_t)n
						     : sizeof(text) - 1);
}

/* The text up to the next mark, or some of it; returns the rest. */
static const char *put_run(struct summary *l, const char *format)
{
	enum { RUN = 64 };
	char *at = summary_room(l, RUN), *end = at + RUN;

	while (*format && *format != '%' && at < end)
		*at++ = *format++;
	summary_end(l, at);
	return format;
}

static void PRINTF_LIKE(2, 0)
    put_format(struct summary *l, const char *format, va_list *args)
{
	const char *mark;

	while (*format) {
		if (*format != '%') {
			format = put_run(l, format);
			continue;
		}
		mark = put_plain(l, format + 1, args);
		if (!mark) {
			put_rest(l, format, args);
			return;
		}
		format = mark + 1;
	}
}

void summary_printf(struct summary *l, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_format(l, format, &args);
	va_end(args);
}

void summary_dec(struct summary *l, uint64_t n)
{
	summary_end(l, fmt_dec(summary_room(l, 20), n));
}

void summary_ip(struct summary *l, const uint8_t *bytes, size_t n)
{
	const struct summary_names *names = l->o->names;
	const char *name = names ? names->ip(names->with, bytes, n) : NULL;

	if (name)
		summary_foreign(l, name, strlen(name));
	else if (n == 4)
		summary_end(l, fmt_ip4_bytes(summary_room(l, 16), bytes));
	else
		summary_end(l, fmt_ip6(summary_room(l, 46), bytes));
}

void summary_ip4(struct summary *l, uint32_t address)
{
	uint8_t bytes[4] = {(uint8_t)(address >> 24), (uint8_t)(address >> 16),
			    (uint8_t)(address >> 8), (uint8_t)address};

	summary_ip(l, bytes, 4);
}

void summary_ether(struct summary *l, const uint8_t *bytes)
{
	static const uint8_t all[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	const struct summary_names *names = l->o->names;
	const char *vendor;

	if (names && !memcmp(bytes, all, 6)) {
		summary_puts(l, "Broadcast");
		return;
	}
	summary_end(l, fmt_ether(summary_room(l, 17), bytes));
	vendor = names ? names->vendor(names->with, bytes) : NULL;
	if (vendor) {
		summary_puts(l, " (oui ");
		summary_foreign(l, vendor, strlen(vendor));
		summary_puts(l, ")");
	}
}

void summary_foreign(struct summary *l, const void *text, size_t n)
{
	summary_close(l);
	str_foreign(l->out, text, n);
	take_room(l);
}

void summary_interface(struct summary *l, const char *name)
{
	const size_t before = summary_len(l);

	summary_foreign(l, name ? name : "?", name ? strlen(name) : 1);
	while (summary_len(l) < before + 5)
		summary_puts(l, " ");
	summary_puts(l, " ");
}

void summary_text(struct summary *l, const struct value *v)
{
	if (v)
		summary_foreign(l, v->bytes, v->len);
}

void summary_mark(struct summary *l)
{
	if (l->layer->state != CUR_OK) {
		summary_puts(l, " [|");
		summary_puts(l, l->layer->proto->name);
		summary_puts(l, "]");
	}
}

/* Bytes as they are shown beside their digits. */
static inline void put_shown(char *restrict at, const uint8_t *restrict bytes,
			     size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		at[i] = (uint8_t)(bytes[i] - 0x21) < 0x7f - 0x21
			    ? (char)bytes[i]
			    : '.';
}

/* One row: 16 bytes in pairs, then as text. */
static char *put_row(char *at, const uint8_t *bytes, size_t n, size_t offset)
{
	char *digits;
	size_t i;

	at = fmt_text(at, "0x");
	at = fmt_hex(at, offset, offset > 0xffff ? 8 : 4);
	*at++ = ':';
	memset(at, ' ', 43);
	digits = at + 2;
	at += 43;
	for (i = 0; i + 1 < n; i += 2) {
		fmt_byte_hex(digits, bytes[i]);
		fmt_byte_hex(digits + 2, bytes[i + 1]);
		digits += 5;
	}
	if (i < n)
		fmt_byte_hex(digits, bytes[i]);
	/* whole rows are done at once */
	if (n == 16)
		put_shown(at, bytes, 16);
	else
		put_shown(at, bytes, n);
	return at + n;
}

void summary_dump(struct summary *l, const uint8_t *bytes, size_t n,
		  const char *prefix)
{
	size_t row, len = strlen(prefix);
	char *at;

	for (row = 0; row < n; row += 16) {
		summary_put(l, prefix, len);
		at = summary_room(l, 100);
		summary_end(l, put_row(at, bytes + row,
				       n - row < 16 ? n - row : 16,
				       l->dump_at + row));
	}
}

void line_payload(struct summary *l, const uint8_t *bytes, size_t n)
{
	if (!l->o->dumped)
		summary_dump(l, bytes, n, "\n\t");
}

bool proto_has_ports(uint8_t ip_protocol)
{
	return ip_protocol == 6 || ip_protocol == 17 || ip_protocol == 132 ||
	       ip_protocol == 33;
}

static void put_port(struct summary *l, bool tcp, uint16_t port)
{
	const struct summary_names *names = l->o->names;
	const char *name = names ? names->port(names->with, tcp, port) : NULL;

	if (name)
		summary_foreign(l, name, strlen(name));
	else
		summary_dec(l, port);
}

void summary_hex(struct summary *l, const uint8_t *bytes, size_t n,
		 const char *prefix)
{
	size_t row, i;
	char *at;

	for (row = 0; row < n; row += 16) {
		size_t offset = l->dump_at + row;

		summary_puts(l, prefix);
		at = fmt_text(summary_room(l, 100), "0x");
		at = fmt_hex(at, offset, offset > 0xffff ? 8 : 4);
		at = fmt_text(at, ": ");
		for (i = row; i < row + 16 && i < n; i++) {
			if (i % 2 == 0)
				*at++ = ' ';
			at = fmt_hex(at, bytes[i], 2);
		}
		summary_end(l, at);
	}
}

void summary_ports(struct summary *l, bool tcp, uint16_t sport, uint16_t dport)
{
	const struct layer *below =
	    l->layer > l->d->layers ? l->layer - 1 : l->layer;
	size_t n = below->n_addr;
	char *at;

	if (n == 4 && !l->o->names) {
		at = summary_room(l, 60);
		at = fmt_ip4_bytes(at, below->src);
		*at++ = '.';
		at = fmt_dec(at, sport);
		at = fmt_text(at, " > ");
		at = fmt_ip4_bytes(at, below->shown_dst);
		*at++ = '.';
		at = fmt_dec(at, dport);
		summary_end(l, fmt_text(at, ": "));
		return;
	}
	if (n) {
		summary_ip(l, below->src, n);
		summary_puts(l, ".");
	}
	put_port(l, tcp, sport);
	summary_puts(l, " > ");
	if (n) {
		summary_ip(l, below->shown_dst, n);
		summary_puts(l, ".");
	}
	put_port(l, tcp, dport);
	summary_puts(l, ": ");
}

void summary_hosts(struct summary *l)
{
	const struct layer *below =
	    l->layer > l->d->layers ? l->layer - 1 : l->layer;

	if (!below->n_addr)
		return;
	summary_ip(l, below->src, below->n_addr);
	summary_puts(l, " > ");
	summary_ip(l, below->shown_dst, below->n_addr);
	summary_puts(l, ":");
}
