/* Reading elements of the Basic Encoding Rules. */
#include "decode/lib/ber.h"

#include "base/fmt.h"

enum { NUMBER_LONG = 0x1f, LENGTH_LONG = 0x80 };

/* Dotted form: bytes of an OID that are shown, and room for their text. */
enum { OID_MOST = 128, OID_TEXT = 4 * OID_MOST + 24 };

/* The number of a tag that has bytes of its own. */
static unsigned long_number(struct cur *c)
{
	unsigned i, byte, number = 0;

	for (i = 0; i < 4; i++) {
		byte = cur_u8(c);
		number = number << 7 | (byte & 0x7f);
		if (!(byte & 0x80))
			return number;
	}
	cur_bad(c);
	return 0;
}

static size_t long_length(struct cur *c, unsigned bytes)
{
	size_t len = 0;

	if (bytes == 0 || bytes > 4) {
		cur_bad(c);
		return 0;
	}
	while (bytes-- > 0)
		len = len << 8 | cur_u8(c);
	return len;
}

bool ber_next(struct cur *c, struct ber *b)
{
	size_t len;

	if (c->state != CUR_OK || c->claim == 0)
		return false;
	b->id = cur_u8(c);
	b->number = b->id & NUMBER_LONG;
	if (b->number == NUMBER_LONG)
		b->number = long_number(c);
	len = cur_u8(c);
	if (len & LENGTH_LONG)
		len = long_length(c, len & 0x7f);
	if (c->state != CUR_OK)
		return false;
	b->body = cur_part(c, len);
	return c->state != CUR_MALFORMED;
}

bool ber_enter(struct cur *c, unsigned id, struct cur *body)
{
	struct ber b;

	if (c->state != CUR_OK || cur_left(c) == 0 || *c->pos != id ||
	    !ber_next(c, &b))
		return false;
	*body = b.body;
	return true;
}

int64_t ber_number(struct cur body)
{
	size_t n = cur_left(&body), i;
	uint64_t num = n && *body.pos & 0x80 ? UINT64_MAX : 0;

	for (i = 0; i < n && i < 9; i++)
		num = num << 8 | body.pos[i];
	return (int64_t)num;
}

void ber_note(struct dissect *d, struct cur body, const struct field *f)
{
	if (body.state != CUR_OK || cur_left(&body) < body.claim)
		return;
	if (f->type == FIELD_TEXT || f->type == FIELD_BYTES ||
	    f->type == FIELD_IPV6)
		add_bytes(d, f, body.pos, cur_left(&body));
	else if (f->type == FIELD_NONE || f->type == FIELD_BOOL)
		add_uint(d, f, ber_number(body) != 0);
	else
		add_uint(d, f, (uint64_t)ber_number(body));
}

bool ber_take(struct dissect *d, struct cur *c, unsigned id,
	      const struct field *f, int64_t *num)
{
	struct cur body;

	if (!ber_enter(c, id, &body))
		return false;
	ber_note(d, body, f);
	if (num)
		*num = ber_number(body);
	return true;
}

void ber_note_oid(struct dissect *d, struct cur body, const struct field *f)
{
	char *text, *at;
	uint64_t arc = 0;
	unsigned taken = 0, first;

	if (!wants(d, f) || cur_left(&body) == 0)
		return;
	text = at = scratch_room(d, OID_TEXT);
	if (!text)
		return;
	while (cur_left(&body) && taken++ < OID_MOST) {
		unsigned byte = cur_u8(&body);

		arc = arc << 7 | (byte & 0x7f);
		if (byte & 0x80)
			continue;
		if (at == text) {
			/* the first bytes hold two numbers */
			first = arc < 80 ? (unsigned)(arc / 40) : 2;
			at = fmt_dec(at, first);
			arc -= first * 40;
		}
		*at++ = '.';
		at = fmt_dec(at, arc);
		arc = 0;
	}
	add_bytes(d, f, text, (size_t)(at - text));
	scratch_return(d, (size_t)(OID_TEXT - (at - text)));
}

static bool two_digits(struct cur *c, unsigned *number)
{
	const uint8_t *p = cur_bytes(c, 2);

	if (!p || p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*number = (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
	return true;
}

/* Days since 1970-01-01 of a date in 1900 or later. */
static int64_t days_since(unsigned year, unsigned month, unsigned day)
{
	static const uint16_t before[] = {0,   31,  59,	 90,  120, 151,
					  181, 212, 243, 273, 304, 334};
	unsigned past = month > 2 ? year : year - 1;
	int64_t leaps = past / 4 - past / 100 + past / 400;

	return (int64_t)year * 365 + leaps + before[month - 1] + day - 1 -
	       719527;
}

void ber_note_time(struct dissect *d, struct cur body, const struct field *f)
{
	unsigned century = 0, part[6], i;
	int64_t seconds;

	if (cur_left(&body) >= 15) {
		if (!two_digits(&body, &century))
			return;
	}
	for (i = 0; i < 6; i++)
		if (!two_digits(&body, &part[i]))
			return;
	if (part[1] < 1 || part[1] > 12)
		return;
	if (!century)
		century = part[0] < 50 ? 20 : 19;
	seconds =
	    days_since(century * 100 + part[0], part[1], part[2]) * 86400 +
	    part[3] * 3600 + part[4] * 60 + part[5];
	/* 1678 to 2261 are what nanoseconds can say */
	if (century >= 17 && century <= 22 - (part[0] > 60))
		add_uint(d, f, (uint64_t)(seconds * 1000000000));
}

bool ber_message(struct cur *c, struct framing *f)
{
	unsigned bytes;
	size_t len;

	cur_skip(c, 1);
	len = cur_u8(c);
	bytes = 0;
	if (len & LENGTH_LONG) {
		bytes = (unsigned)(len & 0x7f);
		/* no length: what there is */
		len = bytes && bytes <= 4 ? long_length(c, bytes) : cur_left(c);
	}
	f->size = 2 + bytes + len;
	return c->state == CUR_OK;
}
