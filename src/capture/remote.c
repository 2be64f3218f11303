/* Devices of other machines: opening them, and the thread that reads. */
#include "capture/remote.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "os/clock.h"
#include "os/thread.h"
#include "os/wake_pipe.h"

/* Packets that one call of the library hands over at most. */
#define TURN 256

/* How often the server is asked for its counters. */
#define ASK (500 * NS_PER_MS)

/* How long an answer is waited for at the end. */
#define PATIENCE (2 * NS_PER_S)

/* As <pcap/pcap.h> has them since 1.9; libpcap before has no remote capture. */
enum { PROMISCUOUS = 1, LEAVE_OUT_RPCAP = 4, BY_PASSWORD = 1 };
enum { SAMPLE_NONE, SAMPLE_PACKETS, SAMPLE_MS };

struct authorization {
	int type;
	char *user, *password;
};

struct sampling {
	int method, value;
};

/* A packet in the queue, before its bytes. */
struct queued {
	struct pcap_pkthdr header;
	uint32_t size; /* with the bytes, and up to the next one */
	bool filler;   /* no packet: the rest of the ring */
};

#define UNIT sizeof(struct queued)

struct remote {
	pcap_t *pcap;
	struct thread thread;
	bool started;
	struct monitor monitor;
	/*
	 * The queue is a ring. Positions only grow. A packet lies in one piece:
	 * where it does not fit before the ring's end, a filler does. The
	 * thread writes at the head, the loop reads at the tail.
	 */
	uint8_t *bytes;
	size_t room;
	uint64_t head, tail;
	struct wake_pipe wake; /* readable: packets wait, or it is over */
	bool awake;
	bool stopped;  /* no more than what has come */
	bool broken;   /* no more, and the loop takes nothing */
	bool quitting; /* at once */
	bool over;     /* the thread reads no more */
	bool failed;   /* pcap_geterr() says why */
	bool counted;
	struct pcap_stat counters;
};

bool remote_is(const char *device)
{
	return !strncmp(device, "rpcap://", 8) ||
	       !strncmp(device, "rpcaps://", 9);
}

static bool set_sampling(pcap_t *pcap, const struct remote_options *o,
			 struct err *err)
{
	struct sampling *sampling;

	if (!o->sample_packets && !o->sample_ms)
		return true;
	if (!pcaplib_need(setsampling, err))
		return false;
	sampling = (void *)libpcap()->setsampling(pcap);
	if (!sampling)
		return err_set(err, ERR_FAULT, "sampling: %s",
			       libpcap()->geterr(pcap));
	sampling->method = o->sample_packets ? SAMPLE_PACKETS : SAMPLE_MS;
	sampling->value =
	    (int)(o->sample_packets ? o->sample_packets : o->sample_ms);
	return true;
}

/* NULL: without a login. */
static struct pcap_rmtauth *authorize(struct authorization *who,
				      const struct remote_options *o)
{
	*who = (struct authorization){BY_PASSWORD, (char *)o->user,
				      (char *)o->password};
	return o->user ? (struct pcap_rmtauth *)(void *)who : NULL;
}

int remote_devices(const char *source, const struct remote_options *login,
		   pcap_if_t **devices, char *errbuf)
{
	struct authorization who;

	return libpcap()->findalldevs_ex(source, authorize(&who, login),
					 devices, errbuf);
}

pcap_t *remote_open(const char *device, const struct remote_options *options,
		    uint32_t snaplen, int timeout_ms, bool promiscuous,
		    struct err *err)
{
	struct authorization who;
	char reason[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap;

	if (!pcaplib_need(open_source, err))
		return NULL;
	pcap = libpcap()->open_source(
	    device, (int)snaplen,
	    LEAVE_OUT_RPCAP | (promiscuous ? PROMISCUOUS : 0), timeout_ms,
	    authorize(&who, options), reason);
	if (!pcap) {
		err_set(err, ERR_FAULT, "%s: %s", device, reason);
		return NULL;
	}
	if (set_sampling(pcap, options, err))
		return pcap;
	libpcap()->close(pcap);
	return NULL;
}

/* ---- the queue: with the monitor locked ---- */

static struct queued *queued_at(const struct remote *r, uint64_t at)
{
	return (struct queued *)(void *)(r->bytes + at % r->room);
}

static void wake_loop(struct remote *r)
{
	if (!r->awake)
		wake_pipe_wake(&r->wake);
	r->awake = true;
}

/* Wait for n bytes in one piece. NULL: it is over before. */
static struct queued *make_room(struct remote *r, uint32_t n)
{
	const uint32_t left = (uint32_t)(r->room - r->head % r->room);
	const uint32_t all = left < n ? left + n : n;

