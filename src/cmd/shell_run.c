/* Running a line of the interactive shell. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "cmd/habits.h"
#include "cmd/message.h"
#include "cmd/shell.h"
#include "os/job.h"

/* A line taken apart: a command, its arguments, and where its output goes. */
struct line {
	const char *text;
	struct words words;
	const struct word **args; /* [0] is the command's name */
	char **argv;		  /* their texts */
	int n;
	const struct word *pipe, *file;
	bool append;
	const struct command *command;
};

/* ---- what a child does -------------------------------------------------- */

struct task {
	const struct ctx *ctx;
	const struct command *command;
	int n;
	char **argv;
	const struct typed *typed;
};

static int run_task(void *arg)
{
	const struct task *task = arg;
	int status;

	/* else it is counted for a command that has a line */
	if (task->typed)
		message_typed(task->typed);
	status = command_run(task->command, task->ctx, task->n, task->argv);
	if (task->typed)
		message_typed(NULL);
	return status;
}

/* Run it in its own process; a request to end or stop is for the shell too. */
static int run_job(struct shell *sh, struct job *job)
{
	struct job_end end;
	struct err err;

	job->no_input = sh->no_input;
	if (!job_run(job, &end, &err))
		return message_err(&err);
	sh->done = sh->done || end.told_end;
	sh->stopped = sh->stopped || end.told_stop;
	return end.status;
}

/* ---- counting ----------------------------------------------------------- */

/* The sum of the numbers in what filter --count prints: "N", or "FILE:N" for
   each file. */
static uint64_t sum_of(const char *text)
{
	uint64_t sum = 0;

	while (*text) {
		size_t len = strcspn(text, "\n"), digits = len;

		while (digits > 0 && text[digits - 1] >= '0' &&
		       text[digits - 1] <= '9')
			digits--;
		sum += strtoull(text + digits, NULL, 10);
		text += len + (text[len] == '\n');
	}
	return sum;
}

/* How many packets in view match the filter (NULL: all)? Returns the exit
   status. */
static int count(struct shell *sh, const struct filter_language *filter,
		 uint64_t *sum)
{
	char count_option[] = "--count", dashes[] = "--", where[] = "--where";
	char *argv[] = {count_option, filter && filter->where ? where : dashes,
			filter ? (char *)(uintptr_t)filter->text : NULL};
	struct task task = {.ctx = &sh->ctx,
			    .command = command_find("filter"),
			    .n = filter ? 3 : 2,
			    .argv = argv};
	struct str out = STR_INIT;
	struct job job = {.body = run_task, .arg = &task, .take = &out};
	int status = run_job(sh, &job);

	*sum = sum_of(str_text(&out));
	str_fini(&out);
	return status;
}

static void tell_count(const struct shell *sh)
{
	struct str out = STR_INIT;

	if (sh->view.n_steps)
		str_printf(&out, "%" PRIu64 " of ",
			   shell_view_count(&sh->view));
	str_printf(&out, "%" PRIu64 " packets\n", sh->view.count);
	if (!sh->ctx.quiet)
		message_text(&out);
	str_fini(&out);
}

int shell_open(struct shell *sh, char *const *paths, size_t n)
{
	struct shell_view before = sh->view;
	struct err err;
	int status;

	sh->view = (struct shell_view){0};
	if (!shell_view_open(&sh->view, paths, n, &err)) {
		sh->view = before;
		return message_err(&err);
	}
	status = count(sh, NULL, &sh->view.count);
	if (status >= ERR_USAGE) {
		shell_view_close(&sh->view);
		sh->view = before;
	} else {
		shell_view_close(&before);
		tell_count(sh);
	}
	return status;
}

static void tell_language(const struct shell *sh,
			  const struct filter_language *filter)
{
	struct str out = STR_INIT;

	str_puts(&out, filter->where ? "understood as a field expression"
				     : "understood as a capture filter");
	if (filter->both) {
		str_puts(&out, "; as a field expression: filter -Y ");
		str_foreign(&out, filter->text, strlen(filter->text));
	}
	str_putc(&out, '\n');
	if (!sh->ctx.quiet)
		message_text(&out);
	str_fini(&out);
}

/* Of what is in view take only packets that match, telling how many, and in
   which language the filter was understood. */
static int shell_narrow(struct shell *sh, const struct filter_language *filter)
{
	struct err err;
	uint64_t left;
	int status = count(sh, filter, &left);

	/* a damaged file has told of that before: what is good is shown */
	if (status >= ERR_USAGE || sh->stopped)
		return status;
	if (!shell_view_narrow(&sh->view, filter->text, filter->where, left,
			       &err))
		return message_err(&err);
	tell_language(sh, filter);
	tell_count(sh);
	return 0;
}

