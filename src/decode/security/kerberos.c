/*
 * Kerberos 5 (RFC 4120): requests and answers of the key distribution centre,
 * tickets and errors. Over TCP, each message has its length before it.
 *
 *	[APPLICATION type] SEQUENCE { [0] ..., [1] ..., ... }
 *
 * The members of each kind of SEQUENCE are rows of a table; what they lead to
 * is never what they came from, so descending ends.
 */
#include "base/array.h"
#include "decode/lib/ber.h"
#include "decode/lib/join.h"
#include "decode/lib/rows.h"

enum {
	KRB_RM_RESERVED,
	KRB_RM_LENGTH,
	KRB_PVNO,
	KRB_MSG_TYPE,
	KRB_PADATA,
	KRB_PA_TYPE,
	KRB_PA_VALUE,
	KRB_INCLUDE_PAC,
	KRB_AP_OPTIONS,
	KRB_USE_SESSION_KEY,
	KRB_MUTUAL,
	KRB_OPTIONS,
	KRB_FORWARDABLE,
	KRB_FORWARDED,
	KRB_PROXIABLE,
	KRB_PROXY,
	KRB_ALLOW_POSTDATE,
	KRB_POSTDATED,
	KRB_RENEWABLE,
	KRB_CONSTRAINED,
	KRB_CANONICALIZE,
	KRB_ANONYMOUS,
	KRB_RENEWABLE_OK,
	KRB_TKT_IN_SKEY,
	KRB_RENEW,
	KRB_VALIDATE,
	KRB_CTIME,
	KRB_CUSEC,
	KRB_STIME,
	KRB_SUSEC,
	KRB_ERROR,
	KRB_CREALM,
	KRB_REALM,
	KRB_NAME_TYPE,
	KRB_CNAMES,
	KRB_CNAME,
	KRB_SNAMES,
	KRB_SNAME,
	KRB_FROM,
	KRB_TILL,
	KRB_RTIME,
	KRB_NONCE,
	KRB_ETYPES,
	KRB_ENCTYPE,
	KRB_ADDRESSES,
	KRB_ADDR_TYPE,
	KRB_ADDR_NB,
	KRB_ADDR_IP,
	KRB_TKT_VNO,
	KRB_ETYPE,
	KRB_KVNO,
	KRB_CIPHER,
	KRB_SALT2,
	KRB_E_TEXT,
	KRB_E_DATA,
};

/* The same numbers stand in msg-type and in the tag around the message. */
enum {
	TICKET = 1,
	AS_REQ = 10,
	AS_REP,
	TGS_REQ,
	TGS_REP,
	AP_REQ,
	AP_REP,
	KRB_ERR = 30,
};

static const struct names type_names[] = {
    {AS_REQ, "AS-REQ"},	  {AS_REP, "AS-REP"}, {TGS_REQ, "TGS-REQ"},
    {TGS_REP, "TGS-REP"}, {AP_REQ, "AP-REQ"}, {AP_REP, "AP-REP"},
    {20, "SAFE"},	  {21, "PRIV"},	      {22, "CRED"},
    {KRB_ERR, "ERROR"},	  {0, NULL},
};

static const struct names error_names[] = {
    {0, "none"},
    {1, "client expired"},
    {2, "service expired"},
    {3, "bad version"},
    {6, "client unknown"},
    {7, "service unknown"},
    {8, "principal not unique"},
    {9, "null key"},
    {12, "policy"},
    {13, "bad option"},
    {14, "no such encryption type"},
    {15, "no such checksum type"},
    {16, "no such preauthentication type"},
    {18, "client revoked"},
    {19, "service revoked"},
    {23, "key expired"},
    {24, "preauthentication failed"},
    {25, "preauthentication required"},
    {31, "bad integrity"},
    {32, "ticket expired"},
    {33, "ticket not yet valid"},
    {34, "repeated request"},
    {35, "not for us"},
    {36, "ticket does not match"},
    {37, "clock skew"},
    {38, "bad address"},
    {39, "bad protocol version"},
    {40, "bad message type"},
    {41, "modified"},
    {44, "bad key version"},
    {45, "no key"},
    {52, "response too big"},
    {60, "generic"},
    {61, "field too long"},
    {68, "wrong realm"},
    {0, NULL},
};

