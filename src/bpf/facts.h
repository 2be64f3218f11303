/*
 * What a filter program's tests have shown, on the path that it took, about the
 * packet: of its symbols and of how many bytes were captured.
 */
#ifndef BPF_FACTS_H
#define BPF_FACTS_H

#include "bpf/symbols.h"

/* A question that decides where a program goes on. */
struct question {
	enum { ASK_EQUAL, ASK_GREATER, ASK_BYTES } kind;
	uint32_t symbol;
	uint64_t k;
};

struct facts {
	struct symbols symbols; /* for the caller to make them, too */
	struct known *known;	/* of each symbol */
	uint32_t n_known;
	struct undo *undo;
	size_t n_undo, undo_room; /* how many were learnt */
	uint64_t *nots; /* symbol << 32 | number: a hash table; 0: empty */
	size_t n_nots, nots_room;
	bool failed; /* no memory; answers are worthless then */
};

/* The packet has at least caplen bytes. false: no memory, facts_fini() frees
   what there is. */
bool facts_init(struct facts *f, uint32_t caplen);
void facts_fini(struct facts *f);

enum facts_answer { FACTS_NO, FACTS_YES, FACTS_EITHER };

/* What follows from what is known. */
enum facts_answer facts_ask(struct facts *f, const struct question *q);

/* From now on this is the answer. */
void facts_assume(struct facts *f, const struct question *q, bool yes);

/* Forget what was learnt since n_undo was that. */
void facts_forget(struct facts *f, size_t since);

/* Is the symbol's value known, or that of all that it is made of? */
bool facts_value(struct facts *f, uint32_t symbol, uint32_t *value);

#endif
