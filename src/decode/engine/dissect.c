/* The engine: runs decoders over a packet, layer after layer. */
#include "decode/dissect.h"

#include <stdlib.h>
#include <string.h>

#include "decode/engine/plan.h"
#include "decode/lib/crypto.h"
#include "decode/proto_ids.h"

struct dissect *dissect_open(const struct plan *plan, struct err *err)
{
	struct dissect *d = calloc(1, sizeof(*d));

	if (d) {
		d->plan = plan;
		d->rows = plan->rows;
		d->beyond = plan->beyond;
		d->values = malloc(DISSECT_VALUES * sizeof(*d->values));
		d->scratch = malloc(DISSECT_SCRATCH);
	}
	if (!d || !d->values || !d->scratch) {
		dissect_close(d);
		err_nomem(err, "decoding");
		return NULL;
	}
	return d;
}

void dissect_close(struct dissect *d)
{
	if (!d)
		return;
	free(d->values);
	free(d->scratch);
	crypto_close(d->crypto);
	free(d);
}

struct crypto *crypto_of(struct dissect *d)
{
	if (!d->crypto && !d->no_crypto) {
		d->crypto = crypto_open();
		d->no_crypto = !d->crypto;
	}
	return d->crypto;
}

char *scratch_room(struct dissect *d, size_t n)
{
	if (n > DISSECT_SCRATCH - d->scratch_len) {
		d->dropped = true;
		return NULL;
	}
	d->scratch_len += n;
	return (char *)d->scratch + d->scratch_len - n;
}

void scratch_return(struct dissect *d, size_t n)
{
	d->scratch_len -= n;
}

struct also_state also_start(struct dissect *d, unsigned id)
{
	struct also_state state = {d->fields, d->want, d->base, d->want_first,
				   d->want_end};
	const struct plan_proto *of = &d->plan->of[id];

	d->fields = of->fields;
	d->base = of->base;
	d->want = of->want;
	d->want_first = of->want_first;
	d->want_end = of->want_end;
	return state;
}

void also_end(struct dissect *d, const struct also_state *state)
{
	d->fields = state->fields;
	d->want = state->want;
	d->base = state->base;
	d->want_first = state->want_first;
	d->want_end = state->want_end;
}

bool wants_also(const struct dissect *d, unsigned id)
{
	return d->plan->of[id].want_first != UINT16_MAX;
}

void add_uint_also(struct dissect *d, unsigned id, unsigned index, uint64_t num)
{
	unsigned number = d->plan->of[id].base + index;

	if (!d->plan->want[number] || d->n_values >= DISSECT_VALUES)
		return;
	d->values[d->n_values++] = (struct value){
	    .field = (uint16_t)number,
	    .layer = (uint8_t)(d->n_layers - 1),
	    .num = num,
	};
}

static inline bool next_set(struct dissect *d, const struct cur *c, unsigned id,
			    enum key_space via, uint32_t key)
{
	bool is_rest = c == &d->rest;

	if (!d->plan->of[id].useful || c->state != CUR_OK)
		return false;
	if (id == PROTO_data && cur_left(c) == 0)
		return false;
	d->next = (uint8_t)id;
	d->next_via = (uint8_t)via;
	d->next_key = key;
	d->next_is_rest = is_rest;
	if (!is_rest)
		d->rest_next = *c;
	return true;
}

bool next_by(struct dissect *d, const struct cur *c, enum key_space space,
	     uint32_t value)
{
	unsigned id;

	if (value >= TABLE_SIZE || !d->beyond[space])
		return false;
	id = d->plan->table[space][value];
	return next_set(d, c, id ? id : PROTO_data, space, value) && id;
}

bool next_known(struct dissect *d, const struct cur *c, unsigned id,
		enum key_space space, uint32_t value)
{
	return next_set(d, c, id, space, value);
}

bool next_proto(struct dissect *d, const struct cur *c, unsigned id)
{
	return next_set(d, c, id, KEY_DIRECT, 0);
}

bool next_by_ports(struct dissect *d, const struct cur *c, enum key_space space,
		   uint16_t src, uint16_t dst)
{
	unsigned id;

	if (c->claim == 0 || !d->beyond[space])
		return false;
	id = plan_by_ports(d->plan, space, src, dst);
	if (id == PROTO_NONE ||
	    (space == KEY_TCP_PORT && !plan_fits(d->plan, id, c)))
		id = plan_by_guess(d->plan, space, c);
	return next_set(d, c, id ? id : PROTO_data, space, dst) && id;
}

