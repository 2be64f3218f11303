/*
 * DNP3's objects: group (1), variation (1), qualifier (1), range, and unless
 * it is a question, points: [index or size], what a table says of each kind.
 *
 *	qualifier: prefix (3 bits), range (4 bits)
 *	range: 0-2 start and stop of 1, 2, 4 bytes; 6 none; 7-9 how many, in 1,
 *		2, 4 bytes; 11 how many (1), each with its own size
 */
#include "base/array.h"
#include "decode/industry/dnp3.h"

enum { READ = 1, FREEZE = 7, FREEZE_LAST = 12, ENABLE = 20, ASSIGN = 22 };

/* What a point ends with. */
enum { NO_TIME, TIME_6, TIME_2, DELAY, STATUS };

/* A kind of points: quality first, then a value, then a time. */
struct kind {
	uint16_t object; /* group and variation */
	uint8_t quality; /* its first bit's field; 0: none */
	uint8_t value;	 /* field of the value; 0: none is recorded */
	uint8_t width;	 /* bytes of the value */
	uint8_t time;
};

#define KIND(g, v, ...)                                                        \
	{                                                                      \
		(g) << 8 | (v), __VA_ARGS__                                    \
	}

/* Points that are packed bits are not such kinds. */
static const struct kind kinds[] = {
    KIND(1, 2, DNP3_BIQ, 0, 0, NO_TIME),
    KIND(2, 1, DNP3_BIQ, 0, 0, NO_TIME),
    KIND(2, 2, DNP3_BIQ, 0, 0, TIME_6),
    KIND(2, 3, DNP3_BIQ, 0, 0, TIME_2),
    KIND(10, 2, DNP3_BOQ, 0, 0, NO_TIME),
    KIND(11, 1, DNP3_BOQ, 0, 0, NO_TIME),
    KIND(11, 2, DNP3_BOQ, 0, 0, TIME_6),
    KIND(20, 1, DNP3_CTRQ, DNP3_CNT, 4, NO_TIME),
    KIND(20, 2, DNP3_CTRQ, DNP3_CNT, 2, NO_TIME),
    KIND(20, 3, DNP3_CTRQ, DNP3_CNT, 4, NO_TIME),
    KIND(20, 4, DNP3_CTRQ, DNP3_CNT, 2, NO_TIME),
    KIND(20, 5, 0, DNP3_CNT, 4, NO_TIME),
    KIND(20, 6, 0, DNP3_CNT, 2, NO_TIME),
    KIND(20, 7, 0, DNP3_CNT, 4, NO_TIME),
    KIND(20, 8, 0, DNP3_CNT, 2, NO_TIME),
    KIND(21, 1, DNP3_CTRQ, DNP3_CNT, 4, NO_TIME),
    KIND(21, 2, DNP3_CTRQ, DNP3_CNT, 2, NO_TIME),
    KIND(21, 3, DNP3_CTRQ, DNP3_CNT, 4, NO_TIME),
    KIND(21, 4, DNP3_CTRQ, DNP3_CNT, 2, NO_TIME),
    KIND(21, 5, DNP3_CTRQ, DNP3_CNT, 4, TIME_6),
    KIND(21, 6, DNP3_CTRQ, DNP3_CNT, 2, TIME_6),
    KIND(21, 9, 0, DNP3_CNT, 4, NO_TIME),
    KIND(21, 10, 0, DNP3_CNT, 2, NO_TIME),
    KIND(22, 1, DNP3_CTRQ, DNP3_CNT, 4, NO_TIME),
    KIND(22, 2, DNP3_CTRQ, DNP3_CNT, 2, NO_TIME),
    KIND(22, 5, DNP3_CTRQ, DNP3_CNT, 4, TIME_6),
    KIND(22, 6, DNP3_CTRQ, DNP3_CNT, 2, TIME_6),
    KIND(23, 1, DNP3_CTRQ, DNP3_CNT, 4, NO_TIME),
    KIND(23, 2, DNP3_CTRQ, DNP3_CNT, 2, NO_TIME),
    KIND(23, 5, DNP3_CTRQ, DNP3_CNT, 4, TIME_6),
    KIND(23, 6, DNP3_CTRQ, DNP3_CNT, 2, TIME_6),
    KIND(30, 1, DNP3_AIQ, DNP3_ANA, 4, NO_TIME),
    KIND(30, 2, DNP3_AIQ, DNP3_ANA, 2, NO_TIME),
    KIND(30, 3, 0, DNP3_ANA, 4, NO_TIME),
    KIND(30, 4, 0, DNP3_ANA, 2, NO_TIME),
    KIND(30, 5, DNP3_AIQ, 0, 4, NO_TIME),
    KIND(30, 6, DNP3_AIQ, 0, 8, NO_TIME),
    KIND(32, 1, DNP3_AIQ, DNP3_ANA, 4, NO_TIME),
    KIND(32, 2, DNP3_AIQ, DNP3_ANA, 2, NO_TIME),
    KIND(32, 3, DNP3_AIQ, DNP3_ANA, 4, TIME_6),
    KIND(32, 4, DNP3_AIQ, DNP3_ANA, 2, TIME_6),
    KIND(32, 5, DNP3_AIQ, 0, 4, NO_TIME),
    KIND(32, 6, DNP3_AIQ, 0, 8, NO_TIME),
    KIND(32, 7, DNP3_AIQ, 0, 4, TIME_6),
    KIND(32, 8, DNP3_AIQ, 0, 8, TIME_6),
    KIND(34, 1, 0, DNP3_ANA, 2, NO_TIME),
    KIND(34, 2, 0, DNP3_ANA, 4, NO_TIME),
    KIND(40, 1, DNP3_AOQ, DNP3_ANAOUT, 4, NO_TIME),
    KIND(40, 2, DNP3_AOQ, DNP3_ANAOUT, 2, NO_TIME),
    KIND(40, 3, DNP3_AOQ, 0, 4, NO_TIME),
    KIND(40, 4, DNP3_AOQ, 0, 8, NO_TIME),
    KIND(41, 1, 0, DNP3_ANAOUT, 4, STATUS),
    KIND(41, 2, 0, DNP3_ANAOUT, 2, STATUS),
    KIND(41, 3, 0, 0, 4, STATUS),
    KIND(41, 4, 0, 0, 8, STATUS),
    KIND(50, 1, 0, 0, 0, TIME_6),
    KIND(50, 3, 0, 0, 0, TIME_6),
    KIND(51, 1, 0, 0, 0, TIME_6),
    KIND(52, 1, 0, 0, 0, DELAY),
    KIND(52, 2, 0, 0, 0, DELAY),
};

