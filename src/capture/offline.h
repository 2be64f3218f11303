/*
 * Savefiles through libpcap's own functions: the second opinion beside this
 * program's readers and writers.
 */
#ifndef CAPTURE_OFFLINE_H
#define CAPTURE_OFFLINE_H

#include "pkt/pipeline.h"

/*
 * A source that reads a savefile ("-": standard input) through libpcap, with
 * nanoseconds where the library can. libpcap knows one interface. NULL: *err
 * holds libpcap's reason (ERR_USAGE).
 */
struct source *offline_open(const char *path, struct err *err);

struct offline_options {
	bool nanoseconds; /* else microseconds */
	bool append;	  /* to a file that exists */
	bool force;	  /* overwrite it */
};

/*
 * A sink that writes a pcap file ("-": standard output) through libpcap; made
 * when the first interface tells the link type. All interfaces must have the
 * same one. NULL: *err says why.
 */
struct sink *offline_create(const char *path, const struct offline_options *,
			    struct err *err);

#endif
