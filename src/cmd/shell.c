/*
 * shell: the other commands, interactively or from a script, with savefiles
 * that stay open between them.
 */
#include "cmd/shell.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/inputs.h"
#include "cmd/message.h"
#include "os/interrupt.h"
#include "os/priv.h"
#include "os/term.h"

struct shell_conf {
	const char *batch;
	bool no_history;
};

static const struct shell_conf shell_defaults = {0};

#define MEMBER(name) .member = offsetof(struct shell_conf, name)

static const struct opt shell_opts[] = {
    {
	.name = "batch",
	.type = OPT_TEXT,
	MEMBER(batch),
	.arg = "FILE",
	.values = opt_values_files,
	.help = "Run the commands in FILE (- is standard input), one per line, "
		"without prompts, and stop at the first failure. Also the "
		"default when standard input is not a terminal.",
    },
    {
	.name = "no-history",
	.type = OPT_FLAG,
	MEMBER(no_history),
	.help = "Neither read nor write the command history.",
    },
    {0},
};

static const struct opt_group shell_groups[] = {
    {.title = "Options", .opts = shell_opts},
    {0},
};

/* ---- lines -------------------------------------------------------------- */

/* One line of a file, at most this long. */
enum { LINE_MAX_BYTES = 65536 };

/* Where lines come from: the editor, or a file. */
struct lines {
	FILE *file;
	const char *name;
	bool prompts; /* a person types them */
	unsigned long number;
};

static void put_prompt(const struct shell *sh, struct str *out)
{
	const struct shell_view *v = &sh->view;

	if (!v->n) {
		str_puts(out, "pcaptool> ");
		return;
	}
	shell_view_name(v, out);
	if (v->n_steps)
		str_printf(out, " [%" PRIu64 "/%" PRIu64 "]",
			   shell_view_count(v), v->count);
	str_puts(out, "> ");
}

/* One line of the file. LINEEDIT_STOPPED: Ctrl-C while waiting for it. */
static enum lineedit_got read_file(struct lines *lines, struct str *line)
{
	int c;

	errno = 0;
	while ((c = getc(lines->file)) != EOF && c != '\n') {
		/* a NUL would hide what is after it */
		str_putc(line, c ? (char)c : ' ');
		if (line->len > LINE_MAX_BYTES)
			break;
	}
	str_put(line, "", 0);
	lines->number++;
	if (c != EOF || line->len)
		return LINEEDIT_LINE;
	if (errno != EINTR)
		return LINEEDIT_END;
	clearerr(lines->file);
	return LINEEDIT_STOPPED;
}

static enum lineedit_got read_line(struct shell *sh, struct lines *lines,
				   struct str *line)
{
	struct str prompt = STR_INIT;
	enum lineedit_got got;

	put_prompt(sh, &prompt);
	if (sh->edit) {
		got = lineedit_read(sh->edit, str_text(&prompt), line);
	} else if (lines->prompts) {
		fputs(str_text(&prompt), stdout);
		fflush(stdout);
		interrupt_waiting();
		got = read_file(lines, line);
		interrupt_restore();
	} else {
		got = read_file(lines, line);
	}
	str_fini(&prompt);
	return got;
}

/* ---- sessions ----------------------------------------------------------- */

/* Lines that a person types: errors are reported, and it goes on. */
static int converse(struct shell *sh, struct lines *lines)
{
	struct str line = STR_INIT;
	int status = 0;

	while (!sh->done) {
		enum lineedit_got got;

		str_clear(&line);
		got = read_line(sh, lines, &line);
		if (got == LINEEDIT_END || line.failed)
			break;
		if (got == LINEEDIT_STOPPED) {
			fputs(sh->edit ? "" : "\n", stdout);
			continue;
		}
		shell_history_add(&sh->history, str_text(&line));
		status = shell_line(sh, str_text(&line));
	}
	if (!sh->done) /* Ctrl-D: the terminal is at the prompt */
		puts("");
	str_fini(&line);
	return status;
}

