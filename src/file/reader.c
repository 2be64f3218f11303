/* One input: opening it, finding its format, placing its faults. */
#include "file/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "file/format.h"
#include "pkt/pseudo.h"

struct reader *reader_open(const char *path,
			   const struct savefile_options *options, size_t size,
			   struct err *err)
{
	struct reader *r = calloc(1, sizeof(*r));
	bool good;

	if (!r) {
		err_nomem(err, "opening a savefile");
		return NULL;
	}
	good = options && options->stream
		   ? input_stream(&r->in, options->fd, path, size, err)
		   : input_open(&r->in, path, size, err);
	if (!good) {
		err_in_file(err, path);
		free(r);
		return NULL;
	}
	if (options)
		r->options = *options;
	r->in.single = r->options.single;
	r->in.follow = r->options.follow;
	r->facts.path = path;
	r->facts.size = r->in.file.size;
	return r;
}

void reader_close(struct reader *r)
{
	if (!r)
		return;
	if (r->state)
		r->format->finish(r);
	input_close(&r->in);
	long_packet_fini(&r->rest);
	free(r->turned);
	free(r);
}

bool reader_fault(struct reader *r, uint64_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	err_vset(&r->err, ERR_FAULT, format, args);
	va_end(args);
	err_in_file(&r->err, r->facts.path);
	return err_at(&r->err, offset, r->facts.packets + 1);
}

bool reader_broken(struct reader *r)
{
	r->err = r->in.err;
	err_in_file(&r->err, r->facts.path);
	return err_at(&r->err, input_at(&r->in, r->in.end),
		      r->facts.packets + 1);
}

void reader_gap(struct reader *r, uint64_t from, uint64_t to)
{
	if (r->facts.gaps++ == 0)
		r->first_gap = r->err;
	r->facts.gap_bytes += to - from;
	if (from == to)
		log_warn("%s: offset %llu: %s", r->facts.path,
			 (unsigned long long)r->err.offset, r->err.text);
	else
		log_warn("%s: skipped bytes %llu to %llu (%llu): %s",
			 r->facts.path, (unsigned long long)from,
			 (unsigned long long)to,
			 (unsigned long long)(to - from), r->err.text);
	memset(&r->err, 0, sizeof(r->err));
}

enum reader_event reader_recovered(struct reader *r)
{
	if (r->facts.gaps == 0)
		return READER_END;
	r->err = r->first_gap;
	snprintf(r->err.text, sizeof(r->err.text),
		 "damaged: skipped %llu gap(s), %llu bytes in total; the first "
		 "is here",
		 (unsigned long long)r->facts.gaps,
		 (unsigned long long)r->facts.gap_bytes);
	return READER_FAULT;
}

/* The input is not a savefile: say what it looks like. */
static bool reader_refuse(struct reader *r, size_t have)
{
	const uint8_t *p = r->in.pos;
	size_t i, printable = 0;

	for (i = 0; i < have; i++)
		printable += (p[i] >= ' ' && p[i] < 0x7f) || p[i] == '\n' ||
			     p[i] == '\r' || p[i] == '\t';
	if (codec_by_content(p, have))
		err_set(&r->err, ERR_USAGE,
			"not a capture file (%s data%s%s; nested compression "
			"is not supported)",
			codec_by_content(p, have)->name,
			r->in.codec ? " within " : "",
			r->in.codec ? r->in.codec->name : "");
	else if (have == 0)
		err_set(&r->err, ERR_USAGE, "empty, no header");
	else if (have < 4)
		err_set(&r->err, ERR_USAGE,
			"not a capture file (only %zu bytes, truncated in the "
			"header)",
			have);
	else if (have >= 4 && !memcmp(p, "\177ELF", 4))
		err_set(&r->err, ERR_USAGE,
			"not a capture file (an ELF program)");
	else if (have >= 6 &&
		 (!memcmp(p, "\r\n\r\r\r\n", 6) || !memcmp(p, "\n\r\n", 3)))
		err_set(&r->err, ERR_USAGE,
			"a pcapng file that was transferred as text: its line "
			"ends were changed, and with them its packets");
	else if (printable == have)
		err_set(&r->err, ERR_USAGE,
			"not a capture file (looks like text)");
	else
		err_set(&r->err, ERR_USAGE,
			"not a capture file (begins with %02x %02x %02x %02x)",
			p[0], p[1], p[2], p[3]);
	err_at(&r->err, have < 4 ? have : 0, 0);
	return err_in_file(&r->err, r->facts.path);
}

bool reader_start(struct reader *r)
{
	enum input_state got;
	size_t have;

	if (r->started)
		return r->good;
	r->started = true;
	got = input_fill(&r->in, 32);
	have = input_left(&r->in);
	r->facts.compression = r->in.codec ? r->in.codec->name : "none";
	if (got == INPUT_BROKEN && have < 8)
		return reader_broken(r);
	if (have > 32)
		have = 32;
	r->format = format_by_content(r->in.pos, have);
	if (!r->format)
		return reader_refuse(r, have);
	r->facts.format = r->format->name;
	r->good = r->format->start(r);
	return r->good;
}

/* Faults before the first packet or section mean: no savefile. An offset is
   of the unpacked bytes: say so where that matters. */
static void reader_end_fault(struct reader *r)
{
	size_t len = strlen(r->err.text);

	if (r->facts.sections == 0 && r->err.kind == ERR_FAULT) {
		r->err.kind = ERR_USAGE;
		r->err.packet = 0;
	}
	if (r->in.codec && r->err.placed)
		snprintf(r->err.text + len, sizeof(r->err.text) - len,
			 " (offset in the decompressed data)");
}

/* Remember an interface whose packets have headers in the file's byte order,
   where that is not this host's. false: no memory. */
static bool reader_note_iface(struct reader *r)
{
	const struct iface *i = &r->iface;
	size_t n = (size_t)i->id + 1;
	uint32_t *turned;

	if (!i->swapped || !pseudo_has(i->linktype))
		return true;
	if (n > r->n_turned) {
		turned = realloc(r->turned, n * sizeof(*turned));
		if (!turned)
			return err_nomem(&r->err, "interfaces");
		while (r->n_turned < n)
			turned[r->n_turned++] = UINT32_MAX;
		r->turned = turned;
	}
	r->turned[i->id] = i->linktype;
	return true;
}

/* The window is the reader's own until its packets are handed on. */
static void reader_turn(struct reader *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		const struct pkt *p = &r->pkts[i];

		if (p->iface < r->n_turned && r->turned[p->iface] != UINT32_MAX)
			pseudo_turn(r->turned[p->iface],
				    (uint8_t *)(uintptr_t)p->data, p->caplen,
				    true);
	}
}

enum reader_event reader_next(struct reader *r)
{
	enum reader_event event;

	if (!reader_start(r)) {
		reader_end_fault(r);
		return READER_FAULT;
	}
	event = r->format->next(r);
	r->facts.bytes = input_at(&r->in, r->in.pos);
	r->facts.packed = r->in.packed;
	if (event == READER_END)
		r->facts.padded = input_padded(&r->in);
	if (event == READER_IFACE && !reader_note_iface(r))
		event = READER_FAULT;
	if (event == READER_PACKETS && r->n_turned > 0)
		reader_turn(r);
	if (event == READER_FAULT)
		reader_end_fault(r);
	return event;
}
