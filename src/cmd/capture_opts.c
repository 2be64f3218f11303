/* The options of `capture`: which interfaces, what of them, until when. */
#include "cmd/capture_opts.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "capture/handle.h"
#include "cmd/interfaces.h"

const struct capture_conf capture_defaults = {
    .common = {.wait = -1, .reopen = -1},
    .select = SELECT_DEFAULTS,
    .savefile = SAVEFILE_DEFAULTS,
    .rotation = ROTATION_DEFAULTS,
    .ring = RING_DEFAULTS,
    .printing = PRINT_DEFAULTS,
    .write_buffer = UINT64_C(64) << 20,
    .order_window = 100 * NS_PER_MS,
    .priority = -1,
};

/* -i: from here on the interface's own options. */
static bool add_iface(void *conf, const struct opt *opt, const char *value,
		      struct err *err)
{
	struct capture_conf *c = conf;
	struct capture_iface *ifaces;

	(void)opt;
	if (!value[0])
		return err_set(err, ERR_USAGE, "an empty name");
	ifaces = realloc(c->ifaces, (c->n + 1) * sizeof(*ifaces));
	if (!ifaces)
		return err_nomem(err, "interfaces");
	c->ifaces = ifaces;
	ifaces[c->n] = c->common;
	ifaces[c->n++].name = value;
	return true;
}

/* The interface that the options now belong to. */
static void *current(void *conf)
{
	struct capture_conf *c = conf;

	return c->n ? &c->ifaces[c->n - 1] : &c->common;
}

/* -B: KiB as with tcpdump, unless a unit is given. */
static bool set_buffer(void *conf, const struct opt *opt, const char *value,
		       struct err *err)
{
	struct capture_iface *iface = current(conf);
	uint64_t size;
	bool plain = value[strspn(value, "0123456789")] == '\0';

	(void)opt;
	if (!num_size(value, &size) || size == 0 ||
	    size > (plain ? INT32_MAX / 1024 : INT32_MAX))
		return err_set(err, ERR_USAGE,
			       "invalid buffer size '%s': use KiB, or a number "
			       "with k, M or G, below 2G",
			       value);
	iface->buffer = plain ? size * 1024 : size;
	return true;
}

#define SNAPLEN_MOST 262144

/* -s: a number of bytes, or headers. */
static bool set_snaplen(void *conf, const struct opt *opt, const char *value,
			struct err *err)
{
	struct capture_iface *iface = current(conf);
	uint64_t n = 0;

	(void)opt;
	iface->headers = !strcmp(value, "headers");
	if (!iface->headers && (!num_u64(value, &n) || n > SNAPLEN_MOST))
		return err_set(err, ERR_USAGE,
			       "'%s' is neither a number of bytes from 0 to "
			       "%d nor headers",
			       value, SNAPLEN_MOST);
	iface->snaplen = (int64_t)n;
	return true;
}

static void snaplen_values(struct str *out)
{
	str_puts(out, "headers\n96\n");
}

void capture_conf_fini(void *conf)
{
	free(((struct capture_conf *)conf)->ifaces);
}

/* --cpu */
static bool set_cpus(void *conf, const struct opt *opt, const char *value,
		     struct err *err)
{
	(void)opt;
	return cpu_list_parse(value, &((struct capture_conf *)conf)->cpus, err);
}

static const char *const priority_words[] = {
    [SCHEDULING_HIGH] = "high", [SCHEDULING_REALTIME] = "realtime", NULL};

static const char *const direction_words[] = {[CAPTURE_INOUT] = "inout",
					      [CAPTURE_IN] = "in",
					      [CAPTURE_OUT] = "out",
					      NULL};

static const struct opt interface_opts[] = {
    {
	.letter = 'i',
	.name = "interface",
	.type = OPT_CALL,
	.arg = "IFACE",
	.set = add_iface,
	.values = interface_values,
	.help = "Capture on this interface: a name, a number from "
		"'pcaptool list', any for all of them, or "
		"ns:NAMESPACE/IFACE for one in another network namespace; or "
		"read a savefile that comes from - (standard input), a FIFO "
		"(a path with /) or tcp://HOST:PORT. May be repeated. "
		"Per-interface options after -i apply to that "
		"interface only; before the first -i, to all. Default: "
		"the first non-loopback interface that is up.",
    },
    {0},
};

#define MEMBER(name) .member = offsetof(struct capture_iface, name)

