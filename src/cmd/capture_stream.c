/* Streams that a capture reads in place of interfaces. */
#include "cmd/capture_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/log.h"
#include "capture/expr.h"
#include "cmd/match.h"
#include "file/savefile.h"
#include "os/infile.h"
#include "os/tcp.h"
#include "os/term.h"
#include "pkt/select.h"
#include "pkt/snap.h"

#define TCP_PREFIX "tcp://"
#define TCP_WIRESHARK "TCP@"

/* How long one address is given to answer. */
#define CONNECT_MS 10000

struct stream {
	const struct capture_iface *iface;
	const struct capture_select *select;
	const char *name;
	char label[TCP_NAME];
	struct str filter;
	struct expr_compiler *compiler; /* for it; NULL: there is none */
	struct source *source; /* NULL: the live source has it, or none is */
};

struct capture_streams {
	size_t n;
	struct stream item[];
};

/* ---- which they are ---- */

static const char *after(const char *name, const char *prefix)
{
	const size_t n = strlen(prefix);

	return strncmp(name, prefix, n) == 0 ? name + n : NULL;
}

static bool is_stdin(const char *name)
{
	return !strcmp(name, "-");
}

/* Is it a stream? false with *good unset: it is nothing to capture from. */
static bool is_stream(const char *name, bool *good, struct err *err)
{
	struct tcp_address address;
	const char *tcp = after(name, TCP_PREFIX);

	*good = true;
	if (is_stdin(name))
		return true;
	if (tcp && tcp_address(tcp, &address) && address.host[0] &&
	    address.port)
		return true;
	if (tcp)
		*good = err_set(err, ERR_USAGE,
				"'%s': expected " TCP_PREFIX "HOST:PORT, with "
				"an IPv6 address in brackets",
				name);
	else if (after(name, TCP_WIRESHARK))
		*good = err_set(err, ERR_USAGE,
				"unknown interface '%s': use " TCP_PREFIX "%s",
				name, after(name, TCP_WIRESHARK));
	else if (strchr(name, '/') && infile_is_fifo(name))
		return true;
	else if (strchr(name, '/') && infile_exists(name))
		*good = err_set(err, ERR_USAGE,
				"'%s' is neither an interface nor a FIFO: use "
				"'-i - <%s', or 'pcaptool read'",
				name, name);
	return false;
}

/* The options that say how an interface is opened. */
static bool check_options(const struct capture_iface *c, struct err *err)
{
	const struct {
		bool given;
		const char *name;
	} rows[] = {
	    {c->no_promiscuous, "-p"},
	    {c->monitor, "-I"},
	    {c->linktype, "-y"},
	    {c->tstamp_type, "-j"},
	    {c->buffer, "-B"},
	    {c->direction != CAPTURE_INOUT, "-Q"},
	    {c->immediate, "--immediate-mode"},
	    {c->micro, "--micro"},
	    {c->nano, "--nano"},
	    {c->remote.user, "--remote-user"},
	    {c->remote.password_file, "--remote-password-file"},
	    {c->remote.sampling, "--remote-sampling"},
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].given)
			return err_set(err, ERR_USAGE,
				       "option %s: not for a stream (%s): give "
				       "it after the -i of an interface",
				       rows[i].name, c->name);
	return true;
}

/* Standard input can be read by one. */
static bool check_stdin(const struct capture_conf *conf,
			const struct args *args, struct err *err)
{
	size_t i, n = 0;

	for (i = 0; i < conf->n; i++)
		n += is_stdin(conf->ifaces[i].name);
	if (n == 0)
		return true;
	if (n > 1 || args->n_rest)
		return err_set(err, ERR_USAGE,
			       "option -i -: standard input is read by %s",
			       n > 1 ? "one stream only" : "COMMAND");
	for (i = 0; i < conf->n; i++)
		if (conf->ifaces[i].filter_file &&
		    is_stdin(conf->ifaces[i].filter_file))
			return err_set(err, ERR_USAGE,
				       "option -i -: standard input is read "
				       "by -F -");
	return !term_stdin() ||
	       err_set(err, ERR_USAGE,
		       "option -i -: standard input is a terminal");
}

size_t capture_devices(const struct capture_conf *conf)
{
	return conf->n ? conf->n - conf->n_streams : 1;
}

bool capture_streams_find(struct capture_conf *conf, const struct args *args,
			  struct err *err)
{
	struct capture_iface *sorted = calloc(conf->n + 1, sizeof(*sorted));
	size_t i, devices = 0, streams = 0;
	bool good = true;