/* ---- lines -------------------------------------------------------------- */

/* What is wrong with the line, and where. */
static int refuse(const struct line *l, const struct word *word,
		  const char *why)
{
	struct err err;

	err_set(&err, ERR_USAGE, "%s", why);
	err_show(&err, l->text, strlen(l->text), word->at, word->len);
	return message_err(&err);
}

/* All words, as if there were no operators. */
static void take_arguments(struct line *l)
{
	size_t i;

	l->n = 0;
	for (i = 0; i < l->words.n; i++) {
		if (l->words.item[i].kind != WORD_TEXT)
			continue;
		l->args[l->n] = &l->words.item[i];
		l->argv[l->n++] = l->words.item[i].text;
	}
}

/* Sort words into arguments and what is after operators. Returns 0, or the
   exit status of what was reported. */
static int sort_words(struct line *l)
{
	const struct word *w = l->words.item, *end = w + l->words.n;

	l->n = 0;
	for (; w < end; w++) {
		if (w->kind == WORD_TEXT) {
			l->args[l->n] = w;
			l->argv[l->n++] = w->text;
		} else if (l->pipe || l->file) {
			return refuse(l, w, "the output goes to one place");
		} else if (w->kind == WORD_PIPE) {
			l->pipe = w;
			if (!w->text[strspn(w->text, " \t")])
				return refuse(l, w,
					      "a program is expected after");
		} else {
			l->append = w->kind == WORD_APPEND;
			if (w + 1 == end || w[1].kind != WORD_TEXT)
				return refuse(l, w, "a file is expected after");
			l->file = ++w;
		}
	}
	if (!l->n && (l->pipe || l->file))
		return refuse(l, l->words.item, "a command belongs before");
	return 0;
}

static const struct command *find_inner(const char *name)
{
	size_t i;

	for (i = 0; shell_commands[i]; i++)
		if (!strcmp(shell_commands[i]->name, name))
			return shell_commands[i];
	return !strcmp(name, "exit") ? find_inner("quit") : NULL;
}

static int unknown(const struct line *l)
{
	struct nearest guess = NEAREST_START(l->argv[0]);
	struct str line = STR_INIT;
	char why[200];
	size_t i;

	if (habits_lead(NULL, l->n, l->argv, &line))
		report_hint("Use: %s", str_text(&line) + strlen("pcaptool "));
	str_fini(&line);
	for (i = 0; commands[i]; i++)
		nearest_try(&guess, commands[i]->name);
	for (i = 0; shell_commands[i]; i++)
		nearest_try(&guess, shell_commands[i]->name);
	if (guess.best)
		snprintf(why, sizeof(why),
			 "unknown command '%.60s'; did you mean '%s'?",
			 l->argv[0], guess.best);
	else
		snprintf(why, sizeof(why),
			 "unknown command '%.60s' ('help' lists them)",
			 l->argv[0]);
	return refuse(l, l->args[0], why);
}

/* The expression of "filter EXPRESSION" from word `first` on: all words and
   operators as they stand, but what was quoted without its quotes. */
static void put_expression(const struct line *l, int first, struct str *out)
{
	const struct word *w = l->args[first], *end;
	size_t after = w[-1].at + w[-1].len;

	for (end = l->words.item + l->words.n; w < end; w++) {
		if (w->at > after && out->len)
			str_putc(out, ' ');
		if (w->quoted)
			str_puts(out, w->text);
		else
			str_put(out, l->text + w->at, w->len);
		after = w->at + w->len;
	}
	str_put(out, "", 0);
}

/* Is it an option, and not a minus or a number of an expression? */
static bool is_option(const struct word *word)
{
	const char *text = word->text;

	return !word->quoted && text[0] == '-' && text[1] && text[1] != ' ' &&
	       !(text[1] >= '0' && text[1] <= '9');
}

/* The option that says that a field expression follows? */
static bool is_where_option(const struct word *word)
{
	return !word->quoted &&
	       (!strcmp(word->text, "-Y") || !strcmp(word->text, "--where"));
}

/*
 * "filter EXPRESSION" or "filter -Y EXPRESSION", without another option or a
 * file, about what is open? Returns which word is the expression's first; 0:
 * it is something else.
 */