static const struct names etype_names[] = {
    {1, "des-cbc-crc"},
    {3, "des-cbc-md5"},
    {16, "des3-cbc-sha1-kd"},
    {17, "aes128-cts-hmac-sha1-96"},
    {18, "aes256-cts-hmac-sha1-96"},
    {19, "aes128-cts-hmac-sha256-128"},
    {20, "aes256-cts-hmac-sha384-192"},
    {23, "rc4-hmac"},
    {24, "rc4-hmac-exp"},
    {25, "camellia128-cts-cmac"},
    {26, "camellia256-cts-cmac"},
    {0, NULL},
};

static const struct names name_type_names[] = {
    {0, "unknown"},
    {1, "principal"},
    {2, "service and instance"},
    {3, "service and host"},
    {4, "service, host, rest"},
    {5, "unique id"},
    {6, "X.500"},
    {7, "mail address"},
    {10, "enterprise"},
    {11, "well-known"},
    {0, NULL},
};

static const struct names pa_names[] = {
    {1, "TGS-REQ"},
    {2, "ENC-TIMESTAMP"},
    {3, "PW-SALT"},
    {11, "ETYPE-INFO"},
    {16, "PK-AS-REQ"},
    {17, "PK-AS-REP"},
    {19, "ETYPE-INFO2"},
    {128, "PAC-REQUEST"},
    {129, "FOR-USER"},
    {133, "FX-COOKIE"},
    {136, "FX-FAST"},
    {137, "FX-ERROR"},
    {138, "ENCRYPTED-CHALLENGE"},
    {149, "REQ-ENC-PA-REP"},
    {165, "SUPPORTED-ENCTYPES"},
    {167, "PAC-OPTIONS"},
    {0, NULL},
};

#define SIGNED(nm, tt, fl, table)                                              \
	{                                                                      \
		nm, tt, table, .type = FIELD_INT, .flags = (fl)                \
	}
#define MOMENT(nm, tt)                                                         \
	{                                                                      \
		nm, tt, .type = FIELD_TIME                                     \
	}
#define OPTION(nm, tt, bit) FLAG("kerberos.KDCOptions." nm, tt, 4, bit)

