/*
 * Writing pcapng files (draft-ietf-opsawg-pcapng). What comes from a pcapng
 * file keeps its sections, in their byte order, with all their blocks and
 * options; else there is one section in this host's byte order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "file/format.h"
#include "file/pcap.h"
#include "file/pcapng.h"
#include "file/pcapng_body.h"
#include "file/pcapng_pieces.h"
#include "file/pcapng_swap.h"
#include "file/writer.h"
#include "pkt/options.h"
#include "pkt/pseudo.h"
#include "pkt/tsunit.h"

#define PACKET_LEN (BLOCK_HEADER + PACKET_FIXED)

/* An interface of the source and what its blocks are written with. */
struct ng_iface {
	uint32_t index; /* in the section */
	uint32_t linktype;
	uint32_t snaplen;
	bool turns; /* packets have headers in the section's byte order, which
		       is not this host's */
	uint8_t tsresol;
	bool known, filtered;
	int64_t tsoffset;
};

struct ng_writer {
	struct writer writer;
	struct ng_iface *ifaces; /* by the source's id */
	size_t n_ifaces, room;
	uint32_t next; /* index of the section's next interface */
	bool begun;    /* there is a section */
	bool some;     /* and there are packets */
	bool swapped;  /* in the other byte order than this host's */
	bool edited;
	bool commented;		     /* the comment is written */
	struct pcapng_pieces pieces; /* of a long block */
	char *application, *os, *hardware, *comment;
	struct str options; /* of the packet at work, when they are odd */
	uint64_t cut; /* packets with options in their tail that are left out */
	uint64_t lost;	/* options and blocks that could not be converted */
	uint64_t times; /* that an interface's unit cannot say */
};

static size_t record_length(const uint8_t *p)
{
	return get32(p + 4, false);
}

static size_t record_length_swapped(const uint8_t *p)
{
	return get32(p + 4, true);
}

static bool is_packet(const uint8_t *p)
{
	const uint32_t type = get32(p, false);

	return type == BLOCK_PACKET || type == BLOCK_SIMPLE_PACKET;
}

static bool is_packet_swapped(const uint8_t *p)
{
	const uint32_t type = get32(p, true);

	return type == BLOCK_PACKET || type == BLOCK_SIMPLE_PACKET;
}

/* ---- blocks that are written seldom: built as growing text ---- */

/* Wrap body as a block and put it out; frees body. false: failed. */
static bool put_block(struct ng_writer *w, uint32_t type,
		      struct pcapng_body *body)
{
	uint32_t padded = (uint32_t)pad4(body->text.len);
	uint32_t len = padded + BLOCK_FRAME;
	uint8_t *p = NULL;

	if (body->text.failed) {
		w->writer.out.failed = true;
		err_nomem(&w->writer.out.err, "pcapng block");
	} else {
		p = out_room(&w->writer.out, len);
	}
	if (p) {
		put32(p, type, w->swapped);
		put32(p + 4, len, w->swapped);
		memcpy(p + BLOCK_HEADER, str_text(&body->text), body->text.len);
		memset(p + BLOCK_HEADER + body->text.len, 0,
		       padded - body->text.len);
		put32(p + BLOCK_HEADER + padded, len, w->swapped);
		out_done(&w->writer.out, len);
	}
	str_fini(&body->text);
	return p != NULL;
}

static bool output_failed(struct ng_writer *w, struct err *err)
{
	err_copy(err, &w->writer.out.err);
	return w->writer.out.gone;
}

/* ---- sections ---- */

/*
 * Begin a section: like the block `from` of another file, or (NULL) one that
 * this program describes.
 */
