/*
 * Packets and bytes by time. Intervals are counted from 1970 (or from where
 * --origin says), so that what different runs counted falls into the same ones.
 * Without --interval they are as long as it takes to need no more than
 * INTERVALS_MOST, in steps, each a multiple of the one before. When
 * the table is full they are lengthened, by ten if they were chosen: so none is
 * dropped, and how long they are depends only on which have packets.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/num.h"
#include "decode/proto_ids.h"
#include "stats/report.h"

enum { IP_SRC, IP6_SRC, ARP_OP, TCP_SRC, UDP_SRC, ICMP_TYPE, ICMP6_TYPE };

static const struct field_wish wishes[] = {
    [IP_SRC] = {"ip.src", ALL_KINDS},
    [IP6_SRC] = {"ipv6.src", ALL_KINDS},
    [ARP_OP] = {"arp.opcode", ALL_KINDS},
    [TCP_SRC] = {"tcp.srcport", ALL_KINDS},
    [UDP_SRC] = {"udp.srcport", ALL_KINDS},
    [ICMP_TYPE] = {"icmp.type", ALL_KINDS},
    [ICMP6_TYPE] = {"icmpv6.type", ALL_KINDS},
    {NULL, 0},
};

enum {
	PACKETS,
	BYTES,
	LEAST,
	MOST,
	SQUARES_LOW,  /* of sizes: their lower 32 bits, */
	SQUARES_HIGH, /* and what is above */
	IPV4,
	IPV6,
	ARP,
	TCP,
	UDP,
	ICMP,
	VALUES
};

/* The key is the interval's number; the scale is how long one is. */
static const struct aggregate_shape shapes[] = {{
    .name = "intervals",
    .words = 1,
    .n_values = VALUES,
    .weight = 1,
    .rule = {[LEAST] = AGGREGATE_MIN, [MOST] = AGGREGATE_MAX},
}};

enum {
	INTERVALS_MOST = 4096,
	ROWS_ENOUGH = 60,    /* of intervals by default */
	ROWS_EMPTY = 100000, /* with more, empty ones are left out */
};

/* The default length of intervals. */
static const int64_t steps[] = {
    NS_PER_US,
    10 * NS_PER_US,
    100 * NS_PER_US,
    NS_PER_MS,
    10 * NS_PER_MS,
    100 * NS_PER_MS,
    NS_PER_S,
    10 * NS_PER_S,
    60 * NS_PER_S,
    600 * NS_PER_S,
    3600 * NS_PER_S,
    24 * 3600 * NS_PER_S,
    240 * 3600 * NS_PER_S,
    2400 * 3600 * NS_PER_S,
    24000 * 3600 * NS_PER_S,
    240000 * 3600 * NS_PER_S,
};

/* The interval of the packet before: mostly that of the next too. */
struct recent {
	uint64_t *values;
	int64_t from; /* its time; up to from + scale */
};

/* n / by, rounded down. */
static int64_t divide(int64_t n, int64_t by)
{
	return n / by - (n % by < 0);
}

/* Which interval of that scale the time is in. */
static int64_t number_of(int64_t t, int64_t origin, int64_t scale)
{
	uint64_t since = (uint64_t)t - (uint64_t)origin, by = (uint64_t)scale;

	if (t >= origin)
		return (int64_t)(since / by);
	since = -since;
	return -(int64_t)(since / by + (since % by != 0));
}

/* When the interval begins; INT64_MIN if that is before all times. */
static int64_t start_of(int64_t number, int64_t origin, int64_t scale)
{
	uint64_t start = (uint64_t)number * (uint64_t)scale + (uint64_t)origin;

	return number < 0 && (int64_t)start > origin ? INT64_MIN
						     : (int64_t)start;
}

static void divide_key(uint64_t *key, const void *by)
{
	*key = (uint64_t)divide((int64_t)*key, *(const int64_t *)by);
}

/* Make intervals as long as that, a multiple of what they are. */
static void lengthen(struct aggregate *g, int64_t scale)
{
	int64_t by = scale / g->scale;

	aggregate_rekey(g, divide_key, &by);
	g->scale = scale;
}

/* How long they are next; not longer: there is nothing longer. */
static int64_t next_step(const struct stats_options *options, int64_t scale)
{
	size_t i;

	if (options->interval)
		return scale > INT64_MAX / 10 ? scale : 10 * scale;
	for (i = 0; i + 1 < ARRAY_LEN(steps); i++)
		if (steps[i] > scale)
			break;
	return steps[i];
}

static uint32_t most_of(const struct report_state *p)
{
	uint32_t limit = p->groups[0].limit;

	return p->options->interval || limit < INTERVALS_MOST ? limit
							      : INTERVALS_MOST;
}

static void begin(struct report_state *p)
{
	struct aggregate *g = &p->groups[0];

	if (!g->scale)
		g->scale =
		    p->options->interval ? p->options->interval : steps[0];
}

