/* The table of subcommands, and how one is run. */
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/habits.h"
#include "cmd/message.h"

#define COMMAND(name) extern const struct command name##_command;
#include "cmd/commands.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &name##_command,
#include "cmd/commands.def"
#undef COMMAND
    NULL,
};

const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static int help(const struct command *command)
{
	struct str text = STR_INIT;
	bool good;

	opt_help(command, &text);
	good = message_out(&text);
	str_fini(&text);
	return good ? 0 : report_out_status();
}

/* Words that another tool would have understood: the line for this one. */
static void lead_on(const struct command *command, int argc, char **argv)
{
	struct str line = STR_INIT;

	if (!command->inner && habits_lead(command, argc, argv, &line))
		report_hint("Use: %s", str_text(&line));
	str_fini(&line);
}

static int run(const struct command *command, const struct ctx *ctx, void *conf,
	       struct args *args)
{
	args->view = ctx->view;
	return command->run(ctx, conf, args);
}

int command_run(const struct command *command, const struct ctx *ctx, int argc,
		char **argv)
{
	struct args args = {0};
	struct err err;
	void *conf = malloc(command->conf_size + 1);
	int status;

	if (!conf) {
		err_nomem(&err, "options");
		return message_err(&err);
	}
	if (command->conf_size)
		memcpy(conf, command->defaults, command->conf_size);
	report_hint("%s", "");
	if (!opt_parse(command, conf, argc, argv, &args, &err)) {
		lead_on(command, argc, argv);
		status = message_usage(&err, command->name);
	} else if (args.help) {
		status = help(command);
	} else {
		status = run(command, ctx, conf, &args);
	}
	args_fini(&args);
	opt_fini(command, conf);
	if (command->fini)
		command->fini(conf);
	free(conf);
	return status;
}
