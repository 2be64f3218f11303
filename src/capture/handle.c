/* One device opened for capture. */
#include "capture/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "capture/devices.h"
#include "capture/expr.h"
#include "capture/linktype.h"
#include "capture/socket.h"
#include "os/netns.h"

/* What libpcap calls the largest snapshot length. */
#define SNAPLEN_MAX 262144

int handle_required_ms(const struct handle *h)
{
	const struct timeval *t = NULL;

	if (libpcap()->get_required_select_timeout)
		t = libpcap()->get_required_select_timeout(h->pcap);
	if (!t)
		return h->fd < 0 ? 10 : -1;
	return (int)(t->tv_sec * 1000 + t->tv_usec / 1000) + 1;
}

const char *handle_error(const struct handle *h)
{
	return libpcap()->geterr(h->pcap);
}

static bool failed(const struct handle *h, enum err_kind kind, const char *what,
		   struct err *err)
{
	return err_set(err, kind, "%s: %s: %s", h->options.device, what,
		       handle_error(h));
}

/* An option that libpcap sets before activation. status: what it said. */
static bool was_set(const struct handle *h, int status, const char *option,
		    struct err *err)
{
	if (status == 0)
		return true;
	return err_set(err, ERR_USAGE, "%s: %s: %s", h->options.device, option,
		       libpcap()->statustostr(status));
}

static bool set_tstamp_type(const struct handle *h, struct err *err)
{
	const char *name = h->options.tstamp_type;
	int type, status;

	if (!name)
		return true;
	if (!pcaplib_need(set_tstamp_type, err) ||
	    !pcaplib_need(tstamp_type_name_to_val, err))
		return false;
	type = libpcap()->tstamp_type_name_to_val(name);
	if (type < 0)
		return err_set(err, ERR_USAGE,
			       "unknown timestamp type '%s' (see 'pcaptool "
			       "list tstamp-types')",
			       name);
	status = libpcap()->set_tstamp_type(h->pcap, type);
	/* a warning: the device cannot do it */
	if (status == PCAP_WARNING_TSTAMP_TYPE_NOTSUP)
		return err_set(err, ERR_USAGE,
			       "%s: timestamp type %s is not supported",
			       h->options.device, name);
	return was_set(h, status, "timestamp type", err);
}

/* Nanoseconds unless they were declined or cannot be had. */
static bool set_precision(struct handle *h)
{
	if (h->options.micro || !libpcap()->set_tstamp_precision)
		return false;
	return libpcap()->set_tstamp_precision(h->pcap,
					       PCAP_TSTAMP_PRECISION_NANO) == 0;
}

static bool set_options(struct handle *h, struct err *err)
{
	const struct handle_options *o = &h->options;
	int status;

	h->snaplen = o->snaplen ? o->snaplen : SNAPLEN_MAX;
	status = libpcap()->set_snaplen(h->pcap, (int)h->snaplen);
	if (!was_set(h, status, "snapshot length", err))
		return false;
	status = libpcap()->set_promisc(h->pcap, !o->no_promiscuous && !h->any);
	if (!was_set(h, status, "promiscuous mode", err))
		return false;
	if (o->monitor) {
		if (!pcaplib_need(set_rfmon, err))
			return false;
		status = libpcap()->set_rfmon(h->pcap, 1);
		if (!was_set(h, status, "monitor mode", err))
			return false;
	}
	status = libpcap()->set_timeout(h->pcap, o->timeout_ms);
	if (!was_set(h, status, "timeout", err))
		return false;
	if (o->immediate) {
		if (!pcaplib_need(set_immediate_mode, err))
			return false;
		status = libpcap()->set_immediate_mode(h->pcap, 1);
		if (!was_set(h, status, "immediate mode", err))
			return false;
	}
	if (o->buffer) {
		uint64_t size = o->buffer < INT32_MAX ? o->buffer : INT32_MAX;

		status = libpcap()->set_buffer_size(h->pcap, (int)size);
		if (!was_set(h, status, "buffer size", err))
			return false;
	}
	if (!set_tstamp_type(h, err))
		return false;
	h->nano = set_precision(h);
	return true;
}

static bool activate(struct handle *h, struct err *err)
{
	int status = libpcap()->activate(h->pcap);
	const char *reason;

	h->absent = status == PCAP_ERROR_NO_SUCH_DEVICE ||
		    status == PCAP_ERROR_IFACE_NOT_UP;
	if (status < 0)
		return device_refused(h->options.device, status,
				      handle_error(h), err);
	if (status > 0) {
		reason = handle_error(h);
		log_warn("%s: %s", h->options.device,
			 status == PCAP_WARNING && reason[0]
			     ? reason
			     : libpcap()->statustostr(status));
	}
	return true;
}

