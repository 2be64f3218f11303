/*
 * UDP (RFC 768), and UDP-Lite (RFC 3828), whose length says how much of the
 * packet the checksum covers.
 *
 *	+----------------+----------------+
 *	| source port    | destination    |
 *	+----------------+----------------+
 *	| length         | checksum       |
 *	+----------------+----------------+
 */
#define DECODE_HOT
#include "base/be.h"
#include "decode/flow/flow_table.h"
#include "decode/flow/rpc_calls.h"
#include "decode/lib/checksum.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	UDP_SRCPORT,
	UDP_DSTPORT,
	UDP_LENGTH,
	UDP_COVERAGE,
	UDP_CHECKSUM,
	UDP_STREAM,
	UDP_TIME_RELATIVE,
	UDP_TIME_DELTA,
	UDP_PAYLOAD,
	UDP_PORT,
};

enum { PROTOCOL_LITE = 136 };

static const struct field fields[] = {
    [UDP_SRCPORT] = {"udp.srcport", "Source port", .type = FIELD_UINT,
		     .width = 2},
    [UDP_DSTPORT] = {"udp.dstport", "Destination port", .type = FIELD_UINT,
		     .width = 2},
    [UDP_LENGTH] = {"udp.length", "Length", .type = FIELD_UINT, .width = 2},
    [UDP_COVERAGE] = {"udp.checksum_coverage", "Checksum coverage",
		      .type = FIELD_UINT, .width = 2},
    [UDP_CHECKSUM] = {"udp.checksum", "Checksum", .type = FIELD_UINT,
		      .width = 2, .flags = FIELD_HEX | FIELD_LINE_V},
    [UDP_STREAM] = {"udp.stream", "Stream index", .type = FIELD_UINT},
    [UDP_TIME_RELATIVE] = {"udp.time_relative",
			   "Time since the conversation's first datagram",
			   .type = FIELD_SPAN},
    [UDP_TIME_DELTA] = {"udp.time_delta",
			"Time since the conversation's datagram before",
			.type = FIELD_SPAN},
    [UDP_PAYLOAD] = {"udp.payload", "Payload", .type = FIELD_BYTES,
		     .flags = FIELD_ASKED},
    [UDP_PORT] = {"udp.port", "Either port", .type = FIELD_UINT, .width = 2,
		  .flags = FIELD_ASKED},
};

enum { FACT_PORTS, FACT_LEN };

static void decode_flow(struct dissect *d, const struct cur *payload,
			uint16_t src, uint16_t dst)
{
	struct flow_ends ends = {.src = d->net->src,
				 .dst = d->net->dst,
				 .n = d->net->n_addr,
				 .sport = src,
				 .dport = dst,
				 .quoted = d->layer->quoted};
	struct flow_udp flow;

	flow_context_udp(d->context, &ends, d->pkt->time_ns, payload, &flow);
	add_uint(d, &fields[UDP_STREAM], flow.stream);
	if (!(d->pkt->flags & PKT_NO_TIME) && !ends.quoted) {
		add_uint(d, &fields[UDP_TIME_RELATIVE], flow.since_first);
		add_uint(d, &fields[UDP_TIME_DELTA], flow.since_last);
	}
	d->hints = flow.hints;
	if (d->context->open_quic && flow.hints & HINT_QUIC &&
	    cur_left(payload) && cur_peek8(payload, 0) >= 0x80 &&
	    !d->layer->quoted)
		d->opened = flow_context_quic(d->context, payload);
}

/* RFC 5761, section 4: the second byte is its type. */
static bool is_rtcp(const struct cur *body)
{
	return cur_left(body) > 1 && cur_peek8(body, 1) >= 192 &&
	       cur_peek8(body, 1) <= 223;
}

/* Hand on what others announced, if it looks like that: ports are shared
   sometimes. */
static bool next_announced(struct dissect *d, const struct cur *body)
{
	const uint8_t *p = cur_here(body);
	size_t n = cur_left(body);

	if ((d->hints & HINT_RTP || (d->hints & HINT_RTCP && is_rtcp(body))) &&
	    p[0] >> 6 == 2)
		return next_by(d, body, KEY_UDP_MEDIA,
			       d->hints & HINT_RTP ? MEDIA_RTP : MEDIA_RTCP);
	if (d->hints & HINT_TFTP)
		return next_by(d, body, KEY_UDP_MEDIA, MEDIA_TFTP);
	/* data of a channel: its number, the length of the rest */
	return d->hints & HINT_STUN && n >= 4 && p[0] >> 6 == 1 &&
	       n >= 4U + be16(p + 2) && n < 8U + be16(p + 2) &&
	       next_by(d, body, KEY_UDP_MEDIA, MEDIA_TURN);
}

/* A reply of RPC whose call was seen. */
static bool next_reply(struct dissect *d, const struct cur *body, uint16_t src,
		       uint16_t dst)
{
	struct flow_ends ends = {.src = d->net->src,
				 .dst = d->net->dst,
				 .n = d->net->n_addr,
				 .sport = src,
				 .dport = dst};

	d->notes = flow_context_rpc(d->context, &ends, body);
	return d->notes && next_known(d, body, PROTO_rpc, KEY_UDP_PORT, dst);
}

