/* Savefiles as the input of a command. */
#include "cmd/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "capture/offline.h"
#include "capture/pcaplib.h"
#include "cmd/config.h"
#include "cmd/habits.h"
#include "cmd/message.h"
#include "cmd/progress.h"
#include "file/hexdump.h"
#include "file/savefile.h"
#include "os/bounded_child.h"
#include "os/infile.h"
#include "os/interrupt.h"
#include "os/priv.h"
#include "os/samefile.h"
#include "os/sandbox.h"
#include "os/tempfile.h"
#include "os/term.h"
#include "pkt/sort.h"
#include "pkt/timespan.h"
#include "pkt/wholeflows.h"

static const char *const engine_words[] = {"own", "libpcap", NULL};

#define MEMBER(name) .member = offsetof(struct inputs_conf, name)

const struct opt inputs_opts[] = {
    {
	.letter = 'r',
	.name = "read",
	.type = OPT_TEXTS,
	MEMBER(read),
	.arg = "FILE",
	.help = "Read this savefile; - is standard input. May be repeated. The "
		"operands then form an expression.",
	.values = opt_values_files,
    },
    {
	.name = "concat",
	.type = OPT_FLAG,
	MEMBER(concat),
	.help = "Read files one after the other instead of merging their "
		"packets by time.",
    },
    {
	.name = "recover",
	.type = OPT_FLAG,
	MEMBER(recover),
	.help = "Do not stop at damaged data: continue with the next plausible "
		"packet and report which bytes were skipped.",
    },
    {
	.name = "engine",
	.type = OPT_WORD,
	MEMBER(engine),
	.arg = "ENGINE",
	.words = engine_words,
	.help = "Read (and write) savefiles with the built-in code (the "
		"default) or with libpcap.",
    },
    {0},
};

void inputs_operands(const struct operand_at *place, struct str *out)
{
	if (place->read)
		opt_values_expression(out);
	else
		opt_values_files(out);
}

void inputs_expr_operands(const struct operand_at *place, struct str *out)
{
	if (place->open && !place->read)
		opt_values_either(out);
	else if (place->read || (!place->n && !place->program))
		opt_values_expression(out);
	else
		opt_values_files(out);
}

static char *join(char *const *words, int n)
{
	struct str s = STR_INIT;
	int i;

	for (i = 0; i < n; i++) {
		if (i > 0)
			str_putc(&s, ' ');
		str_puts(&s, words[i]);
	}
	str_put(&s, "", 0);
	if (s.failed || !s.text) {
		str_fini(&s);
		return NULL;
	}
	return s.text;
}

/* Does the last of several operands name a file? */
static bool ends_with_file(const struct args *args)
{
	return args->n > 1 && os_user_may_read(args->operands[args->n - 1]);
}

static bool is_input(const char *word)
{
	return !strcmp(word, "-") || infile_exists(word);
}

/* In a child, so that the sandbox is not entered yet: a byte if there are
   packets. */
static void probe(void *word, struct str *out)
{
	struct source *source;

	sandbox_may_read(word);
	log_to(NULL);
	if (!sandbox_enter(NULL))
		return;
	source = savefile_open(word, NULL, NULL);
	if (source && savefile_probe(source, NULL))
		str_putc(out, '1');
	source_close(source);
}

/* Not only a file, but one with packets? */
static bool is_capture(const char *word)
{
	static const struct limits limits = {
	    .cpu_s = 10,
	    .wall_s = 10,
	    .memory = (size_t)256 << 20,
	    .answer = 1,
	};
	struct str out = STR_INIT;
	bool good = false;

	if (infile_exists(word) && tempfile_needless(word))
		good =
		    bounded_child_run(&limits, probe, (char *)(uintptr_t)word,
				      &out, NULL) == BOUNDED_DONE &&
		    out.len > 0;
	str_fini(&out);
	return good;
}

/*
 * How many operands, of a command that takes EXPRESSION FILES, are the
 * expression: the first; all where files are open; none where options select
 * and there is but a file. The decision is reported if the command fails. A
 * savefile alone in the place of an expression is refused.
 */
