/* What writers share: times in the units of a pcapng interface. */
#include "file/writer.h"

#include "tap.h"

static void test_tens(void)
{
	const int64_t ns = 1234567890123456789;

	is_int(time_in_units(ns, 9), ns, "nanoseconds");
	is_int(time_in_units(ns, 6), 1234567890123456, "microseconds");
	is_int(time_in_units(ns, 0), 1234567890, "seconds");
	is_int(time_in_units(5, 12), 5000, "picoseconds");
}

static void test_halves(void)
{
	unsigned n, wrong = 0;

	is_int(time_in_units(1500000000, 0x80), 1, "whole seconds");
	is_int(time_in_units(1500000000, 0x81), 3, "halves of a second");
	is_int(time_in_units(-1, 0x80), -1, "before 1970 is rounded down, too");
	is_int(time_in_units(-250000000, 0x82), -1, "a quarter before 1970");
	is_int(time_in_units(999999999, 0xa0), 4294967291,
	       "just below a second in 2^-32 s");
	/* a half is a single bit, wherever the point is */
	for (n = 1; n <= 64; n++)
		wrong += time_in_units(500000000, (uint8_t)(0x80 | n)) !=
			 UINT64_C(1) << (n - 1);
	is_int(wrong, 0, "half a second in every unit");
#ifdef __SIZEOF_INT128__
	for (n = 0; n < 63; n++) {
		unsigned __int128 exact =
		    ((unsigned __int128)123456789012345 << n) / 1000000000;

		wrong += time_in_units(123456789012345, (uint8_t)(0x80 | n)) !=
			 (uint64_t)exact;
	}
	is_int(wrong, 0, "as with numbers of 128 bits");
#endif
}

int main(void)
{
	test_tens();
	test_halves();
	return done();
}
