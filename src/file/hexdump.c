/* Packets from hexadecimal dumps. */
#include "file/hexdump.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "os/infile.h"

#define LINE_MAX_LEN 4096 /* of what is longer the rest is ignored */
#define LINE_BYTES 512	  /* of a dump */
#define READ_SIZE 65536

struct hexdump {
	struct source source;
	struct infile *files;
	const char **paths;
	size_t n;
	uint32_t linktype;
	volatile sig_atomic_t stop;

	/* of the current file */
	char buf[READ_SIZE];
	size_t at, have;
	char line[LINE_MAX_LEN];
	uint64_t line_number;
	int base; /* of offsets; 0: not known yet */

	/* the current packet */
	uint8_t *bytes;
	size_t len, room;
	size_t last; /* where its last line's bytes begin */
	bool open;   /* there is one */
	bool repeat; /* "*": the last line is to be repeated */

	/* what text lines said of it, and of the next one */
	struct said {
		int64_t time_ns;
		bool has_time;
		uint32_t direction;
	} said, next;
	int64_t last_time;
	uint64_t number;
};

/* ---- lines ---- */

/* The next line, without its end. 1: there is one; 0: end; -1: *err. */
static int next_line(struct hexdump *h, struct infile *f, struct err *err)
{
	size_t len = 0;
	bool any = false;

	for (;;) {
		char c;

		if (h->at == h->have) {
			ptrdiff_t n =
			    infile_read(f, h->buf, READ_SIZE, &h->stop, err);

			if (n < 0)
				return -1;
			h->at = 0;
			h->have = (size_t)n;
			if (n == 0)
				break;
		}
		c = h->buf[h->at++];
		any = true;
		if (c == '\n')
			break;
		if (len + 1 < LINE_MAX_LEN && c != '\r')
			h->line[len++] = c ? c : '?';
	}
	h->line[len] = '\0';
	h->line_number += any;
	return any;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* An offset of at least three digits at *p: its digits from *first on. */
static size_t offset_digits(const char **p, const char **first)
{
	bool prefixed = (*p)[0] == '0' && ((*p)[1] == 'x' || (*p)[1] == 'X');
	size_t n = 0;

	*first = prefixed ? *p + 2 : *p;
	while (n < 16 && digit((*first)[n]) >= 0)
		n++;
	*p = *first + n;
	if (**p == ':')
		++*p;
	return n >= 3 && (**p == '\0' || strchr(" \t", **p)) ? n : 0;
}

static bool offset_value(const char *first, size_t n, int base, uint64_t *value)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (digit(first[i]) >= base)
			return false;
		v = v * (unsigned)base + (unsigned)digit(first[i]);
	}
	*value = v;
	return true;
}

/* Is what follows those n bytes their text? */
static bool is_text_of(const char *p, const uint8_t *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		bool prints = bytes[i] >= ' ' && bytes[i] < 0x7f;

		if (p[i] != (prints ? (char)bytes[i] : '.'))
			return false;
	}
	return true;
}

/* The bytes of a line from p on, up to what is not hexadecimal. */
static size_t line_bytes(const char *p, uint8_t out[LINE_BYTES])
{
	size_t n = 0;

	for (;;) {
		size_t gap = strspn(p, " \t"), len = 0, i;
		const char *word = p + gap;

		while (digit(word[len]) >= 0)
			len++;
		if (len == 0 || len % 2 ||
		    (word[len] && !strchr(" \t", word[len])))
			return n;
		/* Two blanks end the bytes, but for a gap in their middle. */
		if (n > 0 && gap > 1 &&
		    (n != 8 || gap != 2 || len != 2 ||
		     is_text_of(word, out, n)))
			return n;
		if (n + len / 2 > LINE_BYTES)
			return n;
		for (i = 0; i < len; i += 2)
			out[n++] =
			    (uint8_t)(digit(word[i]) << 4 | digit(word[i + 1]));
		p = word + len;
	}
}

/* ---- what text lines say ---- */

/* "hh:mm:ss" with an optional fraction, as ns since midnight. */
static bool time_of_day(const char *text, int64_t *ns)
{
	char whole[48];

	if (strlen(text) > 20 || strlen(text) < 8 || text[2] != ':')
		return false;
	strcpy(whole, "1970-01-01T");
	strcat(whole, text);
	return num_time(whole, true, ns);
}

/* Copy the next word of *p; false: there is none of that length. */
static bool word(const char **p, char *out, size_t size)
{
	size_t len;

	*p += strspn(*p, " \t");
	len = strcspn(*p, " \t");
	if (len == 0 || len >= size)
		return false;
	memcpy(out, *p, len);
	out[len] = '\0';
	*p += len;
	return true;
}

