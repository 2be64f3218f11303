/*
 * The protocol of MySQL and MariaDB.
 *
 *	length (3, least significant byte first), number (1), then what the
 *	phase says (mysql_state.c)
 *
 * Rows of prepared statements, and what is compressed, are not looked into.
 */
#include "decode/data/mysql.h"

#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

static const struct field *const fields = mysql_fields;

/* Text up to its NUL, or the rest. */
static struct cur cut_text(struct cur *c)
{
	const uint8_t *end =
	    c->state == CUR_OK ? memchr(cur_here(c), 0, cur_left(c)) : NULL;
	struct cur text;

	if (!end)
		return cur_part(c, c->state == CUR_OK ? c->claim : 0);
	text = cur_part(c, (size_t)(end - cur_here(c)));
	cur_skip(c, 1);
	return text;
}

static void take_text(struct dissect *d, struct cur *c, unsigned field)
{
	struct cur text = cut_text(c);

	if (text.state == CUR_OK)
		add_bytes(d, &fields[field], cur_here(&text), cur_left(&text));
}

/* All that is left, if anything is. */
static void take_left(struct dissect *d, struct cur *c, unsigned field)
{
	if (c->state == CUR_OK && c->claim)
		take_bytes(d, c, &fields[field], c->claim);
}

static uint64_t take_number(struct dissect *d, struct cur *c, unsigned field)
{
	bool null;
	uint64_t number = mysql_number(c, &null);

	if (c->state == CUR_OK)
		add_uint(d, &fields[field], number);
	return number;
}

static size_t text_length(struct cur *c, bool *null)
{
	uint64_t n = mysql_number(c, null);

	return *null ? 0 : n > UINT32_MAX ? UINT32_MAX : (size_t)n;
}

/* Text after its length, which is recorded too unless that is 0. */
static void take_counted(struct dissect *d, struct cur *c, unsigned length,
			 unsigned text)
{
	bool null;
	size_t n = text_length(c, &null);

	if (c->state != CUR_OK)
		return;
	if (length)
		add_uint(d, &fields[length], n);
	if (null)
		add_bytes(d, &fields[text], "NULL", 4);
	else
		take_bytes(d, c, &fields[text], n);
}

static void take_status(struct dissect *d, struct cur *c)
{
	take_bits(d, c, &fields[MY_STATUS],
		  &fields[MY_STAT_SESSION_STATE_CHANGED]);
}

/* Capabilities, and the bits of those: rows from `first` to `last`. */
static unsigned take_caps(struct dissect *d, struct cur *c, unsigned field,
			  unsigned first, unsigned last)
{
	unsigned caps = (unsigned)take(d, c, &fields[field]);

	if (c->state == CUR_OK)
		add_bits_rows(d, &fields[first], &fields[last], caps);
	return caps;
}

/* ---- logging in --------------------------------------------------------- */

static void decode_greeting(struct dissect *d, struct cur *c)
{
	const uint8_t *version = cur_here(c) + 1;
	unsigned ext, n;
	bool maria;

	add_uint(d, &fields[MY_GREETING], 0);
	if (take(d, c, &fields[MY_PROTOCOL]) != 10)
		return;
	take_text(d, c, MY_VERSION);
	maria = mysql_is_maria(version, (size_t)(cur_here(c) - version));
	take(d, c, &fields[MY_THREAD]);
	take_text(d, c, MY_SALT);
	take_caps(d, c, MY_CAPS_SERVER, MY_CAP_LP, MY_CAP_SC);
	if (!c->claim)
		return;
	take(d, c, &fields[maria ? MY_MARIA_LANGUAGE : MY_LANGUAGE]);
	take_status(d, c);
	ext = take_caps(d, c, MY_EXT_SERVER, MY_EXT_MS, MY_EXT_UNUSED);
	take(d, c, &fields[MY_PLUGIN_LENGTH]);
	n = maria ? 6 : 10;
	take_bytes(d, c, &fields[MY_UNUSED], n);
	if (maria)
		take_caps(d, c, MY_MARIA_SERVER, MY_MARIA_PR, MY_MARIA_ME);
	take_text(d, c, MY_SALT2);
	if (ext & MYSQL_EXT_PLUGIN && c->claim)
		take_text(d, c, MY_PLUGIN);
}

static void take_password(struct dissect *d, struct cur *c, bool counted)
{
	size_t n;

	if (!counted) {
		struct cur text = cut_text(c);

		take_left(d, &text, MY_PASSWORD);
		return;
	}
	n = cur_u8(c);
	if (n)
		take_bytes(d, c, &fields[MY_PASSWORD], n);
}

