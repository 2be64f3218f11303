/*
 * A libpcap that plays a script (see script.h) instead of a network, for tests
 * without privileges. $PCAPTOOL_FAKE names the script, which is read again for
 * every handle and every list of interfaces.
 *
 * Where it matters to a caller it behaves as libpcap does on Linux: packets
 * whose time has come wait in a "ring", the descriptor is readable while there
 * are any, pcap_breakloop() makes pcap_dispatch() return PCAP_ERROR_BREAK even
 * if packets were handled, counters are 32 bits wide and wrap. Each packet is
 * handed over in a block of memory of just its size that is gone afterwards, so
 * that a sanitizer sees a caller who reads on or keeps it.
 *
 * Filters are compiled and run by the system's libpcap; without one, only the
 * empty filter works.
 *
 * Every function that has a way to fail does so when the script says "refuse".
 *
 * -DFAKE_OLD leaves out what pcaplib.def calls optional.
 */
#include "script.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture/pcaplib.h"

#ifdef __linux__
#include <sys/timerfd.h>
#endif

#define NS_PER_S 1000000000

struct pcap {
	struct script script;
	struct device *device; /* NULL: a handle without one */
	char *name, error[PCAP_ERRBUF_SIZE];
	bool active, nonblock;
	volatile sig_atomic_t broken;
	int linktype, snaplen, timeout_ms, promisc, rfmon, nano, remote;
	pcap_direction_t direction;
#ifndef FAKE_OLD
	struct pcap_samp sampling;
#endif
	struct bpf_program filter;
	struct pcap_stat stats;
	size_t event;	  /* the next one of the device */
	uint32_t played;  /* how often it happened already */
	int64_t clock_ns; /* when the one before happened */
	int fd, pipe_end;
};

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static int fail(pcap_t *p, int code, const char *text)
{
	snprintf(p->error, sizeof(p->error), "%s", text ? text : "");
	return code;
}

/* In a function that returns a status: fail if it is to. */
#define MAY_REFUSE(p)                                                          \
	do {                                                                   \
		int code_;                                                     \
                                                                               \
		if (script_refuses(&(p)->script, __func__, &code_,             \
				   (p)->error))                                \
			return code_;                                          \
	} while (0)

__attribute__((format(printf, 2, 3))) static void note(const pcap_t *p,
						       const char *format, ...)
{
	FILE *f = p->script.log ? fopen(p->script.log, "a") : NULL;
	va_list args;

	if (!f)
		return;
	fprintf(f, "%s ", p->name ? p->name : "-");
	va_start(args, format);
	vfprintf(f, format, args);
	va_end(args);
	fputc('\n', f);
	fclose(f);
}

const char *pcap_lib_version(void)
{
#ifdef FAKE_OLD
	return "libpcap version 1.0.0 (fake)";
#else
	return "libpcap version 1.99.0 (fake)";
#endif
}

const char *pcap_statustostr(int status)
{
	static char text[32];

	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return "No such device exists";
	case PCAP_ERROR_PERM_DENIED:
		return "You don't have permission to perform this capture";
	case PCAP_ERROR_IFACE_NOT_UP:
		return "That device is not up";
	}
	snprintf(text, sizeof(text), "Status %d", status);
	return text;
}

char *pcap_geterr(pcap_t *p)
{
	return p->error;
}

/* ---- handles ------------------------------------------------------------ */

#ifndef LIBPCAP_FILE
#define LIBPCAP_FILE NULL /* the program has it linked */
#endif

/* A function of the system's libpcap. (With RTLD_DEFAULT a library that was
   loaded with RTLD_DEEPBIND finds itself.) */
static void *systems(const char *symbol)
{
	static void *library;

	if (!library)
		library = dlopen(LIBPCAP_FILE, RTLD_LAZY);
	return library ? dlsym(library, symbol) : NULL;
}

