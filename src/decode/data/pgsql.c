/*
 * The protocol of PostgreSQL, version 3.
 *
 *	type (1), length (4) of what follows and itself, then by type; texts end
 *	with NUL
 *
 * The first messages of a client have no type: their length starts with 0. The
 * answer to a request for TLS is one byte.
 *
 * Remembered is the last request for authentication, as that says what a
 * client's 'p' means.
 */
#include "base/array.h"
#include "decode/data/pgsql_fields.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

static const struct field *const fields = pgsql_fields;

/* What a first message asks for, in place of a version. */
enum {
	CANCEL_REQUEST = 80877102,
	SSL_REQUEST = 80877103,
	GSS_REQUEST = 80877104,
};

static const struct names client_names[] = {
    {'p', "Password message"},
    {'Q', "Simple query"},
    {'P', "Parse"},
    {'B', "Bind"},
    {'E', "Execute"},
    {'D', "Describe"},
    {'C', "Close"},
    {'H', "Flush"},
    {'S', "Sync"},
    {'F', "Function call"},
    {'d', "Copy data"},
    {'c', "Copy completion"},
    {'f', "Copy failure"},
    {'X', "Termination"},
    {0, NULL},
};

static const struct names server_names[] = {
    {'R', "Authentication request"},
    {'K', "Backend key data"},
    {'S', "Parameter status"},
    {'1', "Parse completion"},
    {'2', "Bind completion"},
    {'3', "Close completion"},
    {'C', "Command completion"},
    {'t', "Parameter description"},
    {'T', "Row description"},
    {'D', "Data row"},
    {'I', "Empty query"},
    {'n', "No data"},
    {'E', "Error"},
    {'N', "Notice"},
    {'s', "Portal suspended"},
    {'Z', "Ready for query"},
    {'A', "Notification"},
    {'V', "Function call response"},
    {'G', "CopyIn response"},
    {'H', "CopyOut response"},
    {'d', "Copy data"},
    {'c', "Copy completion"},
    {'v', "Negotiate protocol version"},
    {0, NULL},
};

/* Parts of an error or notice, by the byte before them. */
static const struct {
	char code;
	uint8_t field;
} parts[] = {
    {'S', PG_SEVERITY},
    {'C', PG_CODE},
    {'M', PG_MESSAGE},
    {'D', PG_DETAIL},
    {'H', PG_HINT},
    {'P', PG_POSITION},
    {'p', PG_INTERNAL_POSITION},
    {'q', PG_INTERNAL_QUERY},
    {'W', PG_WHERE},
    {'s', PG_SCHEMA},
    {'t', PG_TABLE},
    {'c', PG_COLUMN},
    {'d', PG_TYPE_NAME},
    {'n', PG_CONSTRAINT},
    {'F', PG_FILE},
    {'L', PG_LINE},
    {'R', PG_ROUTINE},
};

/* Text up to its NUL. false: it does not end here. */
static bool take_text(struct dissect *d, struct cur *c, unsigned field)
{
	const uint8_t *end =
	    c->state == CUR_OK ? memchr(cur_here(c), 0, cur_left(c)) : NULL;

	if (!end) {
		cur_has(c, c->claim + 1);
		return false;
	}
	add_bytes(d, &fields[field], cur_here(c), (size_t)(end - cur_here(c)));
	cur_skip(c, (size_t)(end - cur_here(c)) + 1);
	return true;
}

static int32_t signed32(struct cur *c)
{
	return (int32_t)cur_be32(c);
}

static void take_signed(struct dissect *d, const struct field *f, int64_t n)
{
	add_uint(d, f, (uint64_t)n);
}

/* All that is left. */
static void take_left(struct dissect *d, struct cur *c, unsigned field)
{
	if (c->state == CUR_OK && c->claim)
		take_bytes(d, c, &fields[field], c->claim);
}

/* n formats, each of two bytes. */
static void take_formats(struct dissect *d, struct cur *c, unsigned n)
{
	while (n-- > 0 && c->state == CUR_OK)
		take(d, c, &fields[PG_FORMAT]);
}

