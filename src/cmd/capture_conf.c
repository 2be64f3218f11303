/* What the options of `capture` mean together, and whether they go together. */
#include "cmd/capture_opts.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/pcaplib.h"
#include "cmd/capture_stream.h"
#include "cmd/expr_text.h"
#include "os/machine.h"

/* The kernel's buffer by default: a share of the machine's memory. */
#define BUFFER_SHARE 32
#define BUFFER_MAX (UINT64_C(256) << 20)
#define BUFFER_MIN (UINT64_C(2) << 20)

/* With --ring, whose memory is the ring and little more. */
#define BUFFER_RING (UINT64_C(8) << 20)

/* How long the kernel may gather packets before it hands them over, in ms:
   short if they are watched as they come, or waited for to be put in order. */
#define GATHER_MS 100
#define GATHER_ORDER_MS 20
#define GATHER_PROMPT_MS 10

static bool is_regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

bool capture_prints(const struct capture_conf *conf)
{
	return conf->print || !(conf->savefile.path || conf->serve);
}

static bool is_stdout(const char *path)
{
	return path && !strcmp(path, "-");
}

bool capture_takes_stdout(const struct capture_conf *conf)
{
	return is_stdout(conf->savefile.path) || is_stdout(conf->json_summary);
}

bool capture_is_prompt(const struct capture_conf *conf)
{
	struct stat st;

	if (capture_prints(conf) || conf->printing.options.unbuffered ||
	    conf->serve)
		return true;
	if (is_stdout(conf->savefile.path))
		return !is_regular(STDOUT_FILENO);
	return stat(conf->savefile.path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* How many are opened, each with a buffer in the kernel. */
static size_t count_sockets(const struct capture_conf *conf)
{
	const int64_t each = conf->fanout;

	const size_t n = capture_devices(conf);

	return (n ? n : 1) * (each > 1 ? (size_t)each : 1);
}

int capture_gather_ms(const struct capture_conf *conf)
{
	if (capture_is_prompt(conf))
		return GATHER_PROMPT_MS;
	return count_sockets(conf) > 1 && conf->order_window ? GATHER_ORDER_MS
							     : GATHER_MS;
}

uint64_t capture_buffer(const struct capture_conf *conf)
{
	const uint64_t most = conf->ring.size ? BUFFER_RING : BUFFER_MAX;
	uint64_t size = machine_memory() / BUFFER_SHARE;

	if (size > most)
		size = most;
	size /= count_sockets(conf);
	return size < BUFFER_MIN ? BUFFER_MIN : size;
}

int64_t capture_patience(int64_t given)
{
	return given < 0 ? 0 : given ? given : INT64_MAX;
}

bool capture_headers(const struct capture_conf *conf)
{
	return conf->n ? conf->ifaces[0].headers : conf->common.headers;
}

/* What libpcap sets for these needs rights that are gone by then. */
static bool reopen_check(const struct capture_conf *conf,
			 const struct capture_iface *c, struct err *err)
{
	if (c->reopen < 0)
		return true;
	/* the kernel binds no socket that is in a group */
	if (conf->fanout > 1)
		return err_set(err, ERR_USAGE,
			       "options --reopen and --fanout exclude each "
			       "other");
	if (c->monitor)
		return err_set(err, ERR_USAGE,
			       "options --reopen and --monitor-mode exclude "
			       "each other");
	if (c->tstamp_type && !strncmp(c->tstamp_type, "adapter", 7))
		return err_set(err, ERR_USAGE,
			       "option --reopen: the timestamps of an adapter "
			       "cannot be set up again without rights");
	return true;
}

bool capture_conf_check(const struct capture_conf *conf, struct err *err)
{
	size_t i;

	if (!ring_check(conf, err))
		return false;
	if (!conf->ring.size &&
	    !rotation_check(&conf->rotation, conf->savefile.path,
			    conf->savefile.append, err))
		return false;
	if (conf->rotation.stats_interval && !conf->rotation.stats_json)
		return err_set(err, ERR_USAGE,
			       "option --stats-interval: needs --stats-json");
	if (conf->print && is_stdout(conf->savefile.path))
		return err_set(err, ERR_USAGE,
			       "option --print: standard output is taken by "
			       "the savefile (-w -)");
	if (is_stdout(conf->json_summary) &&
	    (capture_prints(conf) || is_stdout(conf->savefile.path)))
		return err_set(err, ERR_USAGE,
			       "option --json-summary: standard output is "
			       "taken by the packets: give a file, or fd:N");
	for (i = 0; i < conf->n || i == 0; i++) {
		const struct capture_iface *c =
		    conf->n ? &conf->ifaces[i] : &conf->common;

		if (c->headers != capture_headers(conf))
			return err_set(err, ERR_USAGE,
				       "option -s headers must be the same for "
				       "all interfaces");
		if (c->nano && c->micro)
			return err_set(err, ERR_USAGE,
				       "options --micro and "
				       "--nano exclude each "
				       "other");
		if (!reopen_check(conf, c, err))
			return false;
		if (c->nano && !pcaplib_need(set_tstamp_precision, err))
			return false;
	}
	return true;
}

bool capture_filter(const struct capture_iface *c, const struct args *args,
		    struct str *filter, struct err *err)
{
	struct str file = STR_INIT, words = STR_INIT;
	bool good = true;

	if (c->filter)
		expr_text_and(filter, c->filter);
	if (c->filter_file) {
		good = expr_text_file(&file, c->filter_file, err);
		expr_text_and(filter, str_text(&file));
		str_fini(&file);
	}
	expr_text_words(&words, args->operands, args->n);
	expr_text_and(filter, str_text(&words));
	if (good && (words.failed || filter->failed))
		good = err_nomem(err, "expression");
	str_fini(&words);
	return good;
}
