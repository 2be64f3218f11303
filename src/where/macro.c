/* Replacing macros. Each byte knows where it was typed, so that errors can be
   shown there. */
#include "where/macro.h"

#include <string.h>

#include "where/macro_file.h"
#include "where/names.h"

enum {
	MACRO_DEPTH = 16,	      /* levels of nesting */
	MACRO_WORK = 8 * WHERE_LENGTH /* bytes that are copied in all */
};

/* Where a byte was typed: at that place, or in a macro that was. */
struct where_spot {
	uint32_t at, n; /* n: of all that was typed there */
	const struct macro *macro;
};

/* ---- texts that know where they were typed ------------------------------ */

struct traced {
	char *text;
	struct where_spot *spots; /* of each byte */
	size_t n, room;
};

struct expander {
	struct where_source *source;
	const struct where_macros *macros;
	struct arena arena;
	const struct macro *active[MACRO_DEPTH]; /* whose texts these are */
	unsigned depth;
	size_t work; /* bytes that were put anywhere */
};

static bool PRINTF_LIKE(3, 4)
    fail_at(struct expander *e, const struct where_spot *spot,
	    const char *format, ...)
{
	struct err why = {0};
	va_list args;

	va_start(args, format);
	err_vset(&why, ERR_USAGE, format, args);
	va_end(args);
	return source_tell(e->source, spot->macro ? spot->macro->name : NULL,
			   spot->at, spot->n, why.text);
}

static bool grow(struct expander *e, struct traced *t)
{
	size_t room = t->room ? 2 * t->room : 256;
	char *text = arena_get(&e->arena, room);
	struct where_spot *spots = arena_get(&e->arena, room * sizeof(*spots));

	if (!text || !spots)
		return err_nomem(e->source->err, "expression");
	if (t->n) {
		memcpy(text, t->text, t->n);
		memcpy(spots, t->spots, t->n * sizeof(*spots));
	}
	t->text = text;
	t->spots = spots;
	t->room = room;
	return true;
}

static bool put(struct expander *e, struct traced *to, char c,
		const struct where_spot *spot)
{
	if (to->n == WHERE_LENGTH || ++e->work > MACRO_WORK)
		return fail_at(e, spot,
			       "with its macros the expression is too long");
	if (to->n == to->room && !grow(e, to))
		return false;
	to->text[to->n] = c;
	to->spots[to->n++] = *spot;
	return true;
}

static bool put_traced(struct expander *e, struct traced *to,
		       const struct traced *from)
{
	size_t i;

	for (i = 0; i < from->n; i++)
		if (!put(e, to, from->text[i], &from->spots[i]))
			return false;
	return true;
}

/* ---- replacing ---------------------------------------------------------- */

/* A macro as it is used, between two places of a text. */
struct use {
	const struct traced *in;
	size_t from, to;
	size_t name, name_len;
	bool braces;
	unsigned n;
	struct {
		size_t from, to;
	} args[MACRO_ARGS];
	struct where_spot spot;
};

static char char_at(const struct traced *t, size_t i)
{
	return i < t->n ? t->text[i] : '\0';
}

/* The place after the text in quotes that begins at i. */
static size_t skip_quotes(const struct traced *t, size_t i)
{
	char quote = t->text[i++];

	while (i < t->n && t->text[i] != quote)
		i += t->text[i] == '\\' ? 2 : 1;
	return i < t->n ? i + 1 : t->n;
}

/* Where all of it was typed. */
static void place_use(struct use *u)
{
	const struct where_spot *first = &u->in->spots[u->from];
	const struct where_spot *last = &u->in->spots[u->to - 1];

	u->spot = *first;
	if (!first->macro && last->at + last->n > first->at)
		u->spot.n = last->at + last->n - first->at;
}

static bool add_arg(struct expander *e, struct use *u, size_t from, size_t to)
{
	const char *text = u->in->text;

	while (from < to && macro_is_blank(text[from]))
		from++;
	while (to > from && macro_is_blank(text[to - 1]))
		to--;
	if (u->n == MACRO_ARGS)
		return fail_at(e, &u->spot, "a macro has at most 9 arguments");
	if (from == to)
		return fail_at(e, &u->spot,
			       "an argument of this macro is empty");
	u->args[u->n].from = from;
	u->args[u->n++].to = to;
	return true;
}

