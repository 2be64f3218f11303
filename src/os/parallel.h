/* Many small waits at the same time. */
#ifndef OS_PARALLEL_H
#define OS_PARALLEL_H

#include <stddef.h>

/*
 * Call work(arg, i) for each i below n, from as many threads as help (at most
 * 16), and return when all are done. Meant for work that waits rather than
 * computes; without threads it is done one after the other.
 */
void os_parallel(size_t n, void (*work)(void *arg, size_t i), void *arg);

#endif
