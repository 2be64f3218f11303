/* Savefiles through libpcap: reading (pcap_open_offline, pcap_dispatch) and
   writing (pcap_open_dead, pcap_dump). */
#include "capture/offline.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/num.h"
#include "capture/linktype.h"
#include "capture/pcaplib.h"
#include "os/outfile.h"
#include "pkt/tail.h"

/* ---- reading ---- */

struct offline {
	struct source source;
	pcap_t *pcap;
	char *path;
	bool nano;
	uint64_t packets;
	struct sink *sink;
	enum verdict verdict;
	volatile sig_atomic_t stop;
};

static void take_packet(u_char *user, const struct pcap_pkthdr *h,
			const u_char *data)
{
	struct offline *o = (void *)user;
	int64_t fraction = (int64_t)h->ts.tv_usec;
	struct pkt p = {
	    .data = data,
	    .caplen = h->caplen,
	    .wirelen = h->len,
	    .time_ns = (int64_t)h->ts.tv_sec * NS_PER_S +
		       (o->nano ? fraction : fraction * NS_PER_US),
	    .number = ++o->packets,
	};

	if (h->len < h->caplen) {
		p.flags |= PKT_BAD_LENGTH;
		p.wirelen_raw = h->len;
		p.wirelen = h->caplen;
	}
	o->verdict = sink_packets(o->sink, &p, 1);
	if (o->verdict != GO_ON)
		libpcap()->breakloop(o->pcap);
}

static bool offline_run(struct source *source, struct sink *sink,
			struct err *err)
{
	struct offline *o = (struct offline *)source;
	int snaplen = libpcap()->snapshot ? libpcap()->snapshot(o->pcap) : 0;
	const struct iface iface = {
	    .linktype = linktype_of_dlt(libpcap()->datalink(o->pcap)),
	    .snaplen = snaplen > 0 ? (uint32_t)snaplen : 0,
	    .tsresol = o->nano ? TSRESOL_NANO : TSRESOL_MICRO,
	    .fcslen = -1,
	    .swapped = libpcap()->is_swapped && libpcap()->is_swapped(o->pcap),
	};
	int n;

	if (!sink_iface(sink, &iface, err))
		return false;
	o->sink = sink;
	do
		n = libpcap()->dispatch(o->pcap, 1024, take_packet,
					(u_char *)o);
	while (n > 0 && !o->stop && o->verdict == GO_ON);
	if (o->verdict == FAILED)
		return err_copy(err, &sink->err);
	if (n != PCAP_ERROR)
		return true;
	err_set(err, ERR_FAULT, "%s (libpcap, after packet %llu)",
		libpcap()->geterr(o->pcap), (unsigned long long)o->packets);
	return err_in_file(err, o->path);
}

static void offline_stop(struct source *source)
{
	struct offline *o = (struct offline *)source;

	o->stop = 1;
	libpcap()->breakloop(o->pcap);
}

static void offline_close(struct source *source)
{
	struct offline *o = (struct offline *)source;

	if (o->pcap)
		libpcap()->close(o->pcap);
	free(o->path);
	free(o);
}

static const struct source_ops offline_ops = {
    .name = "savefile through libpcap",
    .run = offline_run,
    .stop = offline_stop,
    .close = offline_close,
};

struct source *offline_open(const char *path, struct err *err)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	struct offline *o;

	if (!pcaplib_need(open_offline, err))
		return NULL;
	o = calloc(1, sizeof(*o));
	if (!o || !(o->path = strdup(path))) {
		err_nomem(err, "opening a savefile");
		free(o);
		return NULL;
	}
	o->source.ops = &offline_ops;
	o->nano = libpcap()->open_offline_with_tstamp_precision != NULL;
	if (o->nano)
		o->pcap = libpcap()->open_offline_with_tstamp_precision(
		    path, PCAP_TSTAMP_PRECISION_NANO, reason);
	else
		o->pcap = libpcap()->open_offline(path, reason);
	if (o->pcap)
		return &o->source;
	err_set(err, ERR_USAGE, "%s (libpcap)", reason);
	err_in_file(err, path);
	offline_close(&o->source);
	return NULL;
}

/* ---- writing ---- */

struct dump {
	struct sink sink;
	char *path;
	char *temporary; /* replaces the file at path when it is whole */
	struct offline_options options;
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	uint32_t linktype;
	uint64_t blocks; /* that are lost */
};

static bool dump_fail(struct dump *d, struct err *err, const char *reason)
{
	err_set(err, ERR_OUTPUT, "%s (libpcap)", reason);
	return err_in_file(err, d->path);
}

static bool dump_begin(struct dump *d, const struct iface *iface,
		       struct err *err)
{
	const int snaplen = iface->snaplen ? (int)iface->snaplen : 262144;
	const int dlt = linktype_dlt(iface->linktype);

	if (d->options.nanoseconds)
		d->pcap = libpcap()->open_dead_with_tstamp_precision(
		    dlt, snaplen, PCAP_TSTAMP_PRECISION_NANO);
	else
		d->pcap = libpcap()->open_dead(dlt, snaplen);
	if (!d->pcap)
		return err_nomem(err, "libpcap");
	d->dumper = d->options.append
			? libpcap()->dump_open_append(d->pcap, d->path)
			: libpcap()->dump_open(
			      d->pcap, d->temporary ? d->temporary : d->path);
	if (!d->dumper)
		return dump_fail(d, err, libpcap()->geterr(d->pcap));
	d->linktype = iface->linktype;
	return true;
}

