/* Owns the choice of round numbers and times. */
#include "output/axis.h"

#include <math.h>
#include <time.h>

#include "base/array.h"
#include "base/num.h"

#define DAY (86400 * NS_PER_S)

/* ---- values ------------------------------------------------------------- */

static const char *const bytes[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
static const char *const bits[] = {"b/s",  "kb/s", "Mb/s", "Gb/s",
				   "Tb/s", "Pb/s", "Eb/s"};
static const char *const spans[] = {"ns", "\xc2\xb5s", "ms", "s"};

/* The unit in which most has one to three digits before the point. */
static void choose_unit(struct axis *a, double most, const char *const *units,
			unsigned n)
{
	unsigned i = 0;

	a->per_unit = 1;
	while (i + 1 < n && most >= 1000 * a->per_unit) {
		a->per_unit *= 1000;
		i++;
	}
	a->unit = units[i];
}

static double round_step(double least)
{
	double power = pow(10, floor(log10(least)));
	double digits = least / power;

	return power * (digits <= 1   ? 1
			: digits <= 2 ? 2
			: digits <= 5 ? 5
				      : 10);
}

void axis_init(struct axis *a, double most, enum column_form form)
{
	bool whole = form == COLUMN_PLAIN || form == COLUMN_BYTES;
	double step;

	*a = (struct axis){.unit = "", .per_unit = 1};
	if (!(most > 0))
		most = 1;
	if (form == COLUMN_BYTES)
		choose_unit(a, most, bytes, 7);
	else if (form == COLUMN_BITRATE)
		choose_unit(a, most, bits, 7);
	else if (form == COLUMN_SPAN)
		choose_unit(a, most, spans, 4);
	else if (form == COLUMN_PERCENT)
		a->unit = "%";
	a->step = round_step(most / 4);
	if (whole && a->step < 1)
		a->step = 1;
	a->n = (unsigned)ceil(most / a->step - 1e-9);
	a->n = a->n ? a->n : 1;
	a->end = a->n * a->step;
	step = a->step / a->per_unit;
	while (a->decimals < 9 &&
	       fabs(step - floor(step + 0.5)) > 1e-6 * (step > 1 ? step : 1)) {
		step *= 10;
		a->decimals++;
	}
}

void axis_text(const struct axis *a, unsigned i, struct str *out)
{
	double value = i * a->step / a->per_unit;
	struct str digits = STR_INIT;
	size_t k, whole;

	str_printf(&digits, "%.*f", (int)a->decimals, value);
	for (whole = 0; whole < digits.len && digits.text[whole] != '.';)
		whole++;
	for (k = 0; k < digits.len; k++) {
		if (k > 0 && k < whole && (whole - k) % 3 == 0)
			str_putc(out, ',');
		str_putc(out, digits.text[k]);
	}
	out->failed |= digits.failed;
	str_fini(&digits);
}

/* ---- times -------------------------------------------------------------- */

static const int64_t longer[] = {
    NS_PER_S,	      2 * NS_PER_S,	5 * NS_PER_S,
    10 * NS_PER_S,    15 * NS_PER_S,	30 * NS_PER_S,
    60 * NS_PER_S,    120 * NS_PER_S,	300 * NS_PER_S,
    600 * NS_PER_S,   900 * NS_PER_S,	1800 * NS_PER_S,
    3600 * NS_PER_S,  7200 * NS_PER_S,	10800 * NS_PER_S,
    21600 * NS_PER_S, 43200 * NS_PER_S, DAY,
    2 * DAY,	      7 * DAY,		14 * DAY,
    28 * DAY,	      91 * DAY,		182 * DAY,
    365 * DAY,	      2 * 365 * DAY,	5 * 365 * DAY,
    10 * 365 * DAY,   20 * 365 * DAY,	50 * 365 * DAY,
    100 * 365 * DAY,
};

int64_t axis_time_step(uint64_t span, unsigned most)
{
	static const int64_t shorter[] = {1, 2, 5};
	const size_t last = ARRAY_LEN(longer) - 1;
	int64_t power;
	size_t i;

	for (power = NS_PER_US; power < NS_PER_S; power *= 10)
		for (i = 0; i < 3; i++)
			if (span / (uint64_t)(power * shorter[i]) < most)
				return power * shorter[i];
	for (i = 0; i < last; i++)
		if (span / (uint64_t)longer[i] < most)
			break;
	return longer[i];
}

static bool break_down(int64_t ns, bool local, struct tm *tm)
{
	time_t when = (time_t)(ns / NS_PER_S - (ns % NS_PER_S < 0));

	return (local ? localtime_r(&when, tm) : gmtime_r(&when, tm)) != NULL;
}

int64_t axis_time_first(int64_t time, int64_t step, bool local)
{
	int64_t offset = 0, rest;
	struct tm tm;

	if (local && break_down(time, true, &tm))
		offset = (int64_t)tm.tm_gmtoff * NS_PER_S;
	if (__builtin_add_overflow(time, offset, &rest))
		return time;
	rest %= step;
	if (rest < 0)
		rest += step;
	if (rest == 0 || __builtin_add_overflow(time, step - rest, &time))
		return time;
	return time;
}

void axis_time_text(int64_t time, int64_t step, bool local, struct str *clock,
		    struct str *date)
{
	int64_t part = time % NS_PER_S;
	unsigned decimals = 0;
	struct tm tm;

	if (!break_down(time, local, &tm))
		return;
	str_printf(date, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
		   tm.tm_mday);
	if (step >= DAY)
		return;
	str_printf(clock, "%02d:%02d", tm.tm_hour, tm.tm_min);
	if (step % (60 * NS_PER_S) != 0)
		str_printf(clock, ":%02d", tm.tm_sec);
	for (part += part < 0 ? NS_PER_S : 0; step % NS_PER_S && decimals < 9;
	     step *= 10)
		decimals++;
	if (decimals) {
		str_printf(clock, ".%09d", (int)part);
		clock->len -= 9 - decimals;
		clock->text[clock->len] = '\0';
	}
}
