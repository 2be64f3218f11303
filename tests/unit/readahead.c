/* Large files unpacked by a thread, or held by their sink: the same as without,
   whatever is in them. */
#include "savefile_case.h"

static uint32_t seed;

/* The same numbers on every run. */
static uint32_t any(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)(seed >> 4) * below) >> 28);
}

/* Lengths of many packets: most are short, some longer than any window. */
static uint32_t any_length(void)
{
	switch (any(200)) {
	case 0:
		return any(2000000);
	case 1:
		return 60000 + any(10000);
	default:
		return any(1600);
	}
}

static void put_packet(struct str *to, bool ng, uint32_t i, uint32_t len)
{
	uint32_t block = (len + 3) / 4 * 4 + 32, n;
	char text[256];

	if (ng)
		snprintf(text, sizeof(text),
			 "u32 6 u32 %u u32 0 u32 5 u32 %u u32 %u u32 %u ",
			 block, i, len, len);
	else
		snprintf(text, sizeof(text), "u32 %u u32 7 u32 %u u32 %u ", i,
			 len, len);
	put_text(to, text);
	for (n = 0; n < len; n++)
		str_putc(to, (char)(i + n * 7));
	if (!ng)
		return;
	str_pad(to, '\0', -len & 3);
	snprintf(text, sizeof(text), "u32 %u", block);
	put_text(to, text);
}

/* Some 30 MB of packets, and in pcapng a long block among them. */
static void make(struct str *to, bool ng)
{
	uint32_t i;

	seed = 5;
	put_text(to, ng ? "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1 u16 0 ff*8 "
			  "u32 28 u32 1 u32 20 u16 1 u16 0 u32 0 u32 20"
			: "d4c3b2a1 u16 2 u16 4 u64 0 u32 65535 u32 1");
	for (i = 0; i < 3000; i++) {
		put_packet(to, ng, i, any_length());
		if (ng && i == 1500) {
			put_text(to, "u32 0x999 u32 20000012");
			memset(str_room(to, 20000000), 'x', 20000000);
			to->len += 20000000;
			put_text(to, "u32 20000012");
		}
	}
}

#define LATE 40

/* A packet that waits: held, or else copied. */
struct waiting {
	struct buffer_ref *hold;
	const uint8_t *data;
	uint8_t *copy;
	uint32_t len;
};

/* Adds up all there is, some packets later. */
struct checksum {
	struct sink sink;
	uint64_t packets, blocks, sum, held;
	struct buffer_ref *lent;
	struct waiting waiting[LATE];
};

static void add(struct checksum *s, const uint8_t *bytes, size_t n)
{
	for (; n; n--)
		s->sum = s->sum * 31 + *bytes++;
}

static enum verdict sum_packets(struct sink *sink, const struct pkt *p,
				size_t n)
{
	struct checksum *s = (struct checksum *)sink;

	for (; n; n--, p++, s->packets++) {
		s->sum = s->sum * 31 + (uint64_t)p->time_ns;
		add(s, p->data, p->caplen);
	}
	return GO_ON;
}

/* Add the packet that has waited in the place of that number. */
static void be_late(struct checksum *s, uint64_t number)
{
	struct waiting *w = &s->waiting[number % LATE];

	if (w->data)
		add(s, w->data, w->len);
	if (w->hold)
		buffer_ref_release(w->hold);
	free(w->copy);
	*w = (struct waiting){0};
}

static enum verdict late_packets(struct sink *sink, const struct pkt *p,
				 size_t n)
{
	struct checksum *s = (struct checksum *)sink;
	struct waiting *w;

	for (; n; n--, p++, s->packets++) {
		be_late(s, s->packets);
		s->sum = s->sum * 31 + (uint64_t)p->time_ns;
		w = &s->waiting[s->packets % LATE];
		w->data = p->data;
		w->len = p->caplen;
		if (buffer_ref_has(s->lent, p->data, p->caplen)) {
			buffer_ref_take(w->hold = s->lent);
			s->held++;
			continue;
		}
		w->copy = malloc(p->caplen + 1);
		w->data = memcpy(w->copy, p->data, p->caplen);
	}
	return GO_ON;
}

static void late_lend(struct sink *sink, struct buffer_ref *hold)
{
	((struct checksum *)sink)->lent = hold;
}

static bool sum_block(struct sink *sink, const struct block *b, struct err *err)
{
	struct checksum *s = (struct checksum *)sink;

	(void)err;
	s->blocks += b->len;
	add(s, b->body, b->len);
	return true;
}

