/*
 * One device opened for capture: its options, its filter, its counters. The
 * source over several of them is live.h.
 */
#ifndef CAPTURE_HANDLE_H
#define CAPTURE_HANDLE_H

#include "base/err.h"
#include "base/str.h"
#include "capture/pcaplib.h"
#include "capture/remote.h"
#include "os/links.h"
#include "pkt/pkt.h"
#include "pkt/program.h"

enum capture_direction { CAPTURE_INOUT, CAPTURE_IN, CAPTURE_OUT };

/* How to open a device. Text is borrowed for as long as the handle is open. */
struct handle_options {
	/* libpcap's name of it, or an interface in another network namespace
	   (os/netns.h) */
	const char *device;
	const char *filter; /* expression; NULL: none */
	/* A program that packets must match, too, checked for the kernel; NULL:
	   none. It is for this LINKTYPE_ number; UINT32_MAX: for any. */
	const struct program *program;
	uint32_t program_linktype;
	bool replaceable; /* handle_replace_filter() may be called */
	bool no_optimize;
	bool no_promiscuous, monitor, immediate;
	bool micro;	  /* microseconds, even if the library can do more */
	uint32_t snaplen; /* 0: the largest */
	uint64_t buffer;  /* bytes of the kernel's buffer; 0: the library's */
	int timeout_ms;	  /* how long the kernel may gather packets */
	enum capture_direction direction;
	/* Share the device's packets with other handles. The first one, of
	   group 0, begins a group, whose number its options have then. */
	bool fanout;
	uint32_t fanout_group;
	const char *linktype;	      /* libpcap's name; NULL: the device's */
	const char *tstamp_type;      /* libpcap's name; NULL: the default */
	struct remote_options remote; /* of a device of another machine */
	/* How long to wait for a device that is not there (wait.h); 0: not at
	   all, INT64_MAX: without limit */
	int64_t wait_ns;
	/* The same for one that vanishes while it is captured (reopen.h) */
	int64_t reopen_ns;
	bool one_linktype; /* it may not come back with another link type */
};

struct handle {
	struct handle_options options;
	pcap_t *pcap;
	struct remote *remote; /* reads from it; NULL: it is of this machine */
	int fd; /* to poll; -1: only pcap_get_required_select_timeout */
	int dlt;
	uint32_t linktype, snaplen;
	bool nano;
	bool loopback;
	bool absent;	     /* not opened: it does not exist, or is down */
	bool any;	     /* the pseudo-device of all interfaces */
	bool says_left_out;  /* the filter says what libpcap leaves out */
	uint32_t netmask;    /* of the device, for filters */
	bool drops_known;    /* the interface's own drop counter is read */
	struct links *links; /* knows the interface; NULL: not needed */
	struct link_state
	    link; /* what that said of it last; .index 0: nothing */
	struct program current; /* what replaced the filter; empty: nothing */
	struct counters sums;	/* delivered is kept by who dispatches */
	uint64_t held;		/* dispatched, and not delivered yet; as well */
	struct pcap_stat last;	/* what the sums already hold */
};

/*
 * Open and activate. false: *err says why; ERR_USAGE where the options are at
 * fault, and a hint where a right is missing. Warnings of the library are
 * logged.
 */
bool handle_open(struct handle *h, const struct handle_options *options,
		 struct err *err);
void handle_close(struct handle *h);

/* Before the first packet is asked for, and when rights are given up: start the
   thread of a remote one. */
bool handle_begin(struct handle *h, struct err *err);

/* Append the text to compile for this filter expression, which has what the
   handle adds to it. */
void handle_filter_text(const struct handle *h, const char *filter,
			struct str *text);

/*
 * Take what program accepts, which was compiled from such a text for this
 * handle, in place of the filter in force (options.replaceable). Packets that
 * both accept are not lost, as long as the kernel runs both; those that are in
 * the buffer stay. false: *err says why, and the filter stays.
 */
bool handle_replace_filter(struct handle *h, const struct program *program,
			   struct err *err);

/*
 * Bring sums up to date. libpcap's counters are 32 bits wide: call this at
 * least once while 2^32 packets pass. A counter that cannot be told becomes
 * COUNT_UNKNOWN.
 */
void handle_count(struct handle *h);

/* As pcap_dispatch(), without waiting. */
int handle_dispatch(struct handle *h, int count, pcap_handler handler,
		    u_char *user);

/* pcap_breakloop(), from within a handler. */
void handle_break(struct handle *h);

/* Let a handle that was opened with the same options have the filter that the
   old one has. false: *err says why not. */
bool handle_take_over_filter(struct handle *h, const struct handle *old,
			     struct err *err);

/* Let no further packet into the kernel's buffer; what is in there stays. */
void handle_stop_taking(struct handle *h);

/* Does the kernel report packets in its buffer? */
bool handle_has_more(struct handle *h);

/* Is the interface still there, by another name? That is put at name
   (IF_NAMESIZE bytes). */
bool handle_renamed(const struct handle *h, char *name);

/* Does libpcap want to be called even if the descriptor stays silent? It does
   so after an interface went down, to see whether it is gone. Returns after how
   many milliseconds; -1: no. */
int handle_required_ms(const struct handle *h);

/* libpcap's last word on this handle. */
const char *handle_error(const struct handle *h);

#endif
