/* What a capture is as a whole: how much of what, from when to when. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "capture/linktype.h"
#include "pkt/options.h"
#include "pkt/tail.h"
#include "stats/report.h"

enum {
	PACKETS,
	BYTES,
	CAPTURED,
	CUT,
	DESCENTS, /* packets with an earlier time than the one before */
	UNTIMED,
	ODD, /* with a length or a time that makes no sense */
	COMMENTS,
	SECTIONS,
	NAMES, /* blocks of names, */
	SECRETS,
	OTHERS,
	FIRST,
	LAST,
	CUT_LEAST,
	CUT_MOST,
	VALUES
};

enum { TOTALS, TEXTS, FILES, LINKTYPES };

static const struct aggregate_shape shapes[] = {
    [TOTALS] = {.name = "totals",
		.words = 1,
		.n_values = VALUES,
		.rule = {[FIRST] = AGGREGATE_MIN,
			 [LAST] = AGGREGATE_MAX,
			 [CUT_LEAST] = AGGREGATE_MIN,
			 [CUT_MOST] = AGGREGATE_MAX}},
    /* "what", NUL, text */
    [TEXTS] = {.name = "section texts", .n_values = 1, .weight = 1},
    /* path, type, compression and checksums, NUL between: size, packets */
    [FILES] = {.name = "files", .n_values = 2, .weight = 2},
    /* the key is the link type: packets, snapshot lengths, resolutions */
    [LINKTYPES] = {.name = "link types",
		   .words = 1,
		   .n_values = 5,
		   .rule = {AGGREGATE_SUM, AGGREGATE_MIN, AGGREGATE_MAX,
			    AGGREGATE_MIN, AGGREGATE_MAX}},
};

enum { LT_PACKETS, LT_SNAP_LEAST, LT_SNAP_MOST, LT_RES_LEAST, LT_RES_MOST };

/* pcapng block types */
enum {
	BLOCK_NAMES = 4,
	BLOCK_SECRETS = 10,
	BLOCK_SECTION = 0x0a0d0d0a,
};

struct scratch {
	bool timed;
	int64_t before;
	struct {
		uint32_t id, linktype;
	} * ifaces;
	size_t n;
};

static uint64_t *totals(struct report_state *p)
{
	const uint64_t key = 0;

	return aggregate_get(&p->groups[TOTALS], &key, 1);
}

static void begin(struct report_state *p)
{
	totals(p);
}

static void iface(struct report_state *p, const struct iface *iface)
{
	struct scratch *s = p->scratch;
	uint64_t key = iface->linktype;
	uint64_t *values = aggregate_get(&p->groups[LINKTYPES], &key, 1);
	void *more = realloc(s->ifaces, (s->n + 1) * sizeof(*s->ifaces));

	aggregate_span(&values[LT_SNAP_LEAST], &values[LT_SNAP_MOST],
		       iface->snaplen);
	aggregate_span(&values[LT_RES_LEAST], &values[LT_RES_MOST],
		       iface->tsresol);
	if (!more)
		return;
	s->ifaces = more;
	s->ifaces[s->n].id = iface->id;
	s->ifaces[s->n++].linktype = iface->linktype;
}

static uint32_t linktype_of(const struct scratch *s, uint32_t id)
{
	size_t i;

	if (id < s->n && s->ifaces[id].id == id)
		return s->ifaces[id].linktype;
	for (i = s->n; i > 0; i--)
		if (s->ifaces[i - 1].id == id)
			return s->ifaces[i - 1].linktype;
	return UINT32_MAX;
}

static void count_linktypes(struct report_state *p, const struct pkt *pkt,
			    size_t n)
{
	uint64_t key;
	size_t i, same;

	for (i = 0; i < n; i += same) {
		for (same = 1; i + same < n; same++)
			if (pkt[i + same].iface != pkt[i].iface)
				break;
		key = linktype_of(p->scratch, pkt[i].iface);
		aggregate_get(&p->groups[LINKTYPES], &key, 1)[LT_PACKETS] +=
		    same;
	}
}

