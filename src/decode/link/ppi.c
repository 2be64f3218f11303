/*
 * Per-packet information (CACE): what a capture knows of a packet, before a
 * packet of any link type. All numbers are little-endian.
 *
 *	version (1), flags (1), length (2), link type (4), then fields of type
 *	(2), length (2), value
 */
#include "decode/lib/rows.h"

enum {
	PPI_VERSION,
	PPI_FLAGS,
	PPI_LENGTH,
	PPI_DLT,
	PPI_FIELD_TYPE,
	PPI_FIELD_LEN,
	PPI_TSFT,
	PPI_FLAGS_COMMON,
	PPI_RATE,
	PPI_FREQ,
	PPI_CHANNEL_FLAGS,
	PPI_HOPSET,
	PPI_PATTERN,
	PPI_SIGNAL,
	PPI_NOISE,
};

enum { HEADER_LEN = 8, FIELD_COMMON = 2, LINKTYPE_WLAN = 105, FLAG_FCS = 1 };

static const struct names field_names[] = {
    {2, "802.11 common"}, {3, "802.11n MAC"}, {4, "802.11n MAC and PHY"},
    {5, "Spectrum map"},  {6, "Process"},     {7, "Capture"},
    {8, "Aggregation"},	  {9, "802.3"},	      {0, NULL},
};

static const struct field fields[] = {
    [PPI_VERSION] = UINT("ppi.version", "Version", 1, 0),
    [PPI_FLAGS] = UINT("ppi.flags", "Flags", 1, FIELD_HEX),
    [PPI_LENGTH] = UINT("ppi.length", "Header length", 2, FIELD_LITTLE),
    [PPI_DLT] = UINT("ppi.dlt", "DLT", 4, FIELD_LITTLE | FIELD_LINE),
    [PPI_FIELD_TYPE] =
	NAMED("ppi.field_type", "Field type", 2, FIELD_LITTLE, field_names),
    [PPI_FIELD_LEN] = UINT("ppi.field_len", "Field length", 2, FIELD_LITTLE),
    [PPI_TSFT] = UINT("ppi.80211-common.tsft", "TSFT", 8, FIELD_LITTLE),
    [PPI_FLAGS_COMMON] =
	UINT("ppi.80211-common.flags", "Flags", 2, FIELD_HEX | FIELD_LITTLE),
    [PPI_RATE] =
	UINT("ppi.80211-common.rate", "Data rate, kbit/s", 2, FIELD_LITTLE),
    [PPI_FREQ] = UINT("ppi.80211-common.chan.freq", "Channel frequency", 2,
		      FIELD_LITTLE | FIELD_LINE),
    [PPI_CHANNEL_FLAGS] = UINT("ppi.80211-common.chan.flags", "Channel flags",
			       2, FIELD_HEX | FIELD_LITTLE),
    [PPI_HOPSET] =
	UINT("ppi.80211-common.fhss.hopset", "FHSS hopset", 1, FIELD_HEX),
    [PPI_PATTERN] =
	UINT("ppi.80211-common.fhss.pattern", "FHSS pattern", 1, FIELD_HEX),
    [PPI_SIGNAL] = {"ppi.80211-common.dbm.antsignal", "dBm antenna signal",
		    .type = FIELD_INT, .width = 1, .flags = FIELD_LINE},
    [PPI_NOISE] = {"ppi.80211-common.dbm.antnoise", "dBm antenna noise",
		   .type = FIELD_INT, .width = 1, .flags = 0},
};

static void decode_common(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[PPI_TSFT]);
	d->layer->fact[0] = (uint32_t)take(d, c, &fields[PPI_FLAGS_COMMON]);
	if (!cur_has(c, 2))
		return;
	/* in units of 500 kbit/s */
	add_uint(d, &fields[PPI_RATE], 500 * get_uint(c, &fields[PPI_RATE]));
	take_rows(d, c, &fields[PPI_FREQ], &fields[PPI_PATTERN]);
	if (!cur_has(c, 2))
		return;
	add_uint(d, &fields[PPI_SIGNAL], (uint64_t)(int8_t)cur_u8(c));
	add_uint(d, &fields[PPI_NOISE], (uint64_t)(int8_t)cur_u8(c));
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned len, linktype, type;
	struct cur header, body;

	take_rows(d, c, &fields[PPI_VERSION], &fields[PPI_FLAGS]);
	len = (unsigned)take(d, c, &fields[PPI_LENGTH]);
	linktype = (unsigned)take(d, c, &fields[PPI_DLT]);
	if (len < HEADER_LEN) {
		cur_bad(c);
		return;
	}
	header = cur_part(c, len - HEADER_LEN);
	while (header.state == CUR_OK && header.claim >= 4) {
		type = (unsigned)take(d, &header, &fields[PPI_FIELD_TYPE]);
		body = cur_part(
		    &header, (size_t)take(d, &header, &fields[PPI_FIELD_LEN]));
		if (type == FIELD_COMMON)
			decode_common(d, &body);
	}
	/* the frame check sequence is not the frame's */
	if (linktype == LINKTYPE_WLAN && d->layer->fact[0] & FLAG_FCS &&
	    c->claim >= 4)
		*c = cur_unit(c, c->claim - 4);
	next_by(d, c, KEY_LINKTYPE, linktype);
}

static void summary(struct summary *l)
{
	const struct value *freq = summary_value(l, PPI_FREQ);

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (freq && freq->num)
		summary_printf(l, "%u MHz %ddBm signal ", (unsigned)freq->num,
			       (int)summary_num(l, PPI_SIGNAL));
	if (!l->next)
		summary_printf(l, "PPI, link type %u, length %u",
			       (unsigned)summary_num(l, PPI_DLT),
			       l->layer->len);
}

static const struct key keys[] = {{KEY_LINKTYPE, 192}};

const struct proto proto_ppi = {
    "ppi",
    "PPI Packet Header",
    PROTO_TABLES(fields, keys),
    .listed = LISTED_RADIO,
    .leads = LEADS_TO(KEY_LINKTYPE),
    .decode = decode,
    .summary = summary,
};
