/*
 * HTTP/2 in four parts: frames (http2.c), what is remembered of a conversation
 * and noted for them (http2_state.c), header fields (http2_headers.c), and
 * messages of gRPC (grpc.c).
 */
#ifndef DECODE_WEB_HTTP2_H
#define DECODE_WEB_HTTP2_H

#include "decode/proto.h"

enum {
	H2_DATA,
	H2_HEADERS,
	H2_PRIORITY,
	H2_RST_STREAM,
	H2_SETTINGS,
	H2_PUSH_PROMISE,
	H2_PING,
	H2_GOAWAY,
	H2_WINDOW_UPDATE,
	H2_CONTINUATION,
	H2_ALTSVC,
	H2_ORIGIN = 12,
	H2_PRIORITY_UPDATE = 16,
};

enum {
	H2_ACK = 0x1, /* of SETTINGS and PING */
	H2_END_STREAM = 0x1,
	H2_END_HEADERS = 0x4,
	H2_PADDED = 0x8,
	H2_HAS_PRIORITY = 0x20,
};

enum { H2_HEAD = 9, H2_PREFACE = 24 };

struct h2_head {
	uint32_t length, stream;
	uint8_t type, flags;
};

/* Does the connection start here? */
bool h2_is_preface(const struct cur *c);

/* The head of a frame. The cursor fails if it is not there. */
struct h2_head h2_head(struct cur *c);

/*
 * Notes of one frame: a struct h2_note, which names the frame, and as many
 * others as it says: of header fields with their name and value after, or of
 * messages of gRPC that end in a DATA frame; then the bytes of the message of
 * DNS that ends with it.
 */
enum h2_note_kind {
	H2_NOTE_FRAME,
	H2_NOTE_FIELD,
	H2_NOTE_MESSAGE,
	H2_NOTE_DNS,
};

struct h2_note {
	uint32_t stream;
	uint8_t type;
	bool broken; /* the header block cannot be read */
	bool dns;    /* a note of a message of DNS is the last one */
	uint32_t count;
	uint32_t length; /* of names and values, as Wireshark counts */
};

struct h2_field {
	uint32_t n_name, n_value, index, size;
	uint8_t form; /* enum hpack_form */
	bool resized;
};

struct h2_message {
	uint32_t length;
	uint32_t start; /* in the frame's data; UINT32_MAX: before it */
	uint8_t flag;
};

/* The fields that come from notes, at the end of http2's table. Those of
   single header fields, whose titles are the names, are in the order of
   these. */
enum {
	H2F_FIRST_NOTED = 64,
	H2F_HEADER_LENGTH = H2F_FIRST_NOTED,
	H2F_HEADER_COUNT,
	H2F_HEADER,
	H2F_NAME_LENGTH,
	H2F_NAME,
	H2F_VALUE_LENGTH,
	H2F_VALUE,
	H2F_UNESCAPED,
	H2F_REPR,
	H2F_INDEX,
	H2F_RESIZED,
	H2F_SIZE,
	H2F_FULL_URI,
	H2F_KNOWN,
	H2F_END = H2F_KNOWN + 50,
};

/* struct proto's. */
void http2_follow(struct app_message *f);
void http2_forget(struct app_state *state, size_t *bytes);

/* The notes of this frame. false: there are none. */
bool http2_notes(struct dissect *d, const struct h2_head *head,
		 struct h2_note *note);

/* Record the header fields of a frame with those notes; fields: http2's. */
void http2_headers(struct dissect *d, const struct h2_note *note,
		   const struct field *fields);

/* Record the messages that end in a DATA frame with those notes. */
void grpc_messages(struct dissect *d, const struct h2_note *note,
		   const struct cur *data);

#endif
