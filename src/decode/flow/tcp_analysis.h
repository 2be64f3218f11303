/*
 * What one TCP segment says in the light of those before it, with the meaning
 * and names of Wireshark: retransmissions, gaps, duplicate acknowledgements,
 * windows, round trip times.
 */
#ifndef DECODE_FLOW_TCP_ANALYSIS_H
#define DECODE_FLOW_TCP_ANALYSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

enum tcp_mark {
	MARK_RETRANSMISSION = 1 << 0,
	MARK_FAST_RETRANSMISSION = 1 << 1,
	MARK_SPURIOUS_RETRANSMISSION = 1 << 2,
	MARK_OUT_OF_ORDER = 1 << 3,
	MARK_LOST_SEGMENT = 1 << 4,
	MARK_ACK_LOST_SEGMENT = 1 << 5,
	MARK_DUPLICATE_ACK = 1 << 6,
	MARK_KEEP_ALIVE = 1 << 7,
	MARK_KEEP_ALIVE_ACK = 1 << 8,
	MARK_WINDOW_UPDATE = 1 << 9,
	MARK_WINDOW_FULL = 1 << 10,
	MARK_ZERO_WINDOW = 1 << 11,
	MARK_ZERO_WINDOW_PROBE = 1 << 12,
	MARK_ZERO_WINDOW_PROBE_ACK = 1 << 13,
	MARK_REUSED_PORTS = 1 << 14,
};

/* Shift counts of a direction's window that are none. */
enum { SCALE_UNKNOWN = -1, SCALE_UNUSED = -2 };

/* One segment of a conversation. */
struct segment {
	uint32_t seq, ack, len; /* len: bytes of payload it promises */
	uint16_t flags, window;
	uint16_t sport, dport;
	int64_t time_ns;
	uint64_t number;    /* of the packet */
	struct cur payload; /* as far as captured */
	struct cur options;
	bool whole;   /* all of the payload was captured */
	bool reused;  /* the first of a new conversation between old ends */
	bool lost;    /* what was known of its conversation was forgotten */
	bool fresh;   /* no payload was seen in this direction, where `due` */
	bool has_due; /* is the first, or if this is not set, may be */
	uint32_t due;
};

/* What the analysis says of it. Frames are packet numbers, 0: none. */
struct tcp_facts {
	unsigned marks; /* enum tcp_mark */
	uint32_t dup_num, in_flight, push_bytes;
	bool has_any; /* is there something of ack, flight or marks? */
	bool has_flight;
	int16_t scale; /* of the sender's window, or SCALE_ */
	uint32_t window;
	unsigned completeness;
	uint64_t dup_frame, acks_frame, rto_frame;
	int64_t ack_rtt, rto, initial_rtt; /* nanoseconds */
	int64_t time_relative, time_delta;
};

/* A segment that was not acknowledged yet. */
struct tcp_unacked {
	uint32_t seq, next;
	uint64_t number;
	int64_t time_ns;
};

/* What is remembered of one direction. All zero but scale at first. */
struct tcp_half {
	uint32_t next; /* highest sequence number after what was sent */
	uint32_t most; /* highest that may be acknowledged without a gap */
	uint32_t ack;  /* the last acknowledgement */
	uint32_t base;
	uint64_t next_number, nondup_number;
	int64_t next_ns, ack_ns;
	int32_t dups;
	uint32_t push_bytes, sacked;
	unsigned marks;	 /* of the last segment */
	uint16_t window; /* as in its header */
	int8_t scale;
	bool has_next, has_most, has_ack, has_base;
	bool flight;		     /* are bytes in flight known? */
	bool push_last;		     /* the last segment had the flag */
	bool first_ack;		     /* the last window was one of a SYN */
	bool disorder;		     /* unacked segments are not sorted */
	struct tcp_unacked *unacked; /* the oldest first, from `oldest` on */
	uint32_t oldest, n_unacked, room;
};

/* Of a conversation. */
struct tcp_pair {
	struct tcp_half half[2];
	int64_t first_ns, last_ns;
	int64_t syn_ns, rtt_ns; /* 0: not seen */
	uint8_t completeness;
	bool begun, has_syn;
};

/* How many bytes the lists of unacknowledged segments of all conversations
   together have, and may have. */
struct tcp_budget {
	size_t used, most;
};

void tcp_pair_init(struct tcp_pair *talk);
void tcp_pair_fini(struct tcp_pair *talk, struct tcp_budget *budget);

/*
 * Judge a segment that goes in direction `from` (0 or 1) and remember it. *out
 * is filled in; returned are its marks.
 */
unsigned tcp_analyze(struct tcp_pair *talk, unsigned from,
		     const struct segment *seg, struct tcp_budget *budget,
		     struct tcp_facts *out);

#endif
