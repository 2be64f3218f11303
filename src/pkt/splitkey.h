/*
 * What packets are split by: the keys of a packet, and their names. Interfaces
 * are kept for it.
 */
#ifndef PKT_SPLITKEY_H
#define PKT_SPLITKEY_H

#include "base/addr.h"
#include "base/str.h"
#include "pkt/flowkey.h"
#include "pkt/hashmap.h"
#include "pkt/split.h"

struct splitkeys {
	enum split_by by;
	const char *(*linktype_name)(uint32_t linktype); /* NULL: none */
	struct hash_seed seed;
	struct iface **ifaces; /* by id; NULL: never told of */
	size_t n_ifaces;
	struct hashmap parts; /* fragmented datagram to its flow */
};

struct splitkey {
	struct hash id; /* of two keys never the same */
	enum {
		SPLITKEY_ALL, /* there is but one */
		SPLITKEY_OTHER,
		SPLITKEY_FLOW,
		SPLITKEY_HOST,
		SPLITKEY_IFACE,
		SPLITKEY_LINKTYPE
	} kind;
	union {
		struct flowkey flow;
		struct addr host;
		const struct iface *iface; /* of IFACE and LINKTYPE */
	} of;
};

/* Keep an interface, before its first packet. false: no memory. */
bool splitkeys_iface(struct splitkeys *k, const struct iface *iface,
		     struct err *err);

/* The keys that a packet has: 1, or (the two hosts) 2. Returns how many. */
size_t splitkeys_of(struct splitkeys *k, const struct pkt *p,
		    struct splitkey key[2]);

/* The text of a key, fit for a file's name. Not of SPLITKEY_ALL. */
void splitkey_text(const struct splitkeys *k, const struct splitkey *key,
		   struct str *out);

void splitkeys_fini(struct splitkeys *k);

#endif
