/* What the options that select packets ask for, and the stage made of it. */
#include "cmd/selection.h"

#include <string.h>

#include "base/num.h"
#include "bpf/vm.h"
#include "capture/expr.h"
#include "cmd/bpf_file.h"
#include "cmd/command.h"
#include "cmd/expr_text.h"
#include "cmd/match.h"
#include "cmd/where_text.h"
#include "pkt/hosts.h"
#include "pkt/limit.h"
#include "pkt/origin.h"
#include "pkt/ranges.h"
#include "pkt/select.h"
#include "pkt/timespan.h"
#include "pkt/wholeflows.h"

/* ---- understanding the arguments ---- */

static bool has_filters(const struct view_filter *view)
{
	return view && (view->before || view->after);
}

/* The conjunction of all expressions. */
static bool take_expr(struct selection *s, const char *words, struct err *err)
{
	const struct select_conf *conf = s->conf;
	struct str file = STR_INIT;
	bool good = true;

	if (conf->expr)
		expr_text_and(&s->expr, conf->expr);
	if (conf->expr_file) {
		good = expr_text_file(&file, conf->expr_file, err);
		expr_text_and(&s->expr, str_text(&file));
		str_fini(&file);
	}
	if (words)
		expr_text_and(&s->expr, words);
	if (good && s->expr.failed)
		return err_nomem(err, "expression");
	if (good && conf->invert && !words && !select_has_program(conf))
		return err_set(err, ERR_USAGE,
			       "option --invert needs an expression");
	if (good && (s->expr.len > 0 || has_filters(s->view)))
		s->compiler = expr_compiler_open(err);
	return good &&
	       (s->compiler || (s->expr.len == 0 && !has_filters(s->view)));
}

/* -Y, --where-file, --contains, --match and the view's. */
static bool take_where(struct selection *s, struct err *err)
{
	const struct where_text text = {
	    .known = s->view ? s->view->where : NULL,
	    .text = s->conf->where,
	    .path = s->conf->where_file,
	    .macros = s->conf->macros,
	    .search = s->conf->search,
	};

	if (!text.known && !select_has_where(s->conf))
		return true;
	s->where = where_text_open(&text, &s->conf->decoding, err);
	return s->where;
}

/* --bpf: a program in a file, checked and ready to run. */
static bool take_program(struct selection *s, struct err *err)
{
	struct doc doc = DOC_INIT;

	if (bpf_file_read(s->conf->bpf, false, &doc, err)) {
		s->vm = vm_open(&doc.program, err);
		s->vm_linktype = doc.linktype;
		s->program = doc.program;
		doc.program = (struct program){0};
	}
	doc_fini(&doc);
	return s->vm != NULL;
}

static bool take_hosts(struct selection *s, struct err *err)
{
	s->hosts = hosts_new(err);
	return s->hosts && hosts_read(s->hosts, s->conf->hosts, err);
}

/* "1/N" or "N". */
static bool take_sample(struct selection *s, struct err *err)
{
	const char *text = s->conf->sample;
	const char *number = strncmp(text, "1/", 2) == 0 ? text + 2 : text;

	if (num_u64(number, &s->sample) && s->sample > 0)
		return true;
	return err_set(err, ERR_USAGE,
		       "option --sample: '%s' is not of the form 1/N", text);
}

/* One word of the list at *p, and over the comma after it. */
static bool ignore_word(const char **p, struct dedup_options *o)
{
	size_t n = strcspn(*p, ",");
	bool *what = NULL;

	if (n == 3 && !strncmp(*p, "ttl", n))
		what = &o->ignore_ttl;
	else if (n == 8 && !strncmp(*p, "checksum", n))
		what = &o->ignore_sums;
	else if (n == 4 && !strncmp(*p, "link", n))
		what = &o->ignore_link;
	else
		return false;
	*what = true;
	*p += n;
	if (**p == ',' && (*p)[1])
		++*p;
	return true;
}

static bool take_window(struct selection *s, struct err *err)
{
	const char *text = s->conf->dedup;
	uint64_t packets;

	if (num_u64(text, &packets)) {
		s->dedup.packets = (uint32_t)packets;
		if (packets >= 2 && packets <= DEDUP_MAX)
			return true;
		return err_set(err, ERR_USAGE,
			       "option --dedup: '%s' is out of range: 2 to %u "
			       "packets",
			       text, DEDUP_MAX);
	}
	if (num_duration(text, &s->dedup.window_ns) && s->dedup.window_ns >= 0)
		return true;
	return err_set(err, ERR_USAGE,
		       "option --dedup: '%s' is neither a number of packets "
		       "nor a duration such as 10ms",
		       text);
}

static bool take_ignore(struct selection *s, struct err *err)
{
	const char *p = s->conf->dedup_ignore;

	if (!s->conf->dedup)
		return err_set(err, ERR_USAGE,
			       "option --dedup-ignore needs --dedup");
	while (*p)
		if (!ignore_word(&p, &s->dedup))
			return err_set(err, ERR_USAGE,
				       "option --dedup-ignore: '%s' is not a "
				       "list of ttl, checksum and link",
				       s->conf->dedup_ignore);
	return true;
}

/* Options that do nothing without another one. */
static bool check_alone(const struct select_conf *conf, struct err *err)
{
	if ((conf->search.ignore_case || conf->search.place >= 0) &&
	    !search_any(&conf->search))
		return err_set(err, ERR_USAGE,
			       "options --ignore-case and --search-in need "
			       "--contains or --match");
	if (conf->macros && !conf->where && !conf->where_file &&
	    !conf->other_exprs)
		return err_set(err, ERR_USAGE,
			       "option --macros needs a field expression");
	return true;
}

