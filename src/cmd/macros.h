/* The macros of field expressions: which file they are in. */
#ifndef CMD_MACROS_H
#define CMD_MACROS_H

#include "base/err.h"
#include "where/macro_file.h"

/*
 * Open the file of macros: that of option (--macros; NULL: not given), else the
 * one that a configuration file names, else the user's own if there is one.
 * Without option it is not looked for unless one of the n texts, each
 * may be NULL, has a $. *macros is NULL if there are none. false: *err says
 * why.
 */
bool macros_open(const char *option, const char *const *texts, size_t n,
		 struct where_macros **macros, struct err *err);

#endif
