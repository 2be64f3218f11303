/* IPsec in UDP (RFC 3948): one byte 0xff to keep translations alive, or four
   of zero before a key exchange, or an ESP packet. */
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum { KEEPALIVE, KEY_EXCHANGE, PACKET };

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look = *c;

	if (c->claim == 1) {
		cur_skip(c, 1);
		return;
	}
	if (!cur_has(c, 4))
		return;
	if (cur_be32(&look) == 0) {
		cur_skip(c, 4);
		d->layer->fact[0] = KEY_EXCHANGE;
		next_by(d, c, KEY_UDP_PORT, 500);
		return;
	}
	d->layer->fact[0] = PACKET;
	next_proto(d, c, PROTO_esp);
}

static void summary(struct summary *l)
{
	static const char *const words[] = {"isakmp-nat-keep-alive",
					    "NONESP-encap: ", "UDP-encap: "};

	if (l->layer->state != CUR_OK)
		summary_mark(l);
	else
		summary_puts(l, words[l->layer->fact[0]]);
}

static const uint8_t leads[] = {PROTO_esp, PROTO_NONE};
static const struct key keys[] = {{KEY_UDP_PORT, 4500}};

const struct proto proto_udpencap = {
    "udpencap",	      "UDP Encapsulation of IPsec Packets",
    PROTO_KEYS(keys), .leads_proto = leads,
    .decode = decode, .summary = summary,
};
