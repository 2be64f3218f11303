/*
 * A unit test is a program that speaks TAP: a line per assertion. Include this
 * in its only .c file, use ok() and its kin in main(), end with done().
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count, tap_failures;

static inline bool tap_ok(bool good, const char *file, int line,
			  const char *what)
{
	tap_count++;
	printf("%sok %d - %s\n", good ? "" : "not ", tap_count, what);
	if (!good) {
		tap_failures++;
		printf("# at %s:%d\n", file, line);
	}
	return good;
}

static inline void tap_str(const char *got, const char *want, const char *file,
			   int line, const char *what)
{
	if (!tap_ok(got && !strcmp(got, want), file, line, what))
		printf("#  got: %s\n# want: %s\n", got ? got : "(null)", want);
}

static inline void tap_int(long long got, long long want, const char *file,
			   int line, const char *what)
{
	if (!tap_ok(got == want, file, line, what))
		printf("#  got: %lld\n# want: %lld\n", got, want);
}

/* One assertion each; what is a line that says what holds. */
#define ok(good, what) tap_ok((good), __FILE__, __LINE__, (what))
#define is_str(got, want, what) tap_str((got), (want), __FILE__, __LINE__, what)
#define is_int(got, want, what)                                                \
	tap_int((long long)(got), (long long)(want), __FILE__, __LINE__, what)

/* The plan and the exit status: return done(); */
static inline int done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
