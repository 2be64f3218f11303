/* The options of `capture`: which interfaces, what of them, until when. */
#include "cmd/capture_opts.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "capture/handle.h"
#include "cmd/interfaces.h"

const struct capture_conf capture_defaults = {
    .savefile = SAVEFILE_DEFAULTS,
    .printing = PRINT_DEFAULTS,
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
			       "'%s' is no buffer size: KiB, or a number with "
			       "k, M or G, below 2G",
			       value);
	iface->buffer = plain ? size * 1024 : size;
	return true;
}

void capture_conf_fini(void *conf)
{
	free(((struct capture_conf *)conf)->ifaces);
}

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
	.help = "Capture on this interface: a name, a number of 'pcaptool "
		"list', or any for all at once. May be given several times; "
		"the options of this group that stand behind it are for it "
		"alone, those before the first one are for all. The default "
		"is the first one that is up and no loopback.",
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
	.help = "Only packets that match this expression (pcap-filter(7)), "
		"and the EXPRESSION among the operands if there is one.",
	.values = opt_values_expression,
    },
    {
	.letter = 'F',
	.name = "filter-file",
	.type = OPT_TEXT,
	MEMBER(filter_file),
	.arg = "FILE",
	.values = opt_values_files,
	.help = "Only packets that match the expression in FILE, where # "
		"starts a comment.",
    },
    {
	.letter = 's',
	.name = "snapshot-length",
	.type = OPT_NUMBER,
	MEMBER(snaplen),
	.arg = "N",
	.max = 262144,
	.help = "Keep at most N bytes of each packet; 0, the default, keeps "
		"all (262144).",
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
		"names those that it has.",
	.values = linktype_values,
    },
    {
	.letter = 'j',
	.name = "time-stamp-type",
	.type = OPT_TEXT,
	MEMBER(tstamp_type),
	.arg = "TYPE",
	.help = "Take time stamps of this type; 'pcaptool list -i IFACE -J' "
		"names those that it has.",
	.values = tstamp_type_values,
    },
    {
	.letter = 'B',
	.name = "buffer-size",
	.type = OPT_CALL,
	.arg = "SIZE",
	.set = set_buffer,
	.help = "The kernel's buffer in KiB, or with a unit: k, M or G. The "
		"default goes by the machine's memory: a 32nd of it, from 2 "
		"to 256 MiB, shared by all interfaces.",
    },
    {
	.letter = 'Q',
	.name = "direction",
	.type = OPT_WORD,
	MEMBER(direction),
	.arg = "WHICH",
	.words = direction_words,
	.help = "Only packets that come in, that go out, or (the default) "
		"both: in, out or inout.",
    },
    {
	.name = "immediate-mode",
	.type = OPT_FLAG,
	MEMBER(immediate),
	.help = "Take every packet as soon as it arrives, which costs more "
		"than taking many at once.",
    },
    {
	.name = "micro",
	.type = OPT_FLAG,
	MEMBER(micro),
	.help = "Time stamps in microseconds. The default is nanoseconds "
		"where libpcap has them.",
    },
    {
	.name = "nano",
	.type = OPT_FLAG,
	MEMBER(nano),
	.help = "Time stamps in nanoseconds, or none at all: fail where they "
		"cannot be had.",
    },
    {0},
};

#undef MEMBER
#define MEMBER(name) .member = offsetof(struct capture_conf, name)

static const struct opt stop_opts[] = {
    {
	.letter = 'c',
	.name = "max-packets",
	.type = OPT_NUMBER,
	MEMBER(count),
	.arg = "N",
	.min = 1,
	.max = INT64_MAX,
	.help = "Stop after N packets.",
    },
    {
	.name = "for",
	.type = OPT_DURATION,
	MEMBER(duration),
	.arg = "DURATION",
	.min = 1,
	.max = INT64_MAX,
	.help = "Stop after this time, whether packets come or not: a number "
		"with ms, s, m, h or d.",
    },
    {
	.name = "max-bytes",
	.type = OPT_SIZE,
	MEMBER(max_bytes),
	.arg = "SIZE",
	.min = 1,
	.max = INT64_MAX,
	.help = "Stop when the savefile (without one: the captured bytes) "
		"has reached this size; k, M and G are powers of 1024.",
    },
    {0},
};

static const struct opt output_opts[] = {
    {
	.name = "print",
	.type = OPT_FLAG,
	MEMBER(print),
	.help = "Print a line for each packet although -w is given; without "
		"-w that is the default.",
    },
    {0},
};

static const struct opt right_opts[] = {
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
	.help = "Become USER once all is open, before the first packet is "
		"looked at. The default is the user who called sudo; "
		"capabilities are given up in any case.",
    },
    {0},
};

const struct opt_group capture_groups[] = {
    {.title = "Interfaces", .opts = interface_opts},
    {.title = "For each interface",
     .opts = per_interface_opts,
     .scope = current},
    {.title = "Stopping", .opts = stop_opts},
    {.title = "Printing", .opts = output_opts},
    {.title = "How packets are printed",
     .opts = print_opts,
     .base = offsetof(struct capture_conf, printing)},
    {.title = "Writing savefiles",
     .opts = savefile_opts,
     .base = offsetof(struct capture_conf, savefile)},
    {.title = "Other", .opts = right_opts},
    {0},
};