static const struct sink_ops all_ops = {
    .name = "sum", .packets = sum_packets, .block = sum_block};
static const struct sink_ops packets_ops = {.name = "sum",
					    .packets = sum_packets};

static const struct sink_ops late_ops = {
    .name = "sum", .packets = late_packets, .lend = late_lend};

/* Any codec that packs; NULL: none is built in. */
static const struct codec *any_codec(void)
{
	const struct codec *c = codecs;

	while (c->name && !(c->ops && c->ops->pack))
		c++;
	return c->name ? c : NULL;
}

/* Packed, if that is possible, and unpacked by a thread; or as they are. */
static void sum(struct checksum *s, const struct sink_ops *ops,
		const struct str *bytes, bool thread, bool recover,
		struct err *err)
{
	const struct savefile_options o = {.single = !thread,
					   .recover = recover};
	const struct codec *codec = thread ? any_codec() : NULL;
	struct str packed = STR_INIT;
	struct source *source;
	const char *path;
	unsigned i;

	if (codec)
		pack(codec, &packed, bytes->text, bytes->len);
	path = file_of(codec ? &packed : bytes);
	source = savefile_open(path, &o, err);
	*s = (struct checksum){{ops}};
	err->kind = ERR_NONE;
	if (!source || source_run(source, &s->sink, err))
		err->kind = ERR_NONE;
	source_close(source);
	for (i = 0; i < LATE; i++)
		be_late(s, s->packets + i);
	unlink(path);
	str_fini(&packed);
}

static void compare(const struct sink_ops *ops, const struct str *bytes,
		    bool recover, uint64_t packets, enum err_kind kind,
		    const char *what)
{
	struct err with = {0}, without = {0};
	struct checksum a, b;

	log_to(NULL);
	sum(&a, ops, bytes, true, recover, &with);
	sum(&b, ops, bytes, false, recover, &without);
	if (!ok_all(what, eq(a.packets, b.packets), eq(a.sum, b.sum),
		    eq(a.blocks, b.blocks), a.packets >= packets,
		    eq(with.kind, kind), eq(without.kind, kind),
		    eq(with.offset, without.offset),
		    !strncmp(with.text, without.text, strlen(without.text))))
		printf("# %llu and %llu packets, %llu and %llu bytes of "
		       "blocks, %s, %s\n",
		       (unsigned long long)a.packets,
		       (unsigned long long)b.packets,
		       (unsigned long long)a.blocks,
		       (unsigned long long)b.blocks, with.text, without.text);
}

/* The sum of late_ops depends on its order of adding: the same of packets that
   are held, and of copies. */
static void compare_held(const struct str *bytes, bool recover,
			 const char *what)
{
	struct err with = {0}, without = {0};
	struct checksum a, b;

	sum(&a, &late_ops, bytes, false, recover, &with);
	sum(&b, &late_ops, bytes, true, recover, &without);
	if (!ok_all(what, eq(a.packets, b.packets), eq(a.sum, b.sum),
		    !any_codec() || b.held == 0, a.held > a.packets / 2,
		    eq(with.kind, without.kind)))
		printf("# %llu and %llu packets, %llu and %llu held\n",
		       (unsigned long long)a.packets,
		       (unsigned long long)b.packets,
		       (unsigned long long)a.held, (unsigned long long)b.held);
}

int main(void)
{
	int ng;

	for (ng = 0; ng < 2; ng++) {
		struct str file = STR_INIT;
		size_t i;

		make(&file, ng);
		compare(&all_ops, &file, false, 3000, ERR_NONE, "a sound file");
		compare(&packets_ops, &file, false, 3000, ERR_NONE,
			"long blocks are stepped over");
		compare(&packets_ops, &file, true, 3000, ERR_NONE,
			"a sound file, with recovery");
		compare_held(&file, false, "packets that are held");
		file.len -= 5;
		compare(&all_ops, &file, false, 2999, ERR_FAULT, "a cut file");
		file.len += 5;
		for (i = 1; i < 40; i++)
			memset(file.text + file.len / 40 * i, 0xa5, 1000);
		compare(&all_ops, &file, false, 1, ERR_FAULT, "damage");
		compare(&all_ops, &file, true, 2000, ERR_FAULT,
			"damage that is passed over");
		compare_held(&file, true, "packets held, with damage");
		str_fini(&file);
	}
	return done();
}
