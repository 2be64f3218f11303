/* The devices of a capture, as the options and their defaults describe them. */
#ifndef CMD_CAPTURE_PLAN_H
#define CMD_CAPTURE_PLAN_H

#include "capture/devices.h"
#include "capture/live.h"
#include "cmd/capture_opts.h"
#include "cmd/capture_select.h"

struct capture_plan {
	struct live_device *devices;
	char **names; /* what options.device points to, one a device; then what
			 stands for streams */
	size_t n, n_names;
	struct str *filters;  /* what options.filter points to */
	char **passwords;     /* what options.remote points to */
	struct devices known; /* for what is written about the interfaces */
};

/*
 * All zeros at first; the names of streams are left to capture_plan_stream().
 * The arguments are borrowed. false: *err says why. Either way call
 * capture_plan_fini().
 */
bool capture_plan_devices(struct capture_plan *plan,
			  const struct capture_conf *conf,
			  const struct capture_select *select,
			  const struct args *args, struct err *err);

/* Copy what stands for stream i. */
bool capture_plan_stream(struct capture_plan *plan, size_t i, const char *name,
			 struct err *err);

void capture_plan_fini(struct capture_plan *plan);

#endif
