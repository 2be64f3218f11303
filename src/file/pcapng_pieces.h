/* Blocks that are too long for memory, written in the pieces that they come
   in. */
#ifndef FILE_PCAPNG_PIECES_H
#define FILE_PCAPNG_PIECES_H

#include "file/out.h"
#include "pkt/pipeline.h"

/* Zeroed: no block is being written. */
struct pcapng_pieces {
	uint32_t left; /* bytes that are to come */
	bool left_out; /* and the block is not written */
};

/*
 * Write a piece, in the section's byte order. left_out: the block is to be
 * left out; so is one that cannot be carried to the other byte order, which
 * *lost counts. false: the output failed.
 */
bool pcapng_pieces_put(struct pcapng_pieces *p, struct out *out,
		       const struct block *b, bool swapped, bool left_out,
		       uint64_t *lost);

/* If the input ended among the pieces of a block, what was written of it is
   taken back. false: the output failed. */
bool pcapng_pieces_end(struct pcapng_pieces *p, struct out *out);

#endif
