/* What tells the packets of one flow from those of others. */
#ifndef PKT_FLOWKEY_H
#define PKT_FLOWKEY_H

#include "base/hash.h"
#include "pkt/headers.h"
#include "pkt/pkt.h"

/*
 * Both ways of a flow have the same key: the end with the lower address, then
 * port, comes first. Comparable as bytes.
 */
struct flowkey {
	uint8_t version; /* of IP: 4 or 6 */
	uint8_t proto;	 /* IP protocol */
	uint8_t part;	 /* 1: of one datagram's fragments, ports is its id */
	uint8_t zero;
	uint16_t ports[2];    /* ICMP: the identifier, in both */
	uint8_t addrs[2][16]; /* IPv4: the first 4 bytes */
};

enum flow_kind {
	FLOW_NONE,    /* not IP, or cut before the addresses' end */
	FLOW_KNOWN,   /* *key is the flow's */
	FLOW_FRAGMENT /* a later fragment: *part is its datagram's */
};

/*
 * The flow of a packet. An ICMP error belongs to the flow of the packet that
 * it quotes, an ICMP query and its answer are one flow. For a first fragment
 * *part is set too, and *has_part.
 */
enum flow_kind flowkey_of(uint32_t linktype, const struct pkt *p,
			  struct flowkey *key, struct flowkey *part,
			  bool *has_part);

struct hash flowkey_hash(const struct flowkey *key,
			 const struct hash_seed *seed);

#endif
