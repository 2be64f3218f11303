/*
 * Macros: texts that have names, for expressions to hold by their names:
 * $name, $name(a,b), ${name;a;b} and ${name:a;b}. They are replaced before the
 * text is parsed.
 */
#ifndef WHERE_MACRO_H
#define WHERE_MACRO_H

#include "where/tree.h"

struct where_macros;

/*
 * Put the macros' texts in the source's, and remember where it was typed.
 * macros may be NULL: there are none. false: the source's err says what cannot
 * be replaced. The source's names have to be known.
 */
bool where_expand(struct where_source *source,
		  const struct where_macros *macros);

/* Where a part of a source's text with macros was typed, in place, and the name
   of the macro whose text it is in; NULL: none. */
const char *macro_origin(const struct where_source *source, size_t *at,
			 size_t *n);

#endif
