/*
 * Header blocks of HTTP/2 (RFC 7541), unpacked by libnghttp2: one direction of
 * one conversation. Without the library nothing is unpacked.
 */
#ifndef DECODE_WEB_HPACK_H
#define DECODE_WEB_HPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HPACK_TABLE_MOST = 65536 }; /* bytes of a table that is followed */

/* How a field was written. */
enum hpack_form {
	HPACK_INDEXED,
	HPACK_LITERAL_INDEXED, /* and enters the table */
	HPACK_LITERAL,
	HPACK_LITERAL_NEVER,
};

struct hpack_field {
	const uint8_t *name, *value; /* until the next call */
	size_t n_name, n_value;
	enum hpack_form form;
	uint32_t index; /* of the table; 0: the name is new */
	bool resized;	/* the table was given a new size before it, */
	uint32_t size;	/* this one */
};

struct hpack;

/* Is the library built in? */
bool hpack_there(void);

/* *bytes counts what is allocated, now and later. NULL: no memory, or no
   library. */
struct hpack *hpack_open(size_t *bytes);
void hpack_close(struct hpack *h);

/* The receiver lets the sender use a table of that size. */
void hpack_allow(struct hpack *h, uint32_t size);

/*
 * The next field of a block; *n bytes of it are at *at, which are moved
 * forward; last: nothing of the block follows them. 1: there is one; 0: no
 * more; -1: the block makes no sense, nor will any later one.
 */
int hpack_next(struct hpack *h, const uint8_t **at, size_t *n, bool last,
	       struct hpack_field *out);

#endif
