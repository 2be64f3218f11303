/*
 * Connections of QUIC: an array of talks, where a silent one is
 * evicted; and a ring of unfinished messages, where the oldest is.
 *
 * The bytes of CRYPTO frames are numbered from 0 in each direction. `next` is
 * the first that belongs to a message that was not whole yet; what is known
 * from there on is reassembled in q->join:
 *
 *	next
 *	|--- range ---|       |- range -|
 */
#include "decode/flow/quic_talk.h"

#include <stdlib.h>
#include <string.h>

#include "base/be.h"
#include "decode/lib/byte_ranges.h"

enum {
	PLAIN_MOST = 65536, /* bytes of a datagram */
	TLS_HEAD = 4,	    /* type and length of a message of TLS */
	/* frames that Initials may have */
	PADDING = 0,
	PING = 1,
	ACK = 2,
	ACK_ECN = 3,
	CRYPTO = 6,
	CLOSE = 0x1c,
	GOOGLE_CRYPTO = 8,
};

/* A message that has not ended, of that talk and direction (talk + 1; 0:
   free). */
struct hello {
	uint32_t talk;
	uint8_t from;
	struct byte_ranges have;
	uint8_t *bytes;
};

struct side {
	uint64_t number; /* the next packet's, as far as is known */
	uint32_t next;	 /* see above */
	uint16_t hello;	 /* in the ring, + 1; 0: none */
	bool lost;	 /* its messages cannot be followed */
};

struct quic_conversation {
	uint32_t stream, version;
	bool recent;	/* used since the hand went by */
	bool certain;	/* something was opened with these keys */
	bool again;	/* the client was sent back: it says its hello twice */
	bool restarted; /* it was offered other versions: it restarts */
	uint8_t client; /* its direction */
	struct quic_id first, client_id;
	struct quic_keys keys[2]; /* by direction */
	struct side side[2];
};

struct quic_talks {
	struct crypto *crypto;
	struct quic_conversation *talks;
	uint32_t n, room, hand;
	struct hello hellos[QUIC_HELLOS];
	unsigned next_hello;
	struct quic_losses losses;
	/* of the current datagram: */
	struct byte_ranges have;
	uint8_t join[QUIC_HELLO_MOST];
	uint8_t plain[PLAIN_MOST];
};

struct quic_talks *quic_talks_open(void)
{
	struct quic_talks *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	q->crypto = crypto_open();
	if (q->crypto)
		return q;
	free(q);
	return NULL;
}

/* The keys are freed with the talks that hold them. */
void quic_talks_close(struct quic_talks *q)
{
	unsigned i;

	if (!q)
		return;
	for (i = 0; i < QUIC_HELLOS; i++)
		free(q->hellos[i].bytes);
	crypto_close(q->crypto);
	free(q->talks);
	free(q);
}

struct quic_losses quic_talks_losses(const struct quic_talks *q)
{
	return q->losses;
}

/* ---- messages that have not ended --------------------------------------- */

static void hello_drop(struct quic_talks *q, struct side *side)
{
	if (side->hello)
		q->hellos[side->hello - 1].talk = 0;
	side->hello = 0;
}

/* Keep what is in q->join; the oldest is evicted. */
static void hello_keep(struct quic_talks *q, struct quic_conversation *t,
		       unsigned from)
{
	struct side *side = &t->side[from];
	struct hello *h;

	if (!side->hello) {
		h = &q->hellos[q->next_hello];
		if (h->talk) {
			struct side *old = &q->talks[h->talk - 1].side[h->from];

			old->hello = 0;
			old->lost = true;
			q->losses.hellos++;
		}
		if (!h->bytes)
			h->bytes = malloc(QUIC_HELLO_MOST);
		h->talk = 0;
		if (!h->bytes)
			return;
		h->talk = (uint32_t)(t - q->talks) + 1;
		h->from = (uint8_t)from;
		side->hello = (uint16_t)(q->next_hello + 1);
		q->next_hello = (q->next_hello + 1) % QUIC_HELLOS;
	}
	h = &q->hellos[side->hello - 1];
	h->have = q->have;
	memcpy(h->bytes, q->join, byte_ranges_end(&q->have));
}

