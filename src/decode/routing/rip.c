/*
 * RIP versions 1 and 2 (RFC 1058, 2453), with authentication (RFC 2082).
 *
 *	command (1), version (1), 0 (2), then entries of 20 bytes: family (2),
 *	tag (2), address (4), mask (4), next hop (4), metric (4)
 */
#include "decode/lib/rows.h"

enum {
	RIP_COMMAND,
	RIP_VERSION,
	RIP_FAMILY,
	RIP_ROUTE_TAG,
	RIP_IP,
	RIP_NETMASK,
	RIP_NEXT_HOP,
	RIP_METRIC,
	RIP_AUTH_TYPE,
	RIP_AUTH_PASSWD,
	RIP_DIGEST_OFFSET,
	RIP_KEY_ID,
	RIP_AUTH_DATA_LEN,
	RIP_SEQ_NUM,
	RIP_AUTHENTICATION_DATA,
};

enum {
	FAMILY_AUTH = 0xffff,
	AUTH_PASSWORD = 2,
	AUTH_DIGEST = 3,
	TRAILER = 1,
	ENTRY = 20
};

static const struct names command_names[] = {
    {1, "Request"},   {2, "Response"}, {3, "Trace on"},
    {4, "Trace off"}, {0, NULL},
};

static const struct field fields[] = {
    [RIP_COMMAND] =
	NAMED("rip.command", "Command", 1, FIELD_LINE, command_names),
    [RIP_VERSION] = UINT("rip.version", "Version", 1, FIELD_LINE),
    [RIP_FAMILY] = UINT("rip.family", "Address family", 2, 0),
    [RIP_ROUTE_TAG] = UINT("rip.route_tag", "Route tag", 2, 0),
    [RIP_IP] = IPV4("rip.ip", "IP address", 0),
    [RIP_NETMASK] = IPV4("rip.netmask", "Netmask", 0),
    [RIP_NEXT_HOP] = IPV4("rip.next_hop", "Next hop", 0),
    [RIP_METRIC] = UINT("rip.metric", "Metric", 4, 0),
    [RIP_AUTH_TYPE] = UINT("rip.auth.type", "Authentication type", 2, 0),
    [RIP_AUTH_PASSWD] = TEXT("rip.auth.passwd", "Password", 0),
    [RIP_DIGEST_OFFSET] = UINT("rip.digest_offset", "Digest offset", 2, 0),
    [RIP_KEY_ID] = UINT("rip.key_id", "Key id", 1, 0),
    [RIP_AUTH_DATA_LEN] = UINT("rip.auth_data_len", "Auth data len", 1, 0),
    [RIP_SEQ_NUM] = UINT("rip.seq_num", "Seq num", 4, 0),
    [RIP_AUTHENTICATION_DATA] =
	BYTES("rip.authentication_data", "Authentication data", 0, 0),
};

static void decode_auth(struct dissect *d, struct cur *c)
{
	unsigned type = cur_be16(c), len;

	if (type != TRAILER && c->state == CUR_OK)
		add_uint(d, &fields[RIP_AUTH_TYPE], type);

	switch (type) {
	case AUTH_PASSWORD:
		take_padded(d, c, &fields[RIP_AUTH_PASSWD], 16);
		break;
	case AUTH_DIGEST:
		take(d, c, &fields[RIP_DIGEST_OFFSET]);
		take(d, c, &fields[RIP_KEY_ID]);
		len = (unsigned)take(d, c, &fields[RIP_AUTH_DATA_LEN]);
		take(d, c, &fields[RIP_SEQ_NUM]);
		d->layer->fact[0] = len;
		break;
	case TRAILER:
		take_bytes(d, c, &fields[RIP_AUTHENTICATION_DATA],
			   c->claim < 16 ? c->claim : 16);
		break;
	}
}

static void decode_entry(struct dissect *d, struct cur *c, unsigned version)
{
	unsigned family = (unsigned)take(d, c, &fields[RIP_FAMILY]);

	if (version >= 2)
		take(d, c, &fields[RIP_ROUTE_TAG]);
	else
		cur_skip(c, 2);
	if (family == 2)
		take(d, c, &fields[RIP_IP]);
	else if (family == 0)
		cur_skip(c, 4);
	else
		return;
	if (version >= 2)
		take_rows(d, c, &fields[RIP_NETMASK], &fields[RIP_NEXT_HOP]);
	else
		cur_skip(c, 8);
	take(d, c, &fields[RIP_METRIC]);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned version;
	struct cur look, entry;

	take(d, c, &fields[RIP_COMMAND]);
	version = (unsigned)take(d, c, &fields[RIP_VERSION]);
	cur_skip(c, 2); /* of version 2: unused */
	while (c->state == CUR_OK && c->claim >= 4) {
		look = *c;
		if (cur_be16(&look) == FAMILY_AUTH) {
			entry = cur_part(
			    c, c->claim < ENTRY || d->layer->fact[0] ? c->claim
								     : ENTRY);
			cur_skip(&entry, 2);
			decode_auth(d, &entry);
			continue;
		}
		if (c->claim < ENTRY)
			return;
		entry = cur_part(c, ENTRY);
		decode_entry(d, &entry, version);
	}
}

static void summary(struct summary *l)
{
	const struct value *version = summary_value(l, RIP_VERSION);

	if (!version) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "RIPv%u, %s, length: %u", (unsigned)version->num,
		       names_or(command_names, summary_num(l, RIP_COMMAND),
				"unknown command"),
		       l->layer->len);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 520}};

const struct proto proto_rip = {
    "rip",
    "Routing Information Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
