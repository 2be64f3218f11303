/* The last records in memory: what is kept, found, read and protected. */
#include "file/memory_ring.h"

#include <string.h>

#include "tap.h"

#define KIB ((size_t)1 << 10)

/* A record is its length, its time and its number, then anything. */
struct record {
	uint64_t length, number;
	int64_t time_ns;
};

static uint64_t protected = UINT64_MAX;

static size_t length_of(const void *arg, const uint8_t *p)
{
	struct record record;

	(void)arg;
	memcpy(&record, p, sizeof(record));
	return (size_t)record.length;
}

static int64_t time_of(const void *arg, const uint8_t *p)
{
	struct record record;

	(void)arg;
	memcpy(&record, p, sizeof(record));
	return record.time_ns;
}

static uint64_t unwritten(const void *arg)
{
	(void)arg;
	return protected;
}

static struct memory_ring *open_ring(size_t size, size_t slack)
{
	const struct memory_ring_options options = {
	    .size = size,
	    .slack = slack,
	    .length = length_of,
	    .time_ns = time_of,
	    .unwritten = unwritten,
	};
	struct err err;

	protected = UINT64_MAX;
	return memory_ring_open(&options, &err);
}

/* Add a record of n bytes. false: there is no room. */
static bool add(struct memory_ring *ring, size_t n, int64_t time_ns)
{
	const struct record record = {n, memory_ring_count(ring), time_ns};
	uint8_t *to = memory_ring_room(ring, n + 100);

	if (!to)
		return false;
	memset(to, 0xa5, n);
	memcpy(to, &record, sizeof(record));
	memory_ring_add(ring, n, time_ns);
	return true;
}

/* Records of lengths that change, one a nanosecond. */
static void add_many(struct memory_ring *ring, uint64_t count)
{
	uint64_t i;

	for (i = 0; i < count; i++)
		add(ring, 64 + (size_t)(i * 37 % 1000),
		    (int64_t)memory_ring_count(ring));
}

/* Read from a place to the head. Returns how many whole records follow each
   other there; *longest is the longest run. */
static uint64_t read_all(const struct memory_ring *ring,
			 struct ring_place place, size_t most, size_t *longest)
{
	uint64_t number = place.number, read = 0;
	const uint8_t *run;
	size_t n, at;

	*longest = 0;
	while ((run = memory_ring_run(ring, &place, UINT64_MAX, most, &n))) {
		for (at = 0; at < n; at += length_of(NULL, run + at)) {
			struct record record;

			memcpy(&record, run + at, sizeof(record));
			if (record.number != number + read)
				return UINT64_MAX;
			read++;
		}
		if (at != n)
			return UINT64_MAX;
		if (n > *longest)
			*longest = n;
		place.at += n;
	}
	return read;
}

static void check_empty(void)
{
	struct memory_ring *ring = open_ring(64 * KIB, 64 * KIB);
	struct ring_place place = memory_ring_find(ring, 0);
	size_t n;

	ok(!memory_ring_run(ring, &place, UINT64_MAX, KIB, &n),
	   "an empty ring has nothing to read");
	add(ring, 100, 5);
	ok_all("what is added later is found from there on",
	       memory_ring_run(ring, &place, UINT64_MAX, KIB, &n) != NULL,
	       eq(n, 100));
	memory_ring_close(ring);
}

static void check_find(void)
{
	struct memory_ring *ring = open_ring(64 * KIB, 16 * KIB);
	struct ring_place place;
	size_t longest;

	add_many(ring, 50);
	place = memory_ring_find(ring, INT64_MIN);
	is_int(place.number, 0, "before it is filled, all is kept");
	place = memory_ring_find(ring, 20);
	ok_all("a time is found to the record", eq(place.number, 20),
	       eq(place.time_ns, 20),
	       eq(read_all(ring, place, 4 * KIB, &longest), 30));
	place = memory_ring_find(ring, 50);
	ok_all("what is to come is after the last one", eq(place.number, 50),
	       eq(place.time_ns, INT64_MAX));
	memory_ring_close(ring);
}

static void check_laps(void)
{
	struct memory_ring *ring = open_ring(64 * KIB, 16 * KIB);
	struct ring_place place;
	uint64_t bad = 0, short_of = 0, i;
	size_t longest;

	for (i = 0; i < 3000; i++) {
		add_many(ring, 1 + i % 7);
		place = memory_ring_find(ring, INT64_MIN);
		bad += read_all(ring, place, 8 * KIB, &longest) !=
		       memory_ring_count(ring) - place.number;
		short_of +=
		    i > 1000 && memory_ring_head(ring) - place.at < 62 * KIB;
		place = memory_ring_find(ring,
					 (int64_t)memory_ring_count(ring) - 10);
		bad += i > 10 && place.number != memory_ring_count(ring) - 10;
		bad += longest > 12 * KIB;
	}
	is_int(bad, 0, "lap after lap, all records are read in order");
	is_int(short_of, 0, "and about as much as it holds is kept");
	memory_ring_close(ring);
}

static void check_late(void)
{
	struct memory_ring *ring = open_ring(64 * KIB, 16 * KIB);
	struct ring_place place;

	add(ring, 5000, 100);
	add(ring, 5000, 50);
	add(ring, 5000, 120);
	place = memory_ring_find(ring, 60);
	is_int(place.number, 0, "a late packet hides none before it");
	place = memory_ring_find(ring, 110);
	is_int(place.number, 2, "nor those after it");
	memory_ring_close(ring);
}

static void check_protection(void)
{
	struct memory_ring *ring = open_ring(64 * KIB, 16 * KIB);
	struct ring_place place;
	uint64_t added = 0;
	size_t longest;

	add_many(ring, 1000);
	place = memory_ring_find(ring, INT64_MIN);
	protected = place.at;
	memory_ring_guard(ring);
	while (added < 1000 && add(ring, 1000, 0))
		added++;
	ok_all("there is room for the slack, then none", added >= 14,
	       added <= 18);
	is_int(read_all(ring, place, 8 * KIB, &longest),
	       memory_ring_count(ring) - place.number,
	       "what is protected is not overwritten");
	protected = place.at + 10 * KIB;
	ok(add(ring, 1000, 0), "what was read can be");
	ok(!memory_ring_room(ring, 200 * KIB),
	   "a record that is larger than the ring finds none");
	memory_ring_close(ring);
}

static void check_memory(void)
{
	const struct memory_ring_options options = {.size = UINT64_C(1) << 60};
	struct err err;

	ok(!memory_ring_open(&options, &err), "too large a ring is refused");
	is_str(err.text, "no 1024 PiB of memory for the ring", "with its size");
}

int main(void)
{
	check_empty();
	check_find();
	check_laps();
	check_late();
	check_protection();
	check_memory();
	return done();
}