static bool dump_iface(struct sink *s, const struct iface *iface,
		       struct err *err)
{
	struct dump *d = (struct dump *)s;

	if (!d->dumper)
		return dump_begin(d, iface, err);
	return iface->linktype == d->linktype ||
	       dump_fail(d, err, "a pcap file has one link type");
}

static enum verdict dump_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct dump *d = (struct dump *)s;
	const int64_t unit = d->options.nanoseconds ? 1 : NS_PER_US;

	for (; n; n--, p++) {
		int64_t rest = p->time_ns % NS_PER_S;
		struct pcap_pkthdr h = {.caplen = p->caplen, .len = p->wirelen};

		if (p->flags & PKT_LONG) {
			err_set(&s->err, ERR_OUTPUT,
				"a packet of %u bytes cannot be written with "
				"libpcap (limit %u)",
				pkt_captured(p), p->caplen);
			err_in_file(&s->err, d->path);
			return FAILED;
		}
		if (rest < 0)
			rest += NS_PER_S;
		h.ts.tv_sec = (p->time_ns - rest) / NS_PER_S;
		h.ts.tv_usec = rest / unit;
		libpcap()->dump((u_char *)d->dumper, &h, p->data);
	}
	/* pcap_dump() itself does not report failures. */
	if (libpcap()->dump_file && ferror(libpcap()->dump_file(d->dumper))) {
		err_sys(&s->err, ERR_OUTPUT, errno, "cannot write");
		err_in_file(&s->err, d->path);
		return FAILED;
	}
	return GO_ON;
}

static bool dump_block(struct sink *s, const struct block *block,
		       struct err *err)
{
	(void)err;
	((struct dump *)s)->blocks += block->before == 0;
	return true;
}

static bool dump_flush(struct sink *s, struct err *err)
{
	struct dump *d = (struct dump *)s;

	return !d->dumper || libpcap()->dump_flush(d->dumper) == 0 ||
	       dump_fail(d, err, "cannot flush the file");
}

static bool dump_close(struct sink *s, struct err *err)
{
	struct dump *d = (struct dump *)s;
	bool good = true;

	if (d->dumper) {
		good = dump_flush(s, err);
		libpcap()->dump_close(d->dumper);
	}
	if (d->blocks && good)
		log_note("%s: %llu blocks are lost, as pcap has none", d->path,
			 (unsigned long long)d->blocks);
	if (d->pcap)
		libpcap()->close(d->pcap);
	if (d->temporary && good && d->dumper && !s->abandoned &&
	    rename(d->temporary, d->path) != 0) {
		good = err_sys(err, ERR_OUTPUT, errno, "cannot write");
		err_in_file(err, d->path);
	}
	if (d->temporary && (!good || !d->dumper || s->abandoned))
		unlink(d->temporary);
	free(d->temporary);
	free(d->path);
	free(d);
	return good;
}

static const struct sink_ops dump_ops = {
    .name = "savefile through libpcap",
    .iface = dump_iface,
    .packets = dump_packets,
    .block = dump_block,
    .flush = dump_flush,
    .close = dump_close,
};

/* Name a file beside the one that is to be replaced. */
static bool make_beside(struct dump *d, const struct outfile_how *how,
			struct err *err)
{
	char name[PATH_MAX];
	int fd = outfile_beside(d->path, how, name, sizeof(name), err);

	if (fd < 0)
		return false;
	close(fd);
	d->temporary = strdup(name);
	return d->temporary || err_nomem(err, "making a savefile");
}

/* May the file be written to, as os/outfile.h has it? One that is replaced is
   made beside it. */
static bool prepare(struct dump *d, struct err *err)
{
	const struct outfile_how how = {.force = d->options.force};
	struct stat st;
	int fd;

	if (!strcmp(d->path, "-"))
		return true;
	if (d->options.append && lstat(d->path, &st) == 0) {
		fd = outfile_append(d->path, err);
		if (fd >= 0)
			close(fd);
		return fd >= 0;
	}
	if (!outfile_may(d->path, &how, err))
		return false;
	return !d->options.force || !outfile_is_file(d->path) ||
	       make_beside(d, &how, err);
}

struct sink *offline_create(const char *path, const struct offline_options *o,
			    struct err *err)
{
	struct dump *d;

	if (!pcaplib_need(dump_open, err) || !pcaplib_need(dump_flush, err) ||
	    !pcaplib_need(dump, err) || !pcaplib_need(dump_close, err))
		return NULL;
	if ((o->append && !pcaplib_need(dump_open_append, err)) ||
	    (o->nanoseconds &&
	     !pcaplib_need(open_dead_with_tstamp_precision, err)))
		return NULL;
	d = calloc(1, sizeof(*d));
	if (!d || !(d->path = strdup(path))) {
		err_nomem(err, "making a savefile");
		free(d);
		return NULL;
	}
	d->sink.ops = &dump_ops;
	d->options = *o;
	if (!prepare(d, err)) {
		dump_close(&d->sink, NULL);
		return NULL;
	}
	return &d->sink;
}
