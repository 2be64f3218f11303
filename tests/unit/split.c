/* Dealing packets out: to which part each goes, with what is open when. */
#include "pkt/split.h"

#include "base/str.h"
#include "tap.h"

enum { A = 1, B = 2, C = 3 };

/* What happened, in words; and how many parts are open. */
static struct str story;
static size_t n_open, most_open;

struct report_state {
	struct sink sink;
	uint64_t size;
	bool quiet;
};

static bool part_iface(struct sink *s, const struct iface *iface,
		       struct err *err)
{
	(void)s, (void)err;
	str_printf(&story, "if%u ", iface->id);
	return true;
}

static bool part_block(struct sink *s, const struct block *block,
		       struct err *err)
{
	(void)s, (void)err;
	str_printf(&story, "block%x ", block->type);
	return true;
}

static enum verdict part_packets(struct sink *s, const struct pkt *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		str_printf(&story, "%d ", (int)p[i].number);
		((struct report_state *)s)->size += p[i].caplen + 40;
	}
	return GO_ON;
}

static bool part_close(struct sink *s, struct err *err)
{
	(void)err;
	n_open--;
	free(s);
	return true;
}

static const struct sink_ops part_ops = {
    .name = "part",
    .iface = part_iface,
    .packets = part_packets,
    .block = part_block,
    .close = part_close,
};

static struct sink *open_part(void *arg, const struct split_part *part,
			      bool again, struct err *err)
{
	struct report_state *p = calloc(1, sizeof(*p));

	(void)arg, (void)err;
	p->sink.ops = &part_ops;
	if (++n_open > most_open)
		most_open = n_open;
	str_printf(&story, "%s%d:%s@%d ", again ? "+" : "<", (int)part->number,
		   part->key ? part->key : "", (int)(part->time_ns / 1000));
	return &p->sink;
}

static uint64_t size_of(const struct sink *s)
{
	return ((const struct report_state *)s)->size;
}

static const char *linktype_name(uint32_t linktype)
{
	return linktype == 101 ? "RAW" : NULL;
}

/* Make an IPv4 packet of UDP, ports 10 and 20, from 10.0.0.from; frag is the
   field with flags and offset. */
static void make(uint8_t *p, uint8_t from, uint8_t to, uint16_t frag)
{
	static const uint8_t head[28] = {
	    [0] = 0x45, [3] = 28,  [5] = 9,   [9] = 17,
	    [12] = 10,	[16] = 10, [21] = 10, [23] = 20};

	memcpy(p, head, sizeof(head));
	p[15] = from;
	p[19] = to;
	p[6] = (uint8_t)(frag >> 8);
	p[7] = (uint8_t)frag;
	if (from > to) { /* the way back */
		p[21] = 20;
		p[23] = 10;
	}
}

/*
 * Seven packets, a microsecond apart from 8 us on: A to B, A to B in two
 * fragments, A to C, C to A, no IP at all, and A to B on another interface.
 */
static void check(struct split_options o, const char *want, const char *what)
{
	static const struct iface ifaces[] = {
	    {.id = 0, .linktype = 101, .name = "up/0"},
	    {.id = 1, .linktype = 228},
	};
	const struct block names = {.type = 4};
	static uint8_t bytes[7][28];
	struct pkt p[7] = {{0}};
	struct err err;
	struct sink *s;
	size_t i;

	make(bytes[0], A, B, 0);
	make(bytes[1], A, B, 0x2000);
	make(bytes[2], A, B, 3);
	make(bytes[3], A, C, 0);
	make(bytes[4], C, A, 0);
	make(bytes[6], A, B, 0);
	for (i = 0; i < 7; i++) {
		p[i].data = bytes[i];
		p[i].caplen = p[i].wirelen = 28;
		p[i].number = i + 1;
		p[i].time_ns = (int64_t)(8 + i) * 1000;
	}
	p[6].iface = 1;
	o.open = open_part;
	o.size_of = size_of;
	o.linktype_name = linktype_name;
	if (!o.max_open)
		o.max_open = 10;
	str_clear(&story);
	most_open = 0;
	s = split_open(&o, &err);
	sink_iface(s, &ifaces[0], &err);
	sink_iface(s, &ifaces[1], &err);
	sink_packets(s, p, 4);
	sink_block(s, &names, &err);
	sink_packets(s, p + 4, 3);
	ok(sink_close(s, &err), what);
	is_str(str_text(&story), want, "  goes as it should");
	ok_all("  and all is closed", eq(n_open, 0), most_open <= o.max_open);
}

int main(void)
{
	check((struct split_options){.packets = 3},
	      "<1:@8 if0 1 2 3 <2:@11 if0 4 block4 5 6 <3:@14 block4 if1 7 ",
	      "by number");
	check((struct split_options){.period_ns = 5000},
	      "<1:@5 if0 1 2 <2:@10 if0 3 4 block4 block4 5 6 if1 7 ",
	      "by the clock");
	check((struct split_options){.size = 150},
	      "<1:@8 if0 1 2 <2:@10 if0 3 4 block4 <3:@12 block4 if0 5 6 "
	      "<4:@14 block4 if1 7 ",
	      "by size");
	check((struct split_options){.by = SPLIT_BY_FLOW},
	      "<1:udp-10.0.0.1.10-10.0.0.2.20@8 if0 1 2 3 "
	      "<2:udp-10.0.0.1.10-10.0.0.3.20@11 if0 4 block4 block4 5 "
	      "<3:other@13 block4 if0 6 if1 7 ",
	      "by flow");
	check((struct split_options){.by = SPLIT_BY_HOST},
	      "<1:10.0.0.1@8 if0 1 <2:10.0.0.2@8 if0 1 2 2 3 3 4 "
	      "<3:10.0.0.3@11 if0 4 block4 block4 block4 5 5 "
	      "<4:other@13 block4 if0 6 if1 7 if1 7 ",
	      "by host");
	check((struct split_options){.by = SPLIT_BY_INTERFACE},
	      "<1:up_0@8 if0 1 2 3 4 block4 5 6 "
	      "<2:interface1@14 block4 if1 7 ",
	      "by interface");
	check((struct split_options){.by = SPLIT_BY_LINKTYPE},
	      "<1:RAW@8 if0 1 2 3 4 block4 5 6 "
	      "<2:linktype228@14 block4 if1 7 ",
	      "by link type");
	check((struct split_options){.by = SPLIT_BY_FLOW, .packets = 2},
	      "<1:udp-10.0.0.1.10-10.0.0.2.20@8 if0 1 2 "
	      "<2:udp-10.0.0.1.10-10.0.0.2.20@10 if0 3 "
	      "<3:udp-10.0.0.1.10-10.0.0.3.20@11 if0 4 block4 block4 5 "
	      "<4:other@13 block4 if0 6 if1 7 ",
	      "by flow and number");
	check((struct split_options){.by = SPLIT_BY_HOST, .max_open = 2},
	      "<1:10.0.0.1@8 if0 1 <2:10.0.0.2@8 if0 1 2 2 3 3 4 "
	      "<3:10.0.0.3@11 if0 4 block4 block4 5 5 "
	      "<4:other@13 block4 if0 6 if1 7 "
	      "+2:10.0.0.2@8 block4 if1 7 ",
	      "with few open at a time");
	str_fini(&story);
	return done();
}
