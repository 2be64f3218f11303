/*
 * Rows and columns for the user: aligned text under titles, or a JSON array
 * with one object a line.
 */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct column {
	const char *key;   /* in JSON */
	const char *title; /* in text; NULL: this column is JSON only */
	bool right;	   /* aligned to the right */
};

/* Cells are put from left to right, row by row; a full row ends itself. */
struct table {
	const struct column *columns;
	size_t n_columns, n_cells;
	struct cell *cells;
	bool failed; /* no memory: table_print says so */
};

void table_init(struct table *t, const struct column *columns,
		size_t n_columns);
void table_fini(struct table *t);

/* One cell each. Texts are copied; they may be foreign. */
void table_text(struct table *t, const char *text); /* NULL: as table_none */
void table_number(struct table *t, int64_t number);
/* A boolean in JSON, one of two texts for people. */
void table_answer(struct table *t, bool answer, const char *yes,
		  const char *no);
void table_none(struct table *t); /* null in JSON, empty in text */

/* Words separated by spaces, or items separated by newlines: an array of
   strings in JSON. */
void table_words(struct table *t, const char *words);
void table_items(struct table *t, const char *items);

/* Append the whole table to out. False: no memory for all of it. */
bool table_print(const struct table *t, bool json, struct str *out);

#endif
