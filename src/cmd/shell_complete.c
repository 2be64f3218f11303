/* Completion of a line of the interactive shell. */
#include <stdlib.h>
#include <string.h>

#include "cmd/complete.h"
#include "cmd/shell.h"
#include "os/folder.h"

/* The line as the completion sees it. */
struct typed_line {
	struct words words;
	char **argv;
	int n;
	bool file; /* the last word is the file after a > */
	bool pipe; /* there is a pipe: nothing is known of what is after */
};

static bool split(struct typed_line *t, const char *line)
{
	static char nothing[] = "";
	size_t i;

	memset(t, 0, sizeof(*t));
	if (!words_split(&t->words, line, NULL))
		return false;
	t->argv = calloc(t->words.n + 1, sizeof(*t->argv));
	if (!t->argv)
		return false;
	for (i = 0; i < t->words.n; i++) {
		enum word_kind kind = t->words.item[i].kind;
		bool last = i + 1 == t->words.n;

		t->pipe = t->pipe || kind == WORD_PIPE;
		if (kind == WORD_TEXT &&
		    (t->n || last ||
		     strcmp(t->words.item[i].text, "pcaptool") != 0))
			t->argv[t->n++] = t->words.item[i].text;
		else if (kind == WORD_OVER || kind == WORD_APPEND)
			t->file =
			    last || (i + 2 == t->words.n && t->words.begun);
	}
	if (!t->words.begun)
		t->argv[t->n++] = nothing;
	return true;
}

static void split_fini(struct typed_line *t)
{
	free(t->argv);
	words_fini(&t->words);
}

/* Words, and the names of files, one after the other. */
struct offers {
	struct lineedit_offer *offer;
	const char *last; /* what is typed of the word */
	size_t before;	  /* bytes of it before a file's name */
	char quote;	  /* that is open */
	char **names;	  /* of files */
	size_t n;
};

/* What cannot be typed or shown as it is, is not offered. */
static void offer(struct offers *o, const char *word, const char *shown)
{
	struct lineedit_offer *to = o->offer;
	struct str harmless = STR_INIT;

	str_foreign(&harmless, word, strlen(word));
	if (!strcmp(str_text(&harmless), word)) {
		if (o->quote)
			str_putc(&to->all, o->quote);
		words_quote(&to->all, word, o->quote);
		str_putc(&to->all, '\n');
		str_printf(&to->shown, "%s\n", shown);
	}
	str_fini(&harmless);
}

static void add_name(void *arg, const char *name, bool is_folder)
{
	struct offers *o = arg;
	char **more = realloc(o->names, (o->n + 1) * sizeof(*more));
	struct str word = STR_INIT;

	if (!more)
		return;
	o->names = more;
	str_put(&word, o->last, o->before);
	str_puts(&word, name);
	if (is_folder)
		str_putc(&word, '/');
	if (!word.failed)
		o->names[o->n++] = word.text;
	else
		str_fini(&word);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files whose names begin as the last word does from begun on. */
static void offer_files(struct offers *o, size_t begun)
{
	const char *path = o->last + begun, *slash = strrchr(path, '/');
	struct str folder = STR_INIT;
	size_t i;

	o->before = slash ? (size_t)(slash + 1 - o->last) : begun;
	if (slash)
		str_put(&folder, path, (size_t)(slash + 1 - path));
	else
		str_puts(&folder, ".");
	folder_names(str_text(&folder), o->last + o->before, add_name, o);
	if (o->n)
		qsort(o->names, o->n, sizeof(*o->names), by_name);
	for (i = 0; i < o->n; i++) {
		offer(o, o->names[i], o->names[i] + o->before);
		free(o->names[i]);
	}
	free(o->names);
	str_fini(&folder);
}

static void ask(const struct shell *sh, const struct typed_line *t,
		struct completion *c)
{
	const struct vocabulary words = {.commands = commands,
					 .more = shell_commands,
					 .open = sh->view.n > 0};

	if (t->pipe)
		return;
	if (t->file)
		c->files = true;
	else
		complete_words(&words, t->argv, t->n, c);
}

void shell_complete(void *arg, const char *line, struct lineedit_offer *to)
{
	struct completion c = COMPLETION_INIT;
	struct offers o = {.offer = to};
	struct typed_line t;

	to->start = strlen(line);
	if (split(&t, line)) {
		ask(arg, &t, &c);
		o.last = t.argv[t.n - 1];
		o.quote = t.words.quote;
		if (t.words.begun)
			to->start = t.words.item[t.words.n - 1].at;
		for (char *p = c.words.text, *end; p && *p; p = end + 1) {
			end = strchr(p, '\n');
			*end = '\0';
			offer(&o, p, p);
		}
		if (c.files)
			offer_files(&o, c.begun);
	}
	completion_fini(&c);
	split_fini(&t);
}

void shell_hint(void *arg, const char *line, struct str *out)
{
	struct completion c = {.only_hint = true};
	struct typed_line t;

	if (split(&t, line)) {
		ask(arg, &t, &c);
		str_puts(out, str_text(&c.hint));
	}
	completion_fini(&c);
	split_fini(&t);
}