static void decode(struct dissect *d, struct cur *c)
{
	uint16_t src = (uint16_t)take(d, c, &fields[UDP_SRCPORT]);
	uint16_t dst = (uint16_t)take(d, c, &fields[UDP_DSTPORT]);
	bool lite = d->layer->key == PROTOCOL_LITE;
	struct cur body;
	uint32_t len;

	if (!wants_rest(d, &fields[UDP_LENGTH], KEY_UDP_PORT))
		return;
	len = (uint32_t)take(d, c, &fields[lite ? UDP_COVERAGE : UDP_LENGTH]);
	if (wants(d, &fields[UDP_PORT])) {
		add_uint(d, &fields[UDP_PORT], src);
		add_uint(d, &fields[UDP_PORT], dst);
	}
	d->layer->port = dst;
	d->layer->fact[FACT_PORTS] = (uint32_t)src << 16 | dst;
	take(d, c, &fields[UDP_CHECKSUM]);
	if (c->state != CUR_OK)
		return;
	if (lite) {
		d->layer->name = "udplite";
		len = d->layer->len;
	}
	d->layer->fact[FACT_LEN] = len;
	/* RFC 2675: 0 is "as long as the IP payload" of a jumbogram */
	if (len == 0 && d->layer->len > 65535)
		len = d->layer->len;
	if (len < 8) {
		cur_bad(c);
		return;
	}
	body = cur_unit(c, len - 8 < c->claim ? len - 8 : c->claim);
	d->hints = 0;
	d->opened = NULL;
	if (d->context && d->net && d->context->udp)
		decode_flow(d, &body, src, dst);
	if (cur_left(&body))
		add_bytes(d, &fields[UDP_PAYLOAD], cur_here(&body),
			  cur_left(&body));
	if (d->context && d->context->use_rpc && d->net && !d->layer->quoted &&
	    rpc_is_message(&body) && next_reply(d, &body, src, dst))
		return;
	if (d->hints & (HINT_RTP | HINT_RTCP | HINT_TFTP | HINT_STUN) &&
	    cur_left(&body) && next_announced(d, &body))
		return;
	if (!next_by_ports(d, &body, KEY_UDP_PORT, src, dst) &&
	    d->hints & HINT_QUIC && body.claim)
		next_proto(d, &body, PROTO_quic);
}

static void length_line(struct summary *l, uint32_t len)
{
	uint32_t room = l->layer->len - 8;
	char *at = summary_room(l, 60);

	if (len > room) {
		at = fmt_dec(fmt_text(at, "UDP, bad length "), len);
		at = fmt_dec(fmt_text(at, " > "), room);
	} else {
		at = fmt_dec(fmt_text(at, "UDP, length "), len);
	}
	summary_end(l, at);
}

/* What -v says about the checksum. */
static void sum_line(struct summary *l, uint32_t len)
{
	struct checksum sum;

	if (!checksum_layer(l, len < l->layer->len ? len : l->layer->len, 6, 17,
			    &sum))
		return;
	if (sum.found == 0)
		summary_puts(l, "[no cksum] ");
	else if (sum.good)
		summary_puts(l, "[udp sum ok] ");
	else
		summary_printf(l, "[bad udp cksum 0x%04x -> 0x%04x!] ",
			       sum.found, sum.correct ? sum.correct : 0xffff);
}

/* tcpdump says it of IPv6 with -v, of IPv4 with -vv. */
static bool says_sum(const struct summary *l)
{
	const struct layer *layer = l->layer;
	bool ipv4 = layer > l->d->layers && layer[-1].n_addr == 4;

	return l->o->verbose > (ipv4 ? 1 : 0) && !l->o->quick &&
	       layer->key == 17;
}

static void summary(struct summary *l)
{
	const struct layer *layer = l->layer;
	uint32_t len = layer->fact[FACT_LEN];

	if (layer->caplen < 4) {
		summary_hosts(l);
		summary_mark(l);
		return;
	}
	summary_ports(l, false, (uint16_t)(layer->fact[FACT_PORTS] >> 16),
		      (uint16_t)layer->fact[FACT_PORTS]);
	if (layer->len < 8) {
		summary_puts(l, "undersized-udp (invalid)");
		return;
	}
	if (layer->state == CUR_TRUNCATED) {
		summary_mark(l);
		return;
	}
	if (len == 0 && layer->len > 65535)
		len = layer->len;
	if (len < 8)
		summary_puts(l, "undersized-udplength (invalid)");
	else if (says_sum(l))
		sum_line(l, len);
	if (len >= 8 && (!l->next || !l->next->proto->summary ||
			 l->next->silent || l->o->quick))
		length_line(l, len - 8);
}

static const struct key keys[] = {{KEY_IPPROTO, 17},
				  {KEY_IPPROTO, PROTOCOL_LITE}};

const struct proto proto_udp = {
    "udp",
    "User Datagram Protocol",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_UDP_PORT) | LEADS_TO(KEY_UDP_GUESS) |
	     LEADS_TO(KEY_UDP_MEDIA),
    .decode = decode,
    .summary = summary,
};
