/*
 * The protocol of MySQL and MariaDB.
 *
 *	length (3, least significant octet first), number (1), then what the
 *	phase says (mysql_state.c)
 *
 * Rows of prepared statements, and what is compressed, are not looked into.
 */
#include "decode/mysql.h"

#include "decode/rows.h"

enum {
	MY_LENGTH,
	MY_NUMBER,
	MY_GREETING,
	MY_PROTOCOL,
	MY_VERSION,
	MY_THREAD,
	MY_SALT,
	MY_CAPS_SERVER,
	MY_CAPS_CLIENT,
	MY_CAP_LP,
	MY_CAP_FR,
	MY_CAP_LF,
	MY_CAP_CD,
	MY_CAP_NS,
	MY_CAP_CP,
	MY_CAP_OB,
	MY_CAP_LI,
	MY_CAP_IS,
	MY_CAP_CU,
	MY_CAP_IA,
	MY_CAP_SL,
	MY_CAP_II,
	MY_CAP_TA,
	MY_CAP_RS,
	MY_CAP_SC,
	MY_EXT_SERVER,
	MY_EXT_CLIENT,
	MY_EXT_MS,
	MY_EXT_MR,
	MY_EXT_PM,
	MY_EXT_PA,
	MY_EXT_CA,
	MY_EXT_EP,
	MY_EXT_SESSION_TRACK,
	MY_EXT_DEPRECATE_EOF,
	MY_EXT_OPTIONAL_METADATA,
	MY_EXT_COMPRESS_ZSD,
	MY_EXT_QUERY_ATTRS,
	MY_EXT_MF_AUTH,
	MY_EXT_CAP_EXT,
	MY_EXT_UNUSED,
	MY_LANGUAGE,
	MY_STATUS,
	MY_STAT_IT,
	MY_STAT_AC,
	MY_STAT_MU,
	MY_STAT_MR,
	MY_STAT_BI,
	MY_STAT_NI,
	MY_STAT_CR,
	MY_STAT_LR,
	MY_STAT_DR,
	MY_STAT_BS,
	MY_STAT_MC,
	MY_STAT_QUERY_WAS_SLOW,
	MY_STAT_PS_OUT_PARAMS,
	MY_STAT_TRANS_READONLY,
	MY_STAT_SESSION_STATE_CHANGED,
	MY_PLUGIN_LENGTH,
	MY_UNUSED,
	MY_SALT2,
	MY_PLUGIN,
	MY_LOGIN,
	MY_MAX_PACKET,
	MY_CHARSET,
	MY_USER,
	MY_PASSWORD,
	MY_SCHEMA,
	MY_CLIENT_PLUGIN,
	MY_ATTRS,
	MY_ATTRS_LENGTH,
	MY_ATTR,
	MY_ATTR_NAME_LENGTH,
	MY_ATTR_NAME,
	MY_ATTR_VALUE_LENGTH,
	MY_ATTR_VALUE,
	MY_REQUEST,
	MY_COMMAND,
	MY_QUERY,
	MY_TABLE,
	MY_REFRESH,
	MY_OPTION,
	MY_STATEMENT,
	MY_PARAM,
	MY_ROWS,
	MY_EXEC_FLAGS,
	MY_EXEC_ITER,
	MY_PAYLOAD,
	MY_RESPONSE,
	MY_ERROR,
	MY_SQLSTATE,
	MY_ERROR_TEXT,
	MY_AFFECTED,
	MY_INSERT_ID,
	MY_WARNINGS,
	MY_MESSAGE,
	MY_EOF,
	MY_FIELDS,
	MY_METADATA,
	MY_PARAMS,
	MY_F_CATALOG,
	MY_F_DB,
	MY_F_TABLE,
	MY_F_ORG_TABLE,
	MY_F_NAME,
	MY_F_ORG_NAME,
	MY_EXTMETA,
	MY_EXTMETA_LENGTH,
	MY_F_CHARSET,
	MY_F_LENGTH,
	MY_F_TYPE,
	MY_F_FLAGS,
	MY_FF_NOT_NULL,
	MY_FF_PRIMARY_KEY,
	MY_FF_UNIQUE_KEY,
	MY_FF_MULTIPLE_KEY,
	MY_FF_BLOB,
	MY_FF_UNSIGNED,
	MY_FF_ZERO_FILL,
	MY_FF_ENUM,
	MY_FF_AUTO_INCREMENT,
	MY_FF_TIMESTAMP,
	MY_FF_SET,
	MY_F_DECIMALS,
	MY_F_DEFAULT,
	MY_ROW,
	MY_TRACK_DATA,
	MY_TRACK_DATA_LENGTH,
	MY_TRACK,
	MY_TRACK_TYPE,
	MY_TRACK_LENGTH,
	MY_TRACK_VAR_LENGTH,
	MY_TRACK_VAR_NAME,
	MY_TRACK_VAR_VALUE,
	MY_TRACK_SCHEMA_LENGTH,
	MY_TRACK_SCHEMA,
	MY_TRACK_STATE,
	MY_SWITCH_STATUS,
	MY_SWITCH_NAME,
	MY_SWITCH_DATA,
	MY_SWITCH_ANSWER,
	MY_MARIA_LANGUAGE,
	MY_MARIA_CHARSET,
	MY_MARIA_SERVER,
	MY_MARIA_CLIENT,
	MY_MARIA_PR,
	MY_MARIA_CM,
	MY_MARIA_BO,
	MY_MARIA_EM,
	MY_MARIA_ME,
};

