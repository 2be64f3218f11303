/*
 * Carrying pcapng blocks and options into a section of the other byte order:
 * what is known is converted, what is not cannot be.
 */
#ifndef FILE_NGCARRY_H
#define FILE_NGCARRY_H

#include "base/str.h"
#include "pkt/pipeline.h"

/* In which block options stand. */
enum carry_from {
	CARRY_SECTION,
	CARRY_IFACE,
	CARRY_PACKET,
	CARRY_STATS,
	CARRY_OTHER
};

/*
 * Append the options of meta to `to`, in the order that swapped says.
 * edited: leave out those that are not to be copied then. Returns how many
 * were left out because nobody knows how to convert them.
 */
unsigned carry_options(struct str *to, const struct pkt_meta *meta,
		       enum carry_from from, bool swapped, bool edited);

/* Append the body of a block of names, secrets, custom data or journal lines,
   converted. false: nobody knows how. */
bool carry_block(struct str *to, const struct block *block, bool swapped,
		 bool edited);

#endif