/* Arguments from i on, with `between` between them and `end` after. */
static bool read_args(struct expander *e, struct use *u, size_t i, char between,
		      char end)
{
	const struct traced *t = u->in;
	size_t depth = 0, start = i;

	while (i < t->n) {
		char c = t->text[i];

		if (!depth && (c == end || c == between)) {
			if (!add_arg(e, u, start, i))
				return false;
			start = i + 1;
			if (c == end) {
				u->to = start;
				return true;
			}
		}
		depth += strchr("([{", c) != NULL;
		depth -= depth && strchr(")]}", c);
		i = c == '"' || c == '\'' ? skip_quotes(t, i) : i + 1;
	}
	return fail_at(e, &u->spot, "the arguments of this macro do not end");
}

/* Is there nothing but blanks before `end`? Then *i is after it. */
static bool ends_at(const struct traced *t, size_t *i, char end)
{
	size_t k = *i;

	while (macro_is_blank(char_at(t, k)))
		k++;
	if (char_at(t, k) != end)
		return false;
	*i = k + 1;
	return true;
}

/* ${name}, ${name;a;b} or ${name:a;b} */
static bool read_braces(struct expander *e, struct use *u)
{
	size_t i = u->from + 2;

	while (macro_is_blank(char_at(u->in, i)))
		i++;
	u->name = i;
	while (i < u->in->n && !strchr(";:} \t\n\r", u->in->text[i]))
		i++;
	u->name_len = i - u->name;
	if (ends_at(u->in, &i, '}')) {
		u->to = i;
		return true;
	}
	if (char_at(u->in, i) != ';' && char_at(u->in, i) != ':')
		return fail_at(e, &u->spot, "no closing } of this macro");
	return read_args(e, u, i + 1, ';', '}');
}

/* $name or $name(a,b) */
static bool read_plain(struct expander *e, struct use *u)
{
	size_t i = u->from + 1;

	u->name = i;
	while (macro_is_letter(char_at(u->in, i)))
		i++;
	u->name_len = i - u->name;
	u->to = i;
	if (char_at(u->in, i) != '(')
		return true;
	i++;
	if (!ends_at(u->in, &i, ')'))
		return read_args(e, u, i, ',', ')');
	u->to = i;
	return true;
}

static bool read_use(struct expander *e, struct use *u)
{
	u->to = u->from + 1;
	place_use(u);
	u->braces = char_at(u->in, u->from + 1) == '{';
	if (u->braces ? !read_braces(e, u) : !read_plain(e, u))
		return false;
	place_use(u);
	return true;
}

static bool unknown_macro(struct expander *e, const struct use *u)
{
	const char *name = u->in->text + u->name;
	const char *near = where_macros_nearest(e->macros, name, u->name_len);

	if (u->braces && !u->n &&
	    field_names_find(e->source->names, name, u->name_len))
		return fail_at(e, &u->spot,
			       "a reference to a field is about the packet "
			       "that is chosen in a window, and there is "
			       "none here");
	if (near)
		return fail_at(e, &u->spot, "no such macro; did you mean '%s'?",
			       near);
	return fail_at(e, &u->spot,
		       "no such macro (--macros names their file)");
}

static bool expand(struct expander *e, const struct traced *from,
		   struct traced *to);

/* The macro's text with the arguments in it. */
static bool fill_in(struct expander *e, const struct use *u,
		    const struct macro *macro, struct traced *to)
{
	struct traced args[MACRO_ARGS] = {{0}};
	struct where_spot spot = u->spot;
	size_t i;

	for (i = 0; i < u->n; i++) {
		const struct traced arg = {
		    .text = u->in->text + u->args[i].from,
		    .spots = u->in->spots + u->args[i].from,
		    .n = u->args[i].to - u->args[i].from,
		};

		if (!expand(e, &arg, &args[i]))
			return false;
	}
	spot.macro = macro;
	for (i = 0; i < macro->n; i++) {
		char c = macro->text[i], next = macro->text[i + 1];

		if (c != '$' || next < '1' || next > '9') {
			if (!put(e, to, c, &spot))
				return false;
			continue;
		}
		if (!put_traced(e, to, &args[next - '1']))
			return false;
		i++;
	}
	return true;
}

