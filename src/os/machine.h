/* Facts about this machine and this program. */
#ifndef OS_MACHINE_H
#define OS_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of memory in the machine; 0: unknown. */
uint64_t machine_memory(void);

/* Of that, what can be used without swapping, where the system says so. */
uint64_t machine_memory_available(void);

/* The file that this program runs from; "pcaptool" if the system cannot say.
   Returns buf. */
const char *machine_program(char *buf, size_t size);

#endif
