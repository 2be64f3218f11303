/*
 * Writing pcap files (draft-ietf-opsawg-pcap): a header of 24 bytes, then
 * records of 16 bytes and the packet, in this host's byte order. Packets that
 * came from a pcap file get its header again, byte order and all.
 *
 * What pcap has no place for is counted, and told when the file is closed.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "file/format.h"
#include "file/pcap.h"
#include "file/pcapng.h"
#include "file/writer.h"
#include "pkt/options.h"
#include "pkt/pseudo.h"

#define DEFAULT_SNAPLEN 262144

/* What gets lost on the way to pcap. */
enum loss {
	LOST_COMMENTS,
	LOST_OPTIONS,
	LOST_IFACES,
	LOST_NAMES,
	LOST_SECRETS,
	LOST_STATISTICS,
	LOST_BLOCKS,
	LOST_FRACTIONS,
	LOST_FCS,
	LOST_TIMES,
	LOSSES
};

static const char *const losses[LOSSES] = {
    [LOST_COMMENTS] = "comment(s)",
    [LOST_OPTIONS] = "other option(s) of packets",
    [LOST_IFACES] = "which of the interfaces a packet is of",
    [LOST_NAMES] = "block(s) of names",
    [LOST_SECRETS] = "block(s) of secrets",
    [LOST_STATISTICS] = "block(s) of statistics",
    [LOST_BLOCKS] = "other block(s)",
    [LOST_FRACTIONS] = "timestamp(s) finer than the file's",
    [LOST_FCS] = "frame check sequence(s), which not all interfaces have",
    [LOST_TIMES] = "timestamp(s) unknown or out of range",
};

struct pcap_writer {
	struct writer writer;
	bool nano;
	bool swapped; /* not in this host's byte order */
	bool begun;   /* the header is out: the link type is fixed */
	bool resumed; /* it was there before */
	bool quiet;   /* no notes */
	bool some;    /* there are packets */
	uint8_t header[PCAP_HEADER];
	uint64_t header_at;
	uint32_t linktype;
	uint32_t snaplen; /* that the header says, or will */
	uint32_t longest; /* of all interfaces */
	bool late;	  /* interfaces may come between packets */
	int fcslen;	  /* that the header says, or will */
	bool strips;	  /* some interface has another one */
	int8_t *fcslens;  /* by interface */
	size_t n_fcslens;
	bool other_unit; /* an interface counts time in another unit */
	uint64_t ifaces;
	uint64_t lost[LOSSES];
};

static size_t record_length(const uint8_t *p)
{
	return PCAP_RECORD + (size_t)get32(p + 8, false);
}

static size_t record_length_swapped(const uint8_t *p)
{
	return PCAP_RECORD + (size_t)get32(p + 8, true);
}

/* The header that the packets had in the pcap file they came from, if it can
   be this file's as well. */
static const uint8_t *old_header(const struct pcap_writer *w,
				 const struct iface *iface, bool *swapped)
{
	const uint32_t magic = w->nano ? PCAP_MAGIC_NS : PCAP_MAGIC;
	struct options options = options_of_meta(iface->meta);
	struct option o;
	uint32_t snaplen;

	while (options_next(&options, &o)) {
		if (o.code != OPTION_PCAP_HEADER || o.len != PCAP_HEADER)
			continue;
		*swapped = get32(o.value, true) == magic;
		snaplen = get32(o.value + 16, *swapped);
		if (snaplen > INT32_MAX)
			snaplen = 0;
		if (get32(o.value, *swapped) == magic &&
		    get16(o.value + 4, *swapped) == PCAP_MAJOR &&
		    get16(o.value + 6, *swapped) == PCAP_MINOR &&
		    snaplen == iface->snaplen &&
		    (get32(o.value + 20, *swapped) & PCAP_LINK_TYPE) ==
			iface->linktype)
			return o.value;
	}
	return NULL;
}

/* The longest packet of an interface. */
static uint32_t longest_of(const struct iface *iface)
{
	return iface->snaplen ? iface->snaplen : DEFAULT_SNAPLEN;
}

