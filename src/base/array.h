/* The length of arrays. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

/* The number of elements of an array (not of a pointer to one). */
#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

#endif
