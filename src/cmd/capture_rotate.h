/* The rotation of a capture's savefiles, and what is done with each finished
   file. */
#ifndef CMD_CAPTURE_ROTATE_H
#define CMD_CAPTURE_ROTATE_H

#include "cmd/capture_meter.h"
#include "cmd/rotation_opts.h"
#include "cmd/savefile_opts.h"
#include "file/rotate.h"

/* Whose packets the files get. */
struct rotation_source {
	struct live *live;
	const struct matched *matched; /* NULL: nothing selects */
	char *const *names;	       /* of the devices, then of streams */
	size_t n, n_names;	       /* devices, and both */
	struct write_queue *queue;     /* to the files */
	struct stats_lines *lines;     /* about them; NULL: none */
	bool prompt; /* each packet is to be in the file at once */
};

struct rotation;

/* Check the names, and open what the options name but the savefiles. The
   arguments are borrowed. NULL: *err says why. */
struct rotation *rotation_open(const struct rotation_conf *conf,
			       const struct savefile_conf *savefile,
			       const struct rotation_source *source,
			       struct err *err);

/* Before the sandbox: leave what runs for finished files outside. NULL: there
   is none. */
bool rotation_guard(struct rotation *, struct err *err);

/* The sink that rotates: whoever takes it closes it, before the rotation. */
struct rotate *rotation_files(struct rotation *);

/* Without a rotation (NULL) these do nothing, and SIGHUP ends the run. */

/* SIGHUP: begin a new file. false: the run is to end, as its terminal is
   gone. */
bool rotation_hangup(struct rotation *);

/* Do what is due. Sets *over at the end; returns when there is something to do
   next (steady clock). */
int64_t rotation_tick(struct rotation *, int64_t now, bool *over);

/* Keep nothing back at the next flush. */
void rotation_hurry(struct rotation *);

/* A child has ended: it may be a command for a file. */
void rotation_reap(struct rotation *);

/*
 * After the sink was closed: wait for the commands that are left, until a
 * signal says that all is to end, and free all. NULL: there is none.
 */
void rotation_close(struct rotation *);

#endif