static const struct names command_names[] = {
    {0, "Sleep"},
    {MYSQL_QUIT, "Quit"},
    {MYSQL_INIT_DB, "Use Database"},
    {MYSQL_QUERY, "Query"},
    {MYSQL_FIELD_LIST, "Show Fields"},
    {MYSQL_CREATE_DB, "Create Database"},
    {MYSQL_DROP_DB, "Drop Database"},
    {MYSQL_REFRESH, "Refresh"},
    {8, "Shutdown"},
    {MYSQL_STATISTICS, "Statistics"},
    {MYSQL_PROCESS_INFO, "Process List"},
    {11, "Connect"},
    {MYSQL_KILL, "Kill Server Thread"},
    {13, "Dump Debuginfo"},
    {14, "Ping"},
    {15, "Time"},
    {16, "Insert Delayed"},
    {MYSQL_CHANGE_USER, "Change User"},
    {18, "Send Binlog"},
    {19, "Send Table"},
    {20, "Slave Connect"},
    {21, "Register Slave"},
    {MYSQL_STMT_PREPARE, "Prepare Statement"},
    {MYSQL_STMT_EXECUTE, "Execute Statement"},
    {MYSQL_STMT_LONG_DATA, "Send BLOB"},
    {MYSQL_STMT_CLOSE, "Close Statement"},
    {MYSQL_STMT_RESET, "Reset Statement"},
    {MYSQL_SET_OPTION, "Set Option"},
    {MYSQL_STMT_FETCH, "Fetch Data"},
    {31, "Reset Connection"},
    {0, NULL},
};

