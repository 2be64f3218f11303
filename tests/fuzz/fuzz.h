/*
 * A fuzz target is fuzz_one(), which must survive any bytes, and fuzz_seed(),
 * which makes good ones. Configured with --enable-fuzzing the target runs under
 * libFuzzer (tests/fuzz/NAME DIRECTORY); else it is a test of "make check" that
 * runs the seeds, every beginning of them, and a fixed number of variations,
 * always the same ones. With files as arguments it runs those: to replay what
 * libFuzzer found; after --prefixes, every beginning of each.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <config.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FUZZ_MAX 4096	    /* bytes of a seed */
#define FUZZ_VARIATIONS 400 /* of each seed */

/* Run once. The bytes are in a block of exactly n. */
static void fuzz_one(const uint8_t *bytes, size_t n);

/* Fill in seed number i and return its length; 0: there is none. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX]);

/* The bytes of a file, a block to free(). */
static inline uint8_t *fuzz_load(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = malloc((size_t)1 << 20);

	if (!f || !bytes) {
		perror(path);
		exit(1);
	}
	*n = fread(bytes, 1, (size_t)1 << 20, f);
	fclose(f);
	return bytes;
}

/* Where files are made: in memory, where there is such a place. */
static inline const char *fuzz_folder(void)
{
	return access("/dev/shm", W_OK) == 0 ? "/dev/shm/" : "";
}

/* The bytes as a file that has no name of its own: its path. */
static inline const char *fuzz_file(const uint8_t *bytes, size_t n)
{
	static char path[64];
	static int fd = -1;

	if (fd < 0) {
		snprintf(path, sizeof(path), "%sfuzz-XXXXXX", fuzz_folder());
		fd = mkstemp(path);
		unlink(path);
		snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	}
	if (fd < 0 || ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0 ||
	    pwrite(fd, bytes, n, 0) != (ssize_t)n) {
		perror("a file for the bytes");
		exit(1);
	}
	return path;
}

#ifdef FUZZING

#include "fuzz/blocks.h"

/* Small blocks are used again soon, too, and not given back meanwhile. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=16:allocator_release_to_os_interval_ms=-1";
}

/* libFuzzer looks each feature up in a list of those seen up to 255 times, one
   after the other, which took longer than most targets: up to 8 times, unless
   an argument says otherwise. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char rare[] = "-entropic_feature_frequency_threshold=8";
	static char **with;
	size_t n = (size_t)*argc;

	with = calloc(n + 2, sizeof(*with));
	if (!with)
		return 1;
	with[0] = (*argv)[0];
	with[1] = rare;
	memcpy(with + 2, *argv + 1, (n - 1) * sizeof(*with));
	*argv = with;
	*argc = (int)n + 1;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	(void)fuzz_seed; /* the corpus is libFuzzer's */
	fuzz_one(bytes, n);
	return 0;
}

#else

static uint32_t fuzz_state = 1;

/* Below n; the same sequence in each run. */
static inline size_t fuzz_any(size_t n)
{
	fuzz_state = fuzz_state * 1664525 + 1013904223;
	return n ? (fuzz_state >> 8) % n : 0;
}

/* In a block of its own size, so that a sanitizer sees any step beyond. */
static inline void fuzz_try(const uint8_t *bytes, size_t n)
{
	uint8_t *exact = malloc(n ? n : 1);

	if (!exact)
		exit(1);
	memcpy(exact, bytes, n);
	fuzz_one(exact, n);
	free(exact);
}

/* One to four changes: a byte, a bit, an extreme, a cut, a repetition. */
static inline size_t fuzz_vary(uint8_t bytes[FUZZ_MAX], size_t n)
{
	static const uint8_t extremes[] = {0, 1, 0x7f, 0x80, 0xfe, 0xff};
	size_t i, changes = 1 + fuzz_any(4);

	for (i = 0; i < changes && n; i++) {
		size_t at = fuzz_any(n), len = 1 + fuzz_any(n - at);

		switch (fuzz_any(5)) {
		case 0:
			bytes[at] = (uint8_t)fuzz_any(256);
			break;
		case 1:
			bytes[at] ^= (uint8_t)(1 << fuzz_any(8));
			break;
		case 2:
			bytes[at] = extremes[fuzz_any(sizeof(extremes))];
			break;
		case 3:
			memmove(bytes + at, bytes + at + len, n - at - len);
			n -= len;
			break;
		default:
			if (n + len > FUZZ_MAX)
				break;
			memmove(bytes + at + len, bytes + at, n - at);
			n += len;
		}
	}
	return n;
}

int main(int argc, char **argv)
{
	static uint8_t seed[FUZZ_MAX], varied[FUZZ_MAX];
	size_t i, k, n;

	for (int a = 1; a < argc; a++) {
		bool all = a > 1 && !strcmp(argv[1], "--prefixes");
		uint8_t *bytes;

		if (a == 1 && !strcmp(argv[a], "--prefixes"))
			continue;
		bytes = fuzz_load(argv[a], &n);
		for (k = all ? 0 : n; k <= n; k++)
			fuzz_try(bytes, k);
		free(bytes);
	}
	if (argc > 1)
		return 0;
	for (i = 0; (n = fuzz_seed(i, seed)) > 0; i++) {
		size_t step = 1 + n / 256;

		for (k = 0; k <= n; k += step)
			fuzz_try(seed, k);
		fuzz_try(seed, n);
		for (k = 0; k < FUZZ_VARIATIONS; k++) {
			memcpy(varied, seed, n);
			fuzz_try(varied, fuzz_vary(varied, n));
		}
		printf("ok %zu - survived variations of seed %zu\n", i + 1, i);
	}
	printf("1..%zu\n", i);
	return i == 0;
}

#endif
#endif