static const struct field fields[] = {
    [KRB_RM_RESERVED] = FLAG("kerberos.rm.reserved", "Reserved", 4, 0x80000000),
    [KRB_RM_LENGTH] = BITS("kerberos.rm.length", "Length", 4, 0x7fffffff, 0),
    [KRB_PVNO] = SIGNED("kerberos.pvno", "Version", 0, NULL),
    [KRB_MSG_TYPE] =
	SIGNED("kerberos.msg_type", "Message", FIELD_LINE, type_names),
    [KRB_PADATA] = NUMBER("kerberos.padata", "Preauthentication data", 0, 0),
    [KRB_PA_TYPE] = SIGNED("kerberos.padata_type", "Type", 0, pa_names),
    [KRB_PA_VALUE] = BYTES("kerberos.padata_value", "Value", 0, 0),
    [KRB_INCLUDE_PAC] = FLAG("kerberos.include_pac", "Include PAC", 0, 0),
    [KRB_AP_OPTIONS] = BYTES("kerberos.ap_options", "Options", 0, 0),
    [KRB_USE_SESSION_KEY] = FLAG("kerberos.APOptions.use.session.key",
				 "Use session key", 4, 0x40000000),
    [KRB_MUTUAL] = FLAG("kerberos.APOptions.mutual.required",
			"Mutual authentication required", 4, 0x20000000),
    [KRB_OPTIONS] = BYTES("kerberos.kdc_options", "Options", 0, 0),
    [KRB_FORWARDABLE] = OPTION("forwardable", "Forwardable", 0x40000000),
    [KRB_FORWARDED] = OPTION("forwarded", "Forwarded", 0x20000000),
    [KRB_PROXIABLE] = OPTION("proxiable", "Proxiable", 0x10000000),
    [KRB_PROXY] = OPTION("proxy", "Proxy", 0x08000000),
    [KRB_ALLOW_POSTDATE] =
	OPTION("allow.postdate", "Allow postdate", 0x04000000),
    [KRB_POSTDATED] = OPTION("postdated", "Postdated", 0x02000000),
    [KRB_RENEWABLE] = OPTION("renewable", "Renewable", 0x00800000),
    [KRB_CONSTRAINED] =
	OPTION("constrained.delegation", "Constrained delegation", 0x00020000),
    [KRB_CANONICALIZE] = OPTION("canonicalize", "Canonicalize", 0x00010000),
    [KRB_ANONYMOUS] = OPTION("request.anonymous", "Anonymous", 0x00008000),
    [KRB_RENEWABLE_OK] =
	OPTION("renewable.ok", "Renewable is fine too", 0x00000010),
    [KRB_TKT_IN_SKEY] =
	OPTION("enc.tkt.in.skey", "Ticket in session key", 0x00000008),
    [KRB_RENEW] = OPTION("renew", "Renew", 0x00000002),
    [KRB_VALIDATE] = OPTION("validate", "Validate", 0x00000001),
    [KRB_CTIME] = MOMENT("kerberos.ctime", "Client's time"),
    [KRB_CUSEC] = NUMBER("kerberos.cusec", "Microseconds", 0, 0),
    [KRB_STIME] = MOMENT("kerberos.stime", "Server's time"),
    [KRB_SUSEC] = NUMBER("kerberos.susec", "Microseconds", 0, 0),
    [KRB_ERROR] =
	SIGNED("kerberos.error_code", "Error", FIELD_LINE, error_names),
    [KRB_CREALM] = TEXT("kerberos.crealm", "Client's realm", 0),
    [KRB_REALM] = TEXT("kerberos.realm", "Realm", 0),
    [KRB_NAME_TYPE] =
	SIGNED("kerberos.name_type", "Name type", 0, name_type_names),
    [KRB_CNAMES] =
	NUMBER("kerberos.cname_string", "Parts of client's name", 0, 0),
    [KRB_CNAME] = TEXT("kerberos.CNameString", "Client", FIELD_LINE),
    [KRB_SNAMES] =
	NUMBER("kerberos.sname_string", "Parts of server's name", 0, 0),
    [KRB_SNAME] = TEXT("kerberos.SNameString", "Server", FIELD_LINE),
    [KRB_FROM] = MOMENT("kerberos.from", "From"),
    [KRB_TILL] = MOMENT("kerberos.till", "Till"),
    [KRB_RTIME] = MOMENT("kerberos.rtime", "Renewable till"),
    [KRB_NONCE] = NUMBER("kerberos.nonce", "Nonce", 0, 0),
    [KRB_ETYPES] =
	NUMBER("kerberos.kdc-req-body.etype", "Encryption types", 0, 0),
    [KRB_ENCTYPE] =
	SIGNED("kerberos.ENCTYPE", "Encryption type", 0, etype_names),
    [KRB_ADDRESSES] = NUMBER("kerberos.addresses", "Addresses", 0, 0),
    [KRB_ADDR_TYPE] = SIGNED("kerberos.addr_type", "Address type", 0, NULL),
    [KRB_ADDR_NB] = TEXT("kerberos.addr_nb", "NetBIOS name", 0),
    [KRB_ADDR_IP] = IPV4("kerberos.addr_ip", "Address", 0),
    [KRB_TKT_VNO] = SIGNED("kerberos.tkt_vno", "Ticket version", 0, NULL),
    [KRB_ETYPE] = SIGNED("kerberos.etype", "Encryption type", 0, etype_names),
    [KRB_KVNO] = NUMBER("kerberos.kvno", "Key version", 0, 0),
    [KRB_CIPHER] = BYTES("kerberos.cipher", "Encrypted", 0, 0),
    [KRB_SALT2] = TEXT("kerberos.info2_salt", "Salt", 0),
    [KRB_E_TEXT] = TEXT("kerberos.e_text", "Text", 0),
    [KRB_E_DATA] = BYTES("kerberos.e_data", "Data", 0, 0),
};

/* What a member is: a value of its field, or a structure. */
enum kind {
	VALUE = 1,
	MOMENT_OF,
	METHODS, /* bytes that hold preauthentication data */
	BITS_OF, /* its field, and the bits in the fields after it */
	LIST_OF, /* counted in its field; elements are of the kind below */
	STRUCT,
	TICKET_OF, /* in its [APPLICATION 1] */
};

enum shape {
	KDC_REQ = 1,
	REQ_BODY,
	KDC_REP,
	ERROR_MSG,
	AP_REQ_MSG,
	AP_REP_MSG,
	TICKET_MSG,
	CLIENT,
	SERVER,
	ENCRYPTED,
	PA_DATA,
	PAC_REQUEST,
	ETYPE_INFO2,
	ADDRESS,
	SHAPES
};

