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
#include "decode/security/kerberos_fields.h"

static const struct field *const fields = kerberos_fields;

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
	summary_printf(
	    l, " %s",
	    names_or(fields[KRB_MSG_TYPE].names, l->layer->fact[0], "message"));
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
			summary_printf(
			    l, " %d %s", (int)v->num,
			    names_or(fields[KRB_ERROR].names, v->num, ""));
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
    "kerberos",
    "Kerberos",
    .fields = kerberos_fields,
    .n_fields = KRB_COUNT,
    PROTO_KEYS(keys),
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
};
