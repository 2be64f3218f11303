/* What triggers the files of a capture with --ring. */
#include "cmd/capture_trigger.h"

#include <stdlib.h>
#include <string.h>

#include "capture/expr.h"
#include "cmd/match.h"
#include "cmd/where_text.h"
#include "os/line_command.h"

struct triggers {
	const struct capture_conf *conf;
	struct expr_compiler *compiler; /* NULL: there are no expressions */
	struct where **where;		/* one for each --trigger-where */
	struct recorder *recorder;
	struct live *live;
	struct line_command *commands[LIVE_LISTEN_MAX];
	size_t n_commands;
	bool signal;
};

/* ---- understanding the options ---- */

/* The command of cmd:COMMAND; NULL: it is something else. */
static const char *command_of(const char *text)
{
	const size_t n = strlen(TRIGGER_COMMAND);

	return strncmp(text, TRIGGER_COMMAND, n) == 0 ? text + n : NULL;
}

static bool is_expression(const char *text)
{
	return strcmp(text, TRIGGER_SIGNAL) != 0 && !command_of(text);
}

static bool take_triggers(struct triggers *t, struct err *err)
{
	const struct texts *texts = &t->conf->ring.triggers;
	size_t i, n = 0;

	for (i = 0; i < texts->n; i++) {
		t->signal |= !strcmp(texts->item[i], TRIGGER_SIGNAL);
		n += command_of(texts->item[i]) != NULL;
		if (!texts->item[i][0])
			return err_set(err, ERR_USAGE,
				       "option --trigger: an empty expression");
		if (!is_expression(texts->item[i]) || t->compiler)
			continue;
		t->compiler = expr_compiler_open(err);
		if (!t->compiler)
			return false;
	}
	return n <= LIVE_LISTEN_MAX ||
	       err_set(err, ERR_USAGE,
		       "option --trigger: more than %d commands",
		       LIVE_LISTEN_MAX);
}

static bool take_where(struct triggers *t, struct err *err)
{
	const struct capture_conf *conf = t->conf;
	const struct where_options decoding =
	    print_conf_decoding(&conf->printing);
	const struct texts *texts = &conf->ring.where;
	struct where_text text = {.macros = conf->select.macros,
				  .search = {.place = -1}};
	size_t i;

	t->where = calloc(texts->n + 1, sizeof(struct where *));
	if (!t->where)
		return err_nomem(err, "field expressions");
	for (i = 0; i < texts->n; i++) {
		text.text = texts->item[i];
		t->where[i] = where_text_open(&text, &decoding, err);
		if (!t->where[i])
			return false;
	}
	return true;
}

struct triggers *triggers_open(const struct capture_conf *conf, struct err *err)
{
	struct triggers *t = calloc(1, sizeof(*t));

	if (!t) {
		err_nomem(err, "triggers");
		return NULL;
	}
	t->conf = conf;
	if (take_triggers(t, err) && take_where(t, err))
		return t;
	triggers_close(t);
	return NULL;
}

/* ---- packets ---- */

/* Is the expression right for all devices? */
static bool suits(const struct triggers *t, const char *text,
		  const struct live *live, struct err *err)
{
	struct program program = {0};
	const struct handle *h;
	bool good = true;
	size_t i;

	for (i = 0; good && (h = live_handle(live, i)); i++) {
		const struct expr_setup setup = {.linktype = h->linktype,
						 .snaplen = h->snaplen,
						 .savefile = true};

		good =
		    expr_compile_by(t->compiler, text, &setup, &program, err);
		program_fini(&program);
	}
	return good;
}

static bool add_expression(struct triggers *t, const char *text,
			   struct recorder *recorder, const struct live *live,
			   struct err *err)
{
	const struct match_options match = {
	    .text = text,
	    .compiler = t->compiler,
	    .vm_linktype = UINT32_MAX,
	    .unoptimized = t->conf->no_optimize,
	};

	return suits(t, text, live, err) &&
	       recorder_add_trigger(recorder, match_open(&match, err), err);
}

bool triggers_add(struct triggers *t, struct recorder *recorder,
		  const struct live *live, struct err *err)
{
	const struct texts *texts = &t->conf->ring.triggers;
	size_t i;

	t->recorder = recorder;
	for (i = 0; i < texts->n; i++)
		if (is_expression(texts->item[i]) &&
		    !add_expression(t, texts->item[i], recorder, live, err))
			return false;
	for (i = 0; i < t->conf->ring.where.n; i++)
		if (!recorder_add_trigger(
			recorder, where_selector(t->where[i], err), err))
			return false;
	return true;
}

/* ---- signals and commands ---- */

bool triggers_start(struct triggers *t, struct live *live, struct err *err)
{
	const struct texts *texts = &t->conf->ring.triggers;
	struct line_command *c;
	const char *text;
	size_t i;

	t->live = live;
	for (i = 0; i < texts->n; i++) {
		text = command_of(texts->item[i]);
		if (!text)
			continue;
		c = line_command_start(text, err);
		if (!c)
			return false;
		t->commands[t->n_commands++] = c;
		live_listen(live, line_command_fd(c));
	}
	return true;
}

bool triggers_signal(struct triggers *t)
{
	if (!t || !t->signal)
		return false;
	recorder_trigger(t->recorder);
	return true;
}

void triggers_tick(struct triggers *t)
{
	size_t i;

	for (i = 0; i < t->n_commands; i++) {
		struct line_command *c = t->commands[i];
		const int fd = line_command_fd(c);
		unsigned n = line_command_take(c);

		if (fd >= 0 && line_command_fd(c) < 0)
			live_deafen(t->live, fd);
		for (; n > 0; n--)
			recorder_trigger(t->recorder);
	}
}

void triggers_close(struct triggers *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; i < t->n_commands; i++)
		line_command_close(t->commands[i]);
	for (i = 0; t->where && i < t->conf->ring.where.n; i++)
		where_close(t->where[i]);
	free(t->where);
	expr_compiler_close(t->compiler);
	free(t);
}
