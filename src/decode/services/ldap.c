/*
 * LDAP version 3 (RFC 4511), and its use over UDP.
 *
 *	SEQUENCE { messageID, [APPLICATION n] operation, [0] controls }
 *
 * A segment may hold several messages. What is wrapped by SASL starts with
 * its length instead, and stays closed.
 */
#include "decode/lib/rows.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"
#include "decode/services/ldap_filter.h"

enum {
	LDAP_ID,
	LDAP_OP,
	LDAP_VERSION,
	LDAP_NAME,
	LDAP_AUTHENTICATION,
	LDAP_SIMPLE,
	LDAP_MECHANISM,
	LDAP_CREDENTIALS,
	LDAP_RESULT,
	LDAP_MATCHED_DN,
	LDAP_ERROR,
	LDAP_SERVER_CREDENTIALS,
	LDAP_BASE,
	LDAP_SCOPE,
	LDAP_DEREF,
	LDAP_SIZE_LIMIT,
	LDAP_TIME_LIMIT,
	LDAP_TYPES_ONLY,
	LDAP_FILTER,
	LDAP_FILTER_TEXT,
	LDAP_ATTRIBUTES,
	LDAP_ATTRIBUTE,
	LDAP_OBJECT_NAME,
	LDAP_TYPE,
	LDAP_VALS,
	LDAP_VALUE,
	LDAP_OBJECT,
	LDAP_ENTRY,
	LDAP_DELETE,
	LDAP_NEW_RDN,
	LDAP_DELETE_OLD,
	LDAP_ABANDON,
	LDAP_REQUEST_NAME,
	LDAP_REQUEST_VALUE,
	LDAP_RESPONSE_NAME,
	LDAP_RESPONSE_VALUE,
	LDAP_SASL_LENGTH,
};

enum {
	BIND,
	BIND_RESPONSE,
	UNBIND,
	SEARCH,
	SEARCH_ENTRY,
	SEARCH_DONE,
	MODIFY,
	MODIFY_RESPONSE,
	ADD,
	ADD_RESPONSE,
	DELETE,
	DELETE_RESPONSE,
	MODIFY_DN,
	MODIFY_DN_RESPONSE,
	COMPARE,
	COMPARE_RESPONSE,
	ABANDON,
	SEARCH_REFERENCE = 19,
	EXTENDED = 23,
	EXTENDED_RESPONSE,
	INTERMEDIATE,
};

static const struct names op_names[] = {{0, "bindRequest"},
					{1, "bindResponse"},
					{2, "unbindRequest"},
					{3, "searchRequest"},
					{4, "searchResEntry"},
					{5, "searchResDone"},
					{6, "modifyRequest"},
					{7, "modifyResponse"},
					{8, "addRequest"},
					{9, "addResponse"},
					{10, "delRequest"},
					{11, "delResponse"},
					{12, "modDNRequest"},
					{13, "modDNResponse"},
					{14, "compareRequest"},
					{15, "compareResponse"},
					{16, "abandonRequest"},
					{19, "searchResRef"},
					{23, "extendedReq"},
					{24, "extendedResp"},
					{25, "intermediateResponse"},
					{0, NULL}};

