/*
 * Carrying pcapng blocks and options into a section of the other byte order:
 * what is known is converted, what is not cannot be.
 */
#ifndef FILE_PCAPNG_SWAP_H
#define FILE_PCAPNG_SWAP_H

#include "base/str.h"
#include "pkt/pipeline.h"

/* In which block options stand. */
enum swap_from {
	SWAP_SECTION,
	SWAP_IFACE,
	SWAP_PACKET,
	SWAP_STATS,
	SWAP_OTHER
};

/*
 * Append the options of meta to `to`, in the order that swapped says.
 * edited: leave out those that are not to be copied then. Returns how many
 * were left out because their conversion is unknown.
 */
unsigned swap_options(struct str *to, const struct pkt_meta *meta,
		      enum swap_from from, bool swapped, bool edited);

/* Append the body of a block of names, secrets, custom data or journal lines,
   converted. false: unknown how. */
bool swap_block(struct str *to, const struct block *block, bool swapped,
		bool edited);

#endif
