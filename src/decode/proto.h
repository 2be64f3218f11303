/*
 * What a decoder sees. A protocol is one file that defines one const struct
 * proto, and one line in protos.def (and the file's name in Makefile.am):
 *
 *	enum { X_TYPE, X_NAME };
 *	static const struct field fields[] = {
 *		[X_TYPE] = {"x.type", "Type", .type = FIELD_UINT, .width = 2,
 *			    .flags = FIELD_LINE},
 *		[X_NAME] = {"x.name", "Name", .type = FIELD_TEXT,
 *			    .flags = FIELD_LINE},
 *	};
 *
 *	static void decode(struct dissect *d, struct cur *c)
 *	{
 *		take(d, c, &fields[X_TYPE]);
 *		take_bytes(d, c, &fields[X_NAME], cur_u8(c));
 *		next_by(d, c, KEY_ETHERTYPE, cur_be16(c));
 *	}
 *
 *	static void summary(struct summary *l)
 *	{
 *		summary_printf(l, "X type %u", (unsigned)summary_num(l,
 *X_TYPE));
 *	}
 *
 *	static const struct key keys[] = {{KEY_UDP_PORT, 4711}};
 *	const struct proto proto_x = {
 *		"x", "X Protocol", PROTO_TABLES(fields, keys),
 *		.leads = LEADS_TO(KEY_ETHERTYPE),
 *		.decode = decode, .summary = summary,
 *	};
 *
 * From this follow dispatch, every output, `list fields` and statistics.
 * decode/lib/rows.h has short forms of rows for protocols with many fields.
 *
 * A decoder gets a cursor over its part of the packet, takes what it wants to
 * show, and may hand the rest on with next_by() or next_proto(). It never
 * prints, never allocates and has no other way to bytes than the cursor,
 * which makes reading beyond the end harmless: values read there are 0 and
 * are not recorded, and the layer is marked. Loops over options end because
 * they test the cursor's state (cur_left() alone is not enough: a cursor that
 * has failed does not advance) and take at least one byte a turn. Fields that
 * are not wanted cost next to nothing.
 *
 * summary() says the layer in one line's worth of text from the recorded
 * values of fields marked FIELD_LINE (FIELD_LINE_V with -v); it is called for
 * each layer in turn and sees its neighbours. See decode/engine/summary.h.
 *
 * A protocol over TCP that has to remember something of a connection does so in
 * its struct app_state, which is its own alone (owner): on_message() changes
 * it, pdu_length() reads it, decode() gets `state` as d->app_state. What
 * on_message() has to tell decode() about one message is a note, which carries
 * its owner and a kind (note_next()). Beside that there is a byte a direction
 * for finding the ends of messages (struct framing's phase). d->hints is what
 * the flow table learns by itself, also of UDP (decode/flow/hints.h).
 */
#ifndef DECODE_PROTO_H
#define DECODE_PROTO_H

#include "base/array.h"
#include "base/be.h"
#include "decode/dissect.h"
#include "decode/engine/summary.h"
#include "decode/flow/tcp_reassembly.h"

struct key {
	enum key_space space;
	uint32_t value;
};

/*
 * Where a message in a stream of bytes ends, as far as a protocol has found
 * out. Zeroed at the start of each message, except keep, the phases and app.
 */
struct framing {
	size_t at;   /* bytes of the message that need not be seen again */
	size_t size; /* of the whole message */
	/* bytes from its start that decode() needs: SIZE_MAX, unless the
	   protocol says less */
	size_t keep;
	bool to_end;	/* the message ends with the stream */
	uint32_t state; /* the protocol's own, while the message grows */
	/* What pdu_length() knows of how bytes go on after the last message:
	   the protocol's own, 0 at first. Of this direction, which it may
	   change and which decode() finds in d->phase, and of the other one. */
	uint8_t phase, peer_phase;
	/* What on_message() has remembered so far; NULL: it was not asked. */
	const struct app_state *app;
	/* Returning true: it is none of mine, but of this protocol. */
	uint8_t other;
};

/* How frame.protocols lists a protocol, where the name alone does not do. */
enum {
	LISTED_ETHERTYPE =
	    1,		     /* "ethertype" follows, if an EtherType leads on */
	LISTED_RADIO = 2,    /* has measurements of a radio, which Wireshark */
	LISTED_ON_RADIO = 4, /* lists as a layer before one of these */
	LISTED_BEGUN = 8,    /* also where a message begins and goes on */
};

