/*
 * Certificates of X.509 (RFC 5280), by name only: TLS hands them on. Read with
 * the same two limits as all else, since anybody may send one.
 *
 *	Certificate: { version [0], serial number, { algorithm }, issuer,
 *		{ not before, not after }, subject, { { algorithm }, key },
 *		extensions [3] }, { algorithm }, signature
 *
 * Names are sets of an identifier and a text each.
 */
#include "decode/security/x509.h"

#include "base/fmt.h"
#include "decode/lib/ber.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	X_VERSION,
	X_SERIAL,
	X_ALGORITHM,
	X_ISSUER,
	X_SUBJECT,
	X_RDN,
	X_OID,
	X_COUNTRY,
	X_NAME_SERIAL,
	X_IA5,
	X_CHOICE,
	X_TELETEX, /* in the order of DirectoryString's choices */
	X_PRINTABLE,
	X_UNIVERSAL,
	X_BMP,
	X_UTF8,
	X_NOT_BEFORE,
	X_NOT_AFTER,
	X_UTC,
	X_GENERALIZED,
	X_KEY,
	X_EXT_ID,
	X_CRITICAL,
	X_KEY_ID,
	X_SUBJECT_KEY_ID,
	X_GENERAL_NAMES,
	X_GENERAL_NAME,
	X_RFC822,
	X_DNS,
	X_URI,
	X_IPV4,
	X_IPV6,
	X_CA,
	X_PATH,
	X_PURPOSE,
	X_ACCESS,
	X_ENCRYPTED,
};

/* Identifier bytes beside those of ber.h. */
enum {
	PRINTABLE = 0x13,
	TELETEX = 0x14,
	IA5 = 0x16,
	UTC = 0x17,
	GENERALIZED = 0x18,
	UNIVERSAL = 0x1c,
	BMP = 0x1e,
};

/* Object identifiers, as encoded. */
enum { OID_NAME = 3, TIME_TEXT = 25, UTC_DIGITS = 12 };
static const uint8_t name_arc[] = {0x55, 0x04}; /* 2.5.4.* */
static const uint8_t ext_arc[] = {0x55, 0x1d};	/* 2.5.29.* */
static const uint8_t email_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7,
				    0x0d, 0x01, 0x09, 0x01};
static const uint8_t dc_oid[] = {0x09, 0x92, 0x26, 0x89, 0x93,
				 0xf2, 0x2c, 0x64, 0x01, 0x19};
static const uint8_t country_oid[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0x82,
				      0x37, 0x3c, 0x02, 0x01, 0x03};
static const uint8_t access_oid[] = {0x2b, 0x06, 0x01, 0x05,
				     0x05, 0x07, 0x01, 0x01};
enum { NAME_SERIAL = 5, NAME_COUNTRY = 6 };
enum {
	EXT_SUBJECT_KEY = 14,
	EXT_ALT_NAME = 17,
	EXT_ISSUER_ALT_NAME = 18,
	EXT_BASIC = 19,
	EXT_POINTS = 31,
	EXT_AUTHORITY_KEY = 35,
	EXT_PURPOSES = 37,
};

static const struct names version_names[] = {
    {0, "v1"}, {1, "v2"}, {2, "v3"}, {0, NULL}};

static const struct names choice_names[] = {
    {0, "teletexString"}, {1, "printableString"}, {2, "universalString"},
    {3, "bmpString"},	  {4, "uTF8String"},	  {0, NULL}};

static const struct names general_names[] = {{0, "otherName"},
					     {1, "rfc822Name"},
					     {2, "dNSName"},
					     {3, "x400Address"},
					     {4, "directoryName"},
					     {5, "ediPartyName"},
					     {6, "uniformResourceIdentifier"},
					     {7, "iPAddress"},
					     {8, "registeredID"},
					     {0, NULL}};

static const struct names time_names[] = {
    {0, "utcTime"}, {1, "generalizedTime"}, {0, NULL}};

#define NUM_NAMED(nm, tt, names)                                               \
	{                                                                      \
		nm, tt, names, .type = FIELD_UINT                              \
	}

