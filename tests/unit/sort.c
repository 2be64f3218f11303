/*
 * Sorting by time: in memory and through temporary files, against what the
 * C library's sort makes of the same packets.
 */
#include "pkt/sort.h"

#include "base/log.h"
#include "tap.h"

#define PACKETS 3000

static struct pkt packets[PACKETS];
static struct pkt_meta metas[PACKETS];
static uint8_t bytes[PACKETS + 300];
static size_t arrived, wrong;
static const struct pkt *expected[PACKETS];
static char note[100];
static uint64_t state = 3;

/* The same numbers on every run. */
static uint32_t number(void)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(state >> 33);
}

static bool same(const struct pkt *a, const struct pkt *b)
{
	if (a->number != b->number || a->time_ns != b->time_ns ||
	    a->caplen != b->caplen || a->wirelen != b->wirelen ||
	    a->iface != b->iface || a->flags != b->flags ||
	    memcmp(a->data, b->data, a->caplen) != 0 || !a->meta != !b->meta)
		return false;
	return !a->meta || (a->meta->options_len == b->meta->options_len &&
			    a->meta->swapped == b->meta->swapped &&
			    !memcmp(a->meta->options, b->meta->options,
				    a->meta->options_len));
}

static enum verdict arrive(struct sink *s, const struct pkt *p, size_t n)
{
	size_t i;

	(void)s;
	for (i = 0; i < n; i++, arrived++)
		wrong += arrived >= PACKETS || !same(expected[arrived], &p[i]);
	return GO_ON;
}

static bool no_close(struct sink *s, struct err *err)
{
	(void)s, (void)err;
	return true;
}

static const struct sink_ops ops = {
    .name = "arrival",
    .packets = arrive,
    .close = no_close,
};

/* Packets of random length; how = 0: equal times, 1: random, 2: rising. */
static void make(int how)
{
	size_t i;

	for (i = 0; i < PACKETS; i++) {
		packets[i] = (struct pkt){
		    .data = bytes + i,
		    .caplen = number() % 300,
		    .wirelen = 300,
		    .time_ns = how == 1	  ? (int)(number() % 500)
			       : how == 2 ? (int)i
					  : 7,
		    .iface = number() % 3,
		    .flags = number() % 3,
		    .number = i + 1,
		};
		if (number() % 4 == 0) {
			metas[i] = (struct pkt_meta){bytes, number() % 9 * 4,
						     number() % 2};
			packets[i].meta = &metas[i];
		}
	}
}

static int by_time(const void *a, const void *b)
{
	const struct pkt *x = *(const struct pkt *const *)a;
	const struct pkt *y = *(const struct pkt *const *)b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static void check(int how, uint64_t memory, const char *what)
{
	struct sink end = {.ops = &ops};
	struct err err;
	struct sink *s = sort_open(memory, &end, &err);
	size_t at;

	make(how);
	for (at = 0; at < PACKETS; at++)
		expected[at] = &packets[at];
	qsort(expected, PACKETS, sizeof(*expected), by_time);
	arrived = wrong = 0;
	for (at = 0; at < PACKETS; at += 100)
		sink_packets(s, packets + at, 100);
	ok(sink_close(s, &err), what);
	is_int(arrived, PACKETS, "  all packets arrive");
	is_int(wrong, 0, "  in their order and with all they had");
}

static void catch_note(enum log_level level, const char *text)
{
	(void)level;
	snprintf(note, sizeof(note), "%s", text);
}

static bool needed(int how)
{
	bool moves;
	struct sink *s = sort_check_open(&moves, NULL);

	make(how);
	sink_packets(s, packets, PACKETS);
	sink_close(s, NULL);
	return moves;
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)number();
	log_to(catch_note);
	check(1, SORT_MEMORY, "random times, in memory");
	check(1, 100000, "random times, in a few runs");
	check(1, 2000, "random times, in many runs");
	ok(strstr(note, "of 3000 packets were out of order"),
	   "  which is reported");
	check(0, SORT_MEMORY, "equal times, in memory");
	check(0, 10000, "equal times, in runs");
	is_str(note, "the packets are in order: none had to move",
	       "  which is reported");
	check(2, 10000, "rising times");
	ok_all("is sorting needed?", needed(1), !needed(0), !needed(2));
	return done();
}
