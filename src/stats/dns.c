/*
 * DNS: what is asked for, what is answered, and how long servers take. A
 * transaction is known by its ends and id, and lasts from its first query to
 * its first response, so that it does not matter in which order, or by which
 * run, the two are counted.
 */
#include <string.h>

#include "base/addr.h"
#include "base/array.h"
#include "decode/proto_ids.h"
#include "stats/report.h"

enum { NAMES, TYPES, CODES, SERVERS, SERVERS_GONE };
enum {
	RESPONSE,
	ID,
	NAME,
	TYPE,
	CODE,
	UDP_SRC,
	UDP_DST,
	TCP_SRC,
	TCP_DST,
	IP_SRC,
	IP6_SRC
};

static const char *const kinds[] = {"names", "types", "codes", "servers", NULL};

static const struct field_wish wishes[] = {
    [RESPONSE] = {"dns.flags.response", ALL_KINDS},
    [ID] = {"dns.id", 1 << SERVERS},
    [NAME] = {"dns.qry.name", 1 << NAMES},
    [TYPE] = {"dns.qry.type", 1 << TYPES},
    [CODE] = {"dns.flags.rcode", 1 << CODES},
    [UDP_SRC] = {"udp.srcport", 1 << SERVERS},
    [UDP_DST] = {"udp.dstport", 1 << SERVERS},
    [TCP_SRC] = {"tcp.srcport", 1 << SERVERS},
    [TCP_DST] = {"tcp.dstport", 1 << SERVERS},
    [IP_SRC] = {"ip.src", 1 << SERVERS},
    [IP6_SRC] = {"ipv6.src", 1 << SERVERS},
    {NULL, 0},
};

enum { QUERIES, RESPONSES, ASKED, ANSWERED };

enum { V_QUERIES, V_ANSWERS, V_LOST, V_TIMES, V_SUM, V_LEAST, V_MOST };

/* The server's address, and its length. */
#define SERVER_SHAPE(called)                                                   \
	{                                                                      \
		.name = (called), .words = 3, .n_values = 7, .weight = 2,      \
		.room = 512, .rule = {                                         \
			[V_LEAST] = AGGREGATE_MIN,                             \
			[V_MOST] = AGGREGATE_MAX                               \
		}                                                              \
	}

static const struct aggregate_shape server_shape = SERVER_SHAPE("dns servers");

static const struct aggregate_shape shapes[] = {
    [NAMES] = TALLY_SHAPE("dns names"),
    [TYPES] = TALLY_SHAPE("dns types"),
    [CODES] = TALLY_SHAPE("dns codes"),
    /* server, client; the client's port, the id, the addresses' length */
    [SERVERS] = {.name = "dns transactions",
		 .words = 5,
		 .n_values = 4,
		 .weight = 2,
		 .rule = {AGGREGATE_SUM, AGGREGATE_SUM, AGGREGATE_MIN,
			  AGGREGATE_MIN}},
    /* what is known of transactions that went */
    [SERVERS_GONE] = SERVER_SHAPE("dns servers"),
};

static void count_transaction(struct report_state *p,
			      const struct observation *s,
			      const struct layer *net,
			      const struct layer *below, const struct layer *l,
			      bool response)
{
	bool udp = below->id == PROTO_udp;
	const struct value *id = layer_value(s->d, l, p->ids[ID]);
	const struct value *client =
	    layer_value(s->d, below,
			p->ids[udp	  ? response ? UDP_DST : UDP_SRC
			       : response ? TCP_DST
					  : TCP_SRC]);
	uint64_t key[5], *values;

	if (!id || !client)
		return;
	key_address(key, response ? net->src : net->dst, net->n_addr);
	key_address(key + 2, response ? net->dst : net->src, net->n_addr);
	key[4] = client->num << 32 | id->num << 16 | net->n_addr << 1 | udp;
	values = aggregate_get(&p->groups[SERVERS], key, 5);
	values[response ? RESPONSES : QUERIES]++;
	if (s->timed &&
	    s->time_ns < (int64_t)values[response ? ANSWERED : ASKED])
		values[response ? ANSWERED : ASKED] = (uint64_t)s->time_ns;
	aggregate_mark(&p->groups[SERVERS], values, s->marks);
}

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	const struct layer *net = NULL, *below = NULL;
	const struct value *response;

	for (; l < end && !l->quoted; l++) {
		if (l->n_addr == 4 || l->n_addr == 16)
			net = l;
		if (l->id == PROTO_udp || l->id == PROTO_tcp)
			below = l;
		if (l->id != PROTO_dns)
			continue;
		response = layer_value(s->d, l, p->ids[RESPONSE]);
		if (!response)
			continue;
		if (!response->num && p->kinds & 1 << NAMES)
			tally_layer(&p->groups[NAMES], s, l, p->ids[NAME]);
		if (!response->num && p->kinds & 1 << TYPES)
			tally_layer(&p->groups[TYPES], s, l, p->ids[TYPE]);
		if (response->num && p->kinds & 1 << CODES)
			tally_layer(&p->groups[CODES], s, l, p->ids[CODE]);
		/* those that multicast have no server */
		if (net && below && p->kinds & 1 << SERVERS &&
		    !strcmp(l->name, "dns"))
			count_transaction(p, s, net, below, l, response->num);
	}
}