static bool put_section(struct ng_writer *w, const struct block *from)
{
	struct pcapng_body b = {.swapped = from && from->swapped};
	struct pkt_meta old;
	size_t i;

	/* a record's length can be told in one byte order at a time */
	if (b.swapped != w->swapped && !out_flush(&w->writer.out))
		return false;
	w->swapped = b.swapped;
	if (b.swapped)
		out_records(&w->writer.out, record_length_swapped,
			    is_packet_swapped);
	else
		out_records(&w->writer.out, record_length, is_packet);
	pcapng_body_u32(&b, BYTE_ORDER_MAGIC);
	pcapng_body_u16(&b, 1);
	pcapng_body_u16(&b, 0);
	pcapng_body_u32(&b, UINT32_MAX); /* length of the section: not known */
	pcapng_body_u32(&b, UINT32_MAX);
	if (w->comment && !w->commented)
		pcapng_body_text(&b, OPTION_COMMENT, w->comment);
	w->commented = true;
	if (from && from->len > SECTION_FIXED) {
		old = (struct pkt_meta){
		    .options = from->body + SECTION_FIXED,
		    .options_len = from->len - SECTION_FIXED,
		    .swapped = from->swapped,
		};
		swap_options(&b.text, &old, SWAP_SECTION, b.swapped, w->edited);
	} else if (!from) {
		pcapng_body_text(&b, SHB_HARDWARE, w->hardware);
		pcapng_body_text(&b, SHB_OS, w->os);
		pcapng_body_text(&b, SHB_USERAPPL, w->application);
	}
	if (b.text.len > SECTION_FIXED)
		pcapng_body_u32(&b, OPTION_END);
	for (i = 0; i < w->n_ifaces; i++)
		w->ifaces[i].known = false;
	w->next = 0;
	w->begun = true;
	return put_block(w, BLOCK_SECTION, &b);
}

static bool begin(struct ng_writer *w)
{
	return w->begun || put_section(w, NULL);
}

static bool put_piece(struct ng_writer *w, const struct block *b)
{
	const bool left_out = w->edited && b->type == BLOCK_CUSTOM_PRIVATE;

	return pcapng_pieces_put(&w->pieces, &w->writer.out, b, w->swapped,
				 left_out, &w->lost);
}

static bool ng_block(struct sink *s, const struct block *block, struct err *err)
{
	struct ng_writer *w = (struct ng_writer *)s;
	struct pcapng_body b = {.swapped = w->swapped};

	if (block->before == 0 &&
	    !pcapng_pieces_end(&w->pieces, &w->writer.out))
		return output_failed(w, err);
	if (block->type == BLOCK_SECTION)
		return put_section(w, block) || output_failed(w, err);
	if (!begin(w))
		return output_failed(w, err);
	if (block->before || block->after)
		return put_piece(w, block) || output_failed(w, err);
	if (w->edited && block->type == BLOCK_CUSTOM_PRIVATE)
		return true;
	if (!swap_block(&b.text, block, w->swapped, w->edited)) {
		str_fini(&b.text);
		w->lost++;
		return true;
	}
	return put_block(w, block->type, &b) || output_failed(w, err);
}

/* ---- interfaces ---- */

static bool put_interface(struct ng_writer *w, const struct iface *iface)
{
	struct pcapng_body b = {.swapped = w->swapped};

	pcapng_body_u16(&b, (uint16_t)iface->linktype);
	pcapng_body_u16(&b, 0);
	pcapng_body_u32(&b, iface->snaplen);
	if (iface->meta)
		w->lost += swap_options(&b.text, iface->meta, SWAP_IFACE,
					b.swapped, w->edited);
	pcapng_body_iface(&b, iface);
	if (b.text.len > INTERFACE_FIXED)
		pcapng_body_u32(&b, OPTION_END);
	return put_block(w, BLOCK_INTERFACE, &b);
}

static struct ng_iface *add_iface(struct ng_writer *w, uint32_t id)
{
	size_t n = (size_t)id + 1, room = w->room ? w->room : 16;
	struct ng_iface *ifaces;

	while (room < n)
		room *= 2;
	if (room > w->room) {
		ifaces = realloc(w->ifaces, room * sizeof(*ifaces));
		if (!ifaces)
			return NULL;
		memset(ifaces + w->room, 0, (room - w->room) * sizeof(*ifaces));
		w->ifaces = ifaces;
		w->room = room;
	}
	if (n > w->n_ifaces)
		w->n_ifaces = n;
	return &w->ifaces[id];
}

