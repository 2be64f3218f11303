/* Axes of charts: round numbers, and times that are round in their zone. */
#include "output/axis.h"

#include <stdlib.h>
#include <time.h>

#include "base/num.h"
#include "tap.h"

/* All marks as one text: "0 5 10 kB". */
static const char *marks(double most, enum column_form form)
{
	static struct str text = STR_INIT;
	struct axis a;
	unsigned i;

	str_clear(&text);
	axis_init(&a, most, form);
	for (i = 0; i <= a.n; i++) {
		str_puts(&text, i ? " " : "");
		axis_text(&a, i, &text);
	}
	if (*a.unit)
		str_printf(&text, " %s", a.unit);
	return str_text(&text);
}

static void test_values(void)
{
	is_str(marks(0, COLUMN_PLAIN), "0 1", "an empty chart has an axis");
	is_str(marks(3, COLUMN_PLAIN), "0 1 2 3",
	       "whole marks for whole numbers");
	is_str(marks(3905, COLUMN_PLAIN), "0 1,000 2,000 3,000 4,000",
	       "thousands are set apart");
	is_str(marks(12345678, COLUMN_BYTES), "0 5 10 15 MB",
	       "the unit is that of the largest");
	is_str(marks(1700, COLUMN_BITRATE), "0.0 0.5 1.0 1.5 2.0 kb/s",
	       "all marks have the same decimals");
	is_str(marks(0.0003, COLUMN_BITRATE), "0.0000 0.0001 0.0002 0.0003 b/s",
	       "small numbers too");
	is_str(marks(0.8e9, COLUMN_SPAN), "0 200 400 600 800 ms",
	       "spans are in seconds or less");
}

static const char *time_marks(int64_t first, int64_t last, bool local)
{
	static struct str text = STR_INIT;
	int64_t step = axis_time_step((uint64_t)(last - first), 7), t;
	struct str date = STR_INIT;

	str_clear(&text);
	for (t = axis_time_first(first, step, local); t <= last; t += step) {
		str_puts(&text, text.len ? " " : "");
		str_clear(&date);
		axis_time_text(t, step, local, &text, &date);
		if (step >= 86400 * NS_PER_S)
			str_puts(&text, str_text(&date));
	}
	str_fini(&date);
	return str_text(&text);
}

static void test_times(void)
{
	const int64_t t = INT64_C(1700000003) * NS_PER_S;

	is_str(time_marks(t, t + 3 * NS_PER_S, false),
	       "22:13:23.0 22:13:23.5 22:13:24.0 22:13:24.5 22:13:25.0 "
	       "22:13:25.5 22:13:26.0",
	       "fractions of seconds");
	is_str(time_marks(t, t + 40 * NS_PER_S, false),
	       "22:13:30 22:13:40 22:13:50 22:14:00", "round seconds");
	is_str(time_marks(t, t + 9000 * NS_PER_S, false),
	       "22:30 23:00 23:30 00:00 00:30", "half hours");
	is_str(time_marks(t, t + 40 * 86400 * NS_PER_S, false),
	       "2023-11-16 2023-11-23 2023-11-30 2023-12-07 2023-12-14 "
	       "2023-12-21",
	       "days have dates");
	is_str(time_marks(-5 * NS_PER_S, 5 * NS_PER_S, false),
	       "23:59:56 23:59:58 00:00:00 00:00:02 00:00:04",
	       "before 1970 too");
	setenv("TZ", "XYZ-5:30", 1);
	tzset();
	is_str(time_marks(t, t + 30000 * NS_PER_S, true),
	       "04:00 06:00 08:00 10:00 12:00", "round in the local zone");
}

int main(void)
{
	test_values();
	test_times();
	return done();
}
