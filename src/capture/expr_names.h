/*
 * Whether an expression is one whose compiler may have to look up a name.
 */
#ifndef CAPTURE_EXPR_NAMES_H
#define CAPTURE_EXPR_NAMES_H

#include <stdbool.h>

/* Is there a word that is neither known nor a number or an address? */
bool expr_may_name(const char *text);

#endif
