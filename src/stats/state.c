/*
 * Saved states. All numbers are little-endian, texts are a length (32 bits) and
 * bytes:
 *
 *	"PTSTATE\n", version (32)
 *	interval, origin (64), reassemble (32)
 *	filters (32): language (32; 1: field expressions), text each
 *	reports to be shown (32): name, kinds (32), fields each
 *	states of reports (32): name, kinds (32), fields, groups (32) each
 *	    group: name, words of a key, values (32), scale, evicted, missing
 *	    (64), the values of what was evicted (64 each), entries (32)
 *	        entry: key (a text, or 64 each word), values (64 each)
 *	CRC-64 of all that (64)
 *
 * What is read is trusted in nothing: lengths are checked before they are used,
 * and nothing is believed before the CRC has been seen.
 */
#include "stats/state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "file/create.h"
#include "os/infile.h"

#define MAGIC "PTSTATE\n"

enum { VERSION = 3, NAME_MOST = 256, PIECE = 65536 };

/* ---- CRC-64 (ECMA-182, reflected) --------------------------------------- */

struct crc {
	uint64_t value, table[256];
};

static void crc_init(struct crc *crc)
{
	uint64_t c;
	unsigned i, k;

	for (i = 0; i < 256; i++) {
		c = i;
		for (k = 0; k < 8; k++)
			c = c >> 1 ^ (c & 1 ? UINT64_C(0xc96c5795d7870f42) : 0);
		crc->table[i] = c;
	}
	crc->value = ~UINT64_C(0);
}

static void crc_add(struct crc *crc, const uint8_t *p, size_t n)
{
	uint64_t c = crc->value;

	for (; n > 0; n--, p++)
		c = c >> 8 ^ crc->table[(uint8_t)c ^ *p];
	crc->value = c;
}

/* ---- writing ------------------------------------------------------------ */

struct saver {
	struct out out;
	struct crc crc;
};

static void save_bytes(struct saver *s, const void *bytes, size_t n)
{
	uint8_t *room = out_room(&s->out, n);

	if (!room)
		return;
	if (n)
		memcpy(room, bytes, n);
	crc_add(&s->crc, room, n);
	out_done(&s->out, n);
}

static void save_number(struct saver *s, uint64_t number, unsigned bytes)
{
	uint8_t text[8];
	unsigned i;

	for (i = 0; i < bytes; i++)
		text[i] = (uint8_t)(number >> 8 * i);
	save_bytes(s, text, bytes);
}

static void save32(struct saver *s, uint64_t number)
{
	save_number(s, number, 4);
}

static void save64(struct saver *s, uint64_t number)
{
	save_number(s, number, 8);
}

static void save_text(struct saver *s, const char *text, size_t n)
{
	save32(s, n);
	save_bytes(s, text, n);
}

static void save_group(struct saver *s, const struct aggregate *g)
{
	const char *text;
	uint32_t i;
	unsigned k;
	size_t n;

	save_text(s, g->shape->name, strlen(g->shape->name));
	save32(s, g->shape->words);
	save32(s, g->n_values);
	save64(s, (uint64_t)g->scale);
	save64(s, g->evicted);
	save64(s, g->missing);
	for (k = 0; k < g->shape->n_values; k++)
		save64(s, g->lost[k]);
	save32(s, g->n);
	for (i = 0; i < g->n && !s->out.failed; i++) {
		if (g->shape->words) {
			for (k = 0; k < g->shape->words; k++)
				save64(s, aggregate_key(g, i)[k]);
		} else {
			text = aggregate_text(g, i, &n);
			save_text(s, text, n);
		}
		for (k = 0; k < g->n_values; k++)
			save64(s, aggregate_values(g, i)[k]);
	}
}

static void save_report(struct saver *s, const struct report *r, unsigned kinds,
			const char *fields)
{
	save_text(s, r->name, strlen(r->name));
	save32(s, kinds);
	save_text(s, fields ? fields : "", fields ? strlen(fields) : 0);
}

static void save_all(struct saver *s, const struct stats *stats)
{
	const struct stats_options *o = &stats->options;
	size_t i, k;

	save_bytes(s, MAGIC, strlen(MAGIC));
	save32(s, VERSION);
	save64(s, (uint64_t)o->interval);
	save64(s, (uint64_t)o->origin);
	save32(s, o->reassemble);
	save32(s, o->n_counts);
	for (i = 0; i < o->n_counts; i++) {
		save32(s, o->counts[i].where);
		save_text(s, o->counts[i].text, strlen(o->counts[i].text));
	}
	save32(s, o->n_wishes);
	for (i = 0; i < o->n_wishes; i++)
		save_report(s, o->wishes[i].report, o->wishes[i].kinds,
			    o->wishes[i].fields);
	save32(s, stats->n_parts);
	for (i = 0; i < stats->n_parts; i++) {
		const struct report_state *p = &stats->parts[i];

		save_report(s, p->report, p->kinds,
			    p->list ? p->list->text : NULL);
		save32(s, p->report->n_shapes);
		for (k = 0; k < p->report->n_shapes; k++)
			save_group(s, &p->groups[k]);
	}
	save64(s, s->crc.value);
}

