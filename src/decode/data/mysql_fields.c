/* The table of the fields of MySQL and MariaDB. */
#include "decode/data/mysql_fields.h"

#include "decode/data/mysql.h"
#include "decode/lib/rows.h"

const struct names mysql_commands[] = {
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

const struct field mysql_fields[MY_COUNT] = {
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
    [MY_UNUSED] = BYTES("mysql.unused", "Unused", 0, 0),
    [MY_SALT2] = TEXT("mysql.salt2", "Salt", 0),
    [MY_PLUGIN] = TEXT("mysql.auth_plugin", "Authentication plugin", 0),
    [MY_LOGIN] = HEADING("mysql.login_request", "Login"),
    [MY_MAX_PACKET] =
	UINT("mysql.max_packet", "Longest packet", 4, FIELD_LITTLE),
    [MY_CHARSET] = UINT("mysql.charset", "Character set", 1, 0),
    [MY_USER] = TEXT("mysql.user", "User", FIELD_LINE),
    [MY_PASSWORD] = BYTES("mysql.passwd", "Password", 0, 0),
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
	NAMED("mysql.command", "Command", 1, FIELD_LINE, mysql_commands),
    [MY_QUERY] = TEXT("mysql.query", "Statement", FIELD_LINE),
    [MY_TABLE] = TEXT("mysql.table_name", "Table", 0),
    [MY_REFRESH] = UINT("mysql.refresh", "Refresh", 1, FIELD_HEX),
    [MY_OPTION] = UINT("mysql.option", "Option", 2, FIELD_LITTLE),
    [MY_STATEMENT] = UINT("mysql.stmt_id", "Statement", 4, FIELD_LITTLE),
    [MY_PARAM] = UINT("mysql.param", "Parameter", 2, FIELD_LITTLE),
    [MY_ROWS] = UINT("mysql.num_rows", "Rows to fetch", 4, FIELD_LITTLE),
    [MY_EXEC_FLAGS] = UINT("mysql.exec_flags", "Flags", 1, 0),
    [MY_EXEC_ITER] = UINT("mysql.exec_iter", "Iterations", 4, FIELD_LITTLE),
    [MY_PAYLOAD] = BYTES("mysql.payload", "Payload", 0, 0),
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
    [MY_SWITCH_DATA] = BYTES("mysql.auth_switch_request.data", "Data", 0, 0),
    [MY_SWITCH_ANSWER] = BYTES("mysql.auth_switch_response.data", "Data", 0, 0),
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