static const struct opt per_interface_opts[] = {
    {
	.letter = 'f',
	.name = "filter",
	.type = OPT_TEXT,
	MEMBER(filter),
	.arg = "EXPR",
	.help = "Capture only packets that match this expression "
		"(pcap-filter(7)), in addition to the EXPRESSION operand.",
	.values = opt_values_expression,
    },
    {
	.letter = 'F',
	.name = "filter-file",
	.type = OPT_TEXT,
	MEMBER(filter_file),
	.arg = "FILE",
	.values = opt_values_files,
	.help = "Capture only packets that match the expression in FILE; "
		"# starts a comment. SIGHUP has it read again.",
    },
    {
	.letter = 's',
	.name = "snapshot-length",
	.type = OPT_CALL,
	.arg = "N",
	.set = set_snaplen,
	.values = snaplen_values,
	.help = "Capture at most N bytes of each packet, or with 'headers' "
		"the link, network and transport headers (of all interfaces). "
		"Default: 0, meaning 262144.",
    },
    {
	.letter = 'p',
	.name = "no-promiscuous-mode",
	.type = OPT_FLAG,
	MEMBER(no_promiscuous),
	.help = "Do not put the interface into promiscuous mode.",
    },
    {
	.letter = 'I',
	.name = "monitor-mode",
	.type = OPT_FLAG,
	MEMBER(monitor),
	.help = "Put the (Wi-Fi) interface into monitor mode.",
    },
    {
	.letter = 'y',
	.name = "linktype",
	.type = OPT_TEXT,
	MEMBER(linktype),
	.arg = "TYPE",
	.help = "Capture with this link type; 'pcaptool list -i IFACE -L' "
		"lists those available.",
	.values = linktype_values,
    },
    {
	.letter = 'j',
	.name = "time-stamp-type",
	.type = OPT_TEXT,
	MEMBER(tstamp_type),
	.arg = "TYPE",
	.help = "Use this type of timestamp; 'pcaptool list -i IFACE -J' "
		"lists those available.",
	.values = tstamp_type_values,
    },
    {
	.letter = 'B',
	.name = "buffer-size",
	.type = OPT_CALL,
	.arg = "SIZE",
	.set = set_buffer,
	.help = "Kernel buffer size in KiB, or with a unit: k, M or G. "
		"Default: 1/32 of the machine's memory, at least 2 and at "
		"most 256 MiB (8 MiB with --ring), shared by all interfaces.",
    },
    {
	.letter = 'Q',
	.name = "direction",
	.type = OPT_WORD,
	MEMBER(direction),
	.arg = "WHICH",
	.words = direction_words,
	.help = "Capture only incoming packets, only outgoing packets, or "
		"both: in, out or inout (the default).",
    },
    {
	.name = "wait-interface",
	.type = OPT_DURATION,
	MEMBER(wait),
	.arg = "DURATION",
	.fallback = "0s",
	.help = "If the interface does not exist or is down, wait until it is "
		"there and up, at most for DURATION. Default: without limit.",
    },
    {
	.name = "reopen",
	.type = OPT_DURATION,
	MEMBER(reopen),
	.arg = "DURATION",
	.fallback = "0s",
	.help = "If the interface vanishes during the capture, go on when it "
		"is back, if that takes no longer than DURATION. Default: "
		"without limit.",
    },
    {
	.name = "immediate-mode",
	.type = OPT_FLAG,
	MEMBER(immediate),
	.help = "Deliver each packet as soon as it arrives, at the cost "
		"of throughput.",
    },
    {
	.name = "micro",
	.type = OPT_FLAG,
	MEMBER(micro),
	.help = "Use microsecond timestamps. Default: nanoseconds if "
		"libpcap supports them.",
    },
    {
	.name = "nano",
	.type = OPT_FLAG,
	MEMBER(nano),
	.help = "Require nanosecond timestamps; fail if unavailable.",
    },
    {0},
};

#undef MEMBER
#define MEMBER(name) .member = offsetof(struct capture_conf, name)

static const struct opt own_select_opts[] = {
    {
	.name = "not-me",
	.type = OPT_FLAG,
	MEMBER(not_me),
	.help = "Leave out the ssh connection that this command was started "
		"through: that of SSH_CONNECTION, or of a parent process.",
    },
    {0},
};

static const struct opt stop_opts[] = {
    {
	.letter = 'c',
	.name = "max-packets",
	.type = OPT_NUMBER,
	MEMBER(count),
	.arg = "N",
	.min = 1,
	.max = INT64_MAX,
	.help = "Stop after N packets; where options select (such as -Y), "
		"after N of those.",
    },
    {
	.name = "for",
	.type = OPT_DURATION,
	MEMBER(duration),
	.arg = "DURATION",
	.min = 1,
	.max = INT64_MAX,
	.help = "Stop after this time even if no packets arrive: a number "
		"followed by ms, s, m, h or d.",
    },
    {
	.name = "max-bytes",
	.type = OPT_SIZE,
	MEMBER(max_bytes),
	.arg = "SIZE",
	.min = 1,
	.max = INT64_MAX,
	.help = "Stop when the savefile (without one, the captured data) "
		"reaches this size; k, M and G are powers of 1024.",
    },
    {0},
};