bool stats_save(const struct stats *stats, const char *path, bool force,
		struct err *err)
{
	struct saver s;

	crc_init(&s.crc);
	if (!file_create(&s.out, path, force, err)) {
		s.out.failed = true;
		out_close(&s.out, NULL);
		return false;
	}
	save_all(&s, stats);
	return out_close(&s.out, err);
}

/* ---- reading ------------------------------------------------------------ */

struct loader {
	struct infile in;
	const char *path;
	struct crc crc;
	uint8_t buf[PIECE];
	size_t at, n;
	bool failed; /* *err is set */
	struct err *err;
};

static bool refuse(struct loader *l, const char *why)
{
	if (!l->failed) {
		err_set(l->err, ERR_FAULT, "no state to merge: %s", why);
		err_in_file(l->err, l->path);
	}
	l->failed = true;
	return false;
}

static void load_bytes(struct loader *l, void *to, size_t n)
{
	uint8_t *p = to;
	ptrdiff_t got;
	size_t some;

	while (n > 0 && !l->failed) {
		if (l->at == l->n) {
			got = infile_read(&l->in, l->buf, PIECE, NULL, l->err);
			if (got < 0) {
				err_in_file(l->err, l->path);
				l->failed = true;
			} else if (got == 0) {
				refuse(l, "it ends too early");
			}
			l->at = 0;
			l->n = got > 0 ? (size_t)got : 0;
			continue;
		}
		some = l->n - l->at < n ? l->n - l->at : n;
		memcpy(p, l->buf + l->at, some);
		crc_add(&l->crc, p, some);
		l->at += some;
		p += some;
		n -= some;
	}
	if (l->failed)
		memset(p, 0, n);
}

static uint64_t load_number(struct loader *l, unsigned bytes)
{
	uint8_t text[8] = {0};
	uint64_t number = 0;
	unsigned i;

	load_bytes(l, text, bytes);
	for (i = bytes; i > 0; i--)
		number = number << 8 | text[i - 1];
	return number;
}

static uint32_t load32(struct loader *l)
{
	return (uint32_t)load_number(l, 4);
}

static uint64_t load64(struct loader *l)
{
	return load_number(l, 8);
}

/* A text of at most `most` bytes; a NUL comes after it. */
static size_t load_text(struct loader *l, char *to, size_t most)
{
	uint32_t n = load32(l);

	to[0] = '\0';
	if (!l->failed && n > most)
		refuse(l, "a text is too long");
	if (l->failed)
		return 0;
	load_bytes(l, to, n);
	to[n] = '\0';
	return n;
}

static const struct report *load_report(struct loader *l)
{
	char name[NAME_MOST + 1];
	size_t i;

	load_text(l, name, NAME_MOST);
	for (i = 0; reports[i]; i++)
		if (!strcmp(reports[i]->name, name))
			return reports[i];
	refuse(l, "it has a report that is not known here");
	return NULL;
}

static bool load_head(struct loader *l)
{
	char magic[sizeof(MAGIC) - 1];

	load_bytes(l, magic, sizeof(magic));
	if (l->failed || memcmp(magic, MAGIC, sizeof(magic)) != 0)
		return refuse(l, "the file was not written by --save");
	if (load32(l) != VERSION)
		return refuse(l, "it is of another version");
	return !l->failed;
}

/* A text that stays: where it is in *texts, which still moves. */
static size_t load_kept(struct loader *l, struct str *texts)
{
	char text[STATS_TEXT + 1];
	size_t at = texts->len;

	load_text(l, text, STATS_TEXT);
	str_put(texts, text, strlen(text) + 1);
	return at;
}

static bool load_counts(struct loader *l, struct stats_options *o,
			struct str *texts, size_t at[STATS_COUNTS])
{
	uint32_t n = load32(l), where;
	size_t i;

	if (n > STATS_COUNTS)
		return refuse(l, "its options make no sense");
	for (i = 0; i < n && !l->failed; i++) {
		where = load32(l);
		if (where > 1)
			return refuse(l, "its filters make no sense");
		o->counts[i].where = where;
		at[i] = load_kept(l, texts);
	}
	o->n_counts = n;
	return !l->failed;
}

static bool load_wishes(struct loader *l, struct stats_options *o,
			struct str *texts, size_t at[STATS_WISHES])
{
	uint32_t n = load32(l);
	size_t i;

	if (n > STATS_WISHES)
		return refuse(l, "its options make no sense");
	for (i = 0; i < n && !l->failed; i++) {
		o->wishes[i].report = load_report(l);
		o->wishes[i].kinds = load32(l);
		at[i] = load_kept(l, texts);
		if (!l->failed &&
		    o->wishes[i].report->lists != (texts->len > at[i] + 1))
			return refuse(l, "its options make no sense");
	}
	o->n_wishes = n;
	return !l->failed;
}

