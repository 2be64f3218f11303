/*
 * What OpenBSD's packet filter logs (pflog(4)), before an IP packet.
 *
 *	length without padding (1), family (1), action (1), reason (1),
 *	interface (16), rule set (16), rule (4), subrule (4), uid, pid, rule's
 *	uid and pid (4 each), direction (1), padding to a multiple of 4
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	PFLOG_LENGTH,
	PFLOG_FAMILY,
	PFLOG_ACTION,
	PFLOG_REASON,
	PFLOG_IFNAME,
	PFLOG_RULESET,
	PFLOG_RULENR,
	PFLOG_SUBRULENR,
	PFLOG_UID,
	PFLOG_PID,
	PFLOG_RULE_UID,
	PFLOG_RULE_PID,
	PFLOG_DIR,
};

enum { LEAST_LEN = 61, AF_INET_BSD = 2, IFNAME_LEN = 16 };

static const struct names family_names[] = {
    {AF_INET_BSD, "IPv4"}, {24, "IPv6"}, {28, "IPv6"}, {30, "IPv6"}, {0, NULL},
};

static const struct names action_names[] = {
    {0, "pass"},
    {1, "block"},
    {2, "scrub"},
    {3, "noscrub"},
    {4, "nat"},
    {5, "nat"},
    {6, "binat"},
    {7, "binat"},
    {8, "rdr"},
    {9, "rdr"},
    {10, "synproxy-drop"},
    {11, "defer"},
    {12, "match"},
    {13, "divert"},
    {14, "rt"},
    {15, "af-rt"},
    {0, NULL},
};

static const struct names reason_names[] = {
    {0, "match"},	    {1, "bad-offset"},
    {2, "fragment"},	    {3, "short"},
    {4, "normalize"},	    {5, "memory"},
    {6, "bad-timestamp"},   {7, "congestion"},
    {8, "ip-option"},	    {9, "proto-cksum"},
    {10, "state-mismatch"}, {11, "state-insert"},
    {12, "state-limit"},    {13, "src-limit"},
    {14, "synproxy"},	    {0, NULL},
};

static const struct names dir_names[] = {
    {0, "in/out"}, {1, "in"}, {2, "out"}, {0, NULL}};

static const struct field fields[] = {
    [PFLOG_LENGTH] = UINT("pflog.length", "Header length", 1, 0),
    [PFLOG_FAMILY] = NAMED("pflog.af", "Address family", 1, 0, family_names),
    [PFLOG_ACTION] =
	NAMED("pflog.action", "Action", 1, FIELD_LINE, action_names),
    [PFLOG_REASON] =
	NAMED("pflog.reason", "Reason", 1, FIELD_LINE, reason_names),
    [PFLOG_IFNAME] = TEXT("pflog.ifname", "Interface", FIELD_LINE),
    [PFLOG_RULESET] = TEXT("pflog.ruleset", "Ruleset", 0),
    [PFLOG_RULENR] = {"pflog.rulenr", "Rule number", .type = FIELD_INT,
		      .width = 4, .flags = FIELD_LINE},
    [PFLOG_SUBRULENR] = {"pflog.subrulenr", "Sub rule number",
			 .type = FIELD_INT, .width = 4, .flags = 0},
    [PFLOG_UID] = {"pflog.uid", "UID", .type = FIELD_INT, .width = 4,
		   .flags = 0},
    [PFLOG_PID] = {"pflog.pid", "PID", .type = FIELD_INT, .width = 4,
		   .flags = 0},
    [PFLOG_RULE_UID] = {"pflog.rule_uid", "Rule UID", .type = FIELD_INT,
			.width = 4, .flags = 0},
    [PFLOG_RULE_PID] = {"pflog.rule_pid", "Rule PID", .type = FIELD_INT,
			.width = 4, .flags = 0},
    [PFLOG_DIR] = NAMED("pflog.dir", "Direction", 1, FIELD_LINE, dir_names),
};

/* The rules' numbers are big-endian, those of users and processes of the
   machine's order, which is taken for little-endian. */
static void take_signed(struct dissect *d, struct cur *c, unsigned field)
{
	uint32_t num;

	if (!cur_has(c, 4))
		return;
	num = cur_be32(c);
	if (field >= PFLOG_UID)
		num = __builtin_bswap32(num);
	add_uint(d, &fields[field], (uint64_t)(int32_t)num);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned len = (unsigned)take(d, c, &fields[PFLOG_LENGTH]), family, i;
	struct cur header;

	if (len < LEAST_LEN) {
		cur_bad(c);
		return;
	}
	header = cur_part(c, ((len + 3) & ~3u) - 1);
	family = (unsigned)take(d, &header, &fields[PFLOG_FAMILY]);
	take_rows(d, &header, &fields[PFLOG_ACTION], &fields[PFLOG_REASON]);
	take_padded(d, &header, &fields[PFLOG_IFNAME], IFNAME_LEN);
	take_padded(d, &header, &fields[PFLOG_RULESET], IFNAME_LEN);
	for (i = PFLOG_RULENR; i <= PFLOG_RULE_PID; i++)
		take_signed(d, &header, i);
	take(d, &header, &fields[PFLOG_DIR]);
	next_proto(d, c, family == AF_INET_BSD ? PROTO_ip : PROTO_ipv6);
}

static void summary(struct summary *l)
{
	struct summary_got got;
	const struct value *name = summary_value(l, PFLOG_IFNAME);

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (!l->o->link)
		return;
	summary_get(l, &got);
	summary_printf(l, "rule %d/%s(%s): %s %s on ",
		       (int)got.v[PFLOG_RULENR].num, "0",
		       names_or(reason_names, got.v[PFLOG_REASON].num, "unkn"),
		       names_or(action_names, got.v[PFLOG_ACTION].num, "unkn"),
		       names_or(dir_names, got.v[PFLOG_DIR].num, "unkn"));
	if (name)
		summary_text(l, name);
	summary_puts(l, ": ");
}

static const uint8_t leads[] = {PROTO_ip, PROTO_ipv6, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 117}};

const struct proto proto_pflog = {
    "pflog",
    "OpenBSD Packet Filter log file",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
