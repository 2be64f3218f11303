/*
 * Savefiles as sources: any number of files of any format that is known,
 * packed or not, from the disk or a pipe.
 *
 * A fault in a file ends that file: all packets before it have been delivered,
 * and source_run() returns false with the file, the offset (in the unpacked
 * bytes), the number of the packet at fault and the reason. What is odd
 * but harmless is reported once by log_note().
 */
#ifndef FILE_SAVEFILE_H
#define FILE_SAVEFILE_H

#include <stddef.h>

#include "base/err.h"
#include "pkt/pipeline.h"

struct savefile_options {
	bool concat;  /* inputs one after the other, else merged by time */
	bool recover; /* after damage go on with the next plausible packet */
	/* At its end wait for the file to grow, until stopped or the file is
	   removed; go on with another of its name, or from the start if it was
	   cut. One file that is not packed. */
	bool follow;
	bool single; /* no threads at all (for tests) */
	/* One input that comes as a stream: its first byte is waited for, and
	   like those of several inputs its interfaces are one section. */
	bool stream;
	int fd; /* of it, closed with it, path being its name; -1: path is to
		   be opened */
};

#define SIZE_UNKNOWN UINT64_MAX

/* What is known of one input; grows while it is read. */
struct savefile_facts {
	const char *path;	  /* as given */
	const char *format;	  /* "pcap", "pcapng"; NULL: not known yet */
	const char *compression;  /* "none", "gzip", ...; NULL: not known yet */
	unsigned major, minor;	  /* version of the format */
	bool big_endian;	  /* of the first section */
	bool nanoseconds;	  /* pcap with nanosecond time stamps */
	bool modified;		  /* pcap with longer record headers */
	bool padded;		  /* zeros follow what is compressed, so far */
	uint64_t size;		  /* of the file; SIZE_UNKNOWN: a pipe */
	uint64_t packed;	  /* bytes taken from the file so far */
	uint64_t bytes;		  /* of these, unpacked, understood so far */
	uint64_t packets;	  /* so far */
	uint32_t sections;	  /* pcapng: so far; else 1 */
	uint32_t ifaces;	  /* so far, over all sections */
	uint64_t gaps, gap_bytes; /* passed over with recover */
};

/*
 * Open one savefile, "-" for standard input. Only opens: the first byte is
 * read by source_run(), or by savefile_probe(). options may be NULL. Returns
 * NULL and fills *err (ERR_USAGE) when it cannot be opened.
 */
struct source *savefile_open(const char *path,
			     const struct savefile_options *options,
			     struct err *err);

/*
 * Open n savefiles as one source, merged by time unless options say otherwise.
 * Interfaces with the same name, link type, snap length and resolution become
 * one; packets are numbered from 1 again. A faulty input ends, the others go
 * on; the first fault is what source_run() returns, further ones are logged.
 */
struct source *savefiles_open(const char *const *paths, size_t n,
			      const struct savefile_options *options,
			      struct err *err);

/* Read the header of every input now and fill in the first facts. false:
   one is not a savefile (ERR_USAGE). May be left out. */
bool savefile_probe(struct source *source, struct err *err);

/* How many inputs a source of savefile_open() or savefiles_open() has (other
   sources: 0), and the facts of one. Borrowed, good until the source is closed.
 */
size_t savefile_inputs(const struct source *source);
const struct savefile_facts *savefile_facts(const struct source *source,
					    size_t input);

#endif
