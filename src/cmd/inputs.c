/* Savefiles as the input of a command. */
#include "cmd/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/report.h"
#include "file/savefile.h"
#include "os/term.h"

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

int inputs_run(const struct inputs *in, const struct select_conf *select,
	       struct sink *sink)
{
	const struct savefile_options options = {.concat = in->concat};
	struct source *source;
	struct err err;
	int status = 0;

	sink = select_open(select, in->words, sink, &err);
	if (!sink)
		return report_err(&err);
	source = savefiles_open(in->paths, in->n, &options, &err);
	if (!source || !source_run(source, sink, &err))
		status = report_err(&err);
	if (!sink_close(sink, &err))
		status = worse(status, report_err(&err));
	source_close(source);
	return status;
}
