/*
 * Printing packets: what the user may choose, and the sinks that do it.
 * Each presentation is one file beside this one (outputs.def lists them).
 */
#ifndef OUTPUT_PRINT_H
#define OUTPUT_PRINT_H

#include <stdbool.h>

#include "pkt/flow.h"

/* The printing options of the command line. All zero: the defaults. */
struct print_options {
	int verbose;	   /* -v: how often given */
	int time;	   /* -t: how often given, as in tcpdump (0-5) */
	int hex;	   /* -x, -xx */
	int hex_text;	   /* -X, -XX */
	int ascii;	   /* -A, -AA */
	int digits;	   /* of a second's fraction: 9, else 6 */
	bool utc;	   /* --utc: not in the local time zone */
	bool link;	   /* -e: the link-layer header too */
	bool names;	   /* -N: names for addresses, ports and protocols */
	bool number;	   /* -#: packet numbers */
	bool quick;	   /* -q: less about each protocol */
	bool absolute_seq; /* -S: TCP sequence numbers as they are */
	bool unbuffered;   /* -l, -U: each packet reaches the output at once */
	/* For packets captured on all interfaces at once: the name of this
	   host's interface with that index, or NULL. May be NULL. */
	const char *(*iface_name)(uint32_t index);
};

/*
 * A sink that prints one line per packet to fd, in the shape of tcpdump's
 * lines. Lines are collected and written in large pieces; flush() writes what
 * there is. A write that fails is ERR_OUTPUT; a reader that has gone away
 * (EPIPE) is a silent STOP. fd stays the caller's; options are copied.
 * NULL: *err says why.
 */
struct sink *text_sink_open(const struct print_options *options, int fd,
			    struct err *err);

#endif