/* n values, each after its length. */
static void take_values(struct dissect *d, struct cur *c, unsigned n)
{
	int32_t length;

	while (n-- > 0 && cur_has(c, 4)) {
		length = signed32(c);
		take_signed(d, &fields[PG_VAL_LENGTH], length);
		if (length > 0)
			take_bytes(d, c, &fields[PG_VAL_DATA], (size_t)length);
	}
}

static void take_columns(struct dissect *d, struct cur *c)
{
	unsigned n = (unsigned)take(d, c, &fields[PG_FIELDS]);

	while (n-- > 0 && take_text(d, c, PG_COL_NAME)) {
		take(d, c, &fields[PG_OID_TABLE]);
		take(d, c, &fields[PG_COL_INDEX]);
		take(d, c, &fields[PG_OID_TYPE]);
		if (!cur_has(c, 8))
			break;
		take_signed(d, &fields[PG_VAL_LENGTH], (int16_t)cur_be16(c));
		take_signed(d, &fields[PG_COL_MOD], signed32(c));
		take(d, c, &fields[PG_FORMAT]);
	}
}

static void take_parameter(struct dissect *d, struct cur *c)
{
	if (take_text(d, c, PG_PARAM_NAME))
		take_text(d, c, PG_PARAM_VALUE);
}

/* ---- the client's ------------------------------------------------------- */

static const char *password_name(uint32_t auth)
{
	switch (auth) {
	case AUTH_SASL:
		return "SASLInitialResponse message";
	case AUTH_SASL_MORE:
		return "SASLResponse message";
	case AUTH_GSS:
	case AUTH_GSS_MORE:
	case AUTH_SSPI:
		return "GSSResponse message";
	}
	return "Password message";
}

static void decode_password(struct dissect *d, struct cur *c)
{
	int32_t length;

	switch (d->app_state) {
	case AUTH_SASL:
		if (!take_text(d, c, PG_SASL_MECH) || !cur_has(c, 4))
			return;
		length = signed32(c);
		take_signed(d, &fields[PG_SASL_LENGTH], length);
		if (length > 0)
			take_bytes(d, c, &fields[PG_SASL_DATA], (size_t)length);
		break;
	case AUTH_SASL_MORE:
		take_left(d, c, PG_SASL_DATA);
		break;
	case AUTH_GSS:
	case AUTH_GSS_MORE:
	case AUTH_SSPI:
		take_left(d, c, PG_GSS);
		break;
	default:
		take_text(d, c, PG_PASSWORD);
	}
}

static void decode_bind(struct dissect *d, struct cur *c)
{
	if (!take_text(d, c, PG_PORTAL) || !take_text(d, c, PG_STATEMENT))
		return;
	take_formats(d, c, cur_be16(c));
	take_values(d, c, cur_be16(c));
	take_formats(d, c, cur_be16(c));
}

static void decode_client(struct dissect *d, struct cur *c, unsigned type)
{
	unsigned n;

	switch (type) {
	case 'p':
		decode_password(d, c);
		break;
	case 'Q':
		take_text(d, c, PG_QUERY);
		break;
	case 'P':
		if (!take_text(d, c, PG_STATEMENT) ||
		    !take_text(d, c, PG_QUERY))
			break;
		for (n = cur_be16(c); n > 0 && c->state == CUR_OK; n--)
			take(d, c, &fields[PG_OID_TYPE]);
		break;
	case 'B':
		decode_bind(d, c);
		break;
	case 'E':
		take_text(d, c, PG_PORTAL);
		take(d, c, &fields[PG_RETURNS]);
		break;
	case 'D':
	case 'C':
		take_text(d, c, cur_u8(c) == 'P' ? PG_PORTAL : PG_STATEMENT);
		break;
	case 'F':
		take(d, c, &fields[PG_OID]);
		take_formats(d, c, cur_be16(c));
		take_values(d, c, cur_be16(c));
		take(d, c, &fields[PG_FORMAT]);
		break;
	case 'd':
		take_left(d, c, PG_COPY_DATA);
		break;
	case 'f':
		take_text(d, c, PG_ERROR);
		break;
	}
}

