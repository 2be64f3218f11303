/*
 * Reading pcapng (draft-ietf-opsawg-pcapng): sections of either byte order,
 * blocks, and the three kinds of blocks that hold packets.
 *
 *    enhanced packet  interface (4), time (upper 4, lower 4), captured (4),
 *                     on the wire (4), data padded to 32 bits, options
 *    simple packet    on the wire (4), data padded to 32 bits
 *    packet, old      interface (2), drops before it (2), then as enhanced
 *
 * A length is trusted only after it was compared with the lengths around it.
 * The section's own length is a hint and not used.
 */
#include "file/pcapng_in.h"

#include <stdlib.h>

#include "base/log.h"
#include "file/format.h"
#include "file/pcap.h"
#include "pkt/options.h"

static bool ng_probe(const uint8_t *p, size_t n)
{
	return n >= 12 && get32(p, false) == BLOCK_SECTION &&
	       (get32(p + 8, false) == BYTE_ORDER_MAGIC ||
		get32(p + 8, true) == BYTE_ORDER_MAGIC);
}

static bool ng_start(struct reader *r)
{
	r->state = calloc(1, sizeof(struct ng_in));
	return r->state || err_nomem(&r->err, "reading pcapng");
}

static void ng_finish(struct reader *r)
{
	struct ng_in *f = r->state;

	free(f->ifaces);
	str_fini(&f->text);
	str_fini(&f->drops);
	free(f);
}

/* ---- packets ---- */

