/*
 * Reading a damaged pcap file on: where a record cannot be right, look for the
 * next one that can.
 *
 * A record header is plausible when its lengths and its fraction are possible
 * and it is not all zeros. Three plausible records in a row (or fewer that end
 * where the file ends) are a chain: chance makes one once in 2^100.
 *
 * Where one record ends another begins. It is taken as it is when a chain
 * follows. Else its length may be wrong: its other length, the snapshot length
 * and the IP header in it are tried, and its data is searched for a chain that
 * goes on beyond it, so that no good packet is swallowed. (A chain that ends
 * within it is a capture that the packet carries.) Failing all that it is taken
 * as reading without recovery takes it, so that there are never fewer packets.
 */
#include "base/num.h"
#include "file/pcap_in.h"

/* Records in a row that convince. */
#define CHAIN 3

/* So far a record is searched for others. */
#define SEARCHED ((size_t)16 << 20)

/* Captures within a packet are not longer, and have not more records. */
#define WITHIN ((size_t)256 << 10)

/* Packets of times that are farther apart than this do not follow each other,
   if there is another choice. */
#define FAR 86400

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

/* Have n bytes after pos + at; more are not needed if the file ends. */
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

static bool is_file_header(struct reader *r, struct pcap_in *f, size_t at)
{
	return have(r, at, PCAP_HEADER) &&
	       memcmp(r->in.pos + at, f->start, 8) == 0;
}

/* Does a chain, or another file's header, begin within from..to? */
static bool find_chain(struct reader *r, struct pcap_in *f, size_t from,
		       size_t to, size_t *at)
{
	for (; from < to && have(r, from, f->header); from++) {
		*at = from;
		if (is_file_header(r, f, from) ||
		    (is_plausible(f, r->in.pos + from) && is_chain(r, f, from)))
			return true;
	}
	return false;
}

/* ---- a record where one is due ---- */

/* Does a record with so many bytes of data lead to a chain, or to the end? */
static bool leads_on(struct reader *r, struct pcap_in *f, size_t cap)
{
	size_t next = f->header + cap;

	if (cap > READER_MAX_CAPLEN || !have(r, next, 0))
		return false;
	return input_left(&r->in) == next && !have(r, next, 1)
		   ? true
		   : is_chain(r, f, next);
}

/* Do the plausible records from pos + at on go beyond pos + end? */
static bool goes_beyond(struct reader *r, struct pcap_in *f, size_t at,
			size_t end)
{
	while (at < end) {
		if (!have(r, at, f->header) || !is_plausible(f, r->in.pos + at))
			return false;
		at += f->header + lengths_at(f, r->in.pos + at).cap;
	}
	return at > end && (!have(r, at, 1) || is_chain(r, f, at));
}

/* Is there, in a record that ends at pos + end, a chain that goes on? */
static bool find_within(struct reader *r, struct pcap_in *f, size_t end,
			size_t *at)
{
	size_t from = f->header, first;

	while (find_chain(r, f, from, end < SEARCHED ? end : SEARCHED, at)) {
		first = *at;
		if (is_file_header(r, f, first))
			first += PCAP_HEADER;
		if (goes_beyond(r, f, first, end))
			return true;
		from = *at + 1;
	}
	return false;
}

static size_t net16(const uint8_t *p)
{
	return (size_t)p[0] << 8 | p[1];
}

/* The length on the wire by the IP header in an Ethernet or raw packet, of
   which n bytes are at p; 0: there is none. */
static size_t length_by_ip(uint32_t linktype, const uint8_t *p, size_t n)
{
	size_t at = linktype == 1 ? 14 : 0;

	if ((linktype != 1 && linktype != 101) || n < at + 20)
		return 0;
	while (linktype == 1 && n >= at + 24 &&
	       (net16(p + at - 2) == 0x8100 || net16(p + at - 2) == 0x88a8))
		at += 4;
	if (p[at] >> 4 == 4)
		return at + net16(p + at + 2);
	return p[at] >> 4 == 6 ? at + 40 + net16(p + at + 4) : 0;
}

/* Find the length of the record at pos by all that tells it but itself. */
static bool find_length(struct reader *r, struct pcap_in *f, uint32_t *cap)
{
	const size_t least = 60, fcs = 4;
	size_t tries[6], n, i;

	n = input_left(&r->in) - f->header;
	n = length_by_ip(r->iface.linktype, r->in.pos + f->header,
			 n > 128 ? 128 : n);
	tries[0] = lengths_at(f, r->in.pos).wire;
	tries[1] = f->snaplen;
	tries[2] = n;
	tries[3] = n && n < least ? least : 0;
	tries[4] = n ? n + fcs : 0;
	tries[5] = n && n < least ? least + fcs : 0;
	for (i = 0; i < 6; i++) {
		if (tries[i] == 0 || tries[i] > longest(f) ||
		    !leads_on(r, f, tries[i]))
			continue;
		*cap = (uint32_t)tries[i];
		return true;
	}
	return false;
}

enum record { WHOLE, OTHER_LENGTH, NONE };

/* What begins at pos? OTHER_LENGTH: a packet of *cap bytes; NONE: r->err says
   why. */
