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
#include "decode/link/eth.h"

#include "base/be.h"
#include "decode/lib/numbers.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	ETH_DST,
	ETH_SRC,
	ETH_TYPE,
	ETH_LEN,
	ETH_PADDING,
	ETH_TRAILER,
	ETH_FCS,
	/* Parts of the addresses: of the destination, of the source, of both */
	ETH_DST_OUI,
	ETH_DST_LG,
	ETH_DST_IG,
	ETH_SRC_OUI,
	ETH_SRC_LG,
	ETH_SRC_IG,
	ETH_ADDR_OUI,
	ETH_LG,
	ETH_IG,
	ETH_ADDR,
};

enum { SHORTEST = 60, FCS = 4 };

/* Bits of the first three bytes of an address. */
#define OUI(index, nm)                                                         \
	[index] = {"eth." nm ".oui", "Manufacturer", .type = FIELD_UINT,       \
		   .mask = 0xffffff, .flags = FIELD_ASKED}
#define LOCAL(index, nm)                                                       \
	[index] = {"eth." nm, "Locally administered", .type = FIELD_BOOL,      \
		   .mask = 0x020000, .flags = FIELD_ASKED}
#define GROUP(index, nm)                                                       \
	[index] = {"eth." nm, "To a group", .type = FIELD_BOOL,                \
		   .mask = 0x010000, .flags = FIELD_ASKED}

static const struct field fields[] = {
    [ETH_DST] = {"eth.dst", "Destination", .type = FIELD_ETHER, .width = 6},
    [ETH_SRC] = {"eth.src", "Source", .type = FIELD_ETHER, .width = 6},
    [ETH_TYPE] = {"eth.type", "Type", ethertype_names, .type = FIELD_UINT,
		  .width = 2, .flags = FIELD_HEX},
    [ETH_LEN] = {"eth.len", "Length", .type = FIELD_UINT, .width = 2},
    [ETH_PADDING] = {"eth.padding", "Padding", .type = FIELD_BYTES},
    [ETH_TRAILER] = {"eth.trailer", "Trailer", .type = FIELD_BYTES},
    [ETH_FCS] = {"eth.fcs", "Frame check sequence", .type = FIELD_UINT,
		 .width = 4, .flags = FIELD_HEX},
    OUI(ETH_DST_OUI, "dst"),
    LOCAL(ETH_DST_LG, "dst.lg"),
    GROUP(ETH_DST_IG, "dst.ig"),
    OUI(ETH_SRC_OUI, "src"),
    LOCAL(ETH_SRC_LG, "src.lg"),
    GROUP(ETH_SRC_IG, "src.ig"),
    OUI(ETH_ADDR_OUI, "addr"),
    LOCAL(ETH_LG, "lg"),
    GROUP(ETH_IG, "ig"),
    [ETH_ADDR] = {"eth.addr", "Either address", .type = FIELD_ETHER, .width = 6,
		  .flags = FIELD_ASKED},
};

static void decode_address(struct dissect *d, const uint8_t *p,
			   const struct field *own)
{
	unsigned oui = (unsigned)p[0] << 16 | be16(p + 1), i;

	for (i = 0; i < 3; i++) {
		add_bits(d, own + i, oui);
		add_bits(d, &fields[ETH_ADDR_OUI + i], oui);
	}
	add_bytes(d, &fields[ETH_ADDR], p, 6);
}

/* How many bytes the payload says that it has; all there are, where it does
   not. */
static size_t payload_len(struct cur c, uint16_t type)
{
	size_t all = c.claim;
	unsigned n;

	if (type < ETHERTYPE_LEAST && type != 0)
		return type;
	switch (type) {
	case ETHERTYPE_IPV4:
		cur_skip(&c, 2);
		n = cur_be16(&c);
		return n ? n : all;
	case ETHERTYPE_IPV6:
		cur_skip(&c, 4);
		n = cur_be16(&c);
		return n ? n + 40 : all;
	case ETHERTYPE_ARP:
		cur_skip(&c, 4);
		n = cur_u8(&c);
		return 8 + 2 * (n + cur_u8(&c));
	}
	return all;
}

/*
 * What is after the payload: zeros up to the shortest frame's length are
 * padding; the last four bytes of what remains are the frame check sequence,
 * if the capture may have one and the frame has room for it.
 */
