/*
 * What struct tcp_reassembly is made of: conversations with state, and messages
 * that have not ended. For tcp_reassembly.c, tcp_run.c, tcp_session.c and
 * tcp_message.c only.
 */
#ifndef DECODE_FLOW_TCP_SESSION_H
#define DECODE_FLOW_TCP_SESSION_H

#include "decode/flow/tcp_order.h"
#include "decode/flow/tcp_reassembly.h"
#include "decode/proto.h"

struct buffer {
	uint8_t *bytes;
	size_t room;
};

/*
 * What a direction has waiting: a message that has not ended, or bytes that
 * came early, or both.
 */
struct partial_message {
	struct partial_message *older, *newer;
	uint32_t session;
	uint8_t from, upper;
	bool message; /* there is one; else only early bytes */
	bool sized;
	uint32_t start; /* sequence number of the message's first byte */
	size_t have;	/* bytes of it, in a row */
	struct framing f;
	struct buffer head, tail;
	size_t tail_at, tail_n;
	uint64_t *frames;
	uint32_t n_frames, frames_room;
	size_t held; /* bytes that came early, as accounted for */
};

/* One direction's messages. */
struct side {
	struct tcp_order order;
	struct partial_message *pending;
	size_t skip;  /* bytes to come of a message that was given up */
	uint32_t ack; /* the last one that this side sent, */
	uint16_t window;
	bool has_ack;	/* if there was one */
	bool unsure;	/* after a gap: no message may start here */
	bool lost;	/* the start of what comes is not known */
	bool pushed;	/* the last payload ended with PSH, */
	bool turned;	/* and the other side has spoken since */
	bool has_probe; /* a zero window probe's byte, which may have been */
	uint8_t probe;	/* refused */
	bool adrift;	/* what it carries is unknown */
	bool has_fin;
	uint32_t fin;  /* the sequence number after the last byte */
	uint8_t phase; /* of the last framing */
};

enum { TRACK_NONE = UINT32_MAX };

struct tcp_session {
	uint32_t stream;
	bool recent;   /* used since the hand went by */
	bool weak;     /* without an answer yet, or ended: */
	bool reset;    /* there was a RST */
	uint8_t upper; /* found by looking at it; PROTO_NONE: not yet */
	/* Inside a tunnel that this protocol made: which side is the client,
	   and the port that it asked for. */
	uint8_t tunnel, client;
	uint16_t port;
	uint32_t before, after; /* in the list of the weak */
	struct app_state app;
	struct side side[2];
};

struct tcp_reassembly {
	struct reassembly_wish wish;
	struct tcp_session *sessions;
	uint32_t n, room;
	uint32_t hand; /* looks for one that was not used of late */
	uint32_t first_weak, last_weak; /* the first is the oldest */
	struct tcp_pair *talks;		/* one for each session, for facts */
	bool guesses;	   /* a protocol with messages recognises its own */
	struct buffer run; /* bytes that are due, of several segments */
	struct partial_message *first, *last; /* the first is the oldest */
	size_t bytes;			      /* of all that are pending */
	uint32_t
	    owners[REASSEMBLY_KEPT]; /* sessions whose protocol keeps much */
	uint32_t n_owners, app_data_hand;
	size_t kept; /* bytes of them */
	struct tcp_budget budget;
	struct reassembly_losses losses;
};

/* ---- tcp_session.c
 * ----------------------------------------------------------- */

/* The conversation's session, or NULL. slot: what streams keeps in it. */
struct tcp_session *tcp_session_find(struct tcp_reassembly *s, uint32_t stream,
				     uint32_t slot);

/* A fresh one, in place of one that is weak, or else was silent for long, if
   there are too many. Other sessions may move. */
struct tcp_session *tcp_session_new(struct tcp_reassembly *s, uint32_t stream,
				    uint32_t *slot);

/* Is there room for one more, without another being evicted? */
bool track_room_left(const struct tcp_reassembly *s);

/* Both sides have spoken: it is evicted after those where this is not
   known. And the opposite. */
void track_strengthen(struct tcp_reassembly *s, struct tcp_session *t);
void track_weaken(struct tcp_reassembly *s, struct tcp_session *t);

/* Free what it has. */
void tcp_session_clear(struct tcp_reassembly *s, struct tcp_session *t);

/* What the session's protocol keeps is of no use any more, if there is some. */
void app_data_forget(struct tcp_reassembly *s, uint32_t session);

/* The session's protocol keeps something since just now (fresh), or more than
   before: others may be evicted. */
void app_data_account(struct tcp_reassembly *s, uint32_t session, bool fresh);

/* ---- tcp_message.c ----------------------------------------------------------
 */

/* The direction's, made if there is none. NULL: no memory. */
struct partial_message *partial_message_get(struct tcp_reassembly *s,
					    uint32_t session, unsigned from);

/* Its message is over: whole, or given up. */
void partial_message_end(struct tcp_reassembly *s, struct partial_message *p);

/* Its message cannot be followed: what is to come of it is skipped, as far as
   that is known. */
void pending_give_up(struct tcp_reassembly *s, struct partial_message *p);

/* Forget all of it. */
void partial_message_drop(struct tcp_reassembly *s, struct partial_message *p);

/* It was used: others are evicted before it. */
void partial_message_touch(struct tcp_reassembly *s, struct partial_message *p);

/* Account for what came early, after segments. false: there is too much. */
bool partial_message_hold(struct tcp_reassembly *s, struct partial_message *p);

/* The packet of this number has some of it. */
void partial_message_frame(struct tcp_reassembly *s, struct partial_message *p,
			   uint64_t number);

/* Its size is known: no more is kept than that, and than the limit. */
void partial_message_size(struct partial_message *p);

/* Its first n bytes, once p->f is set. false: it cannot be followed. */
bool partial_message_begin(struct tcp_reassembly *s, struct partial_message *p,
			   const uint8_t *bytes, size_t n);

/* Add the next n bytes, no more than it has. bytes may be NULL if
   pending_can_skip(). app is the session's, which may lie elsewhere than at
   the bytes before. false: it is to be given up. */
bool partial_message_add(struct tcp_reassembly *s, struct partial_message *p,
			 const struct app_state *app, const uint8_t *bytes,
			 size_t n);

/* Is it known where it ends, and everything there that its decoder needs? */
bool pending_can_skip(const struct partial_message *p);

/* Room for n bytes in a buffer that all conversations share. */
bool buffer_grow(struct buffer *b, size_t n);

#endif
