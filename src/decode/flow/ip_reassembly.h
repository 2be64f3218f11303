/*
 * Reassembly of IPv4 (RFC 791) and IPv6 (RFC 8200) fragments.
 * Bounded in number and bytes, and by the packets' time; where fragments
 * overlap, the bytes that came first count (so what was looked at cannot be
 * changed by what comes later).
 */
#ifndef DECODE_FLOW_IP_REASSEMBLY_H
#define DECODE_FLOW_IP_REASSEMBLY_H

#include "base/cursor.h"
#include "base/err.h"
#include "base/hash.h"
#include "decode/flow/replay_log.h"

enum {
	IP_REASSEMBLY_MOST = 1024,	       /* unfinished datagrams */
	IP_REASSEMBLY_TOTAL = 8 * 1024 * 1024, /* bytes of all of them */
	IP_REASSEMBLY_DATAGRAM = 65536,	       /* bytes of one */
	IP_REASSEMBLY_SECONDS = 60,	       /* from its first fragment on */
};

struct ip_reassembly;

struct fragment {
	const uint8_t *src, *dst;
	uint8_t n; /* bytes of an address */
	uint8_t proto;
	uint64_t network; /* a hash of what it was in: the interface, VLANs,
			     tunnels */
	uint32_t id;
	uint32_t offset; /* bytes; a multiple of 8 */
	bool more;	 /* it is not the last one */
	struct cur payload;
	int64_t time_ns;
	uint64_t number; /* of the packet */
};

/* A datagram that became whole. */
struct joined {
	bool whole;
	uint8_t proto; /* of the fragment at the start */
	uint32_t len;
	uint32_t n_parts;  /* fragments */
	uint32_t n_frames; /* of them those that do not overlap others, */
	const uint8_t *bytes;
	const uint64_t *frames; /* and the numbers of their packets */
};

/* NULL: no memory. */
struct ip_reassembly *ip_reassembly_open(const struct hash_seed *seed,
					 struct err *err);
void ip_reassembly_close(struct ip_reassembly *f);

/*
 * Add a fragment. What it completes, if anything, is in the log and in *out
 * until the log is rewound; in the same place ip_reassembly_replay() finds it.
 */
void ip_reassembly_add(struct ip_reassembly *f, const struct fragment *in,
		       struct replay_log *log, struct joined *out);
void ip_reassembly_replay(struct replay_log *log, struct joined *out);

/* What hashes of fragments are made with, too. */
const struct hash_seed *ip_reassembly_seed(const struct ip_reassembly *f);

/* How many datagrams were forgotten before they were whole, to stay within
   the limits. */
uint64_t ip_reassembly_forgotten(const struct ip_reassembly *f);

#endif
