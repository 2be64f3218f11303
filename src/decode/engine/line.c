/* What summaries share: looking values up and writing text. */
#include "decode/engine/line.h"

#include <stdio.h>

#include "decode/engine/plan.h"

enum { LINE_ROOM = 256 };

const struct value *line_value(const struct line *l, unsigned field)
{
	unsigned i;
	unsigned number = l->layer->base + field;

	for (i = l->layer->first; i < l->layer->end; i++)
		if (l->d->values[i].field == number)
			return &l->d->values[i];
	return NULL;
}

uint64_t line_num(const struct line *l, unsigned field)
{
	const struct value *v = line_value(l, field);

	return v ? v->num : 0;
}

void line_get(const struct line *l, struct line_got *got)
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
static void take_room(struct line *l)
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

void line_open(struct line *l, struct str *out)
{
	l->out = out;
	str_room(out, LINE_ROOM);
	take_room(l);
}

void line_close(struct line *l)
{
	if (!l->out->failed)
		l->out->len = (size_t)(l->at - l->out->text);
}

char *line_room_slow(struct line *l, size_t n)
{
	line_close(l);
	str_room(l->out, n < LINE_ROOM ? LINE_ROOM : n);
	take_room(l);
	return l->at;
}

void line_put(struct line *l, const char *text, size_t n)
{
	if (n <= LINE_ROOM) {
		line_end(l, (char *)memcpy(line_room(l, n), text, n) + n);
		return;
	}
	line_close(l);
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
   octet; NULL: it is another one. */
static const char *put_plain(struct line *l, const char *mark, va_list *args)
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
			line_put(l, text, strlen(text));
		break;
	case 'c':
		*line_room(l, 1) = (char)va_arg(*args, int);
		l->at++;
		break;
	case 'u':
		line_dec(l, va_arg(*args, unsigned));
		break;
	case 'd':
		line_end(l, fmt_sdec(line_room(l, 20), va_arg(*args, int)));
		break;
	case 'x':
		line_end(l, put_hex(line_room(l, 16), va_arg(*args, unsigned),
				    least));
		break;
	case '%':
		*line_room(l, 1) = '%';
		l->at++;
		break;
	default:
		return NULL;
	}
	return mark;
}

/* What put_plain() leaves. */
static void PRINTF_LIKE(2, 0)
    put_rest(struct line *l, const char *format, va_list *args)
{
	char text[512];
	int n = vsnprintf(text, sizeof(text), format, *args);

	if (n > 0)
		line_put(l, text,
			 (size_t)n < sizeof(text) ? (size_t)n
						  : sizeof(text) - 1);
}

/* The text up to the next mark, or some of it; returns the rest. */
static const char *put_run(struct line *l, const char *format)
{
	enum { RUN = 64 };
	char *at = line_room(l, RUN), *end = at + RUN;

	while (*format && *format != '%' && at < end)
		*at++ = *format++;
	line_end(l, at);
	return format;
}

static void PRINTF_LIKE(2, 0)
    put_format(struct line *l, const char *format, va_list *args)
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

void line_printf(struct line *l, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_format(l, format, &args);
	va_end(args);
}

void line_dec(struct line *l, uint64_t n)
{
	line_end(l, fmt_dec(line_room(l, 20), n));
}

void line_ip(struct line *l, const uint8_t *octets, size_t n)
{
	const struct line_names *names = l->o->names;
	const char *name = names ? names->ip(names->with, octets, n) : NULL;

	if (name)
		line_foreign(l, name, strlen(name));
	else if (n == 4)
		line_end(l, fmt_ip4_octets(line_room(l, 16), octets));
	else
		line_end(l, fmt_ip6(line_room(l, 46), octets));
}

void line_ip4(struct line *l, uint32_t address)
{
	uint8_t octets[4] = {(uint8_t)(address >> 24), (uint8_t)(address >> 16),
			     (uint8_t)(address >> 8), (uint8_t)address};

	line_ip(l, octets, 4);
}

