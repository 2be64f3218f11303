/* Any file: read as a savefile, decoded, printed with all details. */
#include <fcntl.h>

#include "base/array.h"
#include "file/savefile.h"
#include "fuzz/fuzz.h"
#include "output/print.h"

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	static const struct print_options options = {
	    .verbose = 3, .link = true, .hex_text = 2, .number = true};
	struct savefile_options how = {.single = true, .recover = n & 1};
	static int out = -1;
	struct source *source;
	struct sink *sink;
	struct err err;

	if (out < 0)
		out = open("/dev/null", O_WRONLY);
	source = savefile_open(fuzz_file(bytes, n), &how, &err);
	sink = text_sink_open(&options, out, &err);
	if (!source || !sink)
		exit(1);
	(void)source_run(source, sink, &err);
	sink_close(sink, &err);
	source_close(source);
}

static void put4(uint8_t **to, uint32_t v)
{
	memcpy(*to, &v, 4);
	*to += 4;
}

/* The start of a pcapng file: a section and an interface that has options. */
static void put_headers(uint8_t **to)
{
	static const uint32_t words[] = {
	    0x0a0d0d0a,
	    28,
	    0x1a2b3c4d,
	    1,
	    0xffffffff,
	    0xffffffff,
	    28,
	    1, /* interface, 36 bytes, Ethernet, snap length */
	    36,
	    1,
	    65536,
	    2 | 2 << 16, /* if_name, "lo" */
	    'l' | 'o' << 8,
	    9 | 1 << 16, /* if_tsresol, 10^-6 */
	    6,
	    0,
	    36};
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++)
		put4(to, words[i]);
}

/* Seed 0 is the sample capture, a file that the build made; seed 1 the same as
   pcapng. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	size_t n, at = 24;
	uint8_t *all, *to = bytes;
	uint32_t rec[4];

	if (i > 1)
		return 0;
	all = fuzz_load("tests/data/sample.pcap", &n);
	if (i == 0)
		memcpy(bytes, all, n = n > FUZZ_MAX ? FUZZ_MAX : n);
	else
		put_headers(&to);
	for (; i == 1 && at + sizeof(rec) <= n; at += sizeof(rec) + rec[2]) {
		memcpy(rec, all + at, sizeof(rec));
		uint32_t padded = (rec[2] + 3) & ~3u;

		put4(&to, 6);
		put4(&to, 32 + padded);
		put4(&to, 0);
		put4(&to, 0x64000);
		put4(&to, rec[1]);
		put4(&to, rec[2]);
		put4(&to, rec[3]);
		memset(to, 0, padded);
		memcpy(to, all + at + sizeof(rec), rec[2]);
		to += padded;
		put4(&to, 32 + padded);
	}
	free(all);
	return i == 0 ? n : (size_t)(to - bytes);
}