static const struct field fields[] = {
    [X_VERSION] = NUM_NAMED("x509af.version", "Version", version_names),
    [X_SERIAL] = BYTES("x509af.serialNumber", "Serial number", 0, 0),
    [X_ALGORITHM] = TEXT("x509af.algorithm.id", "Algorithm", 0),
    [X_ISSUER] = NUMBER("x509af.issuer", "Issuer", 0, 0),
    [X_SUBJECT] = NUMBER("x509af.subject", "Subject", 0, 0),
    [X_RDN] = NUMBER("x509if.RDNSequence_item", "Parts of a name's part", 0, 0),
    [X_OID] = TEXT("x509if.oid", "Part of a name", 0),
    [X_COUNTRY] = TEXT("x509sat.CountryName", "Country", 0),
    [X_NAME_SERIAL] = TEXT("x509sat.PrintableString", "Serial number", 0),
    [X_IA5] = TEXT("x509sat.IA5String", "Mail address, domain", 0),
    [X_CHOICE] =
	NUM_NAMED("x509sat.DirectoryString", "Kind of text", choice_names),
    [X_TELETEX] = TEXT("x509sat.teletexString", "Text", 0),
    [X_PRINTABLE] = TEXT("x509sat.printableString", "Text", 0),
    [X_UNIVERSAL] = TEXT("x509sat.universalString", "Text", 0),
    [X_BMP] = TEXT("x509sat.bmpString", "Text", 0),
    [X_UTF8] = TEXT("x509sat.uTF8String", "Text", 0),
    [X_NOT_BEFORE] = NUM_NAMED("x509af.notBefore", "Not before", time_names),
    [X_NOT_AFTER] = NUM_NAMED("x509af.notAfter", "Not after", time_names),
    [X_UTC] = TEXT("x509af.utcTime", "Time", 0),
    [X_GENERALIZED] = {"x509af.generalizedTime", "Time", .type = FIELD_TIME},
    [X_KEY] = BYTES("x509af.subjectPublicKey", "Public key", 0, 0),
    [X_EXT_ID] = TEXT("x509af.extension.id", "Extension", 0),
    [X_CRITICAL] = {"x509af.critical", "Critical", .type = FIELD_BOOL},
    [X_KEY_ID] = BYTES("x509ce.keyIdentifier", "Key identifier", 0, 0),
    [X_SUBJECT_KEY_ID] =
	BYTES("x509ce.SubjectKeyIdentifier", "Subject's key", 0, 0),
    [X_GENERAL_NAMES] =
	NUMBER("x509ce.GeneralNames", "Alternative names", 0, 0),
    [X_GENERAL_NAME] =
	NUM_NAMED("x509ce.GeneralName", "Kind of name", general_names),
    [X_RFC822] = TEXT("x509ce.rfc822Name", "Mail address", 0),
    [X_DNS] = TEXT("x509ce.dNSName", "Host", 0),
    [X_URI] = TEXT("x509ce.uniformResourceIdentifier", "URI", 0),
    [X_IPV4] = IPV4("x509ce.IPAddress.ipv4", "IPv4 address", 0),
    [X_IPV6] = IPV6("x509ce.IPAddress.ipv6", "IPv6 address", 0),
    [X_CA] = {"x509ce.cA", "Authority", .type = FIELD_BOOL},
    [X_PATH] =
	NUMBER("x509ce.pathLenConstraint", "Most authorities below", 0, 0),
    [X_PURPOSE] = TEXT("x509ce.KeyPurposeId", "Purpose", 0),
    [X_ACCESS] = TEXT("pkix1implicit.accessMethod", "Access method", 0),
    [X_ENCRYPTED] = BYTES("x509af.encrypted", "Signature", 0, 0),
};

static bool is_oid(const struct cur *c, const uint8_t *oid, size_t n)
{
	return cur_left(c) == n && c->claim == n &&
	       !memcmp(cur_here(c), oid, n);
}

/* The last arc of an identifier right below 2.5.4 or 2.5.29, or 0. */
static unsigned arc_below(const struct cur *c, const uint8_t *arc)
{
	return cur_left(c) == OID_NAME && !memcmp(cur_here(c), arc, 2)
		   ? cur_peek8(c, 2)
		   : 0;
}

/* The bits of a BIT STRING, as bytes. */
static void add_bit_string(struct dissect *d, struct cur *c,
			   const struct field *f)
{
	struct cur body;

	if (!ber_enter(c, BER_BITS, &body))
		return;
	cur_skip(&body, 1);
	if (body.claim)
		ber_note(d, body, f);
}

/* ---- names -------------------------------------------------------------- */

/* A text in one of several forms. */
static void add_string(struct dissect *d, const struct ber *value)
{
	static const uint8_t ids[] = {TELETEX, PRINTABLE, UNIVERSAL, BMP,
				      BER_UTF8};
	unsigned i;

	for (i = 0; i < sizeof(ids); i++) {
		if (value->id != ids[i])
			continue;
		add_uint(d, &fields[X_CHOICE], i);
		ber_note(d, value->body, &fields[X_TELETEX + i]);
	}
}

