/* A source in a thread of its own, whose calls another thread makes. */
#include "pkt/handover.h"

#include <stdlib.h>

#include "os/thread.h"

enum call { NO_CALL, IFACE, PACKETS, BLOCK, IFACE_END };

struct handover {
	struct sink sink; /* the source's, in the thread */
	struct source *source;
	struct thread thread;
	bool started;
	struct wake_pipe *wake;
	struct monitor monitor; /* guards what follows */
	enum call call;		/* that waits */
	bool cancelled;		/* no call is made any more */
	bool over;
	struct err fault;
	/* The arguments of the call, and what came of it. */
	const void *what;
	size_t n; /* packets; for IFACE_END the interface's id */
	int64_t start_ns, end_ns;
	enum verdict verdict;
	struct err *err;
};

/* ---- in the thread ---- */

/* Have the call made that the handover describes. */
static enum verdict hand_over(struct handover *h, enum call call,
			      const void *what, size_t n, struct err *err)
{
	enum verdict v;

	monitor_lock(&h->monitor);
	h->what = what;
	h->n = n;
	h->err = err;
	h->verdict = STOP;
	h->call = h->cancelled ? NO_CALL : call;
	if (h->call != NO_CALL)
		wake_pipe_wake(h->wake);
	while (h->call != NO_CALL && !h->cancelled)
		monitor_wait(&h->monitor);
	h->call = NO_CALL;
	v = h->verdict;
	monitor_unlock(&h->monitor);
	return v;
}

static bool on_iface(struct sink *s, const struct iface *iface, struct err *err)
{
	return hand_over((struct handover *)s, IFACE, iface, 0, err) != FAILED;
}

static enum verdict on_packets(struct sink *s, const struct pkt *p, size_t n)
{
	return hand_over((struct handover *)s, PACKETS, p, n, &s->err);
}

static bool on_block(struct sink *s, const struct block *b, struct err *err)
{
	return hand_over((struct handover *)s, BLOCK, b, 0, err) != FAILED;
}

static bool on_iface_end(struct sink *s, uint32_t iface,
			 const struct counters *c, int64_t start_ns,
			 int64_t end_ns, struct err *err)
{
	struct handover *h = (struct handover *)s;

	/* the other thread reads them within hand_over() */
	h->start_ns = start_ns;
	h->end_ns = end_ns;
	return hand_over(h, IFACE_END, c, iface, err) != FAILED;
}

static bool on_close(struct sink *s, struct err *err)
{
	(void)s, (void)err; /* it is the handover itself */
	return true;
}

static const struct sink_ops handover_ops = {
    .name = "handover",
    .iface = on_iface,
    .packets = on_packets,
    .block = on_block,
    .iface_end = on_iface_end,
    .close = on_close,
};

static void *handover_main(void *arg)
{
	struct handover *h = arg;
	struct err err = {0};
	bool good = source_run(h->source, &h->sink, &err);

	monitor_lock(&h->monitor);
	h->over = true;
	if (!good)
		h->fault = err;
	wake_pipe_wake(h->wake);
	monitor_unlock(&h->monitor);
	return NULL;
}

/* ---- in the other one ---- */

struct handover *handover_open(struct source *source, struct wake_pipe *wake,
			       struct err *err)
{
	struct handover *h = calloc(1, sizeof(*h));

	if (!h) {
		err_nomem(err, "a stream");
		source_close(source);
		return NULL;
	}
	h->sink.ops = &handover_ops;
	h->source = source;
	h->wake = wake;
	monitor_init(&h->monitor);
	return h;
}

bool handover_start(struct handover *h, struct err *err)
{
	h->started = thread_start(&h->thread, handover_main, h, err);
	return h->started;
}

static bool make(struct handover *h, enum call call, struct sink *sink,
		 struct err *err)
{
	switch (call) {
	case IFACE:
		return sink_iface(sink, h->what, err);
	case BLOCK:
		return sink_block(sink, h->what, err);
	case IFACE_END:
		return sink_iface_end(sink, (uint32_t)h->n, h->what,
				      h->start_ns, h->end_ns, err);
	case NO_CALL:
	case PACKETS:
		break;
	}
	return true;
}

enum verdict handover_serve(struct handover *h, struct sink *sink, size_t *n,
			    struct err *err)
{
	enum verdict v = GO_ON;
	enum call call;

	*n = 0;
	monitor_lock(&h->monitor);
	call = h->call;
	monitor_unlock(&h->monitor);
	if (call == NO_CALL)
		return GO_ON;
	/* the thread waits until the call is made */
	if (call != PACKETS) {
		v = make(h, call, sink, err) ? GO_ON : FAILED;
	} else {
		*n = h->n;
		v = sink_packets(sink, h->what, h->n);
		if (v == FAILED)
			err_copy(err, &sink->err);
	}
	monitor_lock(&h->monitor);
	if (v == FAILED)
		*h->err = *err;
	h->verdict = v;
	h->call = NO_CALL;
	monitor_change(&h->monitor);
	monitor_unlock(&h->monitor);
	return v;
}

bool handover_over(struct handover *h, struct err *fault)
{
	bool over;

	monitor_lock(&h->monitor);
	over = h->over;
	if (fault)
		*fault = h->fault;
	monitor_unlock(&h->monitor);
	return over;
}

void handover_close(struct handover *h)
{
	if (!h)
		return;
	source_stop(h->source);
	monitor_lock(&h->monitor);
	h->cancelled = true;
	monitor_change(&h->monitor);
	monitor_unlock(&h->monitor);
	if (h->started)
		thread_join(&h->thread);
	source_close(h->source);
	monitor_fini(&h->monitor);
	free(h);
}
