/* The names of the files that a capture rotates through. */
#ifndef FILE_ROTATE_NAME_H
#define FILE_ROTATE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct rotate_name {
	/* %n is the number, %i the interface, the rest is strftime's, in local
	   time; with neither a number nor a time "_%n_%Y%m%d%H%M%S" comes
	   before the suffix. */
	const char *template;
	const char *iface;
	unsigned width; /* of numbers, at least */
};

/* So many digits do the numbers have if n files are kept: as many as n, and at
   least five. */
unsigned rotate_name_width(uint64_t n);

/* Append the name of the file with that number, which begins at that time.
   again: how many before it would have had the same name; the number comes
   before the suffix. false: *err says why. */
bool rotate_name(struct str *out, const struct rotate_name *, uint64_t number,
		 int64_t time_ns, uint64_t again, struct err *err);

/* The names that were given to files so far. */
struct rotate_names {
	struct str base;  /* the last one, as the template has it */
	uint64_t repeats; /* of it */
};

void rotate_names_fini(struct rotate_names *);

/*
 * Set *out to the name of the next file: not one that was given just before,
 * nor (with is_free) that of a file that may not be replaced. force: those that
 * are there may be. false: *err says why.
 */
bool rotate_names_next(struct rotate_names *, struct str *out,
		       const struct rotate_name *, uint64_t number,
		       int64_t time_ns, bool is_free, bool force,
		       struct err *err);

/* The file of the last name is not made after all. */
void rotate_names_undo(struct rotate_names *);

/* Would files that begin period_ns after each other have different names?
   period_ns is 0 where they begin for other reasons: then what the name lacks
   is added. false: they would not, *err says why. */
bool rotate_name_check(const struct rotate_name *, int64_t time_ns,
		       int64_t period_ns, struct err *err);

#endif
