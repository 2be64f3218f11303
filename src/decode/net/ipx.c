/*
 * IPX (Novell): checksum (2), length (2), hops (1), type (1), receiver and
 * sender: network (4), node (6), socket (2) each.
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	IPX_CHECKSUM,
	IPX_LEN,
	IPX_HOPS,
	IPX_TYPE,
	IPX_DST_NET,
	IPX_DST_NODE,
	IPX_DST_SOCKET,
	IPX_SRC_NET,
	IPX_SRC_NODE,
	IPX_SRC_SOCKET,
};

enum {
	HEADER_LEN = 30,
	SOCKET_NCP = 0x451,
	SOCKET_SAP,
	SOCKET_RIP,
	SOCKET_NETBIOS = 0x455,
	SOCKET_DIAGNOSTIC,
	SOCKET_MAILSLOT = 0x553,
	MAILSLOT_HEADER = 36, /* operation, name type, number, two names */
	NETBIOS_HEADER = 66,  /* networks, flags, operation, two names */
};

static const struct field fields[] = {
    [IPX_CHECKSUM] = UINT("ipx.checksum", "Checksum", 2, FIELD_HEX),
    [IPX_LEN] = UINT("ipx.len", "Length", 2, FIELD_LINE),
    [IPX_HOPS] = UINT("ipx.hops", "Hops", 1, 0),
    [IPX_TYPE] = UINT("ipx.packet_type", "Type", 1, FIELD_HEX),
    [IPX_DST_NET] =
	UINT("ipx.dst.net", "To network", 4, FIELD_HEX | FIELD_LINE),
    [IPX_DST_NODE] = ETHER("ipx.dst.node", "To node", FIELD_LINE),
    [IPX_DST_SOCKET] =
	UINT("ipx.dst.socket", "To socket", 2, FIELD_HEX | FIELD_LINE),
    [IPX_SRC_NET] =
	UINT("ipx.src.net", "From network", 4, FIELD_HEX | FIELD_LINE),
    [IPX_SRC_NODE] = ETHER("ipx.src.node", "From node", FIELD_LINE),
    [IPX_SRC_SOCKET] =
	UINT("ipx.src.socket", "From socket", 2, FIELD_HEX | FIELD_LINE),
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned len, socket;

	take(d, c, &fields[IPX_CHECKSUM]);
	len = (unsigned)take(d, c, &fields[IPX_LEN]);
	take_rows(d, c, &fields[IPX_HOPS], &fields[IPX_DST_NODE]);
	socket = (unsigned)take(d, c, &fields[IPX_DST_SOCKET]);
	take_rows(d, c, &fields[IPX_SRC_NET], &fields[IPX_SRC_SOCKET]);
	if (c->state != CUR_OK)
		return;
	if (len < HEADER_LEN) {
		cur_bad(c);
		return;
	}
	if (len - HEADER_LEN < c->claim)
		*c = cur_unit(c, len - HEADER_LEN);
	if (socket == SOCKET_MAILSLOT)
		cur_skip(c, MAILSLOT_HEADER);
	else if (socket == SOCKET_NETBIOS && cur_left(c) > NETBIOS_HEADER)
		cur_skip(c, NETBIOS_HEADER);
	if (c->state == CUR_OK && cur_left(c) > 4 && cur_starts(c, "\xffSMB"))
		next_proto(d, c, PROTO_smb);
}

static void place_line(struct summary *l, const struct summary_got *got,
		       unsigned first)
{
	const uint8_t *node = got->v[first + 1].bytes;

	summary_printf(l, "%08x.%02x:%02x:%02x:%02x:%02x:%02x.%04x",
		       (unsigned)got->v[first].num, node[0], node[1], node[2],
		       node[3], node[4], node[5],
		       (unsigned)got->v[first + 2].num);
}

static void summary(struct summary *l)
{
	static const struct names socket_names[] = {
	    {SOCKET_NCP, "ipx-ncp"},	      {SOCKET_SAP, "ipx-sap"},
	    {SOCKET_RIP, "ipx-rip"},	      {SOCKET_NETBIOS, "ipx-netbios"},
	    {SOCKET_DIAGNOSTIC, "ipx-diags"}, {0, NULL},
	};
	struct summary_got got;
	unsigned socket, len;

	summary_get(l, &got);
	summary_puts(l, "IPX ");
	if (!summary_has(&got, IPX_SRC_SOCKET)) {
		summary_mark(l);
		return;
	}
	place_line(l, &got, IPX_SRC_NET);
	summary_puts(l, " > ");
	place_line(l, &got, IPX_DST_NET);
	summary_puts(l, ": ");
	socket = (unsigned)got.v[IPX_DST_SOCKET].num;
	len = (unsigned)got.v[IPX_LEN].num;
	if (names_get(socket_names, socket))
		summary_puts(l, names_get(socket_names, socket));
	else
		summary_printf(l, "ipx-#%x", socket);
	if (len >= HEADER_LEN)
		summary_printf(l, " %u", len - HEADER_LEN);
	summary_mark(l);
	if (l->next && l->next->proto->summary)
		summary_puts(l, " ");
}

static const struct key keys[] = {
    {KEY_SAP, 0xe0}, {KEY_ETHERTYPE, 0x8137}, {KEY_PPP, 0x002b}};
static const uint8_t leads_proto[] = {PROTO_smb, PROTO_NONE};

const struct proto proto_ipx = {
    "ipx",
    "Internetwork Packet eXchange",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