/* Oddities of a packet that are harmless: each is told once. */
static void ng_odd(struct reader *r, struct ng_in *f, struct pkt *p,
		   uint32_t snaplen)
{
	unsigned long long number = (unsigned long long)p->number;

	if (p->wirelen < p->caplen) {
		p->flags |= PKT_BAD_LENGTH;
		p->wirelen_raw = p->wirelen;
		p->wirelen = p->caplen;
		if (!f->noted_wire)
			log_note("%s: packet %llu: %u octets captured of a "
				 "packet of %u",
				 r->facts.path, number, p->caplen,
				 p->wirelen_raw);
		f->noted_wire = true;
	}
	if (p->caplen > snaplen && !f->noted_long) {
		log_note("%s: packet %llu: %u octets, more than the snapshot "
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
		log_note("%s: packet %llu: its time stamp cannot be said in "
			 "nanoseconds: taken as unknown",
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

/*
 * Parse whole enhanced packet blocks of the window into r->pkts until one is
 * not whole (returns the octets it needs), or something else or odd comes, or
 * the batch is full (returns 0).
 */
static inline size_t ng_batch(struct reader *r, struct ng_in *f,
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

/* A packet block's fields, wherever they stand. */
struct ng_packet {
	uint32_t iface, hi, lo, caplen, wirelen;
	const uint8_t *data;
	size_t space; /* octets of the block from data on */
	bool timed;
};

static bool ng_fixed(struct reader *r, const struct ng_block *b, size_t least)
{
	return b->len >= least ||
	       reader_fault(r, b->at, "a packet block of %zu octets",
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
				    "a packet of %u octets in a block with "
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

/* A packet block of any kind, the careful way. Adds to r->pkts what can be
   delivered; false: r->err is set. */
static bool ng_take_packet(struct reader *r, struct ng_in *f,
			   const struct ng_block *b)
{
	struct pkt *out = &r->pkts[r->n];
	struct ng_packet p;
	size_t padded;
	bool good = true;

	if (!ng_take_fixed(r, f, b, &p))
		return false;
	*out = (struct pkt){
	    .data = p.data,
	    .caplen = p.caplen,
	    .wirelen = p.wirelen,
	    .iface = f->first + p.iface,
	    .flags = p.timed ? PKT_RAW_TIME : PKT_NO_TIME,
	    .number = r->facts.packets + 1,
	};
	if (p.timed)
		ng_time(r, f, out, &f->ifaces[p.iface], p.hi, p.lo);
	ng_odd(r, f, out, f->ifaces[p.iface].snaplen);
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

/* ---- blocks ---- */

/* A section begins. The byte order is set already. */
static bool ng_take_section(struct reader *r, struct ng_in *f,
			    const struct ng_block *b)
{
	unsigned major, minor;

	if (b->len < SECTION_FIXED)
		return reader_fault(r, b->at, "a section header of %zu octets",
				    b->len + BLOCK_FRAME);
	major = get16(b->body + 4, f->swapped);
	minor = get16(b->body + 6, f->swapped);
	f->first += f->n;
	f->n = 0;
	f->unreadable = major != 1 || (minor != 0 && minor != 2);
	if (r->facts.sections++ == 0) {
		r->facts.major = major;
		r->facts.minor = minor;
		r->facts.big_endian = f->swapped == host_is_little();
		if (f->unreadable) {
			err_set(&r->err, ERR_USAGE,
				"pcapng version %u.%u is not known", major,
				minor);
			err_at(&r->err, b->at + 12, 0);
			return err_in_file(&r->err, r->facts.path);
		}
	}
	if (f->unreadable)
		log_note("%s: offset %llu: a section of pcapng version %u.%u "
			 "is passed over",
			 r->facts.path, (unsigned long long)b->at, major,
			 minor);
	return true;
}

static void ng_pass_on(struct reader *r, struct ng_in *f,
		       const struct ng_block *b)
{
	r->block = (struct block){.type = b->type,
				  .body = b->body,
				  .len = b->len,
				  .swapped = f->swapped};
}

/* What a block that is whole brings. */
static enum reader_event ng_take(struct reader *r, struct ng_in *f,
				 const struct ng_block *b)
{
	bool good;

	if (f->unreadable && b->type != BLOCK_SECTION)
		return READER_NOTHING;
	switch (b->type) {
	case BLOCK_SECTION:
		good = ng_take_section(r, f, b);
		ng_pass_on(r, f, b);
		if (good && f->unreadable)
			return READER_NOTHING;
		return good ? READER_BLOCK : READER_FAULT;
	case BLOCK_INTERFACE:
		good = ng_take_iface(r, f, b);
		return good ? READER_IFACE : READER_FAULT;
	case BLOCK_STATISTICS:
		good = ng_take_stats(r, f, b);
		return good ? READER_STATS : READER_FAULT;
	case BLOCK_PACKET:
	case BLOCK_OLD_PACKET:
	case BLOCK_SIMPLE_PACKET:
		ng_take_packet(r, f, b);
		return r->n ? READER_PACKETS : READER_FAULT;
	case BLOCK_NAMES:
		if (!ng_names_are_good(b, f->swapped)) {
			if (!f->noted_names)
				log_note("%s: offset %llu: a name resolution "
					 "block that is not well formed is "
					 "passed over",
					 r->facts.path,
					 (unsigned long long)b->at);
			f->noted_names = true;
			return READER_NOTHING;
		}
		break;
	}
	ng_pass_on(r, f, b);
	return READER_BLOCK;
}

static enum reader_event ng_broken(struct reader *r)
{
	reader_broken(r);
	return READER_FAULT;
}

/* The input ends within a block of which need octets were asked for. */
static enum reader_event ng_cut(struct reader *r, uint64_t need)
{
	uint64_t left = input_left_in_all(&r->in);
	uint64_t at = input_at(&r->in, r->in.pos);

	if (left == 0)
		return READER_END;
	if (left < BLOCK_FRAME)
		reader_fault(r, at,
			     "the file ends within a block's header: %llu "
			     "octets are left",
			     (unsigned long long)left);
	else
		reader_fault(r, at,
			     "a block claims %llu octets, the file has %llu: "
			     "cut by %llu octets",
			     (unsigned long long)need, (unsigned long long)left,
			     (unsigned long long)(need - left));
	return READER_FAULT;
}

static enum reader_event ng_no_more(struct reader *r, enum input_state got,
				    uint64_t need)
{
	return got == INPUT_END ? ng_cut(r, need) : ng_broken(r);
}

/* The byte order of the section that begins at p, of which 12 octets are
   there. */
static bool ng_byte_order(struct reader *r, struct ng_in *f, const uint8_t *p)
{
	if (get32(p + 8, false) == BYTE_ORDER_MAGIC)
		f->swapped = false;
	else if (get32(p + 8, true) == BYTE_ORDER_MAGIC)
		f->swapped = true;
	else
		return reader_fault(r, input_at(&r->in, p) + 8,
				    "a section without the byte-order magic: "
				    "%02x %02x %02x %02x",
				    p[8], p[9], p[10], p[11]);
	return true;
}

/* Is the length of the block at pos possible at all? */
static bool ng_length_is_good(struct reader *r, uint32_t type, uint32_t len)
{
	uint64_t at = input_at(&r->in, r->in.pos);

	if (len < BLOCK_FRAME)
		return reader_fault(r, at, "a block of %u octets (type %#x)",
				    len, type);
	if (len & 3)
		return reader_fault(r, at,
				    "a block of %u octets, which is no "
				    "multiple of 4 (type %#x)",
				    len, type);
	return true;
}

static bool ng_is_packet(uint32_t type)
{
	return type == BLOCK_PACKET || type == BLOCK_OLD_PACKET ||
	       type == BLOCK_SIMPLE_PACKET;
}

static bool ng_trailer_is_good(struct reader *r, uint64_t at, uint32_t len,
			       uint32_t trailer)
{
	return len == trailer ||
	       reader_fault(r, at,
			    "a block of %u octets says at its end that it has "
			    "%u",
			    len, trailer);
}

/* Step over a block that is too long to be held. */
static enum reader_event ng_pass_over(struct reader *r, struct ng_in *f,
				      uint32_t type, uint32_t len)
{
	uint64_t at = input_at(&r->in, r->in.pos);
	enum input_state got;
	uint32_t trailer;

	if (len > input_left_in_all(&r->in))
		return ng_cut(r, len);
	if (!f->noted_big)
		log_note("%s: offset %llu: a block of %u octets (type %#x) is "
			 "passed over",
			 r->facts.path, (unsigned long long)at, len, type);
	f->noted_big = true;
	got = input_skip(&r->in, len - 4);
	if (got == INPUT_READY)
		got = input_fill(&r->in, 4);
	if (got == INPUT_BROKEN)
		return ng_broken(r);
	if (got == INPUT_END) {
		reader_fault(r, at,
			     "a block claims %u octets: the file ends before",
			     len);
		return READER_FAULT;
	}
	trailer = get32(r->in.pos, f->swapped);
	if (!ng_trailer_is_good(r, at, len, trailer))
		return READER_FAULT;
	r->in.pos += 4;
	return READER_NOTHING;
}

/* One block, the careful way. */
static enum reader_event ng_one_block(struct reader *r, struct ng_in *f)
{
	struct ng_block b = {.at = input_at(&r->in, r->in.pos)};
	enum input_state got = input_fill(&r->in, BLOCK_FRAME);
	enum reader_event event;
	uint32_t len, trailer;

	if (got != INPUT_READY)
		return ng_no_more(r, got, BLOCK_FRAME);
	b.type = get32(r->in.pos, f->swapped);
	if (b.type == BLOCK_SECTION && !ng_byte_order(r, f, r->in.pos))
		return READER_FAULT;
	len = get32(r->in.pos + 4, f->swapped);
	if (!ng_length_is_good(r, b.type, len))
		return READER_FAULT;
	if (len > (ng_is_packet(b.type) ? READER_MAX_CAPLEN : NG_MAX_BLOCK))
		return ng_pass_over(r, f, b.type, len);
	got = input_fill(&r->in, len);
	if (got != INPUT_READY)
		return ng_no_more(r, got, len);
	b.body = r->in.pos + BLOCK_HEADER;
	b.len = len - BLOCK_FRAME;
	trailer = get32(r->in.pos + len - 4, f->swapped);
	if (len != trailer && !ng_is_packet(b.type)) {
		ng_trailer_is_good(r, b.at, len, trailer);
		return READER_FAULT;
	}
	event = ng_take(r, f, &b);
	if (event == READER_FAULT)
		return event;
	if (!ng_trailer_is_good(r, b.at, len, trailer)) {
		r->err.packet = r->facts.packets;
		r->pkts[0].flags |= PKT_SUSPECT;
		/* Which of the two lengths is wrong? Look for a block from
		   here on. */
		if (r->options.recover)
			len = BLOCK_FRAME;
	}
	r->in.pos += len;
	return event;
}

static enum reader_event ng_step(struct reader *r)
{
	struct ng_in *f = r->state;

	while (r->err.kind == ERR_NONE) {
		enum reader_event event;
		size_t need = 0;
		bool swapped;

		r->n = 0;
		if (f->n)
			need = f->swapped ? ng_batch(r, f, true)
					  : ng_batch(r, f, false);
		if (r->n)
			return READER_PACKETS;
		if (need && input_fill(&r->in, need) == INPUT_READY)
			continue;
		swapped = f->swapped;
		event = ng_one_block(r, f);
		if (event == READER_FAULT)
			f->swapped = swapped; /* it was no section */
		if (event != READER_NOTHING)
			return event;
	}
	return READER_FAULT;
}

static enum reader_event ng_next(struct reader *r)
{
	for (;;) {
		enum reader_event event = ng_step(r);

		if (!r->options.recover || r->facts.sections == 0)
			return event;
		if (event == READER_END)
			return reader_recovered(r);
		if (event != READER_FAULT || !ng_resync(r, r->state))
			return event;
	}
}

const struct reader_format pcapng_reader = {
    .name = "pcapng",
    .probe = ng_probe,
    .start = ng_start,
    .next = ng_next,
    .finish = ng_finish,
};
