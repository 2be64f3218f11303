/* Datagrams out of fragments: any order, overlaps, lies, and floods. */
#include "decode/flow/ip_reassembly.h"

#include <string.h>

#include "tap.h"

static struct ip_reassembly *table;
static struct replay_log replay;
static uint64_t number;
static int64_t now_ns = 1;
static uint64_t network;

/* One more fragment of datagram `id`; more: not the last one. */
static struct joined add(uint32_t id, uint32_t offset, const char *bytes,
			 size_t n, bool more)
{
	static const uint8_t addresses[8] = {192, 0, 2, 1, 192, 0, 2, 2};
	struct fragment in = {
	    .src = addresses,
	    .dst = addresses + 4,
	    .n = 4,
	    .proto = 17,
	    .network = network,
	    .id = id,
	    .offset = offset,
	    .more = more,
	    .payload = cur_over((const uint8_t *)bytes, n, n),
	    .time_ns = now_ns,
	    .number = ++number,
	};
	struct joined out, again;

	replay_log_rewind(&replay);
	ip_reassembly_add(table, &in, &replay, &out);
	replay_log_rewind(&replay);
	ip_reassembly_replay(&replay, &again);
	ok_all("the replay says the same", eq(out.whole, again.whole),
	       eq(out.bytes, again.bytes));
	return out;
}

static bool is_whole(const struct joined *j, const char *text)
{
	return j->whole && j->len == strlen(text) &&
	       !memcmp(j->bytes, text, j->len);
}

/* Without a line for each. */
static struct joined flood(uint32_t id, uint32_t offset, const void *bytes,
			   size_t n, bool more)
{
	static const uint8_t addresses[32] = {0x20, 1};
	struct fragment in = {
	    .src = addresses,
	    .dst = addresses + 16,
	    .n = 16,
	    .proto = 17,
	    .id = id,
	    .offset = offset,
	    .more = more,
	    .payload = cur_over(bytes, n, n),
	    .time_ns = now_ns,
	    .number = ++number,
	};
	struct joined out;

	replay_log_rewind(&replay);
	ip_reassembly_add(table, &in, &replay, &out);
	return out;
}

/* A number below n, the same ones in each run. */
static uint32_t below(uint32_t n)
{
	static uint32_t state = 1;

	state = state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)state * n >> 32);
}

/*
 * A datagram of that length in fragments of any length and order, each with
 * bytes of its own, beside what is to come of it. Is it whole with the same
 * fragment, and are all bytes those that came first?
 */
static bool is_as_told(uint32_t id, uint32_t len)
{
	static uint8_t told[IP_REASSEMBLY_DATAGRAM], bytes[9000];
	static bool has[IP_REASSEMBLY_DATAGRAM];
	uint32_t offset, n, i, left = len;
	struct joined j = {0};

	memset(has, 0, sizeof(has));
	while (left && !j.whole) {
		offset = below((len + 7) / 8) * 8;
		n = 1 + below(len - offset < sizeof(bytes) ? len - offset
							   : sizeof(bytes));
		if (offset + n != len)
			n = (n + 7) / 8 * 8;
		if (offset + n > len)
			continue;
		for (i = 0; i < n; i++) {
			bytes[i] = (uint8_t)below(256);
			if (has[offset + i])
				continue;
			told[offset + i] = bytes[i];
			has[offset + i] = true;
			left--;
		}
		j = flood(id, offset, bytes, n, offset + n != len);
	}
	return left == 0 && j.whole && j.len == len &&
	       !memcmp(j.bytes, told, len);
}

static void any_order(void)
{
	uint32_t i, good = 0;

	for (i = 0; i < 40; i++)
		good +=
		    is_as_told(300000 + i, 1 + below(i < 20 ? 5000 : 65535));
	is_int(good, 40, "fragments of any length and order");
}

