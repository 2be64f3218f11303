/* Numbers, sizes, durations and times as people write them. */
#include "base/num.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/array.h"

/* Digits at *p into *value; false: none, or they do not fit. */
static bool digits(const char **p, unsigned base, uint64_t *value)
{
	const char *start = *p;
	uint64_t v = 0;

	for (;; (*p)++) {
		unsigned char c = (unsigned char)**p;
		unsigned d;

		if (isdigit(c))
			d = c - '0';
		else if (base == 16 && isxdigit(c))
			d = (unsigned)(tolower(c) - 'a' + 10);
		else
			break;
		if (v > (UINT64_MAX - d) / base)
			return false;
		v = v * base + d;
	}
	*value = v;
	return *p > start;
}

bool num_u64(const char *text, uint64_t *value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *p = hex ? text + 2 : text;
	uint64_t v;

	if (!digits(&p, hex ? 16 : 10, &v) || *p)
		return false;
	*value = v;
	return true;
}

bool num_i64(const char *text, int64_t *value)
{
	bool negative = *text == '-';
	uint64_t v;

	if (!num_u64(text + (negative || *text == '+'), &v) ||
	    v > (uint64_t)INT64_MAX + negative)
		return false;
	*value = negative ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

/*
 * A decimal number with an optional fraction at *p, times unit: the fraction
 * is rounded down. false: no number, or it does not fit.
 */
static bool scaled(const char **p, uint64_t unit, uint64_t *value)
{
	uint64_t whole = 0, part = 0, place = unit;
	bool any = false;

	if (isdigit((unsigned char)**p)) {
		if (!digits(p, 10, &whole))
			return false;
		any = true;
	}
	if (**p == '.') {
		for ((*p)++; isdigit((unsigned char)**p); (*p)++) {
			/* digit by digit, so that no product overflows */
			uint64_t rest = place % 10;
			unsigned d = (unsigned)(**p - '0');

			part += place / 10 * d + rest * d / 10;
			place /= 10;
			any = true;
		}
	}
	if (!any || whole > (UINT64_MAX - part) / unit)
		return false;
	*value = whole * unit + part;
	return true;
}

/* Past a number with an optional fraction. */
static const char *past_number(const char *p)
{
	return p + strspn(p, "0123456789.");
}

bool num_size(const char *text, uint64_t *bytes)
{
	static const char suffixes[] = "kmgt";
	const char *p = text, *number_end = past_number(text);
	const char *end = number_end, *found = NULL;
	uint64_t unit = 1, v;

	if (*end)
		found = strchr(suffixes, tolower((unsigned char)*end));
	if (found) {
		unit <<= 10 * (found - suffixes + 1);
		end++;
	}
	if (!strcasecmp(end, "b") || (found && !strcasecmp(end, "ib")))
		end += strlen(end);
	if (*end || !scaled(&p, unit, &v) || p != number_end)
		return false;
	*bytes = v;
	return true;
}

static bool duration_unit(const char *text, size_t n, uint64_t *unit)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
	    {"ns", 1},
	    {"us", NS_PER_US},
	    {"ms", NS_PER_MS},
	    {"s", NS_PER_S},
	    {"m", 60 * NS_PER_S},
	    {"h", 3600 * NS_PER_S},
	    {"d", 86400 * NS_PER_S},
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(units); i++) {
		if (strlen(units[i].name) == n &&
		    !memcmp(units[i].name, text, n)) {
			*unit = units[i].ns;
			return true;
		}
	}
	return false;
}

bool num_duration(const char *text, int64_t *ns)
{
	const char *p = text;
	bool negative = *p == '-';
	uint64_t sum = 0, part, unit;

	p += negative || *p == '+';
	if (!*p)
		return false;
	while (*p) {
		const char *name = past_number(p);
		size_t n = 0;

		while (isalpha((unsigned char)name[n]))
			n++;
		unit = NS_PER_S;
		if (n ? !duration_unit(name, n, &unit) : *name != '\0')
			return false;
		if (!scaled(&p, unit, &part) || p != name)
			return false;
		if (part > (uint64_t)INT64_MAX - sum)
			return false;
		sum += part;
		p = name + n;
	}
	*ns = negative ? -(int64_t)sum : (int64_t)sum;
	return true;
}

