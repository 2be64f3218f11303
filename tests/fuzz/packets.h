/*
 * Packets of a family of link types: the first byte chooses the type, and
 * whether more was on the wire than is here; the others are decoded and
 * printed in every form. A target is FAMILY(link types), PACKETS_TARGET and a
 * fuzz_seed().
 */
#ifndef TESTS_FUZZ_PACKETS_H
#define TESTS_FUZZ_PACKETS_H

#include <fcntl.h>

#include "fuzz/fuzz.h"
#include "output/print.h"

/* As many as there are, and what they are. */
#define FAMILY(...)                                                            \
	static const uint32_t linktypes[] = {__VA_ARGS__};                     \
	enum { LINKTYPES = sizeof((uint32_t[]){__VA_ARGS__}) / 4 }

static inline void packets_open(struct sink *sinks[PRINT_FORMS],
				const uint32_t *linktypes, size_t n)
{
	struct err err;
	int form, out = open("/dev/null", O_WRONLY);

	for (form = 0; form < PRINT_FORMS; form++) {
		struct print_options options = {
		    .form = form, .verbose = 3, .link = true, .hex_text = 2};
		uint32_t i;

		sinks[form] = print_open(&options, out, &err);
		if (!sinks[form])
			exit(1);
		for (i = 0; i < n; i++) {
			struct iface iface = {.id = i,
					      .linktype = linktypes[i],
					      .tsresol = TSRESOL_NANO,
					      .fcslen = -1};

			if (!sink_iface(sinks[form], &iface, &err))
				exit(1);
		}
	}
}

static inline void packets_try(const uint32_t *linktypes, size_t n_types,
			       const uint8_t *bytes, size_t n)
{
	static struct sink *sinks[PRINT_FORMS];
	struct pkt pkt = {.number = 1};
	int form;

	if (!sinks[0])
		packets_open(sinks, linktypes, n_types);
	if (n == 0)
		return;
	pkt.iface = (bytes[0] & 0x7f) % (uint32_t)n_types;
	pkt.data = bytes + 1;
	pkt.caplen = (uint32_t)(n - 1);
	pkt.wirelen = pkt.caplen + (bytes[0] & 0x80 ? 100 : 0);
	for (form = 0; form < PRINT_FORMS; form++)
		if (sink_packets(sinks[form], &pkt, 1) == FAILED)
			exit(1);
}

static inline unsigned packets_digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

/* The bytes of a seed's text. */
static inline size_t packets_read(const char *text, uint8_t bytes[FUZZ_MAX])
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ' ')
			continue;
		bytes[n++] = (uint8_t)(packets_digit(text[0]) << 4 |
				       packets_digit(text[1]));
		text++;
	}
	return n;
}

/* Packet number i of a capture without its first `skip` bytes; 0: there are
   not so many. */
static inline size_t packets_load(const char *path, size_t i, size_t skip,
				  uint8_t *bytes)
{
	size_t n, at = 24, k;
	uint8_t *all = fuzz_load(path, &n);
	uint32_t len = 0;

	for (k = 0; k <= i && at + 16 < n; k++, at += 16 + len)
		memcpy(&len, all + at + 8, 4);
	if (k <= i || len <= skip || len - skip >= FUZZ_MAX)
		len = (uint32_t)skip;
	else
		memcpy(bytes, all + at - len + skip, len - skip);
	free(all);
	return len - skip;
}

/* What a family's target is made of. */
#define PACKETS_TARGET                                                         \
	static void fuzz_one(const uint8_t *bytes, size_t n)                   \
	{                                                                      \
		packets_try(linktypes, LINKTYPES, bytes, n);                   \
	}

#endif
