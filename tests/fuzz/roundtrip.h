/* For fuzz targets of savefiles: bytes as a file, and a copy of what it
   holds, which must hold the same. */
#ifndef TESTS_FUZZ_THROUGH_H
#define TESTS_FUZZ_THROUGH_H

#include "base/str.h"
#include "file/create.h"
#include "file/savefile.h"
#include "fuzz/fuzz.h"
#include "pkt/tee.h"
#include "savefile_case.h"

/* Adds up what packets say. */
struct through_sum {
	struct sink sink;
	uint64_t packets, sum;
};

static inline enum verdict through_packets(struct sink *s, const struct pkt *p,
					   size_t n)
{
	struct through_sum *t = (struct through_sum *)s;
	size_t i;

	for (; n; n--, p++) {
		t->packets++;
		t->sum = t->sum * 31 + (uint64_t)p->time_ns;
		t->sum = t->sum * 31 + p->caplen;
		t->sum = t->sum * 31 + p->wirelen;
		for (i = 0; i < p->caplen; i++)
			t->sum = t->sum * 31 + p->data[i];
	}
	return GO_ON;
}

static inline bool through_close(struct sink *s, struct err *err)
{
	(void)s;
	(void)err;
	return true;
}

/*
 * Read the bytes, with recover or without; write what came as a pcapng file;
 * read that: it must be sound, and the packets the same.
 */
static inline void through(const uint8_t *bytes, size_t n, bool recover)
{
	static const struct sink_ops ops = {
	    .name = "sum", .packets = through_packets, .close = through_close};
	const struct savefile_options how = {.single = true,
					     .recover = recover};
	const struct create_options new = {.force = true};
	char copy[64];
	struct through_sum first = {{&ops}}, second = {{&ops}};
	struct source *source;
	struct sink *sink;
	struct err err;

	snprintf(copy, sizeof(copy), "%sfuzz-through-%ld.pcapng", fuzz_folder(),
		 (long)getpid());
	source = savefile_open(fuzz_file(bytes, n), &how, &err);
	sink = savefile_create(copy, &new, &err);
	sink = sink ? tee_open(&first.sink, sink, &err) : NULL;
	if (!source || !sink)
		exit(1);
	(void)source_run(source, sink, &err);
	if (!sink_close(sink, &err))
		abort();
	source_close(source);
	source = savefile_open(copy, NULL, &err);
	if (!source || !source_run(source, &second.sink, &err) ||
	    first.packets != second.packets || first.sum != second.sum)
		abort();
	source_close(source);
	unlink(copy);
}

/* A seed from text (see put_text). */
static inline size_t through_seed(const char *text, uint8_t bytes[FUZZ_MAX])
{
	struct str s = STR_INIT;
	size_t n;

	put_text(&s, text);
	n = s.len < FUZZ_MAX ? s.len : FUZZ_MAX;
	memcpy(bytes, s.text, n);
	str_fini(&s);
	return n;
}

#endif
