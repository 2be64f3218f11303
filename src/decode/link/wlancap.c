/*
 * The header that AVS wireless drivers put before a frame (version 2). All
 * numbers are big-endian.
 *
 *	magic and version (4), length (4), MAC time (8), host time (8), PHY
 *	(4), channel (4), rate (4), antenna (4), priority (4), kind of signal
 *	(4), signal (4), noise (4), preamble (4), encoding (4)
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	WLANCAP_MAGIC,
	WLANCAP_VERSION,
	WLANCAP_LENGTH,
	WLANCAP_MACTIME,
	WLANCAP_HOSTTIME,
	WLANCAP_PHYTYPE,
	WLANCAP_CHANNEL,
	WLANCAP_DATA_RATE,
	WLANCAP_ANTENNA,
	WLANCAP_PRIORITY,
	WLANCAP_SSI_TYPE,
	WLANCAP_NORMRSSI_ANTSIGNAL,
	WLANCAP_DBM_ANTSIGNAL,
	WLANCAP_RAWRSSI_ANTSIGNAL,
	WLANCAP_NORMRSSI_ANTNOISE,
	WLANCAP_DBM_ANTNOISE,
	WLANCAP_RAWRSSI_ANTNOISE,
	WLANCAP_PREAMBLE,
	WLANCAP_ENCODING,
};

enum { LEAST_LEN = 64, SIGNAL_NORMALIZED = 1, SIGNAL_DBM, SIGNAL_RAW };

static const struct names phy_names[] = {
    {1, "802.11 FHSS"},	 {2, "802.11 DSSS"},  {3, "802.11 IR"},
    {4, "802.11b DSSS"}, {5, "802.11b PBCC"}, {6, "802.11g OFDM"},
    {7, "802.11g PBCC"}, {8, "802.11a OFDM"}, {0, NULL},
};

static const struct names preamble_names[] = {
    {1, "short"}, {2, "long"}, {0, NULL}};

static const struct names encoding_names[] = {
    {1, "CCK"}, {2, "PBCC"}, {3, "OFDM"}, {0, NULL}};

static const struct field fields[] = {
    [WLANCAP_MAGIC] = {"wlancap.magic", "Header magic", .mask = 0xfffffff0,
		       .type = FIELD_UINT, .width = 4, .flags = FIELD_HEX,
		       .digits = 8},
    [WLANCAP_VERSION] = BITS("wlancap.version", "Header revision", 4, 0xf, 0),
    [WLANCAP_LENGTH] = UINT("wlancap.length", "Header length", 4, 0),
    [WLANCAP_MACTIME] = UINT("wlancap.mactime", "MAC timestamp", 8, 0),
    [WLANCAP_HOSTTIME] = UINT("wlancap.hosttime", "Host timestamp", 8, 0),
    [WLANCAP_PHYTYPE] = NAMED("wlancap.phytype", "PHY type", 4, 0, phy_names),
    [WLANCAP_CHANNEL] = UINT("wlancap.channel", "Channel", 4, FIELD_LINE),
    [WLANCAP_DATA_RATE] =
	UINT("wlancap.data_rate", "Data rate, bit/s", 4, FIELD_LINE),
    [WLANCAP_ANTENNA] = UINT("wlancap.antenna", "Antenna", 4, 0),
    [WLANCAP_PRIORITY] = UINT("wlancap.priority", "Priority", 4, 0),
    [WLANCAP_SSI_TYPE] = UINT("wlancap.ssi_type", "SSI type", 4, 0),
    [WLANCAP_NORMRSSI_ANTSIGNAL] =
	UINT("wlancap.normrssi_antsignal", "Normalized RSSI signal", 4, 0),
    [WLANCAP_DBM_ANTSIGNAL] = {"wlancap.dbm_antsignal", "SSI signal (dBm)",
			       .type = FIELD_INT, .width = 4,
			       .flags = FIELD_LINE},
    [WLANCAP_RAWRSSI_ANTSIGNAL] =
	UINT("wlancap.rawrssi_antsignal", "Raw RSSI signal", 4, 0),
    [WLANCAP_NORMRSSI_ANTNOISE] =
	UINT("wlancap.normrssi_antnoise", "Normalized RSSI noise", 4, 0),
    [WLANCAP_DBM_ANTNOISE] = {"wlancap.dbm_antnoise", "SSI noise (dBm)",
			      .type = FIELD_INT, .width = 4, .flags = 0},
    [WLANCAP_RAWRSSI_ANTNOISE] =
	UINT("wlancap.rawrssi_antnoise", "Raw RSSI noise", 4, 0),
    [WLANCAP_PREAMBLE] =
	NAMED("wlancap.preamble", "Preamble", 4, 0, preamble_names),
    [WLANCAP_ENCODING] =
	NAMED("wlancap.encoding", "Encoding type", 4, 0, encoding_names),
};

static void take_signal(struct dissect *d, struct cur *c, unsigned first,
			unsigned type)
{
	uint32_t num = cur_be32(c);

	if (c->state != CUR_OK || type < SIGNAL_NORMALIZED || type > SIGNAL_RAW)
		return;
	add_uint(d, &fields[first + type - SIGNAL_NORMALIZED],
		 type == SIGNAL_DBM ? (uint64_t)(int32_t)num : num);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned word, len, type;
	struct cur start = *c, header;

	if (!cur_has(c, 8))
		return;
	word = cur_be32(c);
	add_bits(d, &fields[WLANCAP_MAGIC], word);
	add_bits(d, &fields[WLANCAP_VERSION], word);
	len = (unsigned)take(d, c, &fields[WLANCAP_LENGTH]);
	if (len < LEAST_LEN) {
		cur_bad(c);
		return;
	}
	header = cur_part(&start, len);
	cur_skip(&header, 8);
	take_rows(d, &header, &fields[WLANCAP_MACTIME],
		  &fields[WLANCAP_CHANNEL]);
	if (cur_has(&header, 4))
		/* in units of 100 kbit/s */
		add_uint(d, &fields[WLANCAP_DATA_RATE],
			 100000ull * cur_be32(&header));
	take_rows(d, &header, &fields[WLANCAP_ANTENNA],
		  &fields[WLANCAP_PRIORITY]);
	type = (unsigned)take(d, &header, &fields[WLANCAP_SSI_TYPE]);
	take_signal(d, &header, WLANCAP_NORMRSSI_ANTSIGNAL, type);
	take_signal(d, &header, WLANCAP_NORMRSSI_ANTNOISE, type);
	take_rows(d, &header, &fields[WLANCAP_PREAMBLE],
		  &fields[WLANCAP_ENCODING]);
	c->state = start.state;
	next_proto(d, &start, PROTO_wlan);
}

static void summary(struct summary *l)
{
	const struct value *signal = summary_value(l, WLANCAP_DBM_ANTSIGNAL);
	unsigned rate = (unsigned)summary_num(l, WLANCAP_DATA_RATE);

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	rate /= 100000;
	summary_printf(l, "%u.%u Mb/s ", rate / 10, rate % 10);
	summary_printf(l, "channel %u ",
		       (unsigned)summary_num(l, WLANCAP_CHANNEL));
	if (signal)
		summary_printf(l, "%ddBm signal ", (int)signal->num);
}

static const uint8_t leads[] = {PROTO_wlan, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 163}};

const struct proto proto_wlancap = {
    "wlancap",
    "AVS WLAN Capture header",
    PROTO_TABLES(fields, keys),
    .listed = LISTED_RADIO,
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
