/* Making a new savefile. */
#ifndef FILE_CREATE_H
#define FILE_CREATE_H

#include "file/codec.h"
#include "file/format.h"
#include "file/out.h"

struct create_options {
	const struct format *format; /* NULL: by suffix, else pcapng */
	const struct codec *codec;   /* NULL: by suffix, unless plain */
	bool plain;		     /* never packed */
	bool force;		     /* os/outfile.h */
	bool private;		     /* for its owner alone */
	bool append;		     /* add to a file that exists */
	bool own;		     /* which was made in this run */
	const char *const *inputs;   /* it can be none of these */
	size_t n_inputs;
	bool whole; /* under a temporary name until it is complete */
	bool
	    salvage; /* with whole: named also if it is not all (out_salvage) */
	bool sync;   /* with whole: named only once it is on the disk */
	bool prompt; /* packed packets do not wait for more */
	struct write_queue *queue; /* out_queue(); NULL: none */
	bool ahead; /* a large file is written by a thread of its own */
	bool (*full)(void *arg); /* out_when_full(); NULL */
	void *full_arg;
	struct write_options write;
};

/*
 * A sink that writes packets to a new file at path ("-": standard output). A
 * file that exists is refused without force or append; os/outfile.h has what is
 * written to.
 *
 * With whole, a file appears under its name when the sink is closed and all is
 * written; else nothing is left of it. With append, the file must be sound, and
 * what is added is of its format, byte order and compression, unless others
 * were asked for, which is an error; a pcap file must have the link type of
 * what is added too. NULL: *err says why.
 */
struct sink *savefile_create(const char *path, const struct create_options *,
			     struct err *err);

/* The format of a new file of that name, if none is asked for. */
const struct format *savefile_format(const char *path);

/*
 * A file other than a savefile: it appears under its name when it is closed and
 * all is written; devices, pipes and standard output ("-") are written to as
 * they are. false: *err says why; out_close() is due nevertheless, with
 * out->failed set.
 */
bool file_create(struct out *out, const char *path, bool force,
		 struct err *err);

/* Bytes so far in the savefile of such a sink, buffered ones
   included. */
uint64_t savefile_size(const struct sink *);

/* Wait until its size is known: a thread may have yet to pack some of it. */
void savefile_settle(struct sink *);

/* Have *end filled in when such a sink is closed: with packets that are in the
   savefile, without those that a write that failed has lost. */
void savefile_count(struct sink *, struct out_end *end);

/* Have closed called when such a sink is closed and its file has its name: with
   a queue by its thread, and closing it does not wait, nor tell of errors. */
void savefile_when_closed(struct sink *, out_closed *closed, void *arg);

/* Have all packets so far on the disk. false: it failed, *err says why. */
bool savefile_sync(struct sink *, struct err *err);

/* Keep nothing back at the next flush, not even for larger frames of what is
   packed. NULL: there is none. */
void savefile_hurry(struct sink *);

/* The descriptor that such a sink writes to, to look at. */
int savefile_fd(const struct sink *);

/* Make the file (not a pipe or a device) belong to that user and group: for a
   process that is about to become that user. */
bool savefile_chown(struct sink *, unsigned uid, unsigned gid, struct err *);

#endif