static const struct field fields[] = {
    [MY_LENGTH] = NUMBER("mysql.packet_length", "Length", 0, 0),
    [MY_NUMBER] = UINT("mysql.packet_number", "Number", 1, 0),
    [MY_GREETING] = HEADING("mysql.server_greeting", "Server greeting"),
    [MY_PROTOCOL] = UINT("mysql.protocol", "Protocol", 1, 0),
    [MY_VERSION] = TEXT("mysql.version", "Version", FIELD_LINE),
    [MY_THREAD] = UINT("mysql.thread_id", "Thread", 4, FIELD_LITTLE),
    [MY_SALT] = TEXT("mysql.salt", "Salt", 0),
    [MY_CAPS_SERVER] = UINT("mysql.caps.server", "Capabilities of the server",
			    2, FIELD_LITTLE | FIELD_HEX),
    [MY_CAPS_CLIENT] = UINT("mysql.caps.client", "Capabilities of the client",
			    2, FIELD_LITTLE | FIELD_HEX),
    [MY_CAP_LP] = FLAG("mysql.caps.lp", "Long password", 2, 0x1),
    [MY_CAP_FR] = FLAG("mysql.caps.fr", "Found rows", 2, 0x2),
    [MY_CAP_LF] = FLAG("mysql.caps.lf", "Long column flags", 2, 0x4),
    [MY_CAP_CD] = FLAG("mysql.caps.cd", "Connect with database", 2, 0x8),
    [MY_CAP_NS] = FLAG("mysql.caps.ns", "No database.table.column", 2, 0x10),
    [MY_CAP_CP] = FLAG("mysql.caps.cp", "Compression", 2, 0x20),
    [MY_CAP_OB] = FLAG("mysql.caps.ob", "ODBC client", 2, 0x40),
    [MY_CAP_LI] = FLAG("mysql.caps.li", "LOAD DATA LOCAL", 2, 0x80),
    [MY_CAP_IS] = FLAG("mysql.caps.is", "Spaces before '('", 2, 0x100),
    [MY_CAP_CU] = FLAG("mysql.caps.cu", "4.1 protocol", 2, 0x200),
    [MY_CAP_IA] = FLAG("mysql.caps.ia", "Interactive", 2, 0x400),
    [MY_CAP_SL] = FLAG("mysql.caps.sl", "TLS after handshake", 2, 0x800),
    [MY_CAP_II] = FLAG("mysql.caps.ii", "Ignore sigpipes", 2, 0x1000),
    [MY_CAP_TA] = FLAG("mysql.caps.ta", "Transactions", 2, 0x2000),
    [MY_CAP_RS] = FLAG("mysql.caps.rs", "4.1 protocol, old", 2, 0x4000),
    [MY_CAP_SC] = FLAG("mysql.caps.sc", "4.1 authentication", 2, 0x8000),
    [MY_EXT_SERVER] =
	UINT("mysql.extcaps.server", "More capabilities of the server", 2,
	     FIELD_LITTLE | FIELD_HEX),
    [MY_EXT_CLIENT] =
	UINT("mysql.extcaps.client", "More capabilities of the client", 2,
	     FIELD_LITTLE | FIELD_HEX),
    [MY_EXT_MS] = FLAG("mysql.caps.ms", "Multiple statements", 2, 0x1),
    [MY_EXT_MR] = FLAG("mysql.caps.mr", "Multiple results", 2, 0x2),
    [MY_EXT_PM] =
	FLAG("mysql.caps.pm", "Multiple results of prepared ones", 2, 0x4),
    [MY_EXT_PA] = FLAG("mysql.caps.pa", "Plugin authentication", 2, 0x8),
    [MY_EXT_CA] = FLAG("mysql.caps.ca", "Connection attributes", 2, 0x10),
    [MY_EXT_EP] = FLAG("mysql.caps.ep", "Expired passwords", 2, 0x40),
    [MY_EXT_SESSION_TRACK] =
	FLAG("mysql.caps.session_track", "Session tracking", 2, 0x80),
    [MY_EXT_DEPRECATE_EOF] =
	FLAG("mysql.caps.deprecate_eof", "No EOF", 2, 0x100),
    [MY_EXT_OPTIONAL_METADATA] =
	FLAG("mysql.caps.optional_metadata", "Optional metadata", 2, 0x200),
    [MY_EXT_COMPRESS_ZSD] =
	FLAG("mysql.caps.compress_zsd", "Zstd compression", 2, 0x400),
    [MY_EXT_QUERY_ATTRS] =
	FLAG("mysql.caps.query_attrs", "Query attributes", 2, 0x800),
    [MY_EXT_MF_AUTH] = FLAG("mysql.caps.mf_auth", "Several factors", 2, 0x1000),
    [MY_EXT_CAP_EXT] =
	FLAG("mysql.caps.cap_ext", "More capabilities", 2, 0x2000),
    [MY_EXT_UNUSED] = BITS("mysql.caps.unused", "Unused", 2, 0xc000, FIELD_HEX),
    [MY_LANGUAGE] = UINT("mysql.server_language", "Language", 1, 0),
    [MY_STATUS] =
	UINT("mysql.server_status", "Status", 2, FIELD_LITTLE | FIELD_HEX),
    [MY_STAT_IT] = FLAG("mysql.stat.it", "In transaction", 2, 0x1),
    [MY_STAT_AC] = FLAG("mysql.stat.ac", "Auto-commit", 2, 0x2),
    [MY_STAT_MU] = FLAG("mysql.stat.mu", "Multiple query", 2, 0x4),
    [MY_STAT_MR] = FLAG("mysql.stat.mr", "More results", 2, 0x8),
    [MY_STAT_BI] = FLAG("mysql.stat.bi", "Bad index", 2, 0x10),
    [MY_STAT_NI] = FLAG("mysql.stat.ni", "No index", 2, 0x20),
    [MY_STAT_CR] = FLAG("mysql.stat.cr", "Cursor exists", 2, 0x40),
    [MY_STAT_LR] = FLAG("mysql.stat.lr", "Last row sent", 2, 0x80),
    [MY_STAT_DR] = FLAG("mysql.stat.dr", "Database dropped", 2, 0x100),
    [MY_STAT_BS] = FLAG("mysql.stat.bs", "No backslash escapes", 2, 0x200),
    [MY_STAT_MC] = FLAG("mysql.stat.mc", "Metadata changed", 2, 0x400),
    [MY_STAT_QUERY_WAS_SLOW] =
	FLAG("mysql.stat.query_was_slow", "Query was slow", 2, 0x800),
    [MY_STAT_PS_OUT_PARAMS] =
	FLAG("mysql.stat.ps_out_params", "Output parameters", 2, 0x1000),
    [MY_STAT_TRANS_READONLY] = FLAG("mysql.stat.trans_readonly",
				    "Transaction is read-only", 2, 0x2000),
    [MY_STAT_SESSION_STATE_CHANGED] = FLAG("mysql.stat.session_state_changed",
					   "Session state changed", 2, 0x4000),
    [MY_PLUGIN_LENGTH] =
	UINT("mysql.auth_plugin.length", "Length of plugin data", 1, 0),
    [MY_UNUSED] = OCTETS("mysql.unused", "Unused", 0, 0),
    [MY_SALT2] = TEXT("mysql.salt2", "Salt", 0),
    [MY_PLUGIN] = TEXT("mysql.auth_plugin", "Authentication plugin", 0),
    [MY_LOGIN] = HEADING("mysql.login_request", "Login"),
    [MY_MAX_PACKET] =
	UINT("mysql.max_packet", "Longest packet", 4, FIELD_LITTLE),
    [MY_CHARSET] = UINT("mysql.charset", "Character set", 1, 0),
    [MY_USER] = TEXT("mysql.user", "User", FIELD_LINE),
    [MY_PASSWORD] = OCTETS("mysql.passwd", "Password", 0, 0),
    [MY_SCHEMA] = TEXT("mysql.schema", "Schema", FIELD_LINE),
    [MY_CLIENT_PLUGIN] =
	TEXT("mysql.client_auth_plugin", "Authentication plugin", 0),
    [MY_ATTRS] = HEADING("mysql.connattrs", "Connection attributes"),
    [MY_ATTRS_LENGTH] = NUMBER("mysql.connattrs.length", "Length", 0, 0),
    [MY_ATTR] = HEADING("mysql.connattrs.attr", "Attribute"),
    [MY_ATTR_NAME_LENGTH] =
	NUMBER("mysql.connattrs.name.length", "Length of name", 0, 0),
    [MY_ATTR_NAME] = TEXT("mysql.connattrs.name", "Name", 0),
    [MY_ATTR_VALUE_LENGTH] =
	NUMBER("mysql.connattrs.value.length", "Length of value", 0, 0),
    [MY_ATTR_VALUE] = TEXT("mysql.connattrs.value", "Value", 0),
    [MY_REQUEST] = HEADING("mysql.request", "Request"),
    [MY_COMMAND] =
	NAMED("mysql.command", "Command", 1, FIELD_LINE, command_names),
    [MY_QUERY] = TEXT("mysql.query", "Statement", FIELD_LINE),
    [MY_TABLE] = TEXT("mysql.table_name", "Table", 0),
    [MY_REFRESH] = UINT("mysql.refresh", "Refresh", 1, FIELD_HEX),
    [MY_OPTION] = UINT("mysql.option", "Option", 2, FIELD_LITTLE),
    [MY_STATEMENT] = UINT("mysql.stmt_id", "Statement", 4, FIELD_LITTLE),
    [MY_PARAM] = UINT("mysql.param", "Parameter", 2, FIELD_LITTLE),
    [MY_ROWS] = UINT("mysql.num_rows", "Rows to fetch", 4, FIELD_LITTLE),
    [MY_EXEC_FLAGS] = UINT("mysql.exec_flags", "Flags", 1, 0),
    [MY_EXEC_ITER] = UINT("mysql.exec_iter", "Iterations", 4, FIELD_LITTLE),
    [MY_PAYLOAD] = OCTETS("mysql.payload", "Payload", 0, 0),
    [MY_RESPONSE] = UINT("mysql.response_code", "Response", 1, FIELD_HEX),
    [MY_ERROR] =
	UINT("mysql.error_code", "Error", 2, FIELD_LITTLE | FIELD_LINE),
    [MY_SQLSTATE] = TEXT("mysql.sqlstate", "SQL state", 0),
    [MY_ERROR_TEXT] = TEXT("mysql.error.message", "Message", FIELD_LINE),
    [MY_AFFECTED] =
	NUMBER("mysql.affected_rows", "Rows affected", FIELD_LINE, 0),
    [MY_INSERT_ID] = NUMBER("mysql.insert_id", "Last insert", 0, 0),
    [MY_WARNINGS] = UINT("mysql.warnings", "Warnings", 2, FIELD_LITTLE),
    [MY_MESSAGE] = TEXT("mysql.message", "Message", 0),
    [MY_EOF] = UINT("mysql.eof", "End", 1, 0),
    [MY_FIELDS] = NUMBER("mysql.num_fields", "Fields", FIELD_LINE, 0),
    [MY_METADATA] = UINT("mysql.metadata_follows", "Metadata follow", 1, 0),
    [MY_PARAMS] = UINT("mysql.num_params", "Parameters", 2, FIELD_LITTLE),
    [MY_F_CATALOG] = TEXT("mysql.field.catalog", "Catalog", 0),
    [MY_F_DB] = TEXT("mysql.field.db", "Database", 0),
    [MY_F_TABLE] = TEXT("mysql.field.table", "Table", 0),
    [MY_F_ORG_TABLE] = TEXT("mysql.field.org_table", "Original table", 0),
    [MY_F_NAME] = TEXT("mysql.field.name", "Name", 0),
    [MY_F_ORG_NAME] = TEXT("mysql.field.org_name", "Original name", 0),
    [MY_EXTMETA] = HEADING("mysql.extmeta_data", "Extended metadata"),
    [MY_EXTMETA_LENGTH] = NUMBER("mysql.extmeta.length", "Length", 0, 0),
    [MY_F_CHARSET] =
	UINT("mysql.field.charsetnr", "Character set", 2, FIELD_LITTLE),
    [MY_F_LENGTH] = UINT("mysql.field.length", "Length", 4, FIELD_LITTLE),
    [MY_F_TYPE] = UINT("mysql.field.type", "Type", 1, 0),
    [MY_F_FLAGS] =
	UINT("mysql.field.flags", "Flags", 2, FIELD_LITTLE | FIELD_HEX),
    [MY_FF_NOT_NULL] = FLAG("mysql.field.flags.not_null", "Not null", 2, 0x1),
    [MY_FF_PRIMARY_KEY] =
	FLAG("mysql.field.flags.primary_key", "Primary key", 2, 0x2),
    [MY_FF_UNIQUE_KEY] =
	FLAG("mysql.field.flags.unique_key", "Unique key", 2, 0x4),
    [MY_FF_MULTIPLE_KEY] =
	FLAG("mysql.field.flags.multiple_key", "Multiple key", 2, 0x8),
    [MY_FF_BLOB] = FLAG("mysql.field.flags.blob", "Blob", 2, 0x10),
    [MY_FF_UNSIGNED] = FLAG("mysql.field.flags.unsigned", "Unsigned", 2, 0x20),
    [MY_FF_ZERO_FILL] =
	FLAG("mysql.field.flags.zero_fill", "Zero fill", 2, 0x40),
    [MY_FF_ENUM] = FLAG("mysql.field.flags.enum", "Enum", 2, 0x100),
    [MY_FF_AUTO_INCREMENT] =
	FLAG("mysql.field.flags.auto_increment", "Auto increment", 2, 0x200),
    [MY_FF_TIMESTAMP] =
	FLAG("mysql.field.flags.timestamp", "Timestamp", 2, 0x400),
    [MY_FF_SET] = FLAG("mysql.field.flags.set", "Set", 2, 0x800),
    [MY_F_DECIMALS] = UINT("mysql.field.decimals", "Decimals", 1, 0),
    [MY_F_DEFAULT] = TEXT("mysql.field.default", "Default", 0),
    [MY_ROW] = TEXT("mysql.row.text", "Value", 0),
    [MY_TRACK_DATA] =
	HEADING("mysql.session_track.data", "Changes of the session"),
    [MY_TRACK_DATA_LENGTH] =
	NUMBER("mysql.session_track.data.length", "Length", 0, 0),
    [MY_TRACK] = HEADING("mysql.session_track", "Change"),
    [MY_TRACK_TYPE] = UINT("mysql.session_track.type", "Type", 1, 0),
    [MY_TRACK_LENGTH] = NUMBER("mysql.session_track.length", "Length", 0, 0),
    [MY_TRACK_VAR_LENGTH] =
	NUMBER("mysql.session_track.sysvar.length", "Length", 0, 0),
    [MY_TRACK_VAR_NAME] =
	TEXT("mysql.session_track.sysvar.name", "Variable", 0),
    [MY_TRACK_VAR_VALUE] = TEXT("mysql.session_track.sysvar.value", "Value", 0),
    [MY_TRACK_SCHEMA_LENGTH] =
	NUMBER("mysql.session_track.schema.length", "Length", 0, 0),
    [MY_TRACK_SCHEMA] = TEXT("mysql.session_track.schema", "Schema", 0),
    [MY_TRACK_STATE] = TEXT("mysql.session_track.state_change", "State", 0),
    [MY_SWITCH_STATUS] =
	UINT("mysql.auth_switch_request.status", "Status", 1, FIELD_HEX),
    [MY_SWITCH_NAME] = TEXT("mysql.auth_switch_request.name", "Method", 0),
    [MY_SWITCH_DATA] = OCTETS("mysql.auth_switch_request.data", "Data", 0, 0),
    [MY_SWITCH_ANSWER] =
	OCTETS("mysql.auth_switch_response.data", "Data", 0, 0),
    [MY_MARIA_LANGUAGE] = UINT("mariadb.server_language", "Language", 1, 0),
    [MY_MARIA_CHARSET] = UINT("mariadb.charset", "Character set", 1, 0),
    [MY_MARIA_SERVER] =
	UINT("mariadb.extcaps.server", "Capabilities of MariaDB", 4,
	     FIELD_LITTLE | FIELD_HEX),
    [MY_MARIA_CLIENT] =
	UINT("mariadb.extcaps.client", "Capabilities of the client for MariaDB",
	     4, FIELD_LITTLE | FIELD_HEX),
    [MY_MARIA_PR] = FLAG("mariadb.caps.pr", "Progress", 4, 0x1),
    [MY_MARIA_CM] = FLAG("mariadb.caps.cm", "Several commands", 4, 0x2),
    [MY_MARIA_BO] = FLAG("mariadb.caps.bo", "Bulk operations", 4, 0x4),
    [MY_MARIA_EM] = FLAG("mariadb.caps.em", "Extended metadata", 4, 0x8),
    [MY_MARIA_ME] = FLAG("mariadb.caps.me", "Cached metadata", 4, 0x10),
};

