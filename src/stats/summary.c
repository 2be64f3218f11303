/* The summary counts what a capture is as a whole: how much of what, from when
   to when. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "pkt/options.h"
#include "pkt/tail.h"
#include "stats/summary.h"

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
    .show = summary_show,
};
