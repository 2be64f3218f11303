/* Numbers, sizes, durations and times: what is taken, and what is not. */
#include "base/num.h"

#include <stdlib.h>

#include "tap.h"

static void sizes(void)
{
	uint64_t v = 7;

	ok(num_size("0", &v) && v == 0, "0 is a size");
	ok(num_size("64k", &v) && v == 65536, "64k is 65536");
	ok(num_size("1.5M", &v) && v == 1572864, "1.5M is 1572864");
	ok(num_size("2GiB", &v) && v == UINT64_C(2147483648), "2GiB");
	ok(num_size("100B", &v) && v == 100, "100B");
	v = 7;
	ok(!num_size("", &v) && !num_size("k", &v) && !num_size("1x", &v) &&
	       !num_size("-1", &v) && !num_size("1kk", &v) && v == 7,
	   "no size: empty, unit alone, unknown unit, sign, two units");
	ok(!num_size("18446744073709551616", &v) && !num_size("99999999T", &v),
	   "sizes that do not fit are refused");
}

static void durations(void)
{
	int64_t v = 7;

	ok(num_duration("10", &v) && v == 10 * NS_PER_S, "10 is 10 s");
	ok(num_duration("1h30m", &v) && v == 5400 * NS_PER_S, "1h30m");
	ok(num_duration("1.5ms", &v) && v == 1500000, "1.5ms");
	ok(num_duration("-2us", &v) && v == -2000, "-2us");
	ok(num_duration("0.000000001", &v) && v == 1, "a nanosecond");
	v = 7;
	ok(!num_duration("", &v) && !num_duration("s", &v) &&
	       !num_duration("1 s", &v) && !num_duration("1y", &v) &&
	       !num_duration("1.2.3s", &v) && v == 7,
	   "no duration");
	ok(!num_duration("999999999999999999d", &v), "too long a duration");
}

static void times(void)
{
	int64_t v = 7;

	ok(num_time("0", true, &v) && v == 0, "the epoch");
	ok(num_time("1700000000.25", true, &v) &&
	       v == INT64_C(1700000000250000000),
	   "epoch seconds with a fraction");
	ok(num_time("-1.5", true, &v) && v == INT64_C(-1500000000), "1969");
	ok(num_time("2023-11-14T22:13:20Z", false, &v) &&
	       v == INT64_C(1700000000000000000),
	   "ISO 8601 with Z");
	ok(num_time("2023-11-15T00:13:20.5+02:00", false, &v) &&
	       v == INT64_C(1700000000500000000),
	   "ISO 8601 with an offset");
	ok(num_time("2023-11-14", true, &v) &&
	       v == INT64_C(1699920000000000000),
	   "a date");
	ok(num_time("2000-02-29 12:00", true, &v) &&
	       v == INT64_C(951825600000000000),
	   "a leap day");
	v = 7;
	ok(!num_time("2023-02-29", true, &v) &&
	       !num_time("2023-13-01", true, &v) &&
	       !num_time("2023-11-14T25:00", true, &v) &&
	       !num_time("2023-11-14T22:13:20Zx", true, &v) &&
	       !num_time("x", true, &v) && v == 7,
	   "no times");
	is_int(num_days(1970, 1, 1), 0, "day 0");
	is_int(num_days(1969, 12, 31), -1, "the day before");
	is_int(num_days(2106, 2, 7), 49710, "the last day of 32 bits");
}

static void moments(void)
{
	struct moment m = {MOMENT_NONE, 7};
	int64_t v = 7;
	size_t i;
	static const struct {
		const char *text;
		struct moment is;
	} cases[] = {
	    {"1970-01-01T00:00:01Z", {MOMENT_FIXED, NS_PER_S}},
	    {"1.5", {MOMENT_FIXED, 1500 * NS_PER_MS}},
	    {"12:00", {MOMENT_CLOCK, 43200 * NS_PER_S}},
	    {"23:59:59.25", {MOMENT_CLOCK, 86399250 * NS_PER_MS}},
	    {"+10m", {MOMENT_START, 600 * NS_PER_S}},
	    {"+0", {MOMENT_START, 0}},
	    {"-5m", {MOMENT_END, 300 * NS_PER_S}},
	    {"-1.5", {MOMENT_END, 1500 * NS_PER_MS}},
	};
	static const char *const bad[] = {"",	    "+",      "-",   "24:00",
					  "12:60",  "12:0",   "--5", "+-5s",
					  "12:00Z", "12:00x", "+1y", "1:00"};

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(num_moment(cases[i].text, &m) &&
		       m.base == cases[i].is.base && m.ns == cases[i].is.ns,
		   cases[i].text);
	m = (struct moment){MOMENT_NONE, 7};
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(!num_moment(bad[i], &m) && m.ns == 7, bad[i]);
	/* half a year apart, and across the change to summer time */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	ok(num_clock_of_day(INT64_C(1767225600) * NS_PER_S,
			    12 * 3600 * NS_PER_S, 0, &v) &&
	       v == INT64_C(1767265200) * NS_PER_S,
	   "noon in winter");
	ok(num_clock_of_day(INT64_C(1774738800) * NS_PER_S,
			    12 * 3600 * NS_PER_S, 1, &v) &&
	       v == INT64_C(1774864800) * NS_PER_S,
	   "noon of the day after a change of the clocks");
	ok(num_clock_of_day(-1, 0, 0, &v) && v == -3600 * NS_PER_S,
	   "midnight before 1970");
	setenv("TZ", "UTC", 1);
}

int main(void)
{
	uint64_t u = 7;
	int64_t i = 7;

	ok(num_u64("18446744073709551615", &u) && u == UINT64_MAX, "2^64-1");
	ok(num_u64("0x1F", &u) && u == 31, "hexadecimal");
	ok(!num_u64("18446744073709551616", &u) && !num_u64("0x", &u) &&
	       !num_u64("-1", &u) && !num_u64("1 ", &u) && u == 31,
	   "no unsigned numbers");
	ok(num_i64("-9223372036854775808", &i) && i == INT64_MIN, "-2^63");
	ok(!num_i64("9223372036854775808", &i), "2^63 does not fit");
	sizes();
	durations();
	times();
	moments();
	return done();
}