/* Text up to its NUL, or all that is left. */
static struct cur cut_text(struct cur *c)
{
	const uint8_t *end =
	    c->state == CUR_OK ? memchr(c->pos, 0, cur_left(c)) : NULL;
	struct cur text;

	if (!end)
		return cur_part(c, c->state == CUR_OK ? c->claim : 0);
	text = cur_part(c, (size_t)(end - c->pos));
	cur_skip(c, 1);
	return text;
}

static void take_text(struct dissect *d, struct cur *c, unsigned field)
{
	struct cur text = cut_text(c);

	if (text.state == CUR_OK)
		note_octets(d, &fields[field], text.pos, cur_left(&text));
}

/* All that is left, if anything is. */
static void take_left(struct dissect *d, struct cur *c, unsigned field)
{
	if (c->state == CUR_OK && c->claim)
		take_octets(d, c, &fields[field], c->claim);
}

static uint64_t take_number(struct dissect *d, struct cur *c, unsigned field)
{
	bool null;
	uint64_t number = mysql_number(c, &null);

	if (c->state == CUR_OK)
		note(d, &fields[field], number);
	return number;
}

static size_t text_length(struct cur *c, bool *null)
{
	uint64_t n = mysql_number(c, null);

	return *null ? 0 : n > UINT32_MAX ? UINT32_MAX : (size_t)n;
}