/* ---- showing ------------------------------------------------------------ */

static const struct column columns[] = {
    {"server", "SERVER", false, COLUMN_PLAIN},
    {"queries", "QUERIES", true, COLUMN_PLAIN},
    {"responses", "RESPONSES", true, COLUMN_PLAIN},
    {"unanswered", "UNANSWERED", true, COLUMN_PLAIN},
    {"time_min", "MIN", true, COLUMN_SPAN},
    {"time_mean", "MEAN", true, COLUMN_SPAN},
    {"time_max", "MAX", true, COLUMN_SPAN},
};

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *key = aggregate_key(view->group, (uint32_t)i);
	const uint64_t *v = aggregate_values(view->group, (uint32_t)i);
	uint8_t address[16];
	char text[ADDR_TEXT];

	address_of(key, address);
	addr_text(key[2] == 4 ? 4 : 6, address, text);
	table_text(t, text);
	table_big(t, v[V_QUERIES]);
	table_big(t, v[V_ANSWERS]);
	table_big(t, v[V_LOST]);
	view_time(t, (int64_t)v[V_LEAST], v[V_TIMES]);
	view_time(t, v[V_TIMES] ? (int64_t)(v[V_SUM] / v[V_TIMES]) : 0,
		  v[V_TIMES]);
	view_time(t, (int64_t)v[V_MOST], v[V_TIMES]);
	view_marks(view, v, t);
}

/* Add a transaction to its server; marks: columns of --count. */
static void add_transaction(struct aggregate *to, const uint64_t *key,
			    const uint64_t *v, unsigned marks)
{
	uint64_t server[3] = {key[0], key[1], key[4] >> 1 & 31}, *sum;
	int64_t asked = (int64_t)v[ASKED], answered = (int64_t)v[ANSWERED];
	unsigned k;

	sum = aggregate_get(to, server, 3);
	sum[V_QUERIES] += v[QUERIES];
	sum[V_ANSWERS] += v[RESPONSES];
	sum[V_LOST] += v[QUERIES] && !v[RESPONSES];
	if (asked <= answered && answered != INT64_MAX) {
		answered = (int64_t)((uint64_t)answered - v[ASKED]);
		sum[V_TIMES]++;
		sum[V_SUM] += (uint64_t)answered;
		aggregate_span(&sum[V_LEAST], &sum[V_MOST], answered);
	}
	for (k = 0; k < marks; k++)
		sum[server_shape.n_values + k] +=
		    v[shapes[SERVERS].n_values + k];
}

/* One row for each server: the sums of its transactions. */
static void sum_up(struct aggregate *to, const struct report_state *part)
{
	const struct aggregate *from = &part->groups[SERVERS];
	const struct aggregate *gone = &part->groups[SERVERS_GONE];
	uint32_t i;

	for (i = 0; i < from->n; i++)
		add_transaction(to, aggregate_key(from, i),
				aggregate_values(from, i),
				(unsigned)part->options->n_counts);
	for (i = 0; i < gone->n; i++)
		aggregate_combine(to,
				  aggregate_get(to, aggregate_key(gone, i), 3),
				  aggregate_values(gone, i));
}

static void spill(struct report_state *p, unsigned group, const uint64_t *key,
		  const uint64_t *values)
{
	if (group == SERVERS)
		add_transaction(&p->groups[SERVERS_GONE], key, values,
				(unsigned)p->options->n_counts);
}

static bool show(const struct report_state *part, struct view *view)
{
	static const struct {
		const char *key, *title, *about;
	} shown[] = {
	    [NAMES] = {"name", "NAME", "DNS queries by name"},
	    [TYPES] = {"type", "TYPE", "DNS queries by type"},
	    [CODES] = {"code", "CODE", "DNS responses by code"},
	    [SERVERS] = {NULL, NULL, "DNS servers, and how long they take"},
	};
	static const struct tally_source sources[] = {
	    [NAMES] = {"dns.flags.response,dns.qry.name", "!$5 && $6 == %s"},
	    [TYPES] = {"dns.flags.response,dns.qry.type", "!$5 && $6 == %s"},
	    [CODES] = {"dns.flags.rcode", "$5 == %s"},
	};

	view->title = shown[view->kind].about;
	if (view->kind != SERVERS)
		return tally_show(part, view, view->kind, shown[view->kind].key,
				  shown[view->kind].title,
				  &sources[view->kind]);
	aggregate_init(&view->own, &server_shape,
		       (unsigned)part->options->n_counts, UINT32_MAX,
		       &part->groups[0].seed);
	sum_up(&view->own, part);
	view_init(view, columns, ARRAY_LEN(columns), &view->own, put);
	view->sort = "queries";
	view->chart = "time_mean";
	return !view->own.failed;
}

const struct report report_dns = {
    .name = "dns",
    .title = "DNS: names, types, response codes, response times",
    .kinds = kinds,
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = 5,
    .packet = packet,
    .spill = spill,
    .show = show,
};