static void take_attributes(struct dissect *d, struct cur *c)
{
	uint64_t n;
	struct cur attrs;

	add_uint(d, &fields[MY_ATTRS], 0);
	n = take_number(d, c, MY_ATTRS_LENGTH);
	attrs = cur_part(c, n > UINT32_MAX ? UINT32_MAX : (size_t)n);
	while (attrs.state == CUR_OK && cur_left(&attrs)) {
		add_uint(d, &fields[MY_ATTR], 0);
		take_counted(d, &attrs, MY_ATTR_NAME_LENGTH, MY_ATTR_NAME);
		take_counted(d, &attrs, MY_ATTR_VALUE_LENGTH, MY_ATTR_VALUE);
	}
}

static void decode_login(struct dissect *d, struct cur *c)
{
	bool maria = d->app_state & MYSQL_MARIA;
	unsigned caps, ext;

	add_uint(d, &fields[MY_LOGIN], 0);
	caps = take_caps(d, c, MY_CAPS_CLIENT, MY_CAP_LP, MY_CAP_SC);
	if (!(caps & MYSQL_CAP_41))
		return;
	ext = take_caps(d, c, MY_EXT_CLIENT, MY_EXT_MS, MY_EXT_UNUSED);
	take(d, c, &fields[MY_MAX_PACKET]);
	take(d, c, &fields[maria ? MY_MARIA_CHARSET : MY_CHARSET]);
	if (caps & MYSQL_CAP_LONG_PASSWORD || !maria) {
		take_bytes(d, c, &fields[MY_UNUSED], 23);
	} else {
		take_bytes(d, c, &fields[MY_UNUSED], 19);
		take_caps(d, c, MY_MARIA_CLIENT, MY_MARIA_PR, MY_MARIA_ME);
	}
	if (caps & MYSQL_CAP_SSL && !c->claim)
		return;
	take_text(d, c, MY_USER);
	take_password(d, c, caps & MYSQL_CAP_SECURE);
	if (caps & MYSQL_CAP_DATABASE && c->claim)
		take_text(d, c, MY_SCHEMA);
	if (ext & MYSQL_EXT_PLUGIN && c->claim)
		take_text(d, c, MY_CLIENT_PLUGIN);
	if (ext & MYSQL_EXT_ATTRS && c->claim)
		take_attributes(d, c);
}

/* ---- commands ----------------------------------------------------------- */

static void decode_execute(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[MY_STATEMENT]);
	take(d, c, &fields[MY_EXEC_FLAGS]);
	take(d, c, &fields[MY_EXEC_ITER]);
}

static void decode_change_user(struct dissect *d, struct cur *c)
{
	take_text(d, c, MY_USER);
	take_password(d, c, true);
	take_text(d, c, MY_SCHEMA);
	if (!c->claim)
		return;
	take(d, c,
	     &fields[d->app_state & MYSQL_MARIA ? MY_MARIA_CHARSET
						: MY_CHARSET]);
	cur_skip(c, 1);
	if (c->claim)
		take_text(d, c, MY_CLIENT_PLUGIN);
}

static void decode_command(struct dissect *d, struct cur *c)
{
	unsigned command;

	add_uint(d, &fields[MY_REQUEST], 0);
	command = (unsigned)take(d, c, &fields[MY_COMMAND]);
	switch (command) {
	case MYSQL_INIT_DB:
	case MYSQL_CREATE_DB:
	case MYSQL_DROP_DB:
		take_left(d, c, MY_SCHEMA);
		break;
	case MYSQL_QUERY:
	case MYSQL_STMT_PREPARE:
		take_left(d, c, MY_QUERY);
		break;
	case MYSQL_FIELD_LIST:
		take_text(d, c, MY_TABLE);
		break;
	case MYSQL_REFRESH:
		take(d, c, &fields[MY_REFRESH]);
		break;
	case MYSQL_KILL:
		take(d, c, &fields[MY_THREAD]);
		break;
	case MYSQL_CHANGE_USER:
		decode_change_user(d, c);
		break;
	case MYSQL_STMT_EXECUTE:
		decode_execute(d, c);
		break;
	case MYSQL_STMT_LONG_DATA:
		take(d, c, &fields[MY_STATEMENT]);
		take(d, c, &fields[MY_PARAM]);
		take_left(d, c, MY_PAYLOAD);
		break;
	case MYSQL_STMT_CLOSE:
	case MYSQL_STMT_RESET:
		take(d, c, &fields[MY_STATEMENT]);
		break;
	case MYSQL_SET_OPTION:
		take(d, c, &fields[MY_OPTION]);
		break;
	case MYSQL_STMT_FETCH:
		take(d, c, &fields[MY_STATEMENT]);
		take(d, c, &fields[MY_ROWS]);
		break;
	}
}

/* ---- answers ------------------------------------------------------------ */

