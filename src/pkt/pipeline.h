/*
 * Sources push batches of packets into sinks; a stage is a sink that passes on
 * to another. An object starts with a struct source or struct sink, so that a
 * pointer to the one is a pointer to the other.
 *
 * Order of calls to a sink: iface() for an interface before its first packet;
 * packets() and block() any number of times; flush() at idle moments;
 * lend() before packets() where it changes in what the packets lie;
 * iface_end() once an interface's counters are final (a savefile may hold
 * several counts: the last one is); close() last, always.
 */
#ifndef PKT_PIPELINE_H
#define PKT_PIPELINE_H

#include "base/buffer_ref.h"
#include "base/err.h"
#include "pkt/pkt.h"

enum verdict {
	GO_ON,
	STOP,  /* enough: the source ends as if its input had ended */
	FAILED /* the sink's err says why */
};

/*
 * A savefile block that is neither a packet nor an interface: name resolution,
 * secrets, custom, unknown ... (pcapng); a section's start too. A very long
 * one comes in pieces, one call of block() right after the other; if the input
 * ends among them, something else follows.
 */
struct block {
	uint32_t type;	     /* pcapng block type */
	const uint8_t *body; /* without the block's header and trailer */
	size_t len;	     /* bytes at body, a multiple of 4 */
	uint32_t before;     /* bytes of it that came in earlier pieces */
	uint32_t after;	     /* bytes of it that come in later pieces */
	bool swapped;	     /* in the other byte order than this host's */
};

struct sink;

struct sink_ops {
	const char *name;
	/* All but packets and close may be NULL: not interested. */
	bool (*iface)(struct sink *, const struct iface *, struct err *);
	enum verdict (*packets)(struct sink *, const struct pkt *, size_t n);
	/* Bytes of the packets to come (some, or all) lie in hold: those can
	   be kept by holding it while they are there. NULL: in none. A stage
	   passes it on if it does not wait with packets. */
	void (*lend)(struct sink *, struct buffer_ref *hold);
	bool (*block)(struct sink *, const struct block *, struct err *);
	/* Let everything taken so far reach its reader. */
	bool (*flush)(struct sink *, struct err *);
	/* start_ns, end_ns: when the interface was opened and closed */
	bool (*iface_end)(struct sink *, uint32_t iface,
			  const struct counters *, int64_t start_ns,
			  int64_t end_ns, struct err *);
	/* Flush and free, whatever happened before; false: the output is not
	   whole, *err says why. */
	bool (*close)(struct sink *, struct err *);
};

struct sink {
	const struct sink_ops *ops;
	struct err err; /* why packets() said FAILED */
	/* An operation failed, here or in front: what comes out is not whole,
	   and close() is to discard a file that is made as a whole. */
	bool abandoned;
};

struct source;

struct source_ops {
	const char *name;
	/* Push all packets into the sink. true: the input has ended, or the
	   sink said STOP, or stop() was called. */
	bool (*run)(struct source *, struct sink *, struct err *);
	/* End run() soon. Safe in a signal handler. */
	void (*stop)(struct source *);
	void (*close)(struct source *);
};

struct source {
	const struct source_ops *ops;
};

/* These accept sinks whose operation is NULL, and (close) a NULL sink. */
bool sink_iface(struct sink *, const struct iface *, struct err *);
void sink_lend(struct sink *, struct buffer_ref *hold);
bool sink_block(struct sink *, const struct block *, struct err *);
bool sink_flush(struct sink *, struct err *);
bool sink_iface_end(struct sink *, uint32_t iface, const struct counters *,
		    int64_t start_ns, int64_t end_ns, struct err *);
bool sink_close(struct sink *, struct err *);

/* Close next, abandoned if the stage in front of it is. */
bool sink_close_next(const struct sink *stage, struct sink *next,
		     struct err *err);

/* Close a sink (or NULL) to which not all was handed that should have been. */
void sink_abandon(struct sink *);

static inline enum verdict sink_packets(struct sink *s, const struct pkt *p,
					size_t n)
{
	enum verdict v = s->ops->packets(s, p, n);

	if (v == FAILED)
		s->abandoned = true;
	return v;
}

/* A sink for no packets at all: it says STOP, and closing it does nothing. */
struct sink *sink_nothing(void);

bool source_run(struct source *, struct sink *, struct err *);
void source_stop(struct source *);
void source_close(struct source *);

#endif
