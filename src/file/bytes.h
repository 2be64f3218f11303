/* Integers at any address, in either byte order. */
#ifndef FILE_BYTES_H
#define FILE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* 1 on hosts that store the lowest byte first. */
static inline bool host_is_little(void)
{
	const uint16_t one = 1;
	uint8_t first;

	memcpy(&first, &one, 1);
	return first == 1;
}

static inline uint16_t swap16(uint16_t v)
{
	return (uint16_t)(v << 8 | v >> 8);
}

static inline uint32_t swap32(uint32_t v)
{
	return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
}

static inline uint64_t swap64(uint64_t v)
{
	return (uint64_t)swap32((uint32_t)v) << 32 |
	       swap32((uint32_t)(v >> 32));
}

/* Stored in the host's order, or (swapped) in the other one. */
static inline uint16_t get16(const uint8_t *p, bool swapped)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return swapped ? swap16(v) : v;
}

static inline uint32_t get32(const uint8_t *p, bool swapped)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return swapped ? swap32(v) : v;
}

static inline uint64_t get64(const uint8_t *p, bool swapped)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return swapped ? swap64(v) : v;
}

static inline void put16(uint8_t *p, uint16_t v, bool swapped)
{
	if (swapped)
		v = swap16(v);
	memcpy(p, &v, sizeof(v));
}

static inline void put32(uint8_t *p, uint32_t v, bool swapped)
{
	if (swapped)
		v = swap32(v);
	memcpy(p, &v, sizeof(v));
}

static inline void put64(uint8_t *p, uint64_t v, bool swapped)
{
	if (swapped)
		v = swap64(v);
	memcpy(p, &v, sizeof(v));
}

#endif
