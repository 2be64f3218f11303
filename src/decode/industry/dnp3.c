/*
 * DNP3 (IEEE 1815): the link and transport layers, and the header of the
 * application layer; dnp3_objects.c has what follows that.
 *
 *	link: 05 64, length (1), control (1), to (2), from (2), sum (2), then
 *		up to 16 bytes and a sum (2) of them, again and again
 *	transport: last, first, sequence (1)
 *	application: control (1), function (1), [indications (2)], objects
 *
 * The length counts from control on, without sums. Numbers have their least
 * byte first.
 */
#include "decode/industry/dnp3.h"
#include "decode/lib/join.h"
#include "decode/proto_ids.h"

enum {
	START = 0x0564,
	HEADER_LEN = 10,
	LEN_LEAST = 5,
	CHUNK = 16,
	SUM_LEN = 2,
	PRIMARY = 0x40,
	LAST = 0x80,
	FIRST = 0x40,
	RESPONSE = 129,
};

static unsigned sum_of(const uint8_t *bytes, size_t n)
{
	unsigned sum = 0, i;

	for (; n > 0; n--) {
		sum ^= *bytes++;
		for (i = 0; i < 8; i++)
			sum = sum & 1 ? sum >> 1 ^ 0xa6bc : sum >> 1;
	}
	return ~sum & 0xffff;
}

/* A sum, of the n bytes before it; status: whether it is right. */
static void take_sum(struct dissect *d, struct cur *c, const struct field *sum,
		     const struct field *status, size_t n)
{
	const uint8_t *bytes = cur_here(c) - n;
	uint64_t found = take(d, c, sum);

	if (c->state == CUR_OK && wants(d, status))
		add_uint(d, status, sum_of(bytes, n) == found);
}

static void decode_link(struct dissect *d, struct cur *c)
{
	unsigned control;

	take_rows(d, c, &dnp3_fields[DNP3_START], &dnp3_fields[DNP3_LEN]);
	control = (unsigned)take(d, c, &dnp3_fields[DNP3_CTL]);
	add_bits_rows(d, &dnp3_fields[DNP3_DIR], &dnp3_fields[DNP3_PRM],
		      control);
	if (control & PRIMARY) {
		add_bits_rows(d, &dnp3_fields[DNP3_FCB], &dnp3_fields[DNP3_FCV],
			      control);
		add_bits(d, &dnp3_fields[DNP3_PRIFUNC], control);
	} else {
		add_bits(d, &dnp3_fields[DNP3_DFC], control);
		add_bits(d, &dnp3_fields[DNP3_SECFUNC], control);
	}
	add_uint(d, &dnp3_fields[DNP3_ADDR],
		 take(d, c, &dnp3_fields[DNP3_DST]));
	add_uint(d, &dnp3_fields[DNP3_ADDR],
		 take(d, c, &dnp3_fields[DNP3_SRC]));
	take_sum(d, c, &dnp3_fields[DNP3_HDR_CRC],
		 &dnp3_fields[DNP3_HDR_CRC_STATUS], HEADER_LEN - SUM_LEN);
}

/* Put what the chunks hold together; returns how much that is. */
static size_t take_chunks(struct dissect *d, struct cur *c, size_t n,
			  uint8_t *to)
{
	const uint8_t *p;
	size_t have = 0, part;

	while (have < n) {
		part = n - have < CHUNK ? n - have : CHUNK;
		p = cur_bytes(c, part);
		if (!p)
			break;
		memcpy(to + have, p, part);
		have += part;
		add_bytes(d, &dnp3_fields[DNP3_CHUNK], p, part);
		add_uint(d, &dnp3_fields[DNP3_CHUNK_LEN], part);
		take_sum(d, c, &dnp3_fields[DNP3_CHUNK_CRC],
			 &dnp3_fields[DNP3_CHUNK_CRC_STATUS], part);
	}
	return have;
}

