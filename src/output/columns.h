/* What --fields asks for: fields, and expressions that are computed for each
   packet. */
#ifndef OUTPUT_COLUMNS_H
#define OUTPUT_COLUMNS_H

#include "output/presenter.h"
#include "where/column.h"

/*
 * Take the list apart and want in the run's plan what it needs. false: *err
 * says what is wrong (ERR_USAGE), and columns_close() frees what there is.
 */
bool columns_open(struct print_run *run, const char *list, struct err *err);
void columns_close(struct print_run *run);

/* An expression's values in one packet. */
struct made {
	const struct field *field;
	const struct value *values;
	unsigned n;
	bool condition;
	struct where_cell *cell;
};

/* Those of one thread, in the order of the run's columns. */
struct made_list {
	struct made *item;
	size_t n;
};

/* false: no memory. Either way call made_close(). */
bool made_open(struct made_list *list, const struct print_run *run);
void made_close(struct made_list *list);

/* Compute all for the packet that d was last given; out is marked as failed
   if there was no memory. Is there a value other than a false condition? */
bool made_fill(struct made_list *list, const struct dissect *d,
	       struct str *out);

#endif
