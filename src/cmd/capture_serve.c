/* The readers of a capture. */
#include "cmd/capture_serve.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#include <config.h>

struct capture_serve {
	struct serve *serve; /* NULL: its sink is closed */
	bool taken;	     /* the sink has an owner */
	struct serve_counts counts;
};

/* ---- options ---- */

bool capture_serve_find(struct capture_conf *conf, struct err *err)
{
	const size_t n = strlen(SAVEFILE_LISTEN);
	struct tcp_address address;

	if (conf->savefile.path &&
	    !strncmp(conf->savefile.path, SAVEFILE_LISTEN, n)) {
		if (conf->serve)
			return err_set(err, ERR_USAGE,
				       "options -w " SAVEFILE_LISTEN " and "
				       "--serve exclude each other");
		conf->serve = conf->savefile.path + n;
		conf->savefile.path = NULL;
	}
	if (!conf->serve)
		return true;
	if (!tcp_address(conf->serve, &address))
		return err_set(err, ERR_USAGE,
			       "cannot listen on '%s': expected [HOST]:PORT, "
			       "with an IPv6 address in brackets",
			       conf->serve);
	if (!conf->savefile.path &&
	    (conf->savefile.compress > 0 || conf->savefile.append))
		return err_set(err, ERR_USAGE,
			       "option --%s: not for readers that connect",
			       conf->savefile.append ? "append" : "compress");
	return true;
}

/* ---- opening ---- */

static void take_counts(void *arg, const struct serve_counts *counts)
{
	struct capture_serve *s = arg;

	s->counts = *counts;
	s->serve = NULL;
}

static int open_socket(const struct capture_conf *conf, struct err *err)
{
	struct tcp_address address;
	char name[TCP_NAME];
	int fd;

	tcp_address(conf->serve, &address);
	fd = tcp_listen(&address, err);
	if (fd < 0) {
		err_in_file(err, conf->serve);
		return -1;
	}
	tcp_name(fd, false, name);
	log_note("serving packets on %s", name);
	return fd;
}

bool capture_serve_open(struct capture_serve **to,
			const struct capture_conf *conf, struct err *err)
{
	const struct savefile_conf *savefile = &conf->savefile;
	struct capture_serve *s;
	struct serve_options options = {
	    .format = &formats[savefile->format < 0 ? 0 : savefile->format],
	    .write = {.application = PACKAGE_STRING,
		      .comment = savefile->comment},
	    .limit = conf->write_buffer,
	    .notes = conf->printing.options.verbose > 0,
	    .closed = take_counts,
	};
	int fd;

	if (!conf->serve)
		return true;
	s = calloc(1, sizeof(*s));
	if (!s)
		return err_nomem(err, "serving");
	*to = s;
	fd = open_socket(conf, err);
	options.arg = s;
	s->serve = fd < 0 ? NULL : serve_open(fd, &options, err);
	return s->serve;
}

struct sink *capture_serve_sink(struct capture_serve *s)
{
	s->taken = true;
	return serve_sink(s->serve);
}

bool capture_serve_start(struct capture_serve *s, struct err *err)
{
	return !s || serve_start(s->serve, err);
}

const struct serve_counts *capture_serve_counts(struct capture_serve *s)
{
	if (s && s->serve)
		serve_count(s->serve, &s->counts);
	return s ? &s->counts : NULL;
}

void capture_serve_close(struct capture_serve *s)
{
	if (s && s->serve && !s->taken)
		sink_close(serve_sink(s->serve), NULL);
	free(s);
}
