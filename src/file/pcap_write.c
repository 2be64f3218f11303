/*
 * Writing pcap files (draft-ietf-opsawg-pcap): a header of 24 octets, then
 * records of 16 octets and the packet, all in this host's byte order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "file/format.h"
#include "file/writer.h"

#define HEADER_LEN 24
#define RECORD_LEN 16
#define DEFAULT_SNAPLEN 262144

struct pcap_writer {
	struct writer writer;
	bool nano;
	bool begun; /* the header is out: the link type is fixed */
	uint32_t linktype;
};

struct record {
	uint32_t seconds, fraction, caplen, wirelen;
};

static size_t record_length(const uint8_t *p)
{
	struct record r;

	memcpy(&r, p, sizeof(r));
	return RECORD_LEN + (size_t)r.caplen;
}

static bool begin(struct pcap_writer *w, const struct iface *iface)
{
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, sigfigs, snaplen, linktype;
	} header = {
	    w->nano ? 0xa1b23c4d : 0xa1b2c3d4,
	    2,
	    4,
	    0,
	    0,
	    iface->snaplen ? iface->snaplen : DEFAULT_SNAPLEN,
	    iface->linktype,
	};
	uint8_t *p = out_room(&w->writer.out, HEADER_LEN);

	if (!p)
		return false;
	memcpy(p, &header, HEADER_LEN);
	out_done(&w->writer.out, HEADER_LEN);
	/* the header is no record: out with it before there are any */
	if (!out_flush(&w->writer.out))
		return false;
	w->begun = true;
	w->linktype = iface->linktype;
	return true;
}

static bool add_iface(struct sink *s, const struct iface *iface,
		      struct err *err)
{
	struct pcap_writer *w = (struct pcap_writer *)s;

	if (!w->begun) {
		if (begin(w, iface))
			return true;
		*err = w->writer.out.err;
		return w->writer.out.gone;
	}
	if (iface->linktype == w->linktype)
		return true;
	err_set(err, ERR_OUTPUT,
		"a pcap file has one link type: it has %u, and interface %s "
		"is of link type %u (pcapng can hold both)",
		w->linktype, iface->name ? iface->name : "?", iface->linktype);
	return err_in_file(err, w->writer.out.name);
}

static enum verdict put_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct pcap_writer *w = (struct pcap_writer *)s;
	const int64_t unit = w->nano ? 1 : NS_PER_US;

	for (; n; n--, p++) {
		uint8_t *to = out_room(&w->writer.out, RECORD_LEN + p->caplen);
		int64_t seconds = p->time_ns / NS_PER_S;
		int64_t rest = p->time_ns % NS_PER_S;
		struct record r;

		if (!to)
			return writer_failed(&w->writer);
		if (rest < 0) {
			rest += NS_PER_S;
			seconds--;
		}
		r.seconds = (uint32_t)seconds;
		r.fraction = (uint32_t)(rest / unit);
		r.caplen = p->caplen;
		r.wirelen = p->wirelen;
		memcpy(to, &r, RECORD_LEN);
		memcpy(to + RECORD_LEN, p->data, p->caplen);
		out_done(&w->writer.out, RECORD_LEN + p->caplen);
	}
	return GO_ON;
}

static bool finish(struct sink *s, struct err *err)
{
	static const struct iface nothing = {.linktype = 1};
	struct pcap_writer *w = (struct pcap_writer *)s;
	bool good;

	if (!w->begun)
		begin(w, &nothing);
	good = out_close(&w->writer.out, err);
	free(w);
	return good;
}

static const struct sink_ops pcap_ops = {
    .name = "pcap writer",
    .iface = add_iface,
    .packets = put_packets,
    .flush = writer_flush,
    .close = finish,
};

static struct sink *open_writer(struct out *out, bool nano, struct err *err)
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
	out_records(&w->writer.out, record_length);
	return &w->writer.sink;
}

struct sink *pcap_write(struct out *out, const struct write_options *o,
			struct err *err)
{
	(void)o; /* the format has no place for what it says */
	return open_writer(out, false, err);
}

struct sink *pcap_ns_write(struct out *out, const struct write_options *o,
			   struct err *err)
{
	(void)o;
	return open_writer(out, true, err);
}
