/*
 * Fields: the visible values of packets, described once. A decoder's table of
 * struct field is what text, detail, JSON, CSV, field lists and statistics are
 * made from. Names and types are those of Wireshark's display filter
 * reference.
 */
#ifndef DECODE_FIELD_H
#define DECODE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_NONE,  /* a heading: it is there, or not */
	FIELD_UINT,  /* num */
	FIELD_INT,   /* num, two's complement of 64 bits */
	FIELD_BOOL,  /* num: 0 or 1 */
	FIELD_IPV4,  /* num */
	FIELD_IPV6,  /* bytes: 16 */
	FIELD_ETHER, /* bytes: 6 */
	FIELD_BYTES, /* bytes, shown as hexadecimal digits */
	FIELD_TEXT,  /* bytes: foreign text, UTF-8 if all is well */
	FIELD_TIME,  /* num: nanoseconds since 1970-01-01 00:00 UTC, a date */
	FIELD_EPOCH, /* the same, shown as seconds */
	FIELD_SPAN,  /* num: nanoseconds, two's complement */
	FIELD_REAL   /* real */
};

enum field_flags {
	FIELD_HEX = 1 << 0,    /* people read the number in hexadecimal */
	FIELD_LITTLE = 1 << 1, /* least significant byte first */
	/* When the one-line text needs it: */
	FIELD_LINE = 1 << 2,	  /* always */
	FIELD_LINE_V = 1 << 3,	  /* from -v on */
	FIELD_LINE_LINK = 1 << 4, /* with -e */
	/* Only when asked for by name: it repeats what other fields say. */
	FIELD_ASKED = 1 << 5,
	/* Comes from what is remembered of the conversation (tcp_reassembly.h).
	 */
	FIELD_FOLLOWED = 1 << 6,
	/* Needs libcrypto. */
	FIELD_CRYPTO = 1 << 7
};

/* Names of a number's values, ended by a row whose name is NULL. */
struct names {
	uint32_t value;
	const char *name;
};

struct field {
	const char *name, *title;
	const struct names *names; /* NULL: none */
	uint32_t mask;	/* the bits of the bytes read; 0: all of them */
	uint8_t type;	/* enum field_type */
	uint8_t width;	/* bytes that take() reads; 0: another way */
	uint8_t flags;	/* enum field_flags */
	uint8_t digits; /* hexadecimal digits shown; 0: twice the width */
};

/* A value found in a packet. */
struct value {
	uint16_t field; /* its number in the whole list: see field_at() */
	uint8_t layer;	/* the layer that it belongs to */
	uint32_t len;	/* bytes, of types that have bytes */
	union {
		uint64_t num;
		double real;
		const uint8_t *bytes; /* in the packet, or in the dissect */
	};
};

/* The name of a value in a table, or NULL. */
const char *names_get(const struct names *names, uint64_t value);

/* As names_get, with a text of the caller's for values without a name. */
const char *names_or(const struct names *names, uint64_t value,
		     const char *otherwise);

#endif