/* Bytes of a CRYPTO frame. */
static void add_bytes(struct quic_talks *q, struct side *side, uint64_t at,
		      const uint8_t *bytes, size_t n)
{
	/* what was there before, in whole messages, is not looked at again */
	if (at < side->next) {
		if (n <= side->next - at)
			return;
		bytes += side->next - at;
		n -= side->next - at;
		at = side->next;
	}
	at -= side->next;
	if (n == 0)
		return;
	if (at > QUIC_HELLO_MOST || n > QUIC_HELLO_MOST - at ||
	    !byte_ranges_add(&q->have, (uint32_t)at, (uint32_t)(at + n))) {
		side->lost = true;
		q->losses.hellos++;
		return;
	}
	memcpy(q->join + at, bytes, n);
}

static void skip_ack(struct cur *c, bool ecn)
{
	uint64_t ranges;

	quic_varint(c);
	quic_varint(c);
	ranges = quic_varint(c);
	quic_varint(c);
	while (ranges-- > 0 && c->state == CUR_OK) {
		quic_varint(c);
		quic_varint(c);
	}
	if (ecn) {
		quic_varint(c);
		quic_varint(c);
		quic_varint(c);
	}
}

/* Frames of one byte: there may be a thousand of them. */
static void skip_padding(struct cur *c)
{
	size_t left = cur_left(c), n = 0;

	while (n < left && cur_peek8(c, n) == PADDING)
		n++;
	cur_skip(c, n);
}

/* The CRYPTO frames of an Initial's payload. */
static void add_frames(struct quic_talks *q, struct side *side,
		       uint32_t version, struct cur c)
{
	bool google = version == QUIC_T050 || version == QUIC_T051;
	uint64_t type, at, n;
	const uint8_t *p;

	while (c.state == CUR_OK && c.claim && !side->lost) {
		type = quic_varint(&c);
		if (type == (google ? GOOGLE_CRYPTO : CRYPTO)) {
			at = quic_varint(&c);
			n = quic_varint(&c);
			p = cur_bytes(&c, n);
			if (p)
				add_bytes(q, side, at, p, n);
		} else if (!google && (type == ACK || type == ACK_ECN)) {
			skip_ack(&c, type == ACK_ECN);
		} else if (type == PADDING) {
			skip_padding(&c);
		} else if (type != PING) {
			return;
		}
	}
}

/* How many bytes of q->join are whole messages? */
static uint32_t whole_messages(const struct quic_talks *q)
{
	uint32_t have = byte_ranges_whole(&q->have), at = 0, n;

	while (have - at >= TLS_HEAD) {
		n = (uint32_t)q->join[at + 1] << 16 | be16(q->join + at + 2);
		if (n > have - at - TLS_HEAD)
			break;
		at += TLS_HEAD + n;
	}
	return at;
}

/* Take the first n bytes out of q->join. */
static void take_messages(struct quic_talks *q, struct side *side, uint32_t n)
{
	side->next += n;
	memmove(q->join, q->join + n, byte_ranges_end(&q->have) - n);
	byte_ranges_take(&q->have, n);
}

/* ---- connections -------------------------------------------------------- */

static void quic_conversation_drop(struct quic_talks *q,
				   struct quic_conversation *t)
{
	hello_drop(q, &t->side[0]);
	hello_drop(q, &t->side[1]);
}

/* The next one that was silent since the hand went by. */
static struct quic_conversation *quic_conversation_victim(struct quic_talks *q)
{
	struct quic_conversation *t;

	for (;;) {
		t = &q->talks[q->hand];
		q->hand = (q->hand + 1) % q->n;
		if (!t->recent)
			break;
		t->recent = false;
	}
	quic_conversation_drop(q, t);
	q->losses.talks++;
	return t;
}

static struct quic_conversation *
quic_conversation_new(struct quic_talks *q, uint32_t stream, uint32_t *slot)
{
	uint32_t room = q->room ? q->room * 2 : 16;
	struct quic_conversation *t;

	if (q->n == q->room && q->room < QUIC_TALKS) {
		t = realloc(q->talks, room * sizeof(*t));
		if (t) {
			q->talks = t;
			q->room = room;
		}
	}
	if (q->n < q->room)
		t = &q->talks[q->n++];
	else if (q->n)
		t = quic_conversation_victim(q);
	else
		return NULL;
	*t = (struct quic_conversation){.stream = stream};
	*slot = (uint32_t)(t - q->talks) + 1;
	return t;
}

