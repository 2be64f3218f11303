/*
 * RTP (RFC 3550). It has no port of its own: session descriptions announce
 * one, or --as 'udp port 5004=rtp' does.
 *
 *	version, padding, extension, sources (1), marker and payload type (1),
 *	sequence number (2), time stamp (4), source (4), contributing sources
 *	(4 each), extension: profile (2), length in words (2), data; payload
 */
#include "decode/flow/hints.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	RTP_VERSION,
	RTP_PADDING,
	RTP_EXT,
	RTP_CC,
	RTP_MARKER,
	RTP_P_TYPE,
	RTP_SEQ,
	RTP_TIMESTAMP,
	RTP_SSRC,
	RTP_CSRC_ITEM,
	RTP_EXT_PROFILE,
	RTP_EXT_LEN,
	RTP_PAYLOAD,
};

enum { FACT_RTCP };

static const struct names payload_names[] = {
    {0, "PCMU"},  {3, "GSM"},	{4, "G723"},  {8, "PCMA"}, {9, "G722"},
    {10, "L16"},  {11, "L16"},	{13, "CN"},   {14, "MPA"}, {15, "G728"},
    {18, "G729"}, {26, "JPEG"}, {31, "H261"}, {32, "MPV"}, {33, "MP2T"},
    {34, "H263"}, {0, NULL},
};

static const struct field fields[] = {
    [RTP_VERSION] = BITS("rtp.version", "Version", 1, 0xc0, 0),
    [RTP_PADDING] = FLAG("rtp.padding", "Padding", 1, 0x20),
    [RTP_EXT] = FLAG("rtp.ext", "Extension", 1, 0x10),
    [RTP_CC] =
	BITS("rtp.cc", "Contributing source identifiers count", 1, 0xf, 0),
    [RTP_MARKER] = BITS("rtp.marker", "Marker", 1, 0x80, FIELD_LINE),
    [RTP_P_TYPE] = {"rtp.p_type", "Payload type", payload_names, .mask = 0x7f,
		    .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [RTP_SEQ] = UINT("rtp.seq", "Sequence number", 2, FIELD_LINE),
    [RTP_TIMESTAMP] = UINT("rtp.timestamp", "Timestamp", 4, FIELD_LINE),
    [RTP_SSRC] = UINT("rtp.ssrc", "Synchronization source identifier", 4,
		      FIELD_HEX | FIELD_LINE),
    [RTP_CSRC_ITEM] = UINT("rtp.csrc.item", "CSRC item", 4, FIELD_HEX),
    [RTP_EXT_PROFILE] =
	UINT("rtp.ext.profile", "Defined by profile", 2, FIELD_HEX),
    [RTP_EXT_LEN] = UINT("rtp.ext.len", "Extension length", 2, 0),
    [RTP_PAYLOAD] = BYTES("rtp.payload", "Payload", 0, 0),
};

/* RTCP on the same port (RFC 5761, section 4): its types are here payload types
   from 64 to 95 with the marker. */
static bool is_rtcp(struct cur c)
{
	unsigned type;

	cur_skip(&c, 1);
	type = cur_u8(&c);
	return c.state == CUR_OK && type >= 192 && type <= 223;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, second, n, padding = 0;

	if (is_rtcp(*c)) {
		d->layer->fact[FACT_RTCP] = 1;
		next_proto(d, c, PROTO_rtcp);
		return;
	}
	if (!cur_has(c, 12))
		return;
	first = cur_u8(c);
	add_bits_rows(d, &fields[RTP_VERSION], &fields[RTP_CC], first);
	second = cur_u8(c);
	add_bits_rows(d, &fields[RTP_MARKER], &fields[RTP_P_TYPE], second);
	take_rows(d, c, &fields[RTP_SEQ], &fields[RTP_SSRC]);
	for (n = first & 15; n > 0 && c->state == CUR_OK; n--)
		take(d, c, &fields[RTP_CSRC_ITEM]);
	if (first & 0x10) {
		take(d, c, &fields[RTP_EXT_PROFILE]);
		cur_skip(c, 4 * (size_t)take(d, c, &fields[RTP_EXT_LEN]));
	}
	/* SRTP: the rest is encrypted */
	if (d->hints & HINT_SRTP)
		return;
	/* the last byte says how many are padding */
	if (first & 0x20 && c->state == CUR_OK && c->claim > 0 &&
	    cur_left(c) == c->claim) {
		padding = c->cap[-1];
		if (padding > c->claim) {
			cur_bad(c);
			return;
		}
	}
	if (c->state == CUR_OK && c->claim > padding)
		take_bytes(d, c, &fields[RTP_PAYLOAD], c->claim - padding);
}

static void summary(struct summary *l)
{
	struct summary_got got;

	if (l->layer->fact[FACT_RTCP])
		return;
	summary_get(l, &got);
	if (!summary_has(&got, RTP_SSRC)) {
		summary_mark(l);
		return;
	}
	summary_printf(
	    l, "RTP, type %u (%s)%s, seq %u, time %u, ssrc 0x%08x",
	    (unsigned)got.v[RTP_P_TYPE].num,
	    names_or(payload_names, got.v[RTP_P_TYPE].num,
		     got.v[RTP_P_TYPE].num >= 96 ? "dynamic" : "unknown"),
	    got.v[RTP_MARKER].num ? "*" : "", (unsigned)got.v[RTP_SEQ].num,
	    (unsigned)got.v[RTP_TIMESTAMP].num, (unsigned)got.v[RTP_SSRC].num);
	summary_printf(l, ", length %u", l->layer->len);
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_rtcp, PROTO_NONE};

static const struct key keys[] = {{KEY_UDP_MEDIA, MEDIA_RTP}};

const struct proto proto_rtp = {
    "rtp",
    "Real-Time Transport Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