static void make_header(const struct pcap_writer *w, const struct iface *iface,
			uint8_t *p)
{
	put32(p, w->nano ? PCAP_MAGIC_NS : PCAP_MAGIC, false);
	put16(p + 4, PCAP_MAJOR, false);
	put16(p + 6, PCAP_MINOR, false);
	put64(p + 8, 0, false); /* zone, accuracy: always 0 */
	put32(p + 16, longest_of(iface), false);
	put32(p + 20, iface->linktype, false);
}

/* Can a file header say so many bytes of frame check sequence? */
static bool can_say_fcs(int fcslen)
{
	return fcslen >= 0 && fcslen % 2 == 0 && fcslen < 32;
}

/* What the header says of frame check sequences. */
static void header_fcs(struct pcap_writer *w)
{
	uint32_t link = get32(w->header + 20, w->swapped);

	link &= ~(PCAP_LINK_HAS_FCS | ~0U << PCAP_LINK_FCS_SHIFT);
	if (w->fcslen >= 0)
		link |= PCAP_LINK_HAS_FCS | (uint32_t)(w->fcslen / 2)
						<< PCAP_LINK_FCS_SHIFT;
	put32(w->header + 20, link, w->swapped);
}

/* The first interface: what the header is to say. */
static void plan_header(struct pcap_writer *w, const struct iface *iface)
{
	const uint8_t *old = old_header(w, iface, &w->swapped);

	w->swapped = w->swapped && old;
	w->linktype = iface->linktype;
	w->fcslen = can_say_fcs(iface->fcslen) ? iface->fcslen : -1;
	w->longest = w->snaplen = longest_of(iface);
	if (old) {
		memcpy(w->header, old, PCAP_HEADER);
	} else {
		make_header(w, iface, w->header);
		header_fcs(w);
	}
}

/* The snapshot length that will not have to change: of an output that cannot
   be patched, the usual one if longer packets may come. */
static void plan_snaplen(struct pcap_writer *w)
{
	if (w->late && w->longest < DEFAULT_SNAPLEN &&
	    !out_can_patch(&w->writer.out))
		w->longest = DEFAULT_SNAPLEN;
	if (w->longest > w->snaplen)
		put32(w->header + 16, w->longest, w->swapped);
	w->snaplen = w->longest > w->snaplen ? w->longest : w->snaplen;
}

static bool begin(struct pcap_writer *w)
{
	uint8_t *p = out_room(&w->writer.out, PCAP_HEADER);

	if (!p)
		return false;
	plan_snaplen(w);
	w->header_at = out_size(&w->writer.out);
	memcpy(p, w->header, PCAP_HEADER);
	if (w->swapped)
		out_records(&w->writer.out, record_length_swapped, NULL);
	out_done(&w->writer.out, PCAP_HEADER);
	/* the header is not a record: write it before there are any */
	if (!out_flush(&w->writer.out))
		return false;
	w->begun = true;
	return true;
}

/* Packets may be longer than the header says. */
static bool widen(struct pcap_writer *w)
{
	uint8_t word[4];

	if (!out_can_patch(&w->writer.out))
		return true;
	w->snaplen = w->longest;
	put32(word, w->snaplen, w->swapped);
	return out_patch(&w->writer.out, w->header_at + 16, word, 4);
}

/* Count comments among options; how many others there are. */
static uint64_t count_comments(struct pcap_writer *w,
			       const struct pkt_meta *meta, uint16_t but)
{
	struct options options = options_of_meta(meta);
	struct option o;
	uint64_t others = 0;

	while (options_next(&options, &o)) {
		if (o.code == OPTION_COMMENT)
			w->lost[LOST_COMMENTS]++;
		else if (o.code != but)
			others++;
	}
	return others;
}

static bool refuse(struct pcap_writer *w, struct err *err)
{
	err_in_file(err, w->writer.out.name);
	out_forget(&w->writer.out);
	return false;
}

/* Remember how long an interface's frame check sequences are. */
static bool remember_fcs(struct pcap_writer *w, const struct iface *iface,
			 struct err *err)
{
	size_t n = (size_t)iface->id + 1;
	int8_t *lens;

