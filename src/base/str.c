/* Growable text and the escaping of foreign text. */
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void str_init(struct str *s)
{
	*s = (struct str)STR_INIT;
}

void str_fini(struct str *s)
{
	free(s->text);
	str_init(s);
}

void str_clear(struct str *s)
{
	s->len = 0;
	s->failed = false;
	if (s->text)
		s->text[0] = '\0';
}

const char *str_text(const struct str *s)
{
	return s->text ? s->text : "";
}

char *str_room_slow(struct str *s, size_t n)
{
	size_t cap = s->cap ? s->cap : 64;
	char *text;

	if (s->failed || n > SIZE_MAX / 4 - s->len) {
		s->failed = true;
		return NULL;
	}
	if (s->cap > s->len + n)
		return s->text + s->len;
	while (cap <= s->len + n)
		cap *= 2;
	text = realloc(s->text, cap);
	if (!text) {
		s->failed = true;
		return NULL;
	}
	s->text = text;
	s->cap = cap;
	return s->text + s->len;
}

void str_pad(struct str *s, char c, size_t n)
{
	char *to = str_room(s, n);

	if (!to)
		return;
	memset(to, c, n);
	s->len += n;
	s->text[s->len] = '\0';
}

void str_printf(struct str *s, const char *format, ...)
{
	va_list args, again;
	char *to;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	to = n < 0 ? NULL : str_room(s, (size_t)n);
	if (to) {
		vsnprintf(to, (size_t)n + 1, format, again);
		s->len += (size_t)n;
	}
	va_end(again);
}

size_t str_utf8(const char *text, size_t n, uint32_t *code)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *p = (const uint8_t *)text;
	size_t len, i;
	uint32_t c;

	if (n == 0)
		return 0;
	if (p[0] < 0x80) {
		*code = p[0];
		return 1;
	}
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len > n)
		return 0;
	c = p[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return len;
}

/* Characters that move the cursor, hide text or turn its direction. */
static bool is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c ||
	       c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
	       (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/* How many bytes from here on are printable ASCII: harmless as they are. */
static size_t plain_run(const char *text, size_t n)
{
	const uint64_t each = 0x0101010101010101;
	uint64_t eight;
	size_t i = 0;

	/* eight at once: no highest bit is set, nor by adding 1 (127 only), nor
	   by taking 32 away from what has it set before */
	for (; n - i >= 8; i += 8) {
		memcpy(&eight, text + i, 8);
		if ((eight | (eight + each) |
		     ~((eight | each << 7) - (each << 5))) &
		    each << 7)
			break;
	}
	while (i < n && text[i] >= 0x20 && text[i] < 0x7f)
		i++;
	return i;
}

/* One byte as \xNN. */
static void put_escaped(struct str *s, uint8_t byte)
{
	static const char digits[] = "0123456789abcdef";
	const char text[4] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};

	str_put(s, text, sizeof(text));
}

void str_foreign(struct str *s, const char *text, size_t n)
{
	size_t at = 0, len, i;
	uint32_t code;

	while (at < n) {
		len = plain_run(text + at, n - at);
		if (len) {
			str_put(s, text + at, len);
			at += len;
			continue;
		}
		len = str_utf8(text + at, n - at, &code);
		if (len && !is_harmful(code)) {
			str_put(s, text + at, len);
			at += len;
			continue;
		}
		for (i = 0; i < (len ? len : 1); i++)
			put_escaped(s, (uint8_t)text[at + i]);
		at += len ? len : 1;
	}
}

static void json_char(struct str *s, uint32_t c)
{
	switch (c) {
	case '"':
	case '\\':
		str_putc(s, '\\');
		str_putc(s, (char)c);
		break;
	case '\n':
		str_puts(s, "\\n");
		break;
	case '\t':
		str_puts(s, "\\t");
		break;
	default:
		if (c >= 0x10000)
			str_printf(s, "\\u%04x\\u%04x",
				   0xd7c0 + (unsigned)(c >> 10),
				   0xdc00 + (unsigned)(c & 0x3ff));
		else
			str_printf(s, "\\u%04x", (unsigned)c);
	}
}

void str_json(struct str *s, const char *text, size_t n)
{
	size_t at = 0, len, run;
	uint32_t code;

	str_putc(s, '"');
	while (at < n) {
		run = 0;
		while (at + run < n && text[at + run] >= 0x20 &&
		       text[at + run] < 0x7f && text[at + run] != '"' &&
		       text[at + run] != '\\')
			run++;
		if (run) {
			str_put(s, text + at, run);
			at += run;
			continue;
		}
		len = str_utf8(text + at, n - at, &code);
		if (!len) {
			json_char(s, (uint8_t)text[at]);
			at++;
			continue;
		}
		if (is_harmful(code) || code == '"' || code == '\\')
			json_char(s, code);
		else
			str_put(s, text + at, len);
		at += len;
	}
	str_putc(s, '"');
}

void str_json_text(struct str *s, const char *text)
{
	str_json(s, text, strlen(text));
}

void str_shell(struct str *s, const char *text, size_t n)
{
	size_t i;

	str_putc(s, '\'');
	for (i = 0; i < n; i++) {
		if (text[i] == '\'')
			str_puts(s, "'\\''");
		else
			str_putc(s, text[i]);
	}
	str_putc(s, '\'');
}
