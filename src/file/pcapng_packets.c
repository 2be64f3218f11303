/*
 * Reading pcapng: the three kinds of blocks that hold packets
 * (draft-ietf-opsawg-pcapng, section 4.3 and appendix A).
 *
 *    enhanced packet  interface (4), time (upper 4, lower 4), captured (4),
 *                     on the wire (4), data padded to 32 bits, options
 *    simple packet    on the wire (4), data padded to 32 bits
 *    packet, old      interface (2), drops before it (2), then as enhanced
 *
 * Nearly all packets are enhanced ones without a fault, one after the other:
 * these come in batches. Everything else is looked at with more care.
 */
#include "base/log.h"
#include "file/pcap.h"
#include "file/pcapng_in.h"
#include "pkt/options.h"

/* Harmless oddities of a packet: each is reported once. */
static void ng_odd(struct reader *r, struct ng_in *f, struct pkt *p,
		   uint32_t snaplen)
{
	unsigned long long number = (unsigned long long)p->number;

	if (p->wirelen < p->caplen) {
		p->flags |= PKT_BAD_LENGTH;
		p->wirelen_raw = p->wirelen;
		p->wirelen = p->caplen;
		if (!f->noted_wire)
			log_note("%s: packet %llu: %u bytes captured of a "
				 "packet of %u",
				 r->facts.path, number, p->caplen,
				 p->wirelen_raw);
		f->noted_wire = true;
	}
	if (p->caplen > snaplen && !f->noted_long) {
		log_note("%s: packet %llu: %u bytes, more than the snapshot "
			 "length %u",
			 r->facts.path, number, p->caplen, snaplen);
		f->noted_long = true;
	}
}

static void ng_no_time(struct reader *r, struct ng_in *f, struct pkt *p)
{
	p->flags |= PKT_NO_TIME;
	p->time_ns = 0;
	if (!f->noted_time)
		log_note("%s: packet %llu: its timestamp does not fit in "
			 "nanoseconds: treated as unknown",
			 r->facts.path, (unsigned long long)p->number);
	f->noted_time = true;
}

/* What a packet's options say that struct pkt has a place for. */
static bool ng_packet_options(struct pkt *p, struct pkt_meta *meta,
			      const uint8_t *at, size_t len, bool swapped)
{
	struct options options = options_of(at, len, swapped);
	struct option o;

	while (options_next(&options, &o)) {
		if (o.code == EPB_FLAGS && o.len == 4) {
			p->flags |= get32(o.value, swapped) & PKT_DIRECTION;
		} else if (o.code == OPTION_PCAP_TIME && o.len == 8) {
			p->flags |= PKT_BAD_TIME;
			p->time_raw = (uint64_t)get32(o.value, swapped) << 32 |
				      get32(o.value + 4, swapped);
		}
	}
	*meta = (struct pkt_meta){.options = at,
				  .options_len = (size_t)(options.pos - at),
				  .swapped = swapped};
	if (meta->options_len)
		p->meta = meta;
	return !options.bad;
}

static inline void ng_time(struct reader *r, struct ng_in *f, struct pkt *p,
			   const struct ng_in_iface *i, uint32_t hi,
			   uint32_t lo)
{
	p->time_raw = (uint64_t)hi << 32 | lo;
	if (!tsunit_ns(&i->unit, p->time_raw, &p->time_ns))
		ng_no_time(r, f, p);
}

static inline size_t ng_batch_in(struct reader *r, struct ng_in *f,
				 const bool swapped)
{
	const uint8_t *p = r->in.pos, *end = r->in.end;
	uint64_t number = r->facts.packets;
	size_t n = 0, need = 0;

	while (n < READER_BATCH) {
		struct pkt *out = &r->pkts[n];
		uint32_t len, iface, caplen, space;

		if ((size_t)(end - p) < BLOCK_FRAME) {
			need = BLOCK_FRAME;
			break;
		}
		len = get32(p + 4, swapped);
		if (get32(p, swapped) != BLOCK_PACKET ||
		    len < BLOCK_FRAME + PACKET_FIXED || len & 3 ||
		    len > READER_MAX_CAPLEN)
			break;
		if ((size_t)(end - p) < len) {
			need = len;
			break;
		}
		iface = get32(p + 8, swapped);
		caplen = get32(p + 20, swapped);
		space = len - BLOCK_FRAME - PACKET_FIXED;
		if (caplen > space || iface >= f->n ||
		    get32(p + len - 4, swapped) != len)
			break;
		out->data = p + BLOCK_HEADER + PACKET_FIXED;
		out->caplen = caplen;
		out->wirelen = get32(p + 24, swapped);
		out->iface = f->first + iface;
		out->flags = PKT_RAW_TIME;
		out->number = number + 1;
		out->meta = NULL;
		ng_time(r, f, out, &f->ifaces[iface], get32(p + 12, swapped),
			get32(p + 16, swapped));
		if (out->wirelen < caplen || caplen > f->ifaces[iface].snaplen)
			ng_odd(r, f, out, f->ifaces[iface].snaplen);
		caplen = (uint32_t)pad4(caplen);
		if (caplen != space &&
		    !ng_packet_options(out, &r->metas[n], out->data + caplen,
				       space - caplen, swapped))
			break;
		number++;
		n++;
		p += len;
	}
	r->n = n;
	r->facts.packets = number;
	r->in.pos = p;
	return need;
}

