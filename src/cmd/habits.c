/*
 * The habits of other tools.
 *
 * A line is gone through word by word, with the rows of habit_rows.c: they say
 * what each word becomes, and which command it belongs to. The result is shown
 * only if that command accepts it.
 */
#include "cmd/habits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "capture/devices.h"
#include "cmd/display_filter.h"
#include "cmd/expr_words.h"
#include "cmd/habit_rows.h"
#include "cmd/message.h"
#include "cmd/where_text.h"
#include "cmd/words.h"
#include "os/infile.h"

/* From the weakest to the strongest. */
static const char *const ranks[] = {"capture", "read",	"write",   "filter",
				    "stats",   "shell", "compile", "list"};

#define LINE_MAX_WORDS 200

/* A line that is taken apart. */
struct habit_line {
	char *const *argv;
	int argc, at;
	const char *tool; /* the first word where it is a verb; else "" */
	enum shape shape;
	const struct command *command; /* NULL: none chosen so far */
	bool command_typed;
	bool fields_wanted; /* -T fields */
	bool has_input;	    /* -r was there */
	struct str options; /* each with a blank before it */
	struct str shown;   /* letters that change how packets are shown */
	struct str fields;  /* of -e, with commas between */
	struct str filter;  /* -f */
	struct str where;   /* -Y and -R */
	const char *output; /* -w */
	const char *operands[LINE_MAX_WORDS];
	int n;
};

static size_t rank(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(ranks); i++)
		if (!strcmp(ranks[i], name))
			return i;
	return 0;
}

static void wish(struct habit_line *l, const char *name)
{
	if (!name || !name[0])
		return;
	if (!l->command || rank(name) > rank(l->command->name))
		l->command = command_find(name);
}

/* As one would type it: in single quotes where it needs any. */
static void quote(struct str *out, const char *word)
{
	if (word[0] && !word[strcspn(word, " \t\n|&;<>()$`\\\"'*?[]!{}~#")])
		str_puts(out, word);
	else
		str_shell(out, word, strlen(word));
}

static void put_word(struct str *out, const char *word)
{
	str_putc(out, ' ');
	quote(out, word);
}

/* " OPTIONS" with value for %s. */
static void put_options(struct str *out, const char *instead, const char *value)
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
	quote(out, str_text(&word));
	str_puts(out, at + after);
	str_fini(&word);
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

static void add_filter(struct habit_line *l, const char *expr)
{
	if (l->filter.len)
		str_printf(&l->filter, ") and (%s", expr);
	else
		str_puts(&l->filter, expr);
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
	wish(l, "read");
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
		add_filter(l, value);
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
	put_word(&l->options, value);
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
		wish(l, h->command);
		l->has_input = l->has_input || !strncmp(h->instead, "-r ", 3);
		put_options(&l->options, h->instead,
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
			wish(l, rows[i].command);
			put_options(&l->options, rows[i].instead, "");
			return true;
		}
	if (!l->command_typed)
		return false;
	str_puts(&l->options, " --");
	quote(&l->options, text);
	return true;
}

/* ---- operands ----------------------------------------------------------- */

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

