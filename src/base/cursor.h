/*
 * The two-limit reader: the only way to bytes of a packet.
 *
 * cap is the end of what was captured; claim is how many more bytes the
 * enclosing length field promises. Reading past claim makes the cursor
 * MALFORMED (the packet contradicts itself), past cap TRUNCATED (the capture
 * was cut short). Both states stick: from then on every get yields 0 and
 * nothing advances.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/be.h"

enum cur_state { CUR_OK, CUR_TRUNCATED, CUR_MALFORMED };

struct cur {
	const uint8_t *pos, *cap;
	size_t claim;
	enum cur_state state;
};

/* caplen bytes at data (not NULL) were captured of a unit that is claim bytes
 * long. */
static inline struct cur cur_over(const uint8_t *data, size_t caplen,
				  size_t claim)
{
	return (struct cur){data, data + (caplen < claim ? caplen : claim),
			    claim, CUR_OK};
}

/* Captured bytes ahead. */
static inline size_t cur_left(const struct cur *c)
{
	return (size_t)(c->cap - c->pos);
}

/* Are n bytes ahead captured? If not the cursor says why, for ever. */
static inline bool cur_has(struct cur *c, size_t n)
{
	if (c->state == CUR_OK && n <= cur_left(c))
		return true;
	if (c->state == CUR_OK)
		c->state = n > c->claim ? CUR_MALFORMED : CUR_TRUNCATED;
	return false;
}

/* n bytes, which stay where they are; NULL: they are not there. */
static inline const uint8_t *cur_bytes(struct cur *c, size_t n)
{
	const uint8_t *p = c->pos;

	if (!cur_has(c, n))
		return NULL;
	c->pos += n;
	c->claim -= n;
	return p;
}

static inline void cur_skip(struct cur *c, size_t n)
{
	cur_bytes(c, n);
}

static inline uint8_t cur_u8(struct cur *c)
{
	const uint8_t *p = cur_bytes(c, 1);

	return p ? p[0] : 0;
}

static inline uint16_t cur_be16(struct cur *c)
{
	const uint8_t *p = cur_bytes(c, 2);

	return p ? be16(p) : 0;
}

static inline uint32_t cur_be32(struct cur *c)
{
	const uint8_t *p = cur_bytes(c, 4);

	return p ? be32(p) : 0;
}

/* Give back the n bytes that were taken last. */
static inline void cur_back(struct cur *c, size_t n)
{
	c->pos -= n;
	c->claim += n;
}

/*
 * Where the next byte is, to record, search or copy what is ahead: up to
 * cur_left() bytes.
 */
static inline const uint8_t *cur_here(const struct cur *c)
{
	return c->pos;
}

/* How many bytes after `start`, an earlier state of the cursor, is it? */
static inline size_t cur_since(const struct cur *c, const struct cur *start)
{
	return (size_t)(c->pos - start->pos);
}

/* The byte `at` bytes ahead, which is not taken; 0 if it is not there. */
static inline uint8_t cur_peek8(const struct cur *c, size_t at)
{
	return at < cur_left(c) ? c->pos[at] : 0;
}

static inline uint16_t cur_peek16(const struct cur *c, size_t at)
{
	return (uint16_t)(cur_peek8(c, at) << 8 | cur_peek8(c, at + 1));
}

static inline uint32_t cur_peek32(const struct cur *c, size_t at)
{
	return (uint32_t)cur_peek16(c, at) << 16 | cur_peek16(c, at + 2);
}

/* Does what is ahead start with this string literal? */
#define cur_starts(c, text) cur_starts_with((c), (text), sizeof(text) - 1)
static inline bool cur_starts_with(const struct cur *c, const char *text,
				   size_t n)
{
	return n <= cur_left(c) && !memcmp(c->pos, text, n);
}

/*
 * Cut the next n promised bytes off as a cursor of their own and step over
 * what was captured of them. n beyond claim makes c MALFORMED, and the part
 * what is left of it.
 */
static inline struct cur cur_part(struct cur *c, size_t n)
{
	struct cur part = *c;
	size_t have = cur_left(c);

	if (c->state == CUR_OK && n > c->claim)
		c->state = part.state = CUR_MALFORMED;
	if (c->state != CUR_OK)
		return part;
	part.claim = n;
	part.cap = part.pos + (n < have ? n : have);
	c->pos = part.cap;
	c->claim -= n;
	if (n > have)
		c->state = CUR_TRUNCATED;
	return part;
}

/*
 * What c has left, as a unit of n bytes: for a length field that is believed
 * over what encloses it. Where it promises more than is there, the cursor gets
 * TRUNCATED in due time.
 */
static inline struct cur cur_unit(const struct cur *c, size_t n)
{
	struct cur unit = *c;

	unit.claim = n;
	if (n < cur_left(c))
		unit.cap = unit.pos + n;
	return unit;
}

#endif
