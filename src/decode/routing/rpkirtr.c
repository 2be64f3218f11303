/*
 * RPKI to router (RFC 6810, 8210), over TCP.
 *
 *	version (1), type (1), session, error code or reserved (2), length of
 *	all (4), then by type
 *	prefix: flags, its length, most length, reserved (1 each), prefix, AS
 *(4)
 */
#include "decode/lib/rows.h"

enum {
	RTR_VERSION,
	RTR_TYPE,
	RTR_SESSION,
	RTR_RESERVED,
	RTR_ERROR,
	RTR_LENGTH,
	RTR_SERIAL,
	RTR_REFRESH,
	RTR_RETRY,
	RTR_EXPIRE,
	RTR_FLAGS,
	RTR_FLAG_AW,
	RTR_PREFIX_LENGTH,
	RTR_MAX_LENGTH,
	RTR_IPV4,
	RTR_IPV6,
	RTR_AS,
	RTR_KEY_ID,
	RTR_PDU_LENGTH,
	RTR_PDU,
	RTR_TEXT_LENGTH,
	RTR_TEXT,
};

enum {
	SERIAL_NOTIFY,
	SERIAL_QUERY,
	RESET_QUERY,
	CACHE_RESPONSE,
	IPV4_PREFIX,
	IPV6_PREFIX = 6,
	END_OF_DATA,
	CACHE_RESET,
	ROUTER_KEY,
	ERROR_REPORT,
	HEADER_LEN = 8,
};

static const struct names type_names[] = {
    {SERIAL_NOTIFY, "Serial Notify"},
    {SERIAL_QUERY, "Serial Query"},
    {RESET_QUERY, "Reset Query"},
    {CACHE_RESPONSE, "Cache Response"},
    {IPV4_PREFIX, "IPv4 Prefix"},
    {IPV6_PREFIX, "IPv6 Prefix"},
    {END_OF_DATA, "End of Data"},
    {CACHE_RESET, "Cache Reset"},
    {ROUTER_KEY, "Router Key"},
    {ERROR_REPORT, "Error Report"},
    {0, NULL},
};

#define RTR(nm) "rpki-rtr." nm

static const struct field fields[] = {
    [RTR_VERSION] = UINT(RTR("version"), "Version", 1, FIELD_LINE),
    [RTR_TYPE] = NAMED(RTR("pdu_type"), "Type", 1, FIELD_LINE, type_names),
    [RTR_SESSION] = UINT(RTR("session_id"), "Session", 2, 0),
    [RTR_RESERVED] = BYTES(RTR("reserved"), "Reserved", 2, 0),
    [RTR_ERROR] = UINT(RTR("error_code"), "Error", 2, FIELD_LINE),
    [RTR_LENGTH] = UINT(RTR("length"), "Length", 4, 0),
    [RTR_SERIAL] = UINT(RTR("serial_number"), "Serial", 4, FIELD_LINE),
    [RTR_REFRESH] = UINT(RTR("refresh_interval"), "Refresh, s", 4, 0),
    [RTR_RETRY] = UINT(RTR("retry_interval"), "Retry, s", 4, 0),
    [RTR_EXPIRE] = UINT(RTR("expire_interval"), "Expire, s", 4, 0),
    [RTR_FLAGS] = UINT(RTR("flags"), "Flags", 1, FIELD_HEX),
    [RTR_FLAG_AW] = FLAG(RTR("flags.aw"), "Announced", 1, 1),
    [RTR_PREFIX_LENGTH] =
	UINT(RTR("prefix_length"), "Prefix length", 1, FIELD_LINE),
    [RTR_MAX_LENGTH] = UINT(RTR("max_length"), "Most length", 1, FIELD_LINE),
    [RTR_IPV4] = IPV4(RTR("ipv4_prefix"), "Prefix", FIELD_LINE),
    [RTR_IPV6] = IPV6(RTR("ipv6_prefix"), "Prefix", FIELD_LINE),
    [RTR_AS] = UINT(RTR("as_number"), "AS", 4, FIELD_LINE),
    [RTR_KEY_ID] =
	BYTES(RTR("subject_key_identifier"), "Key identifier", 20, 0),
    [RTR_PDU_LENGTH] = UINT(RTR("length_pdu"), "Length", 4, 0),
    [RTR_PDU] = BYTES(RTR("error_pdu"), "What was wrong", 0, 0),
    [RTR_TEXT_LENGTH] = UINT(RTR("length_text"), "Length", 4, 0),
    [RTR_TEXT] = TEXT(RTR("error_text"), "Text", FIELD_LINE),
};