/* Which packets of a protocol may hand on to another: those whose byte at `at`,
   masked, is one of the values, or a key of the space. */
struct onward {
	uint8_t at, mask;
	uint8_t n, values[12];
	uint8_t space; /* enum key_space; KEY_SPACES: of none */
};

struct proto {
	const char *name, *title; /* as in Wireshark: "ip", and in full */
	uint8_t listed;		  /* LISTED_ flags */
	const struct field *fields;
	const struct key *keys;
	uint16_t n_fields, n_keys;
	uint32_t leads; /* LEADS_TO(...): what decode() hands on by */
	const uint8_t *leads_proto;  /* and to whom by name; ends with
					      PROTO_NONE */
	const struct onward *onward; /* NULL: any packet may hand on */
	uint8_t also;		     /* whose fields decode() may record too */
	void (*decode)(struct dissect *, struct cur *);
	/* NULL: not shown in lines */
	void (*summary)(struct summary *);
	bool
	    at_request; /* shown in lines only if one of its fields is wanted */
	/* For KEY_..._GUESS: may this payload be mine? Looks, takes nothing. */
	bool (*guess)(struct cur);
	/*
	 * For KEY_TCP_PORT: may the first message of mine begin like this, of
	 * which there may be a few bytes only? If not, it is given to who
	 * recognises it. NULL: always.
	 */
	bool (*fits)(struct cur);
	/*
	 * For what runs over TCP: the cursor is at byte f->at of a
	 * message. true: it has f->size bytes, which may be more than there
	 * are (not one of mine: as many as there are). false: that depends on
	 * bytes to come; f->at may have moved on. Decoders are handed whole
	 * messages, one after the other; the last may be cut to
	 * f->keep bytes. NULL: segments as they are.
	 */
	bool (*pdu_length)(struct cur, struct framing *f);
	/*
	 * Of a protocol with pdu_length(): called with each whole message in
	 * the order of packets, to remember what later ones need to be decoded
	 * (app->state, or app->data if that is not enough), and to leave notes
	 * for decode() by message_note(), which finds the word as it was before
	 * its first message in d->app_state, and notes by note_next(). Without
	 * reassembly it is not called: both are 0. May allocate what it keeps
	 * only.
	 */
	void (*on_message)(struct app_message *msg);
	void (*free_state)(struct app_state *app, size_t *bytes);
	/* Messages were lost that on_message() did not see. */
	void (*on_loss)(struct app_state *app);
	/*
	 * Of a layer below IP: the id of its network, such as a VLAN's or the
	 * key of a tunnel. Fragments of different networks are never joined.
	 * 0: none. NULL: it never has one.
	 */
	uint32_t (*network)(const struct layer *l);
	/* The library that a field needs and that was not built in; NULL:
	   none. */
	const char *(*needs)(unsigned field);
};

#define PROTO_FIELDS(f) .fields = (f), .n_fields = ARRAY_LEN(f)
#define PROTO_KEYS(k) .keys = (k), .n_keys = ARRAY_LEN(k)
#define PROTO_TABLES(f, k) PROTO_FIELDS(f), PROTO_KEYS(k)
#define LEADS_TO(space) (1u << (space))
#define LEADS_TO_PORTS                                                         \
	(LEADS_TO(KEY_TCP_PORT) | LEADS_TO(KEY_UDP_PORT) |                     \
	 LEADS_TO(KEY_TCP_GUESS) | LEADS_TO(KEY_UDP_GUESS))

/* A decoder that nearly every packet goes through asks for these functions to
   be part of its code: define DECODE_HOT before the include. */
#ifdef DECODE_HOT
#define TAKE_INLINE static inline __attribute__((always_inline))
#else
#define TAKE_INLINE static inline
#endif

/* A layer from its first byte on. */
static inline struct cur layer_start(const struct layer *l)
{
	return cur_over(l->data, l->caplen, l->len);
}

/* ---- recording ---------------------------------------------------------- */

/* Is the field wanted? To skip work that only it needs. */
TAKE_INLINE bool wants(const struct dissect *d, const struct field *f)
{
	return d->want[f - d->fields];
}

/* Is a field wanted that comes before f in the table? */
TAKE_INLINE bool wants_before(const struct dissect *d, const struct field *f)
{
	return f - d->fields > (ptrdiff_t)d->want_first;
}

/*
 * Does it matter what comes next: the fields of this table from f on, or what
 * a payload handed on by `space` leads to? If not, the decoder may return.
 */