static bool ng_iface(struct sink *s, const struct iface *iface, struct err *err)
{
	struct ng_writer *w = (struct ng_writer *)s;
	bool first = !w->begun;
	struct ng_iface *i = add_iface(w, iface->id);

	if (!i)
		return err_nomem(err, "interfaces");
	if (!pcapng_pieces_end(&w->pieces, &w->writer.out) || !begin(w) ||
	    !put_interface(w, iface))
		return output_failed(w, err);
	*i = (struct ng_iface){
	    .index = w->next++,
	    .linktype = iface->linktype,
	    .snaplen = iface->snaplen,
	    .turns = w->swapped && pseudo_has(iface->linktype),
	    .tsresol = iface->tsresol,
	    .known = true,
	    .filtered = iface->filter && iface->filter[0],
	    .tsoffset = iface->tsoffset,
	};
	/* so that whoever reads along knows it at once */
	return !first || out_flush(&w->writer.out) || output_failed(w, err);
}

/* ---- packets ---- */

static uint64_t stored_time(struct ng_writer *w, const struct ng_iface *i,
			    const struct pkt *p)
{
	uint64_t raw;

	if ((p->flags & (PKT_RAW_TIME | PKT_BAD_TIME)) == PKT_RAW_TIME)
		return p->time_raw;
	if (i->tsresol == TSRESOL_NANO && !i->tsoffset && p->time_ns >= 0)
		return (uint64_t)p->time_ns;
	w->times += !tsunit_raw(i->tsresol, i->tsoffset, p->time_ns, &raw) &&
		    !(p->flags & PKT_NO_TIME);
	return raw;
}

/*
 * The options of a packet that has any: those it came with, and what struct
 * pkt says beside them. Ends them. Sets *len; NULL: no memory.
 */
static const uint8_t *make_options(struct ng_writer *w, const struct pkt *p,
				   size_t *len)
{
	struct pcapng_body b = {.text = w->options, .swapped = w->swapped};
	uint32_t direction = p->flags & PKT_DIRECTION;
	uint8_t bytes[8];

	str_clear(&b.text);
	if (p->meta)
		w->lost += swap_options(&b.text, p->meta, SWAP_PACKET,
					b.swapped, w->edited);
	if (direction && !meta_has(p->meta, EPB_FLAGS)) {
		put32(bytes, direction, b.swapped);
		pcapng_body_option(&b, EPB_FLAGS, bytes, 4);
	}
	if (p->flags & PKT_BAD_TIME && !meta_has(p->meta, OPTION_PCAP_TIME)) {
		put32(bytes, (uint32_t)(p->time_raw >> 32), b.swapped);
		put32(bytes + 4, (uint32_t)p->time_raw, b.swapped);
		pcapng_body_option(&b, OPTION_PCAP_TIME, bytes, 8);
	}
	if (b.text.len && !pkt_options_more(p))
		pcapng_body_u32(&b, OPTION_END);
	w->options = b.text;
	*len = b.text.len;
	return b.text.failed ? NULL : (const uint8_t *)str_text(&b.text);
}

/* A packet without a time is a simple packet block, where one can say it. */
static bool is_simple(const struct ng_iface *i, const struct pkt *p)
{
	uint32_t most =
	    i->snaplen && i->snaplen < p->wirelen ? i->snaplen : p->wirelen;

	return (p->flags & (PKT_NO_TIME | PKT_RAW_TIME)) == PKT_NO_TIME &&
	       !(p->flags & (PKT_DIRECTION | PKT_BAD_LENGTH)) &&
	       (!p->meta || (p->flags & PKT_LONG && !p->meta->options_len)) &&
	       i->index == 0 && pkt_captured(p) == most;
}

/* The head of a packet block of len bytes. */
static inline void put_head(struct ng_writer *w, uint8_t *to,
			    const struct pkt *p, const struct ng_iface *i,
			    uint32_t len)
{
	const bool swapped = w->swapped;
	uint64_t time = stored_time(w, i, p);

	put32(to, BLOCK_PACKET, swapped);
	put32(to + 4, len, swapped);
	put32(to + 8, i->index, swapped);
	put32(to + 12, (uint32_t)(time >> 32), swapped);
	put32(to + 16, (uint32_t)time, swapped);
	put32(to + 20, pkt_captured(p), swapped);
	put32(to + 24, p->flags & PKT_BAD_LENGTH ? p->wirelen_raw : p->wirelen,
	      swapped);
}

/* Options that the tail of a packet has are copied as they are, or not at
   all. */
