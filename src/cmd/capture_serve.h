/* A capture that readers connect to: -w tcp-listen:[HOST]:PORT, or --serve. */
#ifndef CMD_CAPTURE_SERVE_H
#define CMD_CAPTURE_SERVE_H

#include "cmd/capture_opts.h"
#include "file/serve.h"

struct capture_serve;

/* Take -w tcp-listen: as --serve. false: the options do not go together; *err
   says why (ERR_USAGE). */
bool capture_serve_find(struct capture_conf *conf, struct err *err);

/* Listen; the options are borrowed. Sets *to, NULL if that is not asked for.
   false: *err says why. */
bool capture_serve_open(struct capture_serve **to,
			const struct capture_conf *conf, struct err *err);

/* The sink for packets: whoever takes it closes it, before the rest. */
struct sink *capture_serve_sink(struct capture_serve *);

/* The privileges are dropped: begin to accept readers. NULL: nothing to do. */
bool capture_serve_start(struct capture_serve *, struct err *err);

/* The counts so far, also after the sink was closed; NULL without any. */
const struct serve_counts *capture_serve_counts(struct capture_serve *);

/* NULL is allowed. */
void capture_serve_close(struct capture_serve *);

#endif
