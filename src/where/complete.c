/*
 * Completion of expressions. The words before the last one are walked through,
 * as far as is needed to know what can follow: an operand, an operator, or a
 * value of the field that is compared. That is less than the parser knows, and
 * enough to offer nothing wrong.
 */
#include "where/complete.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "where/functions.h"
#include "where/names.h"
#include "where/operators.h"

/* Of more names only their beginnings are offered. */
enum { NAMES_MAX = 100 };

enum place {
	PLACE_START,   /* a condition begins */
	PLACE_OPERAND, /* of arithmetic or a function */
	PLACE_AFTER,   /* after what can be compared */
	PLACE_VALUE,   /* after a comparison */
	PLACE_SET,     /* after in */
	PLACE_DONE,    /* after a condition */
	PLACE_OTHER    /* what follows is unknown */
};

struct walk {
	const struct where_names *names;
	enum place place;
	const struct where_name *field; /* the last one; NULL: none */
	bool set;			/* inside the braces of one */
};

/* ---- words -------------------------------------------------------------- */

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
	       (c && strchr("_.:#", c));
}

/* The length of what begins at text: a word, a string, blanks, or a sign.
 *open: it is a string without an end. */
static size_t piece(const char *text, bool *open)
{
	size_t n = 1, sign;

	*open = false;
	if (*text == '"') {
		for (; text[n] && text[n] != '"'; n++)
			n += text[n] == '\\' && text[n + 1];
		*open = !text[n];
		return n + !*open;
	}
	if (isspace((unsigned char)*text))
		return strspn(text, " \t\n\v\f\r");
	if (!in_word(*text)) {
		operator_sign(text, strlen(text), &sign);
		return sign ? sign : 1;
	}
	for (n = 0;
	     in_word(text[n]) || (n && text[n] && strchr("-/", text[n]) &&
				  isalnum((unsigned char)text[n + 1]));)
		n++;
	return n;
}

size_t where_last_word(const char *text)
{
	size_t at = 0, start = 0;
	bool open;

	while (text[at]) {
		size_t n = piece(text + at, &open);
		bool word = in_word(text[at]) || open;

		start = word ? at : at + n;
		at += n;
	}
	/* ".tcp" is a field, too */
	return start + (text[start] == '.');
}

/* ---- places ------------------------------------------------------------- */

static void pass_operator(struct walk *w, const struct where_operator *op)
{
	switch (op->class) {
	case CLASS_LOGIC:
	case CLASS_QUANT:
		/* "not in" */
		if (op->op != OP_NOT || w->place != PLACE_AFTER)
			w->place = PLACE_START;
		break;
	case CLASS_COMPARE:
		w->place = PLACE_VALUE;
		break;
	case CLASS_TEST:
		w->place = op->op == OP_IN ? PLACE_SET : PLACE_OTHER;
		break;
	default:
		w->place = PLACE_OPERAND;
	}
}

static void pass_operand(struct walk *w, const char *word, size_t n)
{
	const char *layer = memchr(word, '#', n);

	if (w->place != PLACE_START && w->place != PLACE_OPERAND) {
		w->place = w->set ? PLACE_OTHER : PLACE_DONE;
		return;
	}
	w->field = field_names_find(w->names, word,
				    layer ? (size_t)(layer - word) : n);
	w->place = PLACE_AFTER;
}

static void pass_sign(struct walk *w, char sign)
{
	switch (sign) {
	case '(':
		w->place =
		    w->place == PLACE_AFTER ? PLACE_OPERAND : PLACE_START;
		break;
	case '{':
		w->set = w->place == PLACE_SET;
		w->place = w->set ? PLACE_VALUE : PLACE_OPERAND;
		break;
	case ',':
		w->place = w->set ? PLACE_VALUE : PLACE_OPERAND;
		break;
	case '}':
		w->place = w->set ? PLACE_DONE : PLACE_AFTER;
		w->set = false;
		break;
	case '[':
		w->place = PLACE_OTHER;
		break;
	case ')':
	case ']':
		w->place = PLACE_AFTER;
		break;
	default:
		break;
	}
}

/* Over the n bytes of text, which are whole words. */
static void walk_through(struct walk *w, const char *text, size_t n)
{
	const struct where_operator *op;
	size_t at = 0, len, sign;
	bool open;

	for (; at < n; at += len) {
		const char *p = text + at;

		len = piece(p, &open);
		if (isspace((unsigned char)*p) || *p == '@' ||
		    (*p == '.' && len == 1))
			continue;
		op = in_word(*p) ? operator_word(p, len)
				 : operator_sign(p, strlen(p), &sign);
		if (op)
			pass_operator(w, op);
		else if (in_word(*p) || *p == '"')
			pass_operand(w, p, len);
		else
			pass_sign(w, *p);
	}
}

static bool walk_init(struct walk *w, const char *text, size_t n)
{
	*w = (struct walk){.names = field_names(NULL)};
	if (w->names)
		walk_through(w, text, n);
	return w->names;
}

/* ---- candidates --------------------------------------------------------- */

