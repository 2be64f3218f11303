/* Texts made from option rows: --help, the man page's OPTIONS, words. */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/opt.h"

#define HELP_WIDTH 80
#define HELP_INDENT 26 /* where the sentences of --help begin */

/* Words of text from column at on, wrapped at HELP_WIDTH. */
static void put_wrapped(struct str *out, const char *text, size_t at,
			size_t indent)
{
	while (*text) {
		size_t len = strcspn(text, " ");

		if (at > indent && at + 1 + len > HELP_WIDTH - 1) {
			str_putc(out, '\n');
			str_pad(out, ' ', indent);
			at = indent;
		} else if (at > indent) {
			str_putc(out, ' ');
			at++;
		}
		str_put(out, text, len);
		at += len;
		text += len;
		text += strspn(text, " ");
	}
	str_putc(out, '\n');
}

/* "  -c, --count=N"; returns its width. */
static size_t put_option(struct str *out, const struct opt *opt)
{
	size_t start = out->len;

	if (opt->letter)
		str_printf(out, "  -%c", opt->letter);
	else
		str_puts(out, "    ");
	if (opt->name)
		str_printf(out, "%s --%s", opt->letter ? "," : " ", opt->name);
	if (opt->arg && opt->name)
		str_printf(out, opt->fallback ? "[=%s]" : "=%s", opt->arg);
	else if (opt->arg)
		str_printf(out, " %s", opt->arg);
	return out->len - start;
}

/* Does this group go on with the one before it, under one title? */
static bool goes_on(const struct command *command,
		    const struct opt_group *group)
{
	return group > command->groups && group->title &&
	       !strcmp(group[-1].title, group->title);
}

static void put_group(struct str *out, const struct opt_group *group,
		      bool titled)
{
	const struct opt *opt;

	if (titled)
		str_printf(out, "\n%s:\n", group->title);
	for (opt = group->opts; opt->help; opt++) {
		size_t width = put_option(out, opt);

		if (width + 2 > HELP_INDENT) {
			str_putc(out, '\n');
			width = 0;
		}
		str_pad(out, ' ', HELP_INDENT - width);
		put_wrapped(out, opt->help, HELP_INDENT, HELP_INDENT);
	}
}

void opt_help(const struct command *command, struct str *out)
{
	const struct opt_group *group;
	const struct example *e;
	bool tool = command->stops_early;

	str_printf(out, "Usage: %s%s%s%s%s%s\n\n",
		   command->inner ? "" : "pcaptool",
		   command->inner || tool ? "" : " ", command->name,
		   command->groups ? " [OPTIONS]" : "",
		   command->operands[0] ? " " : "", command->operands);
	put_wrapped(out, command->about ? command->about : command->summary, 0,
		    0);
	for (group = command->groups; group && group->title; group++)
		if (group->title[0])
			put_group(out, group, !goes_on(command, group));
	if (!command->examples)
		return;
	str_puts(out, "\nExamples:\n");
	for (e = command->examples; e->line; e++) {
		str_printf(out, "  %s\n      ", e->line);
		put_wrapped(out, e->what, 6, 6);
	}
}

void opt_mdoc_text(struct str *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		str_puts(out, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			str_puts(out, "\\e");
		else if (*text == '-')
			str_puts(out, "\\-");
		else
			str_putc(out, *text);
		/* a sentence's end ends the line */
		if (*text == '.' && text[1] == ' ') {
			str_putc(out, '\n');
			text++;
		}
	}
	str_putc(out, '\n');
}

static void put_mdoc_arg(struct str *out, const struct opt *opt)
{
	if (!opt->arg)
		return;
	if (opt->fallback)
		str_printf(out, " Ns Op = Ns Ar %s", opt->arg);
	else if (opt->name)
		str_printf(out, " Ns = Ns Ar %s", opt->arg);
	else
		str_printf(out, " Ar %s", opt->arg);
}

void opt_mdoc(const struct command *command, struct str *out)
{
	const struct opt_group *group;
	const struct opt *opt;

	for (group = command->groups; group && group->title; group++) {
		if (!group->title[0])
			continue;
		if (!goes_on(command, group))
			str_printf(out, ".Ss %s\n.Bl -tag -width Ds\n",
				   group->title);
		for (opt = group->opts; opt->help; opt++) {
			str_puts(out, ".It");
			if (opt->letter)
				str_printf(out, " Fl %c%s", opt->letter,
					   opt->name ? " ," : "");
			if (opt->name)
				str_printf(out, " Fl \\-%s", opt->name);
			put_mdoc_arg(out, opt);
			str_putc(out, '\n');
			opt_mdoc_text(out, opt->help);
		}
		if (!goes_on(command, group + 1))
			str_puts(out, ".El\n");
	}
}

void opt_words(const struct command *command, struct str *out)
{
	const struct opt_group *group;
	const struct opt *opt;

	for (group = command->groups; group && group->title; group++) {
		if (!group->title[0])
			continue;
		for (opt = group->opts; opt->help; opt++) {
			if (opt->name)
				str_printf(out, "--%s\n", opt->name);
			if (opt->letter)
				str_printf(out, "-%c\n", opt->letter);
		}
	}
	str_puts(out, "--help\n");
}

void opt_values_of(const struct opt *opt, struct str *out)
{
	int i;

	for (i = 0; opt->type == OPT_WORD && opt->words[i]; i++)
		str_printf(out, "%s\n", opt->words[i]);
	if (opt->values)
		opt->values(out);
}