/* May it stand here, and with these arguments? */
static bool check_use(struct expander *e, const struct use *u,
		      const struct macro *macro)
{
	unsigned i;

	if (macro->args != u->n)
		return fail_at(e, &u->spot,
			       "macro '%s' has %u argument%s, not %u",
			       macro->name, macro->args,
			       macro->args == 1 ? "" : "s", u->n);
	for (i = 0; i < e->depth; i++)
		if (e->active[i] == macro)
			return fail_at(e, &u->spot,
				       "macro '%s' is in its own text",
				       macro->name);
	return true;
}

/* Replace the macro at i, which moves after it. */
static bool replace(struct expander *e, const struct traced *from, size_t *i,
		    struct traced *to)
{
	struct use u = {.in = from, .from = *i};
	struct traced text = {0};
	const struct macro *macro;
	bool good;

	if (!read_use(e, &u))
		return false;
	macro = where_macros_find(e->macros, from->text + u.name, u.name_len);
	if (!macro)
		return unknown_macro(e, &u);
	if (e->depth == MACRO_DEPTH)
		return fail_at(e, &u.spot, "macros are nested too deeply");
	if (!check_use(e, &u, macro))
		return false;
	/* its arguments count as a level, too */
	e->active[e->depth++] = NULL;
	good = fill_in(e, &u, macro, &text);
	e->active[e->depth - 1] = macro;
	good = good && expand(e, &text, to);
	e->depth--;
	*i = u.to;
	return good;
}

static bool begins_macro(const struct traced *t, size_t i)
{
	char next = char_at(t, i + 1);

	return t->text[i] == '$' && (next == '{' || (macro_is_letter(next) &&
						     !macro_is_digit(next)));
}

static bool expand(struct expander *e, const struct traced *from,
		   struct traced *to)
{
	size_t i = 0, end;

	while (i < from->n) {
		if (begins_macro(from, i)) {
			if (!replace(e, from, &i, to))
				return false;
			continue;
		}
		end = i + 1;
		if (from->text[i] == '"' || from->text[i] == '\'')
			end = skip_quotes(from, i);
		for (; i < end; i++)
			if (!put(e, to, from->text[i], &from->spots[i]))
				return false;
	}
	return true;
}

/* ---- the source --------------------------------------------------------- */

static bool put_typed(struct expander *e, struct traced *to)
{
	const struct where_source *s = e->source;
	struct where_spot spot = {.n = 1};

	for (; spot.at < s->len; spot.at++)
		if (!put(e, to, s->text[spot.at], &spot))
			return false;
	return true;
}

/* The source gets the text that was made. */
static bool take_text(struct where_source *s, const struct traced *made)
{
	char *text = arena_get(s->arena, made->n + 1);
	struct where_spot *spots =
	    arena_get(s->arena, (made->n + 1) * sizeof(*spots));

	if (!text || !spots)
		return err_nomem(s->err, "expression");
	if (made->n) {
		memcpy(text, made->text, made->n);
		memcpy(spots, made->spots, made->n * sizeof(*spots));
	}
	spots[made->n] = (struct where_spot){(uint32_t)s->len, 1, NULL};
	s->typed = s->text;
	s->typed_len = s->len;
	s->text = text;
	s->len = made->n;
	s->spots = spots;
	return true;
}

bool where_expand(struct where_source *s, const struct where_macros *macros)
{
	struct expander e = {.source = s, .macros = macros};
	struct traced typed = {0}, made = {0};
	bool good;

	/* the parser reports what is not text, or too long */
	if (s->len > WHERE_LENGTH || memchr(s->text, 0, s->len) ||
	    !memchr(s->text, '$', s->len))
		return true;
	good = put_typed(&e, &typed) && expand(&e, &typed, &made) &&
	       take_text(s, &made);
	arena_fini(&e.arena);
	return good;
}

const char *macro_origin(const struct where_source *s, size_t *at, size_t *n)
{
	const struct where_spot *first = &s->spots[*at], *last = first;

	if (*n > 1 && *at + *n <= s->len)
		last = first + *n - 1;
	*at = first->at;
	*n = first->n;
	if (!first->macro && !last->macro && last->at >= first->at)
		*n = last->at + last->n - first->at;
	return first->macro ? first->macro->name : NULL;
}
