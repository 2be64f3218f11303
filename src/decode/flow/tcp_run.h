/*
 * A segment's payload on its way to messages: what is due of it (tcp_order.h)
 * is split, and what has no end waits. For tcp_reassembly.c and tcp_run.c only.
 */
#ifndef DECODE_FLOW_TCP_RUN_H
#define DECODE_FLOW_TCP_RUN_H

#include "decode/flow/tcp_session.h"

/* One segment on its way through. */
struct pass {
	struct tcp_reassembly *s;
	struct tcp_session *session;
	unsigned from, upper;
	const struct segment *seg;
	struct reassembled *parts;
	struct replay_log *log;
	/* the run: bytes that are due and of no earlier message, dealt with
	   up to off; in the segment, or once there are more, in s->run */
	const uint8_t *run;
	size_t n, off;
	bool own;	/* it is in s->run */
	bool framed;	/* its first message has been looked at */
	bool followed;	/* a message was */
	uint64_t first; /* the packet with the start of the run, */
	size_t first_n; /* and as much of it as that has */
	size_t noted;	/* bytes of notes so far */
	const struct stream_note **last_note;
};

static inline struct side *side_of(const struct pass *pass)
{
	return &pass->session->side[pass->from];
}

/* Is it a protocol whose messages are reassembled? */
bool has_messages(const struct plan *plan, unsigned id);

/* Messages of the session were lost. */
void run_loss(struct pass *pass);

/* The port that the segment goes to: in a tunnel, of the connection inside. */
uint16_t segment_port(const struct pass *pass);

/* Who decodes the segment, by its ports? */
unsigned segment_by_ports(const struct pass *pass);

/* Who decodes what a conversation begins with, here c? */
unsigned segment_recognise(const struct pass *pass, const struct cur *c);

/* What is due next, for tcp_order.h: with is the pass. */
void run_take_piece(void *with, const struct tcp_piece *piece);

/* Nothing more is due: what was taken of the run goes to where decoders find
   it. */
void run_finish(struct pass *pass);

/* The pending message ends here. */
void run_deliver(struct pass *pass, struct partial_message *p);

#endif
