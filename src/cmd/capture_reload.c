/* The filters that a running capture reads again. */
#include "cmd/capture_reload.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/num.h"
#include "capture/expr.h"
#include "cmd/expr_text.h"
#include "cmd/message.h"
#include "os/infile.h"
#include "os/signals.h"
#include "os/term.h"

/* How often the compiler is asked whether it is ready. */
#define ASK_INTERVAL (10 * NS_PER_MS)

struct reload {
	const struct capture_select *select;
	struct live *live;
	struct expr_compiler *compiler;
	size_t n;
	struct program *programs; /* the new ones, one a device; or empty */
	size_t at;		  /* the device whose text is compiled */
	struct str text;
	bool busy;	  /* it is compiled */
	bool again;	  /* SIGHUP came meanwhile */
	bool terminal;	  /* standard error was one */
	bool hup_ignored; /* SIGHUP was, as under nohup */
};

static const struct capture_iface *iface_of(const struct capture_conf *conf,
					    size_t i)
{
	return conf->n ? &conf->ifaces[i] : &conf->common;
}

bool capture_reloads(const struct capture_conf *conf,
		     const struct capture_iface *iface)
{
	return iface->filter_file && !conf->select.invert;
}

bool reload_open(struct reload **to, const struct capture_select *select,
		 struct live *live, const struct user *user, struct err *err)
{
	const struct capture_conf *conf = select->capture;
	bool some = false;
	struct reload *r;
	size_t n;

	for (n = 0; live_handle(live, n); n++)
		some |= capture_reloads(conf, iface_of(conf, n));
	if (!some)
		return true;
	r = calloc(1, sizeof(*r));
	if (!r)
		return err_nomem(err, "filters");
	*to = r;
	r->select = select;
	r->live = live;
	r->n = n;
	r->terminal = term_stderr();
	r->hup_ignored = signals_catch_hangup();
	r->programs = calloc(n, sizeof(*r->programs));
	if (!r->programs)
		return err_nomem(err, "filters");
	r->compiler = expr_compiler_open_as(user, err);
	return r->compiler;
}

static void forget_programs(struct reload *r)
{
	size_t i;

	for (i = 0; r->programs && i < r->n; i++)
		program_fini(&r->programs[i]);
}

void reload_close(struct reload *r)
{
	if (!r)
		return;
	expr_compiler_close(r->compiler);
	forget_programs(r);
	free(r->programs);
	str_fini(&r->text);
	free(r);
}

/* Have the compiler begin with device at. */
static bool ask(struct reload *r, struct err *err)
{
	const struct capture_iface *iface = iface_of(r->select->capture, r->at);
	const struct handle *h = live_handle(r->live, r->at);
	const struct expr_setup setup = {
	    .netmask = h->netmask,
	    .optimize = !h->options.no_optimize,
	};
	struct str filter = STR_INIT;
	bool good = infile_again(iface->filter_file, err) &&
		    capture_select_filter(r->select, iface, &filter, err);

	str_clear(&r->text);
	if (good)
		handle_filter_text(h, str_text(&filter), &r->text);
	if (good && r->text.failed)
		good = err_nomem(err, "a filter");
	str_fini(&filter);
	return good && expr_compiler_ask(r->compiler, h->pcap,
					 str_text(&r->text), &setup, err);
}

/* All are compiled: put them in force. */
static bool put_all(struct reload *r, struct err *err)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->programs[i].n &&
		    !live_replace_filter(r->live, i, &r->programs[i], err))
			return false;
	log_note("the filter was read again and is in force");
	return true;
}

/* Go on with the next device from at on. */
static bool go_on(struct reload *r, struct err *err)
{
	const struct capture_conf *conf = r->select->capture;

	while (r->at < r->n && !capture_reloads(conf, iface_of(conf, r->at)))
		r->at++;
	r->busy = r->at < r->n;
	return r->busy ? ask(r, err) : put_all(r, err);
}

static void begin(struct reload *r);

/* One round has ended, well or not. */
static void finish(struct reload *r, bool good, const struct err *err)
{
	if (good && r->busy)
		return;
	if (!good) {
		expr_text_hosts_note(str_text(&r->text), err);
		message_err(err);
		log_warn("the filter stays as it was");
	}
	r->busy = false;
	forget_programs(r);
	if (!r->again)
		return;
	r->again = false;
	begin(r);
}

static void begin(struct reload *r)
{
	struct err err;
	bool good;

	r->at = 0;
	good = go_on(r, &err);
	finish(r, good, &err);
}

bool reload_hangup(struct reload *r)
{
	if (!r || (r->terminal && !term_stderr() && !r->hup_ignored))
		return false;
	if (r->busy)
		r->again = true;
	else
		begin(r);
	return true;
}

int64_t reload_tick(struct reload *r, int64_t now)
{
	struct err err;
	bool good;

	if (!r)
		return INT64_MAX;
	while (r->busy && expr_compiler_ready(r->compiler)) {
		good = expr_compiler_take(r->compiler, str_text(&r->text),
					  &r->programs[r->at], &err);
		r->at++;
		good = good && go_on(r, &err);
		finish(r, good, &err);
	}
	return r->busy ? now + ASK_INTERVAL : INT64_MAX;
}