void line_ether(struct line *l, const uint8_t *octets)
{
	static const uint8_t all[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	const struct line_names *names = l->o->names;
	const char *vendor;

	if (names && !memcmp(octets, all, 6)) {
		line_puts(l, "Broadcast");
		return;
	}
	line_end(l, fmt_ether(line_room(l, 17), octets));
	vendor = names ? names->vendor(names->with, octets) : NULL;
	if (vendor) {
		line_puts(l, " (oui ");
		line_foreign(l, vendor, strlen(vendor));
		line_puts(l, ")");
	}
}

void line_foreign(struct line *l, const void *text, size_t n)
{
	line_close(l);
	str_foreign(l->out, text, n);
	take_room(l);
}

void line_text(struct line *l, const struct value *v)
{
	if (v)
		line_foreign(l, v->octets, v->len);
}

void line_mark(struct line *l)
{
	if (l->layer->state != CUR_OK) {
		line_puts(l, " [|");
		line_puts(l, l->layer->proto->name);
		line_puts(l, "]");
	}
}

/* Octets as they are shown beside their digits. */
static inline void put_shown(char *restrict at, const uint8_t *restrict octets,
			     size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		at[i] = (uint8_t)(octets[i] - 0x21) < 0x7f - 0x21
			    ? (char)octets[i]
			    : '.';
}

/* One row: 16 octets in pairs, then as text. */
static char *put_row(char *at, const uint8_t *octets, size_t n, size_t offset)
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
		fmt_octet_hex(digits, octets[i]);
		fmt_octet_hex(digits + 2, octets[i + 1]);
		digits += 5;
	}
	if (i < n)
		fmt_octet_hex(digits, octets[i]);
	/* whole rows are done at once */
	if (n == 16)
		put_shown(at, octets, 16);
	else
		put_shown(at, octets, n);
	return at + n;
}

void line_dump(struct line *l, const uint8_t *octets, size_t n,
	       const char *prefix)
{
	size_t row, len = strlen(prefix);
	char *at;

	for (row = 0; row < n; row += 16) {
		line_put(l, prefix, len);
		at = line_room(l, 100);
		line_end(l, put_row(at, octets + row,
				    n - row < 16 ? n - row : 16, row));
	}
}

bool proto_has_ports(uint8_t ip_protocol)
{
	return ip_protocol == 6 || ip_protocol == 17 || ip_protocol == 132 ||
	       ip_protocol == 33;
}

static void put_port(struct line *l, bool tcp, uint16_t port)
{
	const struct line_names *names = l->o->names;
	const char *name = names ? names->port(names->with, tcp, port) : NULL;

	if (name)
		line_foreign(l, name, strlen(name));
	else
		line_dec(l, port);
}

void line_hex(struct line *l, const uint8_t *octets, size_t n,
	      const char *prefix)
{
	size_t row, i;
	char *at;

	for (row = 0; row < n; row += 16) {
		line_puts(l, prefix);
		at = fmt_text(line_room(l, 100), "0x");
		at = fmt_hex(at, row, row > 0xffff ? 8 : 4);
		at = fmt_text(at, ": ");
		for (i = row; i < row + 16 && i < n; i++) {
			if (i % 2 == 0)
				*at++ = ' ';
			at = fmt_hex(at, octets[i], 2);
		}
		line_end(l, at);
	}
}

void line_ports(struct line *l, bool tcp, uint16_t sport, uint16_t dport)
{
	const struct layer *below =
	    l->layer > l->d->layers ? l->layer - 1 : l->layer;
	size_t n = below->n_addr;
	char *at;

	if (n == 4 && !l->o->names) {
		at = line_room(l, 60);
		at = fmt_ip4_octets(at, below->src);
		*at++ = '.';
		at = fmt_dec(at, sport);
		at = fmt_text(at, " > ");
		at = fmt_ip4_octets(at, below->dst);
		*at++ = '.';
		at = fmt_dec(at, dport);
		line_end(l, fmt_text(at, ": "));
		return;
	}
	if (n) {
		line_ip(l, below->src, n);
		line_puts(l, ".");
	}
	put_port(l, tcp, sport);
	line_puts(l, " > ");
	if (n) {
		line_ip(l, below->dst, n);
		line_puts(l, ".");
	}
	put_port(l, tcp, dport);
	line_puts(l, ": ");
}

void line_hosts(struct line *l)
{
	const struct layer *below =
	    l->layer > l->d->layers ? l->layer - 1 : l->layer;

	if (!below->n_addr)
		return;
	line_ip(l, below->src, below->n_addr);
	line_puts(l, " > ");
	line_ip(l, below->dst, below->n_addr);
	line_puts(l, ":");
}