	if (n > w->n_fcslens) {
		lens = realloc(w->fcslens, n);
		if (!lens)
			return err_nomem(err, "interfaces");
		memset(lens + w->n_fcslens, 0, n - w->n_fcslens);
		w->fcslens = lens;
		w->n_fcslens = n;
	}
	w->fcslens[iface->id] =
	    iface->fcslen > 0 && iface->fcslen < 32 ? (int8_t)iface->fcslen : 0;
	return true;
}

/* One more interface: can its packets have, or lose, what the header says of
   frame check sequences? */
static bool fit_fcs(struct pcap_writer *w, const struct iface *iface,
		    struct err *err)
{
	if (!remember_fcs(w, iface, err))
		return false;
	if (iface->fcslen == w->fcslen ||
	    (iface->fcslen <= 0 && w->fcslen <= 0))
		return true;
	if (!w->begun && w->fcslen >= 0) {
		w->fcslen = -1;
		header_fcs(w);
	}
	w->strips = true;
	if (w->fcslen <= 0)
		return true;
	err_set(err, ERR_OUTPUT,
		"a pcap file has one length of frame check sequences: it has "
		"%d, and interface %s has %d (pcapng can hold both)",
		w->fcslen, iface->name ? iface->name : "?",
		iface->fcslen > 0 ? iface->fcslen : 0);
	return refuse(w, err);
}

static bool add_iface(struct sink *s, const struct iface *iface,
		      struct err *err)
{
	struct pcap_writer *w = (struct pcap_writer *)s;

	w->ifaces++;
	if (iface->tsresol != (w->nano ? TSRESOL_NANO : TSRESOL_MICRO))
		w->other_unit = true;
	count_comments(w, iface->meta, OPTION_PCAP_HEADER);
	w->late = w->late || iface->section > 0;
	if (w->ifaces == 1 && !w->resumed) {
		plan_header(w, iface);
		return fit_fcs(w, iface, err);
	}
	if (longest_of(iface) > w->longest)
		w->longest = longest_of(iface);
	if (iface->linktype == w->linktype)
		return fit_fcs(w, iface, err);
	err_set(err, ERR_OUTPUT,
		"a pcap file has one link type: it has %u, and interface %s "
		"is of link type %u (pcapng can hold both)",
		w->linktype, iface->name ? iface->name : "?", iface->linktype);
	return refuse(w, err);
}

struct record {
	uint32_t seconds, fraction, caplen, wirelen;
};

/* Seconds and fraction of a packet that is not of the usual kind. */
static void odd_time(struct pcap_writer *w, const struct pkt *p,
		     struct record *r)
{
	if (p->flags & PKT_BAD_TIME && !w->other_unit) {
		r->seconds = (uint32_t)(p->time_raw >> 32);
		r->fraction = (uint32_t)p->time_raw;
		return;
	}
	if (!(p->flags & PKT_BAD_TIME))
		w->lost[LOST_TIMES]++;
	if (p->flags & PKT_NO_TIME)
		r->seconds = r->fraction = 0;
}

static inline void record_of(struct pcap_writer *w, const struct pkt *p,
			     struct record *r)
{
	const int64_t unit = w->nano ? 1 : NS_PER_US;
	int64_t seconds = p->time_ns / NS_PER_S;
	int64_t rest = p->time_ns % NS_PER_S;

	if (rest < 0) {
		rest += NS_PER_S;
		seconds--;
	}
	r->seconds = (uint32_t)seconds;
	r->fraction = (uint32_t)(rest / unit);
	if (rest % unit)
		w->lost[LOST_FRACTIONS]++;
	r->caplen = pkt_captured(p);
	r->wirelen = p->flags & PKT_BAD_LENGTH ? p->wirelen_raw : p->wirelen;
	if (p->flags & (PKT_BAD_TIME | PKT_NO_TIME) || seconds < 0 ||
	    seconds > (int64_t)UINT32_MAX)
		odd_time(w, p, r);
	if (p->meta)
		w->lost[LOST_OPTIONS] +=
		    count_comments(w, p->meta, OPTION_PCAP_TIME);
	if (pkt_options_more(p)) {
		w->lost[LOST_COMMENTS] += p->meta->tail->comments;
		w->lost[LOST_OPTIONS] += p->meta->tail->others;
	}
}

