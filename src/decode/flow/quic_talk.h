/*
 * What is remembered of connections of QUIC, in packet order: the keys of their
 * Initials, and what CRYPTO frames brought of a message of TLS that has not
 * ended. Everything is bounded; what had to be forgotten is counted.
 */
#ifndef DECODE_FLOW_QUIC_TALK_H
#define DECODE_FLOW_QUIC_TALK_H

#include "decode/flow/replay_log.h"
#include "decode/lib/quic_open.h"

enum {
	QUIC_TALKS = 1 << 14,	   /* connections with keys */
	QUIC_HELLOS = 256,	   /* messages that have not ended, */
	QUIC_HELLO_MOST = 1 << 14, /* and bytes of each */
	QUIC_INITIALS = 8,	   /* opened of one datagram */
};

struct quic_talks;

/* A datagram's Initials, in their order, and the messages of TLS that it
   ends. */
struct quic_opened {
	unsigned n;
	struct quic_initial initials[QUIC_INITIALS];
	uint32_t n_bytes, n_tls;
	const uint8_t *bytes; /* payloads, then messages */
};

/* What was forgotten. */
struct quic_losses {
	uint64_t talks;	 /* connections, while others were busier */
	uint64_t hellos; /* unfinished messages */
};

/* NULL: there is no libcrypto, or no memory. */
struct quic_talks *quic_talks_open(void);
void quic_talks_close(struct quic_talks *q);

/*
 * A datagram of UDP conversation `stream`, in direction `from` (0 or 1), that
 * starts with a long header. *slot is the conversation's own, 0 at first. The
 * result is in the log, where quic_replay() finds it; NULL: no memory.
 */
const struct quic_opened *quic_datagram(struct quic_talks *q, uint32_t stream,
					uint32_t *slot, unsigned from,
					struct cur payload,
					struct replay_log *log);

/* The next datagram's result in the log. */
const struct quic_opened *quic_replay(struct replay_log *log);

struct quic_losses quic_talks_losses(const struct quic_talks *q);

#endif
