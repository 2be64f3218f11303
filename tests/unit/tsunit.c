/* Times in the units of pcapng interfaces. */
#include "pkt/tsunit.h"
#include "base/array.h"

#include "tap.h"

static uint64_t raw_of(int64_t ns, uint8_t tsresol)
{
	uint64_t raw = 1;

	if (!tsunit_raw(tsresol, 0, ns, &raw))
		printf("# out of range: %lld\n", (long long)ns);
	return raw;
}

static void test_tens(void)
{
	const int64_t ns = 1234567890123456789;
	uint64_t raw;

	is_int(raw_of(ns, 9), ns, "nanoseconds");
	is_int(raw_of(ns, 6), 1234567890123456, "microseconds");
	is_int(raw_of(ns, 0), 1234567890, "seconds");
	is_int(raw_of(5, 12), 5000, "picoseconds");
	is_int(raw_of(10000000, 20), 1000000000000000000, "10 ms in 10^-20 s");
	ok(!tsunit_raw(20, 0, 185000000, &raw), "185 ms are too long for that");
	is_int(raw, UINT64_MAX, "... the end is the nearest");
}

static void test_halves(void)
{
	unsigned n, wrong = 0;

	is_int(raw_of(1500000000, 0x80), 1, "whole seconds");
	is_int(raw_of(1500000000, 0x81), 3, "halves of a second");
	is_int(raw_of(999999999, 0xa0), 4294967291,
	       "just below a second in 2^-32 s");
	/* a half is a single bit, wherever the point is */
	for (n = 1; n <= 63; n++)
		wrong += raw_of(500000000, (uint8_t)(0x80 | n)) !=
			 UINT64_C(1) << (n - 1);
	is_int(wrong, 0, "half a second in every unit");
#ifdef __SIZEOF_INT128__
	for (n = 0; n < 47; n++) {
		unsigned __int128 exact =
		    ((unsigned __int128)123456789012345 << n) / 1000000000;

		wrong += raw_of(123456789012345, (uint8_t)(0x80 | n)) !=
			 (uint64_t)exact;
	}
	is_int(wrong, 0, "as with numbers of 128 bits");
#endif
}

/* Times and offsets at both ends of their ranges. */
static void test_ends(void)
{
	static const struct {
		int64_t offset, ns;
		uint64_t raw;
		uint8_t tsresol;
		bool good;
	} rows[] = {
	    {0, -1, 0, 6, false},
	    {-1, -1, 999999, 6, true},
	    {-5, -5000000000, 0, 6, true},
	    {1700000000, 1699999999999999999, 0, 6, false},
	    {-9223372036, 10000000000000000, 9233372036000000, 6, true},
	    {-9223372037, INT64_MIN, 145224192, 9, true},
	    {0, INT64_MAX, INT64_MAX, 9, true},
	    {INT64_MIN, 0, UINT64_MAX, 9, false},
	    {INT64_MIN, 0, UINT64_C(1) << 63, 0, true},
	    {INT64_MAX, 0, 0, 0, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct tsunit unit = tsunit_of(rows[i].tsresol, rows[i].offset);
		int64_t back = 1;
		uint64_t raw = 1;

		printf("# %lld since %lld\n", (long long)rows[i].ns,
		       (long long)rows[i].offset);
		is_int(tsunit_raw(rows[i].tsresol, rows[i].offset, rows[i].ns,
				  &raw),
		       rows[i].good, "can it be said?");
		is_int(raw, rows[i].raw, "... or the nearest");
		if (!rows[i].good)
			continue;
		ok(tsunit_ns(&unit, raw, &back), "it is read");
		is_int(back / 1000000000, rows[i].ns / 1000000000,
		       "... as the same second");
	}
}

static void test_too_far(void)
{
	struct tsunit unit = tsunit_of(9, -9223372037);
	int64_t ns;

	ok(!tsunit_ns(&unit, 145224191, &ns), "below all that ns can say");
	unit = tsunit_of(9, 9223372036);
	ok_all("the last ns", tsunit_ns(&unit, 854775807, &ns),
	       eq(ns, INT64_MAX));
	ok(!tsunit_ns(&unit, 854775808, &ns), "above it");
	unit = tsunit_of(0, INT64_MAX);
	ok(!tsunit_ns(&unit, UINT64_MAX, &ns), "far above it");
	unit = tsunit_of(0, INT64_MIN);
	ok(!tsunit_ns(&unit, 0, &ns), "far below it");
	ok_all("an offset that all of 64 bits make up for",
	       tsunit_ns(&unit, UINT64_C(1) << 63, &ns), eq(ns, 0));
}

int main(void)
{
	test_tens();
	test_halves();
	test_ends();
	test_too_far();
	return done();
}