static void take_change(struct dissect *d, struct cur *c)
{
	enum { VARIABLE, SCHEMA, STATE };
	unsigned type;
	uint64_t n;
	struct cur body;

	add_uint(d, &fields[MY_TRACK], 0);
	type = (unsigned)take(d, c, &fields[MY_TRACK_TYPE]);
	n = take_number(d, c, MY_TRACK_LENGTH);
	body = cur_part(c, n > UINT32_MAX ? UINT32_MAX : (size_t)n);
	switch (type) {
	case VARIABLE:
		take_counted(d, &body, MY_TRACK_VAR_LENGTH, MY_TRACK_VAR_NAME);
		take_counted(d, &body, MY_TRACK_VAR_LENGTH, MY_TRACK_VAR_VALUE);
		break;
	case SCHEMA:
		take_counted(d, &body, MY_TRACK_SCHEMA_LENGTH, MY_TRACK_SCHEMA);
		break;
	case STATE:
		take_counted(d, &body, 0, MY_TRACK_STATE);
		break;
	}
}

static void take_changes(struct dissect *d, struct cur *c)
{
	uint64_t n;
	struct cur all;

	add_uint(d, &fields[MY_TRACK_DATA], 0);
	n = take_number(d, c, MY_TRACK_DATA_LENGTH);
	all = cur_part(c, n > UINT32_MAX ? UINT32_MAX : (size_t)n);
	while (all.state == CUR_OK && cur_left(&all))
		take_change(d, &all);
}

static void decode_ok(struct dissect *d, struct cur *c)
{
	enum { CHANGED = 0x4000 };
	unsigned status;
	uint64_t id;
	size_t n;
	bool null;

	take(d, c, &fields[MY_RESPONSE]);
	take_number(d, c, MY_AFFECTED);
	id = mysql_number(c, &null);
	if (id)
		add_uint(d, &fields[MY_INSERT_ID], id);
	if (!cur_has(c, 2))
		return;
	status = cur_peek8(c, 0) | (unsigned)cur_peek8(c, 1) << 8;
	take_status(d, c);
	if (c->claim >= 2)
		take(d, c, &fields[MY_WARNINGS]);
	if (!(d->app_state & MYSQL_TRACK)) {
		take_left(d, c, MY_MESSAGE);
		return;
	}
	if (!c->claim)
		return;
	n = text_length(c, &null);
	if (n)
		take_bytes(d, c, &fields[MY_MESSAGE], n);
	if (status & CHANGED && c->claim)
		take_changes(d, c);
}

static void decode_error(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[MY_RESPONSE]);
	take(d, c, &fields[MY_ERROR]);
	if (cur_left(c) && cur_peek8(c, 0) == '#') {
		cur_skip(c, 1);
		take_bytes(d, c, &fields[MY_SQLSTATE], 5);
	}
	take_left(d, c, MY_ERROR_TEXT);
}

static void decode_eof(struct dissect *d, struct cur *c)
{
	if (d->app_state & MYSQL_NO_EOF && c->claim > 5) {
		decode_ok(d, c);
		return;
	}
	add_uint(d, &fields[MY_RESPONSE], cur_peek8(c, 0));
	take(d, c, &fields[MY_EOF]);
	if (c->claim < 4)
		return;
	take(d, c, &fields[MY_WARNINGS]);
	take_status(d, c);
}

static void decode_column(struct dissect *d, struct cur *c)
{
	unsigned i;
	struct cur rest;
	bool null;

	for (i = MY_F_CATALOG; i <= MY_F_ORG_NAME; i++)
		take_counted(d, c, 0, i);
	if (d->app_state & MYSQL_EXT_META) {
		add_uint(d, &fields[MY_EXTMETA], 0);
		rest = *c;
		take_number(d, c, MY_EXTMETA_LENGTH);
		cur_skip(c, text_length(&rest, &null));
	}
	cur_skip(c, 1);
	take(d, c, &fields[MY_F_CHARSET]);
	take(d, c, &fields[MY_F_LENGTH]);
	take(d, c, &fields[MY_F_TYPE]);
	take_bits(d, c, &fields[MY_F_FLAGS], &fields[MY_FF_SET]);
	take(d, c, &fields[MY_F_DECIMALS]);
	if (c->claim < 2)
		return;
	cur_skip(c, 2);
	if (c->claim)
		take_counted(d, c, 0, MY_F_DEFAULT);
}

static void decode_table(struct dissect *d, struct cur *c)
{
	enum { LOCAL_INFILE = 0xfb };

	if (cur_peek8(c, 0) == LOCAL_INFILE) {
		take(d, c, &fields[MY_RESPONSE]);
		take_left(d, c, MY_PAYLOAD);
		return;
	}
	take_number(d, c, MY_FIELDS);
	if (d->app_state & MYSQL_CACHED && c->claim)
		take(d, c, &fields[MY_METADATA]);
}

