/*
 * The pseudo protocol of what is known of a packet beside its octets. It takes
 * none of them.
 */
#include "decode/proto.h"

enum {
	FRAME_NUMBER,
	FRAME_TIME,
	FRAME_TIME_EPOCH,
	FRAME_TIME_DELTA,
	FRAME_TIME_RELATIVE,
	FRAME_LEN,
	FRAME_CAP_LEN,
	FRAME_INTERFACE_ID,
	FRAME_INTERFACE_NAME,
	FRAME_PROTOCOLS,
	FRAME_COMMENT,
};

static const struct field fields[] = {
    [FRAME_NUMBER] = {"frame.number", "Number", .type = FIELD_UINT},
    [FRAME_TIME] = {"frame.time", "Time", .type = FIELD_TIME},
    [FRAME_TIME_EPOCH] = {"frame.time_epoch", "Epoch time",
			  .type = FIELD_EPOCH},
    [FRAME_TIME_DELTA] = {"frame.time_delta", "Time since the packet before",
			  .type = FIELD_SPAN},
    [FRAME_TIME_RELATIVE] = {"frame.time_relative",
			     "Time since the first packet", .type = FIELD_SPAN},
    [FRAME_LEN] = {"frame.len", "Length on the wire", .type = FIELD_UINT},
    [FRAME_CAP_LEN] = {"frame.cap_len", "Length captured", .type = FIELD_UINT},
    [FRAME_INTERFACE_ID] = {"frame.interface_id", "Interface",
			    .type = FIELD_UINT},
    [FRAME_INTERFACE_NAME] = {"frame.interface_name", "Interface name",
			      .type = FIELD_TEXT},
    [FRAME_PROTOCOLS] = {"frame.protocols", "Protocols", .type = FIELD_TEXT},
    [FRAME_COMMENT] = {"frame.comment", "Comment", .type = FIELD_TEXT},
};

static unsigned option_word(const uint8_t *p, bool swapped)
{
	uint16_t word;

	memcpy(&word, p, 2);
	return swapped ? __builtin_bswap16(word) : word;
}

/* The comments among what pcapng stores beside the packet (opt_comment). */
static void decode_comments(struct dissect *d, const struct pkt_meta *meta)
{
	struct cur c =
	    cur_over(meta->options, meta->options_len, meta->options_len);
	const uint8_t *head, *body;
	unsigned code, len;

	while ((head = cur_octets(&c, 4)) != NULL) {
		code = option_word(head, meta->swapped);
		len = option_word(head + 2, meta->swapped);
		body = cur_octets(&c, len);
		if (!body || code == 0)
			return;
		if (code == 1)
			note_octets(d, &fields[FRAME_COMMENT], body, len);
		cur_skip(&c, -len & 3);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct pkt *pkt = d->pkt;

	(void)c;
	note(d, &fields[FRAME_NUMBER], pkt->number);
	if (!(pkt->flags & PKT_NO_TIME)) {
		note(d, &fields[FRAME_TIME], (uint64_t)pkt->time_ns);
		note(d, &fields[FRAME_TIME_EPOCH], (uint64_t)pkt->time_ns);
		note(d, &fields[FRAME_TIME_DELTA],
		     (uint64_t)pkt->time_ns - (uint64_t)d->previous_ns);
		note(d, &fields[FRAME_TIME_RELATIVE],
		     (uint64_t)pkt->time_ns - (uint64_t)d->first_ns);
	}
	if (d->want_end <= FRAME_LEN)
		return;
	note(d, &fields[FRAME_LEN], pkt->wirelen);
	note(d, &fields[FRAME_CAP_LEN], pkt->caplen);
	note(d, &fields[FRAME_INTERFACE_ID], pkt->iface);
	if (d->iface && d->iface->name)
		note_octets(d, &fields[FRAME_INTERFACE_NAME], d->iface->name,
			    strlen(d->iface->name));
	/* the engine fills it in when all layers are known */
	if (wants(d, &fields[FRAME_PROTOCOLS])) {
		d->protocols = (int)d->n_values;
		note_octets(d, &fields[FRAME_PROTOCOLS], "", 0);
	}
	if (pkt->meta && wants(d, &fields[FRAME_COMMENT]))
		decode_comments(d, pkt->meta);
}

const struct proto proto_frame = {
    "frame",
    "Frame",
    PROTO_FIELDS(fields),
    .decode = decode,
};
