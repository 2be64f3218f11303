/*
 * Link-layer types and timestamp types: those of one device, and all that the
 * library in use knows.
 */
#ifndef CAPTURE_TYPES_H
#define CAPTURE_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct type {
	int value;		 /* DLT_ or PCAP_TSTAMP_ number */
	bool is_default;	 /* what a device uses when nothing is said */
	const char *name;	 /* NULL: the library has none */
	const char *description; /* the same */
};

struct types {
	struct type *item; /* texts are the library's */
	size_t n;
	bool denied; /* types_of_link: the right to capture is missing */
};

/*
 * The link types of a device (a name of the list): opens and closes it, so it
 * takes some 30 ms and the right to capture. monitor: those that it has in
 * monitor mode. Nothing to free after false; else types_fini().
 */
bool types_of_link(struct types *types, const char *device, bool monitor,
		   struct err *err);

/* The timestamp types of a device; it need not be opened for that. */
bool types_of_tstamp(struct types *types, const char *device, struct err *err);

/* All that the library has a name for. */
bool types_all_link(struct types *types, struct err *err);
bool types_all_tstamp(struct types *types, struct err *err);

void types_fini(struct types *types);

#endif