static bool copies_tail(struct ng_writer *w, const struct pkt *p)
{
	if (!pkt_options_more(p))
		return false;
	if (!p->meta->bare && p->meta->swapped == w->swapped &&
	    !(w->edited && p->meta->tail->fragile))
		return true;
	w->cut++;
	return false;
}

/* A packet that is too long to be held. false: the output failed. */
static bool put_long(struct ng_writer *w, const struct pkt *p,
		     const struct ng_iface *i, const uint8_t *options,
		     size_t options_len)
{
	struct out *out = &w->writer.out;
	uint32_t caplen = pkt_captured(p), pad = -caplen & 3;
	bool simple = is_simple(i, p), tail = copies_tail(w, p);
	uint32_t head = simple ? BLOCK_HEADER + SIMPLE_FIXED : PACKET_LEN;
	uint32_t end = pkt_options_more(p) ? 4 : 0;
	uint32_t more = tail ? p->meta->tail->options_len : 0;
	uint32_t len =
	    head + caplen + pad + (uint32_t)options_len + more + end + 4;
	uint8_t bytes[PACKET_LEN] = {0}, word[4];

	if (simple) {
		put32(bytes, BLOCK_SIMPLE_PACKET, w->swapped);
		put32(bytes + 4, len, w->swapped);
		put32(bytes + 8, p->wirelen, w->swapped);
	} else {
		put_head(w, bytes, p, i, len);
	}
	put32(word, len, w->swapped);
	return out_long_begin(out) && out_put(out, bytes, head) &&
	       writer_put_bytes(&w->writer, p, caplen, i->turns, i->linktype) &&
	       out_put(out, "\0\0\0", pad) &&
	       out_put(out, options, options_len) &&
	       (!tail || writer_put_options(&w->writer, p)) &&
	       out_put(out, "\0\0\0", end) && out_put(out, word, 4) &&
	       out_long_end(out);
}

static bool put_simple(struct ng_writer *w, const struct pkt *p,
		       const struct ng_iface *i)
{
	struct pcapng_body b = {.swapped = w->swapped};

	pcapng_body_u32(&b, p->wirelen);
	str_put(&b.text, p->data, p->caplen);
	if (i->turns && !b.text.failed)
		pseudo_turn(i->linktype, (uint8_t *)b.text.text + SIMPLE_FIXED,
			    p->caplen, false);
	return put_block(w, BLOCK_SIMPLE_PACKET, &b);
}

static inline bool put_packet(struct ng_writer *w, const struct pkt *p,
			      const struct ng_iface *i, const uint8_t *options,
			      size_t options_len)
{
	const bool swapped = w->swapped;
	uint32_t pad = -p->caplen & 3;
	uint32_t len = PACKET_LEN + p->caplen + pad + (uint32_t)options_len + 4;
	uint8_t *to = out_room(&w->writer.out, len);

	if (!to)
		return false;
	put_head(w, to, p, i, len);
	memcpy(to + PACKET_LEN, p->data, p->caplen);
	if (i->turns)
		pseudo_turn(i->linktype, to + PACKET_LEN, p->caplen, false);
	to += PACKET_LEN + p->caplen;
	put32(to, 0, false); /* the padding, or what is overwritten now */
	to += pad;
	if (options_len) {
		memcpy(to, options, options_len);
		to += options_len;
	}
	put32(to, len, swapped);
	out_done(&w->writer.out, len);
	return true;
}

static enum verdict ng_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct ng_writer *w = (struct ng_writer *)s;

	if (!pcapng_pieces_end(&w->pieces, &w->writer.out))
		return writer_failed(&w->writer);
	w->some = w->some || n > 0;
	for (; n; n--, p++) {
		const struct ng_iface *i = &w->ifaces[p->iface];
		const uint8_t *options = NULL;
		size_t options_len = 0;
		bool good;

		if (p->meta || p->flags & (PKT_DIRECTION | PKT_BAD_TIME)) {
			options = make_options(w, p, &options_len);
			if (!options) {
				err_nomem(&s->err, "a packet's options");
				return FAILED;
			}
		}
		if (p->flags & PKT_LONG)
			good = put_long(w, p, i, options, options_len);
		else if (is_simple(i, p))
			good = put_simple(w, p, i);
		else
			good = put_packet(w, p, i, options, options_len);
		if (!good)
			return writer_failed(&w->writer);
		w->writer.out.packets++;
	}
	return GO_ON;
}