static const struct names result_names[] = {
    {0, "success"},
    {1, "operationsError"},
    {2, "protocolError"},
    {3, "timeLimitExceeded"},
    {4, "sizeLimitExceeded"},
    {5, "compareFalse"},
    {6, "compareTrue"},
    {7, "authMethodNotSupported"},
    {8, "strongAuthRequired"},
    {10, "referral"},
    {11, "adminLimitExceeded"},
    {12, "unavailableCriticalExtension"},
    {13, "confidentialityRequired"},
    {14, "saslBindInProgress"},
    {16, "noSuchAttribute"},
    {17, "undefinedAttributeType"},
    {18, "inappropriateMatching"},
    {19, "constraintViolation"},
    {20, "attributeOrValueExists"},
    {21, "invalidAttributeSyntax"},
    {32, "noSuchObject"},
    {33, "aliasProblem"},
    {34, "invalidDNSyntax"},
    {36, "aliasDereferencingProblem"},
    {48, "inappropriateAuthentication"},
    {49, "invalidCredentials"},
    {50, "insufficientAccessRights"},
    {51, "busy"},
    {52, "unavailable"},
    {53, "unwillingToPerform"},
    {54, "loopDetect"},
    {64, "namingViolation"},
    {65, "objectClassViolation"},
    {66, "notAllowedOnNonLeaf"},
    {67, "notAllowedOnRDN"},
    {68, "entryAlreadyExists"},
    {69, "objectClassModsProhibited"},
    {71, "affectsMultipleDSAs"},
    {80, "other"},
    {118, "canceled"},
    {119, "noSuchOperation"},
    {120, "tooLate"},
    {121, "cannotCancel"},
    {0, NULL}};

static const struct names scope_names[] = {
    {0, "base"}, {1, "one"}, {2, "sub"}, {3, "children"}, {0, NULL}};

static const struct names deref_names[] = {{0, "never"},
					   {1, "in searching"},
					   {2, "finding base"},
					   {3, "always"},
					   {0, NULL}};

static const struct names authentication_names[] = {
    {0, "simple"}, {3, "sasl"}, {0, NULL}};

static const struct field fields[] = {
    [LDAP_ID] = NUMBER("ldap.messageID", "Message", FIELD_LINE, 0),
    [LDAP_OP] = NAMED("ldap.protocolOp", "Operation", 0, FIELD_LINE, op_names),
    [LDAP_VERSION] = NUMBER("ldap.version", "Version", 0, 0),
    [LDAP_NAME] = TEXT("ldap.name", "Name", FIELD_LINE),
    [LDAP_AUTHENTICATION] = NAMED("ldap.authentication", "Authentication", 0, 0,
				  authentication_names),
    [LDAP_SIMPLE] = TEXT("ldap.simple", "Password", 0),
    [LDAP_MECHANISM] = TEXT("ldap.mechanism", "Mechanism", FIELD_LINE),
    [LDAP_CREDENTIALS] = BYTES("ldap.credentials", "Credentials", 0, 0),
    [LDAP_RESULT] =
	NAMED("ldap.resultCode", "Result", 0, FIELD_LINE, result_names),
    [LDAP_MATCHED_DN] = TEXT("ldap.matchedDN", "Matched name", 0),
    [LDAP_ERROR] = TEXT("ldap.errorMessage", "Error", 0),
    [LDAP_SERVER_CREDENTIALS] =
	BYTES("ldap.serverSaslCreds", "Credentials", 0, 0),
    [LDAP_BASE] = TEXT("ldap.baseObject", "Base", FIELD_LINE),
    [LDAP_SCOPE] = NAMED("ldap.scope", "Scope", 0, FIELD_LINE, scope_names),
    [LDAP_DEREF] =
	NAMED("ldap.derefAliases", "Follow aliases", 0, 0, deref_names),
    [LDAP_SIZE_LIMIT] = NUMBER("ldap.sizeLimit", "Most entries", 0, 0),
    [LDAP_TIME_LIMIT] = NUMBER("ldap.timeLimit", "Longest time, s", 0, 0),
    [LDAP_TYPES_ONLY] = FLAG("ldap.typesOnly", "Types only", 0, 0),
    [LDAP_FILTER] = NAMED("ldap.filter", "Filter", 0, 0, ldap_filter_names),
    [LDAP_FILTER_TEXT] = TEXT("ldap.filter_text", "Filter", FIELD_LINE),
    [LDAP_ATTRIBUTES] = NUMBER("ldap.attributes", "Attributes", 0, 0),
    [LDAP_ATTRIBUTE] = TEXT("ldap.AttributeDescription", "Attribute", 0),
    [LDAP_OBJECT_NAME] = TEXT("ldap.objectName", "Entry", FIELD_LINE),
    [LDAP_TYPE] = TEXT("ldap.type", "Attribute", 0),
    [LDAP_VALS] = NUMBER("ldap.vals", "Values", 0, 0),
    [LDAP_VALUE] = BYTES("ldap.AttributeValue", "Value", 0, 0),
    [LDAP_OBJECT] = TEXT("ldap.object", "Entry", FIELD_LINE),
    [LDAP_ENTRY] = TEXT("ldap.entry", "Entry", FIELD_LINE),
    [LDAP_DELETE] = TEXT("ldap.delRequest", "Entry", FIELD_LINE),
    [LDAP_NEW_RDN] = TEXT("ldap.newrdn", "New name", 0),
    [LDAP_DELETE_OLD] = FLAG("ldap.deleteoldrdn", "Delete the old name", 0, 0),
    [LDAP_ABANDON] = NUMBER("ldap.abandonRequest", "Abandon", 0, 0),
    [LDAP_REQUEST_NAME] = TEXT("ldap.requestName", "Request", FIELD_LINE),
    [LDAP_REQUEST_VALUE] = BYTES("ldap.requestValue", "Value", 0, 0),
    [LDAP_RESPONSE_NAME] = TEXT("ldap.responseName", "Response", 0),
    [LDAP_RESPONSE_VALUE] = BYTES("ldap.responseValue", "Value", 0, 0),
    [LDAP_SASL_LENGTH] =
	NUMBER("ldap.sasl_buffer_length", "SASL buffer length", 0, 0),
};

