/*
 * Growable text, and the one place where foreign text is made safe.
 *
 * A struct str owns its memory: str_init (or STR_INIT), use, str_fini. When
 * memory runs out the text stops growing and failed stays set; the writer of
 * the text checks it once at the end.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

struct str {
	char *text; /* ends with NUL once anything was put; else NULL */
	size_t len; /* bytes in text, without the NUL */
	size_t cap;
	bool failed; /* an allocation failed: text is not all of it */
};

#define STR_INIT                                                               \
	{                                                                      \
		.text = NULL                                                   \
	}

void str_init(struct str *s);
void str_fini(struct str *s);
void str_clear(struct str *s);

/* The text, "" when there is none. Borrowed until the next change of s. */
const char *str_text(const struct str *s);

/* Room for n more bytes (and a NUL) after len; NULL: no memory. The caller
   writes at most n bytes there and adds what it wrote to len. */
char *str_room_slow(struct str *s, size_t n);
static inline char *str_room(struct str *s, size_t n)
{
	if (s->cap > n && s->cap - n > s->len && !s->failed)
		return s->text + s->len;
	return str_room_slow(s, n);
}

static inline void str_put(struct str *s, const void *bytes, size_t n)
{
	char *to = str_room(s, n);

	if (!to)
		return;
	if (n)
		memcpy(to, bytes, n);
	s->len += n;
	to[n] = '\0';
}

static inline void str_putc(struct str *s, char c)
{
	str_put(s, &c, 1);
}

static inline void str_puts(struct str *s, const char *text)
{
	str_put(s, text, strlen(text));
}

void str_printf(struct str *s, const char *format, ...) PRINTF_LIKE(2, 3);
void str_pad(struct str *s, char c, size_t n);

/*
 * Append foreign text so that it is harmless on a terminal: control characters
 * (C0, DEL, C1), bidirectional controls, line separators and bytes that are
 * no UTF-8 come out as \xNN, a backslash as it is.
 */
void str_foreign(struct str *s, const char *text, size_t n);

/* Append text as a JSON string with its quotes (RFC 8259). Bytes that are no
   UTF-8 come out as the characters U+0080 to U+00FF, escaped. */
void str_json(struct str *s, const char *text, size_t n);
void str_json_text(struct str *s, const char *text);

/* Append text as one word of a POSIX shell, in single quotes. */
void str_shell(struct str *s, const char *text, size_t n);

/*
 * One UTF-8 sequence at text (RFC 3629: no surrogates, no overlong forms):
 * returns its length 1-4 and sets *code, or 0 if there is none within n.
 */
size_t str_utf8(const char *text, size_t n, uint32_t *code);

#endif
