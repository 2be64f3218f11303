/*
 * What struct tcp_reassembly is made of: conversations with state, and messages
 * that have not ended. For tcp_reassembly.c, tcp_session.c and tcp_message.c
 * only.
 */
#ifndef DECODE_FLOW_TCP_SESSION_H
#define DECODE_FLOW_TCP_SESSION_H

#include "decode/flow/tcp_reassembly.h"
#include "decode/proto.h"

enum {
	REASSEMBLY_AHEAD = 16, /* ranges that came early, of one message */
	REASSEMBLY_DONE = 4, /* messages that are remembered when they ended */
};

struct range {
	size_t from, to;
};

struct buffer {
	uint8_t *bytes;
	size_t room;
};

struct partial_message {
	struct partial_message *older, *newer;
	uint32_t session;
	uint8_t from, upper;
	bool sized;
	uint32_t start; /* sequence number of the first byte */
	size_t have;	/* bytes in a row */
	struct framing f;
	struct buffer head, tail;
	size_t tail_at, tail_n;
	struct range ahead[REASSEMBLY_AHEAD];
	unsigned n_ahead;
	uint64_t *frames;
	uint32_t n_frames, frames_room;
};

/* One direction's messages. */
struct side {
	struct partial_message *pending;
	struct {
		uint32_t from, to;
	} done[REASSEMBLY_DONE];
	uint8_t n_done, next_done;
	uint8_t hints; /* of the last framing */
};

struct tcp_session {
	uint32_t stream;
	bool recent;   /* used since the hand went by */
	uint8_t upper; /* found by looking at it; PROTO_NONE: not yet */
	struct tcp_pair tcp;
	struct app_state app;
	struct side side[2];
};

struct tcp_reassembly {
	struct reassembly_wish wish;
	struct tcp_session *sessions;
	uint32_t n, room;
	uint32_t hand; /* looks for one that was not used of late */
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

/* A fresh one, in place of one that was silent for long if there are too
   many. Other sessions may move. */
struct tcp_session *tcp_session_new(struct tcp_reassembly *s, uint32_t stream,
				    uint32_t *slot);

/* Free what it has. */
void tcp_session_clear(struct tcp_reassembly *s, struct tcp_session *t);

/* What the session's protocol keeps is of no use any more, if there is some. */
void app_data_forget(struct tcp_reassembly *s, uint32_t session);

/* The session's protocol keeps something since just now (fresh), or more than
   before: others may have to make way. */
void app_data_account(struct tcp_reassembly *s, uint32_t session, bool fresh);

/* ---- tcp_message.c ----------------------------------------------------------
 */

/* An unfinished message of a session's direction, instead of the one that was
   there. start: the sequence number of its first byte. NULL: no memory. */
struct partial_message *partial_message_new(struct tcp_reassembly *s,
					    uint32_t session, unsigned from,
					    unsigned upper, uint32_t start);

/* Forget it: it is whole, or given up. */
void partial_message_drop(struct tcp_reassembly *s, struct partial_message *p);

/* It was used: others make way before it. */
void partial_message_touch(struct tcp_reassembly *s, struct partial_message *p);

/* The packet of this number has some of it. */
void partial_message_frame(struct tcp_reassembly *s, struct partial_message *p,
			   uint64_t number);

/* Its size is known: no more is kept than that, and than the limit. */
void partial_message_size(struct partial_message *p);

/* Its first n bytes, once p->f is set. false: it cannot be followed. */
bool partial_message_begin(struct tcp_reassembly *s, struct partial_message *p,
			   const uint8_t *bytes, size_t n);

/* Add n bytes that belong at `at`. false: it is to be given up. */
bool partial_message_add(struct tcp_reassembly *s, struct partial_message *p,
			 size_t at, const uint8_t *bytes, size_t n);

#endif
