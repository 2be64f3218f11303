/*
 * Writing pcapng files (draft-ietf-opsawg-pcapng): one section in this host's
 * byte order. Every block is
 *
 *	type (4)  length (4)  body, padded to 32 bits  length again (4)
 */
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "file/format.h"
#include "file/writer.h"

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a
};

enum {
	OPT_END = 0,
	OPT_COMMENT = 1,
	SHB_HARDWARE = 2,
	SHB_OS = 3,
	SHB_USERAPPL = 4,
	IF_NAME = 2,
	IF_DESCRIPTION = 3,
	IF_MACADDR = 6,
	IF_SPEED = 8,
	IF_TSRESOL = 9,
	IF_FILTER = 11,
	IF_OS = 12,
	IF_FCSLEN = 13,
	IF_TSOFFSET = 14,
	IF_HARDWARE = 15,
	EPB_FLAGS = 2,
	ISB_STARTTIME = 2,
	ISB_ENDTIME = 3,
	ISB_IFRECV = 4,
	ISB_IFDROP = 5,
	ISB_FILTERACCEPT = 6,
	ISB_OSDROP = 7,
	ISB_USRDELIV = 8
};

#define PACKET_LEN 28	  /* of a packet block before the packet */
#define PACKET_OPTIONS 12 /* epb_flags and the end of the options */
#define OPTION_MAX 65532  /* octets of an option's value */
#define BYTE_ORDER_MAGIC 0x1a2b3c4d

/* An interface of the source and what its blocks are written with. */
struct ng_iface {
	uint32_t index; /* in the section */
	uint8_t tsresol;
	bool known, filtered;
	int64_t tsoffset;
};

struct ng_writer {
	struct writer writer;
	struct ng_iface *ifaces; /* by the source's id */
	size_t n_ifaces;
	uint32_t next; /* index of the next interface */
};

static size_t record_length(const uint8_t *p)
{
	uint32_t len;

	memcpy(&len, p + 4, sizeof(len));
	return len;
}

/* ---- blocks that are written seldom: built as growing text ---- */

static void put32(struct str *b, uint32_t v)
{
	str_put(b, &v, sizeof(v));
}

static void put16(struct str *b, uint16_t v)
{
	str_put(b, &v, sizeof(v));
}

static void put_option(struct str *b, uint16_t code, const void *value,
		       size_t len)
{
	if (len > OPTION_MAX)
		len = OPTION_MAX;
	put16(b, code);
	put16(b, (uint16_t)len);
	str_put(b, value, len);
	str_pad(b, '\0', -len & 3);
}

static void put_text(struct str *b, uint16_t code, const char *text)
{
	if (text)
		put_option(b, code, text, strlen(text));
}

static void put_u64(struct str *b, uint16_t code, uint64_t v)
{
	put_option(b, code, &v, sizeof(v));
}

static void put_count(struct str *b, uint16_t code, uint64_t v)
{
	if (v != COUNT_UNKNOWN)
		put_u64(b, code, v);
}

/* A 64-bit time as two halves, the upper one first. */
static void put_time(struct str *b, uint16_t code, uint64_t v)
{
	const uint32_t halves[2] = {(uint32_t)(v >> 32), (uint32_t)v};

	put_option(b, code, halves, sizeof(halves));
}

/* The capture filter as a string: kind 0, then the text. */
static void put_filter(struct str *b, const char *text)
{
	struct str value = STR_INIT;

	if (!text)
		return;
	str_putc(&value, 0);
	str_puts(&value, text);
	put_option(b, IF_FILTER, str_text(&value), value.len);
	str_fini(&value);
}

/* Wrap body as a block and put it out; frees body. false: failed. */
static bool put_block(struct ng_writer *w, uint32_t type, struct str *body)
{
	uint32_t len = (uint32_t)body->len + 12;
	uint8_t *p = NULL;

	if (body->failed) {
		w->writer.out.failed = true;
		err_nomem(&w->writer.out.err, "pcapng block");
	} else {
		p = out_room(&w->writer.out, len);
	}
	if (p) {
		memcpy(p, &type, 4);
		memcpy(p + 4, &len, 4);
		memcpy(p + 8, str_text(body), body->len);
		memcpy(p + 8 + body->len, &len, 4);
		out_done(&w->writer.out, len);
	}
	str_fini(body);
	return p != NULL;
}

static bool put_section(struct ng_writer *w, const struct write_options *o)
{
	struct str b = STR_INIT;

	put32(&b, BYTE_ORDER_MAGIC);
	put16(&b, 1);
	put16(&b, 0);
	put32(&b, UINT32_MAX); /* length of the section: not known */
	put32(&b, UINT32_MAX);
	put_text(&b, OPT_COMMENT, o->comment);
	put_text(&b, SHB_HARDWARE, o->hardware);
	put_text(&b, SHB_OS, o->os);
	put_text(&b, SHB_USERAPPL, o->application);
	put32(&b, OPT_END);
	return put_block(w, BLOCK_SECTION, &b);
}

static bool put_interface(struct ng_writer *w, const struct iface *iface)
{
	const uint8_t fcslen = (uint8_t)iface->fcslen;
	struct str b = STR_INIT;

	put16(&b, (uint16_t)iface->linktype);
	put16(&b, 0);
	put32(&b, iface->snaplen);
	put_text(&b, IF_NAME, iface->name);
	put_text(&b, IF_DESCRIPTION, iface->description);
	if (iface->mac)
		put_option(&b, IF_MACADDR, iface->mac, 6);
	if (iface->speed)
		put_u64(&b, IF_SPEED, iface->speed);
	put_option(&b, IF_TSRESOL, &iface->tsresol, 1);
	put_filter(&b, iface->filter);
	put_text(&b, IF_OS, iface->os);
	if (iface->fcslen >= 0)
		put_option(&b, IF_FCSLEN, &fcslen, 1);
	if (iface->tsoffset)
		put_u64(&b, IF_TSOFFSET, (uint64_t)iface->tsoffset);
	put_text(&b, IF_HARDWARE, iface->hardware);
	put32(&b, OPT_END);
	return put_block(w, BLOCK_INTERFACE, &b);
}