/* In the sandbox it would be too late. */
__attribute__((constructor)) static void load_system(void)
{
	systems("pcap_lib_version");
	script_load();
}

__attribute__((destructor)) static void unload(void)
{
	script_unload();
}

pcap_t *pcap_create(const char *name, char *errbuf)
{
	pcap_t *p = calloc(1, sizeof(*p));
	size_t i;
	int code;

	if (!p || !script_from_environment(&p->script, errbuf)) {
		free(p);
		return NULL;
	}
	if (script_refuses(&p->script, __func__, &code, errbuf)) {
		script_free(&p->script);
		free(p);
		return NULL;
	}
	p->name = strdup(name ? name : "any");
	p->fd = p->pipe_end = -1;
	for (i = 0; i < p->script.device_count; i++)
		if (!strcmp(p->script.devices[i].name, p->name))
			p->device = &p->script.devices[i];
	note(p, "create");
	return p;
}

pcap_t *pcap_open_dead(int linktype, int snaplen)
{
	pcap_t *p = calloc(1, sizeof(*p));
	char errbuf[PCAP_ERRBUF_SIZE];
	int code;

	if (!p)
		return NULL;
	if (!script_from_environment(&p->script, errbuf) ||
	    script_refuses(&p->script, __func__, &code, NULL)) {
		script_free(&p->script);
		free(p);
		return NULL;
	}
	p->fd = p->pipe_end = -1;
	p->linktype = linktype;
	p->snaplen = snaplen;
	return p;
}

void pcap_freecode(struct bpf_program *program)
{
	free(program->bf_insns);
	program->bf_insns = NULL;
	program->bf_len = 0;
}

void pcap_close(pcap_t *p)
{
	note(p, "close");
	if (p->fd >= 0)
		close(p->fd);
	if (p->pipe_end >= 0)
		close(p->pipe_end);
	pcap_freecode(&p->filter);
	script_free(&p->script);
	free(p->name);
	free(p);
}

static int set_value(pcap_t *p, int *member, int value, const char *what)
{
	note(p, "%s %d", what, value);
	if (p->active)
		return PCAP_ERROR_ACTIVATED;
	if (member)
		*member = value;
	return 0;
}

int pcap_set_snaplen(pcap_t *p, int snaplen)
{
	MAY_REFUSE(p);
	return set_value(p, &p->snaplen, snaplen, "set_snaplen");
}

int pcap_set_promisc(pcap_t *p, int promisc)
{
	MAY_REFUSE(p);
	return set_value(p, &p->promisc, promisc, "set_promisc");
}

int pcap_set_timeout(pcap_t *p, int milliseconds)
{
	MAY_REFUSE(p);
	return set_value(p, &p->timeout_ms, milliseconds, "set_timeout");
}

int pcap_set_buffer_size(pcap_t *p, int bytes)
{
	MAY_REFUSE(p);
	return set_value(p, NULL, bytes, "set_buffer_size");
}

static const struct event *next_event(const pcap_t *p)
{
	return p->event < p->device->event_count ? &p->device->events[p->event]
						 : NULL;
}

/* Make the descriptor readable from the time of the next event on. */
static void arm(pcap_t *p)
{
#ifdef __linux__
	const struct event *e = next_event(p);
	int64_t at = e ? p->clock_ns + e->wait_ns : 0;
	struct itimerspec when = {.it_value = {at / NS_PER_S, at % NS_PER_S}};

	timerfd_settime(p->fd, TFD_TIMER_ABSTIME, &when, NULL);
#else
	(void)p; /* a pipe that was written to: readable for ever */
#endif
}

static bool open_fd(pcap_t *p)
{
#ifdef __linux__
	p->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	return p->fd >= 0;
#else
	int ends[2];

	if (pipe(ends) || write(ends[1], "", 1) != 1)
		return false;
	p->fd = ends[0];
	p->pipe_end = ends[1];
	return true;
#endif
}

