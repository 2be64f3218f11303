/* IPv4 and IPv6 addresses: text to bytes and back. */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr {
	uint8_t version;   /* 4 or 6 */
	uint8_t bytes[16]; /* network order; IPv4: the first 4 */
};

/* The longest text, with its NUL, that addr_text() makes. */
#define ADDR_TEXT 46

/* Bits of an address of this version. */
static inline unsigned addr_bits(unsigned version)
{
	return version == 4 ? 32 : 128;
}

/*
 * The whole of text as an address: dotted quad (four decimal numbers, no
 * leading zeros) or RFC 4291 section 2.2. false, and *a as it was, otherwise.
 */
bool addr_parse(const char *text, struct addr *a);

/*
 * The same with an optional "/N" after it; without one *bits is 32 or 128.
 * Bits of the address beyond the prefix are cleared.
 */
bool addr_parse_prefix(const char *text, struct addr *a, unsigned *bits);

/*
 * The text of 4 (version 4) or 16 bytes in the form of RFC 5952; buf holds
 * ADDR_TEXT. Returns its length.
 */
size_t addr_text(unsigned version, const uint8_t *bytes, char *buf);

/* The text of a MAC address of 6 bytes, "02:00:5e:10:00:01"; buf holds
   ADDR_MAC_TEXT. */
#define ADDR_MAC_TEXT 18
void addr_mac_text(const uint8_t *bytes, char *buf);

#endif
