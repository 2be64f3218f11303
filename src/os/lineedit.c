/* Lines typed at a terminal, by libedit. */
#include "os/lineedit.h"

#include "config.h"

#ifdef HAVE_LIBEDIT

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "os/libedit.h"
#include "os/term.h"

enum { HISTORY_LINES = 1000, SHOWN_MAX = 100 };

struct lineedit {
	EditLine *el;
	History *history;
	struct lineedit_hooks hooks;
	const char *prompt;
	struct str hint;
	bool stopped; /* by Ctrl-C */
	bool done;    /* the line is: no hint any more */
};

static const struct libedit *lib; /* since lineedit_open() */

static struct lineedit *owner(EditLine *el)
{
	void *le = NULL;

	lib->el_get(el, EL_CLIENTDATA, &le);
	return le;
}

static char *prompt(EditLine *el)
{
	return (char *)(uintptr_t)owner(el)->prompt;
}

/* What is typed up to the cursor. */
static void typed(EditLine *el, struct str *line)
{
	const LineInfo *info = lib->el_line(el);

	str_put(line, info->buffer, (size_t)(info->cursor - info->buffer));
	str_put(line, "", 0);
}

/* Characters, as the terminal counts them. */
static size_t characters(const char *text)
{
	size_t n = mbstowcs(NULL, text, 0);

	return n == (size_t)-1 ? strlen(text) : n;
}

/* Cut text to so many characters, after a word; ".." says so. */
static void cut(struct str *text, size_t most)
{
	size_t at = 0, n = 0, word = 0;
	uint32_t code;

	while (at < text->len && n < most) {
		size_t len = str_utf8(text->text + at, text->len - at, &code);

		/* a word that ends here leaves room for " .." */
		if (text->text[at] == ' ' && n + 3 <= most)
			word = at;
		at += len ? len : 1;
		n++;
	}
	if (at == text->len)
		return;
	text->len = word;
	text->text[word] = '\0';
	if (word)
		str_puts(text, " ..");
}

/* The hint at the right end of the line, where there is room for one. */
static char *hint(EditLine *el)
{
	static char nothing[] = "";
	struct lineedit *le = owner(el);
	struct str line = STR_INIT;
	size_t used, columns = term_columns();

	str_clear(&le->hint);
	typed(el, &line);
	used = characters(le->prompt) + characters(str_text(&line)) + 4;
	if (!le->done && used + 12 < columns) {
		le->hooks.hint(le->hooks.arg, str_text(&line), &le->hint);
		cut(&le->hint, columns - used);
	}
	str_fini(&line);
	return le->hint.len ? le->hint.text : nothing;
}

/* ---- keys -------------------------------------------------------------- */

/* A blank ends a word: another hint. */
static unsigned char key_space(EditLine *el, int c)
{
	(void)c;
	return lib->el_insertstr(el, " ") == 0 ? CC_REDISPLAY : CC_ERROR;
}

/* As the terminal does it: all that run here. libedit's handlers see to the
   terminal before and after. */
static unsigned char key_suspend(EditLine *el, int c)
{
	(void)el, (void)c;
	kill(0, SIGTSTP);
	return CC_REFRESH;
}

/* Take the hint away, then let libedit end the line: its key for that is ^J
   alone. */
static unsigned char end_line(EditLine *el)
{
	owner(el)->done = true;
	lib->el_push(el, "\n");
	return CC_REDISPLAY;
}

static unsigned char key_enter(EditLine *el, int c)
{
	(void)c;
	return end_line(el);
}

static unsigned char key_stop(EditLine *el, int c)
{
	(void)c;
	owner(el)->stopped = true;
	return end_line(el);
}

