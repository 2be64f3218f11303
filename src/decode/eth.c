/*
 * Ethernet (IEEE 802.3, and RFC 894's use of it).
 *
 *	 0                   6                  12        14
 *	+-------------------+------------------+---------+--------
 *	| destination       | source           | type    | payload
 *	+-------------------+------------------+---------+--------
 *
 * A type below 0x600 is the payload's length instead; then an LLC header
 * follows.
 */
#define DECODE_HOT
#include "decode/eth.h"

#include "decode/numbers.h"
#include "decode/proto.h"

enum { ETH_DST, ETH_SRC, ETH_TYPE, ETH_LEN };

static const struct field fields[] = {
    [ETH_DST] = {"eth.dst", "Destination", .type = FIELD_ETHER, .width = 6},
    [ETH_SRC] = {"eth.src", "Source", .type = FIELD_ETHER, .width = 6},
    [ETH_TYPE] = {"eth.type", "Type", ethertype_names, .type = FIELD_UINT,
		  .width = 2, .flags = FIELD_HEX},
    [ETH_LEN] = {"eth.len", "Length", .type = FIELD_UINT, .width = 2},
};

static void decode(struct dissect *d, struct cur *c)
{
	struct cur part;
	uint16_t type;

	if (!cur_has(c, 14))
		return;
	d->layer->n_addr = 6;
	d->layer->dst = c->pos;
	d->layer->src = c->pos + 6;
	if (wants_before(d, &fields[ETH_TYPE])) {
		take(d, c, &fields[ETH_DST]);
		take(d, c, &fields[ETH_SRC]);
	} else {
		cur_skip(c, 12);
	}
	type = cur_be16(c);
	d->layer->fact[0] = type;
	/* 0 is no length either */
	if (type >= ETHERTYPE_LEAST || type == 0) {
		note(d, &fields[ETH_TYPE], type);
		next_by(d, c, KEY_ETHERTYPE, type);
		return;
	}
	note(d, &fields[ETH_LEN], type);
	part = cur_unit(c, type < c->claim ? type : c->claim);
	next_by(d, &part, KEY_LLC, 0);
}

void eth_type_line(struct line *l, uint16_t type)
{
	const char *name = names_get(ethertype_names, type);
	char *at;

	if (l->o->quick) {
		if (name)
			line_puts(l, name);
		else
			line_printf(l, "Unknown Ethertype (0x%04x)", type);
		return;
	}
	at = fmt_text(line_room(l, 100), "ethertype ");
	at = fmt_text(at, name ? name : "Unknown");
	at = fmt_text(at, " (0x");
	at = fmt_hex(at, type, 4);
	*at++ = ')';
	line_end(l, at);
}

static void addresses_line(struct line *l)
{
	line_ether(l, l->layer->src);
	line_puts(l, " > ");
	line_ether(l, l->layer->dst);
	line_puts(l, ", ");
}

static void length_line(struct line *l, uint32_t len)
{
	line_puts(l, ", length ");
	line_dec(l, len);
	line_puts(l, ": ");
}

void eth_unknown_line(struct line *l, uint16_t type)
{
	const struct layer *layer = l->layer;

	while (l->layer > l->d->layers && l->layer->id != PROTO_eth)
		l->layer--;
	if (!l->o->link && l->layer->id == PROTO_eth) {
		addresses_line(l);
		eth_type_line(l, type);
		length_line(l, l->layer->len);
	}
	l->layer = layer;
	line_dump(l, l->d->rest.pos, cur_left(&l->d->rest), "\n\t");
}

static void summary(struct line *l)
{
	uint16_t type = (uint16_t)l->layer->fact[0];
	uint32_t len = l->layer->len;

	if (l->layer->state != CUR_OK) {
		line_mark(l);
		return;
	}
	if (!l->o->link && l->next)
		return;
	if (type < ETHERTYPE_LEAST) {
		addresses_line(l);
		line_puts(l, "802.3");
		length_line(l, type < len - 14 ? type : len - 14);
		if (!l->next)
			line_dump(l, l->d->rest.pos, cur_left(&l->d->rest),
				  "\n\t");
		return;
	}
	if (l->o->link) {
		addresses_line(l);
		eth_type_line(l, type);
		length_line(l, len);
	}
	if (!l->next)
		eth_unknown_line(l, type);
}

static const struct key keys[] = {{KEY_LINKTYPE, 1}, {KEY_ETHERTYPE, 0x6558}};

const struct proto proto_eth = {
    "eth",
    "Ethernet",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_ETHERTYPE) | LEADS_TO(KEY_LLC),
    .decode = decode,
    .summary = summary,
};
