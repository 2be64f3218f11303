/*
 * Tags of Marvell's distributed switch architecture, between the Ethernet
 * addresses and the type; EDSA tags have an EtherType and 2 reserved bytes
 * before them.
 *
 *	mode (2 bits), tagged (1), device (5), port or trunk (5), trunk (1),
 *	code (1), CFI (1); priority (3), code (1), VLAN (12)
 */
#include "decode/lib/numbers.h"
#include "decode/lib/rows.h"
#include "decode/link/eth.h"

enum {
	DSA_DST,
	DSA_SRC,
	DSA_ETYPE_TAG,
	DSA_MODE,
	DSA_TAGGED,
	DSA_DEVICE,
	DSA_PORT,
	DSA_TRUNK,
	DSA_PRIORITY,
	DSA_VLAN,
	DSA_TYPE,
	DSA_LEN,
};

enum { TO_CPU, FROM_CPU, SNIFFER, FORWARD };
enum { LINKTYPE_EDSA = 285, TAG_LEN = 4 };

static const struct names mode_names[] = {
    {TO_CPU, "To CPU"},
    {FROM_CPU, "From CPU"},
    {SNIFFER, "To sniffer"},
    {FORWARD, "Forward"},
    {0, NULL},
};

static const struct field fields[] = {
    [DSA_DST] = ETHER("dsa.dst", "Destination", FIELD_LINE),
    [DSA_SRC] = ETHER("dsa.src", "Source", FIELD_LINE),
    [DSA_ETYPE_TAG] = UINT("dsa.ethertype", "EtherType of the tag", 2,
			   FIELD_HEX | FIELD_LINE),
    [DSA_MODE] = {"dsa.mode", "Mode", mode_names, .mask = 0xc0000000,
		  .type = FIELD_UINT, .flags = FIELD_LINE},
    [DSA_TAGGED] =
	BITS("dsa.tagged", "Tagged on the wire", 4, 0x20000000, FIELD_LINE),
    [DSA_DEVICE] = BITS("dsa.device", "Device", 4, 0x1f000000, FIELD_LINE),
    [DSA_PORT] = BITS("dsa.port", "Port or trunk", 4, 0x00f80000, FIELD_LINE),
    [DSA_TRUNK] = BITS("dsa.trunk", "Trunk", 4, 0x00040000, FIELD_LINE),
    [DSA_PRIORITY] = BITS("dsa.priority", "Priority", 4, 0x0000e000, 0),
    [DSA_VLAN] = BITS("dsa.vlan", "VLAN id", 4, 0x00000fff, FIELD_LINE),
    [DSA_TYPE] = NAMED("dsa.type", "Type", 2, FIELD_HEX, ethertype_names),
    [DSA_LEN] = UINT("dsa.len", "Length", 2, 0),
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type;

	if (cur_has(c, 12)) {
		d->layer->n_addr = 6;
		d->layer->dst = cur_here(c);
		d->layer->src = cur_here(c) + 6;
	}
	take_rows(d, c, &fields[DSA_DST], &fields[DSA_SRC]);
	if (d->iface && d->iface->linktype == LINKTYPE_EDSA) {
		take(d, c, &fields[DSA_ETYPE_TAG]);
		cur_skip(c, 2);
	}
	if (!cur_has(c, TAG_LEN + 2))
		return;
	add_bits_rows(d, &fields[DSA_MODE], &fields[DSA_VLAN], cur_be32(c));
	type = cur_be16(c);
	eth_next(d, c, type, &fields[DSA_TYPE], &fields[DSA_LEN]);
}

/* From where to where, as tcpdump prints it. */
static void put_mode(struct summary *l, const struct summary_got *got)
{
	unsigned mode = (unsigned)got->v[DSA_MODE].num;

	summary_puts(l, mode == FORWARD	   ? "Forward "
			: mode == SNIFFER  ? "To sniffer "
			: mode == FROM_CPU ? "CPU > "
					   : "");
	summary_printf(
	    l, "%s %u.%u%s",
	    mode == FORWARD && got->v[DSA_TRUNK].num ? "trunk" : "port",
	    (unsigned)got->v[DSA_DEVICE].num, (unsigned)got->v[DSA_PORT].num,
	    mode == TO_CPU ? " > CPU" : "");
}

static void summary(struct summary *l)
{
	struct summary_got got;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	summary_get(l, &got);
	if (l->o->link) {
		summary_ether(l, l->layer->src);
		summary_puts(l, " > ");
		summary_ether(l, l->layer->dst);
		summary_puts(l, ", ");
	}
	if (summary_has(&got, DSA_ETYPE_TAG))
		summary_printf(l, "EDSA 0x%04x, ",
			       (unsigned)got.v[DSA_ETYPE_TAG].num);
	else
		summary_puts(l, "DSA ");
	put_mode(l, &got);
	summary_printf(l, ", VLAN %u%c, ", (unsigned)got.v[DSA_VLAN].num,
		       got.v[DSA_TAGGED].num ? 't' : 'u');
	if (!l->next)
		eth_unknown_line(l, (uint16_t)l->layer->fact[0]);
}

static const struct key keys[] = {{KEY_LINKTYPE, 284},
				  {KEY_LINKTYPE, LINKTYPE_EDSA}};

const struct proto proto_dsa = {
    "dsa",
    "Distributed Switch Architecture tag",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_ETHERTYPE) | LEADS_TO(KEY_LLC),
    .decode = decode,
    .summary = summary,
};
