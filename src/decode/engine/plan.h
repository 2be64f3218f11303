/* What a plan holds; for the engine only. */
#ifndef DECODE_ENGINE_PLAN_H
#define DECODE_ENGINE_PLAN_H

#include "decode/proto.h"
#include "decode/proto_ids.h"

enum { TABLE_SIZE = 65536 };

_Static_assert(PROTO_COUNT <= 256, "tables hold ids in a byte");

/* What a plan says about one protocol: all that a layer starts with. */
struct plan_proto {
	void (*decode)(struct dissect *, struct cur *);
	const struct proto *proto;
	const char *name;
	const struct field *fields;
	const uint8_t *want;	       /* by its fields' indexes */
	uint32_t spaces;	       /* LEADS_TO() of those of its keys */
	uint16_t base;		       /* number of its first field */
	uint16_t want_first, want_end; /* see struct dissect */
	bool useful;		       /* may lead to something wanted */
	bool whole;		       /* by plan_want_proto() */
};

struct plan {
	uint8_t *want;		   /* by field number */
	const struct field **rows; /* by field number */
	unsigned n_rows;
	struct plan_proto of[PROTO_COUNT];
	bool forced[KEY_SPACES][PROTO_COUNT]; /* by plan_force() */
	bool tunnels[PROTO_COUNT];	      /* may lead to IP */
	bool lines;			      /* look into layers of lines */
	bool all_layers;		      /* look into every layer */
	bool only_values;		      /* by plan_only_values() */
	bool beyond[KEY_SPACES];	      /* leads to a useful protocol */
	uint8_t (*table)[TABLE_SIZE];	 /* enum proto_id by space, value */
	uint8_t guesses[2][PROTO_COUNT]; /* TCP, UDP; by rank, ends with 0 */
};

/* By enum proto_id; the first is NULL. */
extern const struct proto *const protos[PROTO_COUNT];

/* The protocol of a TCP or UDP port (KEY_TCP_PORT, KEY_UDP_PORT), the lower
   one first, or PROTO_NONE. */
static inline unsigned plan_by_ports(const struct plan *plan,
				     enum key_space space, uint16_t src,
				     uint16_t dst)
{
	const uint8_t *table = plan->table[space];
	unsigned id = table[src < dst ? src : dst];

	return id ? id : table[src < dst ? dst : src];
}

/* May what a conversation over TCP begins with be of this protocol, which its
   port leads to? */
static inline bool plan_fits(const struct plan *plan, unsigned id,
			     const struct cur *c)
{
	return !protos[id]->fits || !cur_left(c) ||
	       plan->forced[KEY_TCP_PORT][id] || protos[id]->fits(*c);
}

/* The one that recognises a payload, of those that are worth looking into, or
   PROTO_NONE. */
static inline unsigned plan_by_guess(const struct plan *plan,
				     enum key_space space, const struct cur *c)
{
	const uint8_t *guess = plan->guesses[space == KEY_UDP_PORT];

	for (; *guess; guess++)
		if (plan->of[*guess].useful && protos[*guess]->guess(*c))
			return *guess;
	return PROTO_NONE;
}

#endif