/* Text behind its length, which is recorded too unless that is 0. */
static void take_counted(struct dissect *d, struct cur *c, unsigned length,
			 unsigned text)
{
	bool null;
	size_t n = text_length(c, &null);

	if (c->state != CUR_OK)
		return;
	if (length)
		note(d, &fields[length], n);
	if (null)
		note_octets(d, &fields[text], "NULL", 4);
	else
		take_octets(d, c, &fields[text], n);
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
		bits_rows(d, &fields[first], &fields[last], caps);
	return caps;
}

/* ---- logging in --------------------------------------------------------- */

static void decode_greeting(struct dissect *d, struct cur *c)
{
	const uint8_t *version = c->pos + 1;
	unsigned ext, n;
	bool maria;

	note(d, &fields[MY_GREETING], 0);
	if (take(d, c, &fields[MY_PROTOCOL]) != 10)
		return;
	take_text(d, c, MY_VERSION);
	maria = mysql_is_maria(version, (size_t)(c->pos - version));
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
	take_octets(d, c, &fields[MY_UNUSED], n);
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
		take_octets(d, c, &fields[MY_PASSWORD], n);
}

static void take_attributes(struct dissect *d, struct cur *c)
{
	uint64_t n;
	struct cur attrs;

	note(d, &fields[MY_ATTRS], 0);
	n = take_number(d, c, MY_ATTRS_LENGTH);
	attrs = cur_part(c, n > UINT32_MAX ? UINT32_MAX : (size_t)n);
	while (attrs.state == CUR_OK && cur_left(&attrs)) {
		note(d, &fields[MY_ATTR], 0);
		take_counted(d, &attrs, MY_ATTR_NAME_LENGTH, MY_ATTR_NAME);
		take_counted(d, &attrs, MY_ATTR_VALUE_LENGTH, MY_ATTR_VALUE);
	}
}

