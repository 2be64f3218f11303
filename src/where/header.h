/*
 * Conditions on fields at a fixed place of a header: what can be
 * asked of the bytes without decoding them.
 */
#ifndef WHERE_HEADER_H
#define WHERE_HEADER_H

#include "bpf/emit.h"
#include "decode/proto_ids.h"
#include "where/tree.h"

/* The longest packet, on the wire, that programs are asked about. */
#define HEADER_LONGEST (UINT32_C(1) << 30)

/* What a condition asks of a header's bytes. */
struct header_question {
	enum proto_id id; /* PROTO_frame: the packet's length */
	bool present;	  /* just whether the field is there; then it is */
	uint8_t at[2];	  /* offsets in the header */
	uint8_t ends;	  /* how many of them count */
	uint8_t size;	  /* bytes to load */
	uint8_t len;	  /* bytes of the value */
	uint32_t mask;	  /* of the bits that count, where size <= 4 */
	uint8_t shift;	  /* how far to the right a value's bits go */
	bool outside;	  /* values that are in no range are meant */
	bool all;	  /* of both ends */
	uint8_t type;	  /* of the ranges; enum where_type */
	uint32_t count;	  /* of ranges */
	/* of a set, or the one below; NULL: that one */
	const struct where_value *lows, *highs;
	struct where_value low, high;
};

/* Where headers begin in a packet, by enum proto_id; -1: it has none. */
struct header_places {
	int16_t at[PROTO_COUNT];
};

/* Is the value the name of a protocol, and of all its layers? Some are called
   otherwise, as mptcp, udplite and ieee8021ad are. */
bool header_protocol(const struct where_node *node, enum proto_id *id);

/* The shortest header of a protocol, in bytes; 0: nothing is known of it. */
unsigned header_length(enum proto_id id);

/* Is the value a field, of all layers, at a fixed place? id, at, ends, size,
   mask and shift are set then. */
bool header_field(const struct where_node *node, struct header_question *q);

/* A becomes the number in the (first) field of such a question, where size <=
   4. */
place header_load(struct emitter *e, const struct header_question *q,
		  const struct header_places *places);

/*
 * Is the condition about one field at a fixed place, or about a fixed part of a
 * header, and constants that it can be compared with? What it asks then.
 */
bool header_ask(const struct where_node *node, struct header_question *q);

/* The ends of a question's range as they are in the masked bytes, where size <=
   4. false: no value is in it. */
bool header_range(const struct header_question *q, uint32_t i, uint32_t *low,
		  uint32_t *high);

/* The bytes of the ends of a range, where size > 4. */
static inline const uint8_t *header_low(const struct header_question *q,
					uint32_t i)
{
	return q->lows ? q->lows[i].bytes : q->low.bytes;
}

static inline const uint8_t *header_high(const struct header_question *q,
					 uint32_t i)
{
	return q->highs ? q->highs[i].bytes : q->high.bytes;
}

/* The test of a packet that has the question's protocol once. */
place header_test(struct emitter *e, const struct header_question *q,
		  const struct header_places *places, place yes, place no);

#endif
