/* Completion of a field expression that is being typed. */
#ifndef WHERE_COMPLETE_H
#define WHERE_COMPLETE_H

#include "base/str.h"

/* Where the last word of text begins: its length, if that is over. A word in
   double quotes begins with them. */
size_t where_last_word(const char *text);

/*
 * Append what the last word of text can become, a line each: names of fields,
 * protocols and functions, operators, and names of a field's values. Of very
 * many names only what they have up to the next dot.
 */
void where_complete(const char *text, struct str *out);

/* Append what belongs there, in a few words; nothing if that is nothing in
   particular. */
void where_hint(const char *text, struct str *out);

#endif