static void decode_attribute(struct dissect *d, struct cur *c)
{
	unsigned arc;
	struct cur oid;
	struct ber value;

	if (!ber_enter(c, BER_OID, &oid))
		return;
	ber_note_oid(d, oid, &fields[X_OID]);
	if (!ber_next(c, &value))
		return;
	arc = arc_below(&oid, name_arc);
	if (arc == NAME_COUNTRY ||
	    is_oid(&oid, country_oid, sizeof(country_oid)))
		ber_note(d, value.body, &fields[X_COUNTRY]);
	else if (arc == NAME_SERIAL)
		ber_note(d, value.body, &fields[X_NAME_SERIAL]);
	else if (is_oid(&oid, email_oid, sizeof(email_oid)) ||
		 is_oid(&oid, dc_oid, sizeof(dc_oid)))
		ber_note(d, value.body, &fields[X_IA5]);
	else
		add_string(d, &value);
}

static unsigned count_elements(struct cur c)
{
	struct ber b;
	unsigned n = 0;

	while (ber_next(&c, &b))
		n++;
	return n;
}

static void decode_name(struct dissect *d, struct cur *c)
{
	struct cur name, part, attribute;

	if (!ber_enter(c, BER_SEQUENCE, &name))
		return;
	while (ber_enter(&name, BER_SET, &part)) {
		add_uint(d, &fields[X_RDN], count_elements(part));
		while (ber_enter(&part, BER_SEQUENCE, &attribute))
			decode_attribute(d, &attribute);
	}
}

/* ---- times -------------------------------------------------------------- */

/* "180508000000Z" as "2018-05-08 00:00:00 (UTC)". */
static void add_utc(struct dissect *d, struct cur body)
{
	const struct field *f = &fields[X_UTC];
	const uint8_t *p = cur_here(&body);
	char *text, *at;
	unsigned i;

	if (!wants(d, f))
		return;
	for (i = 0; i < UTC_DIGITS && i < cur_left(&body); i++)
		if (p[i] < '0' || p[i] > '9')
			break;
	/* other forms are shown as they are */
	if (i < UTC_DIGITS || cur_left(&body) != UTC_DIGITS + 1 ||
	    p[UTC_DIGITS] != 'Z') {
		ber_note(d, body, f);
		return;
	}
	text = scratch_room(d, TIME_TEXT);
	if (!text)
		return;
	at = fmt_text(text, p[0] < '5' ? "20" : "19");
	for (i = 0; i < UTC_DIGITS; i += 2) {
		*at++ = (char)p[i];
		*at++ = (char)p[i + 1];
		*at++ = i < 4 ? '-' : i == 4 ? ' ' : ':';
	}
	fmt_text(at - 1, " (UTC)");
	add_bytes(d, f, text, TIME_TEXT);
}

static void decode_time(struct dissect *d, struct cur *c,
			const struct field *which)
{
	struct ber b;

	if (!ber_next(c, &b))
		return;
	add_uint(d, which, b.id == GENERALIZED);
	if (b.id == UTC)
		add_utc(d, b.body);
	else if (b.id == GENERALIZED)
		ber_note_time(d, b.body, &fields[X_GENERALIZED]);
}

/* ---- extensions --------------------------------------------------------- */

static void add_address(struct dissect *d, struct cur body)
{
	if (body.claim == 4)
		take(d, &body, &fields[X_IPV4]);
	else if (body.claim == 16)
		take(d, &body, &fields[X_IPV6]);
}

static void decode_general_name(struct dissect *d, const struct ber *name)
{
	struct cur body = name->body;

	switch (name->number) {
	case 1:
		ber_note(d, body, &fields[X_RFC822]);
		break;
	case 2:
		ber_note(d, body, &fields[X_DNS]);
		break;
	case 4:
		decode_name(d, &body);
		break;
	case 6:
		ber_note(d, body, &fields[X_URI]);
		break;
	case 7:
		add_address(d, body);
		break;
	}
}

static void decode_general_names(struct dissect *d, struct cur *c)
{
	struct ber b;

	while (ber_next(c, &b)) {
		add_uint(d, &fields[X_GENERAL_NAME], b.number);
		decode_general_name(d, &b);
	}
}

static void decode_alt_names(struct dissect *d, struct cur *c)
{
	struct cur list;

	if (!ber_enter(c, BER_SEQUENCE, &list))
		return;
	add_uint(d, &fields[X_GENERAL_NAMES], count_elements(list));
	decode_general_names(d, &list);
}

/* Where lists of revoked certificates are. */
static void decode_points(struct dissect *d, struct cur *c)
{
	struct cur list, point, name, names;

	if (!ber_enter(c, BER_SEQUENCE, &list))
		return;
	while (ber_enter(&list, BER_SEQUENCE, &point))
		if (ber_enter(&point, BER_CONTEXT_CONS, &name) &&
		    ber_enter(&name, BER_CONTEXT_CONS, &names))
			decode_general_names(d, &names);
}

