/* Completion of a command line, from the rows of its command. */
#include "cmd/complete.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cmd/expr_text.h"
#include "cmd/expr_words.h"
#include "cmd/filter_language.h"
#include "cmd/inputs.h"
#include "cmd/words.h"
#include "decode/dissect.h"
#include "where/complete.h"

/* Where the words lead. */
struct walk {
	const struct vocabulary *vocabulary;
	const struct command *command; /* whose options come; may be NULL */
	bool chosen;		       /* it is a command, not the tool */
	bool unknown;		       /* there is no such command */
	bool over;		       /* after --: no options */
	const struct opt *value_of;    /* the next word is its argument */
	const char *where;	       /* the argument of -Y; NULL: none */
	char **operands;
	struct operand_at place;
};

static const struct command *find(const struct vocabulary *v, const char *name)
{
	const struct command *const *c;

	for (c = v->commands; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	for (c = v->more; c && *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

/* The options that change what operands are. */
static void note_option(struct walk *w, const struct opt *opt)
{
	static const char *const programs[] = {"filter", "filter-file", "bpf"};
	size_t i;

	if (opt->name && !strcmp(opt->name, "read"))
		w->place.read = true;
	for (i = 0; i < ARRAY_LEN(programs); i++)
		if (opt->name && !strcmp(opt->name, programs[i]))
			w->place.program = true;
}

/* "--name", "--name=value"; *value is after the =, or NULL. */
static const struct opt *long_option(const struct walk *w, const char *word,
				     const char **value)
{
	const char *equals = strchr(word, '=');
	size_t n = equals ? (size_t)(equals - word) : strlen(word);
	const struct opt_group *group;
	char name[64];

	*value = equals ? equals + 1 : NULL;
	if (n <= 2 || n - 2 >= sizeof(name))
		return NULL;
	memcpy(name, word + 2, n - 2);
	name[n - 2] = '\0';
	return opt_by_name(w->command, name, &group);
}

/* "-abc": the letter that takes an argument ends it; *value is what is after
   that letter, or NULL. */
static const struct opt *last_letter(struct walk *w, const char *word,
				     const char **value)
{
	const struct opt_group *group;
	const struct opt *opt = NULL;

	*value = NULL;
	for (word++; *word; word++) {
		opt = opt_by_letter(w->command, *word, &group);
		if (!opt)
			return NULL;
		if (opt->arg && !opt->fallback) {
			*value = word[1] ? word + 1 : NULL;
			return opt;
		}
		note_option(w, opt);
	}
	return opt;
}

static void pass_option(struct walk *w, const char *word)
{
	const char *value;
	const struct opt *opt = word[1] == '-' ? long_option(w, word, &value)
					       : last_letter(w, word, &value);

	if (!opt)
		return;
	note_option(w, opt);
	if (opt->arg && !opt->fallback && !value)
		w->value_of = opt;
}

static void pass_operand(struct walk *w, char *word)
{
	if (w->chosen) {
		w->operands[w->place.n++] = word;
		return;
	}
	w->command = find(w->vocabulary, word);
	w->chosen = w->command != NULL;
	w->unknown = !w->chosen;
	w->over = false;
}

static void pass(struct walk *w, char *word)
{
	if (w->value_of) {
		if (w->value_of->values == opt_values_where)
			w->where = word;
		w->value_of = NULL;
	} else if (!w->over && !strcmp(word, "--")) {
		w->over = true;
	} else if (!w->over && word[0] == '-' && word[1] && w->command) {
		pass_option(w, word);
	} else {
		pass_operand(w, word);
	}
}

/* ---- candidates -------------------------------------------------------- */

/* before and word, if that begins as begun does. */
static void offer(struct completion *c, const char *before, size_t n_before,
		  const char *word, size_t n, const char *begun)
{
	size_t len = strlen(begun);

	if (n < len || strncmp(word, begun, len) != 0)
		return;
	str_put(&c->words, before, n_before);
	str_put(&c->words, word, n);
	str_putc(&c->words, '\n');
}

/* One of the languages of expressions. */
struct language {
	void (*complete)(const char *text, struct str *out);
	void (*hint)(const char *text, struct str *out);
	size_t (*last_word)(const char *text);
};

static const struct language capture_filters = {expr_complete, expr_hint,
						expr_last_word};
static const struct language field_expressions = {where_complete, where_hint,
						  where_last_word};

/* An expression that is being typed, in the part of last from there on. */
struct typed_expression {
	struct str text; /* with what comes before */
	const char *last;
	size_t from;
};

/* Is it offered already, as a word of another language? */
static bool is_offered(const struct completion *c, const char *last, size_t n,
		       const char *word, size_t len)
{
	const char *p, *end;

	for (p = str_text(&c->words); *p; p = end + 1) {
		end = strchr(p, '\n');
		if ((size_t)(end - p) == n + len && !strncmp(p, last, n) &&
		    !strncmp(p + n, word, len))
			return true;
	}
	return false;
}

static void offer_language(struct completion *c,
			   const struct language *language,
			   const struct typed_expression *typed)
{
	size_t start =
	    typed->from + language->last_word(typed->last + typed->from);
	struct str words = STR_INIT;
	const char *p, *end;

	if (!c->only_hint)
		language->complete(str_text(&typed->text), &words);
	if (!c->hint.len)
		language->hint(str_text(&typed->text), &c->hint);
	for (p = str_text(&words); *p; p = end + 1) {
		end = strchr(p, '\n');
		if (!is_offered(c, typed->last, start, p, (size_t)(end - p)))
			offer(c, typed->last, start, p, (size_t)(end - p),
			      typed->last + start);
	}
	str_fini(&words);
}

/* The words that continue an expression; context is its text so far. They are
   of the language that it looks like, or of both. */
static void offer_expression(struct completion *c, enum filter_like like,
			     const char *context, const char *last, size_t from)
{
	struct typed_expression typed = {
	    .text = STR_INIT, .last = last, .from = from};
	size_t whole;

	str_puts(&typed.text, context);
	if (typed.text.len)
		str_putc(&typed.text, ' ');
	str_puts(&typed.text, last + from);
	whole = where_last_word(str_text(&typed.text));
	if (like == LIKE_NEITHER)
		like = filter_language_like(str_text(&typed.text), whole);
	if (like != LIKE_FIELD_EXPRESSION)
		offer_language(c, &capture_filters, &typed);
	if (like != LIKE_CAPTURE_FILTER)
		offer_language(c, &field_expressions, &typed);
	str_fini(&typed.text);
}

static bool is_line(const char *line, size_t n, const char *text)
{
	return n == strlen(text) && !strncmp(line, text, n);
}

/* Names of fields in "fields:NAME,NAME". */
static void offer_fields(struct completion *c, const char *last, size_t from)
{
	static const char word[] = "fields:";
	const char *begun = last + from, *comma;
	unsigned i, n = field_count();
	size_t start;

	if (strncmp(begun, word, strlen(word)) != 0)
		return;
	comma = strrchr(begun, ',');
	start = (size_t)(comma ? comma + 1 - last : begun - last) +
		(comma ? 0 : strlen(word));
	for (i = 0; i < n; i++)
		offer(c, last, start, field_at(i)->name,
		      strlen(field_at(i)->name), last + start);
}

/*
 * Offer each line of values for the part of last from there on; context is
 * what an expression has before it.
 */
static void offer_values(struct completion *c, const struct str *values,
			 const char *last, size_t from, bool commas,
			 const char *context)
{
	const char *comma = commas ? strrchr(last + from, ',') : NULL;
	size_t start = comma ? (size_t)(comma + 1 - last) : from;
	const char *p, *end;

	for (p = str_text(values); *p; p = end + 1) {
		size_t n;

		end = strchr(p, '\n');
		n = (size_t)(end - p);
		if (is_line(p, n, "@files")) {
			c->files = true;
			c->begun = start;
		} else if (is_line(p, n, "@fields")) {
			offer_fields(c, last, from);
		} else if (is_line(p, n, "@expression")) {
			offer_expression(c, LIKE_CAPTURE_FILTER, context, last,
					 from);
		} else if (is_line(p, n, "@where")) {
			offer_expression(c, LIKE_FIELD_EXPRESSION, context,
					 last, from);
		} else if (is_line(p, n, "@either")) {
			offer_expression(c, LIKE_NEITHER, context, last, from);
		} else {
			offer(c, last, start, p, n, last + start);
		}
	}
}

/* What opt says of itself, on one line. */
static void hint_option(struct completion *c, const struct opt *opt)
{
	const char *end = strstr(opt->help, ". ");

	str_printf(&c->hint, "%s%s", opt->name ? "--" : "-",
		   opt->name ? opt->name : (char[]){opt->letter, '\0'});
	if (opt->arg)
		str_printf(&c->hint, opt->fallback ? "[=%s]" : "=%s", opt->arg);
	str_puts(&c->hint, "  ");
	str_put(&c->hint, opt->help,
		end ? (size_t)(end + 1 - opt->help) : strlen(opt->help));
}

static void offer_option_value(struct completion *c, const struct opt *opt,
			       const char *last, size_t from)
{
	struct str values = STR_INIT;

	if (!c->only_hint || opt->values == opt_values_expression ||
	    opt->values == opt_values_where)
		opt_values_of(opt, &values);
	offer_values(c, &values, last, from, opt->commas, "");
	if (!c->hint.len)
		hint_option(c, opt);
	str_fini(&values);
}

static void offer_options(struct walk *w, struct completion *c,
			  const char *last)
{
	struct str words = STR_INIT;
	const char *p, *end, *value;
	const struct opt *opt = NULL;

	opt_words(w->command, &words);
	for (p = str_text(&words); *p; p = end + 1) {
		end = strchr(p, '\n');
		offer(c, "", 0, p, (size_t)(end - p), last);
	}
	if (last[1])
		opt = last[1] == '-' ? long_option(w, last, &value)
				     : last_letter(w, last, &value);
	if (opt)
		hint_option(c, opt);
	str_fini(&words);
}

static void offer_commands(const struct walk *w, struct completion *c,
			   const char *last)
{
	const struct command *const *list;
	const struct command *named = find(w->vocabulary, last);

	for (list = w->vocabulary->more; list && *list; list++)
		offer(c, "", 0, (*list)->name, strlen((*list)->name), last);
	for (list = w->vocabulary->commands; *list; list++)
		offer(c, "", 0, (*list)->name, strlen((*list)->name), last);
	if (named)
		str_puts(&c->hint, named->summary);
}

static void offer_operands(struct walk *w, struct completion *c,
			   const char *last)
{
	struct str values = STR_INIT, context = STR_INIT;

	/* after filter -Y, of what is open, comes an expression in words */
	if (w->where && w->place.open &&
	    w->command->values == inputs_expr_operands) {
		str_printf(&context, "%s ", w->where);
		opt_values_where(&values);
	} else if (w->command->values) {
		w->command->values(&w->place, &values);
	}
	expr_text_words(&context, w->operands, w->place.n);
	offer_values(c, &values, last, 0, false, str_text(&context));
	if (!c->hint.len) {
		str_puts(&c->hint, w->command->name);
		if (w->command->groups && w->command->groups->title)
			str_puts(&c->hint, " [OPTIONS]");
		if (w->command->operands[0])
			str_printf(&c->hint, " %s", w->command->operands);
	}
	str_fini(&context);
	str_fini(&values);
}

void complete_words(const struct vocabulary *vocabulary, char *const *words,
		    int n, struct completion *c)
{
	struct walk w = {
	    .vocabulary = vocabulary,
	    .command = vocabulary->tool,
	    .operands = calloc((size_t)n, sizeof(*w.operands)),
	    .place = {.open = vocabulary->open},
	};
	const char *last = words[n - 1], *value = NULL;
	const struct opt *opt = NULL;
	int i;

	w.place.operands = w.operands;
	for (i = 0; w.operands && i < n - 1; i++)
		pass(&w, words[i]);
	if (!w.operands || w.unknown) {
		free(w.operands);
		return;
	}
	if (!w.over && w.command && !w.value_of && last[0] == '-')
		opt = last[1] == '-' ? long_option(&w, last, &value)
				     : last_letter(&w, last, &value);
	if (w.value_of)
		offer_option_value(c, w.value_of, last, 0);
	else if (opt && value)
		offer_option_value(c, opt, last, (size_t)(value - last));
	else if (!w.over && w.command && last[0] == '-')
		offer_options(&w, c, last);
	else if (!w.chosen)
		offer_commands(&w, c, last);
	else if (!w.over || !w.command->wants_rest)
		offer_operands(&w, c, last);
	else
		c->files = true;
	free(w.operands);
}

void completion_fini(struct completion *c)
{
	str_fini(&c->words);
	str_fini(&c->hint);
}

void complete_print(const struct vocabulary *vocabulary, char *const *words,
		    int n, struct str *out)
{
	struct completion c = COMPLETION_INIT;

	complete_words(vocabulary, words, n, &c);
	str_printf(out, "%s\n%s", words[n - 1], str_text(&c.words));
	if (c.files) {
		str_puts(out, "@files ");
		str_put(out, words[n - 1], c.begun);
		str_putc(out, '\n');
	}
	completion_fini(&c);
}

void complete_line_print(const struct vocabulary *vocabulary, const char *line,
			 struct str *out)
{
	static char nothing[] = "";
	struct words w = {0};
	char **words = NULL;
	int n = 0;
	size_t i;

	if (words_split(&w, line, NULL))
		words = calloc(w.n + 1, sizeof(*words));
	for (i = 1; words && i < w.n; i++)
		if (w.item[i].kind == WORD_TEXT)
			words[n++] = w.item[i].text;
	if (words && (!w.begun || !n))
		words[n++] = nothing;
	if (words)
		complete_print(vocabulary, words, n, out);
	free(words);
	words_fini(&w);
}
