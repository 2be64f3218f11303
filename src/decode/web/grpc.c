/*
 * gRPC over HTTP/2: messages in DATA frames.
 *
 *	compressed or not (1), length (4), the message
 *
 * A message is reported in the frame where it ends.
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"
#include "decode/web/http2.h"

enum { GRPC_TYPE, GRPC_FLAG, GRPC_LENGTH, GRPC_DATA };

static const struct names type_names[] = {
    {0, "Data"}, {1, "Trailer"}, {0, NULL}};
static const struct names flag_names[] = {
    {0, "Not compressed"}, {1, "Compressed"}, {0, NULL}};

static const struct field fields[] = {
    [GRPC_TYPE] = {"grpc.frame_type", "Type", type_names, .mask = 0x80,
		   .type = FIELD_UINT, .width = 1},
    [GRPC_FLAG] = {"grpc.compressed_flag", "Compressed", flag_names,
		   .mask = 0x01, .type = FIELD_UINT, .width = 1},
    [GRPC_LENGTH] = NUMBER("grpc.message_length", "Length", 0, 0),
    [GRPC_DATA] = BYTES("grpc.message_data", "Message", 0, 0),
};

void grpc_messages(struct dissect *d, const struct h2_note *notes,
		   const struct cur *data)
{
	struct also_state state = also_start(d, PROTO_grpc);
	const struct stream_note *note;
	struct h2_message message;
	uint32_t i;

	for (i = 0; i < notes->count &&
		    (note = note_next(d, PROTO_http2, H2_NOTE_MESSAGE,
				      sizeof(message)));
	     i++) {
		memcpy(&message, note->bytes, sizeof(message));
		note_taken(d);
		add_bits(d, &fields[GRPC_TYPE], message.flag);
		add_bits(d, &fields[GRPC_FLAG], message.flag);
		add_uint(d, &fields[GRPC_LENGTH], message.length);
		if (message.start < cur_left(data) &&
		    message.length <= cur_left(data) - message.start &&
		    message.length)
			add_bytes(d, &fields[GRPC_DATA],
				  cur_here(data) + message.start,
				  message.length);
	}
	also_end(d, &state);
}

const struct proto proto_grpc = {
    "grpc",
    "gRPC Remote Procedure Calls",
    PROTO_FIELDS(fields),
};
