/*
 * Looking ahead of the threads: what decoders will ask a context (flow_table.h)
 * about usual packets, without decoding them.
 */
#ifndef DECODE_FLOW_PRESCAN_H
#define DECODE_FLOW_PRESCAN_H

#include "decode/flow/flow_table.h"
#include "pkt/pkt.h"

struct prescan {
	struct flow_context *context;
	bool usual;	  /* headers are decoded by the usual rules */
	bool guess_nests; /* unknown datagrams may turn out to be tunnels */
	bool leaf;	  /* after TCP nothing asks */
};

/* The context stays the caller's and records; ahead is the plan of the dissect
   that goes ahead, which prescan_packet() saves work. Both are ready. */
void prescan_init(struct prescan *prescan, struct flow_context *context,
		  const struct plan *ahead);

/*
 * Ask what decoders will ask about this packet, if that can be told by its
 * first headers. false: it cannot, nothing was asked, and the packet has to be
 * decoded ahead.
 */
bool prescan_packet(struct prescan *prescan, const struct pkt *pkt,
		    const struct iface *iface);

#endif