static bool count_words(const struct select_conf *select,
			const struct args *args, int *words, struct err *err)
{
	const char *first = args->n ? args->operands[0] : NULL;
	bool selects = select_any(select, NULL), alone = args->n == 1;
	bool open = args->view && args->view->n;

	*words = open && !ends_with_file(args) ? args->n : 1;
	if (selects && !first) {
		*words = 0;
	} else if (select_has_where(select) && !alone && is_input(first)) {
		*words = 0;
	} else if (selects && alone && is_input(first)) {
		*words = 0;
		report_hint("'%s' was taken for a file, as options select "
			    "packets; an expression can be given with -f",
			    first);
	} else if (alone && is_capture(first)) {
		report_hint(open ? "Use: open %s"
				 : "Use: pcaptool filter EXPRESSION %s\n"
				   "('' as EXPRESSION selects all packets)",
			    first);
		return err_set(err, ERR_USAGE,
			       "no expression given: '%s' is a savefile",
			       first);
	} else if (selects && alone) {
		report_hint("'%s' was taken for the expression, as there is no "
			    "such file",
			    first);
	} else if (first && is_input(first)) {
		report_hint("'%s' was taken for the expression, as it comes "
			    "before the files",
			    first);
	}
	return true;
}

/* All that may be a path: n of them, or standard input. */
static bool take_paths(struct inputs *in, const char *const *paths, size_t n,
		       struct err *err)
{
	static const char *const standard_input = "-";

	if (n == 0) {
		if (term_stdin())
			return err_set(err, ERR_USAGE,
				       "no file given (and standard input is a "
				       "terminal)");
		paths = &standard_input;
		n = 1;
	}
	in->paths = calloc(n, sizeof(*in->paths));
	if (!in->paths)
		return err_nomem(err, "file names");
	memcpy(in->paths, paths, n * sizeof(*paths));
	in->n = n;
	return true;
}

/* Operands that are not files, for a command that takes FILES: the line that
   was meant, in case they cannot be opened. */
static void lead_on(const struct args *args)
{
	struct str line = STR_INIT;

	if (habits_expression(args, &line) || habits_interface(args, &line))
		report_hint("Use: %s", str_text(&line));
	str_fini(&line);
}

bool inputs_take(struct inputs *in, const struct inputs_conf *conf,
		 const struct select_conf *select, const struct args *args,
		 bool expr_first, struct err *err)
{
	const struct open_view *view = args->view;
	int words = 0;

	memset(in, 0, sizeof(*in));
	in->concat = conf->concat;
	in->recover = conf->recover;
	in->engine = conf->engine;
	if (conf->read.n > 0)
		words = args->n;
	else if (expr_first && !select_has_program(select) &&
		 !count_words(select, args, &words, err))
		return false;
	if (words > args->n)
		return err_set(err, ERR_USAGE, "no expression given");
	if (!conf->read.n && words < args->n)
		lead_on(args);
	if (words > 0) {
		in->words = join(args->operands, words);
		if (!in->words)
			return err_nomem(err, "expression");
	}
	if (conf->read.n > 0)
		return take_paths(in, conf->read.item, conf->read.n, err);
	if (view && words == args->n) {
		in->view = view->filter;
		if (view->n == 0)
			return err_set(err, ERR_USAGE,
				       "no file given, and none is open");
		return take_paths(in, view->paths, view->n, err);
	}
	return take_paths(in, (const char *const *)args->operands + words,
			  (size_t)(args->n - words), err);
}

void inputs_fini(struct inputs *in)
{
	size_t i;

	source_close(in->source);
	selection_fini(&in->selection);
	for (i = 0; in->copies && i < in->n; i++)
		tempfile_remove(in->copies[i]);
	free(in->copies);
	free(in->paths);
	free(in->words);
	memset(in, 0, sizeof(*in));
}

/* The more serious of two exit statuses. */
static int worse(int a, int b)
{
	return a > b ? a : b;
}

/* ---- opening ---- */

/* Replace inputs that cannot be read twice by files that can. */
static bool copy_pipes(struct inputs *in, struct err *err)
{
	size_t i;

	in->copies = calloc(in->n, sizeof(*in->copies));
	if (!in->copies)
		return err_nomem(err, "file names");
	for (i = 0; i < in->n; i++) {
		if (tempfile_needless(in->paths[i]))
			continue;
		in->copies[i] = tempfile_copy(in->paths[i], err);
		if (!in->copies[i])
			return false;
		in->paths[i] = in->copies[i];
	}
	return true;
}

