/*
 * What struct streams is made of: conversations with state, and messages that
 * have not ended. For streams.c, tracks.c and pending.c only.
 */
#ifndef DECODE_FLOW_TRACKS_H
#define DECODE_FLOW_TRACKS_H

#include "decode/flow/streams.h"
#include "decode/proto.h"

enum {
	STREAMS_AHEAD = 16, /* ranges that came early, of one message */
	STREAMS_DONE = 4,   /* messages that are remembered when they ended */
};

struct range {
	size_t from, to;
};

struct buffer {
	uint8_t *octets;
	size_t room;
};

struct pending {
	struct pending *older, *newer;
	uint32_t track;
	uint8_t from, upper;
	bool sized;
	uint32_t start; /* sequence number of the first octet */
	size_t have;	/* octets in a row */
	struct framing f;
	struct buffer head, tail;
	size_t tail_at, tail_n;
	struct range ahead[STREAMS_AHEAD];
	unsigned n_ahead;
	uint64_t *frames;
	uint32_t n_frames, frames_room;
};

/* One direction's messages. */
struct side {
	struct pending *pending;
	struct {
		uint32_t from, to;
	} done[STREAMS_DONE];
	uint8_t n_done, next_done;
	uint8_t hints; /* of the last framing */
};

struct track {
	uint32_t stream;
	bool recent;   /* used since the hand went by */
	uint8_t upper; /* found by looking at it; PROTO_NONE: not yet */
	struct tcp_talk tcp;
	struct talk talk;
	struct side side[2];
};

struct streams {
	struct streams_wish wish;
	struct track *tracks;
	uint32_t n, room;
	uint32_t hand; /* looks for one that was not used of late */
	struct pending *first, *last;	/* the first is the oldest */
	size_t octets;			/* of all that are pending */
	uint32_t keepers[STREAMS_KEPT]; /* tracks whose protocol keeps much */
	uint32_t n_keepers, keeper_hand;
	size_t kept; /* octets of them */
	struct tcp_budget budget;
	struct streams_losses losses;
};

/* ---- tracks.c ----------------------------------------------------------- */

/* The conversation's track, or NULL. slot: what streams keeps in it. */
struct track *track_find(struct streams *s, uint32_t stream, uint32_t slot);

/* A fresh one, in place of one that was silent for long if there are too
   many. Other tracks may move. */
struct track *track_new(struct streams *s, uint32_t stream, uint32_t *slot);

/* Free what it has. */
void track_clear(struct streams *s, struct track *t);

/* What the track's protocol keeps is of no use any more, if there is some. */
void keeper_forget(struct streams *s, uint32_t track);

/* The track's protocol keeps something since just now (fresh), or more than
   before: others may have to make way. */
void keeper_account(struct streams *s, uint32_t track, bool fresh);

/* ---- pending.c ---------------------------------------------------------- */

/* An unfinished message of a track's direction, instead of the one that was
   there. start: the sequence number of its first octet. NULL: no memory. */
struct pending *pending_new(struct streams *s, uint32_t track, unsigned from,
			    unsigned upper, uint32_t start);

/* Forget it: it is whole, or given up. */
void pending_drop(struct streams *s, struct pending *p);

/* It was used: others make way before it. */
void pending_touch(struct streams *s, struct pending *p);

/* The packet of this number has some of it. */
void pending_frame(struct streams *s, struct pending *p, uint64_t number);

/* Its size is known: no more is kept than that, and than the limit. */
void pending_size(struct pending *p);

/* Its first n octets, once p->f is set. false: it cannot be followed. */
bool pending_begin(struct streams *s, struct pending *p, const uint8_t *octets,
		   size_t n);

/* Add n octets that belong at `at`. false: it is to be given up. */
bool pending_add(struct streams *s, struct pending *p, size_t at,
		 const uint8_t *octets, size_t n);

#endif
