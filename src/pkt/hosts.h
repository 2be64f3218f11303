/*
 * A set of IPv4 and IPv6 addresses and prefixes, of any size, and the selector
 * that keeps packets from or to one of them. What a look-up costs does not
 * depend on how many there are.
 */
#ifndef PKT_HOSTS_H
#define PKT_HOSTS_H

#include "base/addr.h"
#include "pkt/selector.h"

struct hosts;

/* An empty set. NULL: no memory. */
struct hosts *hosts_new(struct err *err);
void hosts_free(struct hosts *);

/* Add a prefix (its other bits are 0). false: no memory. */
bool hosts_add(struct hosts *, const struct addr *, unsigned bits,
	       struct err *err);

/*
 * Add what a text file holds: addresses and prefixes ("192.0.2.0/24",
 * "2001:db8::/32"), as many to a line as one likes, with white space or commas
 * between them; # starts a comment. "-" is standard input. false: it cannot
 * be read, or holds something else (ERR_USAGE, with the line).
 */
bool hosts_read(struct hosts *, const char *path, struct err *err);

/* Is this address (4 or 16 bytes, network order) in the set? */
bool hosts_has(const struct hosts *, unsigned addrlen, const uint8_t *bytes);

/*
 * The selector that keeps a packet whose source or destination is in the set:
 * of the outermost IP header, or of ARP (pkt/headers.h). Borrows the set. NULL:
 * no memory.
 */
struct selector *hosts_open(const struct hosts *, struct err *err);

#endif
