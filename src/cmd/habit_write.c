/* The line of ours: options, what selects, operands in their order. */
#include <stdlib.h>
#include <string.h>

#include "cmd/display_filter.h"
#include "cmd/habit_line.h"
#include "cmd/where_text.h"
#include "cmd/words.h"
#include "os/infile.h"

void habit_quote(struct str *out, const char *word)
{
	if (word[0] && !word[strcspn(word, " \t\n|&;<>()$`\\\"'*?[]!{}~#")])
		str_puts(out, word);
	else
		str_shell(out, word, strlen(word));
}

void habit_put_word(struct str *out, const char *word)
{
	str_putc(out, ' ');
	habit_quote(out, word);
}

void habit_put_options(struct str *out, const char *instead, const char *value)
{
	const char *at = strstr(instead, "%s");
	struct str word = STR_INIT;
	size_t before, after;

	if (!instead[0])
		return;
	str_putc(out, ' ');
	if (!at) {
		str_puts(out, instead);
		return;
	}
	/* the word that %s is in */
	before = (size_t)(at - instead);
	while (before > 0 && instead[before - 1] != ' ')
		before--;
	after = strcspn(at, " ");
	str_put(out, instead, before);
	str_put(&word, instead + before, (size_t)(at - instead) - before);
	str_puts(&word, value);
	str_put(&word, at + 2, after - 2);
	habit_quote(out, str_text(&word));
	str_puts(out, at + after);
	str_fini(&word);
}

/* ---- operands ----------------------------------------------------------- */

static bool is_number(const char *word)
{
	return word[0] && !word[strspn(word, "0123456789")];
}

static void put_words(const struct habit_line *l, int from, int n,
		      struct str *out)
{
	int i;

	for (i = from; i < n; i++)
		habit_put_word(out, l->operands[i]);
}

bool habit_as_expression(const char *text, struct str *out)
{
	struct str expr = STR_INIT;
	bool good = display_filter_convert(text, &expr) &&
		    strcmp(str_text(&expr), text) != 0;

	if (good)
		str_puts(out, str_text(&expr));
	str_fini(&expr);
	return good;
}

void habit_join(const struct habit_line *l, int from, struct str *out,
		bool translated)
{
	struct str expr = STR_INIT;
	int i;

	for (i = from; i < l->n; i++)
		str_printf(&expr, "%s%s", i > from ? " " : "", l->operands[i]);
	if (!translated || !habit_as_expression(str_text(&expr), out))
		str_puts(out, str_text(&expr));
	str_fini(&expr);
}

void habit_put_selecting(const struct habit_line *l, int from, struct str *out)
{
	struct str expr = STR_INIT;
	bool where;

	habit_join(l, from, &expr, false);
	where = where_text_is_one(str_text(&expr));
	if (!where) {
		str_clear(&expr);
		habit_join(l, from, &expr, true);
	}
	str_puts(out, where ? " -Y " : " -f ");
	habit_quote(out, str_text(&expr));
	str_fini(&expr);
}

/* Operands of tcpdump and its like: an expression, or files where the command
   has no other. */
static void put_expression(struct habit_line *l, struct str *out)
{
	bool files = !l->has_input &&
		     strcmp(l->command->name, "capture") != 0 &&
		     strcmp(l->command->name, "compile") != 0;
	int n = 0, first;

	while (files && n < l->n && infile_exists(l->operands[n]))
		n++;
	first = n;
	/* as grep: the expression first */
	if (files && !n && l->n > 1 && infile_exists(l->operands[l->n - 1])) {
		habit_put_word(out, l->operands[l->n - 1]);
		l->n--;
	}
	put_words(l, 0, n, out);
	if (first < l->n && files) {
		habit_put_selecting(l, first, out);
	} else {
		put_words(l, first, l->n, out);
	}
}

static void put_stream(struct habit_line *l, struct str *out)
{
	const char *number = "0", *transport = "";
	int i;

	for (i = 0; i < l->n; i++) {
		if (is_number(l->operands[i]))
			number = l->operands[i];
		else if (!strcmp(l->operands[i], "udp"))
			transport = "udp:";
	}
	str_printf(out, " --stream %s%s", transport, number);
	for (i = 0; i < l->n; i++)
		if (infile_exists(l->operands[i]))
			habit_put_word(out, l->operands[i]);
}

/* editcap IN OUT [NUMBERS]: only with -r they are what is kept. */
static bool put_in_out(struct habit_line *l, struct str *out)
{
	if (l->n > 2 && strcmp(l->tool, "editcap") == 0)
		return false;
	if (l->n == 2 && !l->output)
		l->output = l->operands[--l->n];
	put_words(l, 0, l->n, out);
	return true;
}

