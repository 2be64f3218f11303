/* Damaged savefiles: every packet that the damage left whole is found. */
#include "base/array.h"
#include "savefile_case.h"

#define PACKETS 120
#define MARK 0x4d41524bu /* begins a packet; its number follows */

static uint32_t seed;

/* The same numbers on every run. */
static uint32_t any(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)(seed >> 4) * below) >> 28);
}

struct made {
	struct str bytes;
	size_t start[PACKETS + 1]; /* where each record begins, and the end */
	bool ng;
};

/* A capture of packets of many lengths, each with its number in it. */
static void make(struct made *m, bool ng)
{
	char text[256];
	uint32_t i;

	memset(m, 0, sizeof(*m));
	m->ng = ng;
	seed = 7;
	put_text(&m->bytes,
		 ng ? "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1 u16 0 ff*8 u32 28 "
		      "u32 1 u32 20 u16 1 u16 0 u32 65535 u32 20"
		    : "d4c3b2a1 u16 2 u16 4 u64 0 u32 65535 u32 1");
	for (i = 0; i < PACKETS; i++) {
		uint32_t len = 8 + any(300), n;

		m->start[i] = m->bytes.len;
		if (ng)
			snprintf(text, sizeof(text),
				 "u32 6 u32 %u u32 0 u32 5 u32 %u u32 %u u32 "
				 "%u ",
				 (len + 3) / 4 * 4 + 32, i, len, len);
		else
			snprintf(text, sizeof(text),
				 "u32 %u u32 %u u32 %u u32 %u ", 1700000000 + i,
				 any(1000000), len, len);
		put_text(&m->bytes, text);
		snprintf(text, sizeof(text), "u32 %u u32 %u ", MARK, i);
		put_text(&m->bytes, text);
		for (n = 8; n < len; n++)
			str_putc(&m->bytes, (char)any(256));
		if (ng) {
			str_pad(&m->bytes, '\0', -len & 3);
			snprintf(text, sizeof(text), "u32 %u",
				 (len + 3) / 4 * 4 + 32);
			put_text(&m->bytes, text);
		}
	}
	m->start[PACKETS] = m->bytes.len;
}

/* ---- a sink that remembers which packets came ---- */

struct seen {
	struct sink sink;
	unsigned count[PACKETS];
	unsigned others;
};

static enum verdict seen_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct seen *seen = (struct seen *)s;

	for (; n; n--, p++) {
		uint32_t words[2] = {0};

		if (p->caplen >= 8)
			memcpy(words, p->data, 8);
		if (words[0] == MARK && words[1] < PACKETS)
			seen->count[words[1]]++;
		else
			seen->others++;
	}
	return GO_ON;
}

static const struct sink_ops seen_ops = {
    .name = "seen",
    .packets = seen_packets,
};

static void recover(struct seen *seen, const struct str *bytes, struct err *err)
{
	const struct savefile_options o = {.recover = true};
	struct source *source;

	memset(seen, 0, sizeof(*seen));
	memset(err, 0, sizeof(*err));
	seen->sink.ops = &seen_ops;
	str_clear(&case_notes);
	log_to(case_note);
	source = savefile_open(file_of(bytes), &o, err);
	if (source && source_run(source, &seen->sink, err))
		err->kind = ERR_NONE;
	source_close(source);
}

/* Each packet but first..last (damaged) came once. */
static bool all_but(const struct seen *seen, uint32_t first, uint32_t last)
{
	uint32_t i;

	for (i = 0; i < PACKETS; i++)
		if ((i < first || i > last) && seen->count[i] != 1) {
			printf("# packet %u of %u..%u came %u times\n", i,
			       first, last, seen->count[i]);
			return false;
		}
	return true;
}

