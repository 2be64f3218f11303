/*
 * Network time (RFC 5905): leap indicator, version and mode (1), stratum (1),
 * poll (1), precision (1), delay, dispersion and reference (4 each), then four
 * time stamps of 8 bytes.
 */
#include "decode/proto.h"

enum {
	NTP_FLAGS,
	NTP_LI,
	NTP_VN,
	NTP_MODE,
	NTP_STRATUM,
	NTP_POLL,
	NTP_PRECISION,
	NTP_REFID,
};

enum { MODE_PRIVATE = 7, RESPONSE = 0x80, PEER_LIST = 1, PEER_STRATUM = 10 };

static const struct names mode_names[] = {
    {1, "symmetric active"}, {2, "symmetric passive"},
    {3, "Client"},	     {4, "Server"},
    {5, "Broadcast"},	     {6, "Control Message"},
    {7, "Reserved"},	     {0, NULL}};

static const struct field fields[] = {
    [NTP_FLAGS] = {"ntp.flags", "Flags", .type = FIELD_UINT, .width = 1,
		   .flags = FIELD_HEX},
    [NTP_LI] = {"ntp.flags.li", "Leap indicator", .mask = 0xc0,
		.type = FIELD_UINT},
    [NTP_VN] = {"ntp.flags.vn", "Version", .mask = 0x38, .type = FIELD_UINT,
		.flags = FIELD_LINE},
    [NTP_MODE] = {"ntp.flags.mode", "Mode", mode_names, .mask = 0x07,
		  .type = FIELD_UINT, .flags = FIELD_LINE},
    [NTP_STRATUM] = {"ntp.stratum", "Stratum", .type = FIELD_UINT, .width = 1},
    [NTP_POLL] = {"ntp.ppoll", "Poll interval, 2^n s", .type = FIELD_UINT,
		  .width = 1},
    [NTP_PRECISION] = {"ntp.precision", "Precision, 2^(n - 256) s",
		       .type = FIELD_UINT, .width = 1},
    [NTP_REFID] = {"ntp.refid", "Reference", .type = FIELD_BYTES, .width = 4},
};

/* What ntpd answers to its own tools (mode 7): request (1) after 2 bytes,
   number of items (2) and size of each (2); of peers, addresses and port (10)
   go before the stratum. */
static void decode_peers(struct dissect *d, struct cur c)
{
	unsigned request, n, size;
	struct cur item;

	cur_skip(&c, 2);
	request = cur_u8(&c);
	n = cur_be16(&c) & 0xfff;
	size = cur_be16(&c) & 0xfff;
	if (request != PEER_LIST || size <= PEER_STRATUM)
		return;
	while (n-- > 0 && cur_left(&c) > PEER_STRATUM) {
		item = cur_part(&c, size);
		cur_skip(&item, PEER_STRATUM);
		take(d, &item, &fields[NTP_STRATUM]);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned flags = (unsigned)take(d, c, &fields[NTP_FLAGS]);
	unsigned mode;

	if (c->state != CUR_OK)
		return;
	mode = flags & fields[NTP_MODE].mask;
	if (mode != MODE_PRIVATE) /* it has other flags in these bits */
		add_bits(d, &fields[NTP_LI], flags);
	add_bits(d, &fields[NTP_VN], flags);
	add_bits(d, &fields[NTP_MODE], flags);
	if (mode == MODE_PRIVATE && flags & RESPONSE)
		decode_peers(d, *c);
	if (mode >= 6)
		return;
	take(d, c, &fields[NTP_STRATUM]);
	take(d, c, &fields[NTP_POLL]);
	take(d, c, &fields[NTP_PRECISION]);
	cur_skip(c, 8);
	take(d, c, &fields[NTP_REFID]);
}

static void summary(struct summary *l)
{
	const struct value *vn = summary_value(l, NTP_VN);
	unsigned mode = (unsigned)summary_num(l, NTP_MODE);

	if (!vn) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "NTPv%u, %s, length %u", (unsigned)vn->num,
		       names_or(mode_names, mode, "unspecified"),
		       l->layer->len);
}

static const struct key keys[] = {{KEY_UDP_PORT, 123}};

const struct proto proto_ntp = {
    "ntp",
    "Network Time Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
