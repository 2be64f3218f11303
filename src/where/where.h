/*
 * Field expressions: conditions on what decoded packets say, in the language of
 * Wireshark's display filters. A text is parsed to a tree (parser.h), types are
 * checked (check.h), and a flat program is made (program.h) that runs over the
 * values of a dissect, which decodes only what the expression asks about.
 */
#ifndef WHERE_WHERE_H
#define WHERE_WHERE_H

#include "base/err.h"
#include "base/str.h"
#include "pkt/selector.h"

struct where;
struct where_macros;

struct where_options {
	/* Rules of plan_force(): what is decoded as something else. */
	const char *const *force;
	size_t n_force;
	bool apart; /* messages and datagrams are not reassembled */
	const struct where_macros *macros; /* where/macro.h; NULL: none */
	bool decode_all; /* decode every packet, whatever its headers say */
};

/* An expression of len bytes, checked and ready to run; it may be empty, and
   then matches everything. NULL: *err says what is wrong, with a mark under it.
   Nothing of the arguments is needed later. */
struct where *where_open(const char *text, size_t len,
			 const struct where_options *options, struct err *err);
void where_close(struct where *w);

/* What is likely to be misunderstood: lines of text, "" if nothing is. */
const char *where_notes(const struct where *w);

/* Is the text a field expression? Nothing is said about it. */
bool where_is(const char *text, size_t len);

/* Is this word of n bytes the name of a field, a protocol, a function or an
   operator? */
bool where_has_word(const char *word, size_t n);

/*
 * A selector that keeps packets that match; the expression stays the caller's.
 * It has to be asked about every packet that conversations are followed by, in
 * order. NULL: *err says why.
 */
struct selector *where_selector(const struct where *w, struct err *err);

/* Append the table of operators or functions, a row a line with tabs between
   its columns: for the pages of help. */
void where_list_operators(struct str *out);
void where_list_functions(struct str *out);

#endif
