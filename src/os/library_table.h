/*
 * Defines LIBRARY_get() of os/LIBRARY.h: the table of the functions that
 * os/LIBRARY.def names, loaded from LIBRARY_FILE when it is first asked for;
 * without that, of the linked ones. Included by each os/lib*.c.
 */
#ifndef OS_LIBRARY_TABLE_H
#define OS_LIBRARY_TABLE_H

#include <pthread.h>
#include <stdbool.h>

#include "base/array.h"
#include "os/library.h"

#define TABLE_JOIN(a, b) a##b
#define TABLE_NAME(a, b) TABLE_JOIN(a, b)

#ifdef LIBRARY_FILE

static struct LIBRARY loaded;
static bool whole; /* all functions are in loaded */

static void load(void)
{
	static const struct library_function functions[] = {
#define FUNCTION(name) {#name, offsetof(struct LIBRARY, name)},
#include LIBRARY_FUNCTIONS
	};

	whole = library_load(LIBRARY_FILE, functions, ARRAY_LEN(functions),
			     &loaded);
}

const struct LIBRARY *TABLE_NAME(LIBRARY, _get)(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return whole ? &loaded : NULL;
}

#else

const struct LIBRARY *TABLE_NAME(LIBRARY, _get)(void)
{
	static const struct LIBRARY linked = {
#define FUNCTION(name) .name = name,
#include LIBRARY_FUNCTIONS
	};

	return &linked;
}

#endif

#endif
