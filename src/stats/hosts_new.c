/* Hosts by first appearance: the first packet that an address sent. */
#include <string.h>

#include "base/addr.h"
#include "base/array.h"
#include "decode/proto_ids.h"
#include "stats/report.h"

enum { IP, ETH };
enum { ETH_SRC, IP_SRC, IP6_SRC };
enum { PACKETS, BYTES, FIRST, LAST };

static const char *const kinds[] = {"ip", "eth", NULL};

static const struct field_wish wishes[] = {
    [ETH_SRC] = {"eth.src", 1 << ETH},
    [IP_SRC] = {"ip.src", 1 << IP},
    [IP6_SRC] = {"ipv6.src", 1 << IP},
    {NULL, 0},
};

/* The address, padded with zeros, and its length. */
#define SHAPE(called)                                                          \
	{                                                                      \
		.name = (called), .words = 3, .n_values = 4, .weight = 1,      \
		.rule = {                                                      \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_MIN,                                         \
			AGGREGATE_MAX                                          \
		}                                                              \
	}

static const struct aggregate_shape shapes[] = {
    [IP] = SHAPE("ip senders"),
    [ETH] = SHAPE("eth senders"),
};

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	uint64_t key[3], *values;
	unsigned kind;

	for (; l < end && !l->quoted; l++) {
		if (l->id == PROTO_eth)
			kind = ETH;
		else if (l->id == PROTO_ip || l->id == PROTO_ipv6)
			kind = IP;
		else
			continue;
		if (!l->n_addr || !(p->kinds >> kind & 1))
			continue;
		key_address(key, l->src, l->n_addr);
		key[2] = l->n_addr;
		values = aggregate_get(&p->groups[kind], key, 3);
		values[PACKETS]++;
		values[BYTES] += s->len;
		if (s->timed)
			aggregate_span(&values[FIRST], &values[LAST],
				       s->time_ns);
		aggregate_mark(&p->groups[kind], values, s->marks);
	}
}

static const struct column columns[] = {
    {"first", "FIRST SEEN", false, COLUMN_TIME},
    {"address", "ADDRESS", false, COLUMN_PLAIN},
    {"packets_sent", "SENT", true, COLUMN_PLAIN},
    {"bytes_sent", "BYTES", true, COLUMN_BYTES},
    {"last", "LAST SEEN", false, COLUMN_TIME},
};

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *key = aggregate_key(view->group, (uint32_t)i);
	const uint64_t *values = aggregate_values(view->group, (uint32_t)i);
	uint8_t address[16];
	bool timed = (int64_t)values[FIRST] <= (int64_t)values[LAST];
	char text[ADDR_TEXT];

	address_of(key, address);
	if (key[2] == 6)
		addr_mac_text(address, text);
	else
		addr_text(key[2] == 4 ? 4 : 6, address, text);
	view_time(t, (int64_t)values[FIRST], timed);
	table_text(t, text);
	table_big(t, values[PACKETS]);
	table_big(t, values[BYTES]);
	view_time(t, (int64_t)values[LAST], timed);
	view_marks(view, values, t);
}

static void expression(const struct view *view, size_t i, struct str *out)
{
	const uint64_t *key = aggregate_key(view->group, (uint32_t)i);

	view_host(out, "src ", key, (unsigned)key[2]);
}

static bool show(const struct report_state *part, struct view *view)
{
	view_init(view, columns, ARRAY_LEN(columns), &part->groups[view->kind],
		  put);
	view->sort = "first";
	view->ascending = true;
	view->expression = expression;
	view->title = view->kind == IP ? "IP senders by when they appeared"
				       : "Ethernet senders by when they "
					 "appeared";
	return true;
}

const struct report report_hosts_new = {
    .name = "hosts-new",
    .title = "Hosts by first appearance",
    .kinds = kinds,
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = 2,
    .packet = packet,
    .show = show,
};
