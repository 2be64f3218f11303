/* The commands that only the interactive shell has. */
#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "cmd/message.h"
#include "cmd/shell.h"
#include "os/term.h"

static int print(struct str *out)
{
	int status = message_out(out) ? 0 : report_out_status();

	str_fini(out);
	return status;
}

/* false: *status, with the reason reported. */
static bool takes(const char *command, const struct args *args, int least,
		  int most, int *status)
{
	struct err err;

	if (args->n >= least && args->n <= most)
		return true;
	err_set(&err, ERR_USAGE,
		args->n < least ? "'%s' needs more than that"
				: "'%s' does not take as much",
		command);
	*status = message_usage(&err, command);
	return false;
}

static int open_run(const struct ctx *ctx, void *conf, const struct args *args)
{
	int status;

	(void)conf;
	if (!takes("open", args, 1, INT32_MAX, &status))
		return status;
	return shell_open(ctx->shell, args->operands, (size_t)args->n);
}

static int close_run(const struct ctx *ctx, void *conf, const struct args *args)
{
	int status;

	(void)conf;
	if (!takes("close", args, 0, 0, &status))
		return status;
	shell_view_close(&ctx->shell->view);
	return 0;
}

static int files_run(const struct ctx *ctx, void *conf, const struct args *args)
{
	const struct shell_view *v = &ctx->shell->view;
	struct str out = STR_INIT;
	int status;
	size_t i;

	(void)conf;
	if (!takes("files", args, 0, 0, &status))
		return status;
	for (i = 0; i < v->n; i++) {
		str_foreign(&out, v->paths[i], strlen(v->paths[i]));
		str_putc(&out, '\n');
	}
	if (!v->n)
		str_puts(&out, "no file is open\n");
	return print(&out);
}

static int view_run(const struct ctx *ctx, void *conf, const struct args *args)
{
	const struct shell_view *v = &ctx->shell->view;
	struct str out = STR_INIT;
	int status;
	size_t i;

	(void)conf;
	if (!takes("view", args, 0, 0, &status))
		return status;
	if (v->n) {
		str_printf(&out, "%10" PRIu64 "  ", v->count);
		shell_view_name(v, &out);
		str_putc(&out, '\n');
	} else {
		str_puts(&out, "no file is open\n");
	}
	for (i = 0; i < v->n_steps; i++) {
		str_printf(&out, "%10" PRIu64 "  filter %s", v->steps[i].count,
			   v->steps[i].where ? "-Y " : "");
		str_foreign(&out, v->steps[i].expr, strlen(v->steps[i].expr));
		str_putc(&out, '\n');
	}
	return print(&out);
}

static int undo_run(const struct ctx *ctx, void *conf, const struct args *args)
{
	struct shell_view *v = &ctx->shell->view;
	struct str out = STR_INIT;
	uint64_t steps = 1;
	struct err err;
	int status;

	(void)conf;
	if (!takes("undo", args, 0, 1, &status))
		return status;
	if (args->n && !strcmp(args->operands[0], "all")) {
		steps = v->n_steps;
	} else if (args->n && (!num_u64(args->operands[0], &steps) || !steps)) {
		err_set(&err, ERR_USAGE, "'%s' is not a number of steps",
			args->operands[0]);
		return message_usage(&err, "undo");
	}
	if (!v->n_steps) {
		err_set(&err, ERR_FAULT, "no filter to remove");
		return message_err(&err);
	}
	shell_view_undo(v, (size_t)steps);
	str_printf(&out, "%" PRIu64 " of %" PRIu64 " packets\n",
		   shell_view_count(v), v->count);
	if (!ctx->quiet)
		message_text(&out);
	str_fini(&out);
	return 0;
}

static int history_run(const struct ctx *ctx, void *conf,
		       const struct args *args)
{
	struct shell_history *h = &ctx->shell->history;
	const char *word = args->n ? args->operands[0] : "";
	struct str out = STR_INIT;
	struct err err;
	int status;

	(void)conf;
	if (!takes("history", args, 0, 1, &status))
		return status;
	if (!strcmp(word, "on") || !strcmp(word, "off")) {
		shell_history_on(h, word[1] == 'n');
		return 0;
	}
	if (!strcmp(word, "clear"))
		return shell_history_clear(h, &err) ? 0 : message_err(&err);
	if (word[0]) {
		err_set(&err, ERR_USAGE, "'%s' is none of on, off and clear",
			word);
		return message_usage(&err, "history");
	}
	if (!shell_history_list(h, &out, &err)) {
		str_fini(&out);
		return message_err(&err);
	}
	return print(&out);
}

static int clear_run(const struct ctx *ctx, void *conf, const struct args *args)
{
	struct str out = STR_INIT;
	int status;

	(void)ctx, (void)conf;
	if (!takes("clear", args, 0, 0, &status))
		return status;
	if (term_stdout()) /* to the corner, and erase all after it */
		str_puts(&out, "\033[H\033[2J");
	return print(&out);
}

static int quit_run(const struct ctx *ctx, void *conf, const struct args *args)
{
	int status;

	(void)conf;
	if (!takes("quit", args, 0, 0, &status))
		return status;
	ctx->shell->done = true;
	return 0;
}

/* ---- the table --------------------------------------------------------- */

static void file_operands(const struct operand_at *place, struct str *out)
{
	(void)place;
	opt_values_files(out);
}

static void history_operands(const struct operand_at *place, struct str *out)
{
	if (!place->n)
		str_puts(out, "on\noff\nclear\n");
}

static void undo_operands(const struct operand_at *place, struct str *out)
{
	if (!place->n)
		str_puts(out, "all\n");
}

static const struct command open_command = {
    .name = "open",
    .operands = "FILE...",
    .summary = "open savefiles: commands without a FILE are about them",
    .inner = true,
    .values = file_operands,
    .run = open_run,
};

static const struct command close_command = {
    .name = "close",
    .operands = "",
    .summary = "close what is open",
    .inner = true,
    .run = close_run,
};

static const struct command files_command = {
    .name = "files",
    .operands = "",
    .summary = "show what is open",
    .inner = true,
    .run = files_run,
};

static const struct command view_command = {
    .name = "view",
    .operands = "",
    .summary = "show the filters in force and what each one leaves",
    .inner = true,
    .run = view_run,
};

static const struct command undo_command = {
    .name = "undo",
    .operands = "[N | all]",
    .summary = "take the last filter back, or the last N, or all",
    .inner = true,
    .values = undo_operands,
    .run = undo_run,
};

static const struct command history_command = {
    .name = "history",
    .operands = "[on | off | clear]",
    .summary = "show the lines that were typed; keep them, or not; forget them",
    .inner = true,
    .values = history_operands,
    .run = history_run,
};

static const struct command clear_command = {
    .name = "clear",
    .operands = "",
    .summary = "clear the screen (as Ctrl-L does)",
    .inner = true,
    .run = clear_run,
};

static const struct command quit_command = {
    .name = "quit",
    .operands = "",
    .summary = "leave the shell (as Ctrl-D does)",
    .inner = true,
    .run = quit_run,
};

const struct command *const shell_commands[] = {
    &open_command,  &close_command, &files_command,
    &view_command,  &undo_command,  &history_command,
    &clear_command, &quit_command,  NULL,
};