/* Overwrite n bytes at `at`; which packets are hurt. */
static void overwrite(struct made *m, size_t at, size_t n, uint32_t *first,
		      uint32_t *last)
{
	uint32_t i;
	size_t k;

	for (k = at; k < at + n && k < m->bytes.len; k++)
		m->bytes.text[k] = (char)any(256);
	*first = PACKETS;
	*last = 0;
	for (i = 0; i < PACKETS; i++) {
		if (m->start[i] >= at + n || m->start[i + 1] <= at)
			continue;
		if (*first == PACKETS)
			*first = i;
		*last = i;
	}
}

static void try_overwritten(bool ng)
{
	struct seen seen;
	struct err err;
	struct made m;
	uint32_t i, first, last;
	bool good = true;

	for (i = 0; i < 300 && good; i++) {
		make(&m, ng);
		seed = i * 7919 + 1;
		overwrite(&m, m.start[0] + any(m.start[PACKETS] - m.start[0]),
			  1 + any(60), &first, &last);
		recover(&seen, &m.bytes, &err);
		good = all_but(&seen, first, last) && seen.others <= 1;
		if (!good)
			printf("# seed %u\n# %s\n", i, str_text(&case_notes));
		str_fini(&m.bytes);
	}
	ok(good, ng ? "pcapng: 300 files with bytes overwritten"
		    : "pcap: 300 files with bytes overwritten");
}

static void insert(struct str *to, size_t at, size_t n)
{
	struct str whole = STR_INIT;
	size_t i;

	str_put(&whole, to->text, at);
	for (i = 0; i < n; i++)
		str_putc(&whole, (char)any(256));
	str_put(&whole, to->text + at, to->len - at);
	str_fini(to);
	*to = whole;
}

static void try_inserted(bool ng)
{
	struct seen seen;
	struct err err;
	struct made m;
	uint32_t i;
	bool good = true;
	char text[128];

	for (i = 0; i < 100 && good; i++) {
		uint32_t at;

		make(&m, ng);
		seed = i + 99;
		at = 1 + any(PACKETS - 1);
		insert(&m.bytes, m.start[at], 37);
		recover(&seen, &m.bytes, &err);
		snprintf(text, sizeof(text), "skipped bytes %zu to %zu",
			 m.start[at], m.start[at] + 37);
		good = all_but(&seen, 1, 0) &&
		       strstr(str_text(&case_notes), text) &&
		       err.kind == ERR_FAULT && err.offset == m.start[at];
		if (!good)
			printf("# %s", str_text(&case_notes));
		str_fini(&m.bytes);
	}
	ok(good, ng ? "16, pcapng: 37 random bytes between packets"
		    : "16, pcap: 37 random bytes between packets");
}

static void try_the_rest(bool ng)
{
	struct seen seen;
	struct err err;
	struct made m;
	size_t size;

	make(&m, ng);
	memset(m.bytes.text + m.start[20], 0, m.start[50] - m.start[20]);
	recover(&seen, &m.bytes, &err);
	ok_all("17: a hole", all_but(&seen, 20, 49), eq(seen.others, 0));
	str_fini(&m.bytes);

	make(&m, ng);
	size = m.bytes.len;
	str_put(&m.bytes, "", 0);
	insert(&m.bytes, size, 0);
	m.bytes.len = size - 3;
	recover(&seen, &m.bytes, &err);
	ok_all("15: a cut end", all_but(&seen, PACKETS - 1, PACKETS - 1),
	       eq(err.kind, ERR_FAULT));
	str_fini(&m.bytes);

	make(&m, ng);
	recover(&seen, &m.bytes, &err);
	ok_all("a sound file", all_but(&seen, 1, 0), eq(err.kind, ERR_NONE));
	str_fini(&m.bytes);
}

/* A length that is too large, but possible, must not swallow packets. */
static void try_swallow(void)
{
	struct seen seen;
	struct err err;
	struct made m;
	uint32_t lie = 2000;

	make(&m, false);
	memcpy(m.bytes.text + m.start[30] + 8, &lie, 4);
	memcpy(m.bytes.text + m.start[30] + 12, &lie, 4);
	recover(&seen, &m.bytes, &err);
	ok(all_but(&seen, 30, 30), "pcap: a length that reaches too far");
	str_fini(&m.bytes);
}

