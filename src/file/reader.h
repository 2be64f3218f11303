/*
 * One input being read: what the readers of the single formats share. Pull
 * style, so that many inputs can be merged; savefile.c pushes what comes out.
 */
#ifndef FILE_READER_H
#define FILE_READER_H

#include "file/input.h"
#include "file/long_packet.h"
#include "file/savefile.h"
#include "pkt/pipeline.h"

/* Packets in a batch: enough to make calls cheap, few enough to stay in the
   first-level cache. */
#define READER_BATCH 256

/* A captured length beyond this is taken for damage (D-Bus messages, the
   largest packets there are, can be this long). */
#define READER_MAX_CAPLEN ((uint32_t)128 << 20)

enum reader_event {
	READER_PACKETS, /* n of pkts */
	READER_IFACE,	/* iface; comes before its first packet */
	READER_BLOCK,	/* block */
	READER_STATS, /* counters, start_ns, end_ns of interface stats_iface */
	READER_NOTHING, /* go on: only among the functions of a format */
	READER_END,
	READER_FAULT /* err; or, with recover, the end after some faults */
};

struct reader;

struct reader_format {
	const char *name;
	/* Do these bytes, the input's first n (at least 8 if it has them),
	   begin such a file? */
	bool (*probe)(const uint8_t *bytes, size_t n);
	/* Read the file header; false: r->err says why not. */
	bool (*start)(struct reader *r);
	/* The next event; at READER_FAULT r->err is set. */
	enum reader_event (*next)(struct reader *r);
	void (*finish)(struct reader *r);
};

struct reader {
	struct input in;
	struct savefile_options options;
	struct savefile_facts facts;
	const struct reader_format *format; /* NULL: not started */
	void *state;			    /* the format's own */
	uint32_t *turned; /* by interface: the link type, where headers are to
			     be put in this host's byte order */
	size_t n_turned;
	bool no_blocks;	    /* READER_BLOCK is not wanted: long ones may be left
			       unread */
	bool started, good; /* reader_start(): done, and how */
	struct err err;
	struct err first_gap; /* why there is one */

	/* What the last event brought; borrowed until the next one. Interface
	   ids count from 0 over the whole file. */
	struct pkt pkts[READER_BATCH];
	struct pkt_meta metas[READER_BATCH];
	struct long_packet rest; /* of a long packet, alone in its batch */
	size_t n;
	struct iface iface;
	struct block block;
	struct counters counters;
	int64_t start_ns, end_ns;
	uint32_t stats_iface;
};

/* Open path with a window of about size bytes; nothing is read. NULL: *err
   says why (ERR_USAGE). */
struct reader *reader_open(const char *path,
			   const struct savefile_options *options, size_t size,
			   struct err *err);

/* Find the format and read the file header. Done once; later calls return
   what the first one did. false: r->err is set. */
bool reader_start(struct reader *r);

/* The next event, starting the reader if need be. After READER_END and
   READER_FAULT there is no further call but reader_close(). */
enum reader_event reader_next(struct reader *r);

void reader_close(struct reader *r);

/*
 * For formats: the record at offset is faulty. Fills r->err, with the number
 * of the packet that comes next. Returns false.
 */
bool reader_fault(struct reader *r, uint64_t offset, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* For formats: no more bytes come, for the reason that the input has. Fills
   r->err. Returns false. */
bool reader_broken(struct reader *r);

/*
 * For formats, with recover: bytes from..to are passed over, because of
 * r->err, which is cleared. Logged and counted.
 */
void reader_gap(struct reader *r, uint64_t from, uint64_t to);

/* For formats, with recover: the input has ended. READER_END, or READER_FAULT
   with r->err set if there were gaps. */
enum reader_event reader_recovered(struct reader *r);

#endif
