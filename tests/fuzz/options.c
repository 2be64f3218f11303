/* Any command line: a word a line, the first one a command. */
#include "cmd/command.h"
#include "fuzz/fuzz.h"

static void parse(const struct command *command, int argc, char **argv)
{
	struct args args;
	struct err err;
	void *conf = malloc(command->conf_size);

	if (!conf)
		exit(1);
	memcpy(conf, command->defaults, command->conf_size);
	(void)opt_parse(command, conf, argc, argv, &args, &err);
	args_fini(&args);
	opt_fini(command, conf);
	if (command->fini)
		command->fini(conf);
	free(conf);
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	char *text = malloc(n + 1), *argv[65], *word, *save = NULL;
	const struct command *command;
	int argc = 0;

	if (!text)
		exit(1);
	memcpy(text, bytes, n);
	text[n] = '\0';
	for (word = strtok_r(text, "\n", &save); word && argc < 64;
	     word = strtok_r(NULL, "\n", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	command = argc ? command_find(argv[0]) : NULL;
	if (command)
		parse(command, argc - 1, argv + 1);
	free(text);
}

/* Every command with its own options, those with an argument given one. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	const struct command *command;
	const struct opt_group *g;
	const struct opt *o;
	struct str text = STR_INIT;
	size_t n, known = 0;

	while (commands[known])
		known++;
	if (i >= known)
		return 0;
	command = commands[i];
	str_printf(&text, "%s\n", command->name);
	for (g = command->groups; g && g->title; g++)
		for (o = g->opts; o->help; o++)
			if (o->name && o->arg)
				str_printf(&text, "--%s=%s\n", o->name,
					   o->words ? o->words[0] : "1");
			else if (o->name)
				str_printf(&text, "--%s\n", o->name);
			else
				str_printf(&text, "-%c1\n", o->letter);
	str_puts(&text, "operand\n--\n-x\n");
	n = text.len < FUZZ_MAX ? text.len : FUZZ_MAX;
	memcpy(bytes, text.text, n);
	str_fini(&text);
	return n;
}