/* ---- statistics, and the end ---- */

static bool ng_iface_end(struct sink *s, uint32_t id, const struct counters *c,
			 int64_t start_ns, int64_t end_ns, struct err *err)
{
	struct ng_writer *w = (struct ng_writer *)s;
	struct pcapng_body b = {.swapped = w->swapped};
	const struct ng_iface *i;
	uint64_t start, end;

	if (!pcapng_pieces_end(&w->pieces, &w->writer.out))
		return output_failed(w, err);
	if (id >= w->n_ifaces || !w->ifaces[id].known)
		return true;
	i = &w->ifaces[id];
	tsunit_raw(i->tsresol, i->tsoffset, start_ns, &start);
	tsunit_raw(i->tsresol, i->tsoffset, end_ns, &end);
	if (c->meta)
		end = c->time_raw;
	pcapng_body_u32(&b, i->index);
	pcapng_body_u32(&b, (uint32_t)(end >> 32));
	pcapng_body_u32(&b, (uint32_t)end);
	if (c->meta)
		w->lost += swap_options(&b.text, c->meta, SWAP_STATS, b.swapped,
					w->edited);
	else
		pcapng_body_counters(&b, c, start, end, i->filtered);
	if (b.text.len > STATISTICS_FIXED)
		pcapng_body_u32(&b, OPTION_END);
	return put_block(w, BLOCK_STATISTICS, &b) || output_failed(w, err);
}

static bool ng_flush(struct sink *s, struct err *err)
{
	struct ng_writer *w = (struct ng_writer *)s;

	if (!w->begun)
		return true;
	return writer_flush(s, err);
}

static bool ng_close(struct sink *s, struct err *err)
{
	struct ng_writer *w = (struct ng_writer *)s;
	bool good;

	pcapng_pieces_end(&w->pieces, &w->writer.out);
	if (s->abandoned)
		out_discard(&w->writer.out);
	else if (!w->begun || (w->writer.out.resumed && !w->some))
		out_forget(&w->writer.out);
	if (!w->writer.out.failed)
		begin(w);
	if (w->lost && !w->writer.out.failed)
		log_note("%s: left out %llu options and blocks of unknown "
			 "kind that are in the other byte order",
			 w->writer.out.name, (unsigned long long)w->lost);
	if (w->times && !w->writer.out.failed)
		log_warn("%s: %llu timestamp(s) out of range for the "
			 "interface: stored as the nearest that fits",
			 w->writer.out.name, (unsigned long long)w->times);
	if (w->cut && !w->writer.out.failed)
		log_warn("%s: left out options of %llu packet(s) that have "
			 "more than can be changed",
			 w->writer.out.name, (unsigned long long)w->cut);
	good = out_close(&w->writer.out, err);
	str_fini(&w->options);
	free(w->application);
	free(w->os);
	free(w->hardware);
	free(w->comment);
	free(w->ifaces);
	free(w);
	return good;
}

static const struct sink_ops ng_ops = {
    .name = "pcapng writer",
    .iface = ng_iface,
    .packets = ng_packets,
    .block = ng_block,
    .flush = ng_flush,
    .iface_end = ng_iface_end,
    .close = ng_close,
};

/* A copy of text, if there is any. false: no memory. */
static bool keep(char **copy, const char *text)
{
	*copy = text ? strdup(text) : NULL;
	return *copy || !text;
}

struct sink *pcapng_write(struct out *out, const struct write_options *o,
			  struct err *err)
{
	struct ng_writer *w = calloc(1, sizeof(*w));

	if (!w) {
		out_close(out, NULL);
		err_nomem(err, "pcapng writer");
		return NULL;
	}
	w->writer.sink.ops = &ng_ops;
	w->writer.out = *out;
	w->edited = o->edited;
	out_records(&w->writer.out, record_length, is_packet);
	if (keep(&w->application, o->application) && keep(&w->os, o->os) &&
	    keep(&w->hardware, o->hardware) && keep(&w->comment, o->comment))
		return &w->writer.sink;
	err_nomem(err, "pcapng writer");
	w->writer.out.failed = true;
	ng_close(&w->writer.sink, NULL);
	return NULL;
}