static void try_two_files(void)
{
	struct seen seen;
	struct err err;
	struct made m;
	struct str both = STR_INIT;
	uint32_t i;
	bool twice = true;

	make(&m, false);
	str_put(&both, m.bytes.text, m.bytes.len);
	str_put(&both, m.bytes.text, m.bytes.len);
	recover(&seen, &both, &err);
	for (i = 0; i < PACKETS; i++)
		twice = twice && seen.count[i] == 2;
	ok_all("21: two files, one after the other", twice, eq(seen.others, 0));
	str_fini(&m.bytes);
	str_fini(&both);
}

/* Blocks that are refused, and what is after them. */
static void try_refused_blocks(void)
{
	static const struct {
		const char *name, *block;
	} blocks[] = {
	    {"25, pcapng: a length that is not a multiple of 4",
	     "u32 6 u32 37 u32 0 u64 0 u32 4 u32 4 'abcd' 00 u32 37"},
	    {"28, pcapng: a packet longer than its block",
	     "u32 6 u32 36 u32 0 u64 0 u32 5 u32 5 'abcd' u32 36"},
	    {"30, pcapng: a packet of an interface that is not there",
	     "u32 6 u32 36 u32 99 u64 0 u32 4 u32 4 'abcd' u32 36"},
	};
	struct str block = STR_INIT, whole = STR_INIT;
	struct seen seen;
	struct err err;
	struct made m;
	size_t i;

	make(&m, true);
	for (i = 0; i < ARRAY_LEN(blocks); i++) {
		str_clear(&block);
		str_clear(&whole);
		put_text(&block, blocks[i].block);
		str_put(&whole, m.bytes.text, m.start[50]);
		str_put(&whole, block.text, block.len);
		str_put(&whole, m.bytes.text + m.start[50],
			m.bytes.len - m.start[50]);
		recover(&seen, &whole, &err);
		ok_all(blocks[i].name, all_but(&seen, 1, 0), eq(seen.others, 0),
		       eq(err.kind, ERR_FAULT), eq(err.offset, m.start[50]));
	}
	str_fini(&m.bytes);
	str_fini(&block);
	str_fini(&whole);
}

/* ---- never fewer packets than without ---- */

static unsigned count(const struct str *bytes, bool recover)
{
	const struct savefile_options o = {.recover = recover};
	struct seen seen = {.sink.ops = &seen_ops};
	struct source *source = savefile_open(file_of(bytes), &o, NULL);
	unsigned n, i;

	log_to(NULL);
	if (source)
		source_run(source, &seen.sink, NULL);
	source_close(source);
	n = seen.others;
	for (i = 0; i < PACKETS; i++)
		n += seen.count[i];
	return n;
}

static void try_fractions(void)
{
	struct made m;
	uint32_t i, large = 5000000;

	make(&m, false);
	for (i = 0; i < PACKETS; i++)
		memcpy(m.bytes.text + m.start[i] + 4, &large, 4);
	is_int(count(&m.bytes, true), PACKETS,
	       "11, pcap: all fractions are too large");
	for (i = 0; i < PACKETS; i += 1 + i % 5)
		memset(m.bytes.text + m.start[i], 0, 4);
	is_int(count(&m.bytes, true), PACKETS,
	       "pcap: and some seconds are zero");
	str_fini(&m.bytes);
}

static void try_never_fewer(bool ng)
{
	struct made m;
	uint32_t i, first, last, fewer = 0;

	for (i = 0; i < 300; i++) {
		make(&m, ng);
		seed = i * 104729 + 5;
		/* a byte of a header */
		overwrite(&m, m.start[any(PACKETS)] + any(ng ? 28 : 16), 1,
			  &first, &last);
		if (any(3) == 0)
			m.bytes.len -= any(200);
		if (count(&m.bytes, true) < count(&m.bytes, false))
			fewer++;
		str_fini(&m.bytes);
	}
	is_int(fewer, 0,
	       ng ? "pcapng: never fewer packets than without recovery"
		  : "pcap: never fewer packets than without recovery");
}

