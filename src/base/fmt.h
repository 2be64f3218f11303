/*
 * Numbers and addresses as text, for the hot path: each function writes at
 * `at`, where the caller has the room that is stated, and returns the end of
 * what it wrote (no NUL).
 */
#ifndef BASE_FMT_H
#define BASE_FMT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/be.h"

char *fmt_dec(char *at, uint64_t n);			/* 20 */
char *fmt_nano(char *at, uint32_t n);			/* 9; below 10^9 */
char *fmt_micro(char *at, uint32_t n);			/* 6; below 10^6 */
char *fmt_sdec(char *at, int64_t n);			/* 20 */
char *fmt_zeros(char *at, uint32_t n, unsigned digits); /* digits, 1-9 */
char *fmt_hex(char *at, uint64_t n, unsigned digits);	/* digits, 1-16 */
char *fmt_hex_short(char *at, uint64_t n);	   /* 16; no leading zeros */
char *fmt_ip6(char *at, const uint8_t bytes[16]);  /* 46; RFC 5952 */
char *fmt_ether(char *at, const uint8_t bytes[6]); /* 17; xx:xx:.. */

/* "00" to "99", two bytes each; "00" to "ff". */
extern const char fmt_pairs[200];
extern const char fmt_hex_pairs[512];

/* The numbers 0 to 255 with a dot after them, and how long that is. */
struct fmt_byte {
	char text[4]; /* without NUL */
	uint32_t len;
};
extern const struct fmt_byte fmt_bytes[256];

static inline char *fmt_byte_dot(char *at, unsigned n)
{
	memcpy(at, fmt_bytes[n].text, 4);
	return at + fmt_bytes[n].len;
}

/* 16; most significant first */
static inline char *fmt_ip4(char *at, uint32_t address)
{
	at = fmt_byte_dot(at, address >> 24);
	at = fmt_byte_dot(at, address >> 16 & 255);
	at = fmt_byte_dot(at, address >> 8 & 255);
	return fmt_byte_dot(at, address & 255) - 1;
}

/* A constant. */
static inline char *fmt_text(char *at, const char *text)
{
	size_t n = strlen(text);

	memcpy(at, text, n);
	return at + n;
}

/* 16; four bytes in network order */
static inline char *fmt_ip4_bytes(char *at, const uint8_t bytes[4])
{
	return fmt_ip4(at, be32(bytes));
}

static inline char *fmt_byte_hex(char *at, uint8_t byte)
{
	memcpy(at, fmt_hex_pairs + byte * 2, 2);
	return at + 2;
}

static inline char *fmt_pair(char *at, unsigned n)
{
	memcpy(at, fmt_pairs + n * 2, 2);
	return at + 2;
}

#endif