static void decode_prefix(struct dissect *d, struct cur *c, unsigned address)
{
	take(d, c, &fields[RTR_RESERVED]);
	take(d, c, &fields[RTR_LENGTH]);
	take_bits(d, c, &fields[RTR_FLAGS], &fields[RTR_FLAG_AW]);
	take_rows(d, c, &fields[RTR_PREFIX_LENGTH], &fields[RTR_MAX_LENGTH]);
	take_bytes(d, c, &fields[RTR_RESERVED], 1);
	take(d, c, &fields[address]);
	take(d, c, &fields[RTR_AS]);
}

static void decode_error(struct dissect *d, struct cur *c)
{
	size_t n;

	take_rows(d, c, &fields[RTR_ERROR], &fields[RTR_LENGTH]);
	n = (size_t)take(d, c, &fields[RTR_PDU_LENGTH]);
	if (n)
		take_bytes(d, c, &fields[RTR_PDU], n);
	n = (size_t)take(d, c, &fields[RTR_TEXT_LENGTH]);
	if (n)
		take_bytes(d, c, &fields[RTR_TEXT], n);
}

static void decode_unit(struct dissect *d, struct cur *c)
{
	unsigned version = (unsigned)take(d, c, &fields[RTR_VERSION]);
	unsigned type = (unsigned)take(d, c, &fields[RTR_TYPE]);

	switch (type) {
	case SERIAL_NOTIFY:
	case SERIAL_QUERY:
	case END_OF_DATA:
		take(d, c, &fields[RTR_SESSION]);
		take(d, c, &fields[RTR_LENGTH]);
		take(d, c, &fields[RTR_SERIAL]);
		if (type == END_OF_DATA && version)
			take_rows(d, c, &fields[RTR_REFRESH],
				  &fields[RTR_EXPIRE]);
		break;
	case CACHE_RESPONSE:
		take(d, c, &fields[RTR_SESSION]);
		take(d, c, &fields[RTR_LENGTH]);
		break;
	case RESET_QUERY:
	case CACHE_RESET:
		take(d, c, &fields[RTR_RESERVED]);
		take(d, c, &fields[RTR_LENGTH]);
		break;
	case IPV4_PREFIX:
		decode_prefix(d, c, RTR_IPV4);
		break;
	case IPV6_PREFIX:
		decode_prefix(d, c, RTR_IPV6);
		break;
	case ROUTER_KEY:
		take_bits(d, c, &fields[RTR_FLAGS], &fields[RTR_FLAG_AW]);
		cur_skip(c, 1);
		take(d, c, &fields[RTR_LENGTH]);
		take(d, c, &fields[RTR_KEY_ID]);
		take(d, c, &fields[RTR_AS]);
		break;
	case ERROR_REPORT:
		decode_error(d, c);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur unit;
	uint32_t len;

	while (cur_left(c) && cur_has(c, HEADER_LEN)) {
		len = cur_peek32(c, 4);
		if (len < HEADER_LEN) {
			cur_bad(c);
			return;
		}
		unit = cur_part(c, len);
		decode_unit(d, &unit);
	}
}

static bool message(struct cur c, struct framing *f)
{
	size_t len;

	cur_skip(&c, 4);
	len = cur_be32(&c);
	f->size = len < HEADER_LEN ? cur_left(&c) + HEADER_LEN : len;
	return c.state == CUR_OK;
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = ", ";
	unsigned prefix = 0, most = 0;

	summary_puts(l, "RPKI-RTR");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case RTR_TYPE:
			summary_printf(l, "%s%s", sep,
				       names_or(type_names, v->num, "PDU"));
			break;
		case RTR_SERIAL:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		case RTR_ERROR:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		case RTR_PREFIX_LENGTH:
			prefix = (unsigned)v->num;
			break;
		case RTR_MAX_LENGTH:
			most = (unsigned)v->num;
			break;
		case RTR_IPV4:
			summary_puts(l, " ");
			summary_ip4(l, (uint32_t)v->num);
			summary_printf(l, "/%u-%u", prefix, most);
			break;
		case RTR_IPV6:
			summary_puts(l, " ");
			summary_ip(l, v->bytes, 16);
			summary_printf(l, "/%u-%u", prefix, most);
			break;
		case RTR_AS:
			summary_printf(l, " AS%u", (unsigned)v->num);
			break;
		case RTR_TEXT:
			summary_puts(l, " \"");
			summary_text(l, v);
			summary_puts(l, "\"");
			break;
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_TCP_PORT, 323}};

const struct proto proto_rpkirtr = {
    "rpkirtr",	      "RPKI-Router Protocol", PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,     .pdu_length = message,
};
