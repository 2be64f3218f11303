/*
 * Rows for the user: aligned text under titles, a JSON array with one object a
 * line, or CSV (RFC 4180).
 */
#ifndef OUTPUT_ROWS_H
#define OUTPUT_ROWS_H

#include "base/table.h"

enum rows_form { ROWS_TEXT, ROWS_JSON, ROWS_CSV };

/* Rows on their way out, a part at a time. */
struct rows_out {
	const struct rows *rows;
	const size_t *order; /* their numbers; NULL: as they are */
	size_t n, next;
	enum rows_form form;
	const char *indent; /* before each line of JSON but the first */
	bool compact;	    /* JSON without line ends */
	bool bare;	    /* JSON without the array around the rows */
	unsigned columns;   /* of text at most; 0: as many as it takes */
	bool ascii;	    /* where text is cut to fit: no ellipsis */
	size_t *widths;
	char zone[48]; /* of the times that are shown */
	struct table row;
};

/* Begin with n rows in this order (all borrowed). The form and indent are
   set by the caller. false: no memory. Either way call rows_end(). */
bool rows_begin(struct rows_out *o, const struct rows *rows,
		const size_t *order, size_t n);

/* Append the next rows, some 64 KiB of them, and what goes before and after.
   true: there is more. */
bool rows_some(struct rows_out *o, struct str *out);
void rows_end(struct rows_out *o);

/* Append a whole table to out. false: no memory for all of it. */
bool table_print(const struct table *t, bool json, struct str *out);

/* The time zone that a time is shown in, such as UTC or CET. */
void cell_zone(const struct column *column, const struct cell *cell, char *zone,
	       size_t size);

/* A cell's number in full, as in JSON and CSV. */
void cell_machine(struct str *out, const struct column *column,
		  const struct cell *cell);

/* One cell of the column as people read it. */
void cell_text(struct str *out, const struct column *column,
	       const struct cell *cell, const char *texts);

#endif
