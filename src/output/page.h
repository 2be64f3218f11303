/*
 * HTML pages that are whole by themselves: nothing is loaded from elsewhere,
 * and a content security policy sees to that. Tables between the beginning and
 * the end can be sorted and searched; without scripts they are plain tables.
 */
#ifndef OUTPUT_PAGE_H
#define OUTPUT_PAGE_H

#include "base/str.h"
#include "base/table.h"

void page_begin(struct str *out, const char *title);

/* command: what shows the packets of a row, but for its expression. */
void page_end(struct str *out, const char *command);

#endif
