/* pcaptool: global options, dispatch, exit status; nothing else. */
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "base/log.h"
#include "base/nearest.h"
#include "cmd/command.h"
#include "cmd/complete.h"
#include "cmd/config.h"
#include "cmd/habits.h"
#include "cmd/message.h"
#include "cmd/pages.h"
#include "cmd/version.h"
#include "os/sandbox.h"
#include "os/sandbox_test.h"
#include "os/stdio.h"
#include "os/term.h"

struct global_conf {
	bool quiet, verbose, version, sandbox_test;
	int color, sandbox;
	const char *libpcap;
	int options_as;
};

/* --options-as, which the build and the completion scripts use. */
enum {
	AS_NOTHING,
	AS_MDOC,
	AS_COMMANDS,
	AS_WORDS,
	AS_COMPLETION,
	AS_LINE,
	AS_PART
};

static const char *const as_words[] = {
    "nothing", "mdoc", "commands", "words", "completion", "line", "part", NULL};

static void libpcap_values(struct str *out)
{
	str_puts(out, "system\ntcpdump\n@files\n");
}

enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

static const char *const color_words[] = {"auto", "always", "never", NULL};

static const struct opt global_opts[] = {
    {0, "libpcap", OPT_TEXT, offsetof(struct global_conf, libpcap),
     .arg = "LIB",
     .help =
	 "Use this libpcap: system (the one that is installed), tcpdump (one "
	 "that is installed beside the tool), or the path of a library. "
	 "The default is $PCAPTOOL_LIBPCAP, then libpcap = LIB of the "
	 "configuration files, then system.",
     .values = libpcap_values},
    {0, "color", OPT_WORD, offsetof(struct global_conf, color), .arg = "WHEN",
     .words = color_words,
     .help = "Print packets in colours, by protocol: always, never, or auto "
	     "(default): only on a terminal, and if NO_COLOR is unset."},
    {'q', "quiet", OPT_FLAG, offsetof(struct global_conf, quiet),
     .help = "Print no notes and no progress on stderr, only warnings and "
	     "errors."},
    {0, "sandbox", OPT_WORD, offsetof(struct global_conf, sandbox),
     .arg = "LEVEL", .words = sandbox_levels,
     .help =
	 "Give up rights before reading packets (pcaptool-security(7)): best "
	 "(default), all that this system offers; require, fail if that is not "
	 "everything; strict, likewise, and die at any system call that should "
	 "not be needed; or off. The default can be changed with "
	 "$PCAPTOOL_SANDBOX or sandbox = LEVEL in the configuration files."},
    {0, "sandbox-test", OPT_FLAG, offsetof(struct global_conf, sandbox_test),
     .help = "Try, in each thread of the command, what the sandbox forbids. "
	     "Each act that is not refused is a warning; then the exit status "
	     "is 1."},
    {'v', "verbose", OPT_FLAG, offsetof(struct global_conf, verbose),
     .help = "Say on stderr which sandbox a command runs in."},
    {0, "version", OPT_FLAG, offsetof(struct global_conf, version),
     .help = "Print the version of the tool and of libpcap, and the features "
	     "built in."},
    {0},
};

static const struct opt hidden_opts[] = {
    {0, "options-as", OPT_WORD, offsetof(struct global_conf, options_as),
     .arg = "FORM", .help = "Print option rows in this form.",
     .words = as_words},
    {0},
};

static const struct opt_group global_groups[] = {
    {.title = "Global options", .opts = global_opts},
    {.title = "", .opts = hidden_opts},
    {0},
};

static const struct global_conf global_defaults = {.sandbox = -1};

static const struct command tool = {
    .name = "",
    .operands = "COMMAND [ARGUMENTS]",
    .summary = "capture, read, write, filter and count packets",
    .about = "Capture, read, write, filter and count network packets.",
    .groups = global_groups,
    .defaults = &global_defaults,
    .conf_size = sizeof(struct global_conf),
    .stops_early = true,
};

static int print(struct str *text)
{
	int status = message_out(text) ? 0 : report_out_status();

	str_fini(text);
	return status;
}

static int help(void)
{
	struct str text = STR_INIT;
	size_t i;

	opt_help(&tool, &text);
	str_puts(&text, "\nCommands:\n");
	for (i = 0; commands[i]; i++)
		str_printf(&text, "  %-10s %s\n", commands[i]->name,
			   commands[i]->summary);
	str_puts(&text, "\n'pcaptool COMMAND --help' explains a command, "
			"'pcaptool help tutorial' the\n"
			"first steps.\n");
	return print(&text);
}

static int version(void)
{
	struct str text = STR_INIT;

	version_text(&text);
	return print(&text);
}

/* Words that another tool would have understood: the line for this one. */
static void lead_on(int argc, char **argv)
{
	struct str line = STR_INIT;

	if (habits_lead(NULL, argc, argv, &line))
		report_hint("Use: %s", str_text(&line));
	str_fini(&line);
}

