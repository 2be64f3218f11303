/* Owns the sequences that draw a screen in place. */
#include "output/screen.h"

#include <string.h>

void screen_begin(struct str *out)
{
	str_puts(out, "\033[?1049h\033[?25l\033[2J");
}

void screen_end(struct str *out)
{
	str_puts(out, "\033[?25h\033[?1049l");
}

/* Bytes of the line that take at most this many columns; a character is one
   column. */
static size_t fitting(const char *line, size_t n, unsigned columns)
{
	size_t at = 0;

	while (at < n) {
		if (((unsigned char)line[at] & 0xc0) != 0x80 && columns-- == 0)
			break;
		at++;
	}
	return at;
}

void screen_draw(struct str *out, const char *text, unsigned rows,
		 unsigned columns)
{
	unsigned row;
	size_t n;

	str_puts(out, "\033[H");
	for (row = 0; row < rows && *text; row++) {
		n = strcspn(text, "\n");
		str_put(out, text, fitting(text, n, columns));
		/* what is left of the line before; never scroll */
		str_puts(out, row + 1 < rows ? "\033[K\r\n" : "\033[K");
		text += n + (text[n] == '\n');
	}
	str_puts(out, "\033[J");
}
