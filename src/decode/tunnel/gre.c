/*
 * Generic routing encapsulation (RFC 2784, 2890), version 1 of PPTP (RFC 2637).
 *
 *	+---+-+---+---+------------+-----+-------------+
 *	| C | R | K | S | ... A ...| ver | protocol    |
 *	+---+-+---+---+------------+-----+-------------+
 *	| checksum, offset if C or R; key if K; sequence number if S;
 *	| acknowledgement number if A (version 1)
 */
#include "decode/lib/numbers.h"
#include "decode/lib/rows.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	GRE_FLAGS,
	GRE_FLAG_CHECKSUM,
	GRE_FLAG_ROUTING,
	GRE_FLAG_KEY,
	GRE_FLAG_SEQUENCE_NUMBER,
	GRE_FLAG_STRICT_SOURCE_ROUTE,
	GRE_FLAG_RECURSION_CONTROL,
	GRE_FLAG_RESERVED,
	GRE_FLAG_VERSION,
	GRE_PROTO,
	GRE_CHECKSUM,
	GRE_OFFSET,
	GRE_KEY,
	GRE_PAYLOAD_LENGTH,
	GRE_CALL_ID,
	GRE_SEQUENCE,
	GRE_ACK,
};

enum { PROTO_ERSPAN = 0x88be, PROTO_WCCP = 0x883e };

enum { C = 0x8000, R = 0x4000, K = 0x2000, S = 0x1000, A = 0x0080 };

