/* Savefile formats as data: one row of formats.def each. */
#ifndef FILE_FORMAT_H
#define FILE_FORMAT_H

#include "file/out.h"
#include "pkt/pipeline.h"

/* What a writer says of itself in the file; text is borrowed until the sink
   is open, NULL leaves it out. */
struct write_options {
	const char *application; /* "pcaptool 1.0 (libpcap 1.10.3)" */
	const char *os, *hardware;
	const char *comment; /* of the section */
	bool quiet;	     /* no notes on what the format cannot say: those of
				the file before it say that */
	bool edited; /* packets were changed or left out: custom data that is
			not to be copied then is left out as well */
	/* pcap: the file has its header, which says this (link type, snapshot
	   length, FCS, byte order) */
	bool resume;
	struct iface has;
};

struct reader_format;

struct format {
	const char *name;     /* as --format takes it */
	const char *title;    /* what it is, in words */
	const char *suffixes; /* of file names: ".pcap .cap", first is usual */
	const struct reader_format *read; /* file/reader.h */
	/* A sink that encodes into out, which it owns from now on (whatever
	   is returned). NULL: *err says why. */
	struct sink *(*write)(struct out *out, const struct write_options *,
			      struct err *);
};

/* All formats; one without a name ends them. */
extern const struct format formats[];

/* The reader of the files that begin with these bytes, the first n of one (at
   least 8 if it has them). NULL: it is none of the formats. */
const struct reader_format *format_by_content(const uint8_t *p, size_t n);

/* The format of that name; of that file name's suffix; NULL: none. */
const struct format *format_by_name(const char *name);
const struct format *format_by_suffix(const char *path);

/* The readers and writers that formats.def names. */
#define FORMAT(name, title, suffixes, read, write)                             \
	extern const struct reader_format read;                                \
	struct sink *write(struct out *, const struct write_options *,         \
			   struct err *);
#include "file/formats.def"
#undef FORMAT

#endif