static int unknown_command(const char *word)
{
	struct nearest guess = NEAREST_START(word);
	struct err err;
	size_t i;

	for (i = 0; commands[i]; i++)
		nearest_try(&guess, commands[i]->name);
	if (guess.best)
		err_set(&err, ERR_USAGE,
			"unknown command '%s'; did you mean '%s'?", word,
			guess.best);
	else
		err_set(&err, ERR_USAGE, "unknown command '%s'", word);
	return message_usage(&err, NULL);
}

/* The list of commands for the man page. */
static void commands_mdoc(struct str *out)
{
	size_t i;

	str_puts(out, ".Bl -tag -width Ds\n");
	for (i = 0; commands[i]; i++)
		str_printf(out, ".It Xr pcaptool-%s 1\n%s\n", commands[i]->name,
			   commands[i]->summary);
	str_puts(out, ".El\n");
}

/* --options-as=FORM [COMMAND], and after completion and line what is to be
   completed (cmd/complete.h). A COMMAND of "" is the tool itself. */
static int options_as(int form, const struct args *args)
{
	const struct vocabulary all = {.tool = &tool, .commands = commands};
	const struct command *command = &tool;
	struct str text = STR_INIT;
	/* the first operand and everything after it */
	char **words = args->n ? args->rest - 1 : NULL;
	int n = args->n ? args->n_rest + 1 : 0;
	size_t i;

	if (form == AS_PART) {
		if (n > 0)
			page_part(words[0], true, &text);
		return print(&text);
	}
	if (form == AS_COMPLETION || form == AS_LINE) {
		if (form == AS_COMPLETION && n > 0)
			complete_print(&all, words, n, &text);
		if (form == AS_LINE && n > 0)
			complete_line_print(&all, words[0], &text);
		return print(&text);
	}
	if (n > 0 && words[0][0] && !(command = command_find(words[0])))
		return unknown_command(words[0]);
	if (form == AS_MDOC)
		opt_mdoc(command, &text);
	if (form == AS_COMMANDS)
		commands_mdoc(&text);
	if (form == AS_WORDS) {
		for (i = 0; command == &tool && commands[i]; i++)
			str_printf(&text, "%s\n", commands[i]->name);
		opt_words(command, &text);
	}
	return print(&text);
}

/* What the options and the configuration say about the sandbox. */
static bool choose_sandbox(const struct global_conf *conf, struct err *err)
{
	struct sandbox_wish wish = {.tells = conf->verbose};

	if (!config_sandbox(conf->sandbox, &wish.level, err))
		return false;
	if (conf->sandbox_test)
		sandbox_test_begin();
	sandbox_want(&wish);
	return true;
}

/* After --sandbox-test: the worse of the status and its result. */
static int test_status(int status)
{
	struct err err;

	if (!sandbox_test_on())
		return status;
	if (!sandbox_test_threads()) {
		err_set(&err, ERR_FAULT, "no sandbox was entered");
	} else if (sandbox_test_failures()) {
		err_set(&err, ERR_FAULT, "sandbox: %u of %u acts not refused",
			sandbox_test_failures(),
			sandbox_test_acts() * sandbox_test_threads());
	} else {
		log_note("sandbox: all of %u acts refused in %u thread(s)",
			 sandbox_test_acts(), sandbox_test_threads());
		return status;
	}
	message_err(&err);
	return status ? status : 1;
}

static int run(const struct global_conf *conf, struct args *args)
{
	const struct ctx ctx = {
	    .quiet = conf->quiet,
	    .color_always = conf->color == COLOR_ALWAYS,
	    .color = conf->color == COLOR_ALWAYS ||
		     (conf->color == COLOR_AUTO && term_colors()),
	};
	const struct command *command;
	struct err err;

	if (args->help)
		return help();
	message_log(conf->quiet);
	if (conf->options_as)
		return options_as(conf->options_as, args);
	if (!config_libpcap(conf->libpcap, &err) || !choose_sandbox(conf, &err))
		return message_usage(&err, NULL);
	if (conf->version)
		return version();
	if (!args->n) {
		if (conf->verbose)
			report_hint("Use: pcaptool --version");
		err_set(&err, ERR_USAGE, "no command given");
		return message_usage(&err, NULL);
	}
	command = command_find(args->operands[0]);
	if (!command) {
		lead_on(args->n_words, (char **)(uintptr_t)args->words);
		return unknown_command(args->operands[0]);
	}
	return test_status(
	    command_run(command, &ctx, args->n_rest, args->rest));
}

int main(int argc, char **argv)
{
	struct global_conf conf = global_defaults;
	struct args args = {0};
	struct err err;
	int status;

	stdio_reserve();
	/* a reader that goes away, a file that grows too large: the write fails
	   and says so */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (!opt_parse(&tool, &conf, argc - 1, argv + 1, &args, &err)) {
		lead_on(argc - 1, argv + 1);
		status = message_usage(&err, NULL);
	} else {
		status = run(&conf, &args);
	}
	args_fini(&args);
	opt_fini(&tool, &conf);
	return status;
}