static void offer(struct str *out, const char *begun, const char *word,
		  const char *more)
{
	if (word && !strncmp(word, begun, strlen(begun)))
		str_printf(out, "%s%s\n", word, more);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted names that begin so: all, or up to the dot after that. */
static void put_names(struct str *out, const char *const *list, size_t n,
		      size_t begun)
{
	const char *last = "";
	size_t last_len = 0, i;

	for (i = 0; i < n; i++) {
		const char *dot =
		    n > NAMES_MAX ? strchr(list[i] + begun, '.') : NULL;
		size_t len =
		    dot ? (size_t)(dot + 1 - list[i]) : strlen(list[i]);

		if (len == last_len && !strncmp(list[i], last, len))
			continue;
		str_put(out, list[i], len);
		str_putc(out, '\n');
		last = list[i];
		last_len = len;
	}
}

static void offer_names(const struct walk *w, struct str *out,
			const char *begun)
{
	size_t count = field_names_count(w->names), n = 0, i;
	const char **list = calloc(count, sizeof(*list));

	for (i = 0; list && i < count; i++) {
		const char *name = field_names_at(w->names, i)->name;

		if (!strncmp(name, begun, strlen(begun)))
			list[n++] = name;
	}
	if (n) {
		qsort(list, n, sizeof(*list), by_text);
		put_names(out, list, n, strlen(begun));
	}
	free(list);
	for (i = 0; i < where_function_count; i++)
		offer(out, begun, where_functions[i].name, "(");
}

/* Does the operator make sense after the field? */
static bool follows(const struct walk *w, const struct where_operator *op)
{
	unsigned type = w->field ? w->field->type : WT_OPEN;

	if (op->class == CLASS_LOGIC)
		return op->op != OP_NOT;
	if (w->place != PLACE_AFTER || type == WT_NONE)
		return false;
	if (op->op == OP_CONTAINS || op->op == OP_MATCHES)
		return !w->field || type_in(type, WT_STRETCH);
	return op->class == CLASS_COMPARE || op->class == CLASS_TEST;
}

/* Signs, and words where there is none or one is begun. */
static void offer_operators(const struct walk *w, struct str *out,
			    const char *begun)
{
	size_t i;

	for (i = 0; i < where_operator_count; i++) {
		const struct where_operator *op = &where_operators[i];

		if (!follows(w, op))
			continue;
		if (op->class == CLASS_COMPARE && !*begun) {
			offer(out, begun, op->text, "");
			continue;
		}
		offer(out, begun, op->word, "");
		if (*begun)
			offer(out, begun, op->other, "");
	}
}

/* Does it mean the same in an expression without quotes? */
static bool is_plain(const struct walk *w, const char *text)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) || text[n] == '_')
		n++;
	return !text[n] && isalpha((unsigned char)*text) &&
	       !operator_word(text, n) && !field_names_find(w->names, text, n);
}

static bool is_earlier(const struct names *list, const struct names *row)
{
	for (; list < row; list++)
		if (!strcmp(list->name, row->name))
			return true;
	return false;
}

static void offer_quoted(struct str *out, const char *begun, const char *text)
{
	struct str word = STR_INIT;

	str_putc(&word, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			str_putc(&word, '\\');
		str_putc(&word, *text);
	}
	str_putc(&word, '"');
	offer(out, begun, str_text(&word), "");
	str_fini(&word);
}

static void offer_values(const struct walk *w, struct str *out,
			 const char *begun)
{
	const struct names *list =
	    w->field && w->field->row ? w->field->row->names : NULL;
	const struct names *row;

	for (row = list; row && row->name; row++) {
		if (is_earlier(list, row))
			continue;
		if (*begun != '"' && is_plain(w, row->name))
			offer(out, begun, row->name, "");
		else
			offer_quoted(out, begun, row->name);
	}
	if (!list && w->field && w->field->type == WT_BOOL) {
		offer(out, begun, "true", "");
		offer(out, begun, "false", "");
	}
}

void where_complete(const char *text, struct str *out)
{
	size_t start = where_last_word(text);
	const char *begun = text + start;
	struct walk w;

	if (!walk_init(&w, text, start))
		return;
	switch (w.place) {
	case PLACE_START:
		offer(out, begun, "not", "");
		offer(out, begun, "any", "");
		offer(out, begun, "all", "");
		offer_names(&w, out, begun);
		break;
	case PLACE_OPERAND:
		offer_names(&w, out, begun);
		break;
	case PLACE_AFTER:
	case PLACE_DONE:
		offer_operators(&w, out, begun);
		break;
	case PLACE_VALUE:
		offer_values(&w, out, begun);
		if (isalpha((unsigned char)*begun) && !w.set)
			offer_names(&w, out, begun);
		break;
	default:
		break;
	}
}

void where_hint(const char *text, struct str *out)
{
	size_t start = where_last_word(text);
	const struct where_name *name = NULL;
	struct walk w;

	if (!walk_init(&w, text, start))
		return;
	if (w.place == PLACE_START || w.place == PLACE_OPERAND)
		name = field_names_find(w.names, text + start,
					strlen(text + start));
	else if (w.place != PLACE_DONE)
		name = w.field;
	if (name && name->row)
		str_printf(out, "%s: %s", name->name, name->row->title);
}
