/*
 * Names of addresses and ports, and of the vendors of MAC addresses, as this
 * host's resolver and services file know them. A look-up may wait for the
 * network; what was found, and what was not, is remembered, up to a fixed
 * number of names.
 */
#ifndef OS_NAMES_H
#define OS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct names_cache;

struct names_cache *names_open(struct err *err);
void names_close(struct names_cache *names);

/* The name of an IPv4 (n = 4) or IPv6 (n = 16) address, or NULL. Borrowed until
   the next call. What a resolver says is foreign text. */
const char *names_of_address(void *names, const uint8_t *bytes, size_t n);

/* The name of a TCP or UDP port, or NULL. Borrowed until the next call. */
const char *names_of_port(void *names, bool tcp, uint16_t port);

/* The vendor of a MAC address, or "Unknown"; NULL: this host has no registry.
   Foreign text, borrowed until names_close(). */
const char *names_of_vendor(void *names, const uint8_t bytes[6]);

#endif