int64_t num_days(int64_t year, unsigned month, unsigned day)
{
	/* Count from 1 March, so that the leap day is the year's last. */
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year =
	    (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

/* Exactly n digits at *p, at most max. */
static bool fixed(const char **p, unsigned n, unsigned max, unsigned *value)
{
	unsigned v = 0;

	for (; n; n--, (*p)++) {
		if (!isdigit((unsigned char)**p))
			return false;
		v = v * 10 + (unsigned)(**p - '0');
	}
	*value = v;
	return v <= max;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30,
				       31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* Seconds to add to local time to get UTC, at that local time. */
static int64_t local_offset(unsigned year, unsigned month, unsigned day,
			    unsigned seconds)
{
	struct tm tm = {
	    .tm_year = (int)year - 1900,
	    .tm_mon = (int)month - 1,
	    .tm_mday = (int)day,
	    .tm_hour = (int)(seconds / 3600),
	    .tm_min = (int)(seconds / 60 % 60),
	    .tm_sec = (int)(seconds % 60),
	    .tm_isdst = -1,
	};

	return (int64_t)mktime(&tm) -
	       (num_days(year, month, day) * 86400 + seconds);
}

/* "Z", "+hh:mm", "+hhmm" or nothing; *east is seconds east of UTC. */
static bool zone(const char *p, bool *given, int64_t *east)
{
	unsigned h, m = 0;
	bool west = *p == '-';

	*given = *p != '\0';
	*east = 0;
	if (!*p || !strcmp(p, "Z") || !strcmp(p, "z"))
		return true;
	if (*p != '+' && *p != '-')
		return false;
	p++;
	if (!fixed(&p, 2, 23, &h))
		return false;
	p += *p == ':';
	if (*p && !fixed(&p, 2, 59, &m))
		return false;
	*east = (int64_t)(h * 3600 + m * 60) * (west ? -1 : 1);
	return *p == '\0';
}

/* hh:mm[:ss[.fraction]] at *p. */
static bool clock_time(const char **p, unsigned *seconds, uint64_t *part)
{
	unsigned h, m, s = 0;

	if (!fixed(p, 2, 23, &h) || *(*p)++ != ':' || !fixed(p, 2, 59, &m))
		return false;
	if (**p == ':') {
		(*p)++;
		if (!fixed(p, 2, 60, &s))
			return false;
		if (**p == '.' && !scaled(p, NS_PER_S, part))
			return false;
	}
	*seconds = h * 3600 + m * 60 + s;
	return true;
}

static bool iso_time(const char *p, bool utc, int64_t *ns)
{
	unsigned year, month, day, seconds = 0;
	uint64_t part = 0;
	int64_t east, total;
	bool given;

	if (!fixed(&p, 4, 9999, &year) || *p++ != '-' ||
	    !fixed(&p, 2, 12, &month) || *p++ != '-' ||
	    !fixed(&p, 2, 31, &day) || !month || !day ||
	    day > days_of_month(year, month))
		return false;
	if (*p == 'T' || *p == 't' || *p == ' ') {
		p++;
		if (!clock_time(&p, &seconds, &part))
			return false;
	}
	if (!zone(p, &given, &east))
		return false;
	total = num_days(year, month, day) * 86400 + seconds;
	if (given)
		total -= east;
	else if (!utc)
		total += local_offset(year, month, day, seconds);
	if (total > INT64_MAX / NS_PER_S - 1 ||
	    total < INT64_MIN / NS_PER_S + 1)
		return false;
	*ns = total * NS_PER_S + (int64_t)part;
	return true;
}

bool num_time(const char *text, bool utc, int64_t *ns)
{
	const char *p = text;
	bool negative = *p == '-';
	uint64_t v;

	if (strlen(text) > 4 && text[4] == '-' && !negative)
		return iso_time(text, utc, ns);
	p += negative;
	if (!scaled(&p, NS_PER_S, &v) || *p || v > (uint64_t)INT64_MAX)
		return false;
	*ns = negative ? -(int64_t)v : (int64_t)v;
	return true;
}

bool num_clock_of_day(int64_t ns, int64_t clock, int days, int64_t *result)
{
	int64_t seconds = ns / NS_PER_S - (ns % NS_PER_S < 0);
	time_t t = (time_t)seconds;
	struct tm tm;

	if ((int64_t)t != seconds || !localtime_r(&t, &tm))
		return false;
	seconds = clock / NS_PER_S;
	tm.tm_mday += days;
	tm.tm_hour = (int)(seconds / 3600);
	tm.tm_min = (int)(seconds / 60 % 60);
	tm.tm_sec = (int)(seconds % 60);
	tm.tm_isdst = -1;
	seconds = (int64_t)mktime(&tm);
	if (seconds > INT64_MAX / NS_PER_S - 1 ||
	    seconds < INT64_MIN / NS_PER_S + 1)
		return false;
	*result = seconds * NS_PER_S + clock % NS_PER_S;
	return true;
}

bool num_moment(const char *text, struct moment *moment)
{
	const char *p = text;
	struct moment m = {.base = MOMENT_CLOCK};
	uint64_t part = 0;
	unsigned seconds;

	if (*p == '+' || *p == '-') {
		m.base = *p == '+' ? MOMENT_START : MOMENT_END;
		/* one sign is enough */
		if (!isdigit((unsigned char)p[1]) && p[1] != '.')
			return false;
		if (!num_duration(p + 1, &m.ns))
			return false;
	} else if (clock_time(&p, &seconds, &part)) {
		if (*p)
			return false;
		m.ns = seconds * NS_PER_S + (int64_t)part;
	} else {
		m.base = MOMENT_FIXED;
		if (!num_time(text, false, &m.ns))
			return false;
	}
	*moment = m;
	return true;
}

char *num_size_text(uint64_t bytes, char *buf, size_t size)
{
	static const char *const units[] = {"B",   "KiB", "MiB",
					    "GiB", "TiB", "PiB"};
	double v = (double)bytes;
	size_t i = 0;

	while (v >= 1024 && i + 1 < ARRAY_LEN(units)) {
		v /= 1024;
		i++;
	}
	snprintf(buf, size, i && v < 100 ? "%.1f %s" : "%.0f %s", v, units[i]);
	return buf;
}
