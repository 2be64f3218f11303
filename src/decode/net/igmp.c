/*
 * IGMP (RFC 1112, 2236, 3376).
 *
 *	+-----------+-----------+-----------------+
 *	| type      | max. time | checksum        |
 *	+-----------+-----------+-----------------+
 *	| group address                           |
 *	+-----------------------------------------+
 *	| version 3: sources of a query, records of a report
 */
#include "decode/proto.h"

enum {
	IGMP_VERSION,
	IGMP_TYPE,
	IGMP_MAX_RESP,
	IGMP_CHECKSUM,
	IGMP_MADDR,
	IGMP_NUM_SRC,
	IGMP_SADDR,
	IGMP_NUM_RECORDS,
	IGMP_RECORD_TYPE,
	IGMP_AUX_LEN,
	IGMP_RESERVED,
};

enum {
	QUERY = 0x11,
	V1_REPORT = 0x12,
	V2_REPORT = 0x16,
	LEAVE = 0x17,
	DVMRP = 0x13,
	PIM = 0x14,
	V3_REPORT = 0x22,
};

static const struct names type_names[] = {
    {QUERY, "Membership query"},     {V1_REPORT, "Version 1 report"},
    {V2_REPORT, "Version 2 report"}, {LEAVE, "Leave group"},
    {V3_REPORT, "Version 3 report"}, {0, NULL},
};

static const struct names record_names[] = {
    {1, "is_in"}, {2, "is_ex"}, {3, "to_in"}, {4, "to_ex"},
    {5, "allow"}, {6, "block"}, {0, NULL},
};