static void count_comments(uint64_t *v, const struct pkt_meta *meta)
{
	struct options o = options_of_meta(meta);
	struct option option;

	while (options_next(&o, &option))
		v[COMMENTS] += option.code == OPTION_COMMENT;
}

static inline void count_time(struct scratch *s, uint64_t *v,
			      const struct pkt *pkt)
{
	if (pkt->flags & PKT_NO_TIME) {
		v[UNTIMED]++;
		return;
	}
	v[DESCENTS] += s->timed && pkt->time_ns < s->before;
	s->timed = true;
	s->before = pkt->time_ns;
	aggregate_span(&v[FIRST], &v[LAST], pkt->time_ns);
}

static void packets(struct report_state *p, const struct pkt *pkt, size_t n,
		    const uint64_t *marks)
{
	uint64_t *v = totals(p);
	size_t i;

	count_linktypes(p, pkt, n);
	v[PACKETS] += n;
	for (i = 0; i < n; i++, pkt++) {
		v[BYTES] += pkt->wirelen;
		v[CAPTURED] += pkt_captured(pkt);
		if (pkt_captured(pkt) < pkt->wirelen) {
			v[CUT]++;
			aggregate_span(&v[CUT_LEAST], &v[CUT_MOST],
				       pkt_captured(pkt));
		}
		if (pkt->flags & (PKT_BAD_LENGTH | PKT_BAD_TIME | PKT_SUSPECT))
			v[ODD]++;
		count_time(p->scratch, v, pkt);
		if (pkt->meta)
			count_comments(v, pkt->meta);
		if (pkt_options_more(pkt))
			v[COMMENTS] += pkt->meta->tail->comments;
		aggregate_mark(&p->groups[TOTALS], v, marks[i]);
	}
}

/* What a section says of itself: options 1 to 4. */
static void note_section(struct report_state *p, const struct block *b)
{
	static const char *const whats[] = {"", "comment", "hardware", "os",
					    "application"};
	struct options o;
	struct option option;
	char text[AGGREGATE_TEXT];
	size_t n;

	if (b->len < 16)
		return;
	o = options_of(b->body + 16, b->len - 16, b->swapped);
	while (options_next(&o, &option)) {
		if (option.code < 1 || option.code > 4)
			continue;
		n = strlen(whats[option.code]) + 1;
		memcpy(text, whats[option.code], n);
		if (option.len > sizeof(text) - n)
			option.len = (uint16_t)(sizeof(text) - n);
		memcpy(text + n, option.value, option.len);
		aggregate_get_text(&p->groups[TEXTS], text,
				   n + option.len)[0]++;
	}
}

static void block(struct report_state *p, const struct block *b)
{
	uint64_t *v = totals(p);

	switch (b->type) {
	case BLOCK_SECTION:
		v[SECTIONS]++;
		note_section(p, b);
		break;
	case BLOCK_NAMES:
		v[NAMES]++;
		break;
	case BLOCK_SECRETS:
		v[SECRETS]++;
		break;
	default:
		v[OTHERS]++;
	}
}

static void fini(struct report_state *p)
{
	free(((struct scratch *)p->scratch)->ifaces);
}

static void file(struct report_state *p, const struct stats_file *file)
{
	struct str key = STR_INIT;
	uint64_t *values;

	str_put(&key, file->path, strlen(file->path) + 1);
	str_put(&key, file->type, strlen(file->type) + 1);
	str_put(&key, file->compression, strlen(file->compression) + 1);
	str_put(&key, file->sha256, strlen(file->sha256) + 1);
	str_put(&key, file->ripemd160, strlen(file->ripemd160) + 1);
	str_puts(&key, file->sha1);
	values = aggregate_get_text(&p->groups[FILES], str_text(&key), key.len);
	values[0] += file->size == UINT64_MAX ? 0 : file->size;
	values[1] += file->packets;
	str_fini(&key);
}