int pcap_activate(pcap_t *p)
{
	const struct device *d = p->device;

	MAY_REFUSE(p);
	note(p, "activate");
	if (!d)
		return fail(p, PCAP_ERROR_NO_SUCH_DEVICE, "No such device");
	if (p->promisc && d->promisc < 0)
		return fail(p, d->promisc, d->promisc_text);
	if (d->activate < 0)
		return fail(p, d->activate, d->activate_text);
	if (p->rfmon && !d->rfmon)
		return PCAP_ERROR_RFMON_NOTSUP;
	if (!open_fd(p))
		return fail(p, PCAP_ERROR, strerror(errno));
	if (p->snaplen <= 0 || p->snaplen > 262144)
		p->snaplen = 262144;
	p->linktype = d->linktype_count ? d->linktypes[0] : DLT_EN10MB;
	p->active = true;
	p->clock_ns = now_ns();
	arm(p);
	if (p->promisc && d->promisc)
		return fail(p, d->promisc, d->promisc_text);
	return d->activate ? fail(p, d->activate, d->activate_text) : 0;
}

int pcap_datalink(pcap_t *p)
{
	MAY_REFUSE(p);
	return p->active || !p->device ? p->linktype : PCAP_ERROR_NOT_ACTIVATED;
}

int pcap_list_datalinks(pcap_t *p, int **types)
{
	const struct device *d = p->device;
	int count = d && d->linktype_count ? d->linktype_count : 1, i;

	MAY_REFUSE(p);
	if (!p->active && d)
		return PCAP_ERROR_NOT_ACTIVATED;
	*types = calloc((size_t)count, sizeof(**types));
	if (!*types)
		return fail(p, PCAP_ERROR, "no memory");
	for (i = 0; i < count; i++)
		(*types)[i] =
		    d && d->linktype_count ? d->linktypes[i] : p->linktype;
	return count;
}

int pcap_set_datalink(pcap_t *p, int type)
{
	int *types = NULL, count, i, found = 0;

	MAY_REFUSE(p);
	count = pcap_list_datalinks(p, &types);
	note(p, "set_datalink %d", type);
	for (i = 0; i < count; i++)
		found |= types[i] == type;
	free(types);
	if (!found)
		return fail(p, PCAP_ERROR,
			    "that link type is not one of the supported DLTs");
	p->linktype = type;
	return 0;
}

/* ---- filters ------------------------------------------------------------ */

int pcap_compile(pcap_t *p, struct bpf_program *program, const char *text,
		 int optimize, bpf_u_int32 netmask)
{
	pcap_t *(*open_dead)(int, int);
	int (*compile)(pcap_t *, struct bpf_program *, const char *, int,
		       bpf_u_int32);
	char *(*geterr)(pcap_t *);
	void (*close_it)(pcap_t *);
	pcap_t *real;
	int result;

	MAY_REFUSE(p);
	*(void **)&open_dead = systems("pcap_open_dead");
	*(void **)&compile = systems("pcap_compile");
	*(void **)&geterr = systems("pcap_geterr");
	*(void **)&close_it = systems("pcap_close");
	memset(program, 0, sizeof(*program));
	if (p->script.refused_filter && strstr(text, p->script.refused_filter))
		return fail(p, PCAP_ERROR, "refused");
	if (text[0] == '\0') {
		program->bf_insns = malloc(sizeof(*program->bf_insns));
		if (!program->bf_insns)
			return fail(p, PCAP_ERROR, "no memory");
		program->bf_insns[0] = (struct bpf_insn)BPF_STMT(
		    BPF_RET | BPF_K,
		    p->snaplen > 0 ? (u_int)p->snaplen : 262144);
		program->bf_len = 1;
		return 0;
	}
	if (!open_dead || !compile || !geterr || !close_it)
		return fail(p, PCAP_ERROR, "no libpcap to compile it");
	real = open_dead(p->linktype, p->snaplen > 0 ? p->snaplen : 262144);
	if (!real)
		return fail(p, PCAP_ERROR, "no memory");
	result = compile(real, program, text, optimize, netmask);
	if (result)
		fail(p, result, geterr(real));
	close_it(real);
	return result;
}

