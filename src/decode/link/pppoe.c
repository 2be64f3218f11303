/*
 * PPP over Ethernet (RFC 2516).
 *
 *	+-----+------+------+------------+---------+-------------
 *	| ver | type | code | session id | length  | PPP, or tags
 *	+-----+------+------+------------+---------+-------------
 */
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	PPPOE_VERSION,
	PPPOE_TYPE,
	PPPOE_CODE,
	PPPOE_SESSION_ID,
	PPPOE_LENGTH,
};

static const struct names code_names[] = {
    {0x00, "PPP-Session"}, {0x07, "PADO"}, {0x09, "PADI"}, {0x19, "PADR"},
    {0x65, "PADS"},	   {0xa7, "PADT"}, {0, NULL},
};

static const struct field fields[] = {
    [PPPOE_VERSION] = {"pppoe.version", "Version", .mask = 0xf0,
		       .type = FIELD_UINT},
    [PPPOE_TYPE] = {"pppoe.type", "Type", .mask = 0x0f, .type = FIELD_UINT},
    [PPPOE_CODE] = {"pppoe.code", "Code", code_names, .type = FIELD_UINT,
		    .width = 1, .flags = FIELD_HEX | FIELD_LINE},
    [PPPOE_SESSION_ID] = {"pppoe.session_id", "Session id", .type = FIELD_UINT,
			  .width = 2, .flags = FIELD_HEX | FIELD_LINE},
    [PPPOE_LENGTH] = {"pppoe.payload_length", "Payload length",
		      .type = FIELD_UINT, .width = 2},
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, code, len;
	struct cur part;

	if (!cur_has(c, 1))
		return;
	first = cur_u8(c);
	add_bits(d, &fields[PPPOE_VERSION], first);
	add_bits(d, &fields[PPPOE_TYPE], first);
	code = (unsigned)take(d, c, &fields[PPPOE_CODE]);
	take(d, c, &fields[PPPOE_SESSION_ID]);
	len = (unsigned)take(d, c, &fields[PPPOE_LENGTH]);
	if (c->state != CUR_OK)
		return;
	part = cur_unit(c, len);
	d->layer->name = code == 0 ? "pppoes" : "pppoed";
	if (code == 0)
		next_proto(d, &part, PROTO_ppp);
}

static void summary(struct summary *l)
{
	const struct value *code = summary_value(l, PPPOE_CODE);

	if (l->layer->state != CUR_OK || !code) {
		summary_mark(l);
		return;
	}
	summary_puts(l, "PPPoE ");
	if (code->num == 0)
		summary_printf(l, " [ses 0x%x] ",
			       (unsigned)summary_num(l, PPPOE_SESSION_ID));
	else
		summary_printf(l, "%s, length %u",
			       names_or(code_names, code->num, "unknown"),
			       l->layer->len);
}

static const uint8_t leads[] = {PROTO_ppp, PROTO_NONE};
static const struct key keys[] = {
    {KEY_ETHERTYPE, 0x8863}, {KEY_ETHERTYPE, 0x8864}, {KEY_LINKTYPE, 51}};

static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);

	cur_skip(&c, 2);
	return cur_be16(&c);
}

const struct proto proto_pppoe = {
    "pppoe",
    "PPP over Ethernet",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .network = network,
    .summary = summary,
};