/* A part of what came over TCP, of this protocol, in this one's tunnel. */
struct tcp_part {
	unsigned id, tunnel;
	uint16_t port; /* where to */
	bool fresh;    /* what is remembered is not of it */
};

static void next_part(struct dissect *d, const struct cur *c,
		      const struct tcp_part *part)
{
	unsigned via = part->tunnel ? part->tunnel : part->id;

	if (next_set(d, c, via, KEY_TCP_PORT, part->port) && part->tunnel)
		d->inside = (uint8_t)part->id;
}

/* Once that is decoded, this. */
static void next_more(struct dissect *d, const struct cur *c,
		      const struct tcp_part *part)
{
	unsigned via = part->tunnel ? part->tunnel : part->id;

	if (!c->claim || !d->plan->of[part->id].useful)
		return;
	d->more = (uint8_t)via;
	d->more_inside = part->tunnel ? (uint8_t)part->id : PROTO_NONE;
	d->more_fresh = part->fresh;
	d->more_key = part->port;
	d->more_cur = *c;
}

bool to_server(const struct dissect *d)
{
	return d->plan->table[KEY_TCP_PORT][d->layer->key & 0xffff] ==
	       d->layer->id;
}

void next_by_parts(struct dissect *d, const struct cur *c,
		   const struct reassembled *parts, uint16_t src, uint16_t dst)
{
	unsigned id = parts->upper;
	struct tcp_part part = {id, parts->tunnel,
				parts->tunnel ? parts->port : dst, false};
	struct tcp_part other = {parts->second, parts->second_tunnel,
				 parts->second_tunnel ? parts->port : dst,
				 parts->second_tunnel != parts->tunnel};
	struct cur own = *c, first, second = {0};

	if (parts->own)
		own = cur_over(parts->own, parts->n_own, parts->n_own);
	d->phase = parts->phase;
	d->app_state = parts->state;
	d->notes = parts->notes;
	if (parts->own || parts->take != c->claim) {
		cur_skip(&own, parts->skip);
		second = own;
		own = cur_part(&own, parts->take);
		cur_skip(&second, parts->take);
		second = cur_part(&second, parts->second_take);
	}
	if (parts->has_joined) {
		first = cur_over(parts->bytes, parts->joined, parts->claim);
		next_part(d, &first, &part);
		next_more(d, own.claim ? &own : &second,
			  own.claim ? &part : &other);
	} else if (own.claim && id) {
		next_part(d, &own, &part);
		next_more(d, &second, &other);
	} else if (own.claim) {
		next_by_ports(d, &own, KEY_TCP_PORT, src, dst);
	}
	if (id && proto_at(id)->listed & LISTED_BEGUN && parts->pending &&
	    !parts->take && parts->skip < c->claim) {
		d->begun = (uint8_t)id;
		d->begun_inside = parts->tunnel;
	}
}

/* Decode one layer from the rest; the decoder says what comes next. */
static inline __attribute__((always_inline)) void run_layer(struct dissect *d,
							    unsigned id)
{
	struct cur *c = &d->rest;
	const struct plan_proto *of = &d->plan->of[id];
	struct layer *layer = &d->layers[d->n_layers++];

	layer->proto = of->proto;
	layer->name = of->name;
	layer->data = cur_here(c);
	layer->caplen = (uint32_t)cur_left(c);
	layer->len = (uint32_t)c->claim;
	layer->first = (uint16_t)d->n_values;
	layer->base = of->base;
	layer->id = (uint8_t)id;
	layer->via = d->next_via;
	layer->key = d->next_key;
	layer->n_addr = 0;
	layer->quoted = d->next_quoted;
	layer->again = d->next_again;
	d->next_again = false;
	layer->port = 0;
	layer->silent = false;
	memset(layer->fact, 0, sizeof(layer->fact));
	d->layer = layer;
	d->fields = of->fields;
	d->base = of->base;
	d->want = of->want;
	d->want_first = of->want_first;
	d->want_end = of->want_end;
	of->decode(d, c);
	layer->end = (uint16_t)d->n_values;
	layer->state = (uint8_t)c->state;
}

