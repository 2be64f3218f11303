/*
 * Radiotap (www.radiotap.org): what a wireless interface knows of a frame.
 * All numbers are little-endian; each field is aligned to its size from the
 * start of the header.
 *
 *	version (1), pad (1), length (2), present (4, and 4 more while bit 31
 *	is set), then the fields that are present, in the order of the bits
 */
#include "base/array.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	RT_VERSION,
	RT_PAD,
	RT_LENGTH,
	RT_PRESENT,
	RT_TSFT,
	RT_FLAGS,
	RT_RATE,
	RT_FREQ,
	RT_CHANNEL_FLAGS,
	RT_SIGNAL,
	RT_NOISE,
	RT_ANTENNA,
	RT_DB_SIGNAL,
	RT_VENDOR_OUI,
	RT_VENDOR_SUBNS,
	RT_VENDOR_DATA_LEN,
};

enum { LITTLE_HEX = FIELD_LITTLE | FIELD_HEX, FLAG_FCS = 0x10 };

/* In the present flags: the next word starts the list of fields again, or
   those of a vendor, or goes on where nothing is defined. */
enum {
	PRESENT_MCS = 1 << 19,
	PRESENT_RADIOTAP = 1 << 29,
	PRESENT_VENDOR = 1 << 30
};

static const struct field fields[] = {
    [RT_VERSION] = {"radiotap.version", "Version", .type = FIELD_UINT,
		    .width = 1},
    [RT_PAD] = {"radiotap.pad", "Padding", .type = FIELD_UINT, .width = 1},
    [RT_LENGTH] = {"radiotap.length", "Header length", .type = FIELD_UINT,
		   .width = 2, .flags = FIELD_LITTLE},
    [RT_PRESENT] = {"radiotap.present.word", "Present flags",
		    .type = FIELD_UINT, .width = 4, .flags = LITTLE_HEX},
    [RT_TSFT] = {"radiotap.mactime", "MAC time, us", .type = FIELD_UINT,
		 .width = 8, .flags = FIELD_LITTLE | FIELD_LINE},
    [RT_FLAGS] = {"radiotap.flags", "Flags", .type = FIELD_UINT, .width = 1,
		  .flags = FIELD_HEX | FIELD_LINE},
    [RT_RATE] = {"radiotap.rate", "Data rate, 500 kbit/s", .type = FIELD_UINT,
		 .width = 1, .flags = FIELD_LINE},
    [RT_FREQ] = {"radiotap.channel.freq", "Channel frequency, MHz",
		 .type = FIELD_UINT, .width = 2,
		 .flags = FIELD_LITTLE | FIELD_LINE},
    [RT_CHANNEL_FLAGS] = {"radiotap.channel.flags", "Channel flags",
			  .type = FIELD_UINT, .width = 2,
			  .flags = LITTLE_HEX | FIELD_LINE},
    [RT_SIGNAL] = {"radiotap.dbm_antsignal", "Antenna signal, dBm",
		   .type = FIELD_INT, .flags = FIELD_LINE},
    [RT_NOISE] = {"radiotap.dbm_antnoise", "Antenna noise, dBm",
		  .type = FIELD_INT, .flags = FIELD_LINE},
    [RT_ANTENNA] = {"radiotap.antenna", "Antenna", .type = FIELD_UINT,
		    .width = 1, .flags = FIELD_LINE},
    [RT_DB_SIGNAL] = {"radiotap.db_antsignal", "Antenna signal, dB",
		      .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [RT_VENDOR_OUI] = {"radiotap.vendor_oui", "Vendor", .type = FIELD_UINT,
		       .width = 3},
    [RT_VENDOR_SUBNS] = {"radiotap.vendor_subns", "Namespace of the vendor",
			 .type = FIELD_UINT, .width = 1},
    [RT_VENDOR_DATA_LEN] = {"radiotap.vendor_data_len",
			    "Length of the vendor's fields", .type = FIELD_UINT,
			    .width = 2, .flags = FIELD_LITTLE},
};

/* Size and alignment of the fields by bit; 0: unknown, nothing after it can
   be found. */
static const struct {
	uint8_t size, align;
} layout[] = {
    {8, 8}, {1, 1}, {1, 1}, {4, 2}, {2, 2}, {1, 1},  {1, 1},  {2, 2},
    {2, 2}, {2, 2}, {1, 1}, {1, 1}, {1, 1}, {1, 1},  {2, 2},  {2, 2},
    {1, 1}, {1, 1}, {8, 4}, {3, 1}, {8, 4}, {12, 2}, {12, 8},
};

static void decode_field(struct dissect *d, struct cur *c, unsigned bit)
{
	switch (bit) {
	case 0:
		take(d, c, &fields[RT_TSFT]);
		break;
	case 1:
		d->layer->fact[0] = (uint32_t)take(d, c, &fields[RT_FLAGS]);
		break;
	case 2:
		take(d, c, &fields[RT_RATE]);
		break;
	case 3:
		take(d, c, &fields[RT_FREQ]);
		take(d, c, &fields[RT_CHANNEL_FLAGS]);
		break;
	case 5:
		add_uint(d, &fields[RT_SIGNAL], (uint64_t)(int8_t)cur_u8(c));
		break;
	case 6:
		add_uint(d, &fields[RT_NOISE], (uint64_t)(int8_t)cur_u8(c));
		break;
	case 11:
		take(d, c, &fields[RT_ANTENNA]);
		break;
	case 12:
		take(d, c, &fields[RT_DB_SIGNAL]);
		break;
	default:
		cur_skip(c, layout[bit].size);
	}
}

/* The fields of one word of present flags. false: what follows is unknown. */
static bool decode_fields(struct dissect *d, struct cur *c, size_t len,
			  uint32_t present)
{
	unsigned bit;
	size_t at;

	for (bit = 0; bit < 29; bit++) {
		if (!(present >> bit & 1))
			continue;
		if (bit >= ARRAY_LEN(layout))
			return false;
		at = len - c->claim;
		cur_skip(c, -at & (layout[bit].align - 1u));
		if (!cur_has(c, layout[bit].size))
			return false;
		decode_field(d, c, bit);
	}
	return true;
}

/* A vendor's fields: whose they are, and how long, then they. */
static void skip_vendor(struct dissect *d, struct cur *c, size_t len)
{
	unsigned n;

	cur_skip(c, (len - c->claim) & 1);
	take(d, c, &fields[RT_VENDOR_OUI]);
	take(d, c, &fields[RT_VENDOR_SUBNS]);
	n = (unsigned)take(d, c, &fields[RT_VENDOR_DATA_LEN]);
	cur_skip(c, n);
}

/* The fields of all words of present flags. */
static void decode_words(struct dissect *d, struct cur *c, struct cur words,
			 size_t len)
{
	bool known = true; /* what the word means */
	uint32_t present;

	do {
		present = (uint32_t)get_uint(&words, &fields[RT_PRESENT]);
		if (known && !decode_fields(d, c, len, present))
			return;
		known = present & PRESENT_RADIOTAP;
		if (present & PRESENT_VENDOR && !known)
			skip_vendor(d, c, len);
	} while (present >> 31 && c->state == CUR_OK);
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur start = *c, header, words, look;
	size_t len;
	uint32_t present;

	take(d, c, &fields[RT_VERSION]);
	take(d, c, &fields[RT_PAD]);
	len = (size_t)take(d, c, &fields[RT_LENGTH]);
	if (c->state != CUR_OK)
		return;
	if (len < 8) {
		cur_bad(c);
		return;
	}
	header = cur_part(&start, len);
	cur_skip(&header, 4);
	words = look = header;
	do {
		present = (uint32_t)take(d, &header, &fields[RT_PRESENT]);
	} while (present >> 31);
	d->layer->fact[1] = (uint32_t)get_uint(&look, &fields[RT_PRESENT]);
	decode_words(d, &header, words, len);
	if (start.state != CUR_OK) {
		c->state = start.state;
		return;
	}
	*c = start;
	/* the frame check sequence is not the frame's */
	if (d->layer->fact[0] & FLAG_FCS && start.claim >= 4)
		start = cur_unit(&start, start.claim - 4);
	next_proto(d, &start, PROTO_wlan);
}

static void flags_line(struct summary *l, unsigned flags)
{
	static const struct names names[] = {
	    {0x01, "cfp "},	   {0x02, "short preamble "}, {0x04, "wep "},
	    {0x08, "fragmented "}, {0x40, "bad-fcs "},	      {0, NULL}};
	const struct names *row;

	for (row = names; row->name; row++)
		if (flags & row->value)
			summary_puts(l, row->name);
}

/* The kind of channel, as tcpdump says it. */
static void channel_line(struct summary *l, unsigned flags)
{
	enum {
		TURBO = 0x10,
		CCK = 0x20,
		OFDM = 0x40,
		GHZ2 = 0x80,
		GHZ5 = 0x100,
		DYNAMIC = 0x400,
		GFSK = 0x800,
		HALF = 0x4000,
		QUARTER = 0x8000,
	};
	const char *part = flags & HALF	     ? "/10Mhz"
			   : flags & QUARTER ? "/5Mhz"
					     : "";

	if ((flags & (GHZ2 | GFSK)) == (GHZ2 | GFSK))
		summary_puts(l, "FH ");
	if ((flags & (GHZ5 | OFDM)) == (GHZ5 | OFDM))
		summary_printf(l, "11a%s ", part);
	if (flags & GHZ2 && flags & (OFDM | DYNAMIC))
		summary_printf(l, "11g%s ", part);
	else if ((flags & (GHZ2 | CCK)) == (GHZ2 | CCK))
		summary_puts(l, "11b ");
	if (flags & TURBO)
		summary_puts(l, "Turbo ");
}

static void value_line(struct summary *l, const struct value *v)
{
	unsigned num = (unsigned)v->num;

	switch (summary_index(l, v)) {
	case RT_TSFT:
		summary_dec(l, v->num);
		summary_puts(l, "us tsft ");
		break;
	case RT_FLAGS:
		flags_line(l, num);
		break;
	case RT_RATE:
		if (num & 0x80 && (num & 0x7f) < 77)
			summary_printf(l, "MCS %u ", num & 0x7f);
		else
			summary_printf(l, "%u.%u Mb/s ", num / 2, num % 2 * 5);
		break;
	case RT_FREQ:
		summary_printf(l, "%u MHz ", num);
		break;
	case RT_CHANNEL_FLAGS:
		if (l->layer->fact[1] & PRESENT_MCS)
			summary_puts(l, "11n ");
		else
			channel_line(l, num);
		break;
	case RT_SIGNAL:
		summary_printf(l, "%ddBm signal ", (int)v->num);
		break;
	case RT_NOISE:
		summary_printf(l, "%ddBm noise ", (int)v->num);
		break;
	case RT_ANTENNA:
		summary_printf(l, "antenna %u ", num);
		break;
	case RT_DB_SIGNAL:
		summary_printf(l, "%udB signal ", num);
		break;
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	for (; v < end; v++)
		value_line(l, v);
}

static const uint8_t leads[] = {PROTO_wlan, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 127}};

const struct proto proto_radiotap = {
    "radiotap",
    "IEEE 802.11 Radiotap Capture header",
    PROTO_TABLES(fields, keys),
    .listed = LISTED_RADIO,
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