int pcap_setfilter(pcap_t *p, struct bpf_program *program)
{
	size_t size = program->bf_len * sizeof(*program->bf_insns);
	struct bpf_insn *copy;

	MAY_REFUSE(p);
	copy = malloc(size ? size : 1);
	note(p, "setfilter %u", program->bf_len);
	if (!copy || p->device->filter_fail) {
		free(copy);
		return fail(p, PCAP_ERROR, p->device->filter_fail);
	}
	memcpy(copy, program->bf_insns, size);
	pcap_freecode(&p->filter);
	p->filter.bf_insns = copy;
	p->filter.bf_len = program->bf_len;
	return 0;
}

/* How many bytes of the packet pass the filter; 0: it does not. */
static uint32_t filtered(const pcap_t *p, const uint8_t *data, uint32_t wirelen,
			 uint32_t caplen)
{
	u_int (*run)(const struct bpf_insn *, const u_char *, u_int, u_int);
	uint32_t snap = (uint32_t)p->snaplen, most;

	*(void **)&run = systems("bpf_filter");
	most = p->filter.bf_len && run
		   ? run(p->filter.bf_insns, data, wirelen, caplen)
		   : UINT32_MAX;
	return most < snap ? most : snap;
}

int pcap_setdirection(pcap_t *p, pcap_direction_t direction)
{
	MAY_REFUSE(p);
	note(p, "setdirection %d", (int)direction);
	p->direction = direction;
	return 0;
}

/* ---- the running capture ------------------------------------------------ */

int pcap_setnonblock(pcap_t *p, int nonblock, char *errbuf)
{
	int code;

	if (script_refuses(&p->script, __func__, &code, errbuf))
		return code;
	if (p->remote) {
		snprintf(errbuf, PCAP_ERRBUF_SIZE, "not on remote devices");
		return PCAP_ERROR;
	}
	note(p, "setnonblock %d", nonblock);
	p->nonblock = nonblock;
	return 0;
}

int pcap_get_selectable_fd(pcap_t *p)
{
	MAY_REFUSE(p);
	return p->remote || (p->device && p->device->no_fd) ? -1 : p->fd;
}

void pcap_breakloop(pcap_t *p)
{
	p->broken = 1;
}

int pcap_stats(pcap_t *p, struct pcap_stat *counters)
{
	MAY_REFUSE(p);
	if (p->device->stats_fail)
		return fail(p, PCAP_ERROR, p->device->stats_fail);
	*counters = p->stats;
	return 0;
}

/* Hand over one packet of the event; 0: it was not for this handle. */
static int deliver(pcap_t *p, const struct event *e, pcap_handler handler,
		   u_char *user)
{
	int64_t time_ns = e->time_ns + e->step_ns * p->played;
	uint32_t number = p->played + 1, caplen = e->padded;
	struct pcap_pkthdr header;
	uint8_t *data, *exact;
	int i;

	if (p->direction == (e->outbound ? PCAP_D_IN : PCAP_D_OUT))
		return 0;
	data = calloc(1, e->padded ? e->padded : 1);
	if (!data)
		return 0;
	if (e->len)
		memcpy(data, e->data, e->len);
	for (i = 0; e->number_at >= 0 && i < 4; i++)
		data[e->number_at + i] = (uint8_t)(number >> (24 - 8 * i));
	if (filtered(p, data, e->wire, caplen) < caplen)
		caplen = filtered(p, data, e->wire, caplen);
	exact = caplen || !e->padded ? malloc(caplen ? caplen : 1) : NULL;
	if (exact) {
		memcpy(exact, data, caplen);
		header.ts.tv_sec = time_ns / NS_PER_S;
		header.ts.tv_usec = time_ns % NS_PER_S / (p->nano ? 1 : 1000);
		header.caplen = caplen;
		header.len = e->wire;
		p->stats.ps_recv++;
		handler(user, &header, exact);
	}
	free(exact);
	free(data);
	return exact != NULL;
}

