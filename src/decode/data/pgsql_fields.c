/* The table of the fields of PostgreSQL. */
#include "decode/data/pgsql_fields.h"

#include "decode/lib/rows.h"

static const struct names auth_names[] = {
    {AUTH_OK, "Success"},
    {1, "Kerberos V4"},
    {2, "Kerberos V5"},
    {3, "Plaintext password"},
    {4, "crypt()ed password"},
    {AUTH_MD5, "MD5 password"},
    {6, "SCM credentials"},
    {AUTH_GSS, "GSSAPI"},
    {AUTH_GSS_MORE, "GSSAPI/SSPI continue"},
    {AUTH_SSPI, "SSPI"},
    {AUTH_SASL, "SASL"},
    {AUTH_SASL_MORE, "SASL continue"},
    {AUTH_SASL_FINAL, "SASL final"},
    {0, NULL},
};

static const struct names status_names[] = {
    {'I', "Idle"},
    {'T', "In a transaction"},
    {'E', "In a failed transaction"},
    {0, NULL},
};

static const struct names format_names[] = {
    {0, "Text"}, {1, "Binary"}, {0, NULL}};

const struct field pgsql_fields[PG_COUNT] = {
    [PG_TYPE] = TEXT("pgsql.type", "Type", FIELD_LINE),
    [PG_LENGTH] = UINT("pgsql.length", "Length", 4, 0),
    [PG_FRONTEND] = {"pgsql.frontend", "From the client", .type = FIELD_BOOL},
    [PG_MAJOR] = UINT("pgsql.version_major", "Major version", 2, 0),
    [PG_MINOR] = UINT("pgsql.version_minor", "Minor version", 2, 0),
    [PG_MINOR_SUPPORTED] =
	UINT("pgsql.version_supported_minor", "Supported minor version", 4, 0),
    [PG_N_UNSUPPORTED] = {"pgsql.number_nonsupported_options",
			  "Options not supported", .type = FIELD_INT,
			  .width = 4},
    [PG_UNSUPPORTED] =
	TEXT("pgsql.nonsupported_option", "Option not supported", 0),
    [PG_PARAM_NAME] = TEXT("pgsql.parameter_name", "Parameter", FIELD_LINE),
    [PG_PARAM_VALUE] = TEXT("pgsql.parameter_value", "Value", FIELD_LINE),
    [PG_QUERY] = TEXT("pgsql.query", "Query", FIELD_LINE),
    [PG_PASSWORD] = TEXT("pgsql.password", "Password", 0),
    [PG_AUTH] =
	NAMED("pgsql.authtype", "Authentication", 4, FIELD_LINE, auth_names),
    [PG_SALT] = BYTES("pgsql.salt", "Salt", 4, 0),
    [PG_GSS] = BYTES("pgsql.auth.gssapi_sspi.data", "GSSAPI or SSPI", 0, 0),
    [PG_SASL_MECH] = TEXT("pgsql.auth.sasl.mech", "SASL mechanism", 0),
    [PG_SASL_LENGTH] = {"pgsql.auth.sasl.data.length", "Length of SASL",
			.type = FIELD_INT, .width = 4},
    [PG_SASL_DATA] = BYTES("pgsql.auth.sasl.data", "SASL", 0, 0),
    [PG_STATEMENT] = TEXT("pgsql.statement", "Statement", FIELD_LINE),
    [PG_PORTAL] = TEXT("pgsql.portal", "Portal", 0),
    [PG_RETURNS] = UINT("pgsql.returns", "Rows at most", 4, 0),
    [PG_TAG] = TEXT("pgsql.tag", "Tag", FIELD_LINE),
    [PG_STATUS] = NAMED("pgsql.status", "Status", 1, 0, status_names),
    [PG_COPY_DATA] = BYTES("pgsql.copydata", "Copied", 0, 0),
    [PG_ERROR] = TEXT("pgsql.error", "Error", FIELD_LINE),
    [PG_PID] = UINT("pgsql.pid", "Process", 4, 0),
    [PG_KEY] = UINT("pgsql.key", "Key", 4, 0),
    [PG_CONDITION] = TEXT("pgsql.condition", "Channel", FIELD_LINE),
    [PG_TEXT] = TEXT("pgsql.text", "Text", 0),
    [PG_OID_TABLE] = UINT("pgsql.oid.table", "Table", 4, 0),
    [PG_OID_TYPE] = UINT("pgsql.oid.type", "Type", 4, 0),
    [PG_OID] = UINT("pgsql.oid", "Object", 4, 0),
    [PG_FORMAT] = NAMED("pgsql.format", "Format", 2, 0, format_names),
    [PG_FIELDS] = UINT("pgsql.field.count", "Columns", 2, 0),
    [PG_COL_NAME] = TEXT("pgsql.col.name", "Column", 0),
    [PG_COL_INDEX] = UINT("pgsql.col.index", "Position", 2, 0),
    [PG_VAL_LENGTH] = {"pgsql.val.length", "Length", .type = FIELD_INT},
    [PG_VAL_DATA] = BYTES("pgsql.val.data", "Value", 0, 0),
    [PG_COL_MOD] = {"pgsql.col.typemod", "Modifier", .type = FIELD_INT},
    [PG_SEVERITY] = TEXT("pgsql.severity", "Severity", FIELD_LINE),
    [PG_CODE] = TEXT("pgsql.code", "Code", FIELD_LINE),
    [PG_MESSAGE] = TEXT("pgsql.message", "Message", FIELD_LINE),
    [PG_DETAIL] = TEXT("pgsql.detail", "Detail", 0),
    [PG_HINT] = TEXT("pgsql.hint", "Hint", 0),
    [PG_POSITION] = TEXT("pgsql.position", "Position", 0),
    [PG_INTERNAL_POSITION] =
	TEXT("pgsql.internal_position", "Position inside", 0),
    [PG_INTERNAL_QUERY] = TEXT("pgsql.internal_query", "Query inside", 0),
    [PG_WHERE] = TEXT("pgsql.where", "Context", 0),
    [PG_SCHEMA] = TEXT("pgsql.schema_name", "Schema", 0),
    [PG_TABLE] = TEXT("pgsql.table_name", "Table", 0),
    [PG_COLUMN] = TEXT("pgsql.column_name", "Column", 0),
    [PG_TYPE_NAME] = TEXT("pgsql.type_name", "Type", 0),
    [PG_CONSTRAINT] = TEXT("pgsql.constraint_name", "Constraint", 0),
    [PG_FILE] = TEXT("pgsql.file", "File", 0),
    [PG_LINE] = TEXT("pgsql.line", "Line", 0),
    [PG_ROUTINE] = TEXT("pgsql.routine", "Routine", 0),
};
