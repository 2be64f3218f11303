/*
 * RTCP (RFC 3550): packets one after the other. It has no port of its own:
 * session descriptions announce one, or --as 'udp port 5005=rtcp' does.
 *
 *	version, padding, count (1), type (1), length in words less one (2),
 *	then what the type has
 */
#include "decode/flow/hints.h"
#include "decode/lib/rows.h"

enum {
	RTCP_VERSION,
	RTCP_PADDING,
	RTCP_RC,
	RTCP_SC,
	RTCP_PT,
	RTCP_LENGTH,
	RTCP_SENDERSSRC,
	RTCP_TIMESTAMP_NTP_MSW,
	RTCP_TIMESTAMP_NTP_LSW,
	RTCP_TIMESTAMP_RTP,
	RTCP_SENDER_PACKETCOUNT,
	RTCP_SENDER_OCTETCOUNT,
	RTCP_SSRC_IDENTIFIER,
	RTCP_SSRC_FRACTION,
	RTCP_SSRC_CUM_NR,
	RTCP_SSRC_EXT_HIGH,
	RTCP_SSRC_JITTER,
	RTCP_SSRC_LSR,
	RTCP_SSRC_DLSR,
	RTCP_SDES_TYPE,
	RTCP_SDES_LENGTH,
	RTCP_SDES_TEXT,
};

enum { SENDER = 200, RECEIVER, DESCRIPTION, BYE, APPLICATION, FEEDBACK = 206 };

static const struct names type_names[] = {
    {SENDER, "sr"}, {RECEIVER, "rr"},	  {DESCRIPTION, "sdes"},
    {BYE, "bye"},   {APPLICATION, "app"}, {205, "rtpfb"},
    {206, "psfb"},  {207, "xr"},	  {0, NULL},
};

static const struct names item_names[] = {
    {0, "END"}, {1, "CNAME"}, {2, "NAME"}, {3, "EMAIL"}, {4, "PHONE"},
    {5, "LOC"}, {6, "TOOL"},  {7, "NOTE"}, {8, "PRIV"},	 {0, NULL},
};

static const struct field fields[] = {
    [RTCP_VERSION] = BITS("rtcp.version", "Version", 1, 0xc0, 0),
    [RTCP_PADDING] = FLAG("rtcp.padding", "Padding", 1, 0x20),
    [RTCP_RC] = BITS("rtcp.rc", "Reception report count", 1, 0x1f, 0),
    [RTCP_SC] = BITS("rtcp.sc", "Source count", 1, 0x1f, 0),
    [RTCP_PT] = NAMED("rtcp.pt", "Packet type", 1, FIELD_LINE, type_names),
    [RTCP_LENGTH] = UINT("rtcp.length", "Length", 2, 0),
    [RTCP_SENDERSSRC] =
	UINT("rtcp.senderssrc", "Sender SSRC", 4, FIELD_HEX | FIELD_LINE),
    [RTCP_TIMESTAMP_NTP_MSW] =
	UINT("rtcp.timestamp.ntp.msw", "Timestamp, MSW", 4, 0),
    [RTCP_TIMESTAMP_NTP_LSW] =
	UINT("rtcp.timestamp.ntp.lsw", "Timestamp, LSW", 4, 0),
    [RTCP_TIMESTAMP_RTP] = UINT("rtcp.timestamp.rtp", "RTP timestamp", 4, 0),
    [RTCP_SENDER_PACKETCOUNT] =
	UINT("rtcp.sender.packetcount", "Sender's packet count", 4, 0),
    [RTCP_SENDER_OCTETCOUNT] =
	UINT("rtcp.sender.octetcount", "Sender's octet count", 4, 0),
    [RTCP_SSRC_IDENTIFIER] =
	UINT("rtcp.ssrc.identifier", "Identifier", 4, FIELD_HEX),
    [RTCP_SSRC_FRACTION] = UINT("rtcp.ssrc.fraction", "Fraction lost", 1, 0),
    [RTCP_SSRC_CUM_NR] = {"rtcp.ssrc.cum_nr",
			  "Cumulative number of packets lost",
			  .type = FIELD_INT, .width = 3, .flags = 0},
    [RTCP_SSRC_EXT_HIGH] =
	UINT("rtcp.ssrc.ext_high", "Extended highest sequence number received",
	     4, 0),
    [RTCP_SSRC_JITTER] = UINT("rtcp.ssrc.jitter", "Interarrival jitter", 4, 0),
    [RTCP_SSRC_LSR] = UINT("rtcp.ssrc.lsr", "Last SR timestamp", 4, 0),
    [RTCP_SSRC_DLSR] =
	UINT("rtcp.ssrc.dlsr", "Delay since last SR timestamp", 4, 0),
    [RTCP_SDES_TYPE] = NAMED("rtcp.sdes.type", "Type", 1, 0, item_names),
    [RTCP_SDES_LENGTH] = UINT("rtcp.sdes.length", "Length", 1, 0),
    [RTCP_SDES_TEXT] = TEXT("rtcp.sdes.text", "Text", 0),
};