static const struct member {
	uint8_t shape, number, kind;
	uint8_t field; /* 0: none */
	uint8_t to;    /* enum shape of a structure or of elements; 0: the
			  elements are values of the field after */
} members[] = {
    {KDC_REQ, 1, VALUE, KRB_PVNO, 0},
    {KDC_REQ, 2, VALUE, KRB_MSG_TYPE, 0},
    {KDC_REQ, 3, LIST_OF, KRB_PADATA, PA_DATA},
    {KDC_REQ, 4, STRUCT, 0, REQ_BODY},
    {REQ_BODY, 0, BITS_OF, KRB_OPTIONS, KRB_VALIDATE},
    {REQ_BODY, 1, STRUCT, 0, CLIENT},
    {REQ_BODY, 2, VALUE, KRB_REALM, 0},
    {REQ_BODY, 3, STRUCT, 0, SERVER},
    {REQ_BODY, 4, MOMENT_OF, KRB_FROM, 0},
    {REQ_BODY, 5, MOMENT_OF, KRB_TILL, 0},
    {REQ_BODY, 6, MOMENT_OF, KRB_RTIME, 0},
    {REQ_BODY, 7, VALUE, KRB_NONCE, 0},
    {REQ_BODY, 8, LIST_OF, KRB_ETYPES, 0},
    {REQ_BODY, 9, LIST_OF, KRB_ADDRESSES, ADDRESS},
    {REQ_BODY, 10, STRUCT, 0, ENCRYPTED},
    {KDC_REP, 0, VALUE, KRB_PVNO, 0},
    {KDC_REP, 1, VALUE, KRB_MSG_TYPE, 0},
    {KDC_REP, 2, LIST_OF, KRB_PADATA, PA_DATA},
    {KDC_REP, 3, VALUE, KRB_CREALM, 0},
    {KDC_REP, 4, STRUCT, 0, CLIENT},
    {KDC_REP, 5, TICKET_OF, 0, TICKET_MSG},
    {KDC_REP, 6, STRUCT, 0, ENCRYPTED},
    {ERROR_MSG, 0, VALUE, KRB_PVNO, 0},
    {ERROR_MSG, 1, VALUE, KRB_MSG_TYPE, 0},
    {ERROR_MSG, 2, MOMENT_OF, KRB_CTIME, 0},
    {ERROR_MSG, 3, VALUE, KRB_CUSEC, 0},
    {ERROR_MSG, 4, MOMENT_OF, KRB_STIME, 0},
    {ERROR_MSG, 5, VALUE, KRB_SUSEC, 0},
    {ERROR_MSG, 6, VALUE, KRB_ERROR, 0},
    {ERROR_MSG, 7, VALUE, KRB_CREALM, 0},
    {ERROR_MSG, 8, STRUCT, 0, CLIENT},
    {ERROR_MSG, 9, VALUE, KRB_REALM, 0},
    {ERROR_MSG, 10, STRUCT, 0, SERVER},
    {ERROR_MSG, 11, VALUE, KRB_E_TEXT, 0},
    {ERROR_MSG, 12, METHODS, KRB_E_DATA, 0},
    {AP_REQ_MSG, 0, VALUE, KRB_PVNO, 0},
    {AP_REQ_MSG, 1, VALUE, KRB_MSG_TYPE, 0},
    {AP_REQ_MSG, 2, BITS_OF, KRB_AP_OPTIONS, KRB_MUTUAL},
    {AP_REQ_MSG, 3, TICKET_OF, 0, TICKET_MSG},
    {AP_REQ_MSG, 4, STRUCT, 0, ENCRYPTED},
    {AP_REP_MSG, 0, VALUE, KRB_PVNO, 0},
    {AP_REP_MSG, 1, VALUE, KRB_MSG_TYPE, 0},
    {AP_REP_MSG, 2, STRUCT, 0, ENCRYPTED},
    {TICKET_MSG, 0, VALUE, KRB_TKT_VNO, 0},
    {TICKET_MSG, 1, VALUE, KRB_REALM, 0},
    {TICKET_MSG, 2, STRUCT, 0, SERVER},
    {TICKET_MSG, 3, STRUCT, 0, ENCRYPTED},
    {CLIENT, 0, VALUE, KRB_NAME_TYPE, 0},
    {CLIENT, 1, LIST_OF, KRB_CNAMES, 0},
    {SERVER, 0, VALUE, KRB_NAME_TYPE, 0},
    {SERVER, 1, LIST_OF, KRB_SNAMES, 0},
    {ENCRYPTED, 0, VALUE, KRB_ETYPE, 0},
    {ENCRYPTED, 1, VALUE, KRB_KVNO, 0},
    {ENCRYPTED, 2, VALUE, KRB_CIPHER, 0},
    {PAC_REQUEST, 0, VALUE, KRB_INCLUDE_PAC, 0},
    {ETYPE_INFO2, 0, VALUE, KRB_ETYPE, 0},
    {ETYPE_INFO2, 1, VALUE, KRB_SALT2, 0},
};