/* The link type asked for, or for "any" the one that tells interfaces. */
static bool set_linktype(struct handle *h, struct err *err)
{
	const char *name = h->options.linktype;
	int dlt;

	if (!name && h->any && libpcap()->set_datalink(h->pcap, 276) == 0) {
		h->dlt = 276; /* DLT_LINUX_SLL2 */
		return true;
	}
	h->dlt = libpcap()->datalink(h->pcap);
	if (!name)
		return true;
	dlt = libpcap()->datalink_name_to_val(name);
	if (dlt < 0)
		return err_set(err, ERR_USAGE,
			       "unknown link type '%s' ('pcaptool list -i %s "
			       "-L' lists those of the interface)",
			       name, h->options.device);
	if (libpcap()->set_datalink(h->pcap, dlt) != 0)
		return failed(h, ERR_USAGE, "link type", err);
	h->dlt = dlt;
	return true;
}

static bool ignores_outgoing(const struct handle *h)
{
	return (h->loopback && h->options.direction == CAPTURE_INOUT) ||
	       h->options.direction == CAPTURE_IN;
}

static bool set_direction(struct handle *h, struct err *err)
{
	static const pcap_direction_t to[] = {PCAP_D_INOUT, PCAP_D_IN,
					      PCAP_D_OUT};

	if (h->options.direction != CAPTURE_INOUT &&
	    libpcap()->setdirection(h->pcap, to[h->options.direction]) != 0)
		return failed(h, ERR_USAGE, "direction", err);
	/*
	 * libpcap drops these packets after they went through the buffer and
	 * were counted: on the loopback interface each packet is there twice,
	 * going out and coming in. Better that the kernel leaves them out.
	 */
	if (ignores_outgoing(h))
		socket_ignore_outgoing(h->fd);
	return true;
}

static void discard(u_char *user, const struct pcap_pkthdr *header,
		    const u_char *data)
{
	uint64_t *thrown = (void *)user;

	(void)header;
	(void)data;
	++*thrown;
}

/*
 * What came between activation and the filter is in the buffer and in the
 * counters. Throw it away, so that from now on received minus dropped is what
 * is delivered. The kernel hands over a part-filled block after timeout_ms.
 */
static void empty_buffer(struct handle *h)
{
	const int wait_ms = 2;
	uint64_t thrown = 0;
	int waited = 0;

	if (!socket_take_nothing(h->fd))
		return;
	for (;;) {
		handle_count(h);
		if (h->sums.received == COUNT_UNKNOWN ||
		    h->sums.received - h->sums.dropped <= thrown ||
		    waited > h->options.timeout_ms + 20)
			break;
		if (libpcap()->dispatch(h->pcap, 10000, discard,
					(u_char *)&thrown) <= 0) {
			usleep(wait_ms * 1000);
			waited += wait_ms;
		}
	}
	if (h->sums.received != COUNT_UNKNOWN)
		h->sums.received = h->sums.dropped = 0;
}

/*
 * What libpcap leaves out by itself, after the kernel has counted it: packets
 * of the other direction, and on "any" those that the loopback interface is
 * about to receive as well. Said as a part of the filter, so that the kernel
 * neither counts nor stores them. Returns false where there is nothing to say.
 */
static bool left_out(const struct handle *h, struct str *text)
{
	unsigned loopback;

	if (h->options.direction == CAPTURE_OUT) {
		str_puts(text, "outbound");
		return true;
	}
	loopback = h->any ? device_loopback_index() : 0;
	if (!loopback || h->options.direction != CAPTURE_INOUT)
		return false;
	str_printf(text, "not (outbound and ifindex %u)", loopback);
	return true;
}

void handle_filter_text(const struct handle *h, const char *filter,
			struct str *text)
{
	if (h->says_left_out && left_out(h, text) && filter && filter[0])
		str_printf(text, " and (%s)", filter);
	else if (filter)
		str_puts(text, filter);
}

/* Add that to the filter where the link type can say it. */
static void add_left_out(struct handle *h, const struct expr_setup *setup,
			 struct program *program)
{
	struct program both = {0};
	struct str text = STR_INIT;

	h->says_left_out = left_out(h, &text);
	str_clear(&text);
	if (h->says_left_out) {
		handle_filter_text(h, h->options.filter, &text);
		h->says_left_out =
		    !text.failed &&
		    expr_compile_on(h->pcap, text.text, setup, &both, NULL);
	}
	if (h->says_left_out) {
		program_fini(program);
		*program = both;
	}
	str_fini(&text);
}

/*
 * Put the program in force. pcap_setfilter() has the packets of the first
 * block judged once more in user space, where what only the kernel can tell
 * is unknown: they would be lost. As the buffer is empty there is nothing to
 * judge, and the kernel alone does it.
 */