static void decode_reports(struct dissect *d, struct cur *c, unsigned n)
{
	uint32_t lost;

	for (; n > 0 && c->state == CUR_OK; n--) {
		take_rows(d, c, &fields[RTCP_SSRC_IDENTIFIER],
			  &fields[RTCP_SSRC_FRACTION]);
		lost = (uint32_t)cur_be16(c) << 8;
		lost |= cur_u8(c);
		if (c->state == CUR_OK)
			add_uint(
			    d, &fields[RTCP_SSRC_CUM_NR],
			    (uint64_t)(int64_t)((int32_t)(lost << 8) >> 8));
		take_rows(d, c, &fields[RTCP_SSRC_EXT_HIGH],
			  &fields[RTCP_SSRC_DLSR]);
	}
}

static void decode_description(struct dissect *d, struct cur *c, unsigned n)
{
	size_t start, len;

	for (; n > 0 && c->state == CUR_OK; n--) {
		start = c->claim;
		take(d, c, &fields[RTCP_SSRC_IDENTIFIER]);
		while (c->state == CUR_OK &&
		       take(d, c, &fields[RTCP_SDES_TYPE]) != 0) {
			len = (size_t)take(d, c, &fields[RTCP_SDES_LENGTH]);
			if (len > 0)
				take_bytes(d, c, &fields[RTCP_SDES_TEXT], len);
		}
		cur_skip(c, -(start - c->claim) & 3);
	}
}

/* Version 2, and a first packet of a type that goes first. */
static bool guess(struct cur c)
{
	unsigned first = cur_u8(&c), type = cur_u8(&c);
	size_t len = 4 * (size_t)cur_be16(&c);

	return c.state == CUR_OK && first >> 6 == 2 &&
	       (type == SENDER || type == RECEIVER || type == BYE ||
		type == APPLICATION || type == FEEDBACK) &&
	       c.claim % 4 == 0 && len <= c.claim;
}

static void decode(struct dissect *d, struct cur *c)
{
	bool secret = d->hints & HINT_SRTP;
	unsigned first, type, len;
	struct cur body;

	while (c->state == CUR_OK && c->claim >= 4) {
		first = cur_u8(c);
		add_bits_rows(d, &fields[RTCP_VERSION], &fields[RTCP_PADDING],
			      first);
		type = (unsigned)take(d, c, &fields[RTCP_PT]);
		if (type == SENDER || type == RECEIVER)
			add_bits(d, &fields[RTCP_RC], first);
		else if (type == DESCRIPTION || type == BYE)
			add_bits(d, &fields[RTCP_SC], first);
		len = (unsigned)take(d, c, &fields[RTCP_LENGTH]) * 4;
		body = cur_part(c, len);
		if (type == DESCRIPTION) {
			decode_description(d, &body, first & 0x1f);
			continue;
		}
		if (len >= 4)
			take(d, &body,
			     &fields[type == BYE ? RTCP_SSRC_IDENTIFIER
						 : RTCP_SENDERSSRC]);
		/* SRTCP: the rest is encrypted */
		if (secret && type != BYE)
			return;
		if (type == SENDER)
			take_rows(d, &body, &fields[RTCP_TIMESTAMP_NTP_MSW],
				  &fields[RTCP_SENDER_OCTETCOUNT]);
		if (type == SENDER || type == RECEIVER)
			decode_reports(d, &body, first & 0x1f);
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;

	summary_puts(l, "RTCP");
	for (; v < end; v++)
		if (summary_index(l, v) == RTCP_PT)
			summary_printf(l, " %s",
				       names_or(type_names, v->num, "unknown"));
	summary_printf(l, ", length %u", l->layer->len);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_MEDIA, MEDIA_RTCP},
				  {KEY_UDP_GUESS, 12}};

const struct proto proto_rtcp = {
    "rtcp",
    "Real-time Transport Control Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .guess = guess,
};
