/*
 * For tests of savefile readers: bytes made from commented text, a
 * file made of them, and a sink that writes down all it is handed.
 */
#ifndef TESTS_SAVEFILE_CASE_H
#define TESTS_SAVEFILE_CASE_H

#include <ctype.h>
#include <stdint.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "file/codec.h"
#include "file/savefile.h"
#include "pkt/pipeline.h"
#include "tap.h"

/* ---- bytes ---- */

/*
 * Append bytes as text says: pairs of hexadecimal digits; 'text'; u16, u32 or
 * u64 and a number, little-endian (or big-endian: U16, U32, U64); "*N" repeats
 * the byte before it to N times. Blanks separate, "#" is a comment to the end
 * of the line.
 */
static inline void put_text(struct str *to, const char *text)
{
	const char *s = text;

	while (*s) {
		char *end;

		if (isspace((unsigned char)*s)) {
			s++;
		} else if (*s == '#') {
			s += strcspn(s, "\n");
		} else if (*s == '\'') {
			size_t n = strcspn(s + 1, "'");

			str_put(to, s + 1, n);
			s += n + 2;
		} else if (*s == '*') {
			unsigned long n = strtoul(s + 1, &end, 10);

			for (; n > 1; n--)
				str_putc(to, to->text[to->len - 1]);
			s = end;
		} else if (*s == 'u' || *s == 'U') {
			bool big = *s == 'U';
			unsigned long size = strtoul(s + 1, &end, 10) / 8, i;
			unsigned long long v = strtoull(end, &end, 0);

			for (i = 0; i < size; i++)
				str_putc(to, (char)(v >> 8 * (big ? size - 1 - i
								  : i)));
			s = end;
		} else {
			char pair[3] = {s[0], s[1], 0};

			str_putc(to, (char)strtoul(pair, NULL, 16));
			s += 2;
		}
	}
}

/* Append these bytes packed as one frame. */
static inline void pack(const struct codec *codec, struct str *to,
			const char *bytes, size_t n)
{
	void *state = codec->ops->pack_open();
	size_t room = codec->ops->pack_bound(n);
	char *at = str_room(to, room);

	to->len += codec->ops->pack(state, (const uint8_t *)bytes, n,
				    (uint8_t *)at, room);
	codec->ops->pack_close(state);
}

/* A file with these bytes, in a folder of this test; borrowed until the next
   call. Removed by the caller. */
static inline const char *file_of(const struct str *bytes)
{
	static char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "savefile-case-%ld.tmp", (long)getpid());
	f = fopen(path, "wb");
	if (!f || fwrite(str_text(bytes), 1, bytes->len, f) != bytes->len ||
	    fclose(f) != 0) {
		printf("Bail out! cannot write %s\n", path);
		exit(EXIT_FAILURE);
	}
	return path;
}

/* ---- what comes out ---- */

struct collect {
	struct sink sink;
	struct str text; /* a line for each event */
	struct str data; /* all packets' bytes */
	uint64_t packets;
};

static inline bool collect_iface(struct sink *s, const struct iface *i,
				 struct err *err)
{
	struct collect *c = (struct collect *)s;

	(void)err;
	str_printf(&c->text,
		   "iface %u link %u snap %u res %u offset %lld "
		   "fcs %d name %s\n",
		   i->id, i->linktype, i->snaplen, i->tsresol,
		   (long long)i->tsoffset, i->fcslen, i->name ? i->name : "-");
	return true;
}

static inline enum verdict collect_packets(struct sink *s, const struct pkt *p,
					   size_t n)
{
	struct collect *c = (struct collect *)s;
	size_t i;

	for (i = 0; i < n; i++) {
		str_printf(&c->text, "%llu if %u time %lld len %u/%u",
			   (unsigned long long)p[i].number, p[i].iface,
			   (long long)p[i].time_ns, p[i].caplen, p[i].wirelen);
		if (p[i].flags & ~PKT_RAW_TIME)
			str_printf(&c->text, " flags %x",
				   p[i].flags & ~(unsigned)PKT_RAW_TIME);
		if (p[i].meta)
			str_printf(&c->text, " options %zu",
				   p[i].meta->options_len);
		str_putc(&c->text, '\n');
		str_put(&c->data, p[i].data, p[i].caplen);
	}
	c->packets += n;
	return GO_ON;
}

static inline bool collect_block(struct sink *s, const struct block *b,
				 struct err *err)
{
	struct collect *c = (struct collect *)s;
	const uint16_t one = 1;
	const bool little = *(const uint8_t *)&one;

	/* swapped is for this machine, the text for little-endian ones */
	(void)err;
	str_printf(&c->text, "block %#x len %zu%s\n", b->type, b->len,
		   b->swapped == little ? " swapped" : "");
	str_put(&c->data, b->body, b->len);
	return true;
}

static inline bool collect_iface_end(struct sink *s, uint32_t iface,
				     const struct counters *n, int64_t start,
				     int64_t end, struct err *err)
{
	struct collect *c = (struct collect *)s;

	(void)err;
	str_printf(&c->text,
		   "end of if %u received %lld dropped %lld "
		   "from %lld to %lld\n",
		   iface, (long long)n->received, (long long)n->ifdropped,
		   (long long)start, (long long)end);
	return true;
}

static inline bool collect_close(struct sink *s, struct err *err)
{
	struct collect *c = (struct collect *)s;

	(void)err;
	str_fini(&c->text);
	str_fini(&c->data);
	return true;
}

static const struct sink_ops collect_ops = {
    .name = "collect",
    .iface = collect_iface,
    .packets = collect_packets,
    .block = collect_block,
    .iface_end = collect_iface_end,
    .close = collect_close,
};

static struct str case_notes;

static inline void case_note(enum log_level level, const char *text)
{
	(void)level;
	str_printf(&case_notes, "%s\n", text);
}

/* Read the files into c (freshly set up here); what source_run() returned is
   in *err, kind ERR_NONE when it was true. Notes gather in case_notes. */
static inline void collect(struct collect *c, const char *const *paths,
			   size_t n, const struct savefile_options *o,
			   struct err *err)
{
	struct source *source;

	memset(c, 0, sizeof(*c));
	memset(err, 0, sizeof(*err));
	c->sink.ops = &collect_ops;
	str_clear(&case_notes);
	log_to(case_note);
	source = savefiles_open(paths, n, o, err);
	if (source && source_run(source, &c->sink, err))
		err->kind = ERR_NONE;
	source_close(source);
}

#endif