static struct quic_conversation *
quic_conversation_find(struct quic_talks *q, uint32_t stream, uint32_t slot)
{
	struct quic_conversation *t =
	    slot && slot <= q->n ? &q->talks[slot - 1] : NULL;

	if (!t || t->stream != stream)
		return NULL;
	t->recent = true;
	return t;
}

static bool same_id(const struct quic_id *a, const struct quic_id *b)
{
	return a->n == b->n && !memcmp(a->bytes, b->bytes, a->n);
}

/* The keys that follow from `first`, client's and server's by direction. */
static bool make_keys(struct quic_talks *q, uint32_t version,
		      const struct quic_id *first, unsigned client,
		      struct quic_keys keys[2])
{
	struct quic_keys made[2];

	if (!quic_keys_make(q->crypto, version, first, made))
		return false;
	keys[client] = made[0];
	keys[!client] = made[1];
	return true;
}

/* An Initial of the client has opened with its own keys: a new connection, or
   one that was sent back by Retry or a negotiation. */
static struct quic_conversation *
quic_conversation_begin(struct quic_talks *q, struct quic_conversation *t,
			uint32_t stream, uint32_t *slot, unsigned from,
			const struct quic_header *h,
			const struct quic_keys keys[2], bool certain)
{
	bool goes_on = t && !t->restarted && t->client == from &&
		       same_id(&t->client_id, &h->from) &&
		       (h->from.n || t->again);

	if (!t)
		t = quic_conversation_new(q, stream, slot);
	if (!t)
		return NULL;
	if (!goes_on) {
		quic_conversation_drop(q, t);
		*t = (struct quic_conversation){.stream = stream,
						.client = (uint8_t)from};
	}
	t->recent = true;
	t->again = t->restarted = false;
	t->certain = certain;
	t->version = h->version;
	t->first = h->to;
	t->client_id = h->from;
	t->keys[0] = keys[0];
	t->keys[1] = keys[1];
	return t;
}

/* ---- datagrams ---------------------------------------------------------- */

struct visit {
	struct quic_talks *q;
	struct quic_conversation *t; /* NULL: none yet */
	uint32_t stream, *slot;
	unsigned from;
};

static enum quic_outcome try_keys(struct visit *v, const struct quic_keys *key,
				  const struct quic_header *h, size_t have,
				  struct quic_initial *i, uint8_t *out)
{
	uint64_t number = v->t ? v->t->side[v->from].number : 0;

	return quic_open(v->q->crypto, key, h, have, number, i, out);
}

/* With the keys of the connection that is known. */
static enum quic_outcome open_known(struct visit *v,
				    const struct quic_header *h, size_t have,
				    struct quic_initial *i, uint8_t *out)
{
	struct quic_conversation *t = v->t;
	struct quic_keys keys[2];
	enum quic_outcome outcome;

	if (h->version == t->version)
		return try_keys(v, &t->keys[v->from], h, have, i, out);
	/* the ends may have agreed on another version (RFC 9368) */
	if (!make_keys(v->q, h->version, &t->first, t->client, keys))
		return QUIC_WRONG;
	outcome = try_keys(v, &keys[v->from], h, have, i, out);
	if (outcome == QUIC_OPENED) {
		t->version = h->version;
		t->keys[0] = keys[0];
		t->keys[1] = keys[1];
	}
	return outcome;
}

/* As the first packet of a connection's client. */
static enum quic_outcome open_first(struct visit *v,
				    const struct quic_header *h, size_t have,
				    struct quic_initial *i, uint8_t *out)
{
	/* what is sent to be refused is protected as in one of these */
	static const uint32_t instead[] = {QUIC_V1, QUIC_DRAFT29};
	enum quic_outcome outcome = QUIC_WRONG;
	struct quic_keys keys[2];
	unsigned k, n = quic_is_reserved(h->version) ? 2 : 1;
	uint32_t version;

	for (k = 0; k < n && outcome == QUIC_WRONG; k++) {
		version = n > 1 ? instead[k] : h->version;
		if (make_keys(v->q, version, &h->to, v->from, keys))
			outcome = try_keys(v, &keys[v->from], h, have, i, out);
	}
	if (outcome == QUIC_OPENED ||
	    (outcome == QUIC_PARTLY && !(v->t && v->t->certain)))
		v->t = quic_conversation_begin(v->q, v->t, v->stream, v->slot,
					       v->from, h, keys,
					       outcome == QUIC_OPENED);
	return outcome;
}