static bool is_number(const char *word)
{
	return word[0] && !word[strspn(word, "0123456789")];
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

static void put_words(const struct habit_line *l, int from, int n,
		      struct str *out)
{
	int i;

	for (i = from; i < n; i++)
		put_word(out, l->operands[i]);
}

/* Translate a display filter to a pcap filter expression. */
static bool as_expression(const char *text, struct str *out)
{
	struct str expr = STR_INIT;
	bool good = display_filter_convert(text, &expr) &&
		    strcmp(str_text(&expr), text) != 0;

	if (good)
		str_puts(out, str_text(&expr));
	str_fini(&expr);
	return good;
}

/* The words from `from` on as one expression; translated to a capture filter if
   need be. */
static void join(const struct habit_line *l, int from, struct str *out,
		 bool translated)
{
	struct str expr = STR_INIT;
	int i;

	for (i = from; i < l->n; i++)
		str_printf(&expr, "%s%s", i > from ? " " : "", l->operands[i]);
	if (!translated || !as_expression(str_text(&expr), out))
		str_puts(out, str_text(&expr));
	str_fini(&expr);
}

/* The same with the option that takes it: -Y or -f. */
static void put_selecting(const struct habit_line *l, int from, struct str *out)
{
	struct str expr = STR_INIT;
	bool where;

	join(l, from, &expr, false);
	where = where_text_is_one(str_text(&expr));
	if (!where) {
		str_clear(&expr);
		join(l, from, &expr, true);
	}
	str_puts(out, where ? " -Y " : " -f ");
	quote(out, str_text(&expr));
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
		put_word(out, l->operands[l->n - 1]);
		l->n--;
	}
	put_words(l, 0, n, out);
	if (first < l->n && files) {
		put_selecting(l, first, out);
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
			put_word(out, l->operands[i]);
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
		put_word(out, l->operands[0]);
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
		put_word(out, str_text(&all));
	} else if (display_filter_convert(str_text(&all), &expr)) {
		add_filter(l, str_text(&expr));
	} else {
		add_filter(l, "EXPRESSION");
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
	put_word(out, str_text(&all));
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

static bool put_line(struct habit_line *l, struct str *out)
{
	struct str rest = STR_INIT;
	bool good, writes;

	if (l->output && command_is(l, "read"))
		wish(l, "write");
	writes = command_is(l, "write") || command_is(l, "capture") ||
		 command_is(l, "filter");
	put_shown(l, &rest);
	str_puts(&rest, str_text(&l->options));
	if (l->fields.len) {
		str_puts(&rest, " --fields");
		put_word(&rest, l->fields.text);
	}
	put_where(l, &rest);
	put_filter(l, &rest);
	good = put_operands(l, &rest);
	if (command_is(l, "write") && !l->output)
		l->output = "OUTPUT.pcapng";
	if (l->output && writes) {
		str_puts(&rest, " -w");
		put_word(&rest, l->output);
	}
	good = good && accepts(l->command, str_text(&rest));
	if (good)
		str_printf(out, "pcaptool %s%s", l->command->name,
			   str_text(&rest));
	str_fini(&rest);
	return good;
}

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
		wish(l, habit_verbs[i].command);
		put_options(&l->options, habit_verbs[i].options, "");
		l->at = 1;
		return true;
	}
	if (infile_exists(word)) {
		wish(l, "read");
		return true;
	}
	if (is_device(word)) {
		wish(l, "capture");
		l->shape = OPERANDS_INTERFACE;
		return true;
	}
	if (!begins_expression(word))
		return false;
	wish(l, "capture");
	return true;
}

static bool take_words(struct habit_line *l)
{
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
		} else if (l->n < LINE_MAX_WORDS) {
			l->operands[l->n++] = word;
		}
	}
	return true;
}

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
	l.fields_wanted = wants_fields(argc, argv);
	if (command && !strcmp(command->name, "list"))
		l.shape = OPERANDS_FILES;
	good = good && (command || take_first(&l)) && take_words(&l);
	if (good && !l.command)
		wish(&l, l.has_input ? "read" : "capture");
	good = good && put_line(&l, out);
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
		quote(&lines, text);
	}
	if ((!is_where || where == HABITS_LIVE) && as_expression(text, &expr)) {
		str_printf(&lines, "%sAs a pcap-filter(7) expression: ",
			   is_where ? "\n" : "");
		quote(&lines, str_text(&expr));
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
		join(l, 0, &expr, false);
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

	for (i = 0; i < args->n && l.n < LINE_MAX_WORDS; i++)
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
			put_word(out, args->words[i]);
		} else if (first) {
			put_selecting(&l, 0, out);
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
		put_word(out, args->words[i]);
	}
	return true;
}
