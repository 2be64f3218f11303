/*
 * What all stages with one sink after them share. A stage's struct starts
 * with a struct stage; operations that it has no opinion on are these.
 */
#ifndef PKT_STAGE_H
#define PKT_STAGE_H

#include "pkt/pipeline.h"

struct stage {
	struct sink sink;
	struct sink *next; /* owned */
};

/*
 * A zeroed object of size bytes that starts with a struct stage, with its ops
 * and next set. NULL: no memory, or next was NULL (then *err is left as it
 * is); next is closed. Freed by stage_close().
 */
void *stage_new(size_t size, const struct sink_ops *ops, struct sink *next,
		struct err *err);

/* Hand a batch on; a failure of the next sink becomes this one's. */
enum verdict stage_push(struct stage *s, const struct pkt *p, size_t n);

/* Operations that only hand on. */
bool stage_iface(struct sink *, const struct iface *, struct err *);
void stage_lend(struct sink *, struct buffer_ref *hold);
bool stage_block(struct sink *, const struct block *, struct err *);
bool stage_flush(struct sink *, struct err *);
bool stage_iface_end(struct sink *, uint32_t iface, const struct counters *,
		     int64_t start_ns, int64_t end_ns, struct err *);

/* Does it matter to this sink, or to one after it, which blocks there are? */
bool sink_wants_blocks(const struct sink *);

/* Can this sink, or one after it, hold what packets lie in? */
bool sink_wants_holds(const struct sink *);

/* Close the next sink and free the stage. */
bool stage_close(struct sink *, struct err *);

#endif
