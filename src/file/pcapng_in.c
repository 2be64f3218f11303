/*
 * Reading pcapng (draft-ietf-opsawg-pcapng): sections of either byte order,
 * and the frame that all blocks have. What they hold is taken apart in
 * pcapng_packets.c and pcapng_meta.c.
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

/* ---- blocks ---- */

/* A section begins. The byte order is set already. */
static bool ng_take_section(struct reader *r, struct ng_in *f,
			    const struct ng_block *b)
{
	unsigned major, minor;

	if (b->len < SECTION_FIXED)
		return reader_fault(r, b->at, "a section header of %zu bytes",
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
			 "is skipped",
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
					 "skipped",
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

/* The input ends within a block; need bytes of it were asked for. */
static enum reader_event ng_cut(struct reader *r, uint64_t need)
{
	uint64_t left = input_left_in_all(&r->in);
	uint64_t at = input_at(&r->in, r->in.pos);

	if (left == 0)
		return READER_END;
	if (left < BLOCK_FRAME)
		reader_fault(r, at,
			     "the file ends within a block's header: %llu "
			     "bytes are left",
			     (unsigned long long)left);
	else
		reader_fault(r, at,
			     "a block claims %llu bytes, the file has %llu: "
			     "cut by %llu bytes",
			     (unsigned long long)need, (unsigned long long)left,
			     (unsigned long long)(need - left));
	return READER_FAULT;
}

static enum reader_event ng_no_more(struct reader *r, enum input_state got,
				    uint64_t need)
{
	return got == INPUT_END ? ng_cut(r, need) : ng_broken(r);
}

/* The byte order of the section that begins at p; 12 bytes of it are
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
		return reader_fault(r, at, "a block of %u bytes (type %#x)",
				    len, type);
	if (len & 3)
		return reader_fault(
		    r, at, "block length %u is not a multiple of 4 (type %#x)",
		    len, type);
	return true;
}

static bool ng_is_packet(uint32_t type)
{
	return type == BLOCK_PACKET || type == BLOCK_OLD_PACKET ||
	       type == BLOCK_SIMPLE_PACKET;
}

/* The longest block of a type that is held as a whole. */
static uint32_t ng_limit(uint32_t type)
{
	return ng_is_packet(type) ? READER_MAX_CAPLEN : NG_MAX_BLOCK;
}

static bool ng_trailer_is_good(struct reader *r, uint64_t at, uint32_t len,
			       uint32_t trailer)
{
	return len == trailer ||
	       reader_fault(r, at,
			    "a block of %u bytes says at its end that it has "
			    "%u",
			    len, trailer);
}

/* ---- long blocks ---- */

/* A piece of the long block that is on its way, or its end. */
static enum reader_event ng_piece(struct reader *r, struct ng_in *f)
{
	struct block *b = &f->piece;
	enum input_state got = input_fill(&r->in, 4);
	uint32_t len = f->piece_len, trailer;
	size_t n = input_left(&r->in) & ~(size_t)3;

	if (got != INPUT_READY) {
		f->piece_len = 0;
		if (got == INPUT_BROKEN)
			return ng_broken(r);
		reader_fault(r, f->piece_at,
			     "a block claims %u bytes: the file ends before",
			     len);
		return READER_FAULT;
	}
	if (b->after == 0) {
		f->piece_len = 0;
		trailer = get32(r->in.pos, f->swapped);
		if (!ng_trailer_is_good(r, f->piece_at, len, trailer))
			return READER_FAULT;
		r->in.pos += 4;
		return READER_NOTHING;
	}
	if (n > b->after)
		n = b->after;
	b->body = r->in.pos;
	b->len = n;
	b->after -= (uint32_t)n;
	r->block = *b;
	b->before += (uint32_t)n;
	r->in.pos += n;
	return READER_BLOCK;
}

/* A block that is too long to be held. Those that have to be understood as a
   whole are never so long. */
static enum reader_event ng_long_block(struct reader *r, struct ng_in *f,
				       uint32_t type, uint32_t len)
{
	uint64_t at = input_at(&r->in, r->in.pos);

	if (!r->in.follow && len > input_left_in_all(&r->in))
		return ng_cut(r, len);
	if (ng_is_packet(type) || type == BLOCK_SECTION ||
	    type == BLOCK_INTERFACE || type == BLOCK_STATISTICS) {
		reader_fault(r, at,
			     "a block of type %#x cannot have %u bytes "
			     "(limit %u)",
			     type, len, ng_limit(type));
		return READER_FAULT;
	}
	f->piece = (struct block){
	    .type = type,
	    .after = len - BLOCK_FRAME,
	    .swapped = f->swapped,
	};
	f->piece_at = at;
	f->piece_len = len;
	r->in.pos += BLOCK_HEADER;
	if (r->no_blocks || f->unreadable) {
		if (input_skip(&r->in, f->piece.after) != INPUT_READY)
			r->in.pos = r->in.end; /* then it has no end */
		f->piece.after = 0;
	}
	return READER_NOTHING;
}

/* ---- long packets ---- */

/* Is a block to be taken as a long packet? To recover, what is around a block
   is looked at, which only the window can do. */
static bool ng_is_long(const struct reader *r, uint32_t type, uint32_t len)
{
	return ng_is_packet(type) && len > LONG_RECORD + BLOCK_FRAME &&
	       !r->options.recover;
}

/* A block of that length, which begins at pos, ends before: after the bytes
   got of it. */
static enum reader_event ng_long_cut(struct reader *r, uint64_t at,
				     uint32_t len, uint64_t got)
{
	reader_fault(r, at,
		     "a block claims %u bytes, the file has %llu: cut by %llu "
		     "bytes",
		     len, (unsigned long long)got,
		     (unsigned long long)(len - got));
	return READER_FAULT;
}

/* A packet in a block that is too long to be held. Its fixed part is in the
   window. */
static enum reader_event ng_long_packet(struct reader *r, struct ng_in *f,
					uint32_t type, uint32_t len)
{
	uint8_t fixed[PACKET_FIXED];
	struct ng_block b = {.type = type,
			     .at = input_at(&r->in, r->in.pos),
			     .body = fixed,
			     .len = len - BLOCK_FRAME};
	struct ng_long parts;
	uint64_t got;

	if (!r->in.follow && len > input_left_in_all(&r->in))
		return ng_cut(r, len);
	if (input_fill(&r->in, BLOCK_HEADER + PACKET_FIXED) != INPUT_READY)
		return ng_cut(r, len);
	memcpy(fixed, r->in.pos + BLOCK_HEADER, PACKET_FIXED);
	if (!ng_long_parts(r, f, &b, &parts))
		return READER_FAULT;
	r->in.pos += BLOCK_HEADER + parts.fixed;
	switch (long_packet_take(&r->rest, &r->in, parts.head, parts.rest, &got,
				 &r->err)) {
	case INPUT_READY:
		break;
	case INPUT_END:
		return ng_long_cut(r, b.at, len,
				   got + BLOCK_HEADER + parts.fixed);
	case INPUT_BROKEN:
		err_in_file(&r->err, r->facts.path);
		err_at(&r->err, b.at, r->facts.packets + 1);
		return READER_FAULT;
	}
	ng_take_long(r, f, &b, &parts);
	return r->n ? READER_PACKETS : READER_FAULT;
}

/* One block, the careful way. */
static enum reader_event ng_one_block(struct reader *r, struct ng_in *f)
{
	struct ng_block b = {.at = input_at(&r->in, r->in.pos)};
	enum input_state got = input_fill(&r->in, BLOCK_FRAME);
	enum reader_event event;
	uint32_t len, trailer;
	bool ends;

	if (got != INPUT_READY)
		return ng_no_more(r, got, BLOCK_FRAME);
	b.type = get32(r->in.pos, f->swapped);
	if (b.type == BLOCK_SECTION && !ng_byte_order(r, f, r->in.pos))
		return READER_FAULT;
	len = get32(r->in.pos + 4, f->swapped);
	if (!ng_length_is_good(r, b.type, len))
		return READER_FAULT;
	if (len > ng_limit(b.type))
		return ng_long_block(r, f, b.type, len);
	if (!f->unreadable && ng_is_long(r, b.type, len))
		return ng_long_packet(r, f, b.type, len);
	got = input_fill(&r->in, len);
	if (got != INPUT_READY)
		return ng_no_more(r, got, len);
	trailer = get32(r->in.pos + len - 4, f->swapped);
	ends =
	    len == trailer || !r->options.recover || ng_block_ends(r, f, len);
	b.body = r->in.pos + BLOCK_HEADER;
	b.len = len - BLOCK_FRAME;
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
		if (!ends)
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
		if (f->n && !f->piece_len)
			need = ng_batch(r, f);
		if (r->n)
			return READER_PACKETS;
		if (need && need <= LONG_RECORD &&
		    input_fill(&r->in, need) == INPUT_READY)
			continue;
		swapped = f->swapped;
		event = f->piece_len ? ng_piece(r, f) : ng_one_block(r, f);
		if (event == READER_FAULT)
			f->swapped = swapped; /* it was not a section */
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
