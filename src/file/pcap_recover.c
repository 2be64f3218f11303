/*
 * Reading a damaged pcap file on: where a record cannot be right, look for the
 * next one that can.
 *
 * A record header is plausible when its lengths and its fraction are possible
 * and it is not all zeros; three plausible records in a row (or fewer that end
 * where the file ends) are taken for packets: chance makes three of them once
 * in 2^100. A record is believed if the next header is plausible too; else the
 * fault may be in its own length, and its data is searched before it is taken
 * for whole, so that no good packet is swallowed.
 */
#include "file/pcap_in.h"

/* Records in a row that convince. */
#define CHAIN 3

/* The longest captured length that is believed at once in a damaged file, and
   the longest that is if what follows it convinces. */
#define LONGEST ((uint32_t)16 << 20)

static uint32_t longest(const struct pcap_in *f)
{
	const uint32_t usual = 262144;

	return f->snaplen != UINT32_MAX && f->snaplen > usual ? f->snaplen
							      : usual;
}

struct lengths {
	uint32_t cap, wire;
};

static struct lengths lengths_at(const struct pcap_in *f, const uint8_t *p)
{
	struct lengths l = {get32(p + 8, f->swapped),
			    get32(p + 12, f->swapped)};

	if (f->lengths == LENGTHS_SWAPPED ||
	    (f->lengths == LENGTHS_MAYBE && l.cap > l.wire))
		l = (struct lengths){l.wire, l.cap};
	return l;
}

static bool is_plausible(const struct pcap_in *f, const uint8_t *p)
{
	struct lengths l = lengths_at(f, p);

	return get32(p + 4, f->swapped) < f->fraction && l.cap <= longest(f) &&
	       l.cap <= l.wire && l.wire <= READER_MAX_CAPLEN &&
	       (get32(p, f->swapped) != 0 || l.cap != 0) &&
	       memcmp(p, f->start, 8) != 0;
}

/* Have n bytes behind pos + at; more are not needed if the file ends. */
static bool have(struct reader *r, size_t at, size_t n)
{
	if (input_left(&r->in) < at + n)
		input_fill(&r->in, at + n);
	return input_left(&r->in) >= at + n;
}

/* Do CHAIN plausible records begin at pos + at? */
static bool is_chain(struct reader *r, struct pcap_in *f, size_t at)
{
	int found;

	for (found = 0; found < CHAIN; found++) {
		if (!have(r, at, f->header)) {
			/* the file ends here, or within a header */
			return found > 0 &&
			       (found > 1 || input_left(&r->in) == at);
		}
		if (!is_plausible(f, r->in.pos + at))
			return false;
		at += f->header + lengths_at(f, r->in.pos + at).cap;
		if (!have(r, at, 0))
			return found > 1; /* cut in a later record */
	}
	return true;
}

/* Does a chain, or another file's header, begin within from..to? */
static bool find_chain(struct reader *r, struct pcap_in *f, size_t from,
		       size_t to, size_t *at)
{
	for (; from < to && have(r, from, f->header); from++) {
		*at = from;
		if (!memcmp(r->in.pos + from, f->start, 8) &&
		    have(r, from, PCAP_HEADER))
			return true;
		if (is_plausible(f, r->in.pos + from) && is_chain(r, f, from))
			return true;
	}
	return false;
}

/* Is there, behind an uncommonly long packet, the end or another one? */
static bool is_long_packet(struct reader *r, struct pcap_in *f, size_t next)
{
	if (next > LONGEST || !have(r, next, 0))
		return false;
	return (!have(r, next, 1) && input_left(&r->in) == next) ||
	       is_chain(r, f, next);
}

/*
 * Is what begins at pos a packet? false: no, and r->err is set. When fewer
 * bytes are left than it needs, r->err says that it is cut.
 */
static bool is_packet(struct reader *r, struct pcap_in *f)
{
	uint64_t offset = input_at(&r->in, r->in.pos);
	struct lengths l = lengths_at(f, r->in.pos);
	size_t next = (size_t)f->header + l.cap, at;

	if (l.cap > longest(f) && is_long_packet(r, f, next))
		return true;
	if (l.cap > longest(f) || !have(r, next, 0)) {
		if (l.cap <= longest(f))
			pcapin_cut(r, next);
		else
			reader_fault(r, offset, "no packet has %u bytes",
				     l.cap);
		return false;
	}
	if (!have(r, next, f->header)) /* the last one, or cut behind it */
		return is_plausible(f, r->in.pos) ||
		       input_left(&r->in) == next ||
		       reader_fault(r, offset, "no plausible record header");
	if (is_plausible(f, r->in.pos + next) && is_chain(r, f, next))
		return true;
	if (!is_plausible(f, r->in.pos))
		return reader_fault(r, offset, "no plausible record header");
	/* This header or the next one is damaged. */
	if (!find_chain(r, f, f->header, next, &at))
		return true;
	return reader_fault(
	    r, offset, "a packet of %u bytes with other packets in it", l.cap);
}

/* Pass over what is damaged at pos. */
static void resync(struct reader *r, struct pcap_in *f)
{
	uint64_t from = input_at(&r->in, r->in.pos);
	const size_t step = 65536;
	size_t at;

	/* The byte at pos is part of the damage. */
	r->in.pos++;
	while (!find_chain(r, f, 0, step, &at)) {
		if (have(r, 0, step + f->header)) {
			r->in.pos += step;
			continue;
		}
		at = input_left(&r->in);
		break;
	}
	r->in.pos += at;
	reader_gap(r, from, input_at(&r->in, r->in.pos));
}

/* Another file's header, as when files were put one behind the other. */
static bool next_file(struct reader *r, struct pcap_in *f)
{
	uint64_t from = input_at(&r->in, r->in.pos);
	uint8_t before[PCAP_HEADER];

	if (!have(r, 0, PCAP_HEADER) || memcmp(r->in.pos, f->start, 8) != 0)
		return false;
	memcpy(before, f->start, sizeof(before));
	reader_fault(r, from, "another pcap header");
	r->in.pos += PCAP_HEADER;
	memcpy(f->start, r->in.pos - PCAP_HEADER, PCAP_HEADER);
	/* A new interface, unless it is the same. */
	f->told = !memcmp(before, f->start, sizeof(before));
	reader_gap(r, from, from + PCAP_HEADER);
	return true;
}

enum reader_event pcapin_recover(struct reader *r, struct pcap_in *f)
{
	r->n = 0;
	for (;;) {
		if (!have(r, 0, 1)) {
			if (r->in.err.kind == ERR_NONE)
				return reader_recovered(r);
			reader_broken(r);
			return READER_FAULT;
		}
		if (next_file(r, f)) {
			if (!f->told)
				return READER_NOTHING;
		} else if (!have(r, 0, f->header)) {
			pcapin_cut(r, f->header);
			resync(r, f);
		} else if (!is_packet(r, f)) {
			resync(r, f);
		} else {
			pcapin_batch(r, f, 1);
			if (r->n)
				return READER_PACKETS;
			resync(r, f);
		}
	}
}
