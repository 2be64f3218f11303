/* Loads libraries and finds their functions. */
#include "os/library.h"

#include <dlfcn.h>
#include <string.h>

bool library_load(const char *file, const struct library_function *functions,
		  size_t n, void *table)
{
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return false;
	for (size_t i = 0; i < n; i++) {
		void *address = dlsym(library, functions[i].name);

		if (!address)
			return false;
		/* no cast makes a pointer to a function from one to an object
		 */
		memcpy((char *)table + functions[i].offset, &address,
		       sizeof(address));
	}
	return true;
}