static uint64_t *interval_of(struct report_state *p, int64_t time)
{
	struct recent *recent = p->scratch;
	struct aggregate *g = &p->groups[0];
	int64_t origin = p->options->origin, step;
	uint64_t key;

	if (recent->values && time >= recent->from &&
	    (uint64_t)time - (uint64_t)recent->from < (uint64_t)g->scale)
		return recent->values;
	for (;;) {
		key = (uint64_t)number_of(time, origin, g->scale);
		if (g->n < most_of(p) || aggregate_has(g, &key))
			break;
		step = next_step(p->options, g->scale);
		if (step <= g->scale)
			break;
		lengthen(g, step);
	}
	recent->values = aggregate_get(g, &key, 1);
	recent->from = start_of((int64_t)key, origin, g->scale);
	return recent->values;
}

static void packet(struct report_state *p, const struct observation *s)
{
	static const uint8_t counted[PROTO_COUNT] = {
	    [PROTO_ip] = IPV4,	   [PROTO_ipv6] = IPV6, [PROTO_arp] = ARP,
	    [PROTO_tcp] = TCP,	   [PROTO_udp] = UDP,	[PROTO_icmp] = ICMP,
	    [PROTO_icmpv6] = ICMP,
	};
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	unsigned seen = 0, which;
	uint64_t *values, square;

	if (!s->timed)
		return;
	values = interval_of(p, s->time_ns);
	square = (uint64_t)s->len * s->len;
	values[PACKETS]++;
	values[BYTES] += s->len;
	values[SQUARES_LOW] += (uint32_t)square;
	values[SQUARES_HIGH] += square >> 32;
	aggregate_span(&values[LEAST], &values[MOST], s->len);
	for (; l < end && !l->quoted; l++) {
		which = counted[l->id];
		if (which && !(seen >> which & 1))
			values[which]++;
		seen |= 1u << which;
	}
	aggregate_mark(&p->groups[0], values, s->marks);
}

/* How many intervals either has. */
static uint32_t count_both(const struct aggregate *g, const struct aggregate *h)
{
	uint32_t n = g->n, i;

	for (i = 0; i < h->n; i++)
		n += !aggregate_has(g, aggregate_key(h, i));
	return n;
}

static void match(struct report_state *a, struct report_state *b)
{
	struct aggregate *g = &a->groups[0], *h = &b->groups[0];
	int64_t step;

	if (g->scale < h->scale)
		lengthen(g, h->scale);
	else if (h->scale < g->scale)
		lengthen(h, g->scale);
	while (count_both(g, h) > most_of(a)) {
		step = next_step(a->options, g->scale);
		if (step <= g->scale)
			break;
		lengthen(g, step);
		lengthen(h, step);
	}
	memset(a->scratch, 0, sizeof(struct recent));
}

/* ---- showing ------------------------------------------------------------ */

/* Every interval from the first to the last. */
struct axis {
	int64_t first, scale, origin;
	bool sparse;		  /* only those in which something came */
	const uint64_t *values[]; /* by row; NULL: nothing came */
};

static double deviation(const uint64_t *values)
{
	double n = (double)values[PACKETS];
	double mean = (double)values[BYTES] / n;
	double squares = (double)values[SQUARES_LOW] +
			 4294967296.0 * (double)values[SQUARES_HIGH];
	double variance = squares / n - mean * mean;

	return variance > 0 ? sqrt(variance) : 0;
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	static const uint64_t none[AGGREGATE_VALUES + STATS_COUNTS];
	const struct view *view = (const struct view *)rows;
	const struct axis *axis = view->data;
	const uint64_t *v = axis->values[i] ? axis->values[i] : none;
	double seconds = (double)axis->scale / 1e9;
	int64_t number;
	uint64_t packets = v[PACKETS];
	unsigned k;

	/* with empty ones left out, rows know where they are themselves */
	if (axis->sparse)
		number = (int64_t) * (v - 1);
	else
		number = axis->first + (int64_t)i;
	table_number(t, start_of(number, axis->origin, axis->scale));
	table_number(t, axis->scale);
	table_big(t, packets);
	table_big(t, v[BYTES]);
	table_real(t, (double)packets / seconds);
	table_real(t, 8 * (double)v[BYTES] / seconds);
	if (packets) {
		table_number(t, (int64_t)v[LEAST]);
		table_real(t, (double)v[BYTES] / (double)packets);
		table_number(t, (int64_t)v[MOST]);
		table_real(t, deviation(v));
	} else {
		for (k = 0; k < 4; k++)
			table_none(t);
	}
	for (k = IPV4; k <= ICMP; k++)
		table_big(t, v[k]);
	view_marks(view, v, t);
}

static void put_epoch(struct str *out, int64_t ns)
{
	int64_t part = ns % NS_PER_S;

	part += part < 0 ? NS_PER_S : 0;
	str_printf(out, "%" PRId64 ".%09" PRId64, (ns - part) / NS_PER_S, part);
}