/* A first message, without a type. */
static const char *first_name(uint32_t tag, size_t length)
{
	if (tag == CANCEL_REQUEST && length == 16)
		return "Cancel request";
	if (tag == SSL_REQUEST && length == 8)
		return "SSL request";
	if (tag == GSS_REQUEST && length == 8)
		return "GSS encrypt request";
	if (tag >> 16 == 3)
		return "Startup message";
	return "Unknown";
}

static void decode_first(struct dissect *d, struct cur *c, uint32_t tag)
{
	if (tag == CANCEL_REQUEST) {
		cur_skip(c, 4);
		take(d, c, &fields[PG_PID]);
		take(d, c, &fields[PG_KEY]);
	} else if (tag >> 16 == 3) {
		take(d, c, &fields[PG_MAJOR]);
		take(d, c, &fields[PG_MINOR]);
		while (c->state == CUR_OK && cur_left(c) && cur_peek8(c, 0))
			take_parameter(d, c);
	}
}

/* ---- the server's ------------------------------------------------------- */

static void decode_auth(struct dissect *d, struct cur *c)
{
	uint32_t auth = (uint32_t)take(d, c, &fields[PG_AUTH]);

	if (c->state != CUR_OK)
		return;
	d->app_state = auth;
	switch (auth) {
	case 4:
	case AUTH_MD5:
		take_left(d, c, PG_SALT);
		break;
	case AUTH_GSS_MORE:
		take_left(d, c, PG_GSS);
		break;
	case AUTH_SASL:
		while (cur_left(c) && cur_peek8(c, 0) &&
		       take_text(d, c, PG_SASL_MECH))
			continue;
		break;
	case AUTH_SASL_MORE:
	case AUTH_SASL_FINAL:
		take_left(d, c, PG_SASL_DATA);
		break;
	}
}

static void decode_report(struct dissect *d, struct cur *c)
{
	unsigned i, code;

	while (c->state == CUR_OK && (code = cur_u8(c)) != 0) {
		for (i = 0; i < ARRAY_LEN(parts); i++)
			if ((unsigned char)parts[i].code == code)
				break;
		if (!take_text(d, c,
			       i < ARRAY_LEN(parts) ? parts[i].field : PG_TEXT))
			break;
	}
}

static void decode_copy(struct dissect *d, struct cur *c)
{
	if (!cur_has(c, 3))
		return;
	add_uint(d, &fields[PG_FORMAT], cur_u8(c));
	take_formats(d, c, cur_be16(c));
}

static void decode_server(struct dissect *d, struct cur *c, unsigned type)
{
	unsigned n;

	switch (type) {
	case 'R':
		decode_auth(d, c);
		break;
	case 'K':
		take(d, c, &fields[PG_PID]);
		take(d, c, &fields[PG_KEY]);
		break;
	case 'S':
		take_parameter(d, c);
		break;
	case 'C':
		take_text(d, c, PG_TAG);
		break;
	case 'Z':
		take(d, c, &fields[PG_STATUS]);
		break;
	case 'E':
	case 'N':
		decode_report(d, c);
		break;
	case 'A':
		take(d, c, &fields[PG_PID]);
		if (take_text(d, c, PG_CONDITION) && cur_left(c) > 1)
			take_text(d, c, PG_TEXT);
		break;
	case 'T':
		take_columns(d, c);
		break;
	case 'D':
		n = (unsigned)take(d, c, &fields[PG_FIELDS]);
		take_values(d, c, n);
		break;
	case 't':
		for (n = cur_be16(c); n > 0 && c->state == CUR_OK; n--)
			take(d, c, &fields[PG_OID_TYPE]);
		break;
	case 'V':
		take_values(d, c, 1);
		break;
	case 'G':
	case 'H':
		decode_copy(d, c);
		break;
	case 'd':
		take_left(d, c, PG_COPY_DATA);
		break;
	case 'v':
		take(d, c, &fields[PG_MINOR_SUPPORTED]);
		n = cur_be32(c);
		if (c->state == CUR_OK)
			take_signed(d, &fields[PG_N_UNSUPPORTED], (int32_t)n);
		while (n-- > 0 && take_text(d, c, PG_UNSUPPORTED))
			continue;
		break;
	}
}

