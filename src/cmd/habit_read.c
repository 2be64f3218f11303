/* The words of another tool's line: what they become, by the rows. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "cmd/habit_line.h"

/* From the weakest to the strongest. */
static const char *const ranks[] = {"capture", "read",	"write",   "filter",
				    "stats",   "shell", "compile", "list"};

static size_t rank(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(ranks); i++)
		if (!strcmp(ranks[i], name))
			return i;
	return 0;
}

void habit_wish(struct habit_line *l, const char *name)
{
	if (!name || !name[0])
		return;
	if (!l->command || rank(name) > rank(l->command->name))
		l->command = command_find(name);
}

void habit_add_filter(struct habit_line *l, const char *expr)
{
	if (l->filter.len)
		str_printf(&l->filter, ") and (%s", expr);
	else
		str_puts(&l->filter, expr);
}

/* ---- options ------------------------------------------------------------ */

static const struct habit *find_habit(const struct habit_line *l, char letter,
				      const char *value)
{
	const struct habit *h;

	for (h = habit_options; h < habit_options + habit_option_count; h++) {
		size_t n = h->value ? strlen(h->value) : 0;

		if (h->letter != letter ||
		    (h->tool && strcmp(h->tool, l->tool) != 0))
			continue;
		if (!h->value)
			return h;
		if (!value || strncmp(value, h->value, n) != 0)
			continue;
		/* with %s the rest is an argument, else there is none */
		if (strstr(h->instead, "%s") || !value[n] || !n ||
		    strchr("=,", h->value[n - 1]) || letter == 'z')
			return h;
	}
	return NULL;
}

static bool add_display_filter(struct habit_line *l, const char *value)
{
	if (l->where.len)
		str_printf(&l->where, ") && (%s", value);
	else
		str_puts(&l->where, value);
	return true;
}

/* tshark's -d tcp.port==8888,http */
static bool decode_as(struct habit_line *l, const char *value)
{
	char transport[8], port[24], name[40];

	if (sscanf(value, "%7[a-z].port==%23[0-9],%39[a-z0-9.]", transport,
		   port, name) != 3)
		return false;
	str_printf(&l->options, " --as '%s port %s=%s'", transport, port, name);
	habit_wish(l, "read");
	return true;
}

/* Options that more than a row is needed for. 0: it is none of them; else how
   many words it takes, -1: it makes no sense. */
static int special(struct habit_line *l, char letter, const char *value)
{
	if (letter == 'e' && l->fields_wanted && value) {
		if (l->fields.len)
			str_putc(&l->fields, ',');
		str_puts(&l->fields, value);
		return 1;
	}
	if ((letter == 'Y' || letter == 'R') && value)
		return add_display_filter(l, value) ? 1 : -1;
	if (letter == 'f' && value) {
		habit_add_filter(l, value);
		return 1;
	}
	if (letter == 'd' && value && strstr(value, ".port=="))
		return decode_as(l, value) ? 1 : -1;
	if (letter == 'w' && value && strcmp(l->tool, "editcap") != 0) {
		l->output = value;
		return 1;
	}
	return 0;
}

/* A letter of the command that was typed means what it means there. */
static int own_option(struct habit_line *l, char letter, const char *value)
{
	const struct opt_group *group;
	const struct opt *opt;

	if (!l->command_typed)
		return 0;
	opt = opt_by_letter(l->command, letter, &group);
	if (!opt || (opt->arg && !opt->fallback && !value))
		return 0;
	l->has_input = l->has_input || letter == 'r';
	str_printf(&l->options, " -%c", letter);
	if (!opt->arg || opt->fallback)
		return 2;
	habit_put_word(&l->options, value);
	return 1;
}

/*
 * One letter and what can be its argument. Returns 1 if it took that, 2 if it
 * took none, 0 if it is unknown.
 */
static int take_letter(struct habit_line *l, char letter, const char *value)
{
	int taken = special(l, letter, value);
	const struct habit *h;

	if (!strcmp(l->tool, "capinfos"))
		return 2; /* all of them choose what is shown */

	if (taken)
		return taken > 0;
	h = find_habit(l, letter, value);
	/* what is said of an argument alone is not of a letter of ours */
	if (!h || !h->value || !h->value[0])
		taken = own_option(l, letter, value);
	if (taken)
		return taken;
	if (h && (h->value || !strchr(habit_shows, letter))) {
		habit_wish(l, h->command);
		l->has_input = l->has_input || !strncmp(h->instead, "-r ", 3);
		habit_put_options(&l->options, h->instead,
				  h->value ? value + strlen(h->value) : "");
		return h->value ? 1 : 2;
	}
	if (!strchr(habit_shows, letter))
		return 0;
	str_putc(&l->shown, letter);
	return 2;
}

/* "-abc", "-aVALUE" or "-a VALUE". */
static bool take_letters(struct habit_line *l, const char *text)
{
	for (; *text; text++) {
		const char *value = text[1]	      ? text + 1
				    : l->at < l->argc ? l->argv[l->at]
						      : NULL;
		bool apart = !text[1];

		switch (take_letter(l, *text, value)) {
		case 0:
			return false;
		case 1:
			l->at += apart;
			return true;
		}
	}
	return true;
}

/* Long options are those of this tool, but for a few. */
static bool take_long(struct habit_line *l, const char *text)
{
	static const struct {
		const char *name, *command, *instead;
	} rows[] = {
	    {"list-interfaces", "list", ""},
	    {"count", "filter", "--count"},
	    {"time-stamp-precision=nano", NULL, "--nano"},
	    {"time-stamp-precision=micro", NULL, "--micro"},
	    {"nano", NULL, "--nano"},
	    {"number", NULL, "-#"},
	    {"print", "capture", "--print"},
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows) && !l->command_typed; i++)
		if (!strcmp(text, rows[i].name)) {
			habit_wish(l, rows[i].command);
			habit_put_options(&l->options, rows[i].instead, "");
			return true;
		}
	if (!l->command_typed)
		return false;
	str_puts(&l->options, " --");
	habit_quote(&l->options, text);
	return true;
}

/* ---- the line ----------------------------------------------------------- */

/* -T fields gives -e its meaning, wherever it stands. */
static bool wants_fields(int argc, char *const *argv)
{
	int i;

	for (i = 0; i < argc; i++)
		if (!strcmp(argv[i], "-Tfields") ||
		    (!strcmp(argv[i], "-T") && i + 1 < argc &&
		     !strcmp(argv[i + 1], "fields")))
			return true;
	return false;
}

bool habit_read(struct habit_line *l)
{
	l->fields_wanted = wants_fields(l->argc, l->argv);
	while (l->at < l->argc) {
		const char *word = l->argv[l->at++];

		if (!strcmp(word, "--"))
			return false;
		if (word[0] == '-' && word[1] == '-') {
			if (!take_long(l, word + 2))
				return false;
		} else if (word[0] == '-' && word[1]) {
			if (!take_letters(l, word + 1))
				return false;
		} else if (l->n < HABIT_WORDS_MOST) {
			l->operands[l->n++] = word;
		}
	}
	return true;
}
