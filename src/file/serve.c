/* Savefiles for readers that connect. */
#include "file/serve.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "file/pcap.h"
#include "file/writer.h"
#include "os/clock.h"
#include "os/outfile.h"
#include "os/thread.h"
#include "os/wake_pipe.h"
#include "pkt/ifcopy.h"

/* The least that one reader's buffer holds: any packet that is not long. */
#define BUFFER_MIN ((size_t)1 << 20)

/* More than a packet's record has besides its bytes and options. */
#define RECORD_ROOM 512

/* At the end: how long all are waited for, and one that takes nothing. */
#define END_ALL (2 * NS_PER_S)
#define END_ONE (NS_PER_S / 2)

/* Who reads. The encoder fills one buffer while the other one is sent; they
   are exchanged when that is empty. */
struct reader {
	struct serve_reader about;
	int fd;
	struct sink *encoder;
	uint8_t *back;	/* what is sent: */
	size_t len, at; /* up to len, from at on */
	unsigned turns; /* how often that was, 2 at most */
	bool deaf;	/* it sends nothing more itself */
	bool broken;	/* it cannot be served any more */
	bool leaves;	/* the same, as the thread knows it */
	int64_t since;	/* when it took something */
};

struct serve {
	struct sink sink;
	struct serve_options options;
	int fd;
	struct sink *model; /* an encoder for no one: what it cannot encode, no
			       other one can */
	struct thread thread;
	bool started;
	struct wake_pipe wake;	/* for the thread */
	struct monitor monitor; /* guards what follows */
	struct iface **ifaces;	/* known so far */
	size_t n_ifaces;
	struct reader *readers[SERVE_MOST];
	size_t n;
	uint64_t seen, dropped;
	bool quit;
};

static struct out *out_of(const struct reader *r)
{
	return &((struct writer *)r->encoder)->out;
}

/* ---- one reader ---- */

/* An encoder whose buffer is never written out by itself. */
static struct sink *open_encoder(const struct serve *s, size_t cap, bool quiet,
				 struct err *err)
{
	const struct outfile_how how = {0};
	struct write_options write = s->options.write;
	int fd = outfile_open("/dev/null", &how, err);
	struct out out;

	write.quiet |= quiet;
	if (fd < 0 || !out_open(&out, fd, "a reader", cap, err))
		return NULL;
	out.held = true;
	return s->options.format->write(&out, &write, err);
}

static size_t buffer_size(const struct serve *s)
{
	const uint64_t half = s->options.limit / 2;

	return half < BUFFER_MIN ? BUFFER_MIN : (size_t)half;
}

/* Other than packets, everything has to reach a reader. */
static void check_whole(struct reader *r, bool good)
{
	r->broken |= !good || out_of(r)->failed;
}

static void reader_close(struct reader *r)
{
	if (!r)
		return;
	/* what it holds was taken, or is not wanted */
	if (r->encoder)
		out_of(r)->failed = out_of(r)->gone = true;
	sink_close(r->encoder, NULL);
	tcp_close(r->fd);
	free(r->back);
	free(r);
}

/* Takes over fd. NULL: *err says why. */
static struct reader *reader_open(const struct serve *s, int fd,
				  struct err *err)
{
	struct reader *r = calloc(1, sizeof(*r));
	size_t i;

	if (!r) {
		tcp_close(fd);
		err_nomem(err, "a reader");
		return NULL;
	}
	r->fd = fd;
	r->since = clock_monotonic_ns();
	tcp_name(fd, true, r->about.name);
	r->back = malloc(buffer_size(s));
	r->encoder =
	    r->back ? open_encoder(s, buffer_size(s), true, err) : NULL;
	if (!r->encoder) {
		if (!r->back)
			err_nomem(err, "a reader");
		reader_close(r);
		return NULL;
	}
	for (i = 0; i < s->n_ifaces && !r->broken; i++)
		check_whole(r, sink_iface(r->encoder, s->ifaces[i], err));
	return r;
}