static struct ng_iface *add_iface(struct ng_writer *w, uint32_t id)
{
	size_t n = (size_t)id + 1;
	struct ng_iface *ifaces;

	if (n > w->n_ifaces) {
		ifaces = realloc(w->ifaces, n * sizeof(*ifaces));
		if (!ifaces)
			return NULL;
		memset(ifaces + w->n_ifaces, 0,
		       (n - w->n_ifaces) * sizeof(*ifaces));
		w->ifaces = ifaces;
		w->n_ifaces = n;
	}
	return &w->ifaces[id];
}

static bool output_failed(struct ng_writer *w, struct err *err)
{
	if (err)
		*err = w->writer.out.err;
	return w->writer.out.gone;
}

static bool ng_iface(struct sink *s, const struct iface *iface, struct err *err)
{
	struct ng_writer *w = (struct ng_writer *)s;
	struct ng_iface *i = add_iface(w, iface->id);

	if (!i)
		return err_nomem(err, "interfaces");
	if (!put_interface(w, iface))
		return output_failed(w, err);
	*i = (struct ng_iface){
	    .index = w->next++,
	    .tsresol = iface->tsresol,
	    .known = true,
	    .filtered = iface->filter && iface->filter[0],
	    .tsoffset = iface->tsoffset,
	};
	/* so that whoever reads along knows it at once */
	return out_flush(&w->writer.out) || output_failed(w, err);
}

static uint64_t stored_time(const struct ng_iface *i, const struct pkt *p)
{
	if (p->flags & PKT_RAW_TIME)
		return p->time_raw;
	if (i->tsresol == TSRESOL_NANO && !i->tsoffset)
		return (uint64_t)p->time_ns;
	return time_in_units(p->time_ns - i->tsoffset * NS_PER_S, i->tsresol);
}

static enum verdict ng_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct ng_writer *w = (struct ng_writer *)s;

	for (; n; n--, p++) {
		const struct ng_iface *i = &w->ifaces[p->iface];
		uint32_t direction = p->flags & PKT_DIRECTION;
		uint32_t pad = -p->caplen & 3;
		uint32_t len = PACKET_LEN + p->caplen + pad + 4 +
			       (direction ? PACKET_OPTIONS : 0);
		uint8_t *to = out_room(&w->writer.out, len);
		uint64_t time = stored_time(i, p);

		if (!to)
			return writer_failed(&w->writer);
		memcpy(to,
		       (uint32_t[7]){BLOCK_PACKET, len, i->index,
				     (uint32_t)(time >> 32), (uint32_t)time,
				     p->caplen, p->wirelen},
		       PACKET_LEN);
		memcpy(to + PACKET_LEN, p->data, p->caplen);
		to += PACKET_LEN + p->caplen;
		memset(to, 0, pad);
		to += pad;
		if (direction) {
			memcpy(to, (uint16_t[2]){EPB_FLAGS, 4}, 4);
			memcpy(to + 4, &direction, 4);
			memset(to + 8, 0, 4);
			to += PACKET_OPTIONS;
		}
		memcpy(to, &len, 4);
		out_done(&w->writer.out, len);
	}
	return GO_ON;
}

static bool ng_iface_end(struct sink *s, uint32_t id, const struct counters *c,
			 int64_t start_ns, int64_t end_ns, struct err *err)
{
	struct ng_writer *w = (struct ng_writer *)s;
	const struct ng_iface *i;
	struct str b = STR_INIT;
	uint64_t end;

	if (id >= w->n_ifaces || !w->ifaces[id].known)
		return true;
	i = &w->ifaces[id];
	end = time_in_units(end_ns, i->tsresol);
	put32(&b, i->index);
	put32(&b, (uint32_t)(end >> 32));
	put32(&b, (uint32_t)end);
	put_time(&b, ISB_STARTTIME, time_in_units(start_ns, i->tsresol));
	put_time(&b, ISB_ENDTIME, end);
	/* what passed the filter is what came only if there is no filter */
	if (!i->filtered)
		put_count(&b, ISB_IFRECV, c->received);
	put_count(&b, ISB_IFDROP, c->ifdropped);
	put_count(&b, ISB_FILTERACCEPT, c->received);
	put_count(&b, ISB_OSDROP, c->dropped);
	put_count(&b, ISB_USRDELIV, c->delivered);
	put32(&b, OPT_END);
	return put_block(w, BLOCK_STATISTICS, &b) || output_failed(w, err);
}

static bool ng_close(struct sink *s, struct err *err)
{
	struct ng_writer *w = (struct ng_writer *)s;
	bool good = out_close(&w->writer.out, err);

	free(w->ifaces);
	free(w);
	return good;
}

static const struct sink_ops ng_ops = {
    .name = "pcapng writer",
    .iface = ng_iface,
    .packets = ng_packets,
    .flush = writer_flush,
    .iface_end = ng_iface_end,
    .close = ng_close,
};

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
	out_records(&w->writer.out, record_length);
	if (put_section(w, o) && out_flush(&w->writer.out))
		return &w->writer.sink;
	*err = w->writer.out.err;
	ng_close(&w->writer.sink, NULL);
	return NULL;
}