static char *put_name(char *at, const char *end, const char *name, bool colon)
{
	size_t n = strlen(name);

	if ((size_t)(end - at) < n + 1)
		return at;
	if (colon)
		*at++ = ':';
	memcpy(at, name, n);
	return at + n;
}

/* frame.protocols: the layers' names with colons between. What an EtherType
   led to is marked by "ethertype", as in Wireshark; a layer without a name is a
   part of the one below. */
static void list_protocols(struct dissect *d)
{
	enum { ROOM = DISSECT_LAYERS * 24 };
	char *text = scratch_room(d, ROOM), *at = text;
	const struct layer *layer = d->layers + 1;
	unsigned below;

	if (!text)
		return;
	for (; layer < d->layers + d->n_layers; layer++) {
		if (!*layer->name)
			continue;
		below = layer[-1].proto->listed;
		if (layer->via == KEY_ETHERTYPE && below & LISTED_ETHERTYPE)
			at = put_name(at, text + ROOM, "ethertype", true);
		if (layer->proto->listed & LISTED_ON_RADIO &&
		    below & LISTED_RADIO)
			at = put_name(at, text + ROOM, "wlan_radio", true);
		at = put_name(at, text + ROOM, layer->name, at != text);
	}
	if (d->begun && d->begun_inside)
		at = put_name(at, text + ROOM, proto_at(d->begun_inside)->name,
			      true);
	if (d->begun)
		at = put_name(at, text + ROOM, proto_at(d->begun)->name, true);
	d->values[d->protocols].bytes = (const uint8_t *)text;
	d->values[d->protocols].len = (uint32_t)(at - text);
}

/* Nothing comes next: is there another payload of a lower layer? */
static inline bool next_is_more(struct dissect *d)
{
	if (d->more == PROTO_NONE)
		return false;
	if ((d->more_inside ? d->more_inside : d->more) != d->layer->id ||
	    d->more_fresh)
		d->app_state = 0;
	d->inside = d->more_inside;
	d->more_inside = PROTO_NONE;
	d->more_fresh = false;
	d->next = d->more;
	d->next_via = KEY_TCP_PORT;
	d->next_key = d->more_key;
	d->rest_next = d->more_cur;
	d->next_is_rest = false;
	d->next_again = true;
	d->more = PROTO_NONE;
	return true;
}

/* Is a layer to say that another one contradicts itself? */
static bool ends_malformed(const struct dissect *d)
{
	unsigned i;

	if (!d->plan->of[PROTO_malformed].whole ||
	    d->n_layers == DISSECT_LAYERS)
		return false;
	for (i = 0; i < d->n_layers; i++)
		if (d->layers[i].state == CUR_MALFORMED)
			return true;
	return false;
}

void dissect_packet(struct dissect *d, const struct pkt *pkt,
		    const struct iface *iface)
{
	unsigned id;

	d->rest = cur_over(pkt->data, pkt->caplen, pkt->wirelen);
	d->pkt = pkt;
	d->iface = iface;
	d->net = NULL;
	d->hints = 0;
	d->phase = 0;
	d->app_state = 0;
	d->notes = NULL;
	d->n_layers = d->n_values = 0;
	d->scratch_len = 0;
	d->dropped = d->next_quoted = d->next_again = false;
	d->next = d->more = d->begun = PROTO_NONE;
	d->inside = d->more_inside = PROTO_NONE;
	d->more_fresh = false;
	d->next_via = KEY_DIRECT;
	d->next_key = 0;
	d->protocols = -1;
	if (d->plan->of[PROTO_frame].useful)
		run_layer(d, PROTO_frame);
	if (iface)
		next_by(d, &d->rest, KEY_LINKTYPE, iface->linktype);
	while (d->next != PROTO_NONE || next_is_more(d)) {
		if (d->n_layers == DISSECT_LAYERS) {
			d->dropped = true;
			break;
		}
		id = d->next;
		if (!d->next_is_rest)
			d->rest = d->rest_next;
		d->next = PROTO_NONE;
		run_layer(d, id);
	}
	if (ends_malformed(d))
		run_layer(d, PROTO_malformed);
	if (d->protocols >= 0)
		list_protocols(d);
}
