/* The stages that an expression runs in, for people. */
#ifndef WHERE_STAGES_H
#define WHERE_STAGES_H

#include "base/str.h"
#include "pkt/program.h"
#include "where/where.h"

/* Zero it before, end with where_stages_fini(). Texts have an item a line. */
struct where_stages {
	/* for the link type: verdict 0 is decode, 1 no match, 2 match; empty:
	   every packet is decoded */
	struct program prefilter;
	struct str fields;    /* that are decoded */
	struct str protocols; /* that are looked into */
	struct str state;     /* what is remembered from packet to packet */
	struct str program;
};

/* false: no memory. */
bool where_stages(const struct where *w, uint32_t linktype,
		  struct where_stages *out, struct err *err);
void where_stages_fini(struct where_stages *s);

#endif
