/* Pages that will be written soon, taken from the system in one call. */
#ifndef OS_PREFAULT_H
#define OS_PREFAULT_H

#include <stddef.h>

/* All of the n bytes at p, which are the caller's and stay as they are, will be
   written. Where the system has no such call nothing happens. */
void prefault(void *p, size_t n);

#endif