enum { CROB = 12 << 8 | 1, PATTERN = 12 << 8 | 2, QUALITY_BITS = 8 };

/* How many bits a point has, of objects that are bits in a row; 0: another. */
static unsigned packed_bits(unsigned object)
{
	switch (object) {
	case 1 << 8 | 1:
	case 10 << 8 | 1:
	case 80 << 8 | 1:
		return 1;
	case 3 << 8 | 1:
		return 2;
	}
	return 0;
}

static uint64_t get_little(struct cur *c, unsigned width)
{
	const uint8_t *p = cur_bytes(c, width);
	uint64_t num = 0;

	while (p && width > 0)
		num = num << 8 | p[--width];
	return num;
}

static void take_time(struct dissect *d, struct cur *c, unsigned time)
{
	uint64_t ms;

	switch (time) {
	case TIME_6:
		ms = get_little(c, 6);
		if (c->state == CUR_OK)
			add_uint(d, &dnp3_fields[DNP3_TIME], ms * 1000000);
		break;
	case TIME_2:
		ms = get_little(c, 2);
		if (c->state == CUR_OK)
			add_uint(d, &dnp3_fields[DNP3_SPAN], ms * 1000000);
		break;
	case DELAY:
		take(d, c, &dnp3_fields[DNP3_DELAY]);
		break;
	case STATUS:
		take(d, c, &dnp3_fields[DNP3_STATUS]);
		break;
	}
}

static void take_point(struct dissect *d, struct cur *c,
		       const struct kind *kind)
{
	const struct field *quality = &dnp3_fields[kind->quality];
	unsigned flags, shift = 64 - 8 * kind->width;
	uint64_t num;

	if (kind->quality) {
		flags = cur_u8(c);
		if (c->state != CUR_OK)
			return;
		add_bits_rows(d, quality, quality + QUALITY_BITS - 1, flags);
	}
	num = get_little(c, kind->width);
	if (c->state == CUR_OK && kind->value) {
		if (kind->value != DNP3_CNT) /* it has a sign */
			num = (uint64_t)((int64_t)(num << shift) >> shift);
		add_uint(d, &dnp3_fields[kind->value], num);
	}
	take_time(d, c, kind->time);
}

