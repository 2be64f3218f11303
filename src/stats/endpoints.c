/* Who sent and received how much: summed up from conversations. */
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/array.h"
#include "stats/conversations.h"

extern const struct report report_conversations;

enum { SENT, RECEIVED, BYTES_SENT, BYTES_RECEIVED, FIRST, LAST };

static const struct aggregate_shape shape = CONVERSATION_ENDS("endpoints");

static void sum_up(struct aggregate *to, const struct aggregate *from)
{
	uint32_t i;

	for (i = 0; i < from->n; i++)
		talk_add_ends(to, from->shape, aggregate_key(from, i),
			      aggregate_values(from, i));
}

static void add_gone(struct aggregate *to, const struct aggregate *gone)
{
	uint32_t i;

	for (i = 0; i < gone->n; i++)
		aggregate_combine(to,
				  aggregate_get(to, aggregate_key(gone, i), 3),
				  aggregate_values(gone, i));
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *key = aggregate_key(view->group, (uint32_t)i);
	const uint64_t *values = aggregate_values(view->group, (uint32_t)i);
	int64_t first = (int64_t)values[FIRST], last = (int64_t)values[LAST];
	char text[ADDR_TEXT] = "";

	if (!t->sketch)
		conversation_address(key, text);
	table_text(t, text);
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
	view_rate(view, t, 8 * (values[BYTES_SENT] + values[BYTES_RECEIVED]),
		  first, last);
	view_marks(view, values, t);
}

static void expression(const struct view *view, size_t i, struct str *out)
{
	static const char *const transports[] = {[CONVERSATION_TCP] = "tcp",
						 [CONVERSATION_UDP] = "udp",
						 [CONVERSATION_SCTP] = "sctp"};
	const uint64_t *key = aggregate_key(view->group, (uint32_t)i);

	if (view->kind < CONVERSATION_TCP) {
		view_host(out, "", key, (unsigned)(key[2] >> 16));
		return;
	}
	/* a port of that host, not of the other end */
	str_putc(out, '(');
	view_host(out, "src ", key, (unsigned)(key[2] >> 16));
	str_printf(out, " and %s src port %u) or ", transports[view->kind],
		   (unsigned)(uint16_t)key[2]);
	str_putc(out, '(');
	view_host(out, "dst ", key, (unsigned)(key[2] >> 16));
	str_printf(out, " and %s dst port %u)", transports[view->kind],
		   (unsigned)(uint16_t)key[2]);
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
	add_gone(&view->own, talk_gone(part, view->kind));
	failed = sums.failed || view->own.failed;
	aggregate_fini(&sums);
	view_init(view, columns, ARRAY_LEN(columns), &view->own, put);
	view->sort = "bytes";
	view->chart = "bytes";
	view->expression = expression;
	view->title = titles[view->kind];
	return !failed;
}

/* Conversations that went are counted by their ends. */
static bool lacks(unsigned wanted, unsigned group)
{
	unsigned kind;

	for (kind = CONVERSATION_ETH; kind <= CONVERSATION_SCTP; kind++)
		if (wanted >> kind & 1 && group == talk_gone_group(kind))
			return true;
	return false;
}

static const char *const kinds[] = {"eth", "ip",   "ipv6", "tcp",
				    "udp", "sctp", NULL};

const struct report report_endpoints = {
    .name = "endpoints",
    .title = "Endpoints: packets and bytes sent and received",
    .kinds = kinds,
    .from = &report_conversations,
    .lacks = lacks,
    .show = show,
};
