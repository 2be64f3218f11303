/*
 * Long packets. What is too long to be held in memory has only its beginning
 * at data (PKT_LONG is set); the rest is read from a file, in pieces, by those
 * who need all of it: who copies, hashes or dumps packets. Decoding and
 * filtering see the beginning.
 */
#ifndef PKT_TAIL_H
#define PKT_TAIL_H

#include "base/err.h"
#include "pkt/pkt.h"

/* Read long packets in pieces of this many bytes. */
#define PKT_PIECE ((size_t)64 << 10)

struct pkt_tail {
	/* Read n bytes, which it has, from there on. false: *err. */
	bool (*read)(struct pkt_tail *tail, uint32_t at, void *to, size_t n,
		     struct err *err);
	/* Where the options go on that pkt_meta has the first of, for how many
	   bytes, and how many of them are comments and how many others. */
	uint32_t options_at, options_len;
	uint32_t comments, others;
	bool fragile; /* of the others, some are not to be copied to a file
			 whose packets were changed */
};

/* Bytes captured of a packet. */
static inline uint32_t pkt_captured(const struct pkt *p)
{
	return p->caplen + (p->flags & PKT_LONG ? p->more : 0);
}

/* Cut a packet to that many bytes. */
static inline void pkt_shorten(struct pkt *p, uint32_t most)
{
	if (p->flags & PKT_LONG && most < pkt_captured(p))
		p->more = most > p->caplen ? most - p->caplen : 0;
	if (p->caplen > most)
		p->caplen = most;
}

/* The rest of a packet or of its options; NULL: there is none. */
static inline struct pkt_tail *pkt_tail(const struct pkt *p)
{
	return p->meta ? p->meta->tail : NULL;
}

static inline uint32_t pkt_options_more(const struct pkt *p)
{
	const struct pkt_tail *tail = pkt_tail(p);

	return tail ? tail->options_len : 0;
}

/*
 * n (at most PKT_PIECE) captured bytes of a packet from `at` on: where they
 * are, or in buf. NULL: reading failed, *err says why.
 */
const uint8_t *pkt_piece(const struct pkt *p, uint32_t at, size_t n,
			 uint8_t *buf, struct err *err);

#endif
