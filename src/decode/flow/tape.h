/*
 * Records of any size, written in a row by one thread and later read in the
 * same order and sizes by another. They stay where they are until the tape is
 * rewound for writing, so pointers into them hold.
 */
#ifndef DECODE_FLOW_TAPE_H
#define DECODE_FLOW_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tape_block;

/* All zero: empty, with nothing allocated. */
struct tape {
	struct tape_block *first, *at;
	size_t pos;	/* in the block at `at` */
	size_t written; /* octets since it was rewound */
	bool failed;	/* there was no memory for a record */
};

void tape_fini(struct tape *tape);

/* To the start, for writing anew or for reading. What was allocated stays. */
void tape_rewind(struct tape *tape);

/* A place between records. */
struct tape_mark {
	struct tape_block *at;
	size_t pos;
};

static inline struct tape_mark tape_here(const struct tape *tape)
{
	return (struct tape_mark){tape->at, tape->pos};
}

/* Read on from there. */
static inline void tape_seek(struct tape *tape, struct tape_mark mark)
{
	tape->at = mark.at ? mark.at : tape->first;
	tape->pos = mark.pos;
}

/* Room for the next n octets, aligned for any type. NULL: no memory; that is
   remembered in `failed`. */
void *tape_put(struct tape *tape, size_t n);

/* The next n octets as they were written. NULL: they are not there (the writer
   had no memory, or wrote a record of another size). */
const void *tape_get(struct tape *tape, size_t n);

/* Step over the next record, whatever its size. */
void tape_skip(struct tape *tape);

#endif