static bool put_filter(struct handle *h, struct program *program,
		       struct err *err)
{
	struct bpf_program code = {
	    .bf_len = program->n,
	    .bf_insns = (struct bpf_insn *)program->insns,
	};

	if ((h->options.replaceable || program_needs_kernel(program)) &&
	    socket_take_matching(h->fd, program, h->linktype))
		return true;
	if (program->n > PROGRAM_KERNEL_MAX)
		log_warn("%s: the filter is too long for the kernel (%u "
			 "instructions): packets that do not match are "
			 "counted as received, too",
			 h->options.device, (unsigned)program->n);
	return libpcap()->setfilter(h->pcap, &code) == 0 ||
	       failed(h, ERR_USAGE, "filter", err);
}

/* Let the program ask for what the given one accepts, too. */
static bool add_given(const struct handle *h, struct program *program,
		      struct err *err)
{
	const struct handle_options *o = &h->options;
	struct program both;
	const char *is = linktype_name(h->linktype);
	const char *wanted = linktype_name(o->program_linktype);

	if (!o->program)
		return true;
	if (o->program_linktype != UINT32_MAX &&
	    o->program_linktype != h->linktype)
		return err_set(err, ERR_USAGE,
			       "%s: the program is for link type %s, the "
			       "interface has %s",
			       o->device, wanted ? wanted : "?", is ? is : "?");
	if (!program_and(&both, o->program, program))
		return err_nomem(err, "filter");
	program_fini(program);
	*program = both;
	return true;
}

/* All that the options say about which packets to take, as one program; an
   empty one: all packets. */
static bool make_filter(struct handle *h, struct program *program,
			struct err *err)
{
	const struct expr_setup setup = {
	    .netmask = h->netmask,
	    .optimize = !h->options.no_optimize,
	};
	const char *filter = h->options.filter;

	if (filter && filter[0] &&
	    !expr_compile_on(h->pcap, filter, &setup, program, err))
		return false;
	add_left_out(h, &setup, program);
	if (add_given(h, program, err))
		return true;
	program_fini(program);
	return false;
}

static bool set_filter(struct handle *h, struct err *err)
{
	struct program program = {0};
	bool good = true;

	h->netmask = expr_netmask(netns_plain(h->options.device));
	if (!make_filter(h, &program, err))
		return false;
	if (program.n || h->loopback || h->options.fanout ||
	    h->options.direction != CAPTURE_INOUT)
		empty_buffer(h);
	if (!program.n)
		socket_take_all(h->fd);
	else
		good = put_filter(h, &program, err);
	program_fini(&program);
	return good;
}

/* Between two filters libpcap has the kernel take nothing for a moment. It
   is asked only where the kernel does not run both. */
bool handle_replace_filter(struct handle *h, const struct program *program,
			   struct err *err)
{
	struct program own;
	bool good;

	if (h->remote)
		return err_set(err, ERR_USAGE,
			       "%s: the filter of a remote interface cannot be "
			       "replaced",
			       h->options.device);
	if (!program_copy(&own, program->insns, program->n))
		return err_nomem(err, "filter");
	good = add_given(h, &own, err) && put_filter(h, &own, err);
	program_fini(&own);
	if (!good || !h->options.reopen_ns)
		return good;
	program_fini(&h->current);
	return program_copy(&h->current, program->insns, program->n) ||
	       err_nomem(err, "filter");
}

bool handle_take_over_filter(struct handle *h, const struct handle *old,
			     struct err *err)
{
	if (!old->current.n)
		return true;
	if (h->linktype != old->linktype)
		return err_set(err, ERR_FAULT,
			       "the filter that was read again is for another "
			       "link type");
	return handle_replace_filter(h, &old->current, err);
}

/* What this handle got before, the others got too: set_filter() throws it
   away. */
static bool join_fanout(struct handle *h, struct err *err)
{
	if (!h->options.fanout)
		return true;
	if (h->any)
		return err_set(err, ERR_USAGE,
			       "option --fanout: any is not an interface");
	socket_take_nothing(h->fd);
	return socket_fan_out(h->fd, ignores_outgoing(h),
			      &h->options.fanout_group) ||
	       err_sys(err, ERR_USAGE, errno, "%s: option --fanout",
		       h->options.device);
}