static void decode_login(struct dissect *d, struct cur *c)
{
	bool maria = d->word & MYSQL_MARIA;
	unsigned caps, ext;

	note(d, &fields[MY_LOGIN], 0);
	caps = take_caps(d, c, MY_CAPS_CLIENT, MY_CAP_LP, MY_CAP_SC);
	if (!(caps & MYSQL_CAP_41))
		return;
	ext = take_caps(d, c, MY_EXT_CLIENT, MY_EXT_MS, MY_EXT_UNUSED);
	take(d, c, &fields[MY_MAX_PACKET]);
	take(d, c, &fields[maria ? MY_MARIA_CHARSET : MY_CHARSET]);
	if (caps & MYSQL_CAP_LONG_PASSWORD || !maria) {
		take_octets(d, c, &fields[MY_UNUSED], 23);
	} else {
		take_octets(d, c, &fields[MY_UNUSED], 19);
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
	     &fields[d->word & MYSQL_MARIA ? MY_MARIA_CHARSET : MY_CHARSET]);
	cur_skip(c, 1);
	if (c->claim)
		take_text(d, c, MY_CLIENT_PLUGIN);
}

static void decode_command(struct dissect *d, struct cur *c)
{
	unsigned command;

	note(d, &fields[MY_REQUEST], 0);
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

	note(d, &fields[MY_TRACK], 0);
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

	note(d, &fields[MY_TRACK_DATA], 0);
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
		note(d, &fields[MY_INSERT_ID], id);
	if (!cur_has(c, 2))
		return;
	status = c->pos[0] | (unsigned)c->pos[1] << 8;
	take_status(d, c);
	if (c->claim >= 2)
		take(d, c, &fields[MY_WARNINGS]);
	if (!(d->word & MYSQL_TRACK)) {
		take_left(d, c, MY_MESSAGE);
		return;
	}
	if (!c->claim)
		return;
	n = text_length(c, &null);
	if (n)
		take_octets(d, c, &fields[MY_MESSAGE], n);
	if (status & CHANGED && c->claim)
		take_changes(d, c);
}