/* The bytes that a packet's record has at most. */
static size_t record_size(const struct pkt *p)
{
	return (size_t)p->caplen + RECORD_ROOM +
	       (p->meta ? 2 * p->meta->options_len : 0);
}

/* Returns how many packets there was no room for. */
static uint64_t put(struct reader *r, const struct pkt *p, size_t n)
{
	const struct out *out = out_of(r);
	uint64_t dropped = 0;

	for (; n > 0 && !r->broken; n--, p++) {
		if (p->flags & PKT_LONG ||
		    out->cap - out->len < record_size(p)) {
			dropped++;
			continue;
		}
		check_whole(r, sink_packets(r->encoder, p, 1) == GO_ON);
		r->about.packets += !r->broken;
	}
	r->about.dropped += dropped;
	return dropped;
}

/* What was encoded is what is sent next, if nothing is left of that. */
static void exchange(struct reader *r)
{
	struct out *out = out_of(r);
	uint8_t *empty = r->back;

	if (r->at < r->len || out->len == 0)
		return;
	r->turns += r->turns < 2;
	r->back = out->buf;
	r->len = out->len;
	r->at = 0;
	out->buf = empty;
	out->len = 0;
}

/* How many packets' records end after the first taken bytes? first: these are
   the first ones of a savefile. */
static uint64_t packets_after(const struct out *out, const uint8_t *bytes,
			      size_t len, size_t taken, bool first)
{
	/* where every record is a packet there is a header before them */
	size_t from = first && !out->is_packet ? PCAP_HEADER : 0, next;
	uint64_t n = 0;

	while (from < len) {
		next = out->record_length(bytes + from);
		if (next == 0 || next > len - from)
			break;
		if (from + next > taken &&
		    (!out->is_packet || out->is_packet(bytes + from)))
			n++;
		from += next;
	}
	return n;
}

/* The packets that a reader has not been sent. */
static uint64_t left(const struct reader *r)
{
	const struct out *out = out_of(r);

	/* of what was begun, the buffer before was sent in whole */
	return packets_after(out, r->back, r->len, r->at, r->turns == 1) +
	       packets_after(out, out->buf, out->len, 0, r->turns == 0);
}

/* ---- the sink: in the capture's thread ---- */

static bool serve_iface(struct sink *sink, const struct iface *iface,
			struct err *err)
{
	struct serve *s = (struct serve *)sink;
	struct iface **more, *copy;
	struct err why;
	size_t i;

	if (!sink_iface(s->model, iface, err))
		return false;
	copy = iface_copy(iface, err);
	if (!copy)
		return false;
	monitor_lock(&s->monitor);
	more = realloc(s->ifaces, (s->n_ifaces + 1) * sizeof(struct iface *));
	if (more) {
		s->ifaces = more;
		more[s->n_ifaces++] = copy;
	}
	for (i = 0; more && i < s->n; i++)
		check_whole(s->readers[i],
			    sink_iface(s->readers[i]->encoder, iface, &why));
	monitor_unlock(&s->monitor);
	if (more)
		return true;
	free(copy);
	return err_nomem(err, "interfaces");
}

static enum verdict serve_packets(struct sink *sink, const struct pkt *p,
				  size_t n)
{
	struct serve *s = (struct serve *)sink;
	bool ring = false;
	size_t i;

	monitor_lock(&s->monitor);
	for (i = 0; i < s->n; i++) {
		s->dropped += put(s->readers[i], p, n);
		ring |=
		    out_of(s->readers[i])->len > out_of(s->readers[i])->cap / 4;
	}
	monitor_unlock(&s->monitor);
	if (ring)
		wake_pipe_wake(&s->wake);
	return GO_ON;
}

static bool serve_block(struct sink *sink, const struct block *b,
			struct err *err)
{
	struct serve *s = (struct serve *)sink;
	size_t i;

	if (b->before || b->after) /* too long to be held for each */
		return true;
	monitor_lock(&s->monitor);
	for (i = 0; i < s->n; i++)
		check_whole(s->readers[i],
			    sink_block(s->readers[i]->encoder, b, err));
	monitor_unlock(&s->monitor);
	return true;
}