/* The texts of options lie one after the other in *texts. */
static bool load_options(struct loader *l, struct stats_options *o,
			 struct str *texts)
{
	size_t counts[STATS_COUNTS], wishes[STATS_WISHES], i;

	*o = (struct stats_options){.max_flows = UINT32_MAX, .jobs = 1};
	o->interval = (int64_t)load64(l);
	o->origin = (int64_t)load64(l);
	o->reassemble = load32(l);
	if (o->interval < 0)
		return refuse(l, "its options make no sense");
	if (!load_counts(l, o, texts, counts) ||
	    !load_wishes(l, o, texts, wishes))
		return false;
	if (texts->failed)
		return refuse(l, "no memory");
	for (i = 0; i < o->n_counts; i++)
		o->counts[i].text = texts->text + counts[i];
	for (i = 0; i < o->n_wishes; i++)
		if (o->wishes[i].report->lists)
			o->wishes[i].fields = texts->text + wishes[i];
	return true;
}

static bool load_entry(struct loader *l, const struct report_state *p,
		       struct aggregate *g)
{
	unsigned group = (unsigned)(g - p->groups);
	uint64_t key[AGGREGATE_WORDS], values[AGGREGATE_VALUES + STATS_COUNTS];
	char text[AGGREGATE_TEXT + 1];
	size_t n = 0;
	unsigned k;

	if (g->shape->words)
		for (k = 0; k < g->shape->words; k++)
			key[k] = load64(l);
	else
		n = load_text(l, text, AGGREGATE_TEXT);
	for (k = 0; k < g->n_values; k++)
		values[k] = load64(l);
	if (l->failed)
		return false;
	if (p->report->is_key && !g->shape->words &&
	    !p->report->is_key(p, group, text, n))
		return refuse(l, "its tables make no sense");
	aggregate_combine(g,
			  g->shape->words
			      ? aggregate_get(g, key, g->shape->words)
			      : aggregate_get_text(g, text, n),
			  values);
	return !g->failed || refuse(l, "no memory for all of it");
}

static bool load_group(struct loader *l, const struct report_state *p,
		       struct aggregate *g)
{
	char name[NAME_MOST + 1];
	int64_t scale;
	uint32_t n;
	unsigned k;

	load_text(l, name, NAME_MOST);
	if (strcmp(name, g->shape->name) != 0 || load32(l) != g->shape->words ||
	    load32(l) != g->n_values)
		return refuse(l, "its tables are others than here");
	scale = (int64_t)load64(l);
	if (scale < 0 || !scale != !g->scale)
		return refuse(l, "its intervals make no sense");
	g->scale = scale;
	g->evicted = load64(l);
	g->missing = load64(l);
	for (k = 0; k < g->shape->n_values; k++)
		g->lost[k] = load64(l);
	for (n = load32(l); n > 0; n--)
		if (!load_entry(l, p, g))
			return false;
	return !l->failed;
}

static bool load_parts(struct loader *l, struct stats *stats)
{
	char text[STATS_TEXT + 1];
	size_t i, k;

	if (load32(l) != stats->n_parts)
		return refuse(l, "it has other reports than it says");
	for (i = 0; i < stats->n_parts; i++) {
		struct report_state *p = &stats->parts[i];

		if (load_report(l) != p->report || load32(l) != p->kinds)
			return refuse(l, "it has other reports than it says");
		load_text(l, text, STATS_TEXT);
		if (strcmp(text, p->list ? p->list->text : "") != 0 ||
		    load32(l) != p->report->n_shapes)
			return refuse(l, "it has other reports than it says");
		for (k = 0; k < p->report->n_shapes; k++)
			if (!load_group(l, p, &p->groups[k]))
				return false;
	}
	return true;
}

static bool load_end(struct loader *l)
{
	uint64_t crc = l->crc.value;

	if (load64(l) != crc)
		return refuse(l, "it is damaged (its CRC is not right)");
	if (l->at < l->n || infile_read(&l->in, l->buf, 1, NULL, NULL) > 0)
		return refuse(l, "trailing data");
	return !l->failed;
}

static struct stats *load_all(struct loader *l)
{
	struct stats_options options;
	struct str texts = STR_INIT;
	struct stats *stats = NULL;

	if (load_head(l) && load_options(l, &options, &texts)) {
		stats = stats_open(&options, l->err);
		if (!stats)
			err_as(l->err, ERR_FAULT);
		l->failed |= !stats;
	}
	if (!stats) {
		str_fini(&texts);
		return NULL;
	}
	stats->texts = texts;
	if (load_parts(l, stats) && load_end(l))
		return stats;
	stats_close(stats);
	return NULL;
}

struct stats *stats_load(const char *path, struct err *err)
{
	struct loader *l = calloc(1, sizeof(*l));
	struct stats *stats = NULL;

	if (!l) {
		err_nomem(err, "a state");
		return NULL;
	}
	l->path = path;
	l->err = err;
	crc_init(&l->crc);
	if (infile_open(&l->in, path, err)) {
		stats = load_all(l);
		infile_close(&l->in);
	} else {
		err_in_file(err, path);
	}
	free(l);
	return stats;
}