static enum record what_record(struct reader *r, struct pcap_in *f,
			       uint32_t *cap)
{
	uint64_t offset = input_at(&r->in, r->in.pos);
	struct lengths l = lengths_at(f, r->in.pos);
	size_t next = (size_t)f->header + l.cap, at;

	if (l.cap <= READER_MAX_CAPLEN && leads_on(r, f, l.cap))
		return WHOLE;
	if (find_length(r, f, cap))
		return OTHER_LENGTH;
	if (l.cap > READER_MAX_CAPLEN) {
		reader_fault(r, offset, "no packet has %u bytes", l.cap);
		return NONE;
	}
	if (!have(r, next, 0)) {
		pcapin_cut(r, next);
		return NONE;
	}
	if (!find_within(r, f, next, &at))
		return WHOLE;
	if (is_plausible(f, r->in.pos) && at >= f->header) {
		*cap = (uint32_t)(at - f->header);
		return OTHER_LENGTH;
	}
	reader_fault(r, offset, "a packet of %u bytes with other packets in it",
		     l.cap);
	return NONE;
}

/* Take the packet at pos, which has cap bytes whatever its header says. */
static void take_with_length(struct reader *r, struct pcap_in *f, uint32_t cap)
{
	uint64_t at = input_at(&r->in, r->in.pos);
	uint8_t *p = (uint8_t *)(uintptr_t)r->in.pos; /* the window is ours */
	struct lengths l = lengths_at(f, p);

	put32(p + 8, f->lengths == LENGTHS_SWAPPED ? l.wire : cap, f->swapped);
	put32(p + 12, f->lengths == LENGTHS_SWAPPED ? cap : l.wire, f->swapped);
	pcapin_batch(r, f, 1);
	if (r->n == 0)
		return;
	r->pkts[0].flags |= PKT_SUSPECT;
	if (l.wire > READER_MAX_CAPLEN) /* damaged, too */
		r->pkts[0].wirelen = cap;
	r->facts.packets--;
	reader_fault(r, at, "a packet of %u bytes, which says that it has %u",
		     cap, l.cap);
	r->facts.packets++;
	reader_gap(r, at, at);
}

/* ---- the next record after damage ---- */

/* Where a row of plausible records leads. */
struct row {
	size_t last; /* where the last one begins */
	size_t end;  /* and where it ends */
	size_t near; /* where the first one begins that is not far from the
			packets before the damage, after some that are; 0 */
	bool broken; /* something else follows */
};

static bool is_far(const struct pcap_in *f, uint32_t sec, bool backwards)
{
	int64_t since = (int64_t)sec - f->last_sec;

	return f->some && (since > FAR || since < (backwards ? 0 : -FAR));
}

/* backwards: being earlier than the packets before is to be far. */
static void look_along(struct reader *r, struct pcap_in *f, size_t at,
		       bool backwards, struct row *row)
{
	size_t start = at;
	bool far = false;

	*row = (struct row){.last = at, .end = at};
	while (have(r, at, 1) && at - start <= WITHIN) {
		bool this_far;

		if (!have(r, at, f->header) ||
		    !is_plausible(f, r->in.pos + at)) {
			row->broken = true;
			return;
		}
		this_far =
		    is_far(f, get32(r->in.pos + at, f->swapped), backwards);
		if (far && !this_far && !row->near)
			row->near = at;
		far = this_far;
		row->last = at;
		at += f->header + lengths_at(f, r->in.pos + at).cap;
		row->end = at;
	}
}

/*
 * Is what begins at pos + *at among what a damaged packet carries? Such a
 * capture has times of its own, or ends with the packet. Sets *at to where to
 * look on, or to where packets of the file begin again.
 */
static bool is_carried(struct reader *r, struct pcap_in *f, size_t *at)
{
	bool header = is_file_header(r, f, *at);
	size_t first = *at + (header ? PCAP_HEADER : 0);
	struct row row;

	if (!have(r, first, f->header))
		return false;
	if (!header && !is_far(f, get32(r->in.pos + first, f->swapped), false))
		return false;
	look_along(r, f, first, header, &row);
	if (row.near) {
		*at = row.near;
		return false;
	}
	if (!row.broken || row.end - first > WITHIN)
		return false;
	*at = row.last > *at ? row.last : *at;
	return true;
}

/* Pass over what is damaged at pos. */
static void resync(struct reader *r, struct pcap_in *f)
{
	uint64_t from = input_at(&r->in, r->in.pos);
	const size_t step = 65536;
	size_t at, look = 0;

	/* The byte at pos is part of the damage. */
	r->in.pos++;
	for (;;) {
		if (find_chain(r, f, look, look + step, &at)) {
			if (!is_carried(r, f, &at))
				break;
			look = at + 1;
		} else if (have(r, look, step + f->header)) {
			r->in.pos += look + step;
			look = 0;
		} else {
			at = input_left(&r->in);
			break;
		}
	}
	r->in.pos += at;
	reader_gap(r, from, input_at(&r->in, r->in.pos));
}

/* Another file's header, as when files were put one after the other. */
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

/* Take the packet at pos. false: there is none. */
static bool take_record(struct reader *r, struct pcap_in *f)
{
	uint32_t cap;

	have(r, 0, 6 * PCAP_RECORD); /* to tell a packet from a hole */
	switch (what_record(r, f, &cap)) {
	case WHOLE:
		pcapin_batch(r, f, 1);
		break;
	case OTHER_LENGTH:
		take_with_length(r, f, cap);
		break;
	case NONE:
		return false;
	}
	if (r->n == 0)
		return false;
	if (!(r->pkts[0].flags & PKT_SUSPECT)) {
		f->last_sec = r->pkts[0].time_ns / NS_PER_S;
		f->some = true;
	}
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
		} else if (take_record(r, f)) {
			return READER_PACKETS;
		} else {
			resync(r, f);
		}
	}
}
