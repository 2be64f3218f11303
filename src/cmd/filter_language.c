/* Tells capture filters from field expressions. */
#include "cmd/filter_language.h"

#include <ctype.h>
#include <string.h>

#include "cmd/expr_words.h"
#include "cmd/where_text.h"
#include "where/where.h"

/* Bytes that belong to a word of either language. */
static size_t word_length(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || (p[n] && strchr("._-", p[n])))
		n++;
	return n;
}

static bool begins_filter(const char *word, size_t n)
{
	size_t i;

	for (i = 0; i < expr_word_count; i++)
		if (strlen(expr_word_rows[i].word) == n &&
		    !strncmp(expr_word_rows[i].word, word, n))
			return true;
	return false;
}

/* A protocol's name and more? */
static bool is_field_like(const char *word, size_t n)
{
	const char *dot = memchr(word, '.', n);

	return dot && where_has_word(word, (size_t)(dot - word));
}

enum filter_like filter_language_like(const char *text, size_t len)
{
	const char *p = text;

	while (p < text + len) {
		size_t n = word_length(p);
		bool filter = n && begins_filter(p, n);
		bool where = n && where_has_word(p, n);

		/* capture filters have no strings, and no macros */
		if (*p == '"' || *p == '$' || (where && !filter) ||
		    (n && !filter && is_field_like(p, n)))
			return LIKE_FIELD_EXPRESSION;
		if (filter && !where)
			return LIKE_CAPTURE_FILTER;
		p += n ? n : 1;
	}
	return LIKE_NEITHER;
}

struct filter_language filter_language_of(const char *words, const char *raw)
{
	bool as_raw = where_text_is_right(raw);
	bool right = as_raw || where_text_is_right(words);
	bool where = right || filter_language_like(raw, strlen(raw)) ==
				  LIKE_FIELD_EXPRESSION;
	/* names of hosts may be looked up for this, so only if need be */
	bool filter = where && where_text_is_filter(words);

	return (struct filter_language){
	    .where = where && !filter,
	    .both = right && filter,
	    .text = !filter && (as_raw || (where && !right)) ? raw : words,
	};
}

struct filter_language filter_language_where(const char *words, const char *raw)
{
	bool right = !where_text_is_right(raw) && where_text_is_right(words);

	return (struct filter_language){.where = true,
					.text = right ? words : raw};
}
