/*
 * Leaving out duplicates: windows by count and by time against a plain search
 * through what came before, and what may be ignored.
 */
#include "pkt/dedup.h"

#include "tap.h"

#define PACKETS 5000

static uint64_t state = 7;

/* The same numbers on every run. */
static uint32_t number(void)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(state >> 33);
}

static const struct iface ether = {.id = 0, .linktype = 1};

/* Judge n packets, in batches. */
static void judge(const struct dedup_options *o, const struct pkt *p, size_t n,
		  uint8_t *keep)
{
	struct err err;
	struct selector *k = dedup_open(o, &err);
	size_t at;

	memset(keep, 1, n);
	selector_iface(k, &ether, &err);
	for (at = 0; at < n; at += 100)
		k->ops->match(k, p + at, n - at < 100 ? n - at : 100,
			      keep + at);
	selector_close(k);
}

/* What a search through all packets before says. */
static bool plain(const struct dedup_options *o, const struct pkt *p, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++) {
		if (o->packets
			? i - j >= o->packets
			: llabs(p[i].time_ns - p[j].time_ns) > o->window_ns)
			continue;
		if (p[j].caplen == p[i].caplen &&
		    !memcmp(p[j].data, p[i].data, p[i].caplen))
			return false;
	}
	return true;
}

/* late: packets may be so many ns late. */
static void check_windows(const struct dedup_options *o, uint32_t late,
			  const char *what)
{
	static uint8_t bytes[200], keep[PACKETS];
	static struct pkt p[PACKETS];
	size_t i, wrong = 0, left_out = 0;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	for (i = 0; i < PACKETS; i++) {
		p[i].data = bytes + number() % 100;
		p[i].caplen = p[i].wirelen = 1 + number() % 4;
		p[i].time_ns =
		    (int64_t)i * 1000 + number() % 1000 - number() % late;
	}
	judge(o, p, PACKETS, keep);
	for (i = 0; i < PACKETS; i++) {
		wrong += keep[i] != plain(o, p, i);
		left_out += !keep[i];
	}
	is_int(wrong, 0, what);
	ok_all("  leaves some out", left_out > 0, left_out < PACKETS);
}

/* A datagram, and the same with one byte changed at `at`. */
static bool differs(const struct dedup_options *o, size_t at)
{
	static const uint8_t packet[] = {
	    2,	0, 0,	0,  0, 2, 2, 0,	 0,  0,	 0, 1, 8,   0, /* Ethernet */
	    69, 0, 0,	29, 0, 1, 0, 0,	 64, 17, 9, 9, 192, 0, /* IPv4 */
	    2,	1, 192, 0,  2, 2, 0, 53, 0,  54, 0, 9, 7,   7, /* UDP */
	    42, 0};					       /* padding */
	uint8_t other[sizeof(packet)], keep[2];
	const struct pkt p[2] = {
	    {.data = packet, .caplen = sizeof(packet), .wirelen = 44},
	    {.data = other, .caplen = sizeof(packet), .wirelen = 44},
	};

	memcpy(other, packet, sizeof(packet));
	other[at] ^= 0x55;
	judge(o, p, 2, keep);
	return keep[1];
}

static void check_ignored(void)
{
	struct dedup_options o = {.packets = 5};

	ok_all("every byte counts", differs(&o, 0), differs(&o, 22),
	       differs(&o, 24), differs(&o, 40), differs(&o, 43));
	o.ignore_ttl = true;
	ok_all("but the TTL and its checksum", !differs(&o, 22),
	       !differs(&o, 24));
	ok_all("  others do", differs(&o, 0), differs(&o, 23), differs(&o, 26),
	       differs(&o, 40));
	o = (struct dedup_options){.packets = 5, .ignore_sums = true};
	ok_all("but checksums", !differs(&o, 25), !differs(&o, 40),
	       !differs(&o, 41));
	ok_all("  others do", differs(&o, 22), differs(&o, 42),
	       differs(&o, 39));
	o = (struct dedup_options){.packets = 5, .ignore_link = true};
	ok_all("but the link header and padding", !differs(&o, 0),
	       !differs(&o, 11), !differs(&o, 43));
	ok_all("  others do", differs(&o, 14), differs(&o, 42));
}

int main(void)
{
	check_windows(&(struct dedup_options){.packets = 2}, 1, "2 packets");
	check_windows(&(struct dedup_options){.packets = 5}, 1, "5 packets");
	check_windows(&(struct dedup_options){.packets = 300}, 1,
		      "300 packets");
	check_windows(&(struct dedup_options){.window_ns = 50000}, 1, "50 us");
	check_windows(&(struct dedup_options){.window_ns = 900000}, 1,
		      "900 us");
	check_windows(&(struct dedup_options){.window_ns = 50000}, 900000,
		      "50 us, packets up to 900 us late");
	check_ignored();
	return done();
}
