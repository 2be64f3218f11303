/* Interfaces of other machines: the options, and whose password it is. */
#include "cmd/remote_opts.h"

#include <stddef.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "os/password.h"

#define MEMBER(name) .member = offsetof(struct remote_conf, name)

const struct opt remote_login_opts[] = {
    {
	.name = "remote-user",
	.type = OPT_TEXT,
	MEMBER(user),
	.arg = "NAME",
	.help = "Log in to the remote capture server as this user. Default: "
		"without a name.",
    },
    {
	.name = "remote-password-file",
	.type = OPT_TEXT,
	MEMBER(password_file),
	.arg = "FILE",
	.values = opt_values_files,
	.help = "The user's password is the first line of FILE. Default: the "
		"terminal is asked. It goes over the network as it is, "
		"except to rpcaps://.",
    },
    {0},
};

const struct opt remote_sampling_opts[] = {
    {
	.name = "remote-sampling",
	.type = OPT_TEXT,
	MEMBER(sampling),
	.arg = "1/N|DURATION",
	.help = "Ask the server for every Nth packet, or for one in each "
		"DURATION at most. Servers on Windows do so; those on Linux "
		"send all packets.",
    },
    {0},
};

static bool read_sampling(const char *text, struct remote_options *o,
			  struct err *err)
{
	uint64_t n;
	int64_t ns;

	if (!strncmp(text, "1/", 2) && num_u64(text + 2, &n) && n > 0 &&
	    n <= INT32_MAX) {
		o->sample_packets = (uint32_t)n;
		return true;
	}
	if (num_duration(text, &ns) && ns >= NS_PER_MS &&
	    ns / NS_PER_MS <= INT32_MAX) {
		o->sample_ms = (uint32_t)(ns / NS_PER_MS);
		return true;
	}
	return err_set(err, ERR_USAGE,
		       "option --remote-sampling: '%s' is neither of the form "
		       "1/N nor a duration of 1ms and more",
		       text);
}

static char *ask(const char *user, const char *device, struct err *err)
{
	struct str prompt = STR_INIT;
	char *password;

	str_printf(&prompt, "Password of %s for %s: ", user, device);
	password = password_ask(str_text(&prompt), err);
	str_fini(&prompt);
	return password;
}

bool remote_conf_read(const struct remote_conf *conf, const char *device,
		      struct remote_options *options, char **password,
		      struct err *err)
{
	const char *given = conf->user		  ? "remote-user"
			    : conf->password_file ? "remote-password-file"
			    : conf->sampling	  ? "remote-sampling"
						  : NULL;

	*options = (struct remote_options){.user = conf->user};
	*password = NULL;
	if (given && !remote_is(device))
		return err_set(err, ERR_USAGE,
			       "option --%s: '%s' is not a remote interface "
			       "(rpcap://HOST/IFACE)",
			       given, device);
	if (conf->password_file && !conf->user)
		return err_set(err, ERR_USAGE,
			       "option --remote-password-file requires "
			       "--remote-user");
	if (conf->sampling && !read_sampling(conf->sampling, options, err))
		return false;
	if (!conf->user)
		return true;
	*password = conf->password_file
			? password_read(conf->password_file, err)
			: ask(conf->user, device, err);
	options->password = *password;
	return *password;
}