bool selection_init(struct selection *s, const struct select_conf *conf,
		    const char *words, const struct view_filter *view,
		    struct err *err)
{
	struct selector *ranges;

	memset(s, 0, sizeof(*s));
	s->conf = conf;
	s->view = view;
	if (conf->packets) { /* to find out whether they are any */
		ranges = ranges_open(conf->packets, err);
		if (!ranges)
			return false;
		selector_close(ranges);
	}
	return check_alone(conf, err) && take_expr(s, words, err) &&
	       take_where(s, err) && (!conf->bpf || take_program(s, err)) &&
	       (!conf->hosts || take_hosts(s, err)) &&
	       (!conf->sample || take_sample(s, err)) &&
	       (!conf->dedup || take_window(s, err)) &&
	       (!conf->dedup_ignore || take_ignore(s, err));
}

void selection_fini(struct selection *s)
{
	str_fini(&s->expr);
	where_close(s->where);
	vm_close(s->vm);
	program_fini(&s->program);
	expr_compiler_close(s->compiler);
	hosts_free(s->hosts);
	memset(s, 0, sizeof(*s));
}

void selection_leave_program(struct selection *s)
{
	vm_close(s->vm);
	s->vm = NULL;
}

/* ---- the stage ---- */

/* A filter of the view. */
static bool add_filter(struct sink *select, const struct selection *s,
		       const char *text, struct err *err)
{
	const struct match_options match = {
	    .text = text,
	    .compiler = s->compiler,
	    .unoptimized = s->conf->unoptimized,
	};

	return !text || select_add(select, match_open(&match, err), err);
}

/* The field expressions, if they come after the others (or before them).
   shown: hand on what they refuse, too. */
static bool add_where(struct sink *select, const struct selection *s,
		      bool after, bool shown, struct err *err)
{
	bool is_after = !s->view || !s->view->where;

	if (!s->where || after != is_after)
		return true;
	if (!select_add(select, where_selector(s->where, err), err))
		return false;
	if (shown && s->conf->show_refused)
		select_show_refused(select);
	return true;
}

/* What the view is of, in the order in which it was narrowed. */
static bool add_view(struct sink *select, const struct selection *s, bool shown,
		     struct err *err)
{
	return !s->view || (add_filter(select, s, s->view->before, err) &&
			    add_where(select, s, false, shown, err) &&
			    add_filter(select, s, s->view->after, err));
}

/* The options' conditions that look at one packet alone. */
static bool add_tests(struct sink *select, const struct selection *s,
		      struct err *err)
{
	const struct select_conf *conf = s->conf;
	uint32_t way = conf->direction == 0 ? PKT_INBOUND : PKT_OUTBOUND;
	const struct match_options match = {
	    .text = str_text(&s->expr),
	    .compiler = s->compiler,
	    .vm = s->vm,
	    .vm_linktype = s->vm_linktype,
	    .unoptimized = conf->unoptimized,
	    .invert = conf->invert,
	};

	if (conf->packets &&
	    !select_add(select, ranges_open(conf->packets, err), err))
		return false;
	if (conf->interface &&
	    !select_add(select, ifname_open(conf->interface, err), err))
		return false;
	if (conf->direction >= 0 &&
	    !select_add(select, direction_open(way, err), err))
		return false;
	if ((s->expr.len > 0 || s->vm || conf->invert) &&
	    !select_add(select, match_open(&match, err), err))
		return false;
	return !s->hosts || select_add(select, hosts_open(s->hosts, err), err);
}

/* All conditions on single packets. */
static bool add_conditions(struct sink *select, const struct selection *s,
			   bool shown, struct err *err)
{
	const struct select_conf *conf = s->conf;

	/* the first to see packets, as some times depend on the first one */
	if ((conf->from.base || conf->to.base) &&
	    !select_add(select,
			timespan_open(&conf->from, &conf->to, s->end_ns, err),
			err))
		return false;
	/* -Y is the last one: it follows the conversations of what the others
	   left, and costs most */
	return add_view(select, s, shown, err) && add_tests(select, s, err) &&
	       add_where(select, s, true, shown, err);
}

/* Conditions that depend on what the others left before. */
static bool add_counts(struct sink *select, const struct selection *s,
		       struct err *err)
{
	uint64_t skip = (uint64_t)s->conf->skip;
	uint64_t count = (uint64_t)s->conf->count;

	if (s->conf->dedup &&
	    !select_add(select, dedup_open(&s->dedup, err), err))
		return false;
	if (skip > 0 && !select_add(select, skip_open(skip, err), err))
		return false;
	if (s->sample && !select_add(select, sample_open(s->sample, err), err))
		return false;
	return count == 0 || select_add(select, limit_open(count, err), err);
}

struct sink *selection_open(const struct selection *s, enum select_pass pass,
			    struct wholeflows *flows, struct sink *next,
			    struct err *err)
{
	struct sink *select = select_open(next, err);
	bool good = select != NULL;

	if (good && pass == SELECT_LEARN)
		good = select_add(select, wholeflows_watch(flows, err), err);
	good = good && add_conditions(select, s, pass != SELECT_LEARN, err) &&
	       add_counts(select, s, err);
	if (good && pass != SELECT_ONCE)
		select_go_on(select);
	if (good && pass == SELECT_TAKE)
		good = select_add(select, wholeflows_pick(flows, err), err);
	if (good)
		return select;
	sink_abandon(select);
	return NULL;
}