TAKE_INLINE bool wants_rest(const struct dissect *d, const struct field *f,
			    enum key_space space)
{
	return f - d->fields < (ptrdiff_t)d->want_end || d->beyond[space];
}

/* Is one of these n neighbouring fields wanted? */
static inline bool wants_any(const struct dissect *d, const struct field *f,
			     unsigned n)
{
	unsigned i, any = 0;

	if (!wants_before(d, f + n))
		return false;
	for (i = 0; i < n; i++)
		any |= d->want[f - d->fields + i];
	return any;
}

/* Room for one more value, or NULL. */
TAKE_INLINE struct value *value_new(struct dissect *d, const struct field *f)
{
	struct value *v;

	if (d->n_values >= DISSECT_VALUES) {
		d->dropped = true;
		return NULL;
	}
	v = &d->values[d->n_values++];
	v->field = (uint16_t)(d->base + (f - d->fields));
	v->layer = (uint8_t)(d->n_layers - 1);
	return v;
}

/* Record a number that was worked out. */
TAKE_INLINE void add_uint(struct dissect *d, const struct field *f,
			  uint64_t num)
{
	struct value *v;

	if (!wants(d, f))
		return;
	v = value_new(d, f);
	if (v) {
		v->len = 0;
		v->num = num;
	}
}

/* Record a number in a field of another protocol, which the row's `also` must
   name; index: in that protocol's table. */
void add_uint_also(struct dissect *d, unsigned id, unsigned index,
		   uint64_t num);

/*
 * Between these, fields are those of that other protocol, for what has many of
 * them and a file of its own; and are some of them wanted?
 */
struct also_state {
	const struct field *fields;
	const uint8_t *want;
	uint16_t base;
	unsigned want_first, want_end;
};
struct also_state also_start(struct dissect *d, unsigned id);
void also_end(struct dissect *d, const struct also_state *state);
bool wants_also(const struct dissect *d, unsigned id);

/* Record bytes, which outlive the packet's decoding (packet, scratch or
   constant). */
TAKE_INLINE void add_bytes(struct dissect *d, const struct field *f,
			   const void *bytes, size_t n)
{
	struct value *v;

	if (!wants(d, f))
		return;
	v = value_new(d, f);
	if (v) {
		v->len = (uint32_t)n;
		v->bytes = bytes;
	}
}

/* Record the field's bits of a number that was taken before. */
TAKE_INLINE uint64_t add_bits(struct dissect *d, const struct field *f,
			      uint64_t from)
{
	uint64_t num = from;

	if (f->mask)
		num = (from & f->mask) >> __builtin_ctz(f->mask);
	add_uint(d, f, num);
	return num;
}

/* The number of the field's width at p. */
TAKE_INLINE uint64_t number_at(const uint8_t *p, const struct field *f)
{
	uint64_t num = 0;
	unsigned i;

	if (f->flags & FIELD_LITTLE) {
		for (i = f->width; i > 0; i--)
			num = num << 8 | p[i - 1];
		return num;
	}
	switch (f->width) {
	case 1:
		return p[0];
	case 2:
		return be16(p);
	case 4:
		return be32(p);
	}
	for (i = 0; i < f->width; i++)
		num = num << 8 | p[i];
	return num;
}

/* Read the width bytes of a number without recording it. */
TAKE_INLINE uint64_t get_uint(struct cur *c, const struct field *f)
{
	const uint8_t *p = cur_bytes(c, f->width);

	return p ? number_at(p, f) : 0;
}

/*
 * Read, check and record the field: its width in bytes from the cursor. The
 * number is returned as add_bits() would (0 for types that have bytes).
 */
TAKE_INLINE uint64_t take(struct dissect *d, struct cur *c,
			  const struct field *f)
{
	enum {
		HAS_BYTES = 1 << FIELD_ETHER | 1 << FIELD_IPV6 |
			    1 << FIELD_BYTES | 1 << FIELD_TEXT
	};
	const uint8_t *p = cur_bytes(c, f->width);

	if (!p)
		return 0;
	if (HAS_BYTES >> f->type & 1) {
		add_bytes(d, f, p, f->width);
		return 0;
	}
	return add_bits(d, f, number_at(p, f));
}

/* The same for n bytes of text or other bytes. Nothing is recorded unless
   all are there. Returns whether they are. */
TAKE_INLINE bool take_bytes(struct dissect *d, struct cur *c,
			    const struct field *f, size_t n)
{
	const uint8_t *p = cur_bytes(c, n);

	if (p)
		add_bytes(d, f, p, n);
	return p != NULL;
}