static struct source *open_source(const struct inputs *in, struct err *err)
{
	const struct savefile_options options = {
	    .concat = in->concat,
	    .recover = in->recover,
	    .follow = in->follow,
	};

	if (in->engine == INPUTS_ENGINE_LIBPCAP && (in->n > 1 || in->recover)) {
		err_set(err, ERR_USAGE,
			"libpcap reads one file at a time, and does not "
			"recover");
		return NULL;
	}
	if (in->follow &&
	    (in->n > 1 || in->hex || in->engine == INPUTS_ENGINE_LIBPCAP)) {
		err_set(err, ERR_USAGE,
			"one savefile at a time can be "
			"followed, without libpcap");
		return NULL;
	}
	if (in->engine == INPUTS_ENGINE_LIBPCAP)
		return offline_open(in->paths[0], err);
	if (in->hex)
		return hexdumps_open(in->paths, in->n, in->hex_linktype, err);
	return savefiles_open(in->paths, in->n, &options, err);
}

/* What is read is not to be written at the same time. */
static bool apart_from_stdout(const struct inputs *in, struct err *err)
{
	size_t i;

	for (i = 0; i < in->n; i++) {
		if (!stdout_is(in->paths[i]))
			continue;
		err_set(err, ERR_USAGE, "is both input and output");
		return err_in_file(err, in->paths[i]);
	}
	return true;
}

/* Read all files for the time of the last packet. Of faults nothing is said
   here: the run itself meets them again. */
static bool find_end(struct inputs *in, struct err *err)
{
	log_receiver *receiver;
	struct source *source;
	struct sink *sink = timespan_end_open(&in->selection.end_ns, err);

	if (!sink)
		return false;
	receiver = log_to(NULL);
	source = open_source(in, NULL);
	if (source)
		source_run(source, sink, NULL);
	source_close(source);
	sink_close(sink, NULL);
	log_to(receiver);
	return true;
}

static bool reads_twice(const struct select_conf *select)
{
	return select->whole_flows || select_needs_end(select);
}

/* Say which files will be read again, and enter the sandbox. */
static bool enter_sandbox(const struct inputs *in,
			  const struct select_conf *select, struct err *err)
{
	const bool twice = reads_twice(select);
	size_t i;

	if (select->macros)
		sandbox_may_read(select->macros);
	if (in->words || select->expr)
		config_allow();
	for (i = 0; i < in->n; i++) {
		sandbox_may_read(in->paths[i]);
		if (in->follow)
			sandbox_may_read_beside(in->paths[i]);
		if (twice && !tempfile_needless(in->paths[i]))
			sandbox_may_spill();
	}
	if (in->engine == INPUTS_ENGINE_LIBPCAP && !pcaplib_ready(err))
		return false;
	/* for long packets of what cannot be read twice */
	if (sandbox_ahead() && !tempfile_reserve(in->n))
		sandbox_may_spill();
	return sandbox_enter(err);
}

bool inputs_prepare(struct inputs *in, const struct select_conf *select,
		    struct err *err)
{
	if (!selection_init(&in->selection, select, in->words, in->view, err))
		return false;
	if (in->follow && reads_twice(select))
		return err_set(err, ERR_USAGE,
			       "%s needs the end of a file that is followed",
			       select->whole_flows ? "--whole-flows"
						   : "a time before the end");
	in->prepared =
	    apart_from_stdout(in, err) && enter_sandbox(in, select, err);
	return in->prepared;
}

bool inputs_open(struct inputs *in, const struct select_conf *select,
		 struct err *err)
{
	bool twice = reads_twice(select);

	if (!in->prepared && !inputs_prepare(in, select, err))
		return false;
	if (twice && !copy_pipes(in, err))
		return false;
	if (select_needs_end(select) && !find_end(in, err))
		return false;
	in->source = open_source(in, err);
	return in->source && (in->hex || savefile_probe(in->source, err));
}

