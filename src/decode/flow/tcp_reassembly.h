/*
 * What is remembered of TCP conversations beyond flow_table.h, in packet order:
 * the state of the analysis (tcp_analysis.h), and bytes of messages that have
 * not ended yet. Everything is bounded; what had to be forgotten is counted.
 */
#ifndef DECODE_FLOW_TCP_REASSEMBLY_H
#define DECODE_FLOW_TCP_REASSEMBLY_H

#include "base/err.h"
#include "decode/flow/replay_log.h"
#include "decode/flow/tcp_analysis.h"

enum {
	REASSEMBLY_SESSIONS = 1 << 17,	     /* conversations with state */
	REASSEMBLY_PENDING = 256 * 1024,     /* bytes kept of one message */
	REASSEMBLY_TOTAL = 16 * 1024 * 1024, /* bytes kept of all */
	/* What protocols keep of conversations (struct app_state): */
	REASSEMBLY_KEPT = 2048,			  /* conversations, */
	REASSEMBLY_KEPT_TOTAL = 16 * 1024 * 1024, /* bytes */
	REASSEMBLY_NOTES = 256 * 1024 /* bytes of notes on one segment */
};

/* What a protocol remembers of one conversation; see on_message() in proto.h.
 */
struct app_state {
	uint32_t state; /* its own; 0 at first */
	uint8_t owner;	/* enum proto_id: who owns data */
	void *data;	/* its own, which free_state() frees */
};

/* What on_message() says about one message to decode(); see note_next() in
   proto.h. */
struct stream_note {
	const struct stream_note *next;
	uint32_t n;
	uint8_t owner; /* enum proto_id: whose on_message() left it */
	uint8_t kind;  /* the owner's own: what bytes are */
	_Alignas(uint64_t) uint8_t bytes[];
};

/* A message on its way to on_message(). */
struct app_message {
	struct app_state *app;
	struct cur message; /* what framing.keep says of it */
	unsigned from;	    /* direction, 0 or 1 */
	bool to_server;	    /* to the port that the protocol is known by */
	uint8_t then; /* set to the enum proto_id of what comes after it, */
	uint32_t then_word; /* and to its app->state */
	/* Or: set if what comes next is a connection to tunnel_port inside this
	   one, whose client is the other end. */
	bool tunnel;
	uint16_t tunnel_port;
	size_t *bytes; /* of all that protocols keep: to be kept up */
	struct replay_log *log;
	const struct reassembly_wish *wish;
	size_t room; /* bytes of notes that may still be made */
	const struct stream_note **last;
	uint32_t *n_notes;
};

/* Room for a note of this kind, of n bytes, to be filled; aligned for numbers
   of 8 bytes. NULL: no memory, or enough of them. */
void *message_note(struct app_message *msg, uint8_t kind, size_t n);

struct plan;
struct tcp_reassembly;

/* What a conversation's slot says of one that needs no state: from the ports it
   is known that payloads are of enum proto_id `upper`, segment by segment. */
enum { STREAM_PLAIN = 1 << 30 };

static inline bool stream_is_plain(uint32_t slot)
{
	return slot & STREAM_PLAIN;
}

/* What is to be decoded instead of a segment's own payload. */
struct reassembled {
	uint8_t upper;		/* enum proto_id; PROTO_NONE: as ports say */
	uint8_t phase;		/* struct framing's, before the first message */
	uint8_t second;		/* as upper, of the bytes after `take` */
	uint8_t tunnel;		/* the protocol whose tunnel `upper` is in, */
	uint8_t second_tunnel;	/* and the one that `second` is in */
	uint16_t port;		/* where to, inside the tunnel */
	bool has_joined;	/* first these: */
	bool pending;		/* some or all of the payload waits for more */
	uint32_t joined, claim; /* bytes kept of a message, and its size */
	uint32_t length; /* what it took to find its end, as Wireshark counts */
	uint32_t skip, take; /* then these of the payload, or if there are */
	const uint8_t *own;  /* bytes of several segments, of n_own, */
	uint32_t n_own;
	uint32_t second_take; /* then these */
	uint32_t
	    state; /* struct app_state's, before the first of these messages */
	uint32_t n_notes, n_records;	 /* in the log, of these parts */
	const struct stream_note *notes; /* what on_message() said of them */
	uint32_t n_frames; /* numbers of the packets that were joined */
	/* joined bytes, then n_frames numbers */
	const uint8_t *bytes;
	const uint64_t *frames;
};

/* What the rest of the run wants to know. */
struct reassembly_wish {
	bool facts;		 /* all of struct tcp_facts, else nothing */
	bool messages;		 /* struct reassembled */
	const struct plan *plan; /* which protocols are worth the effort */
	/* Called for messages that announce media; may be NULL. */
	void (*announced)(void *with, const struct cur *message);
	void *announced_with;
};

/* What was forgotten. */
struct reassembly_losses {
	uint64_t sessions; /* conversations, while others were busier */
	uint64_t messages; /* unfinished ones, to stay within the limits */
};

/* The plan is borrowed. NULL: no memory. */
struct tcp_reassembly *tcp_reassembly_open(const struct reassembly_wish *wish,
					   struct err *err);
void tcp_reassembly_close(struct tcp_reassembly *s);

/*
 * A segment of conversation `stream` (struct flow_tcp), in direction `from`.
 * *slot is the conversation's own, 0 at first; streams keeps in it where its
 * state is, or that it needs none (STREAM_PLAIN): then there is nothing more to
 * ask. Results hold until the log is rewound, where tcp_reassembly_replay()
 * finds them if they are to be recorded; *facts is NULL where they are not
 * wished. *parts is zeroed by the caller.
 */
void tcp_reassembly_segment(struct tcp_reassembly *s, uint32_t stream,
			    uint32_t *slot, unsigned from,
			    const struct segment *seg, struct replay_log *log,
			    bool record, const struct tcp_facts **facts,
			    struct reassembled *parts);

/* The next results in the log, as tcp_reassembly_segment() gave them. */
void tcp_reassembly_replay(const struct reassembly_wish *wish,
			   struct replay_log *log, const struct segment *seg,
			   const struct tcp_facts **facts,
			   struct reassembled *parts);

/* What had to be forgotten so far. */
struct reassembly_losses reassembly_losses(const struct tcp_reassembly *s);

#endif
