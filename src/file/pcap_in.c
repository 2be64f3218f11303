/*
 * Reading pcap (draft-ietf-opsawg-pcap): a file header of 24 bytes, then
 * records of a header and the captured bytes.
 *
 *    file header: magic, major and minor version (16 bits each), zone,
 *                 accuracy, snapshot length, link type
 *    record:      seconds, fraction, captured length, length on the wire
 *
 * Before version 2.3 the two lengths are the other way round, in 2.3 they may
 * be. The "modified" format (Kuznetzov's) has 8 bytes more in each record.
 */
#include "file/reader.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/log.h"
#include "base/num.h"
#include "file/format.h"
#include "file/pcap_in.h"

struct magic {
	uint32_t magic;
	enum { READ, READ_NS, READ_MODIFIED, REFUSE } what;
	const char *name;
};

static const struct magic magics[] = {
    {PCAP_MAGIC, READ, "pcap"},
    {PCAP_MAGIC_NS, READ_NS, "pcap"},
    {PCAP_MAGIC_MODIFIED, READ_MODIFIED, "modified pcap"},
    {0xa12b3c4d, REFUSE, "Navtel's variant of pcap"},
    {0xa1b234cd, REFUSE, "Mesquita's variant of pcap"},
    {0x1c0001ac, REFUSE, "Ixia's hardware variant of pcap"},
    {0x1c0001ab, REFUSE, "Ixia's software variant of pcap"},
    {0xa1e2cb12, REFUSE, "a variant of pcap with magic a1e2cb12"},
};

static const struct magic *magic_find(const uint8_t *p, bool *swapped)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(magics); i++) {
		*swapped = get32(p, true) == magics[i].magic;
		if (*swapped || get32(p, false) == magics[i].magic)
			return &magics[i];
	}
	return NULL;
}

static bool pcapin_probe(const uint8_t *bytes, size_t n)
{
	bool swapped;

	return n >= 4 && magic_find(bytes, &swapped);
}

/* Refuse the file as a whole, because of what is at offset. */
static bool pcapin_refuse(struct reader *r, uint64_t offset, const char *text)
{
	err_set(&r->err, ERR_USAGE, "%s", text);
	err_at(&r->err, offset, 0);
	return err_in_file(&r->err, r->facts.path);
}

static bool pcapin_version(struct reader *r, struct pcap_in *f, unsigned major,
			   unsigned minor)
{
	r->facts.major = major;
	r->facts.minor = minor;
	if (major != PCAP_MAJOR || minor > PCAP_MINOR) {
		char text[64];

		snprintf(text, sizeof(text),
			 "pcap version %u.%u is not known (2.0 to 2.4 are)",
			 major, minor);
		return pcapin_refuse(r, 4, text);
	}
	if (minor < 3)
		f->lengths = LENGTHS_SWAPPED;
	else if (minor == 3)
		f->lengths = LENGTHS_MAYBE;
	if (minor < PCAP_MINOR)
		log_note("%s: pcap version %u.%u: %s", r->facts.path, major,
			 minor,
			 minor < 3 ? "the two lengths of a packet are swapped"
				   : "the two lengths of a packet may be "
				     "swapped");
	return true;
}

/* The interface that the file header describes. */
static void pcapin_iface(struct reader *r, struct pcap_in *f)
{
	const uint8_t *p = f->start;
	uint32_t snaplen = get32(p + 16, f->swapped);
	uint32_t link = get32(p + 20, f->swapped);

	if (snaplen == 0 || snaplen > (uint32_t)INT32_MAX) {
		log_note("%s: snapshot length %u: taken as unknown",
			 r->facts.path, snaplen);
		snaplen = 0;
	}
	if (link & PCAP_LINK_RESERVED)
		log_note("%s: reserved bits of the link type are set: %#x",
			 r->facts.path, link);
	f->snaplen = snaplen ? snaplen : UINT32_MAX;
	r->iface = (struct iface){
	    .id = r->facts.ifaces,
	    .linktype = link & PCAP_LINK_TYPE,
	    .snaplen = snaplen,
	    .swapped = f->swapped,
	    .tsresol = f->unit == 1 ? TSRESOL_NANO : TSRESOL_MICRO,
	    .fcslen = link & PCAP_LINK_HAS_FCS
			  ? (int)(link >> PCAP_LINK_FCS_SHIFT) * 2
			  : -1,
	};
	if (!pcap_header_is_plain(p)) {
		put16(f->option, OPTION_PCAP_HEADER, false);
		put16(f->option + 2, PCAP_HEADER, false);
		memcpy(f->option + 4, p, PCAP_HEADER);
		f->meta = (struct pkt_meta){.options = f->option,
					    .options_len = sizeof(f->option)};
		r->iface.meta = &f->meta;
	}
}

