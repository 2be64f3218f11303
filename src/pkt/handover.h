/*
 * A source that runs in a thread of its own, as it waits for its input, while
 * what it hands on is taken by another thread, a call at a time and when that
 * one is ready: nothing is copied, and the source waits meanwhile.
 */
#ifndef PKT_HANDOVER_H
#define PKT_HANDOVER_H

#include "os/wake_pipe.h"
#include "pkt/pipeline.h"

struct handover;

/*
 * Take over source (closed whatever happens). Of its calls, flush() and lend()
 * are left out. wake, which is borrowed, is woken when a call waits, and at the
 * end. NULL: *err says why.
 */
struct handover *handover_open(struct source *source, struct wake_pipe *wake,
			       struct err *err);

/* Start the thread, with the caller's privileges. false: *err says why. */
bool handover_start(struct handover *h, struct err *err);

/*
 * Make the call that waits, if there is one, of sink. FAILED: *err says why.
 * Sets *n to the number of packets.
 */
enum verdict handover_serve(struct handover *h, struct sink *sink, size_t *n,
			    struct err *err);

/* Has the source ended, so that nothing more comes? Then *fault, unless it is
   NULL, is why it failed, of kind ERR_NONE if it did not. */
bool handover_over(struct handover *h, struct err *fault);

/* End the thread, whatever it waits for, and free all. NULL is allowed. */
void handover_close(struct handover *h);

#endif
