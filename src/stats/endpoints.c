/* Who sent and received how much: summed up from conversations. */
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "stats/conversations.h"

extern const struct report report_conversations;

enum { SENT, RECEIVED, BYTES_SENT, BYTES_RECEIVED, FIRST, LAST };

/* The address in two words, the port and the length of the address. */
static const struct aggregate_shape shape = {
    .name = "endpoints",
    .words = 3,
    .n_values = 6,
    .weight = 2,
    .rule = {AGGREGATE_SUM, AGGREGATE_SUM, AGGREGATE_SUM, AGGREGATE_SUM,
	     AGGREGATE_MIN, AGGREGATE_MAX},
};

static void add_end(struct aggregate *g, const struct conversation_end *end,
		    const uint64_t *values, bool b)
{
	uint64_t key[3], turned[AGGREGATE_VALUES + STATS_COUNTS];

	memcpy(key, end->bytes, 16);
	key[0] = __builtin_bswap64(key[0]);
	key[1] = __builtin_bswap64(key[1]);
	key[2] = (uint64_t)end->n << 16 | end->port;
	memcpy(turned, values, g->n_values * sizeof(*turned));
	if (b) {
		turned[SENT] = values[RECEIVED];
		turned[RECEIVED] = values[SENT];
		turned[BYTES_SENT] = values[BYTES_RECEIVED];
		turned[BYTES_RECEIVED] = values[BYTES_SENT];
	}
	aggregate_combine(g, aggregate_get(g, key, 3), turned);
}

static void sum_up(struct aggregate *to, const struct aggregate *from)
{
	struct conversation_end end[2];
	uint32_t i;

	for (i = 0; i < from->n; i++) {
		conversation_ends(from->shape, aggregate_key(from, i), end);
		add_end(to, &end[0], aggregate_values(from, i), false);
		add_end(to, &end[1], aggregate_values(from, i), true);
	}
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *key = aggregate_key(view->group, (uint32_t)i);
	const uint64_t *values = aggregate_values(view->group, (uint32_t)i);
	int64_t first = (int64_t)values[FIRST], last = (int64_t)values[LAST];
	struct conversation_end end = {.n = (uint8_t)(key[2] >> 16)};
	uint64_t bytes[2] = {__builtin_bswap64(key[0]),
			     __builtin_bswap64(key[1])};
	char text[ADDR_TEXT];

	memcpy(end.bytes, bytes, 16);
	conversation_address(&shape, &end, t->sketch ? NULL : text);
	table_text(t, t->sketch ? "" : text);
	if (view->kind >= CONVERSATION_TCP)
		table_number(t, (uint16_t)key[2]);
	else
		table_none(t);
	table_big(t, values[SENT] + values[RECEIVED]);
	table_big(t, values[BYTES_SENT] + values[BYTES_RECEIVED]);
	table_big(t, values[SENT]);
	table_big(t, values[BYTES_SENT]);
	table_big(t, values[RECEIVED]);
	table_big(t, values[BYTES_RECEIVED]);
	view_time(t, first, first <= last);
	view_span(t, first, last);
	view_rate(t, 8 * (values[BYTES_SENT] + values[BYTES_RECEIVED]), first,
		  last);
	view_marks(view, values, t);
}

static const struct column columns[] = {
    {"address", "ADDRESS", false, COLUMN_PLAIN},
    {"port", "PORT", true, COLUMN_PLAIN},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"bytes", "BYTES", true, COLUMN_BYTES},
    {"packets_sent", "SENT", true, COLUMN_PLAIN},
    {"bytes_sent", "BYTES", true, COLUMN_BYTES},
    {"packets_received", "RECEIVED", true, COLUMN_PLAIN},
    {"bytes_received", "BYTES", true, COLUMN_BYTES},
    {"start", NULL, true, COLUMN_TIME},
    {"duration", "DURATION", true, COLUMN_SPAN},
    {"bits_per_second", "RATE", true, COLUMN_BITRATE},
};

static bool show(const struct report_state *part, struct view *view)
{
	static const char *const titles[] = {
	    "Ethernet endpoints", "IPv4 endpoints", "IPv6 endpoints",
	    "TCP endpoints",	  "UDP endpoints",  "SCTP endpoints",
	};
	struct aggregate sums = {.shape = NULL};
	const struct aggregate *groups[2];
	unsigned n = conversation_groups(part, view->kind, &sums, groups), i;
	bool failed;

	aggregate_init(&view->own, &shape, (unsigned)part->options->n_counts,
		       UINT32_MAX, &part->groups[0].seed);
	for (i = 0; i < n; i++)
		sum_up(&view->own, groups[i]);
	failed = sums.failed || view->own.failed;
	aggregate_fini(&sums);
	view_init(view, columns, sizeof(columns) / sizeof(columns[0]),
		  &view->own, put);
	view->sort = "bytes";
	view->chart = "bytes";
	view->title = titles[view->kind];
	return !failed;
}

static const char *const kinds[] = {"eth", "ip",   "ipv6", "tcp",
				    "udp", "sctp", NULL};

const struct report report_endpoints = {
    .name = "endpoints",
    .title = "Endpoints: who sent and received how much",
    .kinds = kinds,
    .from = &report_conversations,
    .show = show,
};