static void decode_trailer(struct dissect *d, struct cur c, uint16_t type)
{
	size_t len = payload_len(c, type), n, zeros = 0, i;
	size_t total = d->layer->len;
	bool outermost = d->layer->via == KEY_LINKTYPE;

	if (len >= c.claim || len >= cur_left(&c))
		return;
	cur_skip(&c, len);
	if (outermost && len + 14 < SHORTEST && total >= SHORTEST) {
		n = SHORTEST - 14 - len;
		for (i = 0; i < n && i < cur_left(&c) && !cur_peek8(&c, i); i++)
			zeros++;
		if (zeros == n || zeros == c.claim)
			take_bytes(d, &c, &fields[ETH_PADDING], zeros);
	}
	n = cur_left(&c);
	if (outermost && total >= SHORTEST + FCS && n >= FCS && n == c.claim &&
	    (!d->iface || d->iface->fcslen != 0)) {
		if (n > FCS)
			take_bytes(d, &c, &fields[ETH_TRAILER], n - FCS);
		take(d, &c, &fields[ETH_FCS]);
	} else if (n) {
		take_bytes(d, &c, &fields[ETH_TRAILER], n);
	}
}

/* Is one of the fields after the length wanted? */
static inline bool wants_extras(const struct dissect *d)
{
	uint64_t first, last;

	memcpy(&first, d->want + ETH_PADDING, sizeof(first));
	memcpy(&last, d->want + ETH_ADDR + 1 - sizeof(last), sizeof(last));
	return first | last;
}

static __attribute__((noinline)) void
decode_extras(struct dissect *d, const struct cur *c, uint16_t type)
{
	if (wants_any(d, &fields[ETH_PADDING], ETH_FCS - ETH_PADDING + 1))
		decode_trailer(d, *c, type);
	if (!wants_any(d, &fields[ETH_DST_OUI], ETH_ADDR - ETH_DST_OUI + 1))
		return;
	decode_address(d, d->layer->dst, &fields[ETH_DST_OUI]);
	decode_address(d, d->layer->src, &fields[ETH_SRC_OUI]);
}

static void decode(struct dissect *d, struct cur *c)
{
	const uint8_t *p = cur_bytes(c, 14);
	struct cur part;
	uint16_t type;

	if (!p)
		return;
	d->layer->n_addr = 6;
	d->layer->dst = p;
	d->layer->src = p + 6;
	if (wants_before(d, &fields[ETH_TYPE])) {
		add_bytes(d, &fields[ETH_DST], p, 6);
		add_bytes(d, &fields[ETH_SRC], p + 6, 6);
	}
	type = be16(p + 12);
	d->layer->fact[0] = type;
	if (wants_extras(d))
		decode_extras(d, c, type);
	/* 0 is not a length either */
	if (type >= ETHERTYPE_LEAST || type == 0) {
		add_uint(d, &fields[ETH_TYPE], type);
		next_by(d, c, KEY_ETHERTYPE, type);
		return;
	}
	add_uint(d, &fields[ETH_LEN], type);
	part = cur_unit(c, type < c->claim ? type : c->claim);
	next_by(d, &part, KEY_LLC, 0);
}

void eth_next(struct dissect *d, struct cur *c, uint16_t type,
	      const struct field *types, const struct field *lengths)
{
	struct cur part;

	d->layer->fact[0] = type;
	if (type >= ETHERTYPE_LEAST) {
		add_uint(d, types, type);
		next_by(d, c, KEY_ETHERTYPE, type);
		return;
	}
	add_uint(d, lengths, type);
	part = cur_unit(c, type < c->claim ? type : c->claim);
	next_by(d, &part, KEY_LLC, 0);
}

void eth_type_line(struct summary *l, uint16_t type)
{
	const char *name = names_get(ethertype_names, type);
	char *at;

	if (l->o->quick) {
		if (name)
			summary_puts(l, name);
		else
			summary_printf(l, "Unknown Ethertype (0x%04x)", type);
		return;
	}
	at = fmt_text(summary_room(l, 100), "ethertype ");
	at = fmt_text(at, name ? name : "Unknown");
	at = fmt_text(at, " (0x");
	at = fmt_hex(at, type, 4);
	*at++ = ')';
	summary_end(l, at);
}

static void addresses_line(struct summary *l)
{
	summary_ether(l, l->layer->src);
	summary_puts(l, " > ");
	summary_ether(l, l->layer->dst);
	summary_puts(l, ", ");
}

static void length_line(struct summary *l, uint32_t len)
{
	summary_puts(l, ", length ");
	summary_dec(l, len);
	summary_puts(l, ": ");
}

void eth_unknown_line(struct summary *l, uint16_t type)
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
	line_payload(l, cur_here(&l->d->rest), cur_left(&l->d->rest));
}

static void summary(struct summary *l)
{
	uint16_t type = (uint16_t)l->layer->fact[0];
	uint32_t len = l->layer->len;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (!l->o->link && l->next)
		return;
	if (type < ETHERTYPE_LEAST) {
		addresses_line(l);
		summary_puts(l, "802.3");
		length_line(l, type < len - 14 ? type : len - 14);
		if (!l->next)
			line_payload(l, cur_here(&l->d->rest),
				     cur_left(&l->d->rest));
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
    .listed = LISTED_ETHERTYPE,
    .leads = LEADS_TO(KEY_ETHERTYPE) | LEADS_TO(KEY_LLC),
    .decode = decode,
    .summary = summary,
};
