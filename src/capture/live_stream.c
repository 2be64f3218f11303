/* Streams of a live source: their interfaces, numbers and ends. */
#include "capture/live_stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "os/clock.h"
#include "pkt/handover.h"

/* Packets that are copied at once, to be numbered. */
#define PIECE 64

/* One interface of a stream, by its id there. */
struct shown {
	uint32_t id; /* in the live source */
	int64_t start_ns;
	struct counters counters; /* dropped: as the stream said last */
};

struct live_stream {
	struct sink sink; /* where its packets go, after its own stages */
	struct live_streams *all;
	const char *name;
	struct handover *handover;
	struct sink *entry; /* the first stage; owns those after it */
	struct shown *ifaces;
	size_t n_ifaces;
	bool over;	  /* it has ended, and that was said */
	struct err fault; /* of kind ERR_NONE: it was whole, so far */
};

/* ---- what comes out of a stream's own stages ---- */

static bool stream_iface(struct sink *s, const struct iface *iface,
			 struct err *err)
{
	struct live_stream *t = (struct live_stream *)s;
	struct iface own = *iface;
	struct shown *more =
	    realloc(t->ifaces, ((size_t)iface->id + 1) * sizeof(*more));

	if (!more)
		return err_nomem(err, "interfaces");
	t->ifaces = more;
	/* a source numbers them one after the other */
	for (; t->n_ifaces <= iface->id; t->n_ifaces++)
		more[t->n_ifaces] = (struct shown){
		    .id = UINT32_MAX,
		    .start_ns = clock_wall_ns(),
		    .counters = {.dropped = COUNT_UNKNOWN,
				 .ifdropped = COUNT_UNKNOWN},
		};
	own.id = more[iface->id].id = (*t->all->next_id)++;
	own.section = 0;
	if (!own.name)
		own.name = t->name;
	return sink_iface(t->all->sink, &own, err);
}

static enum verdict stream_packets(struct sink *s, const struct pkt *p,
				   size_t n)
{
	struct live_stream *t = (struct live_stream *)s;
	struct live_streams *all = t->all;
	struct pkt piece[PIECE];
	size_t i, some;

	for (; n > 0 && *all->verdict == GO_ON; n -= some, p += some) {
		some = n < PIECE ? n : PIECE;
		memcpy(piece, p, some * sizeof(*p));
		for (i = 0; i < some; i++) {
			struct shown *of = &t->ifaces[p[i].iface];

			piece[i].iface = of->id;
			piece[i].number = ++*all->packets;
			of->counters.delivered++;
		}
		*all->verdict = sink_packets(all->sink, piece, some);
	}
	if (*all->verdict == FAILED)
		s->err = all->sink->err;
	return *all->verdict;
}

static bool stream_block(struct sink *s, const struct block *b, struct err *err)
{
	return sink_block(((struct live_stream *)s)->all->sink, b, err);
}

/* Its last word counts: the sink gets it at the end. */
static bool stream_iface_end(struct sink *s, uint32_t iface,
			     const struct counters *c, int64_t start_ns,
			     int64_t end_ns, struct err *err)
{
	struct live_stream *t = (struct live_stream *)s;

	(void)start_ns, (void)end_ns, (void)err;
	if (iface < t->n_ifaces) {
		t->ifaces[iface].counters.dropped = c->dropped;
		t->ifaces[iface].counters.ifdropped = c->ifdropped;
	}
	return true;
}

static bool stream_close(struct sink *s, struct err *err)
{
	(void)s, (void)err; /* it belongs to the live source */
	return true;
}

static const struct sink_ops stream_ops = {
    .name = "stream",
    .iface = stream_iface,
    .packets = stream_packets,
    .block = stream_block,
    .iface_end = stream_iface_end,
    .close = stream_close,
};

/* ---- for the live source ---- */

bool live_streams_add(struct live_streams *all, const struct live_input *input,
		      struct err *err)
{
	struct live_stream *t = calloc(1, sizeof(*t));
	struct live_stream **more =
	    realloc(all->item, (all->n + 1) * sizeof(*more));