/* ngrep PATTERN [EXPRESSION] */
static void put_pattern(struct habit_line *l, struct str *out)
{
	if (l->n) {
		str_puts(out, " --match");
		habit_put_word(out, l->operands[0]);
		l->n--;
		memmove(l->operands, l->operands + 1,
			(size_t)l->n * sizeof(l->operands[0]));
	}
	put_expression(l, out);
}

static bool put_operands(struct habit_line *l, struct str *out)
{
	switch (l->shape) {
	case OPERANDS_EXPRESSION:
		put_expression(l, out);
		return true;
	case OPERANDS_FILES:
		put_words(l, 0, l->n, out);
		return true;
	case OPERANDS_OUT_LAST:
		return put_in_out(l, out);
	case OPERANDS_STREAM:
		put_stream(l, out);
		return true;
	case OPERANDS_PATTERN:
		put_pattern(l, out);
		return true;
	case OPERANDS_INTERFACE:
		if (l->n)
			str_puts(out, " -i");
		put_words(l, 0, l->n, out);
		return true;
	}
	return false;
}

/* ---- the line ----------------------------------------------------------- */

static bool command_is(const struct habit_line *l, const char *name)
{
	return !strcmp(l->command->name, name);
}

/* Letters that change how packets are shown, where the command has them. */
static void put_shown(const struct habit_line *l, struct str *out)
{
	const struct opt_group *group;
	const char *p;

	for (p = str_text(&l->shown); *p; p++) {
		const struct opt *opt = opt_by_letter(l->command, *p, &group);

		if (opt && !opt->arg)
			str_printf(out, " -%c", *p);
	}
}

/* Does the command have -Y? */
static bool has_where(const struct habit_line *l)
{
	const struct opt_group *group;

	return opt_by_letter(l->command, 'Y', &group);
}

/* -Y, or a capture filter for it where the command has none. */
static void put_where(struct habit_line *l, struct str *out)
{
	struct str all = STR_INIT, expr = STR_INIT;

	if (!l->where.len)
		return;
	if (strstr(l->where.text, ") && ("))
		str_printf(&all, "(%s)", l->where.text);
	else
		str_puts(&all, l->where.text);
	if (has_where(l)) {
		str_puts(out, " -Y");
		habit_put_word(out, str_text(&all));
	} else if (display_filter_convert(str_text(&all), &expr)) {
		habit_add_filter(l, str_text(&expr));
	} else {
		habit_add_filter(l, "EXPRESSION");
	}
	str_fini(&all);
	str_fini(&expr);
}

static void put_filter(const struct habit_line *l, struct str *out)
{
	struct str all = STR_INIT;

	if (!l->filter.len)
		return;
	if (strstr(l->filter.text, ") and ("))
		str_printf(&all, "(%s)", l->filter.text);
	else
		str_puts(&all, l->filter.text);
	str_puts(out, command_is(l, "compile") ? "" : " -f");
	habit_put_word(out, str_text(&all));
	str_fini(&all);
}

/* Would the command take the words of text? */
static bool accepts(const struct command *command, const char *text)
{
	struct words words = {0};
	struct args args = {0};
	char **argv;
	void *conf;
	bool good = false;
	size_t i;

	if (!words_split(&words, text, NULL)) {
		words_fini(&words);
		return false;
	}
	argv = calloc(words.n + 1, sizeof(*argv));
	conf = calloc(1, command->conf_size + 1);
	if (argv && conf) {
		for (i = 0; i < words.n; i++)
			argv[i] = words.item[i].text;
		if (command->conf_size)
			memcpy(conf, command->defaults, command->conf_size);
		good =
		    opt_parse(command, conf, (int)words.n, argv, &args, NULL);
		args_fini(&args);
		opt_fini(command, conf);
		if (command->fini)
			command->fini(conf);
	}
	free(conf);
	free(argv);
	words_fini(&words);
	return good;
}

bool habit_write(struct habit_line *l, struct str *out)
{
	struct str rest = STR_INIT;
	bool good, writes;

	if (l->output && command_is(l, "read"))
		habit_wish(l, "write");
	writes = command_is(l, "write") || command_is(l, "capture") ||
		 command_is(l, "filter");
	put_shown(l, &rest);
	str_puts(&rest, str_text(&l->options));
	if (l->fields.len) {
		str_puts(&rest, " --fields");
		habit_put_word(&rest, l->fields.text);
	}
	put_where(l, &rest);
	put_filter(l, &rest);
	good = put_operands(l, &rest);
	if (command_is(l, "write") && !l->output)
		l->output = "OUTPUT.pcapng";
	if (l->output && writes) {
		str_puts(&rest, " -w");
		habit_put_word(&rest, l->output);
	}
	good = good && accepts(l->command, str_text(&rest));
	if (good)
		str_printf(out, "pcaptool %s%s", l->command->name,
			   str_text(&rest));
	str_fini(&rest);
	return good;
}
