/* The interfaces of a capture, with what was counted while it was made. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "capture/linktype.h"
#include "stats/report.h"

enum {
	PACKETS,
	BYTES,
	FIRST,
	LAST,
	COUNTS,	  /* how often the savefile says what was counted */
	RECEIVED, /* of those: sums, */
	DROPPED,
	IFDROPPED,
	HAS_RECEIVED, /* and whether anybody told */
	HAS_DROPPED,
	HAS_IFDROPPED,
	VALUES
};

/* The key is what is known of the interface, as texts with NUL between. */
static const struct aggregate_shape shapes[] = {{
    .name = "interfaces",
    .n_values = VALUES,
    .weight = 1,
    .rule = {[FIRST] = AGGREGATE_MIN,
	     [LAST] = AGGREGATE_MAX,
	     [HAS_RECEIVED] = AGGREGATE_MAX,
	     [HAS_DROPPED] = AGGREGATE_MAX,
	     [HAS_IFDROPPED] = AGGREGATE_MAX},
}};

struct known {
	uint32_t id;
	struct str key;
	struct counters last; /* the last count that the savefile has */
	uint64_t counts;
};

struct scratch {
	struct known *ifaces;
	size_t n;
};

static void put_text(struct str *key, const char *text)
{
	if (text)
		str_puts(key, text);
	str_put(key, "", 1);
}

static void put_number(struct str *key, uint64_t number)
{
	str_printf(key, "%" PRIu64, number);
	str_put(key, "", 1);
}

static void iface(struct report_state *p, const struct iface *iface)
{
	struct scratch *s = p->scratch;
	struct known *more = realloc(s->ifaces, (s->n + 1) * sizeof(*more));
	struct known *k;

	if (!more) {
		p->groups[0].failed = true;
		return;
	}
	s->ifaces = more;
	k = &more[s->n++];
	*k = (struct known){.id = iface->id};
	put_text(&k->key, iface->name);
	put_text(&k->key, iface->description);
	put_number(&k->key, iface->linktype);
	put_number(&k->key, iface->snaplen);
	put_number(&k->key, iface->tsresol);
	put_number(&k->key, iface->speed);
	put_text(&k->key, iface->filter);
	put_text(&k->key, iface->os);
	put_text(&k->key, iface->hardware);
	aggregate_get_text(&p->groups[0], str_text(&k->key), k->key.len);
}

static struct known *find(struct report_state *p, uint32_t id)
{
	struct scratch *s = p->scratch;
	size_t i;

	if (id < s->n && s->ifaces[id].id == id)
		return &s->ifaces[id];
	for (i = s->n; i > 0; i--)
		if (s->ifaces[i - 1].id == id)
			return &s->ifaces[i - 1];
	return NULL;
}

static void packets(struct report_state *p, const struct pkt *pkt, size_t n,
		    const uint64_t *marks)
{
	uint64_t *v = NULL;
	struct known *known;
	size_t i;

	for (i = 0; i < n; i++, pkt++) {
		if (i == 0 || pkt->iface != pkt[-1].iface) {
			known = find(p, pkt->iface);
			v = known ? aggregate_get_text(&p->groups[0],
						       str_text(&known->key),
						       known->key.len)
				  : NULL;
		}
		if (!v)
			continue;
		v[PACKETS]++;
		v[BYTES] += pkt->wirelen;
		if (!(pkt->flags & PKT_NO_TIME))
			aggregate_span(&v[FIRST], &v[LAST], pkt->time_ns);
		aggregate_mark(&p->groups[0], v, marks[i]);
	}
}

static void iface_end(struct report_state *p, uint32_t id,
		      const struct counters *c)
{
	struct known *known = find(p, id);

	if (!known)
		return;
	known->last = *c;
	known->counts++;
}

static void add_counter(uint64_t *v, unsigned sum, unsigned has, uint64_t n)
{
	if (n == COUNT_UNKNOWN)
		return;
	v[sum] += n;
	v[has] = 1;
}

static void end(struct report_state *p)
{
	struct scratch *s = p->scratch;
	struct known *known;
	uint64_t *v;

	for (known = s->ifaces; known < s->ifaces + s->n; known++) {
		if (!known->counts)
			continue;
		v = aggregate_get_text(&p->groups[0], str_text(&known->key),
				       known->key.len);
		v[COUNTS] += known->counts;
		add_counter(v, RECEIVED, HAS_RECEIVED, known->last.received);
		add_counter(v, DROPPED, HAS_DROPPED, known->last.dropped);
		add_counter(v, IFDROPPED, HAS_IFDROPPED, known->last.ifdropped);
		known->counts = 0;
	}
}