static bool serve_flush(struct sink *sink, struct err *err)
{
	(void)err;
	wake_pipe_wake(&((struct serve *)sink)->wake);
	return true;
}

static bool serve_iface_end(struct sink *sink, uint32_t iface,
			    const struct counters *c, int64_t start_ns,
			    int64_t end_ns, struct err *err)
{
	struct serve *s = (struct serve *)sink;
	size_t i;

	monitor_lock(&s->monitor);
	for (i = 0; i < s->n; i++)
		check_whole(s->readers[i],
			    sink_iface_end(s->readers[i]->encoder, iface, c,
					   start_ns, end_ns, err));
	monitor_unlock(&s->monitor);
	return true;
}

static bool serve_close(struct sink *sink, struct err *err)
{
	struct serve *s = (struct serve *)sink;
	struct serve_counts counts;
	size_t i;

	(void)err;
	monitor_lock(&s->monitor);
	s->quit = true;
	monitor_unlock(&s->monitor);
	wake_pipe_wake(&s->wake);
	if (s->started)
		thread_join(&s->thread);
	if (s->options.closed) {
		serve_count(s, &counts);
		s->options.closed(s->options.arg, &counts);
	}
	for (i = 0; i < s->n; i++)
		reader_close(s->readers[i]);
	for (i = 0; i < s->n_ifaces; i++)
		free(s->ifaces[i]);
	free(s->ifaces);
	sink_close(s->model, NULL);
	tcp_close(s->fd);
	wake_pipe_close(&s->wake);
	monitor_fini(&s->monitor);
	free(s);
	return true;
}

static const struct sink_ops serve_ops = {
    .name = "serve",
    .iface = serve_iface,
    .packets = serve_packets,
    .block = serve_block,
    .flush = serve_flush,
    .iface_end = serve_iface_end,
    .close = serve_close,
};

/* ---- the thread ---- */

static void tell_gone(const struct serve *s, const struct reader *r)
{
	if (r->broken)
		log_warn("reader %s: what comes next cannot be sent to it; its "
			 "connection is closed",
			 r->about.name);
	if (r->about.dropped > 0)
		log_note("reader %s has gone: %" PRIu64 " packets dropped",
			 r->about.name, r->about.dropped);
	else if (s->options.notes)
		log_note("reader %s has gone", r->about.name);
}

/* Accept one, if there is one. */
static void accept_one(struct serve *s)
{
	int fd = tcp_accept(s->fd);
	struct reader *r;
	struct err err;

	if (fd < 0)
		return;
	if (s->n == SERVE_MOST) {
		tcp_close(fd);
		log_warn("a reader was turned away: %d are connected",
			 SERVE_MOST);
		return;
	}
	monitor_lock(&s->monitor);
	r = reader_open(s, fd, &err);
	if (r) {
		s->readers[s->n++] = r;
		s->seen++;
	}
	monitor_unlock(&s->monitor);
	if (!r)
		log_warn("a reader cannot be served: %s", err.text);
	else if (s->options.notes)
		log_note("reader %s has connected", r->about.name);
}

/* Send what there is. false: the reader has gone. */
static bool send_some(struct reader *r)
{
	long n;

	while (r->at < r->len) {
		n = tcp_send(r->fd, r->back + r->at, r->len - r->at);
		if (n < 0)
			return false;
		if (n == 0)
			break;
		r->at += (size_t)n;
		r->since = clock_monotonic_ns();
	}
	return true;
}

/* What a poll found. false: the reader has gone. */
static bool attend(struct reader *r, short events)
{
	if (events & (POLLERR | POLLNVAL))
		return false;
	if (events & (POLLIN | POLLHUP) && !r->deaf)
		r->deaf = !tcp_discard(r->fd);
	/* both directions are closed */
	if (events & POLLHUP)
		return false;
	return send_some(r);
}

