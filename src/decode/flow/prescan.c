/*
 * Looking ahead at usual packets: Ethernet, with VLAN tags or without, and
 * IPv4 or IPv6 with TCP, UDP or ICMP. Whatever else may be after these is
 * left to decoders.
 */
#include "decode/flow/prescan.h"

#include "base/be.h"
#include "decode/dissect.h"
#include "decode/engine/plan.h"
#include "decode/flow/rpc_calls.h"
#include "decode/flow/tcp_header.h"
#include "decode/proto_ids.h"

enum {
	ETHERNET = 1,
	LENGTH_MOST = 1536, /* below it is a length */
	IPV4 = 0x0800,
	VLAN = 0x8100,
	IPV6 = 0x86dd
};

void prescan_init(struct prescan *prescan, struct flow_context *context,
		  const struct plan *ahead)
{
	const struct plan *plan = context->wish.plan;
	const uint8_t *guess = plan->guesses[1];

	while (*guess && !plan->tunnels[*guess])
		guess++;
	*prescan = (struct prescan){
	    .context = context,
	    .usual = !context->udp &&
		     plan->table[KEY_LINKTYPE][ETHERNET] == PROTO_eth &&
		     plan->table[KEY_ETHERTYPE][IPV4] == PROTO_ip &&
		     plan->table[KEY_ETHERTYPE][IPV6] == PROTO_ipv6 &&
		     plan->table[KEY_ETHERTYPE][VLAN] == PROTO_vlan,
	    .guess_nests = *guess != PROTO_NONE,
	    .leaf = !ahead->beyond[KEY_TCP_PORT],
	};
}

/* A segment after these addresses, as tcp.c asks about it. */
static void prescan_segment(struct prescan *prescan, const struct pkt *pkt,
			    struct cur c, struct flow_ends *ends)
{
	const uint8_t *p = cur_here(&c);
	uint32_t len = (uint32_t)c.claim;
	struct cur options, payload;
	const struct tcp_facts *facts;
	struct reassembled parts = {0};
	struct tcp_header h;
	struct flow_tcp flow;
	struct segment seg;
	unsigned hdr_len;

	if (cur_left(&c) < 20)
		return;
	tcp_header_read(&h, p);
	hdr_len = (h.raw >> 12) * 4;
	ends->sport = h.sport;
	ends->dport = h.dport;
	if (hdr_len < 20 || hdr_len > len) {
		flow_context_tcp_stream(prescan->context, ends);
		return;
	}
	cur_skip(&c, 20);
	payload = c;
	cur_skip(&payload, hdr_len - 20);
	flow_context_tcp(prescan->context, ends, h.seq, h.ack, h.raw & 0xfff,
			 &payload, &flow);
	len -= hdr_len;
	if (!flow_context_wants_segment(prescan->context, &flow, len, h.raw))
		return;
	options = cur_part(&c, hdr_len - 20);
	tcp_segment(&seg, &h, len, &options, &c, pkt);
	flow_context_segment(prescan->context, &seg, &facts, &parts);
}

/* Does udp.c ask about RPC? c is after the ports. */
static bool may_be_rpc(const struct prescan *prescan, struct cur c)
{
	cur_skip(&c, 4);
	return prescan->context->use_rpc && rpc_is_message(&c);
}

/* A datagram's payload. */
static bool prescan_payload(struct prescan *prescan, const struct pkt *pkt,
			    struct cur *c, unsigned proto,
			    struct flow_ends *ends)
{
	const struct plan *plan = prescan->context->wish.plan;
	unsigned id = plan->table[KEY_IPPROTO][proto];
	uint16_t src, dst;

	if (id == PROTO_tcp && prescan->context->tcp) {
		if (prescan->leaf)
			prescan_segment(prescan, pkt, *c, ends);
		return prescan->leaf;
	}
	/* of a datagram that is quoted, its conversation at most */
	if (id == PROTO_tcp || id == PROTO_icmp || id == PROTO_icmpv6)
		return !prescan->context->tcp;
	if (id != PROTO_udp)
		return !plan->tunnels[id];
	src = cur_be16(c);
	dst = cur_be16(c);
	id = plan_by_ports(plan, KEY_UDP_PORT, src, dst);
	if (may_be_rpc(prescan, *c))
		return false;
	return id ? !plan->tunnels[id] : !prescan->guess_nests;
}

static bool scan_ipv4(struct prescan *prescan, const struct pkt *pkt,
		      struct cur *c)
{
	const uint8_t *p = cur_here(c);
	struct flow_ends ends = {.src = p + 12, .dst = p + 16, .n = 4};
	unsigned len, frag;

	if (cur_left(c) < 20 || p[0] != 0x45)
		return false;
	len = be16(p + 2);
	frag = be16(p + 6);
	if ((frag & 0x3fff && prescan->context->join) || len < 20)
		return false;
	if (frag & 0x1fff) /* some later part of a payload */
		return true;
	cur_skip(c, 20);
	*c = cur_unit(c, len - 20);
	return prescan_payload(prescan, pkt, c, p[9], &ends);
}

static bool scan_ipv6(struct prescan *prescan, const struct pkt *pkt,
		      struct cur *c)
{
	const uint8_t *p = cur_here(c);
	struct flow_ends ends = {.src = p + 8, .dst = p + 24, .n = 16};
	unsigned len;

	if (cur_left(c) < 40 || p[0] >> 4 != 6)
		return false;
	len = be16(p + 4);
	if (!len)
		return false;
	cur_skip(c, 40);
	*c = cur_unit(c, len);
	return prescan_payload(prescan, pkt, c, p[6], &ends);
}

bool prescan_packet(struct prescan *prescan, const struct pkt *pkt,
		    const struct iface *iface)
{
	const struct plan *plan = prescan->context->wish.plan;
	struct cur c = cur_over(pkt->data, pkt->caplen, pkt->wirelen);
	unsigned type;

	if (!prescan->usual || !iface || iface->linktype != ETHERNET)
		return false;
	cur_skip(&c, 12);
	type = cur_be16(&c);
	while (type == VLAN && c.state == CUR_OK) {
		cur_skip(&c, 2);
		type = cur_be16(&c);
	}
	if (c.state != CUR_OK)
		return false;
	if (type == IPV4)
		return scan_ipv4(prescan, pkt, &c);
	if (type == IPV6)
		return scan_ipv6(prescan, pkt, &c);
	return type >= LENGTH_MOST &&
	       !plan->tunnels[plan->table[KEY_ETHERTYPE][type]];
}
