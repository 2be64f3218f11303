/* Facts about this machine and this program. */
#ifndef OS_MACHINE_H
#define OS_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of memory in the machine; 0: unknown. */
uint64_t machine_memory(void);

/* "Linux 6.1.0 x86_64", for savefiles. Returns buf. */
const char *machine_os(char *buf, size_t size);

/* The hardware, for savefiles: "x86_64". Returns buf. */
const char *machine_hardware(char *buf, size_t size);

/* The file that this program runs from; "pcaptool" if the system cannot say.
   Returns buf. */
const char *machine_program(char *buf, size_t size);

#endif