size_t ng_batch(struct reader *r, struct ng_in *f)
{
	return f->swapped ? ng_batch_in(r, f, true) : ng_batch_in(r, f, false);
}

/* A packet block's fields, wherever they stand. */
struct ng_packet {
	uint32_t iface, hi, lo, caplen, wirelen;
	const uint8_t *data;
	size_t space; /* bytes of the block from data on */
	bool timed;
};

static bool ng_fixed(struct reader *r, const struct ng_block *b, size_t least)
{
	return b->len >= least ||
	       reader_fault(r, b->at, "a packet block of %zu bytes",
			    b->len + BLOCK_FRAME);
}

/* Take the fixed part of a packet block of any kind. */
static bool ng_take_fixed(struct reader *r, struct ng_in *f,
			  const struct ng_block *b, struct ng_packet *p)
{
	const uint8_t *at = b->body;
	bool swapped = f->swapped;

	*p = (struct ng_packet){.timed = b->type != BLOCK_SIMPLE_PACKET};
	if (!ng_fixed(r, b, p->timed ? PACKET_FIXED : SIMPLE_FIXED))
		return false;
	if (!p->timed) {
		p->wirelen = p->caplen = get32(at, swapped);
		p->data = at + SIMPLE_FIXED;
		p->space = b->len - SIMPLE_FIXED;
		if (f->n && p->caplen > f->ifaces[0].snaplen)
			p->caplen = f->ifaces[0].snaplen;
	} else {
		p->iface = b->type == BLOCK_PACKET ? get32(at, swapped)
						   : get16(at, swapped);
		p->hi = get32(at + 4, swapped);
		p->lo = get32(at + 8, swapped);
		p->caplen = get32(at + 12, swapped);
		p->wirelen = get32(at + 16, swapped);
		p->data = at + PACKET_FIXED;
		p->space = b->len - PACKET_FIXED;
	}
	if (p->iface >= f->n)
		return reader_fault(r, b->at,
				    "a packet of interface %u: the section "
				    "has %u so far",
				    p->iface, f->n);
	if (p->caplen > p->space)
		return reader_fault(r, b->at,
				    "a packet of %u bytes in a block with "
				    "room for %zu",
				    p->caplen, p->space);
	return true;
}

/* Old packet blocks count drops in a field, enhanced ones in an option: make
   it one. false: no memory. */
static bool ng_drops(struct reader *r, struct ng_in *f, struct pkt *p,
		     uint16_t drops)
{
	struct pkt_meta *meta = &r->metas[r->n];
	uint8_t option[12];

	put16(option, EPB_DROPCOUNT, f->swapped);
	put16(option + 2, 8, f->swapped);
	put64(option + 4, drops, f->swapped);
	str_clear(&f->drops);
	if (p->meta)
		str_put(&f->drops, meta->options, meta->options_len);
	str_put(&f->drops, option, sizeof(option));
	if (f->drops.failed)
		return err_nomem(&r->err, "a packet's options");
	*meta = (struct pkt_meta){.options = (uint8_t *)f->drops.text,
				  .options_len = f->drops.len,
				  .swapped = f->swapped};
	p->meta = meta;
	return true;
}

/* What the fixed part says, without the data. */
static void ng_fill(struct reader *r, struct ng_in *f, struct pkt *out,
		    const struct ng_packet *p)
{
	*out = (struct pkt){
	    .data = p->data,
	    .caplen = p->caplen,
	    .wirelen = p->wirelen,
	    .iface = f->first + p->iface,
	    .flags = p->timed ? PKT_RAW_TIME : PKT_NO_TIME,
	    .number = r->facts.packets + 1,
	};
	if (p->timed)
		ng_time(r, f, out, &f->ifaces[p->iface], p->hi, p->lo);
	ng_odd(r, f, out, f->ifaces[p->iface].snaplen);
}

bool ng_take_packet(struct reader *r, struct ng_in *f, const struct ng_block *b)
{
	struct pkt *out = &r->pkts[r->n];
	struct ng_packet p;
	size_t padded;
	bool good = true;

	if (!ng_take_fixed(r, f, b, &p))
		return false;
	ng_fill(r, f, out, &p);
	padded = pad4(p.caplen) < p.space ? pad4(p.caplen) : p.space;
	if (p.timed)
		good = ng_packet_options(out, &r->metas[r->n], p.data + padded,
					 p.space - padded, f->swapped);
	if (b->type == BLOCK_OLD_PACKET) {
		uint16_t drops = get16(b->body + 2, f->swapped);

		if (drops && drops != UINT16_MAX && !ng_drops(r, f, out, drops))
			return false;
	}
	if (!good)
		reader_fault(r, b->at,
			     "an option of a packet reaches beyond the end of "
			     "its block");
	r->facts.packets++;
	r->n++;
	return good;
}

