/*
 * The habits of other tools.
 *
 * A line is gone through word by word (habit_read.c), with the rows of
 * habit_rows.c: they say what each word becomes, and which command it belongs
 * to. The result (habit_write.c) is shown only if that command accepts it.
 */
#include "cmd/habits.h"

#include <string.h>

#include "base/array.h"
#include "capture/devices.h"
#include "cmd/expr_words.h"
#include "cmd/habit_line.h"
#include "cmd/message.h"
#include "cmd/where_text.h"
#include "os/infile.h"

static bool is_device(const char *word)
{
	struct devices devices = {0};
	bool found = false;
	size_t i;

	if (devices_init(&devices, NULL))
		for (i = 0; i < devices.n; i++)
			found = found || !strcmp(devices.item[i].name, word);
	devices_fini(&devices);
	return found;
}

/* Does a condition of the filter language begin with it? */
static bool begins_expression(const char *word)
{
	size_t n = strcspn(word, " ["), i;

	if (word[0] == '(' || word[0] == '!')
		return true;
	for (i = 0; i < expr_word_count; i++)
		if (expr_word_rows[i].where & EXPR_START &&
		    strlen(expr_word_rows[i].word) == n &&
		    !strncmp(expr_word_rows[i].word, word, n))
			return true;
	return false;
}

/* ---- the line ----------------------------------------------------------- */

/* What the first word is, where no command was typed. false: nothing known. */
static bool take_first(struct habit_line *l)
{
	const char *word = l->argv[0];
	size_t i;

	if (word[0] == '-')
		return true;
	for (i = 0; i < habit_verb_count; i++) {
		if (strcmp(habit_verbs[i].word, word) != 0)
			continue;
		l->tool = word;
		l->shape = habit_verbs[i].shape;
		habit_wish(l, habit_verbs[i].command);
		habit_put_options(&l->options, habit_verbs[i].options, "");
		l->at = 1;
		return true;
	}
	if (infile_exists(word)) {
		habit_wish(l, "read");
		return true;
	}
	if (is_device(word)) {
		habit_wish(l, "capture");
		l->shape = OPERANDS_INTERFACE;
		return true;
	}
	if (!begins_expression(word))
		return false;
	habit_wish(l, "capture");
	return true;
}

/* A lone word about the tool itself. */
static bool tool_alone(const char *word, struct str *out)
{
	static const char *const rows[][2] = {{"-h", "--help"},
					      {"-?", "--help"},
					      {"-v", "--version"},
					      {"-V", "--version"},
					      {"version", "--version"}};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++)
		if (!strcmp(rows[i][0], word)) {
			str_printf(out, "pcaptool %s", rows[i][1]);
			return true;
		}
	return false;
}

bool habits_lead(const struct command *command, int argc, char *const *argv,
		 struct str *out)
{
	struct habit_line l = {.argv = argv,
			       .argc = argc,
			       .tool = "",
			       .command = command,
			       .command_typed = command != NULL};
	bool good = argc > 0;

	if (!command && argc == 1 && tool_alone(argv[0], out))
		return true;
	if (command && !strcmp(command->name, "list"))
		l.shape = OPERANDS_FILES;
	good = good && (command || take_first(&l)) && habit_read(&l);
	if (good && !l.command)
		habit_wish(&l, l.has_input ? "read" : "capture");
	good = good && habit_write(&l, out);
	str_fini(&l.options);
	str_fini(&l.shown);
	str_fini(&l.fields);
	str_fini(&l.filter);
	str_fini(&l.where);
	return good;
}

/* ---- expressions -------------------------------------------------------- */

void habits_filter_hint(const char *text, enum habits_where where)
{
	bool is_where = where != HABITS_NO_WHERE && where_text_is_one(text);
	struct str expr = STR_INIT, lines = STR_INIT;

	if (is_where) {
		str_printf(&lines, "That is a field expression: use %s ",
			   where == HABITS_COLUMN ? "--count-where" : "-Y");
		habit_quote(&lines, text);
	}
	if ((!is_where || where == HABITS_LIVE) &&
	    habit_as_expression(text, &expr)) {
		str_printf(&lines, "%sAs a pcap-filter(7) expression: ",
			   is_where ? "\n" : "");
		habit_quote(&lines, str_text(&expr));
	}
	if (lines.len)
		report_hint("%s", str_text(&lines));
	str_fini(&expr);
	str_fini(&lines);
}

/* Are the operands, joined, one of either language? */
static bool is_expression(const struct habit_line *l)
{
	struct str expr = STR_INIT;
	bool good = begins_expression(l->operands[0]);

	if (!good) {
		habit_join(l, 0, &expr, false);
		good = where_text_is_one(str_text(&expr));
	}
	str_fini(&expr);
	return good;
}

/* ---- expressions in the place of files ---------------------------------- */

static bool is_operand(const struct args *args, const char *word)
{
	int i;

	for (i = 0; i < args->n; i++)
		if (args->operands[i] == word)
			return true;
	return false;
}

bool habits_expression(const struct args *args, struct str *out)
{
	bool first = true;
	struct habit_line l = {0};
	int i;

	for (i = 0; i < args->n && l.n < HABIT_WORDS_MOST; i++)
		if (!infile_exists(args->operands[i]))
			l.operands[l.n++] = args->operands[i];
	if (!l.n || l.n == args->n || !is_expression(&l))
		return false;
	/* one that comes first is right there */
	if (!strcmp(args->command->name, "filter") && l.n == 1 &&
	    l.operands[0] == args->operands[0])
		return false;
	str_printf(out, "pcaptool %s", args->command->name);
	for (i = 0; i < args->n_words; i++) {
		if (!is_operand(args, args->words[i]) ||
		    infile_exists(args->words[i])) {
			habit_put_word(out, args->words[i]);
		} else if (first) {
			habit_put_selecting(&l, 0, out);
			first = false;
		}
	}
	return true;
}

bool habits_interface(const struct args *args, struct str *out)
{
	const char *name = args->command->name;
	const char *word = args->n ? args->operands[0] : NULL;
	int i;

	if (!word || begins_expression(word) || infile_exists(word) ||
	    !is_device(word))
		return false;
	str_printf(out, "pcaptool %s",
		   strcmp(name, "stats") != 0 ? "capture" : name);
	for (i = 0; i < args->n_words; i++) {
		if (args->words[i] == word)
			str_puts(out, " -i");
		habit_put_word(out, args->words[i]);
	}
	return true;
}