static const struct field fields[] = {
    [IGMP_VERSION] = {"igmp.version", "Version", .type = FIELD_UINT,
		      .flags = FIELD_LINE},
    [IGMP_TYPE] = {"igmp.type", "Type", type_names, .type = FIELD_UINT,
		   .width = 1, .flags = FIELD_HEX | FIELD_LINE},
    [IGMP_MAX_RESP] = {"igmp.max_resp", "Maximal response time, 0.1 s",
		       .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [IGMP_CHECKSUM] = {"igmp.checksum", "Checksum", .type = FIELD_UINT,
		       .width = 2, .flags = FIELD_HEX},
    [IGMP_MADDR] = {"igmp.maddr", "Group", .type = FIELD_IPV4, .width = 4,
		    .flags = FIELD_LINE},
    [IGMP_NUM_SRC] = {"igmp.num_src", "Number of sources", .type = FIELD_UINT,
		      .width = 2, .flags = FIELD_LINE},
    [IGMP_SADDR] = {"igmp.saddr", "Source", .type = FIELD_IPV4, .width = 4},
    [IGMP_NUM_RECORDS] = {"igmp.num_grp_recs", "Number of group records",
			  .type = FIELD_UINT, .width = 2, .flags = FIELD_LINE},
    [IGMP_RECORD_TYPE] = {"igmp.record_type", "Record type", record_names,
			  .type = FIELD_UINT, .width = 1,
			  .flags = FIELD_LINE_V},
    [IGMP_AUX_LEN] = {"igmp.aux_data_len", "Auxiliary data, 4 bytes",
		      .type = FIELD_UINT, .width = 1},
    [IGMP_RESERVED] = {"igmp.reserved", "Reserved", .type = FIELD_BYTES},
};

static void decode_sources(struct dissect *d, struct cur *c, unsigned n)
{
	while (n-- && c->state == CUR_OK)
		take(d, c, &fields[IGMP_SADDR]);
}

static void decode_report(struct dissect *d, struct cur *c)
{
	unsigned n, extra, sources;

	take_bytes(d, c, &fields[IGMP_RESERVED], 1);
	take(d, c, &fields[IGMP_CHECKSUM]);
	take_bytes(d, c, &fields[IGMP_RESERVED], 2);
	n = (unsigned)take(d, c, &fields[IGMP_NUM_RECORDS]);
	while (n-- && c->state == CUR_OK) {
		take(d, c, &fields[IGMP_RECORD_TYPE]);
		extra = (unsigned)take(d, c, &fields[IGMP_AUX_LEN]);
		sources = (unsigned)take(d, c, &fields[IGMP_NUM_SRC]);
		take(d, c, &fields[IGMP_MADDR]);
		decode_sources(d, c, sources);
		cur_skip(c, extra * 4);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look = *c;
	unsigned type = cur_u8(&look), time = cur_u8(&look), sources;

	if (!cur_has(c, 8))
		return;
	/* other protocols that share its number */
	if (type == DVMRP || type == PIM) {
		d->layer->name = type == DVMRP ? "igmp:dvmrp" : "igmp:pim";
		return;
	}
	add_uint(d, &fields[IGMP_VERSION],
		 type == V3_REPORT || (type == QUERY && c->claim >= 12) ? 3
		 : type == V1_REPORT || (type == QUERY && time == 0)	? 1
									: 2);
	/* a version is a layer of its own in Wireshark */
	d->layer->name = "igmp:igmp";
	take(d, c, &fields[IGMP_TYPE]);
	if (type == V3_REPORT) {
		decode_report(d, c);
		return;
	}
	if (type == V1_REPORT || (type == QUERY && time == 0))
		take_bytes(d, c, &fields[IGMP_RESERVED], 1);
	else
		take(d, c, &fields[IGMP_MAX_RESP]);
	take(d, c, &fields[IGMP_CHECKSUM]);
	take(d, c, &fields[IGMP_MADDR]);
	if (type == QUERY && c->claim >= 4) {
		cur_skip(c, 2);
		sources = (unsigned)take(d, c, &fields[IGMP_NUM_SRC]);
		decode_sources(d, c, sources);
	}
}

static void query_line(struct summary *l, const struct summary_got *got)
{
	unsigned time = (unsigned)got->v[IGMP_MAX_RESP].num;
	unsigned version = (unsigned)got->v[IGMP_VERSION].num;

	summary_printf(l, "igmp query v%u", version);
	if (version == 3 && time > 127)
		time = ((time & 15) | 16) << ((time >> 4 & 7) + 3);
	if (version == 3 && time != 100)
		summary_printf(l, " [max resp time %u.%us]", time / 10,
			       time % 10);
	else if (version == 2 && time != 100)
		summary_printf(l, " [max resp time %u]", time);
	if (got->v[IGMP_MADDR].num) {
		summary_puts(l, " [gaddr ");
		summary_ip4(l, (uint32_t)got->v[IGMP_MADDR].num);
		if (summary_has(got, IGMP_NUM_SRC) && got->v[IGMP_NUM_SRC].num)
			summary_printf(l, ", %u source(s)",
				       (unsigned)got->v[IGMP_NUM_SRC].num);
		summary_puts(l, "]");
	}
}

static void summary(struct summary *l)
{
	struct summary_got got;
	unsigned type;

	summary_get(l, &got);
	if (!summary_has(&got, IGMP_TYPE)) {
		summary_mark(l);
		return;
	}
	if (l->o->quick) {
		summary_puts(l, "igmp");
		return;
	}
	type = (unsigned)got.v[IGMP_TYPE].num;
	switch (type) {
	case QUERY:
		query_line(l, &got);
		break;
	case V1_REPORT:
	case V2_REPORT:
	case LEAVE:
		summary_puts(l, type == V1_REPORT   ? "igmp v1 report "
				: type == V2_REPORT ? "igmp v2 report "
						    : "igmp leave ");
		summary_ip4(l, (uint32_t)got.v[IGMP_MADDR].num);
		break;
	case V3_REPORT:
		summary_printf(l, "igmp v3 report, %u group record(s)",
			       (unsigned)got.v[IGMP_NUM_RECORDS].num);
		break;
	default:
		summary_printf(l, "igmp-%u", type);
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_IPPROTO, 2}};

const struct proto proto_igmp = {
    "igmp",
    "Internet Group Management Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
