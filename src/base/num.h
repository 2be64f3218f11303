/*
 * Numbers, sizes, durations and times as people write them. Each function
 * takes the whole string or nothing: it returns false, and leaves *value as it
 * was, for an empty string, trailing text or a value that does not fit.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* Decimal, or hexadecimal after 0x. */
bool num_u64(const char *text, uint64_t *value);
bool num_i64(const char *text, int64_t *value);

/* Bytes: a number with an optional fraction and suffix k, M, G or T (powers of
   2^10, either case, optionally followed by "B" or "iB"). */
bool num_size(const char *text, uint64_t *bytes);

/* Nanoseconds: numbers with an optional fraction, each with a unit of ns, us,
   ms, s, m, h or d ("1h30m"); a lone number is seconds. May be negative. */
bool num_duration(const char *text, int64_t *ns);

/*
 * Nanoseconds since 1970-01-01 00:00 UTC: epoch seconds with an optional
 * fraction ("1700000000.25"), or ISO 8601: a date, optionally "T" (or a space)
 * and hh:mm, hh:mm:ss or hh:mm:ss.fraction, optionally "Z" or +hh:mm / -hh:mm;
 * without a zone it is local time (utc: UTC).
 */
bool num_time(const char *text, bool utc, int64_t *ns);

/* A time in a capture: a fixed one, or one that depends on the capture. */
enum moment_base {
	MOMENT_NONE,  /* not given */
	MOMENT_FIXED, /* ns since the epoch */
	MOMENT_CLOCK, /* ns after midnight of the day of the first packet */
	MOMENT_START, /* ns after the first packet */
	MOMENT_END    /* ns before the last packet */
};

struct moment {
	enum moment_base base;
	int64_t ns;
};

/* As num_time, in local time, and besides hh:mm[:ss[.fraction]] (a clock
   time), +DURATION (after the start) and -DURATION (before the end). */
bool num_moment(const char *text, struct moment *moment);

/* The clock time `clock` (ns after midnight) of the local day that ns is in,
   or of one that is `days` later. false: it does not fit. */
bool num_clock_of_day(int64_t ns, int64_t clock, int days, int64_t *result);

/* Days from 1970-01-01 to a date of the Gregorian calendar (month 1-12). */
int64_t num_days(int64_t year, unsigned month, unsigned day);

/* 1536 -> "1.5 KiB"; buf holds at least 16 characters. Returns buf. */
char *num_size_text(uint64_t bytes, char *buf, size_t size);

#endif
