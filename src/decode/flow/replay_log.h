/*
 * Records of any size, written in a row by one thread and later read in the
 * same order, kinds and sizes by another. They stay where they are until the
 * log is rewound for writing, so pointers into them hold.
 */
#ifndef DECODE_FLOW_REPLAY_LOG_H
#define DECODE_FLOW_REPLAY_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct replay_log_block;

/* What a record is. The reader names the kind that it expects. */
enum replay_kind {
	REPLAY_TCP_FACTS, /* struct tcp_facts */
	REPLAY_SEGMENT,	  /* struct reassembled */
	REPLAY_DATAGRAM,  /* struct joined */
	REPLAY_QUIC,	  /* struct quic_opened */
	REPLAY_CALL,	  /* struct stream_note: a call of RPC over UDP */
	REPLAY_PART,	  /* bytes, packet numbers or notes that one of these
			     points to */
};

/* All zero: empty, with nothing allocated. */
struct replay_log {
	struct replay_log_block *first, *at;
	size_t pos;	/* in the block at `at` */
	size_t written; /* bytes since it was rewound */
	bool failed;	/* there was no memory for a record */
};

void replay_log_fini(struct replay_log *log);

/* Rewind, to write again or to read. Allocations stay. */
void replay_log_rewind(struct replay_log *log);

/* A place between records. */
struct replay_log_mark {
	struct replay_log_block *at;
	size_t pos;
};

static inline struct replay_log_mark
replay_log_here(const struct replay_log *log)
{
	return (struct replay_log_mark){log->at, log->pos};
}

/* Read on from there. */
static inline void replay_log_seek(struct replay_log *log,
				   struct replay_log_mark mark)
{
	log->at = mark.at ? mark.at : log->first;
	log->pos = mark.pos;
}

/* Room for the next n bytes, aligned for any type. NULL: no memory; that is
   remembered in `failed`. */
void *replay_log_put(struct replay_log *log, enum replay_kind kind, size_t n);

/*
 * The next n bytes as they were written. NULL: they are not there (the writer
 * had no memory). A record of another kind or size is a fault of the reader:
 * it gets NULL, and checked builds (base/check.h) stop.
 */
const void *replay_log_get(struct replay_log *log, enum replay_kind kind,
			   size_t n);

/* Step over the next record, which is a REPLAY_PART of any size. */
void replay_log_skip_part(struct replay_log *log);

#endif
