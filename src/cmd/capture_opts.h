/* The options of `capture`, and the config that they write. */
#ifndef CMD_CAPTURE_OPTS_H
#define CMD_CAPTURE_OPTS_H

#include "cmd/command.h"
#include "cmd/print_opts.h"
#include "cmd/remote_opts.h"
#include "cmd/ring_opts.h"
#include "cmd/rotation_opts.h"
#include "cmd/savefile_opts.h"
#include "cmd/select_opts.h"
#include "os/scheduling.h"

/* What can be said for each interface on its own. */
struct capture_iface {
	const char *name; /* as given: a name or a number; NULL: the default */
	const char *filter, *filter_file;
	const char *linktype, *tstamp_type;
	int64_t snaplen; /* 0: all of each packet */
	bool headers;	 /* -s headers */
	uint64_t buffer; /* bytes; 0: by the machine's memory */
	int direction;	 /* enum capture_direction */
	int64_t wait;	 /* for it to appear; 0: without limit, -1: not */
	int64_t reopen;	 /* the same when it vanished */
	bool no_promiscuous, monitor, immediate, micro, nano;
	struct remote_conf remote;
};

struct capture_conf {
	struct capture_iface common; /* what is said before the first -i */
	struct capture_iface *ifaces;
	size_t n;
	size_t n_streams; /* the last ones, of these (capture_stream.h) */
	struct select_conf select; /* of all captured packets */
	struct savefile_conf savefile;
	struct rotation_conf rotation;
	struct ring_conf ring;
	struct print_conf printing;
	bool print, no_optimize, not_me;
	int64_t count;	  /* 0: no limit */
	int64_t duration; /* nanoseconds; 0: no limit */
	uint64_t max_bytes;
	uint64_t write_buffer;
	int64_t order_window; /* nanoseconds; 0: packets as they come */
	const char *user;     /* -Z */
	int64_t fanout;	      /* sockets for each interface; 0: one */
	struct cpu_list cpus;
	int priority;		  /* enum scheduling_priority; -1: as it is */
	const char *json_summary; /* where to; NULL: nowhere */
	const char *serve;	  /* [HOST]:PORT for readers; NULL: none */
};

extern const struct capture_conf capture_defaults;
extern const struct opt_group capture_groups[];

/* Do the options go together, and can the library do what they ask for? */
bool capture_conf_check(const struct capture_conf *conf, struct err *err);

/* Are packets printed? */
bool capture_prints(const struct capture_conf *conf);

/* Is standard output for data alone: the savefile or the summary? */
bool capture_takes_stdout(const struct capture_conf *conf);

/* Are packets watched as they come? */
bool capture_is_prompt(const struct capture_conf *conf);

/* How long the kernel may gather packets before it hands them over, in ms. */
int capture_gather_ms(const struct capture_conf *conf);

/* Bytes of the kernel's buffer for each socket, by default. */
uint64_t capture_buffer(const struct capture_conf *conf);

/* How long to wait, as handle_options have it, for what an option gave. */
int64_t capture_patience(int64_t given);

/* Is each packet to be cut after its headers (-s headers)? */
bool capture_headers(const struct capture_conf *conf);

/* Append the expression for one interface: its own, its file's, the
   operands. */
bool capture_filter(const struct capture_iface *c, const struct args *args,
		    struct str *filter, struct err *err);

/* Frees what the rows made. */
void capture_conf_fini(void *conf);

#endif