static bool text_time(const char *p, int64_t *ns)
{
	char first[40], second[40] = "", both[90];

	if (!word(&p, first, sizeof(first)))
		return false;
	word(&p, second, sizeof(second));
	strcpy(both, first);
	strcat(both, "T");
	strcat(both, second);
	if (strchr(first, '-') && num_time(both, true, ns))
		return true;
	if (time_of_day(first, ns))
		return true;
	if (strpbrk(first, ".-") && num_time(first, true, ns))
		return true;
	/* a packet's number, and its time since the first one */
	return !strpbrk(first, ".-:") && strchr(second, '.') &&
	       !strpbrk(second, "-:") && num_time(second, true, ns);
}

static void take_text(struct hexdump *h)
{
	const char *p = h->line + strspn(h->line, " \t>");

	if (*p == '#')
		return;
	if ((*p == 'I' || *p == 'O') && (p[1] == ' ' || p[1] == '\0')) {
		h->next.direction = *p == 'I' ? PKT_INBOUND : PKT_OUTBOUND;
		p++;
	}
	h->next.has_time |= text_time(p, &h->next.time_ns);
}

/* ---- packets ---- */

static bool append(struct hexdump *h, const uint8_t *bytes, size_t n,
		   struct err *err)
{
	if (n > HEXDUMP_MAX - h->len)
		return err_set(err, ERR_FAULT,
			       "line %" PRIu64 ": the packet is longer than %u",
			       h->line_number, HEXDUMP_MAX);
	if (h->len + n > h->room) {
		size_t room = (h->len + n) * 2 + 256;
		uint8_t *p = realloc(h->bytes, room);

		if (!p)
			return err_nomem(err, "packet");
		h->bytes = p;
		h->room = room;
	}
	memcpy(h->bytes + h->len, bytes, n);
	h->len += n;
	return true;
}

/* "*" stood before this offset: the last line again and again. */
static bool fill(struct hexdump *h, uint64_t offset, struct err *err)
{
	size_t width = h->len - h->last;

	while (h->len < offset && width > 0) {
		uint8_t again[LINE_BYTES];
		size_t n = width;

		if (n > offset - h->len)
			n = (size_t)(offset - h->len);
		memcpy(again, h->bytes + h->last, n);
		if (!append(h, again, n, err))
			return false;
	}
	return true;
}

/* The current packet, if any, goes to the sink. */
static enum verdict finish(struct hexdump *h, struct sink *sink)
{
	struct pkt p = {.flags = h->said.direction, .number = h->number + 1};

	if (!h->open)
		return GO_ON;
	h->open = false;
	h->number++;
	if (h->said.has_time)
		h->last_time = h->said.time_ns;
	else if (h->number > 1)
		h->last_time += NS_PER_US;
	p.data = h->bytes;
	p.caplen = p.wirelen = (uint32_t)h->len;
	p.time_ns = h->last_time;
	return sink_packets(sink, &p, 1);
}

static void start(struct hexdump *h)
{
	h->said = h->next;
	h->next = (struct said){0};
	h->open = true;
	h->repeat = false;
	h->len = h->last = 0;
}

/*
 * Find the base in which an offset continues the packet, best exactly where
 * its bytes end; 0: none. A line before may have taken characters for bytes.
 */
static int base_of(const struct hexdump *h, const char *first, size_t n,
		   bool prefixed)
{
	static const int bases[] = {16, 8, 10};
	size_t i, count = prefixed ? 1 : 3;
	uint64_t v;

	for (i = 0; i < count; i++)
		if (offset_value(first, n, bases[i], &v) && v == h->len)
			return bases[i];
	for (i = 0; i < count; i++)
		if (offset_value(first, n, bases[i], &v) &&
		    (h->repeat ? v > h->len : v > h->last && v < h->len))
			return bases[i];
	return 0;
}

static bool misplaced(const struct hexdump *h, struct err *err)
{
	return err_set(err, ERR_FAULT,
		       "line %" PRIu64
		       ": the offset does not follow the %zu bytes before",
		       h->line_number, h->len);
}

/* A line of bytes that continues a packet, at this offset. */
static bool go_on(struct hexdump *h, const char *first, size_t digits,
		  bool prefixed, const uint8_t *bytes, size_t n,
		  struct err *err)
{
	uint64_t offset;