/* Not of times before 1970: options do not say them. */
static void expression(const struct view *view, size_t i, struct str *out)
{
	const struct axis *axis = view->data;
	int64_t number = axis->sparse ? (int64_t) * (axis->values[i] - 1)
				      : axis->first + (int64_t)i;
	int64_t start = start_of(number, axis->origin, axis->scale);

	if (start < 0 || start > INT64_MAX - axis->scale)
		return;
	str_puts(out, "--from ");
	put_epoch(out, start);
	str_puts(out, " --to ");
	put_epoch(out, start + axis->scale);
}

static const struct column columns[] = {
    {"start", "START", false, COLUMN_TIME},
    {"interval", NULL, true, COLUMN_SPAN},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"bytes", "BYTES", true, COLUMN_BYTES},
    {"packets_per_second", "PACKETS/S", true, COLUMN_RATE},
    {"bits_per_second", "BITS/S", true, COLUMN_BITRATE},
    {"min", "MIN", true, COLUMN_PLAIN},
    {"mean", "MEAN", true, COLUMN_MEAN},
    {"max", "MAX", true, COLUMN_PLAIN},
    {"deviation", "SD", true, COLUMN_MEAN},
    {"ipv4", "IPV4", true, COLUMN_PLAIN},
    {"ipv6", "IPV6", true, COLUMN_PLAIN},
    {"arp", "ARP", true, COLUMN_PLAIN},
    {"tcp", "TCP", true, COLUMN_PLAIN},
    {"udp", "UDP", true, COLUMN_PLAIN},
    {"icmp", "ICMP", true, COLUMN_PLAIN},
};

static int compare_numbers(const void *x, const void *y)
{
	int64_t a = (int64_t) * *(const uint64_t *const *)x;
	int64_t b = (int64_t) * *(const uint64_t *const *)y;

	return (a > b) - (a < b);
}

static void find_ends(const struct aggregate *g, int64_t *first, int64_t *last)
{
	uint32_t i;

	*first = INT64_MAX;
	*last = INT64_MIN;
	for (i = 0; i < g->n; i++) {
		int64_t number = (int64_t)*aggregate_key(g, i);

		*first = number < *first ? number : *first;
		*last = number > *last ? number : *last;
	}
}

/* How long intervals are for there to be not more rows than people want to
   see, of the numbers from first to last. */
static int64_t choose_scale(const struct report_state *part, int64_t first,
			    int64_t last)
{
	int64_t scale = part->groups[0].scale, step, by;

	while (!part->options->interval && first <= last &&
	       (uint64_t)last - (uint64_t)first >= ROWS_ENOUGH) {
		step = next_step(part->options, scale);
		if (step <= scale)
			break;
		by = step / scale;
		first = divide(first, by);
		last = divide(last, by);
		scale = step;
	}
	return scale;
}

/* The group for the rows: the report's, or one of longer intervals. */
static const struct aggregate *choose_group(const struct report_state *part,
					    struct view *view)
{
	const struct aggregate *g = &part->groups[0];
	struct aggregate *own = &view->own;
	int64_t first, last, scale;
	uint64_t key;
	uint32_t i;

	find_ends(g, &first, &last);
	scale = choose_scale(part, first, last);
	if (scale == g->scale)
		return g;
	aggregate_init(own, g->shape, g->n_values - VALUES, UINT32_MAX,
		       &g->seed);
	own->scale = scale;
	for (i = 0; i < g->n; i++) {
		key = *aggregate_key(g, i);
		key = (uint64_t)divide((int64_t)key, scale / g->scale);
		aggregate_combine(own, aggregate_get(own, &key, 1),
				  aggregate_values(g, i));
	}
	return own;
}

static bool show(const struct report_state *part, struct view *view)
{
	const struct aggregate *g = choose_group(part, view);
	struct axis *axis;
	int64_t first, last;
	bool sparse;
	uint64_t n;
	uint32_t i;

	find_ends(g, &first, &last);
	n = g->n ? (uint64_t)last - (uint64_t)first + 1 : 0;
	sparse = n > ROWS_EMPTY || (g->n && n == 0);
	if (sparse)
		n = g->n;
	axis = calloc(1, sizeof(*axis) + (n + 1) * sizeof(uint64_t *));
	if (!axis)
		return false;
	axis->first = first;
	axis->sparse = sparse;
	axis->scale = g->scale;
	axis->origin = part->options->origin;
	view->data = axis;
	for (i = 0; i < g->n; i++) {
		uint64_t row = (uint64_t)*aggregate_key(g, i) - (uint64_t)first;

		axis->values[sparse ? i : row] = aggregate_entry(g, i);
	}
	if (sparse)
		qsort(axis->values, n, sizeof(uint64_t *), compare_numbers);
	for (i = 0; i < n; i++)
		if (axis->values[i])
			axis->values[i]++; /* after the key */
	view_init(view, columns, ARRAY_LEN(columns), g, put);
	view->rows.n = (size_t)n;
	view->rows.before = NULL;
	view->whole = true;
	view->chart = "bits_per_second";
	view->expression = expression;
	return !view->own.failed;
}

const struct report report_rate = {
    .name = "rate",
    .title = "Packets and bytes by time",
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = 1,
    .scratch = sizeof(struct recent),
    .begin = begin,
    .packet = packet,
    .match = match,
    .show = show,
};
