/* A command line taken into words. */
#include "cmd/words.h"

#include <stdlib.h>
#include <string.h>

struct splitter {
	const char *line;
	size_t at;
	struct words *words;
	struct str text;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool add(struct splitter *s, enum word_kind kind, size_t start,
		bool quoted)
{
	struct words *w = s->words;
	struct word *more = realloc(w->item, (w->n + 1) * sizeof(*more));
	char *text = strdup(str_text(&s->text));

	if (more)
		w->item = more;
	if (!more || !text || s->text.failed) {
		free(text);
		return false;
	}
	more = &w->item[w->n++];
	more->kind = kind;
	more->text = text;
	more->at = start;
	more->len = s->at - start;
	more->quoted = quoted;
	str_clear(&s->text);
	return true;
}

/* Up to the end of the quote c, which is at the splitter. */
static void take_quoted(struct splitter *s, char c)
{
	for (s->at++; s->line[s->at] && s->line[s->at] != c; s->at++) {
		if (c == '"' && s->line[s->at] == '\\' &&
		    (s->line[s->at + 1] == '"' || s->line[s->at + 1] == '\\'))
			s->at++;
		str_putc(&s->text, s->line[s->at]);
	}
	if (s->line[s->at])
		s->at++;
	else
		s->words->quote = c;
}

/* A pipe or a redirection, not an operator of the filter language. */
static bool is_operator(const char *p)
{
	if (*p == '|')
		return p[1] != '|';
	return *p == '>' && p[1] != '=';
}

static bool take_word(struct splitter *s)
{
	const char *line = s->line;
	size_t start = s->at;
	bool quoted = false;

	while (line[s->at] && !is_blank(line[s->at]) &&
	       !is_operator(line + s->at)) {
		char c = line[s->at];

		if (c == '\'' || c == '"') {
			take_quoted(s, c);
			quoted = true;
			continue;
		}
		if (c == '\\' && line[s->at + 1])
			c = line[++s->at];
		else if (c == '|') /* the first of two */
			str_putc(&s->text, line[s->at++]);
		str_putc(&s->text, c);
		s->at++;
	}
	return add(s, WORD_TEXT, start, quoted);
}

static bool take_operator(struct splitter *s)
{
	const char *line = s->line;
	size_t start = s->at;

	if (line[s->at] == '|') {
		str_puts(&s->text, line + s->at + 1);
		s->at += strlen(line + s->at);
		return add(s, WORD_PIPE, start, false);
	}
	s->at += line[s->at + 1] == '>' ? 2 : 1;
	return add(s, s->at - start == 2 ? WORD_APPEND : WORD_OVER, start,
		   false);
}

bool words_split(struct words *words, const char *line, struct err *err)
{
	struct splitter s = {line, 0, words, STR_INIT};
	bool good = true;

	memset(words, 0, sizeof(*words));
	while (good && line[s.at]) {
		words->begun = false;
		if (is_blank(line[s.at])) {
			s.at++;
		} else if (line[s.at] == '#') {
			break;
		} else if (is_operator(line + s.at)) {
			good = take_operator(&s);
		} else {
			good = take_word(&s);
			words->begun = true;
		}
	}
	str_fini(&s.text);
	return good || err_nomem(err, "a command line");
}

void words_fini(struct words *words)
{
	size_t i;

	for (i = 0; i < words->n; i++)
		free(words->item[i].text);
	free(words->item);
	memset(words, 0, sizeof(*words));
}

void words_quote(struct str *out, const char *text, char quote)
{
	const char *p = text;

	for (; *p; p++) {
		if (quote == '\'' && *p == '\'')
			str_puts(out, "'\\''");
		else if (quote == '\'')
			str_putc(out, *p);
		else if (quote ? strchr("\"\\", *p) != NULL
			       : strchr(" \t\r\n'\"\\|>#", *p) != NULL)
			str_printf(out, "\\%c", *p);
		else
			str_putc(out, *p);
	}
}
