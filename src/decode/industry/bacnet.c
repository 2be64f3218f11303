/*
 * BACnet's network layer (ANSI/ASHRAE 135, clause 6).
 *
 *	version: 1 (1), control (1), [to: network (2), length (1), address],
 *	[from: the same], [hops (1), if there is a "to"],
 *	a message of its own (type (1), [vendor (2)], ...), or an application's
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	BACNET_VERSION,
	BACNET_CONTROL,
	BACNET_CONTROL_NET,
	BACNET_CONTROL_RES1,
	BACNET_CONTROL_DEST,
	BACNET_CONTROL_RES2,
	BACNET_CONTROL_SRC,
	BACNET_CONTROL_EXPECT,
	BACNET_CONTROL_PRIO_HIGH,
	BACNET_CONTROL_PRIO_LOW,
	BACNET_DNET,
	BACNET_DLEN,
	BACNET_DADR_ETH,
	BACNET_DADR_MSTP,
	BACNET_DADR,
	BACNET_SNET,
	BACNET_SLEN,
	BACNET_SADR_ETH,
	BACNET_SADR_MSTP,
	BACNET_SADR,
	BACNET_HOPS,
	BACNET_MESSAGE,
	BACNET_VENDOR,
	BACNET_PERFORMANCE,
	BACNET_REJECT,
	BACNET_PORTS,
	BACNET_PORT,
	BACNET_INFO_LEN,
	BACNET_INFO,
	BACNET_TERMINATION,
	BACNET_STATUS,
};

enum {
	CONTROL_NET = 0x80,
	CONTROL_DEST = 0x20,
	CONTROL_SRC = 0x08,
	WHO_IS_ROUTER = 0,
	I_AM_ROUTER,
	I_COULD_BE_ROUTER,
	REJECT,
	BUSY,
	AVAILABLE,
	INIT_TABLE,
	INIT_TABLE_ACK,
	ESTABLISH,
	DISCONNECT,
	NETWORK_NUMBER = 0x13,
	PROPRIETARY = 0x80,
};

static const struct names message_names[] = {
    {WHO_IS_ROUTER, "Who-Is-Router-To-Network"},
    {I_AM_ROUTER, "I-Am-Router-To-Network"},
    {I_COULD_BE_ROUTER, "I-Could-Be-Router-To-Network"},
    {REJECT, "Reject-Message-To-Network"},
    {BUSY, "Router-Busy-To-Network"},
    {AVAILABLE, "Router-Available-To-Network"},
    {INIT_TABLE, "Initialize-Routing-Table"},
    {INIT_TABLE_ACK, "Initialize-Routing-Table-Ack"},
    {ESTABLISH, "Establish-Connection-To-Network"},
    {DISCONNECT, "Disconnect-Connection-To-Network"},
    {0x12, "What-Is-Network-Number"},
    {NETWORK_NUMBER, "Network-Number-Is"},
    {0, NULL},
};

#define OF_CONTROL(nm, tt, m) FLAG("bacnet.control_" nm, tt, 1, m)

static const struct field fields[] = {
    [BACNET_VERSION] = UINT("bacnet.version", "Version", 1, 0),
    [BACNET_CONTROL] = UINT("bacnet.control", "Control", 1, FIELD_HEX),
    [BACNET_CONTROL_NET] = OF_CONTROL("net", "Network layer's own", 0x80),
    [BACNET_CONTROL_RES1] = OF_CONTROL("res1", "Reserved", 0x40),
    [BACNET_CONTROL_DEST] = OF_CONTROL("dest", "With destination", 0x20),
    [BACNET_CONTROL_RES2] = OF_CONTROL("res2", "Reserved", 0x10),
    [BACNET_CONTROL_SRC] = OF_CONTROL("src", "With source", 0x08),
    [BACNET_CONTROL_EXPECT] = OF_CONTROL("expect", "Answer expected", 0x04),
    [BACNET_CONTROL_PRIO_HIGH] = OF_CONTROL("prio_high", "Priority", 0x02),
    [BACNET_CONTROL_PRIO_LOW] = OF_CONTROL("prio_low", "Priority", 0x01),
    [BACNET_DNET] = UINT("bacnet.dnet", "Destination network", 2, FIELD_LINE),
    [BACNET_DLEN] = UINT("bacnet.dlen", "Its address's length", 1, 0),
    [BACNET_DADR_ETH] = ETHER("bacnet.dadr_eth", "Destination", 0),
    [BACNET_DADR_MSTP] = UINT("bacnet.dadr_mstp", "Destination", 1, 0),
    [BACNET_DADR] = BYTES("bacnet.dadr_tmp", "Destination", 0, 0),
    [BACNET_SNET] = UINT("bacnet.snet", "Source network", 2, FIELD_LINE),
    [BACNET_SLEN] = UINT("bacnet.slen", "Its address's length", 1, 0),
    [BACNET_SADR_ETH] = ETHER("bacnet.sadr_eth", "Source", 0),
    [BACNET_SADR_MSTP] = UINT("bacnet.sadr_mstp", "Source", 1, 0),
    [BACNET_SADR] = BYTES("bacnet.sadr_tmp", "Source", 0, 0),
    [BACNET_HOPS] = UINT("bacnet.hopc", "Hops left", 1, 0),
    [BACNET_MESSAGE] = NAMED("bacnet.mesgtyp", "Message", 1,
			     FIELD_HEX | FIELD_LINE, message_names),
    [BACNET_VENDOR] = UINT("bacnet.vendor", "Vendor", 2, 0),
    [BACNET_PERFORMANCE] = UINT("bacnet.perf", "Performance", 1, 0),
    [BACNET_REJECT] = UINT("bacnet.rejectreason", "Reason", 1, 0),
    [BACNET_PORTS] = UINT("bacnet.rportnum", "Ports", 1, 0),
    [BACNET_PORT] = UINT("bacnet.portid", "Port", 1, FIELD_HEX),
    [BACNET_INFO_LEN] = UINT("bacnet.pinfolen", "Port info length", 1, 0),
    [BACNET_INFO] = BYTES("bacnet.pinfo", "Port info", 0, 0),
    [BACNET_TERMINATION] =
	UINT("bacnet.term_time_value", "Termination time", 1, 0),
    [BACNET_STATUS] = UINT("bacnet.netno_status", "Status", 1, 0),
};

/* A network and an address in it; net is the first of its fields. */
static void take_place(struct dissect *d, struct cur *c,
		       const struct field *net)
{
	enum { LENGTH = 1, ETHERNET, ONE, OTHER };
	unsigned len;

	take(d, c, net);
	len = (unsigned)take(d, c, net + LENGTH);
	if (c->state != CUR_OK || len == 0)
		return;
	if (len == 1)
		take(d, c, net + ONE);
	else if (len == 6)
		take(d, c, net + ETHERNET);
	else
		take_bytes(d, c, net + OTHER, len);
}

