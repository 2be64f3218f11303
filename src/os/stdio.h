/* The standard streams. */
#ifndef OS_STDIO_H
#define OS_STDIO_H

/* Open those of descriptors 0 to 2 that are closed on /dev/null, so that no
   file is opened as one of them. Reading and writing them still fails. */
void stdio_reserve(void);

#endif
