/* Any text as hexadecimal dumps: what comes out is whole, and not more than
   the text holds. */
#include "file/hexdump.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/array.h"
#include "fuzz/fuzz.h"

static size_t limit;

static enum verdict look(struct sink *s, const struct pkt *p, size_t n)
{
	size_t i;
	unsigned sum = 0;
	uint32_t at;

	(void)s;
	for (i = 0; i < n; i++) {
		for (at = 0; at < p[i].caplen; at++)
			sum += p[i].data[at];
		if (p[i].caplen > HEXDUMP_MAX || sum > 255u * p[i].caplen)
			abort();
		if (limit-- == 0)
			return STOP;
	}
	return GO_ON;
}

static bool no_close(struct sink *s, struct err *err)
{
	(void)s, (void)err;
	return true;
}

static const struct sink_ops ops = {
    .name = "look",
    .packets = look,
    .close = no_close,
};

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	char path[] = "/tmp/hexdump.XXXXXX";
	const char *paths[] = {path};
	int fd = mkstemp(path);
	struct sink sink = {.ops = &ops};
	struct source *source;
	struct err err;

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		exit(1);
	close(fd);
	limit = n;
	source = hexdumps_open(paths, 1, 1, &err);
	unlink(path);
	if (!source)
		return;
	source_run(source, &sink, &err);
	source_close(source);
}

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	static const char *const texts[] = {
	    "12:00:00.5 IP x > y\n\t0x0000:  4500 003c 1c46  E..<.F\n"
	    "\t0x0006:  40\n",
	    "0000000 45 00\n*\n0000200 01\n0000201\n",
	    "0000000 45 00 01 02 03 04 05 06\n0000010 01 02\n0000012\n",
	    "I 2026-01-01 00:00:01.5\n000000 ff ff  ab cd\n000002 08\n"
	    "O 1 2.5\n000 01\n001 02\n",
	    "    1   0.000000 a -> b\n\n0000  45 00 00 3c   E..<\n",
	};
	size_t n;

	if (i >= ARRAY_LEN(texts))
		return 0;
	n = strlen(texts[i]);
	memcpy(bytes, texts[i], n);
	return n;
}
