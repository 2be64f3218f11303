/*
 * Looking ahead of the threads: what decoders will ask a context (flow_table.h)
 * about usual packets, without decoding them.
 */
#ifndef DECODE_FLOW_SCAN_H
#define DECODE_FLOW_SCAN_H

#include "decode/flow/flow_table.h"
#include "pkt/pkt.h"

struct scan {
	struct flow_context *context;
	bool usual;	  /* headers are decoded by the usual rules */
	bool guess_nests; /* unknown datagrams may turn out to be tunnels */
	bool leaf;	  /* behind TCP nobody asks */
};

/* The context stays the caller's and records; ahead is the plan of the dissect
   that goes ahead, which scan_packet() saves work. Both are ready. */
void scan_init(struct scan *scan, struct flow_context *context,
	       const struct plan *ahead);

/*
 * Ask what decoders will ask about this packet, if that can be told by its
 * first headers. false: it cannot, nothing was asked, and the packet has to be
 * decoded ahead.
 */
bool scan_packet(struct scan *scan, const struct pkt *pkt,
		 const struct iface *iface);

#endif
