/* Numbers, sizes, durations and times: what is taken, and what is not. */
#include "base/num.h"

#include <stdlib.h>

#include "base/array.h"
#include "tap.h"

static void sizes(void)
{
	uint64_t v = 7;

	ok_all("0 is a size", num_size("0", &v), eq(v, 0));
	ok_all("64k is 65536", num_size("64k", &v), eq(v, 65536));
	ok_all("1.5M is 1572864", num_size("1.5M", &v), eq(v, 1572864));
	ok_all("2GiB", num_size("2GiB", &v), eq(v, UINT64_C(2147483648)));
	ok_all("100B", num_size("100B", &v), eq(v, 100));
	v = 7;
	ok_all("no size: empty, unit alone, unknown unit, sign, two units",
	       !num_size("", &v), !num_size("k", &v), !num_size("1x", &v),
	       !num_size("-1", &v), !num_size("1kk", &v), eq(v, 7));
	ok_all("sizes that do not fit are refused",
	       !num_size("18446744073709551616", &v),
	       !num_size("99999999T", &v));
}

static void durations(void)
{
	int64_t v = 7;

	ok_all("10 is 10 s", num_duration("10", &v), eq(v, 10 * NS_PER_S));
	ok_all("1h30m", num_duration("1h30m", &v), eq(v, 5400 * NS_PER_S));
	ok_all("1.5ms", num_duration("1.5ms", &v), eq(v, 1500000));
	ok_all("-2us", num_duration("-2us", &v), eq(v, -2000));
	ok_all("a nanosecond", num_duration("0.000000001", &v), eq(v, 1));
	v = 7;
	ok_all("no duration", !num_duration("", &v), !num_duration("s", &v),
	       !num_duration("1 s", &v), !num_duration("1y", &v),
	       !num_duration("1.2.3s", &v), eq(v, 7));
	ok(!num_duration("999999999999999999d", &v), "too long a duration");
}

static void times(void)
{
	int64_t v = 7;

	ok_all("the epoch", num_time("0", true, &v), eq(v, 0));
	ok_all("epoch seconds with a fraction",
	       num_time("1700000000.25", true, &v),
	       eq(v, INT64_C(1700000000250000000)));
	ok_all("1969", num_time("-1.5", true, &v), eq(v, INT64_C(-1500000000)));
	ok_all("ISO 8601 with Z", num_time("2023-11-14T22:13:20Z", false, &v),
	       eq(v, INT64_C(1700000000000000000)));
	ok_all("ISO 8601 with an offset",
	       num_time("2023-11-15T00:13:20.5+02:00", false, &v),
	       eq(v, INT64_C(1700000000500000000)));
	ok_all("a date", num_time("2023-11-14", true, &v),
	       eq(v, INT64_C(1699920000000000000)));
	ok_all("a leap day", num_time("2000-02-29 12:00", true, &v),
	       eq(v, INT64_C(951825600000000000)));
	v = 7;
	ok_all("no times", !num_time("2023-02-29", true, &v),
	       !num_time("2023-13-01", true, &v),
	       !num_time("2023-11-14T25:00", true, &v),
	       !num_time("2023-11-14T22:13:20Zx", true, &v),
	       !num_time("x", true, &v), eq(v, 7));
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

	for (i = 0; i < ARRAY_LEN(cases); i++)
		ok_all(cases[i].text, num_moment(cases[i].text, &m),
		       eq(m.base, cases[i].is.base), eq(m.ns, cases[i].is.ns));
	m = (struct moment){MOMENT_NONE, 7};
	for (i = 0; i < ARRAY_LEN(bad); i++)
		ok_all(bad[i], !num_moment(bad[i], &m), eq(m.ns, 7));
	/* half a year apart, and across the change to summer time */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	ok_all("noon in winter",
	       num_clock_of_day(INT64_C(1767225600) * NS_PER_S,
				12 * 3600 * NS_PER_S, 0, &v),
	       eq(v, INT64_C(1767265200) * NS_PER_S));
	ok_all("noon of the day after a change of the clocks",
	       num_clock_of_day(INT64_C(1774738800) * NS_PER_S,
				12 * 3600 * NS_PER_S, 1, &v),
	       eq(v, INT64_C(1774864800) * NS_PER_S));
	ok_all("midnight before 1970", num_clock_of_day(-1, 0, 0, &v),
	       eq(v, -3600 * NS_PER_S));
	setenv("TZ", "UTC", 1);
}

int main(void)
{
	uint64_t u = 7;
	int64_t i = 7;

	ok_all("2^64-1", num_u64("18446744073709551615", &u),
	       eq(u, UINT64_MAX));
	ok_all("hexadecimal", num_u64("0x1F", &u), eq(u, 31));
	ok_all("no unsigned numbers", !num_u64("18446744073709551616", &u),
	       !num_u64("0x", &u), !num_u64("-1", &u), !num_u64("1 ", &u),
	       eq(u, 31));
	ok_all("-2^63", num_i64("-9223372036854775808", &i), eq(i, INT64_MIN));
	ok(!num_i64("9223372036854775808", &i), "2^63 does not fit");
	sizes();
	durations();
	times();
	moments();
	return done();
}