/* Leave out the frame check sequence of a packet, or what of it there is. */
static void cut_fcs(struct pcap_writer *w, uint32_t iface, struct record *r)
{
	uint32_t len = iface < w->n_fcslens ? (uint32_t)w->fcslens[iface] : 0;

	if (len == 0 || (int)len == w->fcslen || r->wirelen < len)
		return;
	r->wirelen -= len;
	if (r->caplen > r->wirelen)
		r->caplen = r->wirelen;
	w->lost[LOST_FCS]++;
}

/* Before packets: is the header out, and does it allow for their length? */
static bool ready(struct pcap_writer *w)
{
	return (w->begun || begin(w)) && (w->longest <= w->snaplen || widen(w));
}

/* A packet that the header of the file that is added to does not allow for. */
static enum verdict too_long(struct pcap_writer *w, const struct pkt *p)
{
	err_set(&w->writer.sink.err, ERR_OUTPUT,
		"cannot append: its snapshot length is %u, and a packet has %u "
		"bytes",
		w->snaplen, pkt_captured(p));
	err_in_file(&w->writer.sink.err, w->writer.out.name);
	return FAILED;
}

static void put_record(uint8_t *to, const struct record *r, bool swapped)
{
	put32(to, r->seconds, swapped);
	put32(to + 4, r->fraction, swapped);
	put32(to + 8, r->caplen, swapped);
	put32(to + 12, r->wirelen, swapped);
}

/* A packet that is too long to be held. false: the output failed. */
static bool put_long(struct pcap_writer *w, const struct pkt *p)
{
	struct out *out = &w->writer.out;
	uint8_t header[PCAP_RECORD];
	struct record r;

	record_of(w, p, &r);
	if (w->strips)
		cut_fcs(w, p->iface, &r);
	put_record(header, &r, w->swapped);
	return out_long_begin(out) && out_put(out, header, sizeof(header)) &&
	       writer_put_bytes(&w->writer, p, r.caplen,
				w->swapped && pseudo_has(w->linktype),
				w->linktype) &&
	       out_long_end(out);
}

static enum verdict put_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct pcap_writer *w = (struct pcap_writer *)s;
	const bool swapped = w->swapped;
	const bool turns = swapped && pseudo_has(w->linktype);

	w->some = w->some || n > 0;
	if (n > 0 && !ready(w))
		return writer_failed(&w->writer);
	for (; n; n--, p++) {
		struct record r;
		uint8_t *to;

		if (w->resumed && pkt_captured(p) > w->snaplen)
			return too_long(w, p);
		if (p->flags & PKT_LONG) {
			if (!put_long(w, p))
				return writer_failed(&w->writer);
			w->writer.out.packets++;
			continue;
		}
		to = out_room(&w->writer.out, PCAP_RECORD + p->caplen);
		if (!to)
			return writer_failed(&w->writer);
		record_of(w, p, &r);
		if (w->strips)
			cut_fcs(w, p->iface, &r);
		put_record(to, &r, swapped);
		memcpy(to + PCAP_RECORD, p->data, r.caplen);
		if (turns)
			pseudo_turn(w->linktype, to + PCAP_RECORD, r.caplen,
				    false);
		out_done(&w->writer.out, PCAP_RECORD + r.caplen);
		w->writer.out.packets++;
	}
	return GO_ON;
}

/* Who reads along sees the header before there are packets. */
static bool flush_all(struct sink *s, struct err *err)
{
	struct pcap_writer *w = (struct pcap_writer *)s;

	if (!w->begun && w->ifaces > 0 && !w->writer.out.failed)
		begin(w);
	return writer_flush(s, err);
}

