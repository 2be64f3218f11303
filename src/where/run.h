/* What a program computes with, for one thread. */
#ifndef WHERE_RUN_H
#define WHERE_RUN_H

#include "where/tree.h"

enum {
	WHERE_REGISTERS = 512,
	WHERE_VALUES = 65536 /* of one register; more are left out */
};

/* Several values of one type. */
struct where_list {
	struct where_value *v;
	uint32_t n, room;
};

struct where_regex_state;

struct where_run {
	const struct dissect *dissect;
	struct arena scratch; /* bytes that were made for this packet */
	struct where_list regs[WHERE_REGISTERS];
	bool flags[WHERE_DEPTH + 2]; /* of xor, by depth */
	struct where_regex_state *regex;
	/* what comes of packets without any value, once one was met */
	bool met_empty, empty;
	bool failed; /* there was no memory */
};

/* Room for one more value; NULL: there is none. */
struct where_value *list_more(struct where_run *run, struct where_list *list);

/* false: there is no room. */
static inline bool list_add(struct where_run *run, struct where_list *list,
			    struct where_value value)
{
	struct where_value *v = list_more(run, list);

	if (v)
		*v = value;
	return v;
}

static inline void list_add_num(struct where_run *run, struct where_list *list,
				uint64_t num)
{
	list_add(run, list, (struct where_value){.num = num});
}

static inline void list_add_bytes(struct where_run *run,
				  struct where_list *list, const void *bytes,
				  size_t n)
{
	struct where_value *v = list_more(run, list);

	if (!v)
		return;
	v->len = (uint32_t)n;
	v->bytes = bytes;
}

/* A number of any type as another type that has numbers. */
struct where_value value_as(enum where_type from, struct where_value v,
			    enum where_type to);

/* Below 0, 0, or above 0: the order of two values whose types go together. */
int value_order(enum where_type a, const struct where_value *va,
		enum where_type b, const struct where_value *vb);

/* The value's bytes as in packets, of types other than numbers; *v is then of
   type WT_BYTES. */
bool value_bytes(struct where_run *run, enum where_type type,
		 struct where_value *v);

#endif