static bool is_savefile(const char *path, struct err *err)
{
	struct source *source = savefile_open(path, NULL, err);
	bool good = source && savefile_probe(source, err);

	source_close(source);
	return good;
}

int inputs_leave_out(struct inputs *in)
{
	struct err err;
	size_t i, n = 0;
	int status = 0;

	if (in->n < 2 || in->hex || in->engine == INPUTS_ENGINE_LIBPCAP)
		return 0;
	for (i = 0; i < in->n; i++) {
		/* what can be read only once is read when its turn comes */
		if (tempfile_once(in->paths[i]) ||
		    is_savefile(in->paths[i], &err))
			in->paths[n++] = in->paths[i];
		else
			status = worse(status, message_err(&err));
	}
	in->n = n;
	return status;
}

bool inputs_in_order(const struct inputs *in)
{
	struct source *source;
	struct sink *sink;
	bool moves = true;
	size_t i;

	for (i = 0; i < in->n; i++)
		if (!tempfile_needless(in->paths[i]))
			return false;
	sink = sort_check_open(&moves, NULL);
	if (sink) {
		/* Of faults the run itself tells. */
		log_receiver *receiver = log_to(NULL);

		source = open_source(in, NULL);
		moves = moves || !source;
		if (source)
			source_run(source, sink, NULL);
		source_close(source);
		sink_close(sink, NULL);
		log_to(receiver);
	}
	return sink && !moves;
}

/* ---- running ---- */

static void stop_source(void *source)
{
	source_stop(source);
}

/* The last pass. The sink is closed, and what went wrong told. */
static int run(struct inputs *in, struct sink *sink)
{
	struct err err, later;
	int status = 0;
	bool good;

	if (in->progress && !in->hex && term_stderr()) {
		sink = progress_open(in->source, sink, &err);
		if (!sink)
			return message_err(&err);
	}
	interrupt_catch(stop_source, in->source);
	good = source_run(in->source, sink, &err);
	if (!good) {
		/* what was good is printed before what is said of the rest;
		   closing the sink tells whether it could be */
		sink_flush(sink, NULL);
		status = message_err(&err);
	}
	if (interrupt_restore() && !in->follow) {
		err_set(&later, ERR_FAULT,
			"interrupted: the rest was not read");
		status = worse(status, message_err(&later));
	}
	/* text without a packet makes no savefile */
	if (in->hex && status == ERR_USAGE)
		sink_abandon(sink);
	else if (!sink_close(sink, &later) && (good || !err_same(&err, &later)))
		status = worse(status, message_err(&later));
	return status;
}

/*
 * The first of two passes. Of faults in the input nothing is said here: the
 * second pass meets them again.
 */
static bool learn_flows(const struct inputs *in, struct wholeflows *flows,
			struct err *err)
{
	log_receiver *receiver;
	struct source *source;
	struct sink *sink;

	sink = selection_open(&in->selection, SELECT_LEARN, flows,
			      wholeflows_learn(flows, err), err);
	if (!sink)
		return false;
	receiver = log_to(NULL);
	source = open_source(in, NULL);
	if (source)
		source_run(source, sink, NULL);
	source_close(source);
	sink_close(sink, NULL);
	log_to(receiver);
	return wholeflows_learned(flows, err);
}

static int run_twice(struct inputs *in, size_t max, struct sink *sink)
{
	struct wholeflows *flows;
	struct err err;
	int status;

	flows = wholeflows_new(max, &err);
	if (flows && learn_flows(in, flows, &err)) {
		sink = selection_open(&in->selection, SELECT_TAKE, flows, sink,
				      &err);
		status = sink ? run(in, sink) : message_err(&err);
	} else {
		sink_abandon(sink);
		status = message_err(&err);
	}
	wholeflows_free(flows);
	return status;
}

int inputs_run(struct inputs *in, const struct select_conf *select,
	       struct sink *sink)
{
	struct err err;

	if (!in->source && !inputs_open(in, select, &err)) {
		sink_abandon(sink);
		return message_err(&err);
	}
	if (select->whole_flows)
		return run_twice(in, (size_t)select->whole_flows, sink);
	sink = selection_open(&in->selection, SELECT_ONCE, NULL, sink, &err);
	return sink ? run(in, sink) : message_err(&err);
}
