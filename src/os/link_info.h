/* What the system knows of its network interfaces besides what libpcap lists,
   and their counters. On systems other than Linux most of it is unknown. */
#ifndef OS_LINK_INFO_H
#define OS_LINK_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define LINK_NAME 16
#define LINK_TEXT 64

/* One direction's ring of the driver, in descriptors. */
struct link_ring {
	bool known;
	uint32_t size, most;
};

/* Texts are empty, numbers 0, where it is unknown or there is none. */
struct link_info {
	uint32_t mtu;
	uint64_t speed; /* bits per second */
	bool duplex_known, full_duplex;
	char driver[LINK_TEXT], version[LINK_TEXT], bus[LINK_TEXT];
	char kind[LINK_NAME];	     /* of a virtual one: "veth", "vlan", ... */
	char parent[LINK_NAME + 16]; /* what it is on, or leads to: a name, or
					a number in another namespace */
	bool parent_elsewhere;	     /* it is in another one */
	char master[LINK_NAME];	     /* the bridge or bond that it is in */
	struct link_ring rx, tx;
	/* Those that are on, of "rx-checksum" and so on, with blanks between.
	 */
	bool offloads_known;
	char offloads[256];
};

/* Fill in what is known of an interface. */
void link_info(const char *name, struct link_info *info);

/* The network namespace of this process: "net:[4026531840]", and its name
   among those of ip-netns(8), empty if it has none. false: unknown. */
bool link_namespace(char id[LINK_TEXT], char name[LINK_TEXT]);

/* Since the interface was made. */
struct link_counts {
	char name[LINK_NAME];
	uint64_t rx_packets, rx_bytes, rx_dropped, rx_errors;
	uint64_t tx_packets, tx_bytes, tx_dropped, tx_errors;
};

/* (link_counts.c) The counters of all interfaces, in the system's order: an
   array of *n, to be freed. NULL: *err says why. */
struct link_counts *link_counts_all(size_t *n, struct err *err);

#endif
