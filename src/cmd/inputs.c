/* Savefiles as the input of a command. */
#include "cmd/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/report.h"
#include "file/savefile.h"
#include "os/tempfile.h"
#include "os/term.h"
#include "pkt/wholeflows.h"

#define MEMBER(name) .member = offsetof(struct inputs_conf, name)

const struct opt inputs_opts[] = {
    {
	.letter = 'r',
	.name = "read",
	.type = OPT_TEXTS,
	MEMBER(read),
	.arg = "FILE",
	.help = "Read this savefile; - is standard input. May be repeated. "
		"The operands are the words of an expression then.",
	.values = opt_values_files,
    },
    {
	.name = "concat",
	.type = OPT_FLAG,
	MEMBER(concat),
	.help = "Read many files one after the other, instead of merging their "
		"packets by time.",
    },
    {0},
};

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

bool inputs_take(struct inputs *in, const struct inputs_conf *conf,
		 const struct select_conf *select, const struct args *args,
		 bool expr_first, struct err *err)
{
	int words = 0;

	memset(in, 0, sizeof(*in));
	in->concat = conf->concat;
	if (conf->read.n > 0)
		words = args->n;
	else if (expr_first && !select_has_program(select))
		words = 1;
	if (words > args->n)
		return err_set(err, ERR_USAGE, "no expression given");
	if (words > 0) {
		in->words = join(args->operands, words);
		if (!in->words)
			return err_nomem(err, "expression");
	}
	if (conf->read.n > 0)
		return take_paths(in, conf->read.item, conf->read.n, err);
	return take_paths(in, (const char *const *)args->operands + words,
			  (size_t)(args->n - words), err);
}

void inputs_fini(struct inputs *in)
{
	free(in->paths);
	free(in->words);
	memset(in, 0, sizeof(*in));
}

/* The more serious of two exit statuses. */
static int worse(int a, int b)
{
	return a > b ? a : b;
}

/* One pass over the files. The sink is closed, and what went wrong told. */
static int run_once(const struct inputs *in, struct sink *sink)
{
	const struct savefile_options options = {.concat = in->concat};
	struct source *source = NULL;
	struct err err;
	int status = 0;

	source = savefiles_open(in->paths, in->n, &options, &err);
	if (!source || !source_run(source, sink, &err))
		status = report_err(&err);
	if (!sink_close(sink, &err))
		status = worse(status, report_err(&err));
	source_close(source);
	return status;
}

/* ---- --whole-flows: two passes --------------------------------------------
 */

/* The input as files that can be read twice. */
struct spool {
	struct inputs in; /* words are borrowed */
	char **copies;	  /* temporary files, by input; NULL: none */
};

static void spool_fini(struct spool *s)
{
	size_t i;

	for (i = 0; s->copies && i < s->in.n; i++)
		tempfile_remove(s->copies[i]);
	free(s->copies);
	free(s->in.paths);
}

static bool spool_init(struct spool *s, const struct inputs *in,
		       struct err *err)
{
	size_t i;

	s->in = *in;
	s->in.paths = calloc(in->n, sizeof(*s->in.paths));
	s->copies = calloc(in->n, sizeof(*s->copies));
	if (!s->in.paths || !s->copies)
		return err_nomem(err, "file names");
	for (i = 0; i < in->n; i++) {
		s->in.paths[i] = in->paths[i];
		if (tempfile_needless(in->paths[i]))
			continue;
		s->copies[i] = tempfile_copy(in->paths[i], err);
		if (!s->copies[i])
			return false;
		s->in.paths[i] = s->copies[i];
	}
	return true;
}

/*
 * The first pass. Of faults in the input nothing is said here: the second pass
 * meets them again.
 */
static bool learn_flows(const struct spool *s, const struct select_conf *select,
			struct wholeflows *flows, struct err *err)
{
	const struct savefile_options options = {.concat = s->in.concat};
	struct source *source = NULL;
	log_receiver *receiver;
	struct sink *sink;

	sink = select_open_pass(select, s->in.words, SELECT_LEARN, flows,
				wholeflows_learn(flows, err), err);
	if (!sink)
		return false;
	receiver = log_to(NULL);
	source = savefiles_open(s->in.paths, s->in.n, &options, NULL);
	if (source)
		source_run(source, sink, NULL);
	source_close(source);
	sink_close(sink, NULL);
	log_to(receiver);
	return wholeflows_learned(flows, err);
}

static int run_twice(const struct inputs *in, const struct select_conf *select,
		     struct sink *sink)
{
	struct wholeflows *flows = NULL;
	struct spool s = {0};
	struct err err;
	int status;

	if (spool_init(&s, in, &err) && (flows = wholeflows_new(&err)) &&
	    learn_flows(&s, select, flows, &err)) {
		sink = select_open_pass(select, in->words, SELECT_TAKE, flows,
					sink, &err);
		status = sink ? run_once(&s.in, sink) : report_err(&err);
	} else {
		sink_close(sink, NULL);
		status = report_err(&err);
	}
	wholeflows_free(flows);
	spool_fini(&s);
	return status;
}

int inputs_run(const struct inputs *in, const struct select_conf *select,
	       struct sink *sink)
{
	struct err err;

	if (select->whole_flows)
		return run_twice(in, select, sink);
	sink = select_open(select, in->words, sink, &err);
	return sink ? run_once(in, sink) : report_err(&err);
}