static void open_initial(struct visit *v, const struct quic_header *h,
			 size_t have, struct quic_initial *i, uint8_t *out)
{
	enum quic_outcome outcome = QUIC_WRONG;
	struct side *side;

	if (v->t && !(v->t->restarted && v->t->client == v->from))
		outcome = open_known(v, h, have, i, out);
	if (outcome == QUIC_OPENED)
		v->t->certain = true;
	else if (outcome == QUIC_WRONG &&
		 !(v->t && v->t->certain && v->t->client != v->from))
		outcome = open_first(v, h, have, i, out);
	i->known = v->t && outcome != QUIC_WRONG;
	if (!v->t || outcome != QUIC_OPENED)
		return;
	side = &v->t->side[v->from];
	if (i->number >= side->number)
		side->number = i->number + 1;
}

/* The datagram's messages of TLS: those that are whole now. */
static void join_messages(struct visit *v, struct quic_opened *out,
			  uint32_t version)
{
	struct quic_talks *q = v->q;
	struct side *side;
	uint32_t n;
	unsigned i;

	if (!v->t || v->t->side[v->from].lost)
		return;
	side = &v->t->side[v->from];
	q->have.n = 0;
	if (side->hello) {
		const struct hello *h = &q->hellos[side->hello - 1];

		q->have = h->have;
		memcpy(q->join, h->bytes, byte_ranges_end(&h->have));
	}
	for (i = 0; i < out->n; i++)
		if (out->initials[i].opened)
			add_frames(q, side, version,
				   cur_over(q->plain + out->initials[i].at,
					    out->initials[i].n,
					    out->initials[i].n));
	n = whole_messages(q);
	if (n && n <= PLAIN_MOST - out->n_bytes) {
		memcpy(q->plain + out->n_bytes, q->join, n);
		out->n_tls = n;
		take_messages(q, side, n);
	}
	if (q->have.n && !side->lost)
		hello_keep(q, v->t, v->from);
	else
		hello_drop(q, side);
}

/* The datagram's packets, one after the other. Returns the version of the
   last Initial. */
static uint32_t open_packets(struct visit *v, struct cur c,
			     struct quic_opened *out)
{
	uint32_t version = 0;
	struct quic_header h;
	struct quic_initial *i;
	size_t left;

	while (c.state == CUR_OK && cur_left(&c) && out->n < QUIC_INITIALS &&
	       cur_peek8(&c, 0) >= 0x80) {
		left = cur_left(&c);
		if (!quic_header_read(&c, &h))
			break;
		if (h.version == 0 || h.type == QUIC_RETRY) {
			if (v->t && v->from != v->t->client) {
				v->t->again = h.version != 0;
				v->t->restarted = h.version == 0;
			}
			break;
		}
		if (h.type != QUIC_INITIAL)
			continue;
		version = h.version;
		i = &out->initials[out->n++];
		i->at = out->n_bytes;
		if (h.rest <= PLAIN_MOST - out->n_bytes)
			open_initial(v, &h, left, i, v->q->plain + i->at);
		out->n_bytes += i->n;
	}
	return version;
}

const struct quic_opened *quic_datagram(struct quic_talks *q, uint32_t stream,
					uint32_t *slot, unsigned from,
					struct cur c, struct replay_log *log)
{
	struct visit v = {q, quic_conversation_find(q, stream, *slot), stream,
			  slot, from};
	struct quic_opened *out =
	    replay_log_put(log, REPLAY_QUIC, sizeof(*out));
	uint32_t version;
	uint8_t *bytes;

	if (!out)
		return NULL;
	*out = (struct quic_opened){0};
	version = open_packets(&v, c, out);
	if (out->n_bytes == 0)
		return out;
	join_messages(&v, out, version);
	bytes = replay_log_put(log, REPLAY_PART, out->n_bytes + out->n_tls);
	if (bytes)
		memcpy(bytes, q->plain, out->n_bytes + out->n_tls);
	else
		*out = (struct quic_opened){0};
	out->bytes = bytes;
	return out;
}

const struct quic_opened *quic_replay(struct replay_log *log)
{
	const struct quic_opened *out =
	    replay_log_get(log, REPLAY_QUIC, sizeof(*out));

	if (out && out->n_bytes &&
	    !replay_log_get(log, REPLAY_PART, out->n_bytes + out->n_tls))
		return NULL;
	return out;
}
