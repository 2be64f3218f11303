/*
 * The pseudo protocol of what is known of a packet beside its octets. It takes
 * none of them.
 */
#include "decode/proto.h"

enum {
	FRAME_NUMBER,
	FRAME_TIME_EPOCH,
	FRAME_LEN,
	FRAME_CAP_LEN,
	FRAME_INTERFACE_ID,
	FRAME_INTERFACE_NAME,
};

static const struct field fields[] = {
    [FRAME_NUMBER] = {"frame.number", "Frame number", .type = FIELD_UINT},
    [FRAME_TIME_EPOCH] = {"frame.time_epoch", "Epoch time", .type = FIELD_TIME},
    [FRAME_LEN] = {"frame.len", "Frame length on the wire", .type = FIELD_UINT},
    [FRAME_CAP_LEN] = {"frame.cap_len", "Frame length stored in the capture",
		       .type = FIELD_UINT},
    [FRAME_INTERFACE_ID] = {"frame.interface_id", "Interface id",
			    .type = FIELD_UINT},
    [FRAME_INTERFACE_NAME] = {"frame.interface_name", "Interface name",
			      .type = FIELD_TEXT},
};

static void decode(struct dissect *d, struct cur *c)
{
	const struct pkt *pkt = d->pkt;

	(void)c;
	note(d, &fields[FRAME_NUMBER], pkt->number);
	if (!(pkt->flags & PKT_NO_TIME))
		note(d, &fields[FRAME_TIME_EPOCH], (uint64_t)pkt->time_ns);
	note(d, &fields[FRAME_LEN], pkt->wirelen);
	note(d, &fields[FRAME_CAP_LEN], pkt->caplen);
	note(d, &fields[FRAME_INTERFACE_ID], pkt->iface);
	if (d->iface && d->iface->name)
		note_octets(d, &fields[FRAME_INTERFACE_NAME], d->iface->name,
			    strlen(d->iface->name));
}

const struct proto proto_frame = {
    "frame",
    "Frame",
    PROTO_FIELDS(fields),
    .decode = decode,
};