/* ---- showing ------------------------------------------------------------ */

enum { KIND_CAPTURE, KIND_FILES };

enum { TEXTS_SHOWN = 100 };

/* Text number i of the NUL-separated ones in the key. */
static void put_part(struct table *t, const char *key, size_t len, unsigned i)
{
	const char *end = key + len, *nul;

	for (; i > 0; i--) {
		nul = memchr(key, '\0', (size_t)(end - key));
		key = nul ? nul + 1 : end;
	}
	nul = memchr(key, '\0', (size_t)(end - key));
	if (!nul)
		nul = end;
	if (nul > key)
		table_bytes(t, key, (size_t)(nul - key));
	else
		table_none(t);
}

static void put_file(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *values = aggregate_values(view->group, (uint32_t)i);
	const char *key;
	size_t len;
	unsigned k;

	key = aggregate_text(view->group, (uint32_t)i, &len);
	for (k = 0; k < 3; k++)
		put_part(t, key, len, k);
	if (values[0])
		table_big(t, values[0]);
	else
		table_none(t);
	table_big(t, values[1]);
	for (k = 3; k < 6; k++)
		put_part(t, key, len, k);
	for (k = 0; k < view->part->options->n_counts; k++)
		table_none(t);
}

static const struct column file_columns[] = {
    {"file", "FILE", false, COLUMN_PLAIN},
    {"type", "TYPE", false, COLUMN_PLAIN},
    {"compression", "COMPRESSION", false, COLUMN_PLAIN},
    {"size", "SIZE", true, COLUMN_BYTES},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"sha256", "SHA256", false, COLUMN_PLAIN},
    {"ripemd160", "RIPEMD160", false, COLUMN_PLAIN},
    {"sha1", "SHA1", false, COLUMN_PLAIN},
};

struct sortable {
	const char *text;
	size_t len;
	uint32_t entry;
};