/* Lines of a script: the first one that fails ends it. */
static int run_script(struct shell *sh, struct lines *lines)
{
	struct str line = STR_INIT;
	struct err err;
	int status = 0;

	while (!sh->done && !status && !sh->stopped) {
		str_clear(&line);
		if (read_line(sh, lines, &line) == LINEEDIT_END)
			break;
		if (line.failed || line.len > LINE_MAX_BYTES) {
			err_set(&err, ERR_USAGE,
				"line %lu: longer than %d bytes", lines->number,
				LINE_MAX_BYTES);
			err_in_file(&err, lines->name);
			status = message_err(&err);
			break;
		}
		status = shell_line(sh, str_text(&line));
		if (!status && !sh->stopped)
			continue;
		if (sh->stopped && !status)
			status = ERR_FAULT;
		err_set(&err, ERR_FAULT, "line %lu: %s with status %d",
			lines->number, sh->stopped ? "stopped" : "ended",
			status);
		err_in_file(&err, lines->name);
		message_err(&err);
	}
	str_fini(&line);
	return status;
}

static bool open_lines(const struct shell_conf *conf, struct lines *lines,
		       struct err *err)
{
	bool from_stdin = !conf->batch || !strcmp(conf->batch, "-");

	lines->file = from_stdin ? stdin : fopen(conf->batch, "re");
	lines->name = from_stdin ? "standard input" : conf->batch;
	lines->prompts = !conf->batch && term_stdin();
	if (lines->file)
		return true;
	err_sys(err, ERR_USAGE, errno, "cannot be read");
	return err_in_file(err, conf->batch);
}

/* The editor, if there is a terminal on both sides of it. */
static void open_editor(struct shell *sh, const struct lines *lines)
{
	const struct lineedit_hooks hooks = {
	    .arg = sh,
	    .complete = shell_complete,
	    .hint = shell_hint,
	};
	struct err err;

	if (!lines->prompts || !term_stdout())
		return;
	sh->edit = lineedit_open(&hooks, !os_is_privileged(), &err);
	if (!sh->edit)
		log_note("%s", err.text);
}

static int shell_run(const struct ctx *ctx, void *config,
		     const struct args *args)
{
	const struct shell_conf *conf = config;
	struct lines lines = {0};
	struct shell sh = {.ctx = *ctx};
	struct err err;
	int status = 0;

	sh.ctx.view = &sh.view.view;
	sh.ctx.shell = &sh;
	if (ctx->shell) {
		err_set(&err, ERR_USAGE, "this is the shell already");
		return message_err(&err);
	}
	if (!open_lines(conf, &lines, &err))
		return message_err(&err);
	sh.no_input = lines.file == stdin && !lines.prompts;
	open_editor(&sh, &lines);
	shell_history_init(&sh.history, sh.edit, conf->no_history);
	if (args->n)
		status = shell_open(&sh, args->operands, (size_t)args->n);
	if (lines.prompts)
		status = converse(&sh, &lines);
	else if (status < ERR_USAGE)
		status = run_script(&sh, &lines);
	shell_view_close(&sh.view);
	shell_history_fini(&sh.history);
	lineedit_close(sh.edit);
	if (lines.file != stdin)
		fclose(lines.file);
	return status;
}

static const struct example shell_examples[] = {
    {"pcaptool shell a.pcapng", "Look at a savefile, command by command."},
    {"pcaptool shell --batch commands.txt a.pcapng",
     "Run the commands in a file."},
    {"echo 'read -o json | head -n 1' | pcaptool shell a.pcapng",
     "The same from a pipe."},
    {0},
};

const struct command shell_command = {
    .name = "shell",
    .operands = "[FILE...]",
    .summary = "the same commands, interactively",
    .about =
	"Run the other commands, typed without pcaptool before them, with "
	"completion and history. Without FILEs they use the open ones, and "
	"'filter EXPRESSION' limits the packets that they see. A pipe (|) "
	"or a file (>, >>) may follow a command; a line after ! goes to "
	"the system's shell. 'help' lists the commands.",
    .groups = shell_groups,
    .defaults = &shell_defaults,
    .conf_size = sizeof(struct shell_conf),
    .values = inputs_operands,
    .examples = shell_examples,
    .run = shell_run,
};
