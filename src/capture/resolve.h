/*
 * What a name in a filter expression stands for: hosts, networks, ports,
 * protocols and Ethernet hosts, as the library in use looks them up.
 */
#ifndef CAPTURE_RESOLVE_H
#define CAPTURE_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct meaning {
	const char *kind; /* "host", "port", ...: one word of a fixed set */
	char value[64];	  /* what it stands for: an address, a number, ... */
	char note[128];	  /* more about it; "": nothing */
	char *expression; /* how a filter says it */
};

struct meanings {
	struct meaning *item;
	size_t n;
};

/*
 * All that name can mean. This asks the system's name services, so it can take
 * as long as they do. n is 0 if it means nothing. False: no memory, or the
 * library has none of the functions (ERR_USAGE). The caller ends with
 * meanings_fini().
 */
bool resolve_name(struct meanings *meanings, const char *name, struct err *err);
void meanings_fini(struct meanings *meanings);

#endif