/* ---- filters ------------------------------------------------------------ */

enum { FILTER_MOST = 1024 };

static void decode_filter(struct dissect *d, struct cur *c)
{
	struct ber b;
	char *text, *end;

	if (!ber_next(c, &b))
		return;
	add_uint(d, &fields[LDAP_FILTER], b.number);
	if (!wants(d, &fields[LDAP_FILTER_TEXT]))
		return;
	text = scratch_room(d, FILTER_MOST);
	if (!text)
		return;
	end = ldap_filter_text(&b, text, FILTER_MOST);
	add_bytes(d, &fields[LDAP_FILTER_TEXT], text, (size_t)(end - text));
	scratch_return(d, (size_t)(text + FILTER_MOST - end));
}

/* ---- operations --------------------------------------------------------- */

static void decode_bind(struct dissect *d, struct cur *c)
{
	struct ber auth;

	ber_take(d, c, BER_INTEGER, &fields[LDAP_VERSION], NULL);
	ber_take(d, c, BER_BYTES, &fields[LDAP_NAME], NULL);
	if (!ber_next(c, &auth))
		return;
	add_uint(d, &fields[LDAP_AUTHENTICATION], auth.number);
	if (auth.number == 0) {
		ber_note(d, auth.body, &fields[LDAP_SIMPLE]);
	} else if (auth.number == 3) {
		ber_take(d, &auth.body, BER_BYTES, &fields[LDAP_MECHANISM],
			 NULL);
		ber_take(d, &auth.body, BER_BYTES, &fields[LDAP_CREDENTIALS],
			 NULL);
	}
}

static void decode_result(struct dissect *d, struct cur *c)
{
	struct ber b;

	ber_take(d, c, BER_ENUM, &fields[LDAP_RESULT], NULL);
	ber_take(d, c, BER_BYTES, &fields[LDAP_MATCHED_DN], NULL);
	ber_take(d, c, BER_BYTES, &fields[LDAP_ERROR], NULL);
	while (ber_next(c, &b)) {
		if (b.id == BER_CONTEXT + 7)
			ber_note(d, b.body, &fields[LDAP_SERVER_CREDENTIALS]);
		else if (b.id == BER_CONTEXT + 10)
			ber_note(d, b.body, &fields[LDAP_RESPONSE_NAME]);
		else if (b.id == BER_CONTEXT + 11)
			ber_note(d, b.body, &fields[LDAP_RESPONSE_VALUE]);
	}
}

