/*
 * NetBIOS datagram service (RFC 1002, 4.4): type, flags (1 each), id (2),
 * source address (4) and port (2), [length, offset (2 each), two names, data].
 */
#include "decode/lib/rows.h"
#include "decode/lib/smbstr.h"
#include "decode/proto_ids.h"

enum {
	NBDGM_TYPE,
	NBDGM_FLAGS,
	NBDGM_NODE,
	NBDGM_FIRST,
	NBDGM_NEXT,
	NBDGM_ID,
	NBDGM_IP,
	NBDGM_PORT,
	NBDGM_LENGTH,
	NBDGM_OFFSET,
	NBDGM_SOURCE,
	NBDGM_DESTINATION,
	NBDGM_ERROR,
};

enum { DIRECT_UNIQUE = 0x10, BROADCAST = 0x12, ERROR_TYPE };

static const struct names type_names[] = {
    {DIRECT_UNIQUE, "Direct_unique datagram"},
    {0x11, "Direct_group datagram"},
    {BROADCAST, "Broadcast datagram"},
    {ERROR_TYPE, "Datagram error"},
    {0x14, "Datagram query request"},
    {0x15, "Datagram positive query response"},
    {0x16, "Datagram negative query response"},
    {0, NULL},
};

static const struct field fields[] = {
    [NBDGM_TYPE] = NAMED("nbdgm.type", "Type", 1, FIELD_LINE, type_names),
    [NBDGM_FLAGS] = UINT("nbdgm.flags", "Flags", 1, FIELD_HEX),
    [NBDGM_NODE] = BITS("nbdgm.node_type", "Node type", 1, 0x0c, 0),
    [NBDGM_FIRST] = FLAG("nbdgm.first", "First fragment", 1, 0x02),
    [NBDGM_NEXT] = FLAG("nbdgm.next", "More fragments", 1, 0x01),
    [NBDGM_ID] = UINT("nbdgm.dgram_id", "Id", 2, FIELD_HEX),
    [NBDGM_IP] = IPV4("nbdgm.src.ip", "Source address", 0),
    [NBDGM_PORT] = UINT("nbdgm.src.port", "Source port", 2, 0),
    [NBDGM_LENGTH] = UINT("nbdgm.dgram_len", "Length", 2, 0),
    [NBDGM_OFFSET] = UINT("nbdgm.pkt_offset", "Offset", 2, 0),
    [NBDGM_SOURCE] = TEXT("nbdgm.source_name", "Source", FIELD_LINE),
    [NBDGM_DESTINATION] =
	TEXT("nbdgm.destination_name", "Destination", FIELD_LINE),
    [NBDGM_ERROR] = UINT("nbdgm.error_code", "Error", 1, FIELD_HEX),
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[NBDGM_TYPE]);

	take_bits(d, c, &fields[NBDGM_FLAGS], &fields[NBDGM_NEXT]);
	take_rows(d, c, &fields[NBDGM_ID], &fields[NBDGM_PORT]);
	if (type >= DIRECT_UNIQUE && type <= BROADCAST) {
		take_rows(d, c, &fields[NBDGM_LENGTH], &fields[NBDGM_OFFSET]);
		take_netbios_name(d, c, &fields[NBDGM_SOURCE]);
		take_netbios_name(d, c, &fields[NBDGM_DESTINATION]);
		if (cur_starts(c, "\xffSMB"))
			next_proto(d, c, PROTO_smb);
	} else if (type == ERROR_TYPE) {
		take(d, c, &fields[NBDGM_ERROR]);
	} else {
		take_netbios_name(d, c, &fields[NBDGM_DESTINATION]);
	}
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, NBDGM_TYPE);

	summary_puts(l, "NBT UDP PACKET(138)");
	if (type && type->num >= ERROR_TYPE)
		summary_printf(l, " %s", names_or(type_names, type->num, "?"));
	if (summary_value(l, NBDGM_SOURCE)) {
		summary_puts(l, " ");
		summary_text(l, summary_value(l, NBDGM_SOURCE));
		summary_puts(l, " > ");
		summary_text(l, summary_value(l, NBDGM_DESTINATION));
	}
	summary_mark(l);
	if (l->next && l->next->proto->summary)
		summary_puts(l, " ");
}

static const struct key keys[] = {{KEY_UDP_PORT, 138}};
static const uint8_t leads_proto[] = {PROTO_smb, PROTO_NONE};

const struct proto proto_nbdgm = {
    "nbdgm",
    "NetBIOS Datagram Service",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
