/*
 * Radiotap (www.radiotap.org): what a wireless interface knows of a frame.
 * All numbers are little-endian; each field is aligned to its size from the
 * start of the header.
 *
 *	version (1), pad (1), length (2), present (4, and 4 more while bit 31
 *	is set), then the fields that are present, in the order of the bits
 */
#include "decode/proto.h"

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
};

enum { LITTLE_HEX = FIELD_LITTLE | FIELD_HEX, FLAG_FCS = 0x10 };

static const struct field fields[] = {
    [RT_VERSION] = {"radiotap.version", "Version", .type = FIELD_UINT,
		    .width = 1},
    [RT_PAD] = {"radiotap.pad", "Padding", .type = FIELD_UINT, .width = 1},
    [RT_LENGTH] = {"radiotap.length", "Header length", .type = FIELD_UINT,
		   .width = 2, .flags = FIELD_LITTLE},
    [RT_PRESENT] = {"radiotap.present.word", "Present flags",
		    .type = FIELD_UINT, .width = 4, .flags = LITTLE_HEX},
    [RT_TSFT] = {"radiotap.mactime", "MAC time, us", .type = FIELD_UINT,
		 .width = 8, .flags = FIELD_LITTLE},
    [RT_FLAGS] = {"radiotap.flags", "Flags", .type = FIELD_UINT, .width = 1,
		  .flags = FIELD_HEX},
    [RT_RATE] = {"radiotap.rate", "Data rate, 500 kbit/s", .type = FIELD_UINT,
		 .width = 1, .flags = FIELD_LINE},
    [RT_FREQ] = {"radiotap.channel.freq", "Channel frequency, MHz",
		 .type = FIELD_UINT, .width = 2,
		 .flags = FIELD_LITTLE | FIELD_LINE},
    [RT_CHANNEL_FLAGS] = {"radiotap.channel.flags", "Channel flags",
			  .type = FIELD_UINT, .width = 2, .flags = LITTLE_HEX},
    [RT_SIGNAL] = {"radiotap.dbm_antsignal", "Antenna signal, dBm",
		   .type = FIELD_INT, .flags = FIELD_LINE},
    [RT_NOISE] = {"radiotap.dbm_antnoise", "Antenna noise, dBm",
		  .type = FIELD_INT, .flags = FIELD_LINE},
    [RT_ANTENNA] = {"radiotap.antenna", "Antenna", .type = FIELD_UINT,
		    .width = 1, .flags = FIELD_LINE},
    [RT_DB_SIGNAL] = {"radiotap.db_antsignal", "Antenna signal, dB",
		      .type = FIELD_UINT, .width = 1},
};

/* Size and alignment of the fields by bit; 0: unknown, nothing behind it can
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
		if (bit >= sizeof(layout) / sizeof(layout[0]))
			return false;
		at = len - c->claim;
		cur_skip(c, -at & (layout[bit].align - 1u));
		if (!cur_has(c, layout[bit].size))
			return false;
		decode_field(d, c, bit);
	}
	return true;
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur start = *c, header, words;
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
	words = header;
	do {
		present = (uint32_t)take(d, &header, &fields[RT_PRESENT]);
	} while (present >> 31);
	do {
		present = (uint32_t)get_uint(&words, &fields[RT_PRESENT]);
		if (!decode_fields(d, &header, len, present))
			break;
		/* bit 29: the next word starts this list of fields anew; else
		   it goes on where nothing is defined */
	} while (present >> 31 && present >> 29 & 1);
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

static void summary(struct summary *l)
{
	struct summary_got got;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	summary_get(l, &got);
	if (summary_has(&got, RT_RATE))
		summary_printf(l, "%u.%u Mb/s ",
			       (unsigned)got.v[RT_RATE].num / 2,
			       (unsigned)got.v[RT_RATE].num % 2 * 5);
	if (summary_has(&got, RT_FREQ))
		summary_printf(l, "%u MHz ", (unsigned)got.v[RT_FREQ].num);
	if (summary_has(&got, RT_SIGNAL))
		summary_printf(l, "%ddBm signal ", (int)got.v[RT_SIGNAL].num);
	if (summary_has(&got, RT_NOISE))
		summary_printf(l, "%ddBm noise ", (int)got.v[RT_NOISE].num);
	if (summary_has(&got, RT_ANTENNA))
		summary_printf(l, "antenna %u ",
			       (unsigned)got.v[RT_ANTENNA].num);
}

static const enum proto_id leads[] = {PROTO_wlan, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 127}};

const struct proto proto_radiotap = {
    "radiotap",
    "IEEE 802.11 Radiotap Capture header",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