static bool prepare(struct handle *h, struct err *err)
{
	char reason[PCAP_ERRBUF_SIZE] = "";

	if (!set_options(h, err) || !activate(h, err) || !set_linktype(h, err))
		return false;
	h->linktype = linktype_of_dlt(h->dlt);
	h->fd = libpcap()->get_selectable_fd(h->pcap);
	/* commands that are run must not have it: it can read and send */
	if (h->fd >= 0)
		fcntl(h->fd, F_SETFD, FD_CLOEXEC);
	if (libpcap()->setnonblock(h->pcap, 1, reason) != 0)
		return err_set(err, ERR_FAULT, "%s: %s", h->options.device,
			       reason);
	if (!set_direction(h, err) || !join_fanout(h, err) ||
	    !set_filter(h, err))
		return false;
	handle_count(h);
	return true;
}

/* What cannot be had of a remote device. */
static bool check_remote(const struct handle_options *o, struct err *err)
{
	const char *option = o->monitor			     ? "monitor-mode"
			     : o->tstamp_type		     ? "time-stamp-type"
			     : o->direction != CAPTURE_INOUT ? "direction"
			     : o->wait_ns		     ? "wait-interface"
			     : o->reopen_ns		     ? "reopen"
			     : o->fanout		     ? "fanout"
							     : NULL;

	if (!option)
		return true;
	return err_set(err, ERR_USAGE,
		       "%s: option --%s: not for remote interfaces", o->device,
		       option);
}

static bool prepare_remote(struct handle *h, struct err *err)
{
	const struct handle_options *o = &h->options;

	h->snaplen = o->snaplen ? o->snaplen : SNAPLEN_MAX;
	h->pcap = remote_open(o->device, &o->remote, h->snaplen, o->timeout_ms,
			      !o->no_promiscuous, err);
	if (!h->pcap || !set_linktype(h, err))
		return false;
	h->linktype = linktype_of_dlt(h->dlt);
	if (!set_filter(h, err))
		return false;
	h->remote = remote_new(h->pcap, (size_t)o->buffer, err);
	if (!h->remote)
		return false;
	h->drops_known = true;
	h->fd = remote_fd(h->remote);
	return true;
}

/* Open the interface of that name, in the thread's network namespace. */
static bool open_plain(struct handle *h, const char *name, struct err *err)
{
	char reason[PCAP_ERRBUF_SIZE] = "";

	/* sysfs and what libpcap reads there are about another namespace; of
	   a device that may have been waited for no list has the address */
	if (name != h->options.device || h->options.wait_ns ||
	    h->options.reopen_ns)
		h->links = links_open();
	h->any = !strcmp(name, "any");
	h->loopback = device_is_loopback(name);
	h->drops_known =
	    h->links
		? links_find(h->links, name, &h->link) && h->link.counts_drops
		: name == h->options.device && device_counts_drops(name);
	h->pcap = libpcap()->create(name, reason);
	if (!h->pcap)
		return err_set(err, ERR_FAULT, "%s: %s", h->options.device,
			       reason);
	return prepare(h, err);
}

static bool open_local(struct handle *h, struct err *err)
{
	struct netns_visit visit;
	struct link_state now;
	bool good;

	if (!netns_enter_of(h->options.device, &visit, err)) {
		h->absent = visit.missing;
		return false;
	}
	good = open_plain(h, netns_plain(h->options.device), err);
	/* it may have vanished, or gone down, while it was opened */
	if (!good && h->link.index &&
	    !(links_find(h->links, netns_plain(h->options.device), &now) &&
	      now.up))
		h->absent = true;
	return netns_leave(&visit, good ? err : NULL) && good;
}

bool handle_begin(struct handle *h, struct err *err)
{
	return !h->remote || remote_begin(h->remote, err);
}

bool handle_open(struct handle *h, const struct handle_options *options,
		 struct err *err)
{
	memset(h, 0, sizeof(*h));
	h->options = *options;
	h->fd = -1;
	if (!pcaplib_ready(err))
		return false;
	if (!remote_is(options->device)
		? open_local(h, err)
		: check_remote(options, err) && prepare_remote(h, err))
		return true;
	handle_close(h);
	return false;
}

void handle_close(struct handle *h)
{
	if (remote_close(h->remote) && h->pcap)
		libpcap()->close(h->pcap);
	links_close(h->links);
	program_fini(&h->current);
	h->links = NULL;
	h->remote = NULL;
	h->pcap = NULL;
	h->fd = -1;
}

int handle_dispatch(struct handle *h, int count, pcap_handler handler,
		    u_char *user)
{
	return h->remote ? remote_dispatch(h->remote, count, handler, user)
			 : libpcap()->dispatch(h->pcap, count, handler, user);
}

void handle_break(struct handle *h)
{
	if (h->remote)
		remote_break(h->remote);
	else
		libpcap()->breakloop(h->pcap);
}

bool handle_renamed(const struct handle *h, char *name)
{
	const unsigned index = socket_interface(h->fd);

	return index && socket_interface_name(h->fd, index, name) &&
	       strcmp(name, netns_plain(h->options.device)) != 0;
}
