/* What summaries share: looking values up and writing text. */
#include "decode/line.h"

#include <stdio.h>

#include "decode/plan.h"

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

char *line_room_slow(struct line *l, size_t n)
{
	char *at = str_room(l->out, n);

	return at ? at : l->nowhere;
}

void line_put(struct line *l, const char *text, size_t n)
{
	char *at;

	if (n <= 64) {
		at = line_room(l, n);
		memcpy(at, text, n);
		line_end(l, at + n);
	} else {
		str_put(l->out, text, n);
	}
}

/* Is every conversion %s, %c, %%, or %u, %d, %x of an int, with zeros in front
   at most? Then put_plain() does it, at a fraction of the time. */
static bool is_plain(const char *format)
{
	for (; *format; format++) {
		if (*format != '%')
			continue;
		format++;
		if (format[0] == '0' && format[1] >= '1' && format[1] <= '8' &&
		    format[2] == 'x')
			format += 2;
		switch (*format) {
		case 's':
		case 'c':
		case 'u':
		case 'd':
		case 'x':
		case '%':
			break;
		default:
			return false;
		}
	}
	return true;
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

static void put_plain(struct line *l, const char *format, va_list args)
{
	const char *mark, *text;
	unsigned least;

	for (; (mark = strchr(format, '%')) != NULL; format = mark + 1) {
		str_put(l->out, format, (size_t)(mark - format));
		least = 1;
		if (*++mark == '0') {
			least = (unsigned)(mark[1] - '0');
			mark += 2;
		}
		switch (*mark) {
		case 's':
			text = va_arg(args, const char *);
			str_puts(l->out, text ? text : "");
			break;
		case 'c':
			str_putc(l->out, (char)va_arg(args, int));
			break;
		case 'u':
			line_dec(l, va_arg(args, unsigned));
			break;
		case 'd':
			line_end(l,
				 fmt_sdec(line_room(l, 20), va_arg(args, int)));
			break;
		case 'x':
			line_end(l, put_hex(line_room(l, 16),
					    va_arg(args, unsigned), least));
			break;
		default:
			str_putc(l->out, '%');
		}
	}
	str_puts(l->out, format);
}

void line_printf(struct line *l, const char *format, ...)
{
	char text[512];
	va_list args;
	int n = 0;

	va_start(args, format);
	if (is_plain(format))
		put_plain(l, format, args);
	else
		n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n > 0)
		str_put(l->out, text,
			(size_t)n < sizeof(text) ? (size_t)n
						 : sizeof(text) - 1);
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
		str_foreign(l->out, name, strlen(name));
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
	str_foreign(l->out, text, n);
}

void line_text(struct line *l, const struct value *v)
{
	if (v)
		str_foreign(l->out, (const char *)v->octets, v->len);
}

void line_mark(struct line *l)
{
	if (l->layer->state != CUR_OK) {
		line_puts(l, " [|");
		line_puts(l, l->layer->proto->name);
		line_puts(l, "]");
	}
}

/* One row: 16 octets in pairs, then as text. */
static char *put_row(char *at, const uint8_t *octets, size_t n, size_t offset)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	at = fmt_text(at, "0x");
	at = fmt_hex(at, offset, offset > 0xffff ? 8 : 4);
	*at++ = ':';
	memset(at, ' ', 43);
	at++;
	for (i = 0; i < n; i++) {
		at[5 * (i / 2) + 2 * (i % 2) + 1] = digits[octets[i] >> 4];
		at[5 * (i / 2) + 2 * (i % 2) + 2] = digits[octets[i] & 15];
	}
	at += 42;
	for (i = 0; i < n; i++)
		*at++ = octets[i] > 0x20 && octets[i] < 0x7f ? (char)octets[i]
							     : '.';
	return at;
}

void line_dump(struct line *l, const uint8_t *octets, size_t n,
	       const char *prefix)
{
	size_t row;

	for (row = 0; row < n; row += 16) {
		line_puts(l, prefix);
		line_end(l, put_row(line_room(l, 100), octets + row,
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
		str_foreign(l->out, name, strlen(name));
	else
		line_dec(l, port);
}

void line_hex(struct line *l, const uint8_t *octets, size_t n)
{
	size_t row, i;
	char *at;

	for (row = 0; row < n; row += 16) {
		at = fmt_text(line_room(l, 100), "\n\t0x");
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
		at = line_room(l, 50);
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