	if (!sorted)
		return err_nomem(err, "interfaces");
	for (i = 0; i < conf->n && good; i++) {
		const struct capture_iface c = conf->ifaces[i];

		if (is_stream(c.name, &good, err)) {
			good = check_options(&c, err);
			sorted[streams++] = c;
		} else {
			conf->ifaces[devices++] = c;
		}
	}
	if (good) {
		for (i = 0; i < streams; i++)
			conf->ifaces[devices + i] = sorted[i];
		conf->n_streams = streams;
	}
	free(sorted);
	return good && check_stdin(conf, args, err);
}

/* ---- opening ---- */

static void set_label(struct stream *s)
{
	const char *tcp = after(s->name, TCP_PREFIX);
	const char *slash = strrchr(s->name, '/');

	snprintf(s->label, sizeof(s->label), "%s",
		 is_stdin(s->name) ? "stdin"
		 : tcp		   ? tcp
		 : slash	   ? slash + 1
				   : s->name);
}

static bool open_source(struct stream *s, int cancel, struct err *err)
{
	const char *tcp = after(s->name, TCP_PREFIX);
	struct savefile_options options = {.stream = true, .fd = -1};
	struct tcp_address address;

	if (tcp) {
		tcp_address(tcp, &address);
		options.fd = tcp_connect(&address, CONNECT_MS, cancel, err);
		if (options.fd < 0)
			return err_in_file(err, s->name);
	}
	s->source = savefile_open(s->name, &options, err);
	return s->source;
}

static bool open_stream(struct stream *s, int cancel, struct err *err)
{
	s->name = s->iface->name;
	set_label(s);
	if (!capture_select_filter(s->select, s->iface, &s->filter, err))
		return false;
	if (s->filter.len) {
		s->compiler = expr_compiler_open(err);
		if (!s->compiler)
			return false;
	}
	return open_source(s, cancel, err);
}

bool capture_streams_open(struct capture_streams **to,
			  const struct capture_conf *conf,
			  const struct capture_select *select, int cancel,
			  struct err *err)
{
	struct capture_streams *all;
	size_t i;

	if (!conf->n_streams)
		return true;
	all = calloc(1, sizeof(*all) + conf->n_streams * sizeof(all->item[0]));
	if (!all)
		return err_nomem(err, "streams");
	*to = all;
	for (i = 0; i < conf->n_streams; i++) {
		struct stream *s = &all->item[all->n++];

		s->iface = &conf->ifaces[conf->n - conf->n_streams + i];
		s->select = select;
		if (!open_stream(s, cancel, err))
			return false;
		log_note("reading packets from %s",
			 is_stdin(s->name) ? "standard input" : s->name);
	}
	return true;
}

const char *capture_streams_label(const struct capture_streams *all, size_t i)
{
	return all->item[i].label;
}

/* ---- the stages for one stream: as the kernel would for an interface ---- */

static struct sink *open_stages(void *arg, struct sink *next, struct err *err)
{
	const struct stream *s = arg;
	const struct match_options match = {
	    .text = str_text(&s->filter),
	    .compiler = s->compiler,
	    .vm_linktype = UINT32_MAX,
	    .unoptimized = s->select->capture->no_optimize,
	};
	struct sink *sink = next;

	if (s->iface->snaplen > 0)
		sink = snap_open((uint32_t)s->iface->snaplen, sink, err);
	if (!sink || !s->filter.len)
		return sink;
	sink = select_open(sink, err);
	if (sink && !select_add(sink, match_open(&match, err), err)) {
		sink_close(sink, NULL);
		return NULL;
	}
	return sink;
}

bool capture_streams_add(struct capture_streams *all, struct live *live,
			 struct err *err)
{
	size_t i;

	for (i = 0; all && i < all->n; i++) {
		struct stream *s = &all->item[i];
		const struct live_input input = {
		    .source = s->source,
		    .name = is_stdin(s->name) ? s->label : s->name,
		    .stages = open_stages,
		    .arg = s,
		};

		s->source = NULL;
		if (!live_add_stream(live, &input, err))
			return false;
	}
	return true;
}

void capture_streams_close(struct capture_streams *all)
{
	size_t i;

	for (i = 0; all && i < all->n; i++) {
		struct stream *s = &all->item[i];

		if (s->source)
			source_close(s->source);
		expr_compiler_close(s->compiler);
		str_fini(&s->filter);
	}
	free(all);
}