	if (h->base == 0)
		h->base = base_of(h, first, digits, prefixed);
	if (h->base == 0 || !offset_value(first, digits, h->base, &offset))
		return misplaced(h, err);
	if (h->repeat && !fill(h, offset, err))
		return false;
	h->repeat = false;
	if (offset > h->len || offset <= h->last)
		return misplaced(h, err);
	h->len = h->last = (size_t)offset;
	return append(h, bytes, n, err);
}

/* One line. STOP and FAILED as the sink says; FAILED with *err set here. */
static enum verdict take_line(struct hexdump *h, struct sink *sink,
			      struct err *err)
{
	const char *p = h->line + strspn(h->line, " \t>"), *begin = p, *first;
	size_t digits = offset_digits(&p, &first), n;
	uint8_t bytes[LINE_BYTES];
	enum verdict v = GO_ON;
	uint64_t zero;

	n = digits ? line_bytes(p, bytes) : 0;
	if (h->open && !strcmp(begin, "*")) {
		h->repeat = true;
		return GO_ON;
	}
	if (n == 0 && !(digits && h->repeat)) {
		if (!digits)
			take_text(h);
		return GO_ON;
	}
	if (offset_value(first, digits, 16, &zero) && zero == 0) {
		v = finish(h, sink);
		if (v != GO_ON)
			return v;
		start(h);
		return append(h, bytes, n, err) ? GO_ON : FAILED;
	}
	if (!h->open) { /* a number among text */
		take_text(h);
		return GO_ON;
	}
	return go_on(h, first, digits, first != begin, bytes, n, err) ? GO_ON
								      : FAILED;
}

/* ---- the source ---- */

/* All lines of one file. false: *err says why. */
static bool run_file(struct hexdump *h, size_t i, struct sink *sink,
		     enum verdict *verdict, struct err *err)
{
	enum verdict v = GO_ON;
	uint64_t before = h->number;
	int got = 1;

	h->at = h->have = 0;
	h->line_number = 0;
	h->base = 0;
	while (v == GO_ON && !h->stop &&
	       (got = next_line(h, &h->files[i], err)) > 0) {
		struct err fault = {0};

		v = take_line(h, sink, &fault);
		if (v == FAILED) {
			err_copy(err, fault.kind ? &fault : &sink->err);
			return fault.kind && err_in_file(err, h->paths[i]);
		}
	}
	if (got < 0)
		return false;
	if (v == GO_ON)
		v = finish(h, sink);
	if (v == FAILED)
		err_copy(err, &sink->err);
	if (v == GO_ON && !h->stop && h->number == before) {
		err_set(err, ERR_USAGE,
			"no packet found: not a hexadecimal dump with offsets, "
			"such as xxd -g1 writes");
		return err_in_file(err, h->paths[i]);
	}
	*verdict = v;
	return v != FAILED;
}

static bool hexdump_run(struct source *source, struct sink *sink,
			struct err *err)
{
	struct hexdump *h = (struct hexdump *)source;
	const struct iface iface = {
	    .linktype = h->linktype,
	    .tsresol = TSRESOL_NANO,
	    .fcslen = -1,
	};
	enum verdict v = GO_ON;
	size_t i;

	if (!sink_iface(sink, &iface, err))
		return false;
	for (i = 0; i < h->n && v == GO_ON && !h->stop; i++)
		if (!run_file(h, i, sink, &v, err))
			return false;
	return true;
}

static void hexdump_stop(struct source *source)
{
	((struct hexdump *)source)->stop = 1;
}

static void hexdump_close(struct source *source)
{
	struct hexdump *h = (struct hexdump *)source;
	size_t i;

	for (i = 0; h->files && i < h->n; i++)
		infile_close(&h->files[i]);
	free(h->files);
	free(h->paths);
	free(h->bytes);
	free(h);
}

static const struct source_ops hexdump_ops = {
    .name = "hexadecimal dump",
    .run = hexdump_run,
    .stop = hexdump_stop,
    .close = hexdump_close,
};

struct source *hexdumps_open(const char *const *paths, size_t n,
			     uint32_t linktype, struct err *err)
{
	struct hexdump *h = calloc(1, sizeof(*h));
	size_t i;

	if (!h || !(h->files = calloc(n, sizeof(*h->files))) ||
	    !(h->paths = calloc(n, sizeof(*h->paths)))) {
		err_nomem(err, "opening files");
		if (h)
			hexdump_close(&h->source);
		return NULL;
	}
	h->source.ops = &hexdump_ops;
	h->linktype = linktype;
	for (i = 0; i < n; i++) {
		h->paths[i] = paths[i];
		if (!infile_open(&h->files[i], paths[i], err)) {
			hexdump_close(&h->source);
			return NULL;
		}
		h->n++; /* as many are open */
	}
	return &h->source;
}