/* Where to ask about the issuer. */
static void decode_access(struct dissect *d, struct cur *c)
{
	struct cur list, one, method;
	struct ber b;

	if (!ber_enter(c, BER_SEQUENCE, &list))
		return;
	while (ber_enter(&list, BER_SEQUENCE, &one)) {
		if (!ber_enter(&one, BER_OID, &method))
			return;
		ber_note_oid(d, method, &fields[X_ACCESS]);
		if (ber_next(&one, &b))
			decode_general_name(d, &b);
	}
}

/* What the extension's bytes have inside. */
static void decode_value(struct dissect *d, struct cur *c, unsigned arc)
{
	struct cur body, oid;

	switch (arc) {
	case EXT_ALT_NAME:
	case EXT_ISSUER_ALT_NAME:
		decode_alt_names(d, c);
		break;
	case EXT_SUBJECT_KEY:
		ber_take(d, c, BER_BYTES, &fields[X_SUBJECT_KEY_ID], NULL);
		break;
	case EXT_AUTHORITY_KEY:
		if (ber_enter(c, BER_SEQUENCE, &body))
			ber_take(d, &body, BER_CONTEXT, &fields[X_KEY_ID],
				 NULL);
		break;
	case EXT_BASIC:
		if (!ber_enter(c, BER_SEQUENCE, &body))
			break;
		ber_take(d, &body, BER_BOOLEAN, &fields[X_CA], NULL);
		ber_take(d, &body, BER_INTEGER, &fields[X_PATH], NULL);
		break;
	case EXT_POINTS:
		decode_points(d, c);
		break;
	case EXT_PURPOSES:
		if (!ber_enter(c, BER_SEQUENCE, &body))
			break;
		while (ber_enter(&body, BER_OID, &oid))
			ber_note_oid(d, oid, &fields[X_PURPOSE]);
		break;
	}
}

static void decode_extensions(struct dissect *d, struct cur *c)
{
	struct cur list, one, oid, value;

	if (!ber_enter(c, BER_SEQUENCE, &list))
		return;
	while (ber_enter(&list, BER_SEQUENCE, &one)) {
		if (!ber_enter(&one, BER_OID, &oid))
			return;
		ber_note_oid(d, oid, &fields[X_EXT_ID]);
		ber_take(d, &one, BER_BOOLEAN, &fields[X_CRITICAL], NULL);
		if (!ber_enter(&one, BER_BYTES, &value))
			continue;
		if (is_oid(&oid, access_oid, sizeof(access_oid)))
			decode_access(d, &value);
		else
			decode_value(d, &value, arc_below(&oid, ext_arc));
	}
}

/* ---- certificates ------------------------------------------------------- */

static void decode_algorithm(struct dissect *d, struct cur *c)
{
	struct cur body, oid;

	if (ber_enter(c, BER_SEQUENCE, &body) &&
	    ber_enter(&body, BER_OID, &oid))
		ber_note_oid(d, oid, &fields[X_ALGORITHM]);
}

static void decode_to_be_signed(struct dissect *d, struct cur *c)
{
	struct cur body;
	struct ber b;

	if (ber_enter(c, BER_CONTEXT_CONS, &body))
		ber_take(d, &body, BER_INTEGER, &fields[X_VERSION], NULL);
	ber_take(d, c, BER_INTEGER, &fields[X_SERIAL], NULL);
	decode_algorithm(d, c);
	add_uint(d, &fields[X_ISSUER], 0);
	decode_name(d, c);
	if (ber_enter(c, BER_SEQUENCE, &body)) {
		decode_time(d, &body, &fields[X_NOT_BEFORE]);
		decode_time(d, &body, &fields[X_NOT_AFTER]);
	}
	add_uint(d, &fields[X_SUBJECT], 0);
	decode_name(d, c);
	if (ber_enter(c, BER_SEQUENCE, &body)) {
		decode_algorithm(d, &body);
		add_bit_string(d, &body, &fields[X_KEY]);
	}
	while (ber_next(c, &b))
		if (b.id == BER_CONTEXT_CONS + 3)
			decode_extensions(d, &b.body);
}

void x509_decode(struct dissect *d, struct cur *c)
{
	struct also_state state;
	struct cur whole, body;

	if (!wants_also(d, PROTO_x509))
		return;
	state = also_start(d, PROTO_x509);
	if (ber_enter(c, BER_SEQUENCE, &whole) &&
	    ber_enter(&whole, BER_SEQUENCE, &body)) {
		decode_to_be_signed(d, &body);
		decode_algorithm(d, &whole);
		add_bit_string(d, &whole, &fields[X_ENCRYPTED]);
	}
	also_end(d, &state);
}

const struct proto proto_x509 = {
    "x509af",
    "X.509 certificate",
    PROTO_FIELDS(fields),
};
