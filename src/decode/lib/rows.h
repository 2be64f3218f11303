/*
 * Short forms of field rows, and of the loops over them, for decoders whose
 * fields follow each other as their rows do:
 *
 *	[X_TYPE] = NAMED("x.type", "Type", 2, FIELD_LINE, type_names),
 *	[X_ID] = UINT("x.id", "Identifier", 4, FIELD_HEX),
 *	...
 *	take_rows(d, c, &fields[X_TYPE], &fields[X_ID]);
 */
#ifndef DECODE_LIB_ROWS_H
#define DECODE_LIB_ROWS_H

#include "decode/proto.h"

/* A number of n bytes, without and with names for its values. */
#define UINT(nm, tt, n, fl)                                                    \
	{                                                                      \
		nm, tt, .type = FIELD_UINT, .width = (n), .flags = (fl)        \
	}
#define NAMED(nm, tt, n, fl, table)                                            \
	{                                                                      \
		nm, tt, table, .type = FIELD_UINT, .width = (n), .flags = (fl) \
	}
/* Bits of a number that is n bytes wide. */
#define BITS(nm, tt, n, m, fl)                                                 \
	{                                                                      \
		nm, tt, .mask = (m), .type = FIELD_UINT, .width = (n),         \
			.flags = (fl)                                          \
	}
#define FLAG(nm, tt, n, m)                                                     \
	{                                                                      \
		nm, tt, .mask = (m), .type = FIELD_BOOL, .width = (n)          \
	}
/* A worked out number: shown with so many digits if FIELD_HEX. */
#define NUMBER(nm, tt, fl, dg)                                                 \
	{                                                                      \
		nm, tt, .type = FIELD_UINT, .flags = (fl), .digits = (dg)      \
	}
#define IPV4(nm, tt, fl)                                                       \
	{                                                                      \
		nm, tt, .type = FIELD_IPV4, .width = 4, .flags = (fl)          \
	}
#define IPV6(nm, tt, fl)                                                       \
	{                                                                      \
		nm, tt, .type = FIELD_IPV6, .width = 16, .flags = (fl)         \
	}
#define ETHER(nm, tt, fl)                                                      \
	{                                                                      \
		nm, tt, .type = FIELD_ETHER, .width = 6, .flags = (fl)         \
	}
/* n bytes, 0 if that is found in the packet. */
#define BYTES(nm, tt, n, fl)                                                   \
	{                                                                      \
		nm, tt, .type = FIELD_BYTES, .width = (n), .flags = (fl)       \
	}
#define TEXT(nm, tt, fl)                                                       \
	{                                                                      \
		nm, tt, .type = FIELD_TEXT, .flags = (fl)                      \
	}
/* What is there, or not. */
#define HEADING(nm, tt)                                                        \
	{                                                                      \
		nm, tt, .type = FIELD_NONE                                     \
	}

/* Take these neighbouring fields, from first to last. */
static inline void take_rows(struct dissect *d, struct cur *c,
			     const struct field *first,
			     const struct field *last)
{
	for (; first <= last; first++)
		take(d, c, first);
}

/* Record the bits that these neighbouring fields have in a number. */
static inline void add_bits_rows(struct dissect *d, const struct field *first,
				 const struct field *last, uint64_t from)
{
	for (; first <= last; first++)
		add_bits(d, first, from);
}

/* Take a number, and the bits that the fields between it and last have in
   it. */
static inline uint64_t take_bits(struct dissect *d, struct cur *c,
				 const struct field *f,
				 const struct field *last)
{
	uint64_t num = take(d, c, f);

	if (c->state == CUR_OK)
		add_bits_rows(d, f + 1, last, num);
	return num;
}

/* Record text that is composed from the packet; nothing if the
   packet's texts become too long. */
static inline void add_text(struct dissect *d, const struct field *f,
			    const char *text)
{
	size_t n = strlen(text);
	char *room;

	if (!wants(d, f))
		return;
	room = scratch_room(d, n);
	if (room) {
		memcpy(room, text, n);
		add_bytes(d, f, room, n);
	}
}

#endif
