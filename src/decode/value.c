/* Values as text. */
#include "decode/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "base/num.h"

/* Apart, so that value_short() has few registers to save. */
#define NOINLINE __attribute__((noinline))

/* Seconds with nine decimals. */
static NOINLINE char *put_seconds(char *at, int64_t ns)
{
	uint64_t span = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		*at++ = '-';
	at = fmt_dec(at, span / NS_PER_S);
	*at++ = '.';
	return fmt_nano(at, (uint32_t)(span % NS_PER_S));
}

/* The same; seconds that were written before are copied. */
static NOINLINE char *put_epoch(char *at, int64_t ns, struct value_clock *clock)
{
	int64_t second = ns / NS_PER_S;
	unsigned n = clock->epoch_len;

	if (ns < 0)
		return put_seconds(at, ns);
	if (!n || second != clock->epoch) {
		clock->epoch = second;
		n = (unsigned)(fmt_dec(clock->epoch_text, (uint64_t)second) -
			       clock->epoch_text);
		clock->epoch_text[n++] = '.';
		clock->epoch_len = n;
	}
	memcpy(at, clock->epoch_text, sizeof(clock->epoch_text));
	return fmt_nano(at + n, (uint32_t)(ns - second * NS_PER_S));
}

/* Year, month and day of a day since 1970-01-01. */
static void date_of(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	/* counted from March 1st, in eras of 400 years */
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (int64_t)yoe + era * 400 + (*month <= 2);
}

/* 2023-11-14T22:13:20. */
static void clock_date(struct value_clock *clock, int64_t seconds)
{
	unsigned month, day, of_day;
	char *at = clock->date_text;
	int64_t year;

	of_day = (unsigned)((seconds % 86400 + 86400) % 86400);
	date_of((seconds - (int64_t)of_day) / 86400, &year, &month, &day);
	at = fmt_zeros(at, (uint32_t)year, 4); /* 1677 to 2262 */
	*at++ = '-';
	at = fmt_pair(at, month);
	*at++ = '-';
	at = fmt_pair(at, day);
	*at++ = 'T';
	at = fmt_pair(at, of_day / 3600);
	*at++ = ':';
	at = fmt_pair(at, of_day / 60 % 60);
	*at++ = ':';
	at = fmt_pair(at, of_day % 60);
	*at++ = '.';
	clock->date = seconds;
	clock->date_known = true;
}

/* 2023-11-14T22:13:20.000000000Z */
static NOINLINE char *put_iso(char *at, int64_t ns, struct value_clock *clock)
{
	int64_t seconds = ns / NS_PER_S, rest = ns % NS_PER_S;

	if (rest < 0) {
		rest += NS_PER_S;
		seconds--;
	}
	if (!clock->date_known || seconds != clock->date)
		clock_date(clock, seconds);
	memcpy(at, clock->date_text, sizeof(clock->date_text));
	at = fmt_nano(at + sizeof(clock->date_text), (uint32_t)rest);
	*at++ = 'Z';
	return at;
}

static void put_bytes(struct str *out, const uint8_t *bytes, size_t n)
{
	char *at = str_room(out, 2 * n), *start = at;
	size_t i;

	if (!at)
		return;
	for (i = 0; i < n; i++)
		at = fmt_hex(at, bytes[i], 2);
	out->len += (size_t)(at - start);
}

/* The fewest digits that mean the same number, and at least 15. */
static NOINLINE char *put_real(char *at, double real)
{
	int digits = 14, n;
	double back;

	do {
		n = snprintf(at, VALUE_SHORT, "%.*g", ++digits, real);
		back = strtod(at, NULL);
	} while (digits < 17 && (back < real || back > real));
	return at + n;
}

char *value_short(char *at, const struct field *f, const struct value *v,
		  struct value_clock *clock)
{
	switch ((enum field_type)f->type) {
	case FIELD_UINT:
		if (f->flags & FIELD_HEX) {
			at = fmt_text(at, "0x");
			return fmt_hex(at, v->num,
				       f->digits ? f->digits : 2u * f->width);
		}
		return fmt_dec(at, v->num);
	case FIELD_INT:
		return fmt_sdec(at, (int64_t)v->num);
	case FIELD_BOOL:
	case FIELD_NONE:
		*at = f->type == FIELD_NONE || v->num ? '1' : '0';
		return at + 1;
	case FIELD_IPV4:
		return fmt_ip4(at, (uint32_t)v->num);
	case FIELD_IPV6:
		return fmt_ip6(at, v->bytes);
	case FIELD_ETHER:
		return fmt_ether(at, v->bytes);
	case FIELD_TIME:
		return put_iso(at, (int64_t)v->num, clock);
	case FIELD_EPOCH:
		return put_epoch(at, (int64_t)v->num, clock);
	case FIELD_SPAN:
		return put_seconds(at, (int64_t)v->num);
	case FIELD_REAL:
		return put_real(at, v->real);
	case FIELD_BYTES:
	case FIELD_TEXT:
		break;
	}
	return at;
}

void value_text(struct str *out, const struct field *f, const struct value *v,
		struct value_clock *clock)
{
	char *at;

	if (f->type == FIELD_BYTES) {
		put_bytes(out, v->bytes, v->len);
	} else if (f->type == FIELD_TEXT) {
		str_put(out, v->bytes, v->len);
	} else {
		at = str_room(out, VALUE_SHORT);
		if (at)
			out->len =
			    (size_t)(value_short(at, f, v, clock) - out->text);
	}
}

void value_shown(struct str *out, const struct field *f, const struct value *v,
		 struct value_clock *clock)
{
	if (f->type == FIELD_TEXT)
		str_foreign(out, (const char *)v->bytes, v->len);
	else
		value_text(out, f, v, clock);
}

/* Digits of a number that JSON takes as one. */
static char *put_number(char *at, const struct field *f, const struct value *v,
			struct value_clock *clock)
{
	switch (f->type) {
	case FIELD_INT:
		return fmt_sdec(at, (int64_t)v->num);
	case FIELD_BOOL:
		return fmt_text(at, v->num ? "true" : "false");
	case FIELD_NONE:
		return fmt_text(at, "true");
	case FIELD_EPOCH:
		return put_epoch(at, (int64_t)v->num, clock);
	case FIELD_SPAN:
		return put_seconds(at, (int64_t)v->num);
	case FIELD_REAL:
		return isfinite(v->real) ? put_real(at, v->real)
					 : fmt_text(at, "null");
	default:
		return fmt_dec(at, v->num);
	}
}

void value_json(struct str *out, const struct field *f, const struct value *v,
		struct value_clock *clock)
{
	char *at;

	switch (f->type) {
	case FIELD_TEXT:
		str_json(out, (const char *)v->bytes, v->len);
		return;
	case FIELD_BYTES:
		str_putc(out, '"');
		put_bytes(out, v->bytes, v->len);
		str_putc(out, '"');
		return;
	}
	at = str_room(out, VALUE_SHORT);
	if (!at)
		return;
	switch (f->type) {
	case FIELD_IPV4:
	case FIELD_IPV6:
	case FIELD_ETHER:
	case FIELD_TIME:
		*at++ = '"';
		at = value_short(at, f, v, clock);
		*at++ = '"';
		break;
	default:
		at = put_number(at, f, v, clock);
	}
	out->len = (size_t)(at - out->text);
}