static void decode_error(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[MY_RESPONSE]);
	take(d, c, &fields[MY_ERROR]);
	if (cur_left(c) && *c->pos == '#') {
		cur_skip(c, 1);
		take_octets(d, c, &fields[MY_SQLSTATE], 5);
	}
	take_left(d, c, MY_ERROR_TEXT);
}

static void decode_eof(struct dissect *d, struct cur *c)
{
	if (d->word & MYSQL_NO_EOF && c->claim > 5) {
		decode_ok(d, c);
		return;
	}
	note(d, &fields[MY_RESPONSE], *c->pos);
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
	if (d->word & MYSQL_EXT_META) {
		note(d, &fields[MY_EXTMETA], 0);
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

	if (*c->pos == LOCAL_INFILE) {
		take(d, c, &fields[MY_RESPONSE]);
		take_left(d, c, MY_PAYLOAD);
		return;
	}
	take_number(d, c, MY_FIELDS);
	if (d->word & MYSQL_CACHED && c->claim)
		take(d, c, &fields[MY_METADATA]);
}

static void decode_rows(struct dissect *d, struct cur *c)
{
	if (d->word & MYSQL_BINARY) {
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
	note(d, &fields[MY_FIELDS], c->pos[0] | (unsigned)c->pos[1] << 8);
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
	unsigned first = *c->pos;

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
		if (mysql_is_eof(c, d->word))
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
	note(d, &fields[MY_LENGTH], length);
	number = (unsigned)take(d, c, &fields[MY_NUMBER]);
	body = whole = cur_part(c, length);
	phase = mysql_phase_of(d->word, &body, number, client);
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
	d->word = mysql_step(d->word, whole, number, client);
}

static void decode(struct dissect *d, struct cur *c)
{
	/* what a packet promises may be in segments to come */
	struct cur all = cur_unit(c, SIZE_MAX / 2);
	bool client = to_server(d);

	while (all.state == CUR_OK && cur_left(&all))
		decode_packet(d, &all, client);
}

static void summary(struct line *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool answered = false;

	line_puts(l, "MySQL");
	for (; v < end; v++) {
		unsigned field = line_index(l, v);

		switch (field) {
		case MY_VERSION:
			line_puts(l, " Server greeting ");
			line_text(l, v);
			break;
		case MY_USER:
			line_puts(l, " user=");
			line_text(l, v);
			break;
		case MY_SCHEMA:
			line_puts(l, " schema=");
			line_text(l, v);
			break;
		case MY_COMMAND:
			line_printf(
			    l, " %s",
			    names_or(command_names, v->num, "Unknown command"));
			break;
		case MY_QUERY:
			line_puts(l, " \"");
			line_foreign(l, v->octets, v->len < 300 ? v->len : 300);
			line_puts(l, v->len < 300 ? "\"" : "...\"");
			break;
		case MY_ERROR:
			line_printf(l, " Error %u", (unsigned)v->num);
			break;
		case MY_ERROR_TEXT:
			line_puts(l, " \"");
			line_text(l, v);
			line_puts(l, "\"");
			break;
		case MY_AFFECTED:
		case MY_FIELDS:
			if (answered)
				break;
			answered = true;
			line_printf(l,
				    field == MY_FIELDS ? " %llu columns"
						       : " OK, %llu rows",
				    (unsigned long long)v->num);
			break;
		}
	}
	line_mark(l);
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
static const enum proto_id leads[] = {PROTO_tls, PROTO_NONE};

const struct proto proto_mysql = {
    "mysql",
    "MySQL Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .message = message,
    .follow = mysql_follow,
};
