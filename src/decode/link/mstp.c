/*
 * What multiple spanning trees (IEEE 802.1Q) add after a rapid spanning tree
 * unit; stp.c has that.
 *
 *	version 1 length (1), version 3 length (2), format (1), name (32),
 *	revision (2), digest (16), internal cost (4), bridge (8), hops (1), then
 *	16 bytes for each tree: flags (1), regional root (8), cost (4), bridge
 *	and port priority (1 each), hops (1)
 */
#include "decode/lib/rows.h"
#include "decode/link/stp.h"
#include "decode/proto_ids.h"

enum {
	MSTP_VERSION_3_LENGTH,
	MSTP_CONFIG_FORMAT_SELECTOR,
	MSTP_CONFIG_NAME,
	MSTP_CONFIG_REVISION_LEVEL,
	MSTP_CONFIG_DIGEST,
	MSTP_CIST_INTERNAL_ROOT_PATH_COST,
	MSTP_CIST_BRIDGE_PRIO,
	MSTP_CIST_BRIDGE_EXT,
	MSTP_CIST_BRIDGE_HW,
	MSTP_CIST_REMAINING_HOPS,
	MSTP_MSTI_FLAGS,
	MSTP_MSTI_PRIORITY,
	MSTP_MSTI_MSTI_ID,
	MSTP_MSTI_ROOT_HW,
	MSTP_MSTI_ROOT_COST,
	MSTP_MSTI_BRIDGE_PRIORITY,
	MSTP_MSTI_PORT_PRIORITY,
	MSTP_MSTI_REMAINING_HOPS,
	MSTP_VERSION_4_LENGTH,
	MSTP_AGREEMENT_NUM,
	MSTP_DISAGREEMENT_NUM,
	MSTP_AGREEMENT_VALID,
	MSTP_RESTRICTED,
	MSTP_AGREEMENT_DIGEST,
};

enum { NAME_LEN = 32, TREE_LEN = 16 };

static const struct field fields[] = {
    [MSTP_VERSION_3_LENGTH] =
	UINT("mstp.version_3_length", "Version 3 length", 2, 0),
    [MSTP_CONFIG_FORMAT_SELECTOR] = UINT("mstp.config_format_selector",
					 "MST config id format selector", 1, 0),
    [MSTP_CONFIG_NAME] = TEXT("mstp.config_name", "MST config name", 0),
    [MSTP_CONFIG_REVISION_LEVEL] =
	UINT("mstp.config_revision_level", "MST config revision", 2, 0),
    [MSTP_CONFIG_DIGEST] =
	BYTES("mstp.config_digest", "MST config digest", 16, 0),
    [MSTP_CIST_INTERNAL_ROOT_PATH_COST] =
	UINT("mstp.cist_internal_root_path_cost",
	     "CIST internal root path cost", 4, 0),
    [MSTP_CIST_BRIDGE_PRIO] =
	UINT("mstp.cist_bridge.prio", "CIST bridge priority", 2, 0),
    [MSTP_CIST_BRIDGE_EXT] =
	UINT("mstp.cist_bridge.ext",
	     "CIST bridge identifier system id extension", 2, 0),
    [MSTP_CIST_BRIDGE_HW] =
	ETHER("mstp.cist_bridge.hw", "CIST bridge identifier system id", 0),
    [MSTP_CIST_REMAINING_HOPS] =
	UINT("mstp.cist_remaining_hops", "CIST remaining hops", 1, 0),
    [MSTP_MSTI_FLAGS] = UINT("mstp.msti.flags", "MSTI flags", 1, FIELD_HEX),
    [MSTP_MSTI_PRIORITY] = {"mstp.msti.priority", "Priority", .mask = 0xf0,
			    .type = FIELD_UINT, .width = 1, .flags = FIELD_HEX,
			    .digits = 2},
    [MSTP_MSTI_MSTI_ID] = BITS("mstp.msti.msti_id", "MSTID", 2, 0xfff, 0),
    [MSTP_MSTI_ROOT_HW] = ETHER("mstp.msti.root.hw", "Regional root", 0),
    [MSTP_MSTI_ROOT_COST] =
	UINT("mstp.msti.root_cost", "Internal root path cost", 4, 0),
    [MSTP_MSTI_BRIDGE_PRIORITY] =
	UINT("mstp.msti.bridge_priority", "Bridge identifier priority", 1, 0),
    [MSTP_MSTI_PORT_PRIORITY] =
	UINT("mstp.msti.port_priority", "Port identifier priority", 1, 0),
    [MSTP_MSTI_REMAINING_HOPS] =
	UINT("mstp.msti.remaining_hops", "Remaining hops", 1, 0),
    [MSTP_VERSION_4_LENGTH] =
	UINT("mstp.version_4_length", "Version 4 length", 2, 0),
    [MSTP_AGREEMENT_NUM] =
	BITS("mstp.agree_flags.agreement_num", "Agreement number", 1, 0x03, 0),
    [MSTP_DISAGREEMENT_NUM] = BITS("mstp.agree_flags.dagreement_num",
				   "Disagreement number", 1, 0x0c, 0),
    [MSTP_AGREEMENT_VALID] =
	FLAG("mstp.agree_flags.agreement_valid", "Agreement valid", 1, 0x10),
    [MSTP_RESTRICTED] =
	FLAG("mstp.agree_flags.rest_role", "Restricted role", 1, 0x20),
    [MSTP_AGREEMENT_DIGEST] =
	BYTES("mstp.agreement_digest", "Agreement digest", 0, 0),
};