static void decode_search(struct dissect *d, struct cur *c)
{
	struct cur list, look;
	struct ber b;
	unsigned n = 0;

	ber_take(d, c, BER_BYTES, &fields[LDAP_BASE], NULL);
	ber_take(d, c, BER_ENUM, &fields[LDAP_SCOPE], NULL);
	ber_take(d, c, BER_ENUM, &fields[LDAP_DEREF], NULL);
	ber_take(d, c, BER_INTEGER, &fields[LDAP_SIZE_LIMIT], NULL);
	ber_take(d, c, BER_INTEGER, &fields[LDAP_TIME_LIMIT], NULL);
	ber_take(d, c, BER_BOOLEAN, &fields[LDAP_TYPES_ONLY], NULL);
	decode_filter(d, c);
	if (!ber_enter(c, BER_SEQUENCE, &list))
		return;
	for (look = list; ber_next(&look, &b); n++)
		continue;
	add_uint(d, &fields[LDAP_ATTRIBUTES], n);
	while (ber_next(&list, &b))
		ber_note(d, b.body, &fields[LDAP_ATTRIBUTE]);
}

/* Attributes with their values. */
static void decode_attributes(struct dissect *d, struct cur *c)
{
	struct cur list, item, values, look;
	struct ber b;
	unsigned n;

	if (!ber_enter(c, BER_SEQUENCE, &list))
		return;
	while (ber_enter(&list, BER_SEQUENCE, &item)) {
		ber_take(d, &item, BER_BYTES, &fields[LDAP_TYPE], NULL);
		if (!ber_enter(&item, BER_SET, &values))
			continue;
		n = 0;
		for (look = values; ber_next(&look, &b); n++)
			continue;
		add_uint(d, &fields[LDAP_VALS], n);
		while (ber_next(&values, &b))
			ber_note(d, b.body, &fields[LDAP_VALUE]);
	}
}

static void decode_extended(struct dissect *d, struct cur *c)
{
	ber_take(d, c, BER_CONTEXT + 0, &fields[LDAP_REQUEST_NAME], NULL);
	ber_take(d, c, BER_CONTEXT + 1, &fields[LDAP_REQUEST_VALUE], NULL);
}

static void decode_operation(struct dissect *d, struct ber *op)
{
	struct cur *c = &op->body;

	add_uint(d, &fields[LDAP_OP], op->number);
	switch (op->number) {
	case BIND:
		decode_bind(d, c);
		break;
	case SEARCH:
		decode_search(d, c);
		break;
	case SEARCH_ENTRY:
		ber_take(d, c, BER_BYTES, &fields[LDAP_OBJECT_NAME], NULL);
		decode_attributes(d, c);
		break;
	case MODIFY:
		ber_take(d, c, BER_BYTES, &fields[LDAP_OBJECT], NULL);
		break;
	case ADD:
		ber_take(d, c, BER_BYTES, &fields[LDAP_ENTRY], NULL);
		decode_attributes(d, c);
		break;
	case DELETE:
		ber_note(d, *c, &fields[LDAP_DELETE]);
		break;
	case MODIFY_DN:
		ber_take(d, c, BER_BYTES, &fields[LDAP_ENTRY], NULL);
		ber_take(d, c, BER_BYTES, &fields[LDAP_NEW_RDN], NULL);
		ber_take(d, c, BER_BOOLEAN, &fields[LDAP_DELETE_OLD], NULL);
		break;
	case COMPARE:
		ber_take(d, c, BER_BYTES, &fields[LDAP_ENTRY], NULL);
		break;
	case ABANDON:
		ber_note(d, *c, &fields[LDAP_ABANDON]);
		break;
	case EXTENDED:
		decode_extended(d, c);
		break;
	case BIND_RESPONSE:
	case SEARCH_DONE:
	case MODIFY_RESPONSE:
	case ADD_RESPONSE:
	case DELETE_RESPONSE:
	case MODIFY_DN_RESPONSE:
	case COMPARE_RESPONSE:
	case EXTENDED_RESPONSE:
		decode_result(d, c);
		break;
	}
}

