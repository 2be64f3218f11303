/* Time stamps of lines. */
#include "output/timestamp.h"

#include <time.h>

#include "base/fmt.h"
#include "base/num.h"

enum {
	FORM_CLOCK,
	FORM_NONE,
	FORM_EPOCH,
	FORM_SINCE_LAST,
	FORM_DATE,
	FORM_SINCE_FIRST
};

void timestamp_init(struct timestamp *s, int form, int digits, bool utc)
{
	*s = (struct timestamp){
	    .form = form > FORM_SINCE_FIRST ? FORM_SINCE_FIRST : form,
	    .digits = digits == 9 ? 9 : 6,
	    .utc = utc,
	    .second = INT64_MIN};
}

static char *put_clock(char *at, unsigned hour, unsigned minute,
		       unsigned second)
{
	at = fmt_pair(at, hour);
	*at++ = ':';
	at = fmt_pair(at, minute);
	*at++ = ':';
	return fmt_pair(at, second);
}

/* The text up to the second changes once a second. */
static void remember(struct timestamp *s, int64_t second)
{
	time_t when = (time_t)second;
	struct tm tm;
	char *at = s->text;

	s->second = second;
	if (s->form == FORM_EPOCH) {
		s->text_len = (unsigned)(fmt_sdec(at, second) - s->text);
		return;
	}
	if (!(s->utc ? gmtime_r(&when, &tm) : localtime_r(&when, &tm))) {
		s->text_len = (unsigned)(fmt_text(at, "[no date]") - s->text);
		return;
	}
	if (s->form == FORM_DATE) {
		int64_t year = (int64_t)tm.tm_year + 1900;

		at = year >= 0 && year <= 9999
			 ? fmt_zeros(at, (uint32_t)year, 4)
			 : fmt_sdec(at, year);
		*at++ = '-';
		at = fmt_pair(at, (unsigned)tm.tm_mon + 1);
		*at++ = '-';
		at = fmt_pair(at, (unsigned)tm.tm_mday);
		*at++ = ' ';
	}
	at = put_clock(at, (unsigned)tm.tm_hour, (unsigned)tm.tm_min,
		       (unsigned)tm.tm_sec);
	s->text_len = (unsigned)(at - s->text);
}

static char *put_fraction(const struct timestamp *s, char *at, uint32_t ns)
{
	*at++ = '.';
	at = s->digits == 9 ? fmt_nano(at, ns) : fmt_micro(at, ns / 1000);
	*at++ = ' ';
	return at;
}

/* " 00:00:01.000000 " since the reference; with a minus sign before it. */
static char *put_since(const struct timestamp *s, char *at, int64_t ns,
		       int64_t reference)
{
	uint64_t span, second;

	*at++ = ns < reference ? '-' : ' ';
	span = ns < reference ? (uint64_t)reference - (uint64_t)ns
			      : (uint64_t)ns - (uint64_t)reference;
	second = span / NS_PER_S;
	at = put_clock(at, (unsigned)(second / 3600 % 24),
		       (unsigned)(second / 60 % 60), (unsigned)(second % 60));
	return put_fraction(s, at, (uint32_t)(span % NS_PER_S));
}

/* Seconds before 1970, with their minus sign. */
static char *put_negative(const struct timestamp *s, char *at, int64_t ns)
{
	const uint64_t span = -(uint64_t)ns;

	*at++ = '-';
	at = fmt_dec(at, span / NS_PER_S);
	return put_fraction(s, at, (uint32_t)(span % NS_PER_S));
}

char *timestamp_put(struct timestamp *s, char *at, int64_t ns,
		    int64_t reference)
{
	int64_t second, rest;

	if (s->form == FORM_NONE)
		return at;
	if (s->form == FORM_SINCE_LAST || s->form == FORM_SINCE_FIRST)
		return put_since(s, at, ns, reference);
	if (s->form == FORM_EPOCH && ns < 0)
		return put_negative(s, at, ns);
	second = ns / NS_PER_S;
	rest = ns % NS_PER_S;
	if (rest < 0) {
		second--;
		rest += NS_PER_S;
	}
	if (second != s->second)
		remember(s, second);
	memcpy(at, s->text, sizeof(s->text));
	return put_fraction(s, at + s->text_len, (uint32_t)rest);
}