/* Let the next event happen. 1: a packet was handed over, 0: none was,
   negative: the end. */
static int play(pcap_t *p, const struct event *e, pcap_handler handler,
		u_char *user)
{
	int packets = 0;

	switch (e->kind) {
	case EVENT_PACKET:
		if (e->count)
			packets = deliver(p, e, handler, user);
		if (p->played + 1 < e->count) {
			p->played++;
			p->clock_ns += e->wait_ns;
			return packets;
		}
		break;
	case EVENT_DROPPED:
		p->stats.ps_drop += e->count;
		p->stats.ps_recv += e->count;
		break;
	case EVENT_RECEIVED:
		p->stats.ps_recv += e->count;
		break;
	case EVENT_IFDROPPED:
		p->stats.ps_ifdrop += e->count;
		break;
	case EVENT_SIGNAL:
		p->event++; /* the handler may well look at us */
		p->clock_ns += e->wait_ns;
		raise(e->code);
		return 0;
	case EVENT_ERROR:
		return fail(p, PCAP_ERROR, e->text);
	}
	p->event++;
	p->played = 0;
	p->clock_ns += e->wait_ns;
	return packets;
}

/* The next event if its time has come, else NULL. */
static const struct event *due(const pcap_t *p)
{
	const struct event *e = next_event(p);

	return e && p->clock_ns + e->wait_ns <= now_ns() ? e : NULL;
}

/* Wait as a blocking handle does: for a packet, or for its time limit. */
static bool wait_for_event(pcap_t *p)
{
	struct pollfd pfd = {.fd = p->fd, .events = POLLIN};

	while (!p->broken && !due(p))
		if (!poll(&pfd, 1, p->timeout_ms > 0 ? p->timeout_ms : -1))
			return false;
	return true;
}

int pcap_dispatch(pcap_t *p, int count, pcap_handler handler, u_char *user)
{
	const struct event *e;
	int packets = 0, result = 0;

	MAY_REFUSE(p);
	if (!p->active)
		return PCAP_ERROR_NOT_ACTIVATED;
#ifndef FAKE_OLD
	if (p->sampling.method)
		note(p, "sampling %d %d", p->sampling.method,
		     p->sampling.value);
	p->sampling.method = 0;
#endif
	if (!p->nonblock && !due(p) && !wait_for_event(p))
		return 0;
	while (!p->broken && result >= 0 && (count <= 0 || packets < count) &&
	       (e = due(p))) {
		result = play(p, e, handler, user);
		if (result > 0)
			packets += result;
	}
	arm(p);
	if (p->broken) {
		p->broken = 0;
		return PCAP_ERROR_BREAK;
	}
	return result < 0 && !packets ? result : packets;
}

/* ---- what came after libpcap 1.0, or is of use to few ------------------- */
#ifndef FAKE_OLD

int pcap_init(unsigned int options, char *errbuf)
{
	int code;

	if (environment_refuses(__func__, &code, errbuf))
		return code;
	if (options == PCAP_CHAR_ENC_UTF_8)
		return 0;
	snprintf(errbuf, PCAP_ERRBUF_SIZE, "Unknown options specified");
	return PCAP_ERROR;
}

/* A server that has the interfaces of the script: rpcap://ANYTHING/NAME. */
pcap_t *pcap_open(const char *source, int snaplen, int flags, int milliseconds,
		  struct pcap_rmtauth *auth, char *errbuf)
{
	const char *name = strrchr(source, '/');
	pcap_t *p = pcap_create(name ? name + 1 : source, errbuf);