/* ---- long packets ---- */

bool ng_long_parts(struct reader *r, struct ng_in *f, const struct ng_block *b,
		   struct ng_long *parts)
{
	struct ng_packet p;

	if (!ng_take_fixed(r, f, b, &p))
		return false;
	parts->fixed = p.timed ? PACKET_FIXED : SIMPLE_FIXED;
	parts->caplen = p.caplen;
	parts->head = p.caplen < LONG_HEAD ? p.caplen : LONG_HEAD;
	parts->rest = (uint32_t)p.space - parts->head + 4;
	return true;
}

static void count_options(struct pkt_tail *tail, const struct pkt_meta *meta)
{
	struct options options = options_of_meta(meta);
	struct option o;

	while (options_next(&options, &o)) {
		if (o.code == OPTION_COMMENT)
			tail->comments++;
		else
			tail->others++;
		tail->fragile |= o.code == OPTION_CUSTOM_PRIVATE ||
				 o.code == OPTION_CUSTOM_TEXT_PRIVATE ||
				 o.code == EPB_HASH;
	}
}

/*
 * The options of a long packet, len bytes of its tail from `at` on: the first
 * become those of meta, the rest stay in the tail. *good: none of them reaches
 * beyond the end. false: reading failed.
 */
static bool ng_long_options(struct reader *r, struct pkt *p, uint32_t at,
			    uint32_t len, bool swapped, bool *good)
{
	struct long_packet *l = &r->rest;
	struct pkt_meta part = {.options = l->options, .swapped = swapped};
	uint32_t done = 0, n, first = 0;

	do {
		n = len - done < OPTIONS_SHOWN ? len - done : OPTIONS_SHOWN;
		if (!l->tail.read(&l->tail, at + done, l->options, n, &r->err))
			return false;
		*good = ng_packet_options(p, &part, l->options, n, swapped);
		if (done > 0)
			count_options(&l->tail, &part);
		else
			first = (uint32_t)part.options_len;
		done += (uint32_t)part.options_len;
		/* until their end, or the first that is not whole */
	} while (n == OPTIONS_SHOWN && done < len && part.options_len > 0 &&
		 (!*good || part.options_len == n));
	if (done > first &&
	    !l->tail.read(&l->tail, at, l->options, first, &r->err))
		return false;
	l->tail.options_at = at + first;
	l->tail.options_len = done - first;
	r->metas[0].options_len = first;
	return true;
}

bool ng_take_long(struct reader *r, struct ng_in *f, const struct ng_block *b,
		  const struct ng_long *parts)
{
	struct pkt_tail *tail = &r->rest.tail;
	struct pkt *out = &r->pkts[0];
	uint32_t padded = (uint32_t)pad4(parts->caplen) - parts->head;
	struct ng_packet p;
	uint8_t trailer[4];
	bool good = true;

	if (!ng_take_fixed(r, f, b, &p))
		return false;
	ng_fill(r, f, out, &p);
	r->metas[0] = (struct pkt_meta){
	    .options = r->rest.options, .swapped = f->swapped, .tail = tail};
	if (padded > parts->rest - 4)
		padded = parts->rest - 4;
	if (!tail->read(tail, parts->rest - 4, trailer, 4, &r->err) ||
	    (p.timed &&
	     !ng_long_options(r, out, padded, parts->rest - 4 - padded,
			      f->swapped, &good))) {
		err_in_file(&r->err, r->facts.path);
		return err_at(&r->err, b->at, out->number);
	}
	out->data = r->rest.head;
	out->caplen = parts->head;
	out->more = parts->caplen - parts->head;
	out->flags |= PKT_LONG;
	out->meta = &r->metas[0];
	if (b->type == BLOCK_OLD_PACKET) {
		uint16_t drops = get16(b->body + 2, f->swapped);

		if (drops && drops != UINT16_MAX && !ng_drops(r, f, out, drops))
			return false;
		r->metas[0].tail = tail;
	}
	if (!good)
		reader_fault(r, b->at,
			     "an option of a packet reaches beyond the end of "
			     "its block");
	r->facts.packets++;
	r->n = 1;
	if (good && get32(trailer, f->swapped) != b->len + BLOCK_FRAME) {
		reader_fault(r, b->at,
			     "a block of %zu bytes says at its end that it has "
			     "%u",
			     b->len + BLOCK_FRAME, get32(trailer, f->swapped));
		r->err.packet = r->facts.packets;
		out->flags |= PKT_SUSPECT;
	}
	return good;
}