static void fini(struct report_state *p)
{
	struct scratch *s = p->scratch;
	size_t i;

	for (i = 0; i < s->n; i++)
		str_fini(&s->ifaces[i].key);
	free(s->ifaces);
}

/* ---- showing ------------------------------------------------------------ */

static const struct column columns[] = {
    {"name", "NAME", false, COLUMN_PLAIN},
    {"description", "DESCRIPTION", false, COLUMN_PLAIN},
    {"linktype", "LINK TYPE", false, COLUMN_PLAIN},
    {"snaplen", "SNAPLEN", true, COLUMN_PLAIN},
    {"resolution", "UNIT", true, COLUMN_PLAIN},
    {"speed", "SPEED", true, COLUMN_BITRATE},
    {"filter", "FILTER", false, COLUMN_PLAIN},
    {"os", NULL, false, COLUMN_PLAIN},
    {"hardware", NULL, false, COLUMN_PLAIN},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"bytes", "BYTES", true, COLUMN_BYTES},
    {"first", NULL, true, COLUMN_TIME},
    {"duration", "DURATION", true, COLUMN_SPAN},
    {"counts", NULL, true, COLUMN_PLAIN},
    {"received", "RECEIVED", true, COLUMN_PLAIN},
    {"dropped", "DROPPED", true, COLUMN_PLAIN},
    {"dropped_by_interface", "BY INTERFACE", true, COLUMN_PLAIN},
};

/* The next text of the key. */
static const char *next(const char **at, const char *stop)
{
	const char *text = *at;

	if (text >= stop)
		return NULL;
	*at += strlen(text) + 1;
	return *text ? text : NULL;
}

static void put_linktype(struct table *t, const char *number)
{
	const char *name =
	    number ? linktype_name((uint32_t)strtoul(number, NULL, 10)) : NULL;

	table_text(t, name ? name : number);
}

static void put_as_number(struct table *t, const char *number, bool zero)
{
	uint64_t n = number ? strtoull(number, NULL, 10) : 0;

	if (n || zero)
		table_big(t, n);
	else
		table_none(t);
}

/* 10^-n or 2^-n seconds */
static void put_resolution(struct table *t, const char *number)
{
	unsigned n = number ? (unsigned)strtoul(number, NULL, 10) : 0;
	char text[32];

	if (n == 9 || n == 6 || n == 3)
		table_text(t, n == 9 ? "ns" : n == 6 ? "us" : "ms");
	else if (n & 0x80)
		table_text(
		    t,
		    (snprintf(text, sizeof(text), "2^-%u s", n & 0x7f), text));
	else
		table_text(t,
			   (snprintf(text, sizeof(text), "10^-%u s", n), text));
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *v = aggregate_values(view->group, (uint32_t)i);
	int64_t first = (int64_t)v[FIRST], last = (int64_t)v[LAST];
	const char *key, *stop;
	size_t len;
	unsigned k;

	key = aggregate_text(view->group, (uint32_t)i, &len);
	stop = key + len;
	table_text(t, next(&key, stop));
	table_text(t, next(&key, stop));
	put_linktype(t, next(&key, stop));
	put_as_number(t, next(&key, stop), true);
	put_resolution(t, next(&key, stop));
	put_as_number(t, next(&key, stop), false);
	table_text(t, next(&key, stop));
	table_text(t, next(&key, stop));
	table_text(t, next(&key, stop));
	table_big(t, v[PACKETS]);
	table_big(t, v[BYTES]);
	view_time(t, first, first <= last);
	view_span(t, first, last);
	table_big(t, v[COUNTS]);
	for (k = RECEIVED; k <= IFDROPPED; k++) {
		if ((int64_t)v[k + HAS_RECEIVED - RECEIVED] > 0)
			table_big(t, v[k]);
		else
			table_none(t);
	}
	view_marks(view, v, t);
}

static bool show(const struct report_state *part, struct view *view)
{
	view_init(view, columns, ARRAY_LEN(columns), &part->groups[0], put);
	view->sort = "packets";
	view->chart = "bytes";
	return true;
}

const struct report report_interfaces = {
    .name = "interfaces",
    .title = "Interfaces and their counters",
    .shapes = shapes,
    .n_shapes = 1,
    .scratch = sizeof(struct scratch),
    .keeps = true,
    .iface = iface,
    .packets = packets,
    .iface_end = iface_end,
    .end = end,
    .fini = fini,
    .show = show,
};