/* ---- captures within packets ---- */

/* Put the first n bytes of a capture, whose records have that many seconds
   more, in place of packet 60; what its header says is false. */
static void carry(struct str *to, bool ng, size_t from, size_t n, int later,
		  int damage)
{
	struct made outer, inner;
	uint32_t len = (uint32_t)(8 + n), i, sec;
	uint8_t head[28] = {0};

	make(&outer, ng);
	make(&inner, ng);
	for (i = 0; i < PACKETS && !ng; i++) {
		memcpy(&sec, inner.bytes.text + inner.start[i], 4);
		sec += (uint32_t)later;
		memcpy(inner.bytes.text + inner.start[i], &sec, 4);
		/* other packets than the outer ones */
		memset(inner.bytes.text + inner.start[i] + 16, 0, 4);
	}
	for (i = 0; i < PACKETS && ng; i++)
		memset(inner.bytes.text + inner.start[i] + 28, 0, 4);
	memcpy(head, outer.bytes.text + outer.start[60], ng ? 28 : 16);
	memcpy(head + (ng ? 20 : 8), &len, 4);
	memcpy(head + (ng ? 24 : 12), &len, 4);
	len = ng ? (len + 3) / 4 * 4 + 32 : len;
	if (ng)
		memcpy(head + 4, &len, 4);
	if (damage & 1) /* the length, beyond belief */
		memset(head + (ng ? 4 : 8), 0xff, 4);
	if (damage & 2) /* that on the wire too, or the captured one */
		memset(head + (ng ? 20 : 12), 0xff, 4);
	if (damage & 4)
		memset(head, 0xee, 4);
	str_put(to, outer.bytes.text, outer.start[60]);
	str_put(to, (char *)head, ng ? 28 : 16);
	str_put(to, outer.bytes.text + outer.start[60] + (ng ? 28 : 16), 8);
	str_put(to, inner.bytes.text + from, n);
	if (ng) {
		str_pad(to, '\0', -(8 + n) & 3);
		str_put(to, (char *)&len, 4);
	}
	str_put(to, outer.bytes.text + outer.start[61],
		outer.bytes.len - outer.start[61]);
	str_fini(&outer.bytes);
	str_fini(&inner.bytes);
}

static void try_carried(bool ng)
{
	static const int laters[] = {-100 * 86400, -40 * 86400, 30 * 86400};
	struct str bytes = STR_INIT;
	struct seen seen;
	struct err err;
	char what[100];
	int damage, later;
	size_t n, from;

	for (damage = 1; damage < 8; damage++)
		for (later = 0; later < 3; later++)
			for (from = 0; from < 2; from++) {
				/* a whole number of records, or not */
				n = 1400;
				str_clear(&bytes);
				carry(&bytes, ng, from * 24, n, laters[later],
				      damage);
				recover(&seen, &bytes, &err);
				snprintf(what, sizeof(what),
					 "%s: a capture %s within a packet, "
					 "damage %d, times %d",
					 ng ? "pcapng" : "pcap",
					 from ? "without its header" : "",
					 damage, later);
				ok_all(what, all_but(&seen, 60, 60),
				       !seen.others);
			}
	str_fini(&bytes);
}

int main(void)
{
	int ng;

	for (ng = 0; ng < 2; ng++) {
		try_overwritten(ng);
		try_inserted(ng);
		try_the_rest(ng);
		try_never_fewer(ng);
		try_carried(ng);
	}
	try_refused_blocks();
	try_swallow();
	try_fractions();
	try_two_files();
	unlink(file_of(&case_notes));
	str_fini(&case_notes);
	return done();
}