/* A control relay output block. */
static void take_control(struct dissect *d, struct cur *c)
{
	unsigned control = cur_u8(c);

	if (c->state == CUR_OK)
		add_bits_rows(d, &dnp3_fields[DNP3_CTL_OP],
			      &dnp3_fields[DNP3_CTL_TRIP], control);
	take_rows(d, c, &dnp3_fields[DNP3_COUNT], &dnp3_fields[DNP3_STATUS]);
}

/* The range of an object's points. */
struct range {
	unsigned prefix; /* bytes of an index before each */
	uint64_t first, count;
	bool sized; /* the prefix is a size */
};

/* false: it is of a kind that is not known. */
static bool take_range(struct dissect *d, struct cur *c, struct range *r)
{
	static const uint8_t widths[] = {1, 2, 4};
	unsigned qualifier = cur_u8(c), code = qualifier & 15, width;
	uint64_t last;

	if (c->state != CUR_OK)
		return false;
	add_bits_rows(d, &dnp3_fields[DNP3_PREFIX], &dnp3_fields[DNP3_RANGE],
		      qualifier);
	*r = (struct range){0};
	qualifier = qualifier >> 4 & 7;
	if (qualifier > 6)
		return false;
	r->sized = qualifier > 3;
	if (qualifier)
		r->prefix = widths[(qualifier - 1) % 3];
	if (code <= 2) {
		width = widths[code];
		r->first = get_little(c, width);
		last = get_little(c, width);
		if (c->state != CUR_OK || last < r->first)
			return false;
		add_uint(d, &dnp3_fields[DNP3_RANGE_START], r->first);
		add_uint(d, &dnp3_fields[DNP3_RANGE_STOP], last);
		r->count = last - r->first + 1;
		return true;
	}
	if (code == 6)
		return true;
	if (code != 11 && (code < 7 || code > 9))
		return false;
	r->count = get_little(c, code == 11 ? 1 : widths[code - 7]);
	if (c->state == CUR_OK)
		add_uint(d, &dnp3_fields[DNP3_QUANTITY], r->count);
	return c->state == CUR_OK;
}

/* Bits in a row; each byte holds 8 or 4 points. */
static void take_packed(struct dissect *d, struct cur *c, const struct range *r,
			unsigned each)
{
	unsigned byte = 0, of_byte = 8 / each;
	uint64_t i;

	for (i = 0; i < r->count; i++) {
		if (i % of_byte == 0)
			byte = cur_u8(c);
		if (c->state != CUR_OK)
			return;
		add_uint(d, &dnp3_fields[DNP3_POINT], r->first + i);
		add_uint(d, &dnp3_fields[each == 1 ? DNP3_BIT : DNP3_2BIT],
			 byte & ((1U << each) - 1));
		byte >>= each;
	}
}

/* Returns whether what follows the points can be found. */
static bool take_points(struct dissect *d, struct cur *c, unsigned object,
			const struct range *r)
{
	const struct kind *kind = kinds;
	const struct kind *end = kinds + ARRAY_LEN(kinds);
	unsigned each = packed_bits(object);
	uint64_t i, index;

	if (each && !r->prefix) {
		take_packed(d, c, r, each);
		return true;
	}
	while (kind < end && kind->object != object)
		kind++;
	if (r->sized || (kind == end && object != CROB && object != PATTERN))
		return r->count == 0;
	for (i = 0; i < r->count && c->state == CUR_OK; i++) {
		index = r->prefix ? get_little(c, r->prefix) : r->first + i;
		if (c->state != CUR_OK)
			break;
		add_uint(d, &dnp3_fields[r->prefix ? DNP3_INDEX : DNP3_POINT],
			 index);
		if (kind < end)
			take_point(d, c, kind);
		else
			take_control(d, c);
	}
	return true;
}

/* Does the function only ask for objects? */
static bool is_question(unsigned function)
{
	return function == READ ||
	       (function >= FREEZE && function <= FREEZE_LAST) ||
	       (function >= ENABLE && function <= ASSIGN);
}

void dnp3_objects(struct dissect *d, struct cur *c, unsigned function)
{
	unsigned object;
	struct range r;

	while (c->state == CUR_OK && cur_left(c) >= 3) {
		object = (unsigned)take(d, c, &dnp3_fields[DNP3_OBJ]);
		if (!take_range(d, c, &r))
			return;
		if (!is_question(function) && !take_points(d, c, object, &r))
			return;
	}
}