static void decode_application(struct dissect *d, struct cur *c)
{
	unsigned function;

	take_bits(d, c, &dnp3_fields[DNP3_AL_CTL], &dnp3_fields[DNP3_AL_SEQ]);
	function = (unsigned)take(d, c, &dnp3_fields[DNP3_AL_FUNC]);
	if (function >= RESPONSE)
		take_bits(d, c, &dnp3_fields[DNP3_IIN],
			  &dnp3_fields[DNP3_IIN_FCNI]);
	if (c->state == CUR_OK)
		dnp3_objects(d, c, function);
}

static bool guess(struct cur c)
{
	const uint8_t *p = cur_here(&c);

	return cur_left(&c) >= HEADER_LEN && p[0] == START >> 8 &&
	       p[1] == (START & 0xff) && p[2] >= LEN_LEAST;
}

/* What was sent in one frame is decoded; longer fragments are not put
   together. */
static void decode(struct dissect *d, struct cur *c)
{
	uint8_t *data;
	unsigned transport;
	struct cur al;
	size_t n;

	join_layer(d);
	if (!cur_has(c, HEADER_LEN))
		return;
	if (!guess(*c)) {
		next_proto(d, c, PROTO_data);
		return;
	}
	n = cur_peek8(c, 2) - LEN_LEAST;
	decode_link(d, c);
	data = n ? (uint8_t *)scratch_room(d, n) : NULL;
	if (data) {
		transport = (unsigned)take(d, c, &dnp3_fields[DNP3_TR_CTL]);
		add_bits_rows(d, &dnp3_fields[DNP3_TR_FIN],
			      &dnp3_fields[DNP3_TR_SEQ], transport);
		if (c->state != CUR_OK)
			return;
		cur_back(c, 1); /* the chunks hold it too */
		al = cur_over(data, take_chunks(d, c, n, data), n);
		cur_skip(&al, 1);
		if (transport & FIRST && transport & LAST)
			decode_application(d, &al);
	}
	next_again(d, c);
}

static bool message(struct cur c, struct framing *f)
{
	unsigned start = cur_be16(&c), len = cur_u8(&c);

	f->size = cur_left(&c) + 3;
	if (start == START && len >= LEN_LEAST) {
		len -= LEN_LEAST;
		f->size = HEADER_LEN + len +
			  (len + CHUNK - 1) / CHUNK * (size_t)SUM_LEN;
	}
	return c.state == CUR_OK;
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned control = 0, to = 0;
	bool wrong = false;

	summary_puts(l, "DNP3");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case DNP3_CTL:
			control = (unsigned)v->num;
			break;
		case DNP3_DST:
			to = (unsigned)v->num;
			break;
		case DNP3_SRC:
			summary_printf(l, " %u > %u, ", (unsigned)v->num, to);
			summary_puts(
			    l, names_or(
				   dnp3_fields[control & PRIMARY ? DNP3_PRIFUNC
								 : DNP3_SECFUNC]
				       .names,
				   control & 15, "other"));
			break;
		case DNP3_AL_SEQ:
			summary_printf(l, ", seq %u", (unsigned)v->num);
			break;
		case DNP3_AL_FUNC:
			summary_puts(l, ", ");
			summary_puts(l,
				     names_or(dnp3_fields[DNP3_AL_FUNC].names,
					      v->num, "other"));
			break;
		case DNP3_IIN:
			if (v->num)
				summary_printf(l, ", indications 0x%04x",
					       (unsigned)v->num);
			break;
		case DNP3_OBJ:
			summary_printf(l, ", %u/%u", (unsigned)v->num >> 8,
				       (unsigned)v->num & 255);
			break;
		case DNP3_HDR_CRC_STATUS:
		case DNP3_CHUNK_CRC_STATUS:
			wrong |= v->num == 0;
			break;
		}
	}
	if (wrong)
		summary_puts(l, " (bad sum)");
	summary_mark(l);
}

static const struct key keys[] = {{KEY_TCP_GUESS, 10}, {KEY_UDP_GUESS, 10}};
static const uint8_t leads_proto[] = {PROTO_dnp3, PROTO_data, PROTO_NONE};

const struct proto proto_dnp3 = {
    .name = "dnp3",
    .title = "Distributed Network Protocol 3.0",
    .fields = dnp3_fields,
    .n_fields = DNP3_FIELDS,
    PROTO_KEYS(keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .pdu_length = message,
};
