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

/* A part of an assertion: if it does not hold, the text says which one. */
static inline bool tap_part(bool good, const char *text)
{
	if (!good)
		printf("# false: %s\n", text);
	return good;
}

static inline bool tap_eq(long long got, long long want)
{
	if (got != want)
		printf("#  got: %lld\n# want: %lld\n", got, want);
	return got == want;
}

static inline bool tap_eq_str(const char *got, const char *want)
{
	bool same = got && !strcmp(got, want);

	if (!same)
		printf("#  got: %s\n# want: %s\n", got ? got : "(null)", want);
	return same;
}

/* One assertion each; what is a line that says what holds. */
#define ok(good, what) tap_ok((good), __FILE__, __LINE__, (what))
#define is_str(got, want, what) tap_str((got), (want), __FILE__, __LINE__, what)
#define is_int(got, want, what)                                                \
	tap_int((long long)(got), (long long)(want), __FILE__, __LINE__, what)

/*
 * ok_all(what, part, part, ...), two to eight: one assertion of parts that all
 * have to hold, tried in order. The first that does not is printed; with
 * eq(got, want) or eq_str(got, want) as a part, its values too.
 */
#define eq(got, want) tap_eq((long long)(got), (long long)(want))
#define eq_str(got, want) tap_eq_str((got), (want))
#define TAP_PART(part) tap_part((part), #part)
#define TAP_2(a, b) TAP_PART(a) && TAP_PART(b)
#define TAP_3(a, ...) TAP_PART(a) && TAP_2(__VA_ARGS__)
#define TAP_4(a, ...) TAP_PART(a) && TAP_3(__VA_ARGS__)
#define TAP_5(a, ...) TAP_PART(a) && TAP_4(__VA_ARGS__)
#define TAP_6(a, ...) TAP_PART(a) && TAP_5(__VA_ARGS__)
#define TAP_7(a, ...) TAP_PART(a) && TAP_6(__VA_ARGS__)
#define TAP_8(a, ...) TAP_PART(a) && TAP_7(__VA_ARGS__)
#define TAP_PICK(a, b, c, d, e, f, g, h, all, ...) all
#define ok_all(what, ...)                                                      \
	ok(TAP_PICK(__VA_ARGS__, TAP_8, TAP_7, TAP_6, TAP_5, TAP_4, TAP_3,     \
		    TAP_2, , )(__VA_ARGS__),                                   \
	   what)

/* The plan and the exit status: return done(); */
static inline int done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
