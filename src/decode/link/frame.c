/*
 * The pseudo protocol of what is known of a packet beside its bytes. It takes
 * none of them.
 */
#include "decode/proto.h"
#include "pkt/options.h"
#include "pkt/tail.h"

enum {
	FRAME_NUMBER,
	FRAME_TIME,
	FRAME_TIME_EPOCH,
	FRAME_TIME_DELTA,
	FRAME_TIME_DELTA_DISPLAYED,
	FRAME_TIME_RELATIVE,
	FRAME_LEN,
	FRAME_CAP_LEN,
	FRAME_INTERFACE_ID,
	FRAME_INTERFACE_NAME,
	FRAME_INTERFACE_DESCRIPTION,
	FRAME_SECTION_NUMBER,
	FRAME_PROTOCOLS,
	FRAME_COMMENT,
	FRAME_FLAGS,
	FRAME_FLAG_DIRECTION,
	FRAME_FLAG_RECEPTION,
	FRAME_FLAG_FCS_LENGTH,
	FRAME_FLAG_RESERVED,
	FRAME_FLAG_CRC,
	FRAME_FLAG_LONG,
	FRAME_FLAG_SHORT,
	FRAME_FLAG_GAP,
	FRAME_FLAG_UNALIGNED,
	FRAME_FLAG_START,
	FRAME_FLAG_PREAMBLE,
	FRAME_FLAG_SYMBOL,
};

#define FLAGS(index, nm, tt, kind, bits)                                       \
	[index] = {"frame.packet_flags_" nm, tt, .mask = (bits), .type = (kind)}

static const struct field fields[] = {
    [FRAME_NUMBER] = {"frame.number", "Number", .type = FIELD_UINT},
    [FRAME_TIME] = {"frame.time", "Time", .type = FIELD_TIME},
    [FRAME_TIME_EPOCH] = {"frame.time_epoch", "Epoch time",
			  .type = FIELD_EPOCH},
    [FRAME_TIME_DELTA] = {"frame.time_delta", "Time since the packet before",
			  .type = FIELD_SPAN},
    [FRAME_TIME_DELTA_DISPLAYED] = {"frame.time_delta_displayed",
				    "Time since the packet shown before",
				    .type = FIELD_SPAN, .flags = FIELD_ASKED},
    [FRAME_TIME_RELATIVE] = {"frame.time_relative",
			     "Time since the first packet", .type = FIELD_SPAN},
    [FRAME_LEN] = {"frame.len", "Length on the wire", .type = FIELD_UINT},
    [FRAME_CAP_LEN] = {"frame.cap_len", "Length captured", .type = FIELD_UINT},
    [FRAME_INTERFACE_ID] = {"frame.interface_id", "Interface",
			    .type = FIELD_UINT},
    [FRAME_INTERFACE_NAME] = {"frame.interface_name", "Interface name",
			      .type = FIELD_TEXT},
    [FRAME_INTERFACE_DESCRIPTION] = {"frame.interface_description",
				     "Interface description",
				     .type = FIELD_TEXT},
    [FRAME_SECTION_NUMBER] = {"frame.section_number", "Section of the file",
			      .type = FIELD_UINT},
    [FRAME_PROTOCOLS] = {"frame.protocols", "Protocols", .type = FIELD_TEXT},
    [FRAME_COMMENT] = {"frame.comment", "Comment", .type = FIELD_TEXT},
    [FRAME_FLAGS] = {"frame.packet_flags", "Flags from the link layer",
		     .type = FIELD_UINT, .flags = FIELD_HEX, .digits = 8},
    [FRAME_FLAG_DIRECTION] = {"frame.packet_flags_direction", "Direction",
			      .mask = 0x3, .type = FIELD_UINT,
			      .flags = FIELD_HEX, .digits = 8},
    FLAGS(FRAME_FLAG_RECEPTION, "reception_type", "Kind of address", FIELD_UINT,
	  0x1c),
    FLAGS(FRAME_FLAG_FCS_LENGTH, "fcs_length", "Frame check sequence, bytes",
	  FIELD_UINT, 0x1e0),
    FLAGS(FRAME_FLAG_RESERVED, "reserved", "Reserved", FIELD_UINT, 0xfe00),
    FLAGS(FRAME_FLAG_CRC, "crc_error", "Wrong checksum", FIELD_BOOL, 1 << 24),
    FLAGS(FRAME_FLAG_LONG, "packet_too_error", "Too long", FIELD_BOOL, 1 << 25),
    FLAGS(FRAME_FLAG_SHORT, "packet_too_short_error", "Too short", FIELD_BOOL,
	  1 << 26),
    FLAGS(FRAME_FLAG_GAP, "wrong_inter_frame_gap_error",
	  "Wrong gap between frames", FIELD_BOOL, 1 << 27),
    FLAGS(FRAME_FLAG_UNALIGNED, "unaligned_frame_error", "Unaligned",
	  FIELD_BOOL, 1 << 28),
    FLAGS(FRAME_FLAG_START, "start_frame_delimiter_error",
	  "Wrong start delimiter", FIELD_BOOL, 1 << 29),
    FLAGS(FRAME_FLAG_PREAMBLE, "preamble_error", "Wrong preamble", FIELD_BOOL,
	  1 << 30),
    FLAGS(FRAME_FLAG_SYMBOL, "symbol_error", "Wrong symbol", FIELD_BOOL,
	  1u << 31),
};