static void remove_reader(struct serve *s, size_t i)
{
	struct reader *r = s->readers[i];

	monitor_lock(&s->monitor);
	s->readers[i] = s->readers[--s->n];
	monitor_unlock(&s->monitor);
	tell_gone(s, r);
	reader_close(r);
}

/* Fill in what to poll. Returns whether something is left to be sent to readers
   that still take it. */
static bool prepare(struct serve *s, struct pollfd *polls, int64_t now)
{
	bool busy = false;
	size_t i;

	polls[0] =
	    (struct pollfd){.fd = wake_pipe_fd(&s->wake), .events = POLLIN};
	polls[1] =
	    (struct pollfd){.fd = s->quit ? -1 : s->fd, .events = POLLIN};
	for (i = 0; i < s->n; i++) {
		struct reader *r = s->readers[i];
		const bool some = r->at < r->len;

		exchange(r);
		r->leaves = r->broken;
		polls[2 + i] = (struct pollfd){
		    .fd = r->fd,
		    .events = (short)((r->deaf ? 0 : POLLIN) |
				      (r->at < r->len ? POLLOUT : 0))};
		if (!some) /* its patience begins now */
			r->since = now;
		busy |= r->at < r->len && now - r->since < END_ONE;
	}
	return busy;
}

/* Nothing more will be sent: what they have not got is lost. */
static void give_up(struct serve *s)
{
	uint64_t n;
	size_t i;

	for (i = 0; i < s->n; i++) {
		n = left(s->readers[i]);
		s->readers[i]->about.packets -= n;
		s->readers[i]->about.dropped += n;
		s->dropped += n;
	}
}

static void *serve_main(void *arg)
{
	struct serve *s = arg;
	struct pollfd polls[2 + SERVE_MOST];
	int64_t now, quit_at = 0;
	size_t i;

	for (;;) {
		bool busy, quit;

		wake_pipe_clear(&s->wake);
		now = clock_monotonic_ns();
		monitor_lock(&s->monitor);
		busy = prepare(s, polls, now);
		quit = s->quit;
		if (quit && quit_at == 0)
			quit_at = now + END_ALL;
		if (quit && (!busy || now >= quit_at))
			give_up(s);
		monitor_unlock(&s->monitor);
		if (quit && (!busy || now >= quit_at))
			return NULL;
		if (poll(polls, 2 + s->n, quit ? 50 : -1) < 0)
			continue;
		/* from the end, as one that is removed is replaced by it */
		for (i = s->n; i-- > 0;)
			if (s->readers[i]->leaves ||
			    !attend(s->readers[i], polls[2 + i].revents))
				remove_reader(s, i);
		if (polls[1].revents)
			accept_one(s);
	}
}

/* ---- from outside ---- */

struct serve *serve_open(int fd, const struct serve_options *options,
			 struct err *err)
{
	struct serve *s = calloc(1, sizeof(*s));

	if (!s || !wake_pipe_open(&s->wake, err)) {
		if (!s)
			err_nomem(err, "serving");
		free(s);
		tcp_close(fd);
		return NULL;
	}
	s->sink.ops = &serve_ops;
	s->options = *options;
	s->fd = fd;
	monitor_init(&s->monitor);
	s->model = open_encoder(s, 0, false, err);
	if (s->model)
		return s;
	serve_close(&s->sink, NULL);
	return NULL;
}

bool serve_start(struct serve *s, struct err *err)
{
	s->started = thread_start(&s->thread, serve_main, s, err);
	return s->started;
}

struct sink *serve_sink(struct serve *s)
{
	return &s->sink;
}

void serve_count(struct serve *s, struct serve_counts *counts)
{
	size_t i;

	monitor_lock(&s->monitor);
	*counts = (struct serve_counts){
	    .readers = s->seen,
	    .dropped = s->dropped,
	    .n = s->n,
	};
	for (i = 0; i < s->n; i++)
		counts->reader[i] = s->readers[i]->about;
	monitor_unlock(&s->monitor);
}