static void decode_message(struct dissect *d, struct cur *c, bool client)
{
	unsigned type = cur_peek8(c, 0);
	uint32_t tag = 0;
	const char *name;
	struct cur look, body;
	size_t length;

	if (type)
		cur_skip(c, 1);
	look = *c;
	length = cur_be32(&look);
	if (!type)
		tag = cur_be32(&look);
	if (look.state != CUR_OK) {
		c->state = look.state;
		return;
	}
	if (!client)
		name = names_or(server_names, type, "Unknown");
	else if (type == 'p')
		name = password_name(d->app_state);
	else
		name = type ? names_or(client_names, type, "Unknown")
			    : first_name(tag, length);
	add_bytes(d, &fields[PG_TYPE], name, strlen(name));
	add_uint(d, &fields[PG_LENGTH], length);
	cur_skip(c, 4);
	add_uint(d, &fields[PG_FRONTEND], client);
	if (length < 4) {
		cur_bad(c);
		return;
	}
	body = cur_part(c, length - 4);
	if (!type && client)
		decode_first(d, &body, tag);
	else if (client)
		decode_client(d, &body, type);
	else
		decode_server(d, &body, type);
}

static void decode(struct dissect *d, struct cur *c)
{
	/* what a message promises may be in segments to come */
	struct cur all = cur_unit(c, SIZE_MAX / 2);
	bool client = to_server(d);

	/* the answer to a request for TLS */
	if (!client && d->layer->len == 1)
		return;
	while (all.state == CUR_OK && cur_left(&all))
		decode_message(d, &all, client);
	if (all.state == CUR_MALFORMED)
		cur_bad(c);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned types = 0;

	summary_puts(l, "PGSQL");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case PG_TYPE:
			if (types++ == 6) {
				summary_puts(l, ", ...");
				return;
			}
			summary_puts(l, types > 1 ? ", " : " ");
			summary_text(l, v);
			break;
		case PG_AUTH:
			summary_printf(
			    l, " (%s)",
			    names_or(fields[PG_AUTH].names, v->num, "unknown"));
			break;
		case PG_PARAM_NAME:
		case PG_SEVERITY:
		case PG_CODE:
		case PG_CONDITION:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		case PG_PARAM_VALUE:
			summary_puts(l, "=");
			summary_text(l, v);
			break;
		case PG_QUERY:
		case PG_TAG:
		case PG_MESSAGE:
		case PG_ERROR:
		case PG_STATEMENT:
			if (!v->len)
				break;
			summary_puts(l, " \"");
			summary_text(l, v);
			summary_puts(l, "\"");
			break;
		}
	}
	summary_mark(l);
}

/* phase: 1 once encryption was asked for, which one byte answers. */
static bool message(struct cur c, struct framing *f)
{
	unsigned type = cur_left(&c) ? cur_peek8(&c, 0) : 0;
	uint32_t length, tag;

	if (f->peer_phase && (type == 'S' || type == 'N' || type == 'G') &&
	    cur_left(&c) == 1) {
		f->size = 1;
		return true;
	}
	if (type)
		cur_skip(&c, 1);
	length = cur_be32(&c);
	if (c.state != CUR_OK)
		return false;
	f->size = (size_t)length + (type ? 1 : 0);
	if (length < 4)
		f->size = 5;
	f->phase = 0;
	if (!type && length == 8) {
		tag = cur_be32(&c);
		if (c.state != CUR_OK)
			return false;
		f->phase = tag == SSL_REQUEST || tag == GSS_REQUEST;
	}
	return true;
}

static void follow(struct app_message *f)
{
	struct cur c = f->message;
	bool answer = cur_left(&c) == 1;
	unsigned type = cur_u8(&c);

	if (f->to_server)
		return;
	if (answer && type == 'S')
		f->then = PROTO_tls;
	if (type != 'R')
		return;
	cur_skip(&c, 4);
	type = cur_be32(&c);
	if (c.state == CUR_OK)
		f->app->state = type;
}

static const struct key keys[] = {{KEY_TCP_PORT, 5432}};
static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};

const struct proto proto_pgsql = {
    "pgsql",
    "PostgreSQL",
    .fields = pgsql_fields,
    .n_fields = PG_COUNT,
    PROTO_KEYS(keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
    .on_message = follow,
};
