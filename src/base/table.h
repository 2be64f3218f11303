/*
 * Rows of typed cells: what lists and reports say, before it is known how it
 * will be shown (output/rows.h does that).
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* How people read a column's numbers; in JSON and CSV they are in full. */
enum column_form {
	COLUMN_PLAIN,	/* as they are; texts */
	COLUMN_BYTES,	/* "1.25 MB" */
	COLUMN_BITRATE, /* bits per second: "1.25 Mb/s" */
	COLUMN_RATE,	/* per second */
	COLUMN_PERCENT,
	COLUMN_MEAN,  /* one that has a fraction */
	COLUMN_SPAN,  /* nanoseconds, shown as seconds */
	COLUMN_TIME,  /* nanoseconds since 1970-01-01 00:00 UTC, shown in UTC */
	COLUMN_LOCAL, /* the same, shown in the local time zone */
};

struct column {
	const char *key;   /* in JSON and CSV */
	const char *title; /* in text; NULL: this column is not for people */
	bool right;	   /* aligned to the right */
	enum column_form form;
};

enum cell_kind {
	CELL_NONE,   /* null in JSON, empty in text */
	CELL_TEXT,   /* foreign */
	CELL_NUMBER, /* num */
	CELL_BIG,    /* num as an unsigned number */
	CELL_REAL,   /* real */
	CELL_ANSWER, /* num: 0 or 1 in JSON; the text is for people */
	CELL_LIST,   /* texts with newlines between: an array in JSON */
	CELL_DIGITS, /* a number as its text has it; real: sorts by that */
};

struct cell {
	enum cell_kind kind;
	uint32_t len; /* of the text, */
	size_t at;    /* which is here in the table's texts */
	union {
		int64_t num;
		double real;
	};
};

/* Cells are put from left to right, row by row; a full row ends itself. */
struct table {
	const struct column *columns;
	size_t n_columns, n_cells, room;
	struct cell *cells;
	struct str texts;
	bool failed; /* no memory: rows_begin() says so */
	bool sketch; /* only numbers matter just now: texts may be left empty */
};

void table_init(struct table *t, const struct column *columns,
		size_t n_columns);
void table_fini(struct table *t);
/* No rows any more; the memory stays. */
void table_clear(struct table *t);

/* One cell each. Texts are copied; they may be foreign. */
void table_text(struct table *t, const char *text); /* NULL: as table_none */
void table_bytes(struct table *t, const void *text, size_t n);
void table_number(struct table *t, int64_t number);
/* A number that is shown as this text, in JSON too; text that is none as it is.
 */
void table_digits(struct table *t, const char *text, size_t n);
void table_big(struct table *t, uint64_t number);
void table_real(struct table *t, double number);
/* A boolean in JSON, one of two texts for people. */
void table_answer(struct table *t, bool answer, const char *yes,
		  const char *no);
void table_none(struct table *t);

/* Words separated by spaces, or items separated by newlines: an array of
   strings in JSON. */
void table_words(struct table *t, const char *words);
void table_items(struct table *t, const char *items);

/*
 * Rows that are made when they are asked for: a million of them need no memory.
 * put() adds the cells of row i to the table. Of rows that compare as equal in
 * what they are sorted by, the one with the lower before() comes first (NULL:
 * the one with the lower number).
 */
struct rows {
	const struct column *columns;
	size_t n_columns, n;
	void (*put)(const struct rows *, size_t i, struct table *);
	bool (*before)(const struct rows *, size_t i, size_t j);
};

/* The rows of a table, until it changes. */
struct table_rows {
	struct rows rows;
	const struct table *table;
};
void table_rows(struct table_rows *r, const struct table *t);

/* Is it a time? */
static inline bool column_is_time(const struct column *column)
{
	return column->form == COLUMN_TIME || column->form == COLUMN_LOCAL;
}

/* The number of the column with this key, or else this title in any case; or
   -1. */
int rows_column(const struct rows *r, const char *key);

/*
 * The numbers of the first `top` rows (0: all) in order of a column: numbers
 * descending (or ascending), texts from a to z, empty cells last. -1: in the
 * order in which they are. An array of *n, to be freed; NULL: no memory.
 */
size_t *rows_sort(const struct rows *r, int column, bool ascending, size_t top,
		  size_t *n);

#endif
