/* Owns the escaping of text in markup. */
#include "output/markup.h"

#include <string.h>

static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void markup_text(struct str *out, const char *text, size_t n)
{
	struct str harmless = STR_INIT;
	const char *p, *escape;

	str_foreign(&harmless, text, n);
	for (p = str_text(&harmless); *p; p++) {
		escape = escape_of(*p);
		if (escape)
			str_puts(out, escape);
		else
			str_putc(out, *p);
	}
	out->failed |= harmless.failed;
	str_fini(&harmless);
}