static const struct field fields[] = {
    [GRE_FLAGS] = {"gre.flags_and_version", "Flags and version",
		   .type = FIELD_UINT, .width = 2,
		   .flags = FIELD_HEX | FIELD_LINE},
    [GRE_FLAG_CHECKSUM] = {"gre.flags.checksum", "Checksum present",
			   .mask = 0x8000, .type = FIELD_BOOL},
    [GRE_FLAG_ROUTING] = {"gre.flags.routing", "Routing present",
			  .mask = 0x4000, .type = FIELD_BOOL},
    [GRE_FLAG_KEY] = {"gre.flags.key", "Key present", .mask = 0x2000,
		      .type = FIELD_BOOL},
    [GRE_FLAG_SEQUENCE_NUMBER] = {"gre.flags.sequence_number",
				  "Sequence number present", .mask = 0x1000,
				  .type = FIELD_BOOL},
    [GRE_FLAG_STRICT_SOURCE_ROUTE] = {"gre.flags.strict_source_route",
				      "Strict source route", .mask = 0x0800,
				      .type = FIELD_BOOL},
    [GRE_FLAG_RECURSION_CONTROL] = {"gre.flags.recursion_control",
				    "Recursion control", .mask = 0x0700,
				    .type = FIELD_UINT},
    [GRE_FLAG_RESERVED] = {"gre.flags.reserved", "Reserved", .mask = 0x00f8,
			   .type = FIELD_UINT},
    [GRE_FLAG_VERSION] = {"gre.flags.version", "Version", .mask = 0x0007,
			  .type = FIELD_UINT},
    [GRE_PROTO] = {"gre.proto", "Protocol", ethertype_names, .type = FIELD_UINT,
		   .width = 2, .flags = FIELD_HEX | FIELD_LINE},
    [GRE_CHECKSUM] = {"gre.checksum", "Checksum", .type = FIELD_UINT,
		      .width = 2, .flags = FIELD_HEX | FIELD_LINE_V},
    [GRE_OFFSET] = {"gre.offset", "Offset", .type = FIELD_UINT, .width = 2,
		    .flags = FIELD_LINE},
    [GRE_KEY] = {"gre.key", "Key", .type = FIELD_UINT, .width = 4,
		 .flags = FIELD_HEX | FIELD_LINE},
    [GRE_PAYLOAD_LENGTH] = {"gre.key.payload_length", "Payload length",
			    .type = FIELD_UINT, .width = 2},
    [GRE_CALL_ID] = {"gre.key.call_id", "Call id", .type = FIELD_UINT,
		     .width = 2, .flags = FIELD_LINE},
    [GRE_SEQUENCE] = {"gre.sequence_number", "Sequence number",
		      .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [GRE_ACK] = {"gre.ack_number", "Acknowledgement number", .type = FIELD_UINT,
		 .width = 4, .flags = FIELD_LINE},
};

/* Access points of Aruba tunnel 802.11 frames, and say a number of theirs in
   the type. */
static bool of_aruba(unsigned proto)
{
	return proto >= 0x8200 && proto <= 0x8370 && (proto & 15) == 0;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned flags = (unsigned)take_bits(d, c, &fields[GRE_FLAGS],
					     &fields[GRE_FLAG_VERSION]);
	unsigned proto = (unsigned)take(d, c, &fields[GRE_PROTO]);
	bool pptp = (flags & 7) == 1;

	if (!pptp && flags & (C | R)) {
		take(d, c, &fields[GRE_CHECKSUM]);
		take(d, c, &fields[GRE_OFFSET]);
	}
	if (flags & K && pptp) {
		take(d, c, &fields[GRE_PAYLOAD_LENGTH]);
		take(d, c, &fields[GRE_CALL_ID]);
	} else if (flags & K) {
		take(d, c, &fields[GRE_KEY]);
	}
	if (flags & S)
		take(d, c, &fields[GRE_SEQUENCE]);
	if (pptp && flags & A)
		take(d, c, &fields[GRE_ACK]);
	if (flags & R && !pptp)
		return; /* source routes: unused in practice */
	if (c->claim == 0)
		return;
	/* ERSPAN of type I has no sequence number and no header of its own */
	if (proto == PROTO_WCCP && cur_left(c) && cur_peek8(c, 0) >> 4 != 4)
		cur_skip(c, 4); /* the header of version 2 */
	if (of_aruba(proto)) {
		next_proto(d, c, PROTO_wlan);
	} else if (proto == PROTO_ERSPAN && !(flags & S)) {
		d->layer->name = "gre:erspan";
		next_proto(d, c, PROTO_eth);
	} else {
		next_by(d, c, KEY_ETHERTYPE,
			proto == PROTO_WCCP ? 0x0800 : proto);
	}
}

static void summary(struct summary *l)
{
	struct summary_got got;
	unsigned flags;
	bool pptp;

	summary_get(l, &got);
	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	flags = (unsigned)got.v[GRE_FLAGS].num;
	pptp = (flags & 7) == 1;
	summary_printf(l, "GREv%u", flags & 7);
	if (summary_has(&got, GRE_OFFSET))
		summary_printf(l, ", off 0x%x",
			       (unsigned)got.v[GRE_OFFSET].num);
	if (summary_has(&got, GRE_KEY))
		summary_printf(l, ", key=0x%x", (unsigned)got.v[GRE_KEY].num);
	if (summary_has(&got, GRE_CALL_ID))
		summary_printf(l, ", call %u",
			       (unsigned)got.v[GRE_CALL_ID].num);
	if (summary_has(&got, GRE_SEQUENCE))
		summary_printf(l, ", seq %u",
			       (unsigned)got.v[GRE_SEQUENCE].num);
	if (summary_has(&got, GRE_ACK))
		summary_printf(l, ", ack %u", (unsigned)got.v[GRE_ACK].num);
	if (pptp && !(flags & S))
		summary_puts(l, ", no-payload");
	if (l->o->link)
		summary_printf(
		    l, ", proto %s (0x%04x)",
		    names_or(ethertype_names, got.v[GRE_PROTO].num, "unknown"),
		    (unsigned)got.v[GRE_PROTO].num);
	summary_printf(l, ", length %u", l->layer->len);
	if (pptp && !(flags & S))
		return;
	summary_puts(l, l->o->verbose ? "\n\t" : ": ");
	if (!l->next)
		summary_printf(l, "gre-proto-0x%x",
			       (unsigned)got.v[GRE_PROTO].num);
}

static const uint8_t leads[] = {PROTO_eth, PROTO_wlan, PROTO_NONE};
static const struct key keys[] = {{KEY_IPPROTO, 47}};

/* The key, or the call of PPTP. */
static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);
	unsigned flags = cur_be16(&c);
	bool pptp = (flags & 7) == 1;

	cur_skip(&c, !pptp && flags & (C | R) ? 6 : 2);
	if (pptp)
		cur_skip(&c, 2);
	return flags & K ? pptp ? cur_be16(&c) : cur_be32(&c) : 0;
}

const struct proto proto_gre = {
    "gre",
    "Generic Routing Encapsulation",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_ETHERTYPE),
    .leads_proto = leads,
    .decode = decode,
    .network = network,
    .summary = summary,
};
