/*
 * Pages about topics rather than commands: their text where man(1) is not, and
 * the parts of them that the tool itself knows.
 */
#ifndef CMD_PAGES_H
#define CMD_PAGES_H

#include "base/str.h"
#include "decode/field.h"

struct page {
	const char *name; /* "fields": pcaptool-fields(7) */
	const char *text; /* a line @WORD@ stands for that part */
};

extern const struct page pages[]; /* one without a name ends them */

/* The page of that name; NULL: there is none. */
const struct page *page_find(const char *name);

/* Append the page as text. */
void page_text(const struct page *page, struct str *out);

/* Append the part of that name, FIELDS, FORMATS or CODECS, as mdoc or as text.
   false: there is none. */
bool page_part(const char *name, bool mdoc, struct str *out);

/* What a field's type is called. */
const char *page_type(enum field_type type);

#endif
