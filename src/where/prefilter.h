/*
 * What an expression says of a packet's headers, as a packet filter program: it
 * decides about most packets before they are decoded.
 *
 * It knows packets whose headers follow each other as usual (up to two VLAN
 * tags or MPLS labels, IP in IP, IPv4 without options and fragments, IPv6
 * without extension headers), and of these only what nothing later in the
 * packet can change: where something could be in a tunnel, or depends on
 * conversations, the packet is decoded.
 */
#ifndef WHERE_PREFILTER_H
#define WHERE_PREFILTER_H

#include "decode/flow/flow_table.h"
#include "pkt/program.h"
#include "where/tree.h"

/* Verdicts. A load beyond the captured bytes ends with the first. Packets of
   more than HEADER_LONGEST bytes are not to be asked about. */
enum { PREFILTER_DECODE, PREFILTER_REFUSE, PREFILTER_MATCH };

/*
 * The program for packets of a link type, the caller's to free. The plan is
 * that of the expression and ready, the context (NULL: none) what conversations
 * are followed with: packets that it has to see are decoded. false: there is no
 * program that would decide anything.
 */
bool prefilter_make(const struct where_node *root, const struct plan *plan,
		    const struct flow_context *context, uint32_t linktype,
		    struct program *program);

#endif
