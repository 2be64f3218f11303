/* The stage that puts a block in front of the packets. */
#ifndef PKT_PREPEND_BLOCK_H
#define PKT_PREPEND_BLOCK_H

#include "pkt/pipeline.h"

/*
 * Hand on block (whose bytes are copied) before the first interface. Owns
 * next. NULL: no memory; next is closed.
 */
struct sink *prepend_block_open(const struct block *block, struct sink *next,
				struct err *err);

#endif