/* The length of what all lines of text have in common at their beginning. */
static size_t common(const char *text)
{
	size_t first = strcspn(text, "\n"), n = first;
	const char *p = text + first;

	while (*p == '\n' && p[1]) {
		size_t i = 0;

		p++;
		while (i < n && p[i] == text[i])
			i++;
		n = i;
		p += strcspn(p, "\n");
	}
	/* a character is not cut in two */
	while (n > 0 && n < first && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static size_t lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* All completions, in columns below the line, where libedit draws. */
static void show(EditLine *el, const char *text)
{
	size_t width = 0, n = lines(text), i, across;
	struct str table = STR_INIT;
	FILE *out = stdout;
	const char *p;

	for (p = text; *p; p += strcspn(p, "\n") + 1) {
		size_t len = strcspn(p, "\n");

		width = len > width ? len : width;
	}
	across = term_columns() / (width + 2);
	across = across ? across : 1;
	for (p = text, i = 0; i < n && i < SHOWN_MAX; i++) {
		int len = (int)strcspn(p, "\n");
		bool last = i % across == across - 1 || i + 1 == n;

		if (i % across == 0)
			str_putc(&table, '\n');
		str_printf(&table, "%.*s", len, p);
		if (!last)
			str_printf(&table, "%*s", (int)width + 2 - len, "");
		p += len + 1;
	}
	if (n > SHOWN_MAX)
		str_printf(&table, "\n... and %zu more", n - SHOWN_MAX);
	str_putc(&table, '\n');
	/* by the stream that libedit draws with */
	lib->el_get(el, EL_GETFP, 1, &out);
	fwrite(table.text, 1, table.len, out);
	fflush(out);
	str_fini(&table);
}

/* Put n bytes of text in the place of what is typed from start on. */
static void put_instead(EditLine *el, const char *typed_part, const char *text,
			size_t n)
{
	size_t len = strlen(typed_part);
	char *copy = strndup(text, n);

	if (!copy)
		return;
	if (n >= len && !strncmp(copy, typed_part, len)) {
		if (n > len)
			lib->el_insertstr(el, copy + len);
	} else {
		lib->el_deletestr(el, (int)characters(typed_part));
		lib->el_insertstr(el, copy);
	}
	free(copy);
}

static unsigned char key_complete(EditLine *el, int c)
{
	struct lineedit *le = owner(el);
	struct lineedit_offer offer = {0};
	struct str line = STR_INIT;
	const char *all, *part;
	unsigned char result = CC_REFRESH;
	size_t n, together;

	(void)c;
	typed(el, &line);
	le->hooks.complete(le->hooks.arg, str_text(&line), &offer);
	all = str_text(&offer.all);
	part = str_text(&line) + offer.start;
	n = lines(all);
	together = common(all);
	if (n == 0) {
		result = CC_REFRESH_BEEP;
	} else if (n == 1) {
		put_instead(el, part, all, together);
		if (together && !strchr("/=.(", all[together - 1]))
			lib->el_insertstr(el, " ");
	} else if (together > strlen(part) ||
		   strncmp(all, part, together) != 0) {
		put_instead(el, part, all, together);
	} else {
		show(el, str_text(&offer.shown));
		result = CC_REDISPLAY;
	}
	str_fini(&offer.all);
	str_fini(&offer.shown);
	str_fini(&line);
	return result;
}

/* ---- the editor -------------------------------------------------------- */

static void set_up(EditLine *el, bool editrc)
{
	static const char *const keys[][2] = {
	    {"^I", "pcaptool-complete"}, {" ", "pcaptool-space"},
	    {"^M", "pcaptool-enter"},	 {"^J", "ed-newline"},
	    {"^C", "pcaptool-stop"},	 {"^Z", "pcaptool-suspend"}};
	size_t i;

	lib->el_set(el, EL_ADDFN, "pcaptool-complete", "Complete what is typed",
		    key_complete);
	lib->el_set(el, EL_ADDFN, "pcaptool-space", "A blank", key_space);
	lib->el_set(el, EL_ADDFN, "pcaptool-enter", "End the line", key_enter);
	lib->el_set(el, EL_ADDFN, "pcaptool-stop", "Give the line up",
		    key_stop);
	lib->el_set(el, EL_ADDFN, "pcaptool-suspend", "Suspend", key_suspend);
	lib->el_set(el, EL_EDITOR, "emacs");
	lib->el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	lib->el_set(el, EL_BIND, "^S", "em-inc-search-next", NULL);
	if (editrc)
		lib->el_source(el, NULL);
	for (i = 0; i < ARRAY_LEN(keys); i++)
		lib->el_set(el, EL_BIND, keys[i][0], keys[i][1], NULL);
	/* Ctrl-C is a key while a line is typed, and so is Ctrl-Z then */
	lib->el_set(el, EL_SETTY, "-d", "-isig", "-ixon", "-icrnl", NULL);
	lib->el_set(el, EL_SIGNAL, 1);
}

struct lineedit *lineedit_open(const struct lineedit_hooks *hooks, bool editrc,
			       struct err *err)
{
	struct lineedit *le;
	HistEvent event;

	lib = libedit_get();
	if (!lib) {
		err_set(err, ERR_FAULT,
			"libedit is not installed: no line editing, completion "
			"or history");
		return NULL;
	}
	le = calloc(1, sizeof(*le));
	setlocale(LC_CTYPE, "");
	if (le) {
		le->hooks = *hooks;
		le->el = lib->el_init("pcaptool", stdin, stdout, stderr);
		le->history = lib->history_init();
	}
	if (!le || !le->el || !le->history) {
		lineedit_close(le);
		err_set(err, ERR_FAULT,
			"this terminal does not support editing");
		return NULL;
	}
	lib->history(le->history, &event, H_SETSIZE, HISTORY_LINES);
	lib->history(le->history, &event, H_SETUNIQUE, 1);
	lib->el_set(le->el, EL_CLIENTDATA, le);
	lib->el_set(le->el, EL_PROMPT, prompt);
	lib->el_set(le->el, EL_RPROMPT, hint);
	lib->el_set(le->el, EL_HIST, lib->history, le->history);
	set_up(le->el, editrc);
	return le;
}

void lineedit_close(struct lineedit *le)
{
	if (!le)
		return;
	if (le->history)
		lib->history_end(le->history);
	if (le->el)
		lib->el_end(le->el);
	str_fini(&le->hint);
	free(le);
}

enum lineedit_got lineedit_read(struct lineedit *le, const char *text,
				struct str *line)
{
	const char *got;
	int n = 0;

	le->prompt = text;
	le->stopped = le->done = false;
	got = lib->el_gets(le->el, &n);
	if (le->stopped)
		return LINEEDIT_STOPPED;
	if (!got || n <= 0)
		return LINEEDIT_END;
	str_put(line, got, strcspn(got, "\r\n"));
	str_put(line, "", 0);
	return LINEEDIT_LINE;
}

void lineedit_remember(struct lineedit *le, const char *line)
{
	HistEvent event;

	lib->history(le->history, &event, H_ENTER, line);
}

void lineedit_forget(struct lineedit *le)
{
	HistEvent event;

	lib->history(le->history, &event, H_CLEAR);
}

#else /* no libedit */

struct lineedit *lineedit_open(const struct lineedit_hooks *hooks, bool editrc,
			       struct err *err)
{
	(void)hooks, (void)editrc;
	err_set(err, ERR_FAULT,
		"this pcaptool was built without libedit: no line editing, "
		"completion or history");
	return NULL;
}

void lineedit_close(struct lineedit *le)
{
	(void)le;
}

enum lineedit_got lineedit_read(struct lineedit *le, const char *prompt,
				struct str *line)
{
	(void)le, (void)prompt, (void)line;
	return LINEEDIT_END;
}

void lineedit_remember(struct lineedit *le, const char *line)
{
	(void)le, (void)line;
}

void lineedit_forget(struct lineedit *le)
{
	(void)le;
}

#endif
