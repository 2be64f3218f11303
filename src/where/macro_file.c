/* Files of macros: what their lines say. */
#include "where/macro_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

const struct macro *where_macros_find(const struct where_macros *m,
				      const char *name, size_t n)
{
	size_t i;

	for (i = 0; m && i < m->n; i++)
		if (strlen(m->list[i].name) == n &&
		    !memcmp(m->list[i].name, name, n))
			return &m->list[i];
	return NULL;
}

const char *where_macros_nearest(const struct where_macros *m, const char *name,
				 size_t n)
{
	struct nearest near = NEAREST_START_N(name, n);
	size_t i;

	for (i = 0; m && i < m->n; i++)
		nearest_try(&near, m->list[i].name);
	return near.best;
}

/* What is left of a line. */
struct line {
	const char *at, *end;
	char *to; /* as long as the line: what was read of it */
};

static void line_blanks(struct line *l)
{
	while (l->at < l->end && macro_is_blank(*l->at))
		l->at++;
}

static int hex_digit(char c)
{
	return macro_is_digit(c)      ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* The text in quotes, with \" \\ and \xNN. NULL: it does not end. */
static char *line_quoted(struct line *l)
{
	char *start = l->to;

	for (l->at++; l->at < l->end && *l->at != '"'; l->at++) {
		char c = *l->at;

		if (c == '\\' && l->end - l->at > 3 && l->at[1] == 'x' &&
		    hex_digit(l->at[2]) >= 0 && hex_digit(l->at[3]) >= 0) {
			c = (char)(hex_digit(l->at[2]) * 16 +
				   hex_digit(l->at[3]));
			l->at += 3;
		} else if (c == '\\' && l->end - l->at > 1 &&
			   strchr("\"\\", l->at[1])) {
			c = *++l->at;
		}
		*l->to++ = c;
	}
	*l->to++ = '\0';
	if (l->at == l->end)
		return NULL;
	l->at++;
	return start;
}

/* The rest as it is. */
static char *line_rest(struct line *l)
{
	size_t n = (size_t)(l->end - l->at);
	char *start = l->to;

	memcpy(start, l->at, n);
	start[n] = '\0';
	l->at = l->end;
	return start;
}

/* The name before a =. */
static char *line_name(struct line *l)
{
	char *start = l->to;

	while (l->at < l->end && macro_is_letter(*l->at))
		*l->to++ = *l->at++;
	*l->to++ = '\0';
	line_blanks(l);
	if (l->at == l->end || *l->at != '=')
		return NULL;
	l->at++;
	return start;
}

/* Take a line apart. false: it is of none of the forms. */
static bool split_line(struct line *l, char **name, char **text)
{
	bool quoted = *l->at == '"';

	*name = quoted ? line_quoted(l) : line_name(l);
	if (!*name)
		return false;
	line_blanks(l);
	if (quoted && l->at < l->end && *l->at == ',') {
		l->at++;
		line_blanks(l);
		if (l->at == l->end || *l->at != '"')
			return false;
		*text = line_quoted(l);
		line_blanks(l);
		return *text && l->at == l->end;
	}
	*text = line_rest(l);
	return true;
}

static bool is_macro_name(const char *name)
{
	size_t n = 0;

	while (macro_is_letter(name[n]))
		n++;
	return n && !name[n] && n <= MACRO_NAME_MOST &&
	       !macro_is_digit(name[0]);
}

static unsigned count_args(const char *text)
{
	unsigned most = 0;

	for (; *text; text++)
		if (text[0] == '$' && text[1] >= '1' && text[1] <= '9' &&
		    (unsigned)(text[1] - '0') > most)
			most = (unsigned)(text[1] - '0');
	return most;
}

static bool add_macro(struct where_macros *m, const char *name,
		      const char *text, struct err *err)
{
	struct macro *macro, *more;

	if (m->n == m->room) {
		m->room = m->room ? 2 * m->room : 16;
		more = realloc(m->list, m->room * sizeof(*more));
		if (!more)
			return err_nomem(err, "macros");
		m->list = more;
	}
	macro = &m->list[m->n++];
	macro->name = strdup(name);
	macro->text = strdup(text);
	macro->n = strlen(text);
	macro->args = count_args(text);
	return (macro->name && macro->text) || err_nomem(err, "macros");
}

static bool read_line(struct where_macros *m, struct line *l,
		      unsigned long number, struct err *err)
{
	char *name, *text;

	if (!split_line(l, &name, &text))
		return err_set(err, ERR_USAGE,
			       "line %lu: 'name = text' expected", number);
	if (!is_macro_name(name))
		return err_set(err, ERR_USAGE,
			       "line %lu: a macro cannot have the name '%s'",
			       number, name);
	if (!*text)
		return err_set(err, ERR_USAGE,
			       "line %lu: macro '%s' has no text", number,
			       name);
	if (where_macros_find(m, name, strlen(name)))
		return err_set(err, ERR_USAGE,
			       "line %lu: there is a macro '%s' before", number,
			       name);
	return add_macro(m, name, text, err);
}

static bool read_lines(struct where_macros *m, const char *text, size_t len,
		       char *room, struct err *err)
{
	const char *end = text + len, *next;
	unsigned long number = 0;

	for (; text < end; text = next) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		struct line l = {.at = text, .to = room};

		l.end = stop ? stop : end;
		next = stop ? stop + 1 : end;
		number++;
		while (l.end > l.at && macro_is_blank(l.end[-1]))
			l.end--;
		line_blanks(&l);
		if (l.at < l.end && *l.at != '#' &&
		    !read_line(m, &l, number, err))
			return false;
	}
	return true;
}

struct where_macros *where_macros_open(const char *text, size_t len,
				       struct err *err)
{
	struct where_macros *m = calloc(1, sizeof(*m));
	char *room = malloc(len + 2); /* for two NULs */
	bool good = false;

	if (!m || !room)
		err_nomem(err, "macros");
	else if (memchr(text, 0, len))
		err_set(err, ERR_USAGE, "this is not text");
	else
		good = read_lines(m, text, len, room, err);
	free(room);
	if (good)
		return m;
	where_macros_close(m);
	return NULL;
}

void where_macros_close(struct where_macros *m)
{
	size_t i;

	if (!m)
		return;
	for (i = 0; i < m->n; i++) {
		free(m->list[i].name);
		free(m->list[i].text);
	}
	free(m->list);
	free(m);
}
