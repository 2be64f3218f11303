/*
 * A savefile for everyone who connects: each reader gets one of its own, from
 * its connection on. A thread accepts and sends, so that no reader is ever
 * waited for; one that is too slow loses whole packets, which are counted.
 */
#ifndef FILE_SERVE_H
#define FILE_SERVE_H

#include "file/format.h"
#include "os/tcp.h"

/* So many readers at once. */
#define SERVE_MOST 64

struct serve_reader {
	char name[TCP_NAME]; /* host:port */
	uint64_t packets;    /* put on the way to it */
	uint64_t dropped;    /* that it had no room for */
};

struct serve_counts {
	uint64_t readers; /* that have connected */
	uint64_t dropped; /* for all of them */
	size_t n;	  /* of them are connected: */
	struct serve_reader reader[SERVE_MOST];
};

struct serve_options {
	const struct format *format;
	struct write_options write; /* borrowed */
	uint64_t limit;		    /* bytes that may wait for one reader */
	bool notes;		    /* log_note() each that comes and goes */
	/* Called when the sink is closed, with the last counts. */
	void (*closed)(void *arg, const struct serve_counts *);
	void *arg;
};

struct serve;

/* Serve at a listening socket, which is taken over whatever happens. NULL: *err
   says why. */
struct serve *serve_open(int fd, const struct serve_options *options,
			 struct err *err);

/* Start the thread, with the caller's privileges. false: *err says why. */
bool serve_start(struct serve *s, struct err *err);

/*
 * The sink for packets, which owns the rest. Closing it waits until the readers
 * have everything, for two seconds at most, and not for one that takes nothing
 * for half a second: what it has not taken counts as dropped.
 */
struct sink *serve_sink(struct serve *s);

void serve_count(struct serve *s, struct serve_counts *counts);

#endif