static bool lose_block(struct sink *s, const struct block *b, struct err *err)
{
	struct pcap_writer *w = (struct pcap_writer *)s;
	struct pkt_meta meta;

	(void)err;
	if (b->before) /* counted already */
		return true;
	switch (b->type) {
	case BLOCK_SECTION:
		meta = (struct pkt_meta){.options = b->body + SECTION_FIXED,
					 .options_len = b->len - SECTION_FIXED,
					 .swapped = b->swapped};
		count_comments(w, &meta, 0);
		break;
	case BLOCK_NAMES:
		w->lost[LOST_NAMES]++;
		break;
	case BLOCK_SECRETS:
		w->lost[LOST_SECRETS]++;
		break;
	default:
		w->lost[LOST_BLOCKS]++;
	}
	return true;
}

static bool lose_stats(struct sink *s, uint32_t iface, const struct counters *c,
		       int64_t start_ns, int64_t end_ns, struct err *err)
{
	struct pcap_writer *w = (struct pcap_writer *)s;

	(void)iface;
	(void)start_ns;
	(void)end_ns;
	(void)err;
	w->lost[LOST_STATISTICS] += c->meta != NULL;
	return true;
}

static void tell_losses(struct pcap_writer *w)
{
	struct str text = STR_INIT;
	size_t i;

	if (w->ifaces > 1)
		w->lost[LOST_IFACES] = w->ifaces;
	for (i = 0; i < LOSSES; i++) {
		if (!w->lost[i])
			continue;
		if (text.len)
			str_puts(&text, "; ");
		if (i != LOST_IFACES)
			str_printf(&text, "%" PRIu64 " ", w->lost[i]);
		str_puts(&text, losses[i]);
	}
	if (text.len && !w->quiet && !w->writer.out.failed)
		log_note("%s: lost, not representable in pcap: %s",
			 w->writer.out.name, str_text(&text));
	str_fini(&text);
}

static bool finish(struct sink *s, struct err *err)
{
	static const struct iface nothing = {.linktype = 1, .fcslen = -1};
	struct pcap_writer *w = (struct pcap_writer *)s;
	bool good;

	if (s->abandoned)
		out_discard(&w->writer.out);
	else if (w->writer.out.resumed ? !w->some : w->ifaces == 0)
		out_forget(&w->writer.out);
	if (w->ifaces == 0 && !w->begun)
		plan_header(w, &nothing);
	if (!w->begun && !w->writer.out.failed)
		begin(w);
	tell_losses(w);
	good = out_close(&w->writer.out, err);
	free(w->fcslens);
	free(w);
	return good;
}

static const struct sink_ops pcap_ops = {
    .name = "pcap writer",
    .iface = add_iface,
    .packets = put_packets,
    .block = lose_block,
    .flush = flush_all,
    .iface_end = lose_stats,
    .close = finish,
};

/* The file has a header. */
static void resume(struct pcap_writer *w, const struct iface *has)
{
	w->begun = w->resumed = true;
	w->linktype = has->linktype;
	w->swapped = has->swapped;
	w->fcslen = has->fcslen;
	w->snaplen = has->snaplen ? has->snaplen : UINT32_MAX;
	if (w->swapped)
		out_records(&w->writer.out, record_length_swapped, NULL);
}

static struct sink *open_writer(struct out *out, bool nano,
				const struct write_options *o, struct err *err)
{
	struct pcap_writer *w = calloc(1, sizeof(*w));

	if (!w) {
		out_close(out, NULL);
		err_nomem(err, "pcap writer");
		return NULL;
	}
	w->writer.sink.ops = &pcap_ops;
	w->writer.out = *out;
	w->nano = nano;
	w->quiet = o->quiet;
	out_records(&w->writer.out, record_length, NULL);
	if (o->resume)
		resume(w, &o->has);
	return &w->writer.sink;
}

struct sink *pcap_write(struct out *out, const struct write_options *o,
			struct err *err)
{
	return open_writer(out, false, o, err);
}

struct sink *pcap_ns_write(struct out *out, const struct write_options *o,
			   struct err *err)
{
	return open_writer(out, true, o, err);
}