static int compare_texts(const void *x, const void *y)
{
	const struct sortable *a = x, *b = y;
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* The numbers of all entries in the order of their texts; NULL: no memory. */
static uint32_t *sort_texts(const struct aggregate *g)
{
	struct sortable *all = calloc((size_t)g->n + 1, sizeof(*all));
	uint32_t *order = calloc((size_t)g->n + 1, sizeof(*order)), i;

	for (i = 0; all && i < g->n; i++) {
		all[i].entry = i;
		all[i].text = aggregate_text(g, i, &all[i].len);
	}
	if (all && order)
		qsort(all, g->n, sizeof(*all), compare_texts);
	for (i = 0; all && order && i < g->n; i++)
		order[i] = all[i].entry;
	if (!all) {
		free(order);
		order = NULL;
	}
	free(all);
	return order;
}

/* The texts of one sort, as a list in an order that is always the same. */
static void put_texts(const struct view *view, const char *what,
		      struct table *t)
{
	const struct aggregate *g = &view->part->groups[TEXTS];
	struct str list = STR_INIT;
	size_t n = strlen(what) + 1, len, k, found = 0;
	const uint32_t *order = view->data;
	const char *text;
	uint32_t i;

	for (i = 0; i < g->n && found < TEXTS_SHOWN; i++) {
		text = aggregate_text(g, order[i], &len);
		if (len < n || memcmp(text, what, n) != 0)
			continue;
		found++;
		if (list.len)
			str_putc(&list, '\n');
		for (k = n; k < len; k++)
			str_putc(&list, text[k] == '\n' ? ' ' : text[k]);
	}
	if (list.len)
		table_items(t, list.text);
	else
		table_none(t);
	str_fini(&list);
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void put_linktypes(const struct aggregate *g, struct table *t)
{
	uint32_t *numbers = calloc((size_t)g->n + 1, sizeof(*numbers));
	struct str list = STR_INIT;
	const char *name;
	uint32_t i, linktype;

	for (i = 0; numbers && i < g->n; i++)
		numbers[i] = (uint32_t)*aggregate_key(g, i);
	if (numbers)
		qsort(numbers, g->n, sizeof(*numbers), compare_numbers);
	for (i = 0; numbers && i < g->n; i++) {
		linktype = numbers[i];
		name = linktype_name(linktype);
		if (list.len)
			str_putc(&list, '\n');
		if (name)
			str_puts(&list, name);
		else
			str_printf(&list, "%" PRIu32, linktype);
	}
	free(numbers);
	if (list.len)
		table_items(t, list.text);
	else
		table_none(t);
	str_fini(&list);
}

/* The least and the greatest of a value that every link type has. */
static void put_range(struct table *t, int64_t least, int64_t most)
{
	char text[48];

	if (least > most) {
		table_none(t);
	} else if (least == most) {
		table_number(t, least);
	} else {
		snprintf(text, sizeof(text), "%" PRId64 "-%" PRId64, least,
			 most);
		table_text(t, text);
	}
}

static void put_snaplen(const struct aggregate *g, struct table *t)
{
	int64_t least = INT64_MAX, most = INT64_MIN;
	const uint64_t *v;
	uint32_t i;

	for (i = 0; i < g->n; i++) {
		v = aggregate_values(g, i);
		if ((int64_t)v[LT_SNAP_LEAST] < least)
			least = (int64_t)v[LT_SNAP_LEAST];
		if ((int64_t)v[LT_SNAP_MOST] > most)
			most = (int64_t)v[LT_SNAP_MOST];
	}
	put_range(t, least, most);
}

static void put_some(struct table *t, uint64_t n)
{
	if (n)
		table_big(t, n);
	else
		table_none(t);
}

/* Of one file its name and what it is; of many only how many. */
static void put_files(const struct aggregate *g, struct table *t)
{
	uint64_t size = 0;
	const char *key;
	uint32_t i;
	size_t len;
	unsigned k;

	for (i = 0; i < g->n; i++)
		size += aggregate_values(g, i)[0];
	for (k = 0; k < 3; k++) {
		if (g->n == 1) {
			key = aggregate_text(g, 0, &len);
			put_part(t, key, len, k);
		} else {
			table_none(t);
		}
	}
	if (g->n > 1)
		table_number(t, g->n);
	else
		table_none(t);
	put_some(t, size);
	for (k = 3; k < 6; k++) {
		if (g->n == 1) {
			key = aggregate_text(g, 0, &len);
			put_part(t, key, len, k);
		} else {
			table_none(t);
		}
	}
}

static void put_sums(const struct view *view, const uint64_t *v,
		     struct table *t)
{
	int64_t first = (int64_t)v[FIRST], last = (int64_t)v[LAST];

	table_big(t, v[PACKETS]);
	table_big(t, v[BYTES]);
	table_big(t, v[CAPTURED]);
	put_some(t, v[CUT]);
	put_range(t, (int64_t)v[CUT_LEAST], (int64_t)v[CUT_MOST]);
	view_time(t, first, first <= last);
	view_time(t, last, first <= last);
	view_span(t, first, last);
	view_rate(view, t, v[PACKETS], first, last);
	view_rate(view, t, v[BYTES], first, last);
	view_rate(view, t, 8 * v[BYTES], first, last);
	if (v[PACKETS])
		table_real(t, (double)v[BYTES] / (double)v[PACKETS]);
	else
		table_none(t);
	table_answer(t, v[DESCENTS] == 0, "strictly by time", "not by time");
	put_some(t, v[DESCENTS]);
	put_some(t, v[UNTIMED]);
	put_some(t, v[ODD]);
	put_some(t, v[SECTIONS]);
	put_some(t, v[COMMENTS]);
	put_some(t, v[NAMES]);
	put_some(t, v[SECRETS]);
	put_some(t, v[OTHERS]);
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const struct aggregate *g = view->part->groups;

	(void)i;
	put_files(&g[FILES], t);
	put_linktypes(&g[LINKTYPES], t);
	put_snaplen(&g[LINKTYPES], t);
	put_sums(view, aggregate_values(&g[TOTALS], 0), t);
	put_texts(view, "comment", t);
	put_texts(view, "hardware", t);
	put_texts(view, "os", t);
	put_texts(view, "application", t);
	view_marks(view, aggregate_values(&g[TOTALS], 0), t);
}

static const struct column columns[] = {
    {"file", "File", false, COLUMN_PLAIN},
    {"type", "Type", false, COLUMN_PLAIN},
    {"compression", "Compression", false, COLUMN_PLAIN},
    {"files", "Files", false, COLUMN_PLAIN},
    {"size", "File size", false, COLUMN_BYTES},
    {"sha256", "SHA256", false, COLUMN_PLAIN},
    {"ripemd160", "RIPEMD160", false, COLUMN_PLAIN},
    {"sha1", "SHA1", false, COLUMN_PLAIN},
    {"linktypes", "Link types", false, COLUMN_PLAIN},
    {"snaplen", "Snapshot length", false, COLUMN_PLAIN},
    {"packets", "Packets", false, COLUMN_PLAIN},
    {"bytes", "Bytes", false, COLUMN_BYTES},
    {"captured", "Captured bytes", false, COLUMN_BYTES},
    {"cut", "Packets cut off", false, COLUMN_PLAIN},
    {"cut_at", "Cut off at", false, COLUMN_PLAIN},
    {"first", "First packet", false, COLUMN_TIME},
    {"last", "Last packet", false, COLUMN_TIME},
    {"duration", "Duration", false, COLUMN_SPAN},
    {"packets_per_second", "Packet rate", false, COLUMN_RATE},
    {"bytes_per_second", NULL, false, COLUMN_RATE},
    {"bits_per_second", "Bit rate", false, COLUMN_BITRATE},
    {"mean", "Mean size", false, COLUMN_MEAN},
    {"in_order", "Order", false, COLUMN_PLAIN},
    {"backward", "Out of order", false, COLUMN_PLAIN},
    {"untimed", "Without timestamp", false, COLUMN_PLAIN},
    {"odd", "With odd headers", false, COLUMN_PLAIN},
    {"sections", "Sections", false, COLUMN_PLAIN},
    {"comments", "Packet comments", false, COLUMN_PLAIN},
    {"name_blocks", "Name resolution blocks", false, COLUMN_PLAIN},
    {"secret_blocks", "Decryption secrets", false, COLUMN_PLAIN},
    {"other_blocks", "Other blocks", false, COLUMN_PLAIN},
    {"section_comments", "Comments", false, COLUMN_PLAIN},
    {"hardware", "Hardware", false, COLUMN_PLAIN},
    {"os", "System", false, COLUMN_PLAIN},
    {"application", "Captured by", false, COLUMN_PLAIN},
};

static bool show(const struct report_state *part, struct view *view)
{
	const struct aggregate *g =
	    &part->groups[view->kind == KIND_FILES ? FILES : TOTALS];

	if (view->kind == KIND_FILES) {
		view_init(view, file_columns, ARRAY_LEN(file_columns), g,
			  put_file);
		view->title = "Files";
		view->sort = "file";
		view->ascending = true;
		return true;
	}
	view->data = sort_texts(&part->groups[TEXTS]);
	view_init(view, columns, ARRAY_LEN(columns), g, put);
	view->record = true;
	return view->data != NULL;
}

static const char *const kinds[] = {"capture", "files", NULL};

const struct report report_summary = {
    .name = "summary",
    .title = "Summary",
    .kinds = kinds,
    .shapes = shapes,
    .n_shapes = ARRAY_LEN(shapes),
    .scratch = sizeof(struct scratch),
    .keeps = true,
    .begin = begin,
    .iface = iface,
    .packets = packets,
    .block = block,
    .file = file,
    .fini = fini,
    .show = show,
};
