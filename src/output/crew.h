/*
 * Printing by several threads: packets are collected in chunks, which threads
 * take while the caller reads on; the text of chunks is written in the order
 * of packets, so that the output does not depend on the number of threads.
 */
#ifndef OUTPUT_CREW_H
#define OUTPUT_CREW_H

#include "output/pieces.h"
#include "output/worker.h"

struct crew;

/*
 * Threads beside the caller's, so that there are jobs in all. Where the caller
 * would wait it works with `own`, which must be ready before the first packet.
 * If context says that flow context is needed, the caller looks it up ahead of
 * the threads; on return context is what `own` has to be made with. run and
 * writer stay the caller's. NULL: *err says why.
 */
struct crew *crew_open(const struct print_run *run, size_t jobs,
		       struct worker *own, struct flow_context *context,
		       struct pieces *writer, struct err *err);
/* What is not written by then is lost. */
void crew_close(struct crew *crew);

/* What packets to come lie in need not be copied if it can be held. */
void crew_lend(struct crew *crew, struct buffer_ref *hold);

/* Take a packet, and write what is done. iface has to stay. GO_ON, or what the
   writer said, or FAILED with *err. */
enum verdict crew_add(struct crew *crew, const struct pkt *pkt,
		      const struct iface *iface, struct err *err);

/* Finish and write all packets. */
enum verdict crew_drain(struct crew *crew, struct err *err);

#endif