	if (more)
		all->item = more;
	if (!t || !more || (all->n == 0 && !wake_pipe_open(&all->wake, err))) {
		free(t);
		source_close(input->source);
		return t && more ? false : err_nomem(err, "a stream");
	}
	all->item[all->n++] = t;
	t->sink.ops = &stream_ops;
	t->all = all;
	t->name = input->name;
	t->handover = handover_open(input->source, &all->wake, err);
	if (!t->handover)
		return false;
	t->entry =
	    input->stages ? input->stages(input->arg, &t->sink, err) : &t->sink;
	return t->entry;
}

bool live_streams_begin(struct live_streams *all, struct sink *sink,
			struct err *err)
{
	size_t i;

	all->sink = sink;
	for (i = 0; i < all->n; i++)
		if (!handover_start(all->item[i]->handover, err))
			return false;
	return true;
}

bool live_streams_over(const struct live_streams *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!all->item[i]->over)
			return false;
	return true;
}

/* A stream has ended: say so if that is not the end of all. */
static void take_end(struct live_stream *t)
{
	t->over = true;
	if (t->all->alone && live_streams_over(t->all))
		return;
	if (t->fault.kind == ERR_NONE)
		log_note("%s: the stream has ended; the capture goes on",
			 t->name);
	else if (t->fault.placed)
		log_warn("%s: offset %" PRIu64
			 ": %s (the capture goes on without it)",
			 t->name, t->fault.offset, t->fault.text);
	else
		log_warn("%s: %s (the capture goes on without it)", t->name,
			 t->fault.text);
}

int live_streams_turn(struct live_streams *all, struct err *err)
{
	int total = 0;
	size_t i, n;

	if (all->n > 0)
		wake_pipe_clear(&all->wake);
	for (i = 0; i < all->n && *all->verdict == GO_ON; i++) {
		struct live_stream *t = all->item[i];

		if (t->over)
			continue;
		if (handover_serve(t->handover, t->entry, &n, err) == FAILED) {
			*all->verdict = FAILED;
			all->sink->err = *err;
			return -1;
		}
		total += (int)n;
		if (handover_over(t->handover, &t->fault))
			take_end(t);
	}
	return total;
}

bool live_streams_good(const struct live_streams *all, struct err *err)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->item[i]->fault.kind != ERR_NONE)
			return err_copy(err, &all->item[i]->fault);
	return true;
}

bool live_streams_end(struct live_streams *all, struct err *err)
{
	const int64_t now = clock_wall_ns();
	size_t i, k;

	for (i = 0; i < all->n; i++) {
		struct live_stream *t = all->item[i];

		for (k = 0; k < t->n_ifaces; k++) {
			struct counters *c = &t->ifaces[k].counters;

			c->received = c->delivered;
			if (t->ifaces[k].id != UINT32_MAX &&
			    !sink_iface_end(all->sink, t->ifaces[k].id, c,
					    t->ifaces[k].start_ns, now, err))
				return false;
		}
	}
	return true;
}

static void add(uint64_t *sum, uint64_t n)
{
	if (n != COUNT_UNKNOWN)
		*sum = *sum == COUNT_UNKNOWN ? n : *sum + n;
}

void live_streams_counters(const struct live_streams *all, size_t i,
			   struct counters *sum)
{
	const struct live_stream *t = all->item[i];
	size_t k;

	*sum = (struct counters){.dropped = COUNT_UNKNOWN,
				 .ifdropped = COUNT_UNKNOWN};
	for (k = 0; k < t->n_ifaces; k++) {
		sum->delivered += t->ifaces[k].counters.delivered;
		add(&sum->dropped, t->ifaces[k].counters.dropped);
		add(&sum->ifdropped, t->ifaces[k].counters.ifdropped);
	}
	sum->received = sum->delivered;
}

bool live_streams_owns(const struct live_streams *all, size_t i, uint32_t iface)
{
	const struct live_stream *t = all->item[i];
	size_t k;

	for (k = 0; k < t->n_ifaces; k++)
		if (t->ifaces[k].id == iface)
			return true;
	return false;
}

const char *live_streams_name(const struct live_streams *all, size_t i)
{
	return i < all->n ? all->item[i]->name : NULL;
}

void live_streams_fini(struct live_streams *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		handover_close(all->item[i]->handover);
		sink_close(all->item[i]->entry, NULL);
		free(all->item[i]->ifaces);
		free(all->item[i]);
	}
	if (all->n > 0)
		wake_pipe_close(&all->wake);
	free(all->item);
	*all = (struct live_streams){0};
}
