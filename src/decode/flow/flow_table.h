/*
 * What is remembered from packet to packet: the conversations of TCP and UDP,
 * with the numbers that are counted from their start. Bounded: beyond
 * FLOW_TABLE_MOST the one that was silent for longest is forgotten, and
 * counted.
 */
#ifndef DECODE_FLOW_FLOW_TABLE_H
#define DECODE_FLOW_FLOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "decode/flow/hints.h"
#include "decode/flow/ip_reassembly.h"
#include "decode/flow/quic_talk.h"
#include "decode/flow/tcp_reassembly.h"
#include "pkt/pkt.h"

enum { FLOW_TABLE_MOST = 1 << 19 };

struct flow_table;

/* One packet's two ends. Addresses have n bytes, 4 or 16. */
struct flow_ends {
	const uint8_t *src, *dst;
	uint8_t n;
	uint16_t sport, dport;
	bool quoted; /* by an error message: it was sent before */
};

/* What the flow says about one TCP segment. */
struct flow_tcp {
	uint32_t stream; /* conversations are numbered from 0 */
	/* Numbers before the first byte of either direction: subtract them to
	   get Wireshark's relative sequence and acknowledgement numbers. */
	uint32_t base_seq, base_ack;
	/* The same for the one-line text, which counts from the first segment
	   with an acknowledgement, but shows that one's numbers in full. */
	uint32_t line_seq, line_ack, line_sack;
	uint32_t hints; /* as in decode/flow/hints.h */
	/* enum proto_id: payloads are decoded as this, segment by segment, and
	   flow_context_segment() has nothing to say; PROTO_NONE: ask it */
	uint8_t plain;
	bool tracked; /* more is remembered of it: struct tcp_reassembly has
			 state */
};

/* The same of a datagram. */
struct flow_udp {
	uint32_t stream, hints;
	uint64_t since_first, since_last; /* nanoseconds, two's complement */
};

/* What one look-up said, for the threads: the answer of flow_context_tcp(),
   flow_context_udp() or flow_context_tcp_stream(). */
struct flow_fact {
	enum { FLOW_FACT_TCP, FLOW_FACT_UDP, FLOW_FACT_STREAM } kind;
	union {
		struct flow_tcp tcp;
		struct flow_udp udp;
		uint32_t stream;
	};
};

/* seed makes the table's order unpredictable to those who send packets; the
   results do not depend on it. NULL: no memory. */
struct flow_table *flow_table_open(const struct hash_seed *seed,
				   struct err *err);
void flow_table_close(struct flow_table *f);

/*
 * Where a decoder gets its flow context from. Conversations must be looked up
 * in the order of packets, so where several threads decode, one thread goes
 * ahead and records what the table says (RECORD), and each other one is handed
 * its part of that (REPLAY). Both ask the same questions in the same order.
 */
struct flow_context {
	enum { FLOW_LIVE, FLOW_RECORD, FLOW_REPLAY } mode;
	bool tcp, udp;		  /* who asks */
	bool raw_lines;		  /* lines show sequence numbers as they are */
	struct flow_table *flows; /* live and record */
	struct flow_fact *facts;  /* record and replay */
	size_t n, room;		  /* used of it; record: how many fit */
	/* Segments are followed too (tcp_reassembly.h): */
	bool follow;
	struct reassembly_wish wish;
	struct tcp_reassembly *reassembly; /* live and record */
	bool join;			   /* fragments are reassembled */
	struct ip_reassembly *fragments;   /* live and record */
	bool open_quic;		 /* QUIC's Initials are opened (quic_talk.h) */
	struct quic_talks *quic; /* live and record */
	struct rpc_calls *rpc;	 /* of UDP; live and record */
	bool use_rpc;
	struct replay_log *log;
};

/* Messages that are longer than a segment, fragments of datagrams. */
enum reassemble { REASSEMBLE_MESSAGES = 1, REASSEMBLE_FRAGMENTS = 2 };

/* Load what a context for this plan will need, before the sandbox. */
void flow_context_prepare(const struct plan *plan);

/*
 * A context, LIVE at first, with what the plan needs: *context is zeroed if
 * that is nothing. lines: the one-line text is made; join: what is put
 * together, of enum reassemble. The plan is ready, and stays. false: no memory;
 * flow_context_close() is due nevertheless.
 */