static void decode_struct(struct dissect *d, struct cur *c, unsigned shape);

static void decode_sequence(struct dissect *d, struct cur *c, unsigned shape)
{
	struct cur body;

	if (!ber_enter(c, BER_SEQUENCE, &body))
		return;
	decode_struct(d, &body, shape);
	if (body.state == CUR_MALFORMED)
		cur_bad(c);
}

/* A message in its [APPLICATION n]. */
static void decode_application(struct dissect *d, struct cur *c, unsigned n,
			       unsigned shape)
{
	struct cur body;

	if (ber_enter(c, BER_APP_CONS + n, &body))
		decode_sequence(d, &body, shape);
}

static void decode_pa_value(struct dissect *d, unsigned type, struct cur *value)
{
	struct cur list;

	switch (type) {
	case 1:
		decode_application(d, value, AP_REQ, AP_REQ_MSG);
		break;
	case 2:
		decode_sequence(d, value, ENCRYPTED);
		break;
	case 19:
		if (!ber_enter(value, BER_SEQUENCE, &list))
			break;
		while (list.state == CUR_OK && cur_left(&list) &&
		       cur_peek8(&list, 0) == BER_SEQUENCE)
			decode_sequence(d, &list, ETYPE_INFO2);
		break;
	case 128:
		decode_sequence(d, value, PAC_REQUEST);
		break;
	}
}

static void decode_pa_data(struct dissect *d, struct cur *c)
{
	struct cur body, value;
	int64_t type = 0;

	if (!ber_enter(c, BER_CONTEXT_CONS + 1, &body) ||
	    !ber_take(d, &body, BER_INTEGER, &fields[KRB_PA_TYPE], &type) ||
	    !ber_enter(c, BER_CONTEXT_CONS + 2, &body) ||
	    !ber_enter(&body, BER_BYTES, &value))
		return;
	ber_note(d, value, &fields[KRB_PA_VALUE]);
	if (type > 0 && type < 256)
		decode_pa_value(d, (unsigned)type, &value);
}

static void decode_address(struct dissect *d, struct cur *c)
{
	struct cur body, value;
	int64_t type = 0;
	size_t n;

	if (!ber_enter(c, BER_CONTEXT_CONS + 0, &body) ||
	    !ber_take(d, &body, BER_INTEGER, &fields[KRB_ADDR_TYPE], &type) ||
	    !ber_enter(c, BER_CONTEXT_CONS + 1, &body) ||
	    !ber_enter(&body, BER_BYTES, &value))
		return;
	if (type == 2 && value.claim == 4)
		take(d, &value, &fields[KRB_ADDR_IP]);
	if (type != 20 || cur_left(&value) != 16)
		return;
	/* 15 characters filled with spaces, and one that says what it is */
	for (n = 15; n > 0 && cur_peek8(&value, n - 1) == ' '; n--)
		continue;
	take_bytes(d, &value, &fields[KRB_ADDR_NB], n);
}

static void decode_list(struct dissect *d, struct cur *c,
			const struct member *m)
{
	struct cur list, look, body;
	struct ber item;
	unsigned n = 0;

	if (!ber_enter(c, BER_SEQUENCE, &list))
		return;
	for (look = list; ber_next(&look, &item); n++)
		continue;
	add_uint(d, &fields[m->field], n);
	while (ber_next(&list, &item)) {
		body = item.body;
		if (m->to == PA_DATA)
			decode_pa_data(d, &body);
		else if (m->to == ADDRESS)
			decode_address(d, &body);
		else
			ber_note(d, body, &fields[m->field + 1]);
	}
}

static void decode_bits(struct dissect *d, struct cur *c,
			const struct member *m)
{
	struct cur body;
	uint32_t flags;

	if (!ber_enter(c, BER_BITS, &body) || body.claim != 5)
		return;
	cur_skip(&body, 1); /* how many of the last byte's bits to ignore */
	ber_note(d, body, &fields[m->field]);
	flags = cur_be32(&body);
	if (body.state == CUR_OK)
		add_bits_rows(d, &fields[m->field + 1], &fields[m->to], flags);
}