	while (r->head + all - r->tail > r->room && !r->quitting)
		monitor_wait(&r->monitor);
	if (r->quitting)
		return NULL;
	if (left < n) {
		*queued_at(r, r->head) =
		    (struct queued){.size = left, .filler = true};
		r->head += left;
	}
	return queued_at(r, r->head);
}

/* ---- in the thread ---- */

static void on_packet(u_char *user, const struct pcap_pkthdr *header,
		      const u_char *data)
{
	struct remote *r = (void *)user;
	const uint32_t n =
	    (uint32_t)(UNIT + (header->caplen + UNIT - 1) / UNIT * UNIT);
	struct queued *q;

	monitor_lock(&r->monitor);
	q = make_room(r, n);
	if (q) {
		*q = (struct queued){.header = *header, .size = n};
		memcpy(q + 1, data, header->caplen);
		r->head += n;
		wake_loop(r);
	}
	monitor_unlock(&r->monitor);
}

static void ask_counters(struct remote *r)
{
	struct pcap_stat now = {0};
	const bool good = libpcap()->stats(r->pcap, &now) == 0;

	monitor_lock(&r->monitor);
	r->counted = good;
	r->counters = now;
	monitor_unlock(&r->monitor);
}

static bool is_quitting(struct remote *r, bool *stopped)
{
	bool quitting;

	monitor_lock(&r->monitor);
	quitting = r->quitting;
	*stopped = r->stopped;
	monitor_unlock(&r->monitor);
	return quitting;
}

/* Until it is to end, or fails, or nothing more comes after a stop. Returns
   what the library said last. */
static int read_packets(struct remote *r)
{
	int64_t asked = clock_monotonic_ns(), now;
	bool stopped;
	int n;

	while (!is_quitting(r, &stopped)) {
		n = libpcap()->dispatch(r->pcap, TURN, on_packet, (u_char *)r);
		if (n < 0 || (n == 0 && stopped))
			return n;
		now = clock_monotonic_ns();
		if (now - asked < ASK)
			continue;
		ask_counters(r);
		asked = now;
	}
	return 0;
}

static void *reader_main(void *arg)
{
	struct remote *r = arg;
	const int n = read_packets(r);

	if (n >= 0 || n == PCAP_ERROR_BREAK)
		ask_counters(r);
	monitor_lock(&r->monitor);
	r->failed = n < 0 && n != PCAP_ERROR_BREAK;
	r->over = true;
	wake_loop(r);
	monitor_unlock(&r->monitor);
	return NULL;
}

/* ---- in the loop ---- */

static void free_remote(struct remote *r)
{
	wake_pipe_close(&r->wake);
	monitor_fini(&r->monitor);
	free(r->bytes);
	free(r);
}

struct remote *remote_new(pcap_t *pcap, size_t queue, struct err *err)
{
	struct remote *r = calloc(1, sizeof(*r));
	bool good = true;

	if (!r) {
		err_nomem(err, "remote capture");
		return NULL;
	}
	r->pcap = pcap;
	r->counted = true;
	r->room = (queue > REMOTE_QUEUE_LEAST ? queue : REMOTE_QUEUE_LEAST) /
		  UNIT * UNIT;
	r->bytes = malloc(r->room);
	monitor_init(&r->monitor);
	if (!r->bytes)
		good = err_nomem(err, "remote capture");
	r->over = true; /* nothing has begun */
	good = wake_pipe_open(&r->wake, good ? err : NULL) && good;
	if (good)
		return r;
	free_remote(r);
	return NULL;
}

bool remote_begin(struct remote *r, struct err *err)
{
	r->over = false;
	r->started = thread_start(&r->thread, reader_main, r, err);
	r->over = !r->started;
	return r->started;
}

int remote_fd(const struct remote *r)
{
	return wake_pipe_fd(&r->wake);
}

int remote_dispatch(struct remote *r, int count, pcap_handler handler,
		    u_char *user)
{
	const struct queued *q;
	uint64_t head, at;
	int n = 0;

	monitor_lock(&r->monitor);
	head = r->head;
	at = r->tail;
	monitor_unlock(&r->monitor);
	for (; at < head && n < count && !r->broken; at += q->size) {
		q = queued_at(r, at);
		if (q->filler)
			continue;
		handler(user, &q->header, (const u_char *)(q + 1));
		n++;
	}
	monitor_lock(&r->monitor);
	r->tail = at;
	monitor_change(&r->monitor);
	if (r->tail == r->head) {
		if (r->failed && n == 0)
			n = PCAP_ERROR;
		if (!r->over)
			wake_pipe_clear(&r->wake);
		r->awake = r->over;
	}
	monitor_unlock(&r->monitor);
	return n;
}

void remote_break(struct remote *r)
{
	r->broken = true;
	libpcap()->breakloop(r->pcap);
	remote_stop(r);
}

void remote_stop(struct remote *r)
{
	monitor_lock(&r->monitor);
	r->stopped = true;
	monitor_unlock(&r->monitor);
}

bool remote_has_more(struct remote *r)
{
	bool more;

	monitor_lock(&r->monitor);
	more = !r->broken && (!r->over || r->tail != r->head);
	monitor_unlock(&r->monitor);
	return more;
}

/* Wait until the thread reads no more; not for ever, as the server may not
   answer. */
static bool wait_for_end(struct remote *r)
{
	const int64_t until = clock_monotonic_ns() + PATIENCE;
	bool over;

	for (;;) {
		monitor_lock(&r->monitor);
		over = r->over;
		monitor_unlock(&r->monitor);
		if (over || clock_monotonic_ns() >= until)
			return over;
		usleep(5000);
	}
}

bool remote_counters(struct remote *r, struct pcap_stat *counters)
{
	bool good;

	if (r->stopped)
		wait_for_end(r);
	monitor_lock(&r->monitor);
	good = r->counted;
	*counters = r->counters;
	monitor_unlock(&r->monitor);
	return good;
}

bool remote_close(struct remote *r)
{
	if (!r)
		return true;
	monitor_lock(&r->monitor);
	r->quitting = true;
	monitor_change(&r->monitor);
	monitor_unlock(&r->monitor);
	if (!wait_for_end(r))
		return false;
	if (r->started)
		thread_join(&r->thread);
	free_remote(r);
	return true;
}
