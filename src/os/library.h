/* Functions of a library that is loaded when it is first needed. */
#ifndef OS_LIBRARY_H
#define OS_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_function {
	const char *name;
	size_t offset; /* of the pointer to it */
};

/* Load the library of that file name, as the dynamic loader finds it, and put
   pointers to n functions into *table. Returns false if it is not there, or
   lacks one of them. It stays loaded. */
bool library_load(const char *file, const struct library_function *functions,
		  size_t n, void *table);

#endif