	if (!p)
		return NULL;
	p->remote = 1;
	p->snaplen = snaplen;
	p->timeout_ms = milliseconds;
	note(p, "open snaplen %d flags %d as %s:%s", snaplen, flags,
	     auth ? auth->username : "-", auth ? auth->password : "-");
	if (pcap_activate(p) >= 0)
		return p;
	snprintf(errbuf, PCAP_ERRBUF_SIZE, "%s", p->error);
	pcap_close(p);
	return NULL;
}

struct pcap_samp *pcap_setsampling(pcap_t *p)
{
	return &p->sampling;
}

int pcap_can_set_rfmon(pcap_t *p)
{
	MAY_REFUSE(p);
	return p->device ? p->device->rfmon : PCAP_ERROR_NO_SUCH_DEVICE;
}

int pcap_set_rfmon(pcap_t *p, int rfmon)
{
	MAY_REFUSE(p);
	return set_value(p, &p->rfmon, rfmon, "set_rfmon");
}

int pcap_set_immediate_mode(pcap_t *p, int immediate)
{
	MAY_REFUSE(p);
	return set_value(p, NULL, immediate, "set_immediate_mode");
}

int pcap_set_protocol_linux(pcap_t *p, int protocol)
{
	MAY_REFUSE(p);
	return set_value(p, NULL, protocol, "set_protocol_linux");
}

int pcap_set_tstamp_precision(pcap_t *p, int precision)
{
	MAY_REFUSE(p);
	if (precision && p->device && p->device->micro)
		return PCAP_ERROR_TSTAMP_PRECISION_NOTSUP;
	return set_value(p, &p->nano, precision, "set_tstamp_precision");
}

int pcap_get_tstamp_precision(pcap_t *p)
{
	MAY_REFUSE(p);
	return p->nano;
}

int pcap_set_tstamp_type(pcap_t *p, int type)
{
	const struct device *d = p->device;
	int i;

	MAY_REFUSE(p);
	if (!d || !d->tstamp_type_count)
		return type ? PCAP_ERROR_CANTSET_TSTAMP_TYPE : 0;
	for (i = 0; i < d->tstamp_type_count; i++)
		if (d->tstamp_types[i] == type)
			return set_value(p, NULL, type, "set_tstamp_type");
	return PCAP_WARNING_TSTAMP_TYPE_NOTSUP;
}

int pcap_list_tstamp_types(pcap_t *p, int **types)
{
	const struct device *d = p->device;
	int count = d && d->tstamp_type_count ? d->tstamp_type_count : 1, i;

	MAY_REFUSE(p);
	*types = calloc((size_t)count, sizeof(**types));
	if (!*types)
		return fail(p, PCAP_ERROR, "no memory");
	for (i = 0; d && i < d->tstamp_type_count; i++)
		(*types)[i] = d->tstamp_types[i];
	return count;
}

int pcap_getnonblock(pcap_t *p, char *errbuf)
{
	int code;

	if (script_refuses(&p->script, __func__, &code, errbuf))
		return code;
	return p->nonblock;
}

const struct timeval *pcap_get_required_select_timeout(pcap_t *p)
{
	static struct timeval timeout;
	long ms = p->device ? p->device->select_ms : -1;
	int code;

	if (script_refuses(&p->script, __func__, &code, NULL))
		return NULL;
	timeout.tv_sec = ms / 1000;
	timeout.tv_usec = (int)(ms % 1000) * 1000;
	return ms < 0 ? NULL : &timeout;
}

int pcap_snapshot(pcap_t *p)
{
	MAY_REFUSE(p);
	return p->snaplen;
}

int pcap_inject(pcap_t *p, const void *data, size_t bytes)
{
	MAY_REFUSE(p);
	(void)data;
	note(p, "inject %zu", bytes);
	return (int)bytes;
}

int pcap_sendpacket(pcap_t *p, const u_char *data, int bytes)
{
	MAY_REFUSE(p);
	(void)data;
	note(p, "sendpacket %d", bytes);
	return 0;
}

#endif /* FAKE_OLD */
