/* Options about interfaces of other machines. */
#ifndef CMD_REMOTE_OPTS_H
#define CMD_REMOTE_OPTS_H

#include "capture/remote.h"
#include "cmd/opt.h"

struct remote_conf {
	const char *user, *password_file, *sampling;
};

/* Who asks; and for captures, which of the packets. */
extern const struct opt remote_login_opts[], remote_sampling_opts[];

/*
 * What to ask the server of this device for, with the password from the file or
 * the terminal: it is set apart for password_free(). A device of this machine
 * takes none of the options. false: *err says why.
 */
bool remote_conf_read(const struct remote_conf *conf, const char *device,
		      struct remote_options *options, char **password,
		      struct err *err);

#endif
