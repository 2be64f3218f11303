/* help: the man page of a command or of a topic, or the text built in. */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "cmd/command.h"
#include "cmd/message.h"
#include "cmd/pages.h"
#include "os/job.h"
#include "os/priv.h"

struct help_conf {
	bool text;
};

static const struct help_conf help_defaults = {0};

static const struct opt help_opts[] = {
    {
	.name = "text",
	.type = OPT_FLAG,
	.member = offsetof(struct help_conf, text),
	.help = "Show the built-in text even if a man page is installed.",
    },
    {0},
};

static const struct opt_group help_groups[] = {
    {.title = "Options", .opts = help_opts},
    {0},
};

static const struct command *find_inner(const struct ctx *ctx, const char *name)
{
	size_t i;

	for (i = 0; ctx->shell && shell_commands[i]; i++)
		if (!strcmp(shell_commands[i]->name, name))
			return shell_commands[i];
	return NULL;
}

static void put_list(const struct command *const *list, struct str *out)
{
	for (; *list; list++)
		str_printf(out, "  %-10s %s\n", (*list)->name,
			   (*list)->summary);
}

/* All that there is help about. */
static void put_topics(const struct ctx *ctx, struct str *out)
{
	const struct page *page;

	str_puts(out, "Commands:\n");
	put_list(commands, out);
	if (ctx->shell) {
		str_puts(out, "\nCommands of the shell:\n");
		put_list(shell_commands, out);
		str_puts(out, "  filter     with files open, without options: "
			      "narrow what is in view\n");
		str_puts(out, "\nBehind a command: | PROGRAM, > FILE, "
			      ">> FILE\n");
	}
	str_puts(out, "\nTopics:\n");
	for (page = pages; page->name; page++)
		str_printf(out, "  %s\n", page->name);
	str_printf(out, "\n'%shelp NAME' shows the page of one.\n",
		   ctx->shell ? "" : "pcaptool ");
}

/* The man page, if there is one and a man to show it. */
static bool show_page(const char *name, bool topic)
{
	char page[64], section[] = {topic ? '7' : '1', '\0'}, man[] = "man";
	char *argv[] = {man, section, page, NULL};
	const struct job job = {.argv = argv, .no_errors = true};
	struct job_end end;

	snprintf(page, sizeof(page), "pcaptool%s%s", name[0] ? "-" : "", name);
	/* another's PATH says which program that is */
	if (os_is_privileged() || !job_run(&job, &end, NULL))
		return false;
	return end.status == 0 || end.told_stop;
}

static int unknown(const char *name)
{
	struct nearest guess = NEAREST_START(name);
	const struct page *page;
	struct err err;
	size_t i;

	for (i = 0; commands[i]; i++)
		nearest_try(&guess, commands[i]->name);
	for (page = pages; page->name; page++)
		nearest_try(&guess, page->name);
	if (guess.best)
		err_set(&err, ERR_USAGE,
			"no help page for '%s'; did you mean '%s'?", name,
			guess.best);
	else
		err_set(&err, ERR_USAGE, "no help page for '%s'", name);
	return message_usage(&err, "help");
}

static int help_run(const struct ctx *ctx, void *config,
		    const struct args *args)
{
	const struct help_conf *conf = config;
	const char *name = args->n ? args->operands[0] : "";
	const struct command *command = command_find(name);
	const struct command *inner = find_inner(ctx, name);
	const struct page *page = page_find(name);
	struct str out = STR_INIT;
	struct err err;
	int status;

	if (args->n > 1) {
		err_set(&err, ERR_USAGE, "unexpected operand '%s'",
			args->operands[1]);
		return message_usage(&err, "help");
	}
	if (name[0] && !command && !page && !inner)
		return unknown(name);
	if (name[0] && !inner && !conf->text && show_page(name, page != NULL))
		return 0;
	if (inner)
		opt_help(inner, &out);
	else if (command)
		opt_help(command, &out);
	else if (page)
		page_text(page, &out);
	else
		put_topics(ctx, &out);
	status = message_out(&out) ? 0 : report_out_status();
	str_fini(&out);
	return status;
}

static void help_operands(const struct operand_at *place, struct str *out)
{
	const struct page *page;
	size_t i;

	if (place->n)
		return;
	for (i = 0; commands[i]; i++)
		str_printf(out, "%s\n", commands[i]->name);
	for (page = pages; page->name; page++)
		str_printf(out, "%s\n", page->name);
}

static const struct example help_examples[] = {
    {"pcaptool help read", "The page about a command."},
    {"pcaptool help tutorial", "The first hour."},
    {"pcaptool help --text fields | grep dns", "Which fields does DNS have?"},
    {0},
};

const struct command help_command = {
    .name = "help",
    .operands = "[COMMAND | TOPIC]",
    .summary = "show the page of a command or of a topic",
    .about = "Show the man page of COMMAND or about TOPIC, or, where man(1) "
	     "or the page is missing, the text that is built in. Without one, "
	     "list them.",
    .groups = help_groups,
    .defaults = &help_defaults,
    .conf_size = sizeof(struct help_conf),
    .values = help_operands,
    .examples = help_examples,
    .run = help_run,
};