static const struct opt output_opts[] = {
    {
	.name = "serve",
	.type = OPT_TEXT,
	MEMBER(serve),
	.arg = "[HOST]:PORT",
	.help = "Let programs connect to this TCP port, at the loopback "
		"address unless HOST is given, and send each a savefile of its "
		"own from then on. Also without -w, or as -w "
		"tcp-listen:[HOST]:PORT. Port 0: any that is free.",
    },
    {
	.name = "print",
	.type = OPT_FLAG,
	MEMBER(print),
	.help = "Also print packets when -w is given.",
    },
    {0},
};

static const struct opt other_opts[] = {
    {
	.name = "json-summary",
	.type = OPT_TEXT,
	MEMBER(json_summary),
	.arg = "FILE",
	.fallback = "-",
	.values = opt_values_files,
	.help = "At the end, write a JSON object with the counters to FILE, to "
		"a descriptor (fd:N), or to standard output (default).",
    },
    {
	.name = "write-buffer",
	.type = OPT_SIZE,
	MEMBER(write_buffer),
	.arg = "SIZE",
	.min = 1 << 16,
	.max = INT64_MAX,
	.help = "Memory for packets that the output (-w) has not yet taken, "
		"allocated as it is needed. When it is full, packets wait in "
		"the kernel buffer, which may drop some. Default: 64M.",
    },
    {
	.name = "order-window",
	.type = OPT_DURATION,
	MEMBER(order_window),
	.arg = "DURATION",
	.max = 60 * NS_PER_S,
	.help = "Put the packets of several interfaces in order of time, for "
		"which one waits at most this long. One that comes later is "
		"counted as late. 0: take them as they come. Default: 100ms.",
    },
    {
	.name = "fanout",
	.type = OPT_NUMBER,
	MEMBER(fanout),
	.arg = "N",
	.min = 1,
	.max = 64,
	.help = "Open each interface N times: the kernel spreads the packets "
		"over N buffers by flow, and to another one when a buffer is "
		"full (Linux).",
    },
    {
	.name = "cpu",
	.type = OPT_CALL,
	.arg = "LIST",
	.set = set_cpus,
	.help = "Run on these processors, as in 2,4-7: the capture on the "
		"first, the thread that compresses and writes on the others "
		"(Linux).",
    },
    {
	.name = "priority",
	.type = OPT_WORD,
	MEMBER(priority),
	.arg = "LEVEL",
	.words = priority_words,
	.help = "Take packets from the kernel before other processes run: "
		"before most (high, a nice value of -20) or all (realtime, "
		"SCHED_FIFO). Where that is not permitted, warn and go on "
		"(Linux).",
    },
    {
	.letter = 'O',
	.name = "no-optimize",
	.type = OPT_FLAG,
	MEMBER(no_optimize),
	.help = "Do not optimize the compiled expression.",
    },
    {
	.letter = 'Z',
	.name = "relinquish-privileges",
	.type = OPT_TEXT,
	MEMBER(user),
	.arg = "USER",
	.help = "Switch to USER after opening interfaces and files, "
		"before processing the first packet. Default: the user "
		"who ran sudo. Capabilities are always dropped.",
    },
    {0},
};

const struct opt_group capture_groups[] = {
    {.title = "Interfaces", .opts = interface_opts},
    {.title = "For each interface",
     .opts = per_interface_opts,
     .scope = current},
    {.title = "Remote interfaces",
     .opts = remote_login_opts,
     .scope = current,
     .base = offsetof(struct capture_iface, remote)},
    {.title = "Remote interfaces",
     .opts = remote_sampling_opts,
     .scope = current,
     .base = offsetof(struct capture_iface, remote)},
    {.title = "Selecting packets",
     .opts = select_any_opts,
     .base = offsetof(struct capture_conf, select)},
    {.title = "Selecting packets", .opts = own_select_opts},
    {.title = "Selecting by fields",
     .opts = where_opts,
     .base = offsetof(struct capture_conf, select)},
    {.title = "Stopping", .opts = stop_opts},
    {.title = "Output", .opts = output_opts},
    {.title = "How packets are printed",
     .opts = print_opts,
     .base = offsetof(struct capture_conf, printing)},
    {.title = "Writing savefiles",
     .opts = savefile_opts,
     .base = offsetof(struct capture_conf, savefile)},
    {.title = "Rotating files",
     .opts = rotation_opts,
     .base = offsetof(struct capture_conf, rotation)},
    {.title = "Flight recorder",
     .opts = ring_opts,
     .base = offsetof(struct capture_conf, ring)},
    {.title = "Other", .opts = other_opts},
    {0},
};