static void take_networks(struct dissect *d, struct cur *c)
{
	while (c->state == CUR_OK && c->claim)
		take(d, c, &fields[BACNET_DNET]);
}

static void decode_table(struct dissect *d, struct cur *c)
{
	unsigned ports = (unsigned)take(d, c, &fields[BACNET_PORTS]), len;

	for (; ports > 0 && c->state == CUR_OK; ports--) {
		take(d, c, &fields[BACNET_DNET]);
		take(d, c, &fields[BACNET_PORT]);
		len = (unsigned)take(d, c, &fields[BACNET_INFO_LEN]);
		if (len)
			take_bytes(d, c, &fields[BACNET_INFO], len);
	}
}

static void decode_message(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[BACNET_MESSAGE]);

	if (type >= PROPRIETARY) {
		take(d, c, &fields[BACNET_VENDOR]);
		return;
	}
	switch (type) {
	case WHO_IS_ROUTER:
	case I_AM_ROUTER:
	case BUSY:
	case AVAILABLE:
		take_networks(d, c);
		break;
	case I_COULD_BE_ROUTER:
		take(d, c, &fields[BACNET_DNET]);
		take(d, c, &fields[BACNET_PERFORMANCE]);
		break;
	case REJECT:
		take(d, c, &fields[BACNET_REJECT]);
		take(d, c, &fields[BACNET_DNET]);
		break;
	case INIT_TABLE:
	case INIT_TABLE_ACK:
		decode_table(d, c);
		break;
	case ESTABLISH:
		take(d, c, &fields[BACNET_DNET]);
		take(d, c, &fields[BACNET_TERMINATION]);
		break;
	case DISCONNECT:
		take(d, c, &fields[BACNET_DNET]);
		break;
	case NETWORK_NUMBER:
		take(d, c, &fields[BACNET_DNET]);
		take(d, c, &fields[BACNET_STATUS]);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned control;

	take(d, c, &fields[BACNET_VERSION]);
	control = (unsigned)take_bits(d, c, &fields[BACNET_CONTROL],
				      &fields[BACNET_CONTROL_PRIO_LOW]);
	if (control & CONTROL_DEST)
		take_place(d, c, &fields[BACNET_DNET]);
	if (control & CONTROL_SRC)
		take_place(d, c, &fields[BACNET_SNET]);
	if (control & CONTROL_DEST)
		take(d, c, &fields[BACNET_HOPS]);
	if (c->state != CUR_OK)
		return;
	if (control & CONTROL_NET)
		decode_message(d, c);
	else
		next_proto(d, c, PROTO_bacapp);
}

static void summary(struct summary *l)
{
	const struct value *v = summary_value(l, BACNET_MESSAGE);
	const struct value *end = l->d->values + l->layer->end;

	if (l->layer <= l->d->layers || l->layer[-1].id != PROTO_bvlc)
		summary_puts(l, "BACnet ");
	for (; v && v < end; v++) {
		if (summary_index(l, v) == BACNET_MESSAGE)
			summary_puts(l, names_or(message_names, v->num,
						 "network message"));
		else if (summary_index(l, v) == BACNET_DNET)
			summary_printf(l, " %u", (unsigned)v->num);
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_SAP, 0x82}};
static const uint8_t leads_proto[] = {PROTO_bacapp, PROTO_NONE};

const struct proto proto_bacnet = {
    "bacnet",
    "Building Automation and Control Network NPDU",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
