/*
 * FDDI (ISO 9314-2): frame control (1), destination and source (6 each), then
 * LLC if the control says so. Stations of FDDI number a byte's bits the other
 * way around: fields have addresses as FDDI writes them, lines as they are
 * captured, which is as Ethernet writes them.
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum { FDDI_FC, FDDI_CLF, FDDI_PRIO, FDDI_DST, FDDI_SRC };
enum { FC_LLC_ASYNC = 0x50 };

static const struct field fields[] = {
    [FDDI_FC] = UINT("fddi.fc", "Frame control", 1, FIELD_HEX | FIELD_LINE),
    [FDDI_CLF] = {"fddi.fc.clf", "Class, length, format", .mask = 0xf0,
		  .type = FIELD_UINT, .flags = FIELD_HEX, .digits = 2},
    [FDDI_PRIO] = {"fddi.fc.prio", "Priority", .mask = 0x07,
		   .type = FIELD_UINT},
    [FDDI_DST] = ETHER("fddi.dst", "Destination", FIELD_LINE),
    [FDDI_SRC] = ETHER("fddi.src", "Source", FIELD_LINE),
};

static void reverse_bits(uint8_t to[6], const uint8_t *from)
{
	unsigned i, bit;

	for (i = 0; i < 6; i++) {
		to[i] = 0;
		for (bit = 0; bit < 8; bit++)
			if (from[i] >> bit & 1)
				to[i] |= (uint8_t)(0x80 >> bit);
	}
}

static void take_address(struct dissect *d, struct cur *c,
			 const struct field *f)
{
	const uint8_t *bytes = cur_bytes(c, 6);
	char *room = bytes ? scratch_room(d, 6) : NULL;

	if (!room)
		return;
	reverse_bits((uint8_t *)room, bytes);
	add_bytes(d, f, room, 6);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned control = (unsigned)take(d, c, &fields[FDDI_FC]);
	bool llc = (control & 0xf0) == FC_LLC_ASYNC;

	if (c->state != CUR_OK)
		return;
	add_bits(d, &fields[FDDI_CLF], control);
	if (llc)
		add_bits(d, &fields[FDDI_PRIO], control);
	take_address(d, c, &fields[FDDI_DST]);
	take_address(d, c, &fields[FDDI_SRC]);
	d->layer->fact[0] = control;
	if (llc)
		next_by(d, c, KEY_LLC, 0);
	else
		next_proto(d, c, PROTO_data);
}

static void address_line(struct summary *l, unsigned field)
{
	const struct value *v = summary_value(l, field);
	uint8_t bytes[6];

	if (!v)
		return;
	reverse_bits(bytes, v->bytes);
	summary_ether(l, bytes);
}

static void control_line(struct summary *l, unsigned control)
{
	static const struct names names[] = {
	    {0x40, "void"},  {0x80, "token"},  {0xc0, "nr_token"},
	    {0xc3, "claim"}, {0xc2, "beacon"}, {0x4f, "nsa"},
	    {0, NULL}};
	const char *name = names_get(names, control);

	if (name)
		summary_puts(l, name);
	else if ((control & 0xf0) == FC_LLC_ASYNC)
		summary_printf(l, "async%s%u", control & 8 ? "R" : "",
			       control & 7);
	else if ((control & 0x70) == FC_LLC_ASYNC)
		summary_puts(l, control & 8 ? "syncR" : "sync");
	else
		summary_printf(l, "%02x", control);
}

static void summary(struct summary *l)
{
	bool known = l->next && l->next->proto->summary;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (!known || l->o->link) {
		control_line(l, l->layer->fact[0]);
		summary_puts(l, " ");
		address_line(l, FDDI_SRC);
		summary_puts(l, " > ");
		address_line(l, FDDI_DST);
		summary_printf(l, ", length %u: ", l->layer->len);
	}
	if (!known)
		line_payload(l, l->layer->data + 13,
			     l->layer->caplen > 13 ? l->layer->caplen - 13 : 0);
}

static const uint8_t leads[] = {PROTO_data, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 10}};

const struct proto proto_fddi = {
    "fddi",
    "Fiber Distributed Data Interface",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_LLC),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