static void decode_tree(struct dissect *d, struct cur *c)
{
	unsigned flags = (unsigned)take(d, c, &fields[MSTP_MSTI_FLAGS]), id;

	if (c->state == CUR_OK)
		stp_tree_flags(d, flags);
	if (!cur_has(c, 2))
		return;
	id = cur_be16(c);
	add_bits(d, &fields[MSTP_MSTI_PRIORITY], id >> 8);
	add_bits(d, &fields[MSTP_MSTI_MSTI_ID], id);
	take_rows(d, c, &fields[MSTP_MSTI_ROOT_HW],
		  &fields[MSTP_MSTI_ROOT_COST]);
	if (!cur_has(c, 2))
		return;
	/* the upper halves are what counts */
	add_uint(d, &fields[MSTP_MSTI_BRIDGE_PRIORITY], cur_u8(c) >> 4);
	add_uint(d, &fields[MSTP_MSTI_PORT_PRIORITY], cur_u8(c) >> 4);
	take(d, c, &fields[MSTP_MSTI_REMAINING_HOPS]);
}

/* Format (1), name (32), revision (2), digest (16). */
static void take_config(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[MSTP_CONFIG_FORMAT_SELECTOR]);
	take_padded(d, c, &fields[MSTP_CONFIG_NAME], NAME_LEN);
	take_rows(d, c, &fields[MSTP_CONFIG_REVISION_LEVEL],
		  &fields[MSTP_CONFIG_DIGEST]);
}

/* What shortest path bridging (IEEE 802.1aq) adds: its length (2), another
   configuration, what was agreed (14), its digest. */
static void decode_shortest_path(struct dissect *d, struct cur *c)
{
	unsigned len = (unsigned)take(d, c, &fields[MSTP_VERSION_4_LENGTH]);
	struct cur body = cur_part(c, len < c->claim ? len : c->claim);

	take_config(d, &body);
	if (!cur_has(&body, 14))
		return;
	add_bits_rows(d, &fields[MSTP_AGREEMENT_NUM], &fields[MSTP_RESTRICTED],
		      cur_u8(&body));
	cur_skip(&body, 13);
	take_bytes(d, &body, &fields[MSTP_AGREEMENT_DIGEST], body.claim);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned len, id;
	struct cur body;

	d->layer->name = ""; /* a part of the layer below */
	cur_skip(c, 1);
	len = (unsigned)take(d, c, &fields[MSTP_VERSION_3_LENGTH]);
	body = cur_part(c, len < c->claim ? len : c->claim);
	take_config(d, &body);
	take(d, &body, &fields[MSTP_CIST_INTERNAL_ROOT_PATH_COST]);
	if (!cur_has(&body, 2))
		return;
	id = cur_be16(&body);
	add_uint(d, &fields[MSTP_CIST_BRIDGE_PRIO], id & 0xf000);
	add_uint(d, &fields[MSTP_CIST_BRIDGE_EXT], id & 0x0fff);
	take_rows(d, &body, &fields[MSTP_CIST_BRIDGE_HW],
		  &fields[MSTP_CIST_REMAINING_HOPS]);
	while (body.state == CUR_OK && body.claim >= TREE_LEN)
		decode_tree(d, &body);
	if (body.state == CUR_OK && c->claim >= 2)
		decode_shortest_path(d, c);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_mstp = {
    "mstp",
    "Multiple Spanning Trees",
    PROTO_TABLES(fields, keys),
    .also = PROTO_stp,
    .decode = decode,
};
