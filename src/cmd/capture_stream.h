/*
 * What a capture reads in place of an interface: a savefile from standard input
 * (-i -), from a FIFO, or from a TCP connection (-i tcp://HOST:PORT).
 */
#ifndef CMD_CAPTURE_STREAM_H
#define CMD_CAPTURE_STREAM_H

#include "capture/live.h"
#include "cmd/capture_select.h"

struct capture_streams;

/* Move the streams among what -i names to the end, in their order, and count
   them: conf->n_streams. false: what is named is neither, or options do not go
   with a stream; *err says why (ERR_USAGE). */
bool capture_streams_find(struct capture_conf *conf, const struct args *args,
			  struct err *err);

/* How many devices there are to open besides them. */
size_t capture_devices(const struct capture_conf *conf);

/*
 * Open and connect them, and understand their filters; no threads may run yet.
 * cancel: a descriptor that ends the wait for connections when it becomes
 * readable. The arguments are borrowed. Sets *to, NULL if there are none.
 * false: *err says why.
 */
bool capture_streams_open(struct capture_streams **to,
			  const struct capture_conf *conf,
			  const struct capture_select *select, int cancel,
			  struct err *err);

/* What stands for stream i in file names. */
const char *capture_streams_label(const struct capture_streams *, size_t i);

/* Have them read by the live source, which is to be closed before them. */
bool capture_streams_add(struct capture_streams *, struct live *live,
			 struct err *err);

/* NULL is allowed. */
void capture_streams_close(struct capture_streams *);

#endif