/* An error's data: what the client should authenticate itself with, if it is a
   list of that. */
static void decode_methods(struct dissect *d, struct cur *c,
			   const struct member *m)
{
	struct cur bytes, list;
	struct ber item;

	if (!ber_enter(c, BER_BYTES, &bytes))
		return;
	ber_note(d, bytes, &fields[m->field]);
	if (!ber_enter(&bytes, BER_SEQUENCE, &list))
		return;
	while (ber_next(&list, &item))
		if (item.id == BER_SEQUENCE)
			decode_pa_data(d, &item.body);
}

static void decode_member(struct dissect *d, struct cur *c,
			  const struct member *m)
{
	struct ber value;

	switch (m->kind) {
	case VALUE:
	case MOMENT_OF:
		if (!ber_next(c, &value))
			break;
		if (m->kind == MOMENT_OF)
			ber_note_time(d, value.body, &fields[m->field]);
		else
			ber_note(d, value.body, &fields[m->field]);
		break;
	case METHODS:
		decode_methods(d, c, m);
		break;
	case BITS_OF:
		decode_bits(d, c, m);
		break;
	case LIST_OF:
		decode_list(d, c, m);
		break;
	case STRUCT:
		decode_sequence(d, c, m->to);
		break;
	case TICKET_OF:
		decode_application(d, c, TICKET, m->to);
		break;
	}
}

static void decode_struct(struct dissect *d, struct cur *c, unsigned shape)
{
	struct ber item;
	unsigned i;

	while (ber_next(c, &item)) {
		for (i = 0; i < ARRAY_LEN(members); i++)
			if (members[i].shape == shape &&
			    item.number == members[i].number)
				decode_member(d, &item.body, &members[i]);
	}
}

/* Shapes by the number of the tag around them. */
static unsigned shape_of(unsigned number)
{
	switch (number) {
	case AS_REQ:
	case TGS_REQ:
		return KDC_REQ;
	case AS_REP:
	case TGS_REP:
		return KDC_REP;
	case AP_REQ:
		return AP_REQ_MSG;
	case AP_REP:
		return AP_REP_MSG;
	case KRB_ERR:
		return ERROR_MSG;
	}
	return 0;
}

static bool is_message(struct cur c)
{
	unsigned id = cur_u8(&c);

	return (id & 0xe0) == BER_APP_CONS && shape_of(id & 0x1f);
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look = *c, rest;
	unsigned number;
	uint64_t mark;

	join_layer(d);
	if (d->layer->via == KEY_TCP_PORT) {
		cur_skip(&look, 4);
		if (!is_message(look))
			return; /* the middle of a message */
		mark = get_uint(c, &fields[KRB_RM_LENGTH]);
		add_bits(d, &fields[KRB_RM_RESERVED], mark);
		add_bits(d, &fields[KRB_RM_LENGTH], mark);
		rest = *c;
		*c = cur_unit(c, (size_t)(mark & 0x7fffffff));
		cur_skip(&rest, (size_t)(mark & 0x7fffffff));
		next_again(d, &rest);
	} else if (!is_message(look)) {
		return;
	}
	number = cur_peek8(c, 0) & 0x1f;
	d->layer->fact[0] = number;
	decode_application(d, c, number, shape_of(number));
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " ";

	summary_puts(l, "Kerberos");
	if (!l->layer->fact[0])
		return;
	summary_printf(l, " %s",
		       names_or(type_names, l->layer->fact[0], "message"));
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case KRB_CNAME:
			summary_puts(l, sep);
			summary_text(l, v);
			break;
		case KRB_SNAME:
			summary_puts(l, sep);
			summary_text(l, v);
			sep = "/";
			break;
		case KRB_ERROR:
			summary_printf(l, " %d %s", (int)v->num,
				       names_or(error_names, v->num, ""));
			break;
		}
	}
	summary_mark(l);
}

static bool message(struct cur c, struct framing *f)
{
	f->size = 4 + (size_t)(cur_be32(&c) & 0x7fffffff);
	return c.state == CUR_OK;
}

static const struct key keys[] = {{KEY_UDP_PORT, 88}, {KEY_TCP_PORT, 88}};

const struct proto proto_kerberos = {
    "kerberos",	      "Kerberos",	  PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary, .pdu_length = message,
};