/* Take the file header that the window begins with; 24 bytes of it are
   there. false: r->err is set. */
static bool pcapin_take_header(struct reader *r, struct pcap_in *f)
{
	const struct magic *m = magic_find(r->in.pos, &f->swapped);
	char text[96];

	if (m->what == REFUSE) { /* its header may be shorter than ours */
		snprintf(text, sizeof(text), "%s cannot be read", m->name);
		return pcapin_refuse(r, 0, text);
	}
	memcpy(f->start, r->in.pos, PCAP_HEADER);
	f->header =
	    m->what == READ_MODIFIED ? PCAP_RECORD_MODIFIED : PCAP_RECORD;
	f->fraction = m->what == READ_NS ? 1000000000 : 1000000;
	f->unit = m->what == READ_NS ? 1 : 1000;
	f->lengths = LENGTHS_RIGHT;
	r->facts.nanoseconds = m->what == READ_NS;
	r->facts.modified = m->what == READ_MODIFIED;
	r->facts.big_endian = f->swapped == host_is_little();
	r->facts.sections = 1;
	if (!pcapin_version(r, f, get16(f->start + 4, f->swapped),
			    get16(f->start + 6, f->swapped)))
		return false;
	r->in.pos += PCAP_HEADER;
	return true;
}

static bool pcapin_start(struct reader *r)
{
	struct pcap_in *f;
	enum input_state got = input_fill(&r->in, PCAP_HEADER);
	bool swapped;

	if (got == INPUT_BROKEN)
		return reader_broken(r);
	if (got == INPUT_END && magic_find(r->in.pos, &swapped)->what != REFUSE)
		return pcapin_refuse(r, input_left(&r->in),
				     "the file ends within its header");
	f = calloc(1, sizeof(*f));
	if (!f)
		return err_nomem(&r->err, "reading pcap");
	r->state = f;
	return pcapin_take_header(r, f);
}

/* Harmless oddities of a record: each is reported once. */
static void pcapin_odd(struct reader *r, struct pcap_in *f, struct pkt *p,
		       uint32_t sec, uint32_t frac, uint32_t wirelen)
{
	unsigned long long number = (unsigned long long)p->number;

	if (frac >= f->fraction) {
		p->flags |= PKT_BAD_TIME;
		p->time_raw = (uint64_t)sec << 32 | frac;
		if (!f->noted_time)
			log_note(
			    "%s: packet %llu: timestamp with %u %s in a second",
			    r->facts.path, number, frac,
			    f->unit == 1 ? "ns" : "us");
		f->noted_time = true;
	}
	if (wirelen < p->caplen) {
		p->flags |= PKT_BAD_LENGTH;
		p->wirelen = p->caplen;
		p->wirelen_raw = wirelen;
		if (!f->noted_wire)
			log_note("%s: packet %llu: %u bytes captured of a "
				 "packet of %u",
				 r->facts.path, number, p->caplen, wirelen);
		f->noted_wire = true;
	}
	if (p->caplen > f->snaplen && !f->noted_long) {
		log_note("%s: packet %llu: %u bytes, more than the snapshot "
			 "length %u",
			 r->facts.path, number, p->caplen, f->snaplen);
		f->noted_long = true;
	}
}