static void decode_rows(struct dissect *d, struct cur *c)
{
	if (d->app_state & MYSQL_BINARY) {
		take(d, c, &fields[MY_RESPONSE]);
		return;
	}
	while (c->state == CUR_OK && c->claim)
		take_counted(d, c, 0, MY_ROW);
}

static void decode_prepared(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[MY_RESPONSE]);
	take(d, c, &fields[MY_STATEMENT]);
	if (!cur_has(c, 4))
		return;
	add_uint(d, &fields[MY_FIELDS],
		 cur_peek8(c, 0) | (unsigned)cur_peek8(c, 1) << 8);
	cur_skip(c, 2);
	take(d, c, &fields[MY_PARAMS]);
	cur_skip(c, 1);
	if (c->claim >= 2)
		take(d, c, &fields[MY_WARNINGS]);
}

static void decode_auth(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[MY_SWITCH_STATUS]);
	if (!c->claim)
		return;
	take_text(d, c, MY_SWITCH_NAME);
	take_left(d, c, MY_SWITCH_DATA);
}

static void decode_answer(struct dissect *d, struct cur *c,
			  enum mysql_phase phase)
{
	unsigned first = cur_peek8(c, 0);

	if (first == 0xff && phase != MYSQL_TEXT) {
		decode_error(d, c);
		return;
	}
	switch (phase) {
	case MYSQL_START:
		if (first == 10)
			decode_greeting(d, c);
		break;
	case MYSQL_AUTH:
		if (first)
			decode_auth(d, c);
		else
			decode_ok(d, c);
		break;
	case MYSQL_TEXT:
		take_left(d, c, MY_MESSAGE);
		break;
	case MYSQL_TABLE:
		if (first)
			decode_table(d, c);
		else
			decode_ok(d, c);
		break;
	case MYSQL_COLUMNS:
	case MYSQL_LIST:
	case MYSQL_PARAMS:
		if (mysql_is_eof(c, 0))
			decode_eof(d, c);
		else
			decode_column(d, c);
		break;
	case MYSQL_ROWS:
		if (mysql_is_eof(c, d->app_state))
			decode_eof(d, c);
		else
			decode_rows(d, c);
		break;
	case MYSQL_PREPARE:
		decode_prepared(d, c);
		break;
	case MYSQL_OK:
	case MYSQL_COMMAND:
	case MYSQL_NOTHING:
		if (first == 0)
			decode_ok(d, c);
		else if (mysql_is_eof(c, 0))
			decode_eof(d, c);
		break;
	case MYSQL_LOGIN:
	case MYSQL_OPAQUE:
		break;
	}
}

static void decode_packet(struct dissect *d, struct cur *c, bool client)
{
	enum mysql_phase phase;
	unsigned number;
	struct cur body, whole;
	uint32_t length;

	length = cur_u8(c);
	length |= (uint32_t)cur_u8(c) << 8;
	length |= (uint32_t)cur_u8(c) << 16;
	if (c->state != CUR_OK)
		return;
	add_uint(d, &fields[MY_LENGTH], length);
	number = (unsigned)take(d, c, &fields[MY_NUMBER]);
	body = whole = cur_part(c, length);
	phase = mysql_phase_of(d->app_state, &body, number, client);
	if (!cur_left(&body) || phase == MYSQL_OPAQUE)
		return;
	if (!client)
		decode_answer(d, &body, phase);
	else if (phase == MYSQL_LOGIN)
		decode_login(d, &body);
	else if (phase == MYSQL_COMMAND)
		decode_command(d, &body);
	else if (phase == MYSQL_AUTH)
		take_left(d, &body, MY_SWITCH_ANSWER);
	d->app_state = mysql_step(d->app_state, whole, number, client);
}

static void decode(struct dissect *d, struct cur *c)
{
	/* what a packet promises may be in segments to come */
	struct cur all = cur_unit(c, SIZE_MAX / 2);
	bool client = to_server(d);

	while (all.state == CUR_OK && cur_left(&all))
		decode_packet(d, &all, client);
}

static bool message(struct cur c, struct framing *f)
{
	uint32_t length;

	length = cur_u8(&c);
	length |= (uint32_t)cur_u8(&c) << 8;
	length |= (uint32_t)cur_u8(&c) << 16;
	f->size = MYSQL_HEAD + (size_t)length;
	return c.state == CUR_OK;
}

static const struct key keys[] = {{KEY_TCP_PORT, 3306}};
static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};

const struct proto proto_mysql = {
    "mysql",
    "MySQL Protocol",
    .fields = mysql_fields,
    .n_fields = MY_COUNT,
    PROTO_KEYS(keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = mysql_summary,
    .pdu_length = message,
    .on_message = mysql_follow,
};
