/*
 * A new capture filter without an end of the capture: on SIGHUP the files of -F
 * are read again. A child process compiles, so the capture loop does not wait.
 */
#ifndef CMD_CAPTURE_RELOAD_H
#define CMD_CAPTURE_RELOAD_H

#include "capture/live.h"
#include "cmd/capture_select.h"
#include "os/user.h"

struct reload;

/* Does this interface have a file that can be read again? */
bool capture_reloads(const struct capture_conf *conf,
		     const struct capture_iface *iface);

/*
 * Be ready for SIGHUP: *r stays NULL if no interface has such a file. Call it
 * once the devices are open, and before there are threads. The child process
 * becomes user (NULL: it does not) and gives up its capabilities. Borrows
 * select and live. false: *err says why.
 */
bool reload_open(struct reload **r, const struct capture_select *select,
		 struct live *live, const struct user *user, struct err *err);
void reload_close(struct reload *r);

/* SIGHUP came: start to read. false: it has another meaning, as the terminal
   is gone or nothing can be read again. */
bool reload_hangup(struct reload *r);

/* Go on with what was started; to be called at each tick. What is wrong is
   reported, and the filters stay. Returns when to call again at the latest
   (steady clock, nanoseconds). */
int64_t reload_tick(struct reload *r, int64_t now);

#endif