/* Fragments that overlap: the bytes that came first count. */
static void overlaps(void)
{
	struct joined j;
	uint32_t id = 50;

	add(id, 8, "ABCDEFGH", 8, true);
	add(id, 0, "abcdefghXXXXXXXX", 16, true);
	j = add(id, 16, "q", 1, false);
	ok(is_whole(&j, "abcdefghABCDEFGHq"), "the head of what is there");

	add(++id, 8, "ABCDEFGH", 8, true);
	add(id, 0, "aaaaaaaaXXXXXXXXcccccccc", 24, true);
	j = add(id, 24, "q", 1, false);
	ok(is_whole(&j, "aaaaaaaaABCDEFGHccccccccq"), "all of it, and more");

	add(++id, 0, "aaaaaaaabbbbbbbbcccccccc", 24, true);
	add(id, 8, "XXXXXXXX", 8, true);
	j = add(id, 24, "q", 1, false);
	ok(is_whole(&j, "aaaaaaaabbbbbbbbccccccccq"), "within it");
	ok_all("the one that overlaps is not named", eq(j.n_parts, 3),
	       eq(j.n_frames, 2), eq(j.frames[1], number));

	add(++id, 0, "aaaaaaaa", 8, true);
	add(id, 0, "XXXXXXXX", 8, true);
	j = add(id, 8, "q", 1, false);
	ok(is_whole(&j, "aaaaaaaaq"), "the same once more");

	add(++id, 0, "aaaaaaaabb", 10, true);
	add(id, 16, "cccc", 4, false);
	j = add(id, 0, "XXXXXXXXXXbbbbbbXXXXXXXXXX", 26, true);
	ok(is_whole(&j, "aaaaaaaabbbbbbbbcccc"),
	   "any length, and beyond the end");

	add(++id, 0, "aaaaaaaabbbbbbbbcccccccc", 24, true);
	j = add(id, 8, "XX", 2, false);
	ok(is_whole(&j, "aaaaaaaabb"), "an end within what is there");

	add(++id, 16, "c", 1, false);
	add(id, 24, "XXXXXXXX", 8, true);
	add(id, 0, "aaaaaaaa", 8, true);
	j = add(id, 8, "bbbbbbbb", 8, true);
	ok(is_whole(&j, "aaaaaaaabbbbbbbbc"), "what is beyond the end");
}

/* The same id in another network. */
static void networks(void)
{
	struct joined j;

	network = 1;
	add(70, 0, "aaaaaaaa", 8, true);
	network = 2;
	add(70, 0, "bbbbbbbb", 8, true);
	network = 1;
	j = add(70, 8, "a", 1, false);
	ok(is_whole(&j, "aaaaaaaaa"), "another network is not mixed in");
	network = 2;
	j = add(70, 8, "b", 1, false);
	ok(is_whole(&j, "bbbbbbbbb"), "and has its own");
	network = 0;
}

int main(void)
{
	static char big[65536];
	const struct hash_seed seed = {1, 2};
	struct joined j;
	struct err err;
	uint32_t i;

	table = ip_reassembly_open(&seed, &err);
	ok(!add(1, 0, "abcdefgh", 8, true).whole, "the first of two");
	j = add(1, 8, "ijk", 3, false);
	ok(is_whole(&j, "abcdefghijk"), "is whole with the second");
	ok_all("and known by its packets", eq(j.n_frames, 2),
	       eq(j.frames[0], 1), eq(j.frames[1], 2), eq(j.proto, 17));

	add(2, 16, "qr", 2, false);
	add(2, 0, "abcdefgh", 8, true);
	j = add(2, 8, "ijklmnop", 8, true);
	ok(is_whole(&j, "abcdefghijklmnopqr"), "in any order");

	add(3, 0, "abcdefghijklmnop", 16, true);
	add(3, 8, "XXXXXXXXYYYYYYYY", 16, true);
	j = add(3, 24, "z", 1, false);
	ok(is_whole(&j, "abcdefghijklmnopYYYYYYYYz"),
	   "what came first is not changed");

	add(4, 8, "ij", 2, false);
	j = add(4, 16, "qr", 2, false);
	ok(!j.whole, "a second end is a lie");
	j = add(4, 0, "abcdefgh", 8, true);
	ok(is_whole(&j, "abcdefghij"), "which does no harm");
	ok_all("its packet is counted, and not named", eq(j.n_parts, 3),
	       eq(j.n_frames, 2));
	overlaps();
	any_order();
	networks();

	add(5, 0, "abcdefgh", 8, true);
	add(6, 8, "i", 1, false);
	ok(!add(5, 65528, big, 16, false).whole, "nothing is beyond 64 KiB");
	now_ns += (int64_t)(IP_REASSEMBLY_SECONDS + 1) * 1000000000;
	ok(!add(5, 8, "i", 1, false).whole, "waiting ends");
	is_int(ip_reassembly_forgotten(table), 0, "and that is not a loss");

	for (i = 0; i < IP_REASSEMBLY_MOST + 500; i++)
		flood(100 + i, 0, big, 8, true);
	ok(ip_reassembly_forgotten(table) >= 500,
	   "a flood of beginnings is bounded");
	for (i = 0; i < 1000; i++)
		flood(100000 + i, 0, big, 60000, true);
	ok(ip_reassembly_forgotten(table) >= 1500 - IP_REASSEMBLY_TOTAL / 65536,
	   "in bytes, too");
	flood(200000, 65504, big, 8, false);
	for (i = 0; i < 8188; i++)
		j = flood(200000, i * 8, big, 8, true);
	ok_all("the most fragments there can be", j.whole, eq(j.len, 65512));
	ip_reassembly_close(table);
	replay_log_fini(&replay);
	return done();
}
