/*
 * The names of addresses that a savefile has in its own name resolution blocks
 * (pcapng).
 */
#ifndef OUTPUT_BLOCK_NAMES_H
#define OUTPUT_BLOCK_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkt/pipeline.h"

struct block_names;

/* NULL: no memory. */
struct block_names *block_names_open(void);
void block_names_close(struct block_names *names);

/*
 * Take the names of a block; of any other kind of block nothing. An address
 * that comes again, or that has several names, has the last one, as in
 * Wireshark. Of too many names the first ones are taken, with one warning;
 * what there is no memory for is left out.
 */
void block_names_add(struct block_names *names, const struct block *block);

/* The name of an IPv4 (n = 4) or IPv6 (n = 16) address, or NULL. Foreign text,
   borrowed until the next block. */
const char *block_names_find(const struct block_names *names,
			     const uint8_t *bytes, size_t n);

#endif
