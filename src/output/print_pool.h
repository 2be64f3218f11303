/*
 * Printing by several threads: packets are collected in chunks, which threads
 * take while the caller reads on; the text of chunks is written in the order
 * of packets, so that the output does not depend on the number of threads.
 */
#ifndef OUTPUT_PRINT_POOL_H
#define OUTPUT_PRINT_POOL_H

#include "output/text_writer.h"
#include "output/worker.h"

struct print_pool;

/*
 * Threads beside the caller's, so that there are jobs in all. Where the caller
 * would wait it works with `own`, which must be ready before the first packet.
 * If context says that flow context is needed, the caller looks it up ahead of
 * the threads; on return context is what `own` has to be made with. run and
 * writer stay the caller's. NULL: *err says why.
 */
struct print_pool *print_pool_open(const struct print_run *run, size_t jobs,
				   struct worker *own,
				   struct flow_context *context,
				   struct text_writer *writer, struct err *err);
/* What is not written by then is lost. */
void print_pool_close(struct print_pool *pool);

/* What packets to come lie in need not be copied if it can be held. */
void print_pool_lend(struct print_pool *pool, struct buffer_ref *hold);

/* Take a packet, and write what is done. iface has to stay. GO_ON, or what the
   writer said, or FAILED with *err. */
enum verdict print_pool_add(struct print_pool *pool, const struct pkt *pkt,
			    const struct iface *iface, struct err *err);

/* Finish and write all packets. */
enum verdict print_pool_drain(struct print_pool *pool, struct err *err);

/* When all are: how many had none of the fields asked for, */
uint64_t print_pool_empty(const struct print_pool *pool);

/* and more than is shown. */
struct cut print_pool_cut(const struct print_pool *pool);

#endif