static bool all_zero(const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/*
 * Do CR-LF pairs, and no lone LF, tell of a transfer as text? Looks at the
 * bytes around a fault.
 */
static bool looks_like_text_transfer(const struct input *in)
{
	const uint8_t *p =
	    in->pos - in->from > 65536 ? in->pos - 65536 : in->from;
	const uint8_t *end =
	    in->end - in->pos > 65536 ? in->pos + 65536 : in->end;
	size_t pairs = 0;

	for (p++; p < end; p++) {
		if (*p != '\n')
			continue;
		if (p[-1] != '\r')
			return false;
		pairs++;
	}
	return pairs >= 4;
}

/* The record header at p cannot be one: say why. */
static bool pcapin_bad_header(struct reader *r, struct pcap_in *f,
			      const uint8_t *p)
{
	uint64_t at = input_at(&r->in, p);
	uint32_t caplen = get32(p + 8, f->swapped);
	uint32_t wirelen = get32(p + 12, f->swapped);
	const char *hint = looks_like_text_transfer(&r->in)
			       ? " (was the file transferred as text?)"
			       : "";

	if (!memcmp(p, f->start, 8))
		return reader_fault(r, at,
				    "another pcap header: were files put one "
				    "after the other?%s",
				    hint);
	if (all_zero(p, PCAP_RECORD))
		return reader_fault(r, at,
				    "a hole: zeros where a packet's "
				    "header should be");
	if (f->lengths == LENGTHS_SWAPPED)
		caplen = wirelen;
	return reader_fault(r, at, "a packet cannot have %u bytes (limit %u)%s",
			    caplen, READER_MAX_CAPLEN, hint);
}

/*
 * A record header of zeros is a packet, or a hole in the file. A hole is
 * longer than a few record headers.
 */
#define HOLE (6 * PCAP_RECORD)

static inline size_t pcapin_batch_in(struct reader *r, struct pcap_in *f,
				     size_t most, const bool swapped)
{
	const uint8_t *p = r->in.pos, *end = r->in.end;
	const uint32_t header = f->header, magic = get32(f->start, swapped);
	const uint32_t fraction = f->fraction, unit = f->unit;
	const uint32_t snaplen = f->snaplen, iface = r->iface.id;
	uint64_t number = r->facts.packets;
	struct pkt *out = r->pkts;
	size_t need = 0;

	if (most > READER_BATCH)
		most = READER_BATCH;
	f->ahead = false;
	while (out < r->pkts + most) {
		uint32_t sec, frac, caplen, wirelen;

		if ((size_t)(end - p) < header) {
			need = header;
			break;
		}
		sec = get32(p, swapped);
		frac = get32(p + 4, swapped);
		caplen = get32(p + 8, swapped);
		wirelen = get32(p + 12, swapped);
		if (f->lengths == LENGTHS_SWAPPED ||
		    (f->lengths == LENGTHS_MAYBE && caplen > wirelen)) {
			uint32_t other = caplen;

			caplen = wirelen;
			wirelen = other;
		}
		if (caplen == 0 && sec == 0 && end - p < HOLE && !r->in.ended) {
			f->ahead = true;
			need = HOLE;
			break;
		}
		if (caplen > READER_MAX_CAPLEN ||
		    (sec == magic && !memcmp(p, f->start, 8)) ||
		    (caplen == 0 && sec == 0 && end - p >= HOLE &&
		     all_zero(p, HOLE))) {
			r->n = (size_t)(out - r->pkts);
			r->facts.packets = number;
			r->in.pos = p;
			pcapin_bad_header(r, f, p);
			return 0;
		}
		if ((size_t)(end - p) - header < caplen) {
			need = (size_t)header + caplen;
			break;
		}
		if (caplen > LONG_RECORD && !r->options.recover) {
			need = (size_t)header + caplen;
			break;
		}
		out->data = p + header;
		out->caplen = caplen;
		out->wirelen = wirelen;
		out->time_ns = (int64_t)sec * NS_PER_S + (int64_t)frac * unit;
		out->time_raw = (uint64_t)sec * fraction + frac;
		out->iface = iface;
		out->flags = PKT_RAW_TIME;
		out->number = ++number;
		out->meta = NULL;
		if (frac >= fraction || wirelen < caplen || caplen > snaplen)
			pcapin_odd(r, f, out, sec, frac, wirelen);
		out++;
		p += header + caplen;
	}
	r->n = (size_t)(out - r->pkts);
	r->facts.packets = number;
	r->in.pos = p;
	return need;
}

size_t pcapin_batch(struct reader *r, struct pcap_in *f, size_t most)
{
	return f->swapped ? pcapin_batch_in(r, f, most, true)
			  : pcapin_batch_in(r, f, most, false);
}

enum reader_event pcapin_cut(struct reader *r, size_t need)
{
	uint64_t left = input_left_in_all(&r->in);
	uint64_t at = input_at(&r->in, r->in.pos);
	struct pcap_in *f = r->state;

	if (left == 0)
		return READER_END;
	if (left < f->header)
		reader_fault(r, at,
			     "truncated packet header: %llu bytes missing",
			     (unsigned long long)(f->header - left));
	else
		reader_fault(r, at,
			     "truncated packet: %zu bytes expected, %llu left "
			     "in the file%s",
			     need - f->header,
			     (unsigned long long)(left - f->header),
			     looks_like_text_transfer(&r->in)
				 ? " (was the file transferred as text?)"
				 : "");
	return READER_FAULT;
}

/* A packet that is too long to be held begins at pos, where its header is;
   the record has need bytes. */
static enum reader_event pcapin_long(struct reader *r, struct pcap_in *f,
				     size_t need)
{
	uint64_t at = input_at(&r->in, r->in.pos), got;
	uint32_t caplen = (uint32_t)(need - f->header);
	const uint8_t *p = r->in.pos;
	uint32_t sec = get32(p, f->swapped), frac = get32(p + 4, f->swapped);
	uint32_t wirelen = get32(p + 12, f->swapped);

	if (wirelen == caplen) /* in that order or the other */
		wirelen = get32(p + 8, f->swapped);
	if (!r->in.follow && need > input_left_in_all(&r->in))
		return pcapin_cut(r, need);
	r->in.pos += f->header;
	switch (long_packet_take(&r->rest, &r->in, LONG_HEAD,
				 caplen - LONG_HEAD, &got, &r->err)) {
	case INPUT_READY:
		break;
	case INPUT_END:
		reader_fault(r, at,
			     "truncated packet: %u bytes expected, %llu left "
			     "in the file",
			     caplen, (unsigned long long)got);
		return READER_FAULT;
	case INPUT_BROKEN:
		err_in_file(&r->err, r->facts.path);
		err_at(&r->err, at, r->facts.packets + 1);
		return READER_FAULT;
	}
	r->metas[0] = (struct pkt_meta){.tail = &r->rest.tail};
	r->pkts[0] = (struct pkt){
	    .data = r->rest.head,
	    .caplen = caplen,
	    .wirelen = wirelen,
	    .time_ns = (int64_t)sec * NS_PER_S + (int64_t)frac * f->unit,
	    .time_raw = (uint64_t)sec * f->fraction + frac,
	    .iface = r->iface.id,
	    .flags = PKT_RAW_TIME | PKT_LONG,
	    .number = ++r->facts.packets,
	    .meta = &r->metas[0],
	};
	pcapin_odd(r, f, &r->pkts[0], sec, frac, wirelen);
	r->pkts[0].caplen = LONG_HEAD;
	r->pkts[0].more = caplen - LONG_HEAD;
	r->n = 1;
	return READER_PACKETS;
}

static enum reader_event pcapin_next(struct reader *r)
{
	struct pcap_in *f = r->state;

	if (!f->told) {
		f->told = true;
		pcapin_iface(r, f);
		r->facts.ifaces++;
		return READER_IFACE;
	}
	if (r->options.recover)
		return pcapin_recover(r, f);
	while (r->err.kind == ERR_NONE) {
		size_t need = pcapin_batch(r, f, READER_BATCH);

		if (r->n)
			return READER_PACKETS;
		if (r->err.kind)
			break;
		if (need > f->header + LONG_RECORD)
			return pcapin_long(r, f, need);
		switch (input_fill(&r->in, need)) {
		case INPUT_READY:
			break;
		case INPUT_END:
			if (f->ahead)
				break;
			return pcapin_cut(r, need);
		case INPUT_BROKEN:
			reader_broken(r);
		}
	}
	return READER_FAULT;
}

static void pcapin_finish(struct reader *r)
{
	free(r->state);
}

const struct reader_format pcap_reader = {
    .name = "pcap",
    .probe = pcapin_probe,
    .start = pcapin_start,
    .next = pcapin_next,
    .finish = pcapin_finish,
};
