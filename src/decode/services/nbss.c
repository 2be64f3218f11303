/*
 * NetBIOS session service (RFC 1002, 4.3), and what stands in its place on
 * port 445: type (1), length (3), message. Requests of sessions have flags
 * where the length begins, and names.
 */
#include "decode/lib/rows.h"
#include "decode/lib/smbstr.h"
#include "decode/proto_ids.h"

enum {
	NBSS_TYPE,
	NBSS_FLAGS,
	NBSS_FLAG_E,
	NBSS_LENGTH,
	NBSS_CALLED,
	NBSS_CALLING,
	NBSS_ERROR,
};

enum { MESSAGE = 0, REQUEST = 0x81, NEGATIVE = 0x83, KEEP_ALIVE = 0x85 };

static const struct names type_names[] = {
    {MESSAGE, "Session message"},
    {REQUEST, "Session request"},
    {0x82, "Positive session response"},
    {NEGATIVE, "Negative session response"},
    {0x84, "Retarget session response"},
    {KEEP_ALIVE, "Session keep-alive"},
    {0, NULL},
};

static const struct field fields[] = {
    [NBSS_TYPE] = {"nbss.type", "Type", type_names, .type = FIELD_UINT,
		   .width = 1, .flags = FIELD_HEX | FIELD_LINE},
    [NBSS_FLAGS] = UINT("nbss.flags", "Flags", 1, FIELD_HEX),
    [NBSS_FLAG_E] = FLAG("nbss.flags.e", "Length extended", 1, 0x01),
    [NBSS_LENGTH] = UINT("nbss.length", "Length", 3, 0),
    [NBSS_CALLED] = TEXT("nbss.called_name", "Called name", FIELD_LINE),
    [NBSS_CALLING] = TEXT("nbss.calling_name", "Calling name", FIELD_LINE),
    [NBSS_ERROR] = UINT("nbss.error_code", "Error", 1, FIELD_HEX),
};

static bool is_header(struct cur c)
{
	unsigned type = cur_u8(&c), flags = cur_u8(&c);

	if (type == MESSAGE)
		return c.state == CUR_OK;
	return c.state == CUR_OK && type >= REQUEST && type <= KEEP_ALIVE &&
	       flags <= 1;
}

/* Which protocol an SMB header belongs to. */
static unsigned smb_of(const struct cur *c)
{
	if (cur_left(c) < 4 || memcmp(cur_here(c) + 1, "SMB", 3) != 0)
		return PROTO_NONE;
	return cur_peek8(c, 0) == 0xff ? PROTO_smb
	       : cur_peek8(c, 0) == 0xfe || cur_peek8(c, 0) == 0xfd
		   ? PROTO_smb2
		   : PROTO_NONE;
}

static void decode_request(struct dissect *d, struct cur *c, unsigned type)
{
	unsigned flags = (unsigned)take(d, c, &fields[NBSS_FLAGS]), len;
	struct cur body;

	add_bits(d, &fields[NBSS_FLAG_E], flags);
	if (!cur_has(c, 2))
		return;
	len = cur_be16(c) | (flags & 1) << 16;
	add_uint(d, &fields[NBSS_LENGTH], len);
	body = cur_unit(c, len);
	cur_skip(c, cur_left(&body));
	if (type == REQUEST) {
		take_netbios_name(d, &body, &fields[NBSS_CALLED]);
		take_netbios_name(d, &body, &fields[NBSS_CALLING]);
	} else if (type == NEGATIVE) {
		take(d, &body, &fields[NBSS_ERROR]);
	}
}

/*
 * A segment may hold several messages. SMB gets all from the first one's
 * header on, since it knows by itself where each ends.
 */
static void decode(struct dissect *d, struct cur *c)
{
	unsigned smb = PROTO_NONE, is;
	struct cur start = *c, body;
	unsigned type;
	size_t len;

	while (c->state == CUR_OK && cur_left(c) >= 4) {
		if (!is_header(*c))
			break; /* the middle of a message */
		body = *c;
		type = (unsigned)take(d, c, &fields[NBSS_TYPE]);
		if (type != MESSAGE) {
			decode_request(d, c, type);
			continue;
		}
		len = (size_t)take(d, c, &fields[NBSS_LENGTH]);
		is = smb_of(c);
		if (!smb && is) {
			smb = is;
			start = body;
		}
		body = cur_unit(c, len);
		cur_skip(c, cur_left(&body));
	}
	if (smb)
		next_proto(d, &start, smb);
}

static bool fits(struct cur c)
{
	return cur_peek8(&c, 0) == MESSAGE ||
	       (cur_peek8(&c, 0) > 0x80 && cur_peek8(&c, 0) < 0x86);
}

static bool message(struct cur c, struct framing *f)
{
	unsigned type = cur_u8(&c), len = cur_u8(&c);

	if (type != MESSAGE)
		len &= 1;
	f->size = 4 + ((size_t)len << 16);
	f->size += cur_be16(&c);
	return c.state == CUR_OK;
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, NBSS_TYPE);

	summary_puts(l, "NBT");
	if (type && (type->num != MESSAGE || !l->next))
		summary_printf(l, " %s",
			       names_or(type_names, type->num, "packet"));
	if (summary_value(l, NBSS_CALLED)) {
		summary_puts(l, " ");
		summary_text(l, summary_value(l, NBSS_CALLED));
		summary_puts(l, " from ");
		summary_text(l, summary_value(l, NBSS_CALLING));
	}
	summary_mark(l);
	if (l->next && l->next->proto->summary)
		summary_puts(l, " ");
}

static const struct key keys[] = {{KEY_TCP_PORT, 139}, {KEY_TCP_PORT, 445}};
static const uint8_t leads_proto[] = {PROTO_smb, PROTO_smb2, PROTO_NONE};

const struct proto proto_nbss = {
    "nbss",
    "NetBIOS Session Service",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
    .fits = fits,
};
