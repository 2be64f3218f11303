/* Much memory at once, which goes back to the system as a whole. */
#ifndef OS_PAGES_H
#define OS_PAGES_H

#include <stddef.h>
#include <stdint.h>

/* n bytes of zeros, at the beginning of a page, with no page left to be faulted
   in where the system can do that. NULL: it has not got so much. */
void *pages_take(size_t n);

/* NULL is allowed. */
void pages_give_back(void *p, size_t n);

#endif