static void decode_flags(struct dissect *d, const uint8_t *p, bool swapped)
{
	uint32_t flags;
	unsigned i;

	memcpy(&flags, p, 4);
	if (swapped)
		flags = __builtin_bswap32(flags);
	for (i = FRAME_FLAGS; i <= FRAME_FLAG_SYMBOL; i++)
		add_bits(d, &fields[i], flags);
}

/* What pcapng stores beside the packet, as far as it is shown. */
static void decode_options(struct dissect *d, const struct pkt_meta *meta)
{
	size_t shown = meta->options_len < OPTIONS_SHOWN ? meta->options_len
							 : OPTIONS_SHOWN;
	struct cur c = cur_over(meta->options, shown, meta->options_len);
	const uint8_t *head, *body;
	unsigned code, len, comments = 0;

	while ((head = cur_bytes(&c, 4)) != NULL) {
		code = option_u16(head, meta->swapped);
		len = option_u16(head + 2, meta->swapped);
		body = cur_bytes(&c, len);
		if (!body || code == 0)
			break;
		if (code == OPTION_COMMENT && comments++ < DISSECT_COMMENTS)
			add_bytes(d, &fields[FRAME_COMMENT], body, len);
		else if (code == EPB_FLAGS && len == 4)
			decode_flags(d, body, meta->swapped);
		cur_skip(&c, -len & 3);
	}
	d->dropped |= c.state == CUR_TRUNCATED || comments > DISSECT_COMMENTS ||
		      (meta->tail && meta->tail->options_len);
}

static void decode_iface(struct dissect *d, const struct iface *iface)
{
	if (iface->name)
		add_bytes(d, &fields[FRAME_INTERFACE_NAME], iface->name,
			  strlen(iface->name));
	if (iface->description)
		add_bytes(d, &fields[FRAME_INTERFACE_DESCRIPTION],
			  iface->description, strlen(iface->description));
	if (iface->section)
		add_uint(d, &fields[FRAME_SECTION_NUMBER], iface->section);
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct pkt *pkt = d->pkt;

	(void)c;
	add_uint(d, &fields[FRAME_NUMBER], pkt->number);
	if (!(pkt->flags & PKT_NO_TIME)) {
		add_uint(d, &fields[FRAME_TIME], (uint64_t)pkt->time_ns);
		add_uint(d, &fields[FRAME_TIME_EPOCH], (uint64_t)pkt->time_ns);
		add_uint(d, &fields[FRAME_TIME_DELTA],
			 (uint64_t)pkt->time_ns - (uint64_t)d->previous_ns);
		add_uint(d, &fields[FRAME_TIME_DELTA_DISPLAYED],
			 (uint64_t)pkt->time_ns - (uint64_t)d->displayed_ns);
		add_uint(d, &fields[FRAME_TIME_RELATIVE],
			 (uint64_t)pkt->time_ns - (uint64_t)d->first_ns);
	}
	if (d->want_end <= FRAME_LEN)
		return;
	add_uint(d, &fields[FRAME_LEN], pkt->wirelen);
	add_uint(d, &fields[FRAME_CAP_LEN], pkt_captured(pkt));
	add_uint(d, &fields[FRAME_INTERFACE_ID], pkt->iface);
	if (d->iface)
		decode_iface(d, d->iface);
	/* the engine fills it in when all layers are known */
	if (wants(d, &fields[FRAME_PROTOCOLS])) {
		d->protocols = (int)d->n_values;
		add_bytes(d, &fields[FRAME_PROTOCOLS], "", 0);
	}
	if (pkt->meta && pkt->meta->options &&
	    wants_any(d, &fields[FRAME_COMMENT],
		      FRAME_FLAG_SYMBOL - FRAME_COMMENT + 1))
		decode_options(d, pkt->meta);
}

const struct proto proto_frame = {
    "frame",
    "Frame",
    PROTO_FIELDS(fields),
    .decode = decode,
};
