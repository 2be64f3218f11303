/*
 * CoAP (RFC 7252) over UDP.
 *
 *	version, type, token length (1), code (1), id (2), token, options,
 *	[0xff, payload]
 *	option: delta and length in 4 bits each (13: one more byte, 14: two),
 *	value
 */
#include "base/array.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	COAP_VERSION,
	COAP_TYPE,
	COAP_TOKEN_LENGTH,
	COAP_CODE,
	COAP_ID,
	COAP_TOKEN,
	COAP_DELTA,
	COAP_DELTA_MORE,
	COAP_LENGTH,
	COAP_LENGTH_MORE,
	COAP_ETAG,
	COAP_HOST,
	COAP_PORT,
	COAP_PATH,
	COAP_QUERY,
	COAP_LOCATION,
	COAP_LOCATION_QUERY,
	COAP_MAX_AGE,
	COAP_OBSERVE,
	COAP_HOP_LIMIT,
	COAP_BLOCK_NUMBER,
	COAP_BLOCK_MORE,
	COAP_BLOCK_SIZE,
	COAP_END,
	COAP_PATH_WHOLE,
};

enum { MARKER = 0xff, PATH_MOST = 1024 };

static const struct names type_names[] = {{0, "Confirmable"},
					  {1, "Non-Confirmable"},
					  {2, "Acknowledgement"},
					  {3, "Reset"},
					  {0, NULL}};

static const struct names code_names[] = {
    {0, "Empty"},
    {1, "GET"},
    {2, "POST"},
    {3, "PUT"},
    {4, "DELETE"},
    {5, "FETCH"},
    {6, "PATCH"},
    {7, "iPATCH"},
    {65, "2.01 Created"},
    {66, "2.02 Deleted"},
    {67, "2.03 Valid"},
    {68, "2.04 Changed"},
    {69, "2.05 Content"},
    {95, "2.31 Continue"},
    {128, "4.00 Bad Request"},
    {129, "4.01 Unauthorized"},
    {130, "4.02 Bad Option"},
    {131, "4.03 Forbidden"},
    {132, "4.04 Not Found"},
    {133, "4.05 Method Not Allowed"},
    {134, "4.06 Not Acceptable"},
    {136, "4.08 Request Entity Incomplete"},
    {140, "4.12 Precondition Failed"},
    {141, "4.13 Request Entity Too Large"},
    {143, "4.15 Unsupported Content-Format"},
    {160, "5.00 Internal Server Error"},
    {161, "5.01 Not Implemented"},
    {162, "5.02 Bad Gateway"},
    {163, "5.03 Service Unavailable"},
    {164, "5.04 Gateway Timeout"},
    {165, "5.05 Proxying Not Supported"},
    {0, NULL},
};