bool flow_context_open(struct flow_context *context, const struct plan *plan,
		       const struct hash_seed *seed, bool lines, unsigned join,
		       struct err *err);
/* Is anything asked of it? */
static inline bool flow_context_used(const struct flow_context *context)
{
	return context->tcp || context->udp || context->join ||
	       context->use_rpc;
}

/* ip_reassembly_add() from the context. Only where context->join. */
void flow_context_fragment(struct flow_context *context,
			   const struct fragment *in, struct joined *out);

/* Say by log_warn() what had to be forgotten to stay within the limits. */
void flow_context_warn(const struct flow_context *context);

/* Frees what flow_context_open() made; not for copies. */
void flow_context_close(struct flow_context *context);

/* Before each packet of a LIVE context: results of the one before go. */
static inline void flow_context_next(struct flow_context *context)
{
	if (context->log)
		replay_log_rewind(context->log);
}

/* The same as flow_table_tcp() and flow_table_udp(), from the context. */
void flow_context_tcp(struct flow_context *context,
		      const struct flow_ends *ends, uint32_t seq, uint32_t ack,
		      unsigned flags, const struct cur *payload,
		      struct flow_tcp *out);
void flow_context_udp(struct flow_context *context,
		      const struct flow_ends *ends, int64_t time_ns,
		      const struct cur *payload, struct flow_udp *out);
/* Is there something to ask flow_context_segment(), of a segment with len
   bytes of payload? */
static inline bool
flow_context_wants_segment(const struct flow_context *context,
			   const struct flow_tcp *flow, uint32_t len,
			   unsigned flags)
{
	enum { FIN = 1, SYN = 2 };

	if (!context->follow || flow->plain)
		return false;
	/* nothing is recorded of acknowledgements, and they tell nothing of
	   what is not tracked */
	return len || context->wish.facts || flags & FIN ||
	       (context->mode != FLOW_REPLAY && (flow->tracked || flags & SYN));
}

/* tcp_reassembly_segment() for the segment that flow_context_tcp() was given
   last, from the context. Only where flow_context_wants_segment() what
   flow_context_tcp() said. */
void flow_context_segment(struct flow_context *context, struct segment *seg,
			  const struct tcp_facts **facts,
			  struct reassembled *parts);
/* quic_datagram() for the datagram that flow_context_udp() was given last, from
   the context. Only where context->open_quic. */
const struct quic_opened *flow_context_quic(struct flow_context *context,
					    const struct cur *payload);
/* A datagram that looks like RPC (rpc_calls.h): what its call was, as a note;
   NULL: it is not known, or a call. Only where context->use_rpc. */
const struct stream_note *flow_context_rpc(struct flow_context *context,
					   const struct flow_ends *ends,
					   const struct cur *payload);

/* For segments that an error message quotes: nothing is learnt from them. */
uint32_t flow_context_tcp_stream(struct flow_context *context,
				 const struct flow_ends *ends);

/* Look up or enter the segment's conversation. flags are TCP's. */
void flow_table_tcp(struct flow_table *f, const struct flow_ends *ends,
		    uint32_t seq, uint32_t ack, unsigned flags,
		    const struct cur *payload, struct flow_tcp *out);

/* About what flow_table_tcp() or flow_table_udp() was given last. */
struct flow_last {
	uint32_t stream;
	unsigned from; /* its direction */
	bool reused;   /* it began a new conversation between old ends */
	bool lost;     /* what was known of its conversation was forgotten */
	bool fresh, has_due; /* as in struct segment, of a segment */
	uint32_t due;
	uint32_t *slot; /* for struct tcp_reassembly or struct quic_talks; holds
			   until the next look-up */
};
struct flow_last flow_table_last(struct flow_table *f);

/* The datagram's. */
void flow_table_udp(struct flow_table *f, const struct flow_ends *ends,
		    int64_t time_ns, const struct cur *payload,
		    struct flow_udp *out);

uint32_t flow_table_tcp_stream(struct flow_table *f,
			       const struct flow_ends *ends);

/* Media that a message announces, which was joined of several segments: for
   struct reassembly_wish. */
void flow_table_announced(void *flows, const struct cur *message);

/* How many conversations were forgotten. */
uint64_t flow_table_forgotten(const struct flow_table *f);

#endif