/* Text in a field of n bytes, where it ends with NUL; nothing is recorded if
   it is empty. */
static inline void take_padded(struct dissect *d, struct cur *c,
			       const struct field *f, size_t n)
{
	const uint8_t *p = cur_bytes(c, n), *end;

	if (!p || n == 0 || !*p)
		return;
	end = memchr(p, 0, n);
	add_bytes(d, f, p, end ? (size_t)(end - p) : n);
}

/* The layer contradicts itself: mark it malformed. Nothing more is read. */
static inline void cur_bad(struct cur *c)
{
	if (c->state == CUR_OK)
		c->state = CUR_MALFORMED;
}

/*
 * Room for n bytes of text that a decoder composes; they live until the
 * next packet. NULL: too much for this packet.
 */
char *scratch_room(struct dissect *d, size_t n);

/* Give back the last n bytes of the room taken last. */
void scratch_return(struct dissect *d, size_t n);

/* What libcrypto does for this thread (decode/lib/crypto.h); NULL: nothing. */
struct crypto *crypto_of(struct dissect *d);

/* ---- handing on --------------------------------------------------------- */

/*
 * Hand what c has left to the protocol registered for this key. false: there
 * is none, or nothing that it could find is wanted; then the rest is payload.
 * Called once, as a decoder's last act.
 */
bool next_by(struct dissect *d, const struct cur *c, enum key_space space,
	     uint32_t value);

/* Hand it to this protocol. */
bool next_proto(struct dissect *d, const struct cur *c, unsigned id);

/*
 * Once what was handed on is decoded, decode what c has left as one more layer
 * of this protocol: for messages that follow each other and each hand
 * something on.
 */
static inline void next_again(struct dissect *d, const struct cur *c)
{
	if (d->more != PROTO_NONE || c->state != CUR_OK || !cur_left(c))
		return;
	d->more = d->layer->id;
	d->more_key = d->layer->key;
	d->more_cur = *c;
}

/* Hand it to a protocol (enum proto_id) that is known to have this key. */
bool next_known(struct dissect *d, const struct cur *c, unsigned id,
		enum key_space space, uint32_t value);

/*
 * Hand a transport layer's payload to whoever knows one of its ports (the
 * lower first), else to a protocol that recognises it. space is KEY_TCP_PORT
 * or KEY_UDP_PORT.
 */
bool next_by_ports(struct dissect *d, const struct cur *c, enum key_space space,
		   uint16_t src, uint16_t dst);

/*
 * The same for reassembled messages (tcp_reassembly.h): those of
 * parts, then what it takes of c.
 */
void next_by_parts(struct dissect *d, const struct cur *c,
		   const struct reassembled *parts, uint16_t src, uint16_t dst);

/* Does this layer's segment go to a port that its protocol is known by? */
bool to_server(const struct dissect *d);

/* What is handed on next is the start of a packet quoted by an error
   message. */
static inline void next_is_quoted(struct dissect *d)
{
	d->next_quoted = true;
}

/* ---- notes of on_message() ---------------------------------------------- */

/*
 * The next note, if the on_message() of this protocol (enum proto_id) left it
 * as one of this kind, with at least n bytes; NULL: it is not. It is the next
 * one until note_taken().
 */
static inline const struct stream_note *
note_next(const struct dissect *d, unsigned owner, unsigned kind, size_t n)
{
	const struct stream_note *note = d->notes;

	return note && note->owner == owner && note->kind == kind &&
		       note->n >= n
		   ? note
		   : NULL;
}

static inline void note_taken(struct dissect *d)
{
	d->notes = d->notes->next;
}

/* ---- flow context ------------------------------------------------------- */

/*
 * Read a network layer's addresses (n bytes each: 4 or 16), record them, and
 * remember them for the layers above: they are the flow's.
 */
TAKE_INLINE void take_addresses(struct dissect *d, struct cur *c,
				const struct field *src,
				const struct field *dst)
{
	size_t n = src->width;
	const uint8_t *p;

	if (!cur_has(c, 2 * n))
		return;
	p = cur_here(c);
	d->layer->src = p;
	d->layer->dst = d->layer->shown_dst = p + n;
	d->layer->n_addr = (uint8_t)n;
	d->net = d->layer;
	if (!wants_before(d, dst + 1)) {
		cur_skip(c, 2 * n);
		return;
	}
	take(d, c, src);
	take(d, c, dst);
}

#endif