static int narrows(const struct shell *sh, const struct line *l)
{
	int i, first = 1;

	if (!sh->view.n || strcmp(l->argv[0], "filter") != 0 || l->n < 2)
		return 0;
	if (is_where_option(l->args[1]))
		first = 2;
	for (i = first; i < l->n; i++)
		if (is_option(l->args[i]))
			return 0;
	if (l->n > first + 1 &&
	    job_same_file(l->argv[l->n - 1], l->argv[l->n - 1]))
		return 0;
	return first < l->n ? first : 0;
}

static int narrow(struct shell *sh, const struct line *l, int first)
{
	const struct word *from = l->args[first];
	const struct word *last = &l->words.item[l->words.n - 1];
	struct str words = STR_INIT, raw = STR_INIT;
	struct filter_language filter;
	int status;

	put_expression(l, first, &words);
	str_put(&raw, l->text + from->at, last->at + last->len - from->at);
	str_put(&raw, "", 0);
	if (first > 1)
		filter =
		    filter_language_where(str_text(&words), str_text(&raw));
	else
		filter = filter_language_of(str_text(&words), str_text(&raw));
	status = shell_narrow(sh, &filter);
	str_fini(&words);
	str_fini(&raw);
	return status;
}

/* The files that are open are not to be overwritten by what they hold. */
static bool overwrites(const struct shell *sh, const struct line *l)
{
	size_t i;

	for (i = 0; l->file && i < sh->view.n; i++)
		if (job_same_file(sh->view.paths[i], l->file->text))
			return true;
	return false;
}

static int run_command(struct shell *sh, const struct line *l)
{
	const struct typed typed = {l->text, l->args + 1, l->n - 1};
	struct ctx ctx = sh->ctx;
	struct task task = {.ctx = &ctx,
			    .command = l->command,
			    .n = l->n - 1,
			    .argv = l->argv + 1,
			    .typed = &typed};
	struct job job = {.body = run_task,
			  .arg = &task,
			  .pipe = l->pipe ? l->pipe->text : NULL,
			  .file = l->file ? l->file->text : NULL,
			  .append = l->append};

	if (overwrites(sh, l))
		return refuse(l, l->file, "this file is open");
	/* what is not on the terminal has no colours */
	if (l->pipe || l->file)
		ctx.color = ctx.color_always;
	/* what changes the shell runs in it, unless its output goes elsewhere
	 */
	if (l->command->inner && !l->pipe && !l->file)
		return run_task(&task);
	return run_job(sh, &job);
}

static int run_line(struct shell *sh, struct line *l)
{
	const struct word *last = &l->words.item[l->words.n - 1];
	int status, first;

	if (l->words.quote)
		return refuse(l, last, "this quote has no end");
	/* the raw line is the expression: its > and | are not operators */
	if (l->words.item[0].kind == WORD_TEXT) {
		take_arguments(l);
		first = narrows(sh, l);
		if (first)
			return narrow(sh, l, first);
	}
	status = sort_words(l);
	if (status || !l->n)
		return status;
	l->command = find_inner(l->argv[0]);
	if (!l->command)
		l->command = command_find(l->argv[0]);
	if (!l->command)
		return unknown(l);
	return run_command(sh, l);
}

/* "!COMMAND": a line for the system's shell. */
static int run_system(struct shell *sh, const char *line)
{
	static char name[] = "sh", option[] = "-c";
	char *argv[] = {name, option, (char *)(uintptr_t)line, NULL};
	struct job job = {.argv = argv};
	struct err err;

	if (line[strspn(line, " \t")])
		return run_job(sh, &job);
	err_set(&err, ERR_USAGE, "a command must follow the !");
	return message_err(&err);
}

int shell_line(struct shell *sh, const char *text)
{
	struct line l = {.text = text};
	size_t blank = strspn(text, " \t");
	struct err err;
	int status = 0;

	sh->stopped = false;
	if (text[blank] == '!')
		return run_system(sh, text + blank + 1);
	if (!words_split(&l.words, text, &err)) {
		words_fini(&l.words);
		return message_err(&err);
	}
	if (l.words.n > 1 && !strcmp(l.words.item[0].text, "pcaptool")) {
		/* as copied from elsewhere */
		free(l.words.item[0].text);
		memmove(l.words.item, l.words.item + 1,
			--l.words.n * sizeof(*l.words.item));
	}
	l.args = calloc(l.words.n + 1, sizeof(*l.args));
	l.argv = calloc(l.words.n + 1, sizeof(*l.argv));
	if (!l.args || !l.argv) {
		err_nomem(&err, "a line");
		status = message_err(&err);
	} else if (l.words.n) {
		status = run_line(sh, &l);
	}
	free(l.args);
	free(l.argv);
	words_fini(&l.words);
	return status;
}
