/* Which bytes have come, in any order. */
#include "decode/lib/byte_ranges.h"

#include "tap.h"

static struct byte_ranges ranges;

/* All of them: "0-4 8-9". */
static const char *text(void)
{
	static char out[1024];
	size_t n = 0;
	unsigned i;

	out[0] = '\0';
	for (i = 0; i < ranges.n; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%u-%u",
				      i ? " " : "", ranges.range[i].from,
				      ranges.range[i].to);
	return out;
}

int main(void)
{
	uint32_t i;

	byte_ranges_add(&ranges, 8, 12);
	is_str(text(), "8-12", "a range is added");
	is_int(byte_ranges_whole(&ranges), 0,
	       "nothing is there from the start");
	byte_ranges_add(&ranges, 0, 4);
	is_str(text(), "0-4 8-12", "an earlier one comes before it");
	is_int(byte_ranges_whole(&ranges), 4, "bytes before the gap count");
	byte_ranges_add(&ranges, 4, 6);
	is_str(text(), "0-6 8-12", "ranges that touch are joined");
	byte_ranges_add(&ranges, 9, 11);
	is_str(text(), "0-6 8-12", "what has come before changes nothing");
	byte_ranges_take(&ranges, 3);
	is_str(text(), "0-3 5-9", "later bytes are counted from those taken");
	byte_ranges_take(&ranges, 3);
	is_str(text(), "2-6", "a range that was taken is gone");
	byte_ranges_add(&ranges, 0, 20);
	is_str(text(), "0-20", "a range over others takes their place");
	is_int(byte_ranges_end(&ranges), 20, "the end is the last one's");

	for (i = 1; i < BYTE_RANGES; i++)
		byte_ranges_add(&ranges, 30 * i, 30 * i + 1);
	ok(!byte_ranges_add(&ranges, 30 * i, 30 * i + 1),
	   "one gap too many is refused");
	ok(byte_ranges_add(&ranges, 20, 30), "a gap can still be filled");
	is_int(ranges.n, BYTE_RANGES - 1, "which leaves one range less");
	return done();
}