static const struct field fields[] = {
    [COAP_VERSION] = BITS("coap.version", "Version", 1, 0xc0, 0),
    [COAP_TYPE] = {"coap.type", "Type", type_names, .mask = 0x30,
		   .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [COAP_TOKEN_LENGTH] = BITS("coap.token_len", "Token length", 1, 0x0f, 0),
    [COAP_CODE] = NAMED("coap.code", "Code", 1, FIELD_LINE, code_names),
    [COAP_ID] = UINT("coap.mid", "Message id", 2, FIELD_LINE),
    [COAP_TOKEN] = BYTES("coap.token", "Token", 0, 0),
    [COAP_DELTA] = BITS("coap.opt.delta", "Option delta", 1, 0xf0, 0),
    [COAP_DELTA_MORE] = NUMBER("coap.opt.delta_ext", "More of it", 0, 0),
    [COAP_LENGTH] = BITS("coap.opt.length", "Option length", 1, 0x0f, 0),
    [COAP_LENGTH_MORE] = NUMBER("coap.opt.length_ext", "More of it", 0, 0),
    [COAP_ETAG] = BYTES("coap.opt.etag", "ETag", 0, 0),
    [COAP_HOST] = TEXT("coap.opt.uri_host", "Uri-Host", 0),
    [COAP_PORT] = NUMBER("coap.opt.uri_port", "Uri-Port", 0, 0),
    [COAP_PATH] = TEXT("coap.opt.uri_path", "Uri-Path", FIELD_LINE),
    [COAP_QUERY] = TEXT("coap.opt.uri_query", "Uri-Query", FIELD_LINE),
    [COAP_LOCATION] = TEXT("coap.opt.location_path", "Location-Path", 0),
    [COAP_LOCATION_QUERY] =
	TEXT("coap.opt.location_query", "Location-Query", 0),
    [COAP_MAX_AGE] = NUMBER("coap.opt.max_age", "Max-Age, s", 0, 0),
    [COAP_OBSERVE] = NUMBER("coap.opt.observe", "Observe", 0, 0),
    [COAP_HOP_LIMIT] = NUMBER("coap.opt.hop_limit", "Hop-Limit", 0, 0),
    [COAP_BLOCK_NUMBER] = NUMBER("coap.opt.block_number", "Block", 0, 0),
    [COAP_BLOCK_MORE] = BITS("coap.opt.block_mflag", "More blocks", 1, 0x08, 0),
    [COAP_BLOCK_SIZE] = BITS("coap.opt.block_size", "Block size", 1, 0x07, 0),
    [COAP_END] = UINT("coap.opt.end_marker", "End of options", 1, 0),
    [COAP_PATH_WHOLE] = TEXT("coap.opt.uri_path_recon", "Whole path", 0),
};

static const struct {
	uint8_t number, field;
} options[] = {
    {3, COAP_HOST},	  {4, COAP_ETAG},
    {6, COAP_OBSERVE},	  {7, COAP_PORT},
    {8, COAP_LOCATION},	  {11, COAP_PATH},
    {14, COAP_MAX_AGE},	  {15, COAP_QUERY},
    {16, COAP_HOP_LIMIT}, {20, COAP_LOCATION_QUERY},
};

/* Numbers have as many bytes as they need, and may have none. */
static uint32_t get_number(struct cur *c)
{
	uint32_t num = 0;
	unsigned i;

	for (i = 0; i < 4 && c->state == CUR_OK && c->claim > 0; i++)
		num = num << 8 | cur_u8(c);
	return num;
}

/* The URI: the host and the parts of the path. */
struct path {
	char *text;
	size_t n;
};

static void path_add(struct dissect *d, struct path *path, const char *before,
		     const struct cur *c)
{
	size_t n = cur_left(c);

	if (!wants(d, &fields[COAP_PATH_WHOLE]))
		return;
	if (!path->text)
		path->text = scratch_room(d, PATH_MOST);
	if (!path->text || n + 1 + strlen(before) > PATH_MOST - path->n)
		return;
	memcpy(path->text + path->n, before, strlen(before));
	path->n += strlen(before);
	memcpy(path->text + path->n, cur_here(c), n);
	path->n += n;
}

static void decode_value(struct dissect *d, struct cur *c, unsigned number)
{
	const struct field *f;
	uint32_t num;
	unsigned i;

	if (number == 23 || number == 27) {
		num = get_number(c);
		add_uint(d, &fields[COAP_BLOCK_NUMBER], num >> 4);
		add_bits(d, &fields[COAP_BLOCK_MORE], num);
		add_bits(d, &fields[COAP_BLOCK_SIZE], num);
		return;
	}
	for (i = 0; i < ARRAY_LEN(options); i++) {
		if (options[i].number != number)
			continue;
		f = &fields[options[i].field];
		if (f->type == FIELD_UINT)
			add_uint(d, f, get_number(c));
		else
			take_bytes(d, c, f, c->claim);
	}
}

/* The rest of a delta or a length. */
static unsigned take_more(struct dissect *d, struct cur *c, unsigned value,
			  const struct field *f)
{
	unsigned more;

	if (value < 13)
		return value;
	if (value == 15) {
		cur_bad(c);
		return 0;
	}
	more = value == 13 ? cur_u8(c) : cur_be16(c);
	if (c->state == CUR_OK)
		add_uint(d, f, more);
	return more + (value == 13 ? 13 : 269);
}

/* Returns whether a payload follows. */
static bool decode_options(struct dissect *d, struct cur *c)
{
	struct path path = {NULL, 0};
	unsigned number = 0, first, len;
	struct cur body;
	bool marker = false;

	while (c->state == CUR_OK && cur_left(c)) {
		marker = cur_peek8(c, 0) == MARKER;
		if (marker) {
			take(d, c, &fields[COAP_END]);
			break;
		}
		first = cur_u8(c);
		add_bits(d, &fields[COAP_DELTA], first);
		add_bits(d, &fields[COAP_LENGTH], first);
		number += take_more(d, c, first >> 4, &fields[COAP_DELTA_MORE]);
		len = take_more(d, c, first & 15, &fields[COAP_LENGTH_MORE]);
		body = cur_part(c, len);
		if (c->state != CUR_OK)
			break;
		if (number == 3)
			path_add(d, &path, "coap://", &body);
		else if (number == 11)
			path_add(d, &path, "/", &body);
		decode_value(d, &body, number);
	}
	if (path.n)
		add_bytes(d, &fields[COAP_PATH_WHOLE], path.text, path.n);
	return marker;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first;

	if (!cur_has(c, 4))
		return;
	first = cur_u8(c);
	add_bits_rows(d, &fields[COAP_VERSION], &fields[COAP_TOKEN_LENGTH],
		      first);
	take(d, c, &fields[COAP_CODE]);
	take(d, c, &fields[COAP_ID]);
	if (first & 15)
		take_bytes(d, c, &fields[COAP_TOKEN], first & 15);
	if (decode_options(d, c))
		next_proto(d, c, PROTO_data);
}

static void summary(struct summary *l)
{
	static const char *const types[] = {"CON", "NON", "ACK", "RST"};
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " /", *query = "?";

	summary_puts(l, "CoAP");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case COAP_TYPE:
			summary_printf(l, " %s", types[v->num & 3]);
			break;
		case COAP_CODE:
			summary_puts(l, " ");
			summary_puts(l, names_or(code_names, v->num, "code"));
			break;
		case COAP_ID:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		case COAP_PATH:
			summary_puts(l, sep);
			summary_text(l, v);
			sep = "/";
			break;
		case COAP_QUERY:
			summary_puts(l, query);
			summary_text(l, v);
			query = "&";
			break;
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 5683}};
static const uint8_t leads_proto[] = {PROTO_data, PROTO_NONE};

const struct proto proto_coap = {
    "coap",
    "Constrained Application Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