static void decode_message(struct dissect *d, struct cur *msg)
{
	struct ber op;

	if (!ber_take(d, msg, BER_INTEGER, &fields[LDAP_ID], NULL))
		return;
	if (ber_next(msg, &op) && (op.id & 0xc0) == BER_APP)
		decode_operation(d, &op);
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur msg, whole;

	if (d->layer->via == KEY_UDP_PORT)
		d->layer->name = "cldap";
	/* messages may go on in segments to come */
	whole = cur_unit(c, SIZE_MAX / 2);
	if (cur_left(c) >= 4 && cur_peek8(c, 0) == 0 && cur_peek8(c, 1) == 0) {
		add_uint(d, &fields[LDAP_SASL_LENGTH], cur_be32(c));
		return;
	}
	while (ber_enter(&whole, BER_SEQUENCE, &msg)) {
		decode_message(d, &msg);
		if (msg.state == CUR_MALFORMED)
			cur_bad(&whole);
	}
	if (whole.state == CUR_MALFORMED)
		cur_bad(c);
}

/* ---- the line ----------------------------------------------------------- */

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " ";

	summary_puts(l, l->layer->via == KEY_UDP_PORT ? "CLDAP" : "LDAP");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case LDAP_ID:
			summary_printf(l, "%s%u", sep, (unsigned)v->num);
			sep = ", ";
			break;
		case LDAP_OP:
			summary_printf(l, " %s",
				       names_or(op_names, v->num, "operation"));
			break;
		case LDAP_RESULT:
			summary_printf(
			    l, " %s", names_or(result_names, v->num, "result"));
			break;
		case LDAP_SCOPE:
			summary_printf(l, " %s",
				       names_or(scope_names, v->num, "scope"));
			break;
		case LDAP_NAME:
		case LDAP_MECHANISM:
		case LDAP_FILTER_TEXT:
		case LDAP_REQUEST_NAME:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		case LDAP_BASE:
		case LDAP_OBJECT_NAME:
		case LDAP_OBJECT:
		case LDAP_ENTRY:
		case LDAP_DELETE:
			summary_puts(l, " \"");
			summary_text(l, v);
			summary_puts(l, "\"");
			break;
		}
	}
	summary_mark(l);
}

static bool fits(struct cur c)
{
	return cur_peek8(&c, 0) == 0x30; /* a sequence */
}

static bool message(struct cur c, struct framing *f)
{
	return ber_message(&c, f);
}

/* An extended request for StartTLS, and its answer (RFC 4511, section 4.14). */
static void follow(struct app_message *f)
{
	static const char start_tls[] = "1.3.6.1.4.1.1466.20037";
	struct cur c = f->message, in, op, body;

	if (!ber_enter(&c, BER_SEQUENCE, &in) ||
	    !ber_enter(&in, BER_INTEGER, &body))
		return;
	if (ber_enter(&in, BER_APP_CONS + EXTENDED, &op))
		f->app->state = ber_enter(&op, BER_CONTEXT + 0, &body) &&
				text_is(&body, start_tls);
	else if (f->app->state &&
		 ber_enter(&in, BER_APP_CONS + EXTENDED_RESPONSE, &op) &&
		 ber_enter(&op, BER_ENUM, &body)) {
		if (ber_number(body) == 0)
			f->then = PROTO_tls;
		f->app->state = 0;
	}
}

static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};
static const struct key keys[] = {
    {KEY_TCP_PORT, 389}, {KEY_TCP_PORT, 3268}, {KEY_UDP_PORT, 389}};

const struct proto proto_ldap = {
    "ldap",
    "Lightweight Directory Access Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .leads_proto = leads,
    .pdu_length = message,
    .fits = fits,
    .on_message = follow,
};
