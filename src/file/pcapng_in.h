/* The parts of the pcapng reader among themselves. */
#ifndef FILE_PCAPNG_IN_H
#define FILE_PCAPNG_IN_H

#include "base/str.h"
#include "file/pcapng.h"
#include "file/reader.h"
#include "pkt/tsunit.h"

/* More interfaces than this in a file are taken for damage: everybody who is
   told of one has to remember it. */
#define NG_MAX_IFACES ((uint32_t)1 << 18)

/* Blocks other than packets are held to be handed on; longer ones than this
   go in pieces. */
#define NG_MAX_BLOCK ((uint32_t)16 << 20)

/* What an interface of the current section means for its packets. */
struct ng_in_iface {
	struct tsunit unit;
	uint32_t snaplen; /* UINT32_MAX: none */
};

struct ng_in {
	bool swapped;	 /* this section's byte order is not the host's */
	bool unreadable; /* a section of another version: passed over */
	struct ng_in_iface *ifaces;
	uint32_t n, room;
	uint32_t first;	      /* the id of interface 0 of this section */
	struct str text;      /* of the last interface: its strings */
	struct str drops;     /* options made up for an old packet block */
	struct pkt_meta meta; /* of the last interface or count */
	bool noted_long, noted_wire, noted_names, noted_time;
	/* The long block that is on its way, and its length; 0: none. */
	struct block piece;
	uint64_t piece_at;
	uint32_t piece_len;
};

/* The body of a block, with its place for messages. */
struct ng_block {
	uint32_t type;
	uint64_t at; /* offset of the block */
	const uint8_t *body;
	size_t len;
};

/*
 * Parse whole enhanced packet blocks of the window into r->pkts until one is
 * not whole (returns the bytes it needs), or something else or odd comes, or
 * the batch is full (returns 0).
 */
size_t ng_batch(struct reader *r, struct ng_in *f);

/* Take a packet block of any kind, the careful way. Adds to r->pkts what can
   be delivered; false: r->err is set. */
bool ng_take_packet(struct reader *r, struct ng_in *f,
		    const struct ng_block *block);

/* How a long packet block is divided: its fixed part, what is held of the
   data, and the rest with the block's trailer. */
struct ng_long {
	uint32_t fixed, head, rest, caplen;
};

/* Of a block with only its fixed part at body. false: r->err is set. */
bool ng_long_parts(struct reader *r, struct ng_in *f,
		   const struct ng_block *block, struct ng_long *parts);

/* Take it, once r->rest has it. As ng_take_packet(). */
bool ng_take_long(struct reader *r, struct ng_in *f,
		  const struct ng_block *block, const struct ng_long *parts);

/*
 * Take one block apart into r->iface or r->counters. false: r->err is set.
 * An option beyond the end of its block is a fault too.
 */
bool ng_take_iface(struct reader *r, struct ng_in *f,
		   const struct ng_block *block);
bool ng_take_stats(struct reader *r, struct ng_in *f,
		   const struct ng_block *block);

/* Is a name resolution block's body well formed? */
bool ng_names_are_good(const struct ng_block *block, bool swapped);

/*
 * With recover: pass over what r->err is about, up to the next block that is
 * whole (see pcapng_recover.c). false: reading failed, there is no next one.
 */
bool ng_resync(struct reader *r, struct ng_in *f);

/* With recover: does the input end at pos + at, or a whole block follow? May
   move what is in the window. */
bool ng_block_ends(struct reader *r, const struct ng_in *f, size_t at);

#endif
