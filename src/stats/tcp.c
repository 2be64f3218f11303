/*
 * TCP connections: how they began and ended, how long answers took, and what
 * went wrong on the way, by decode's analysis of them.
 */
#include <string.h>

#include "base/addr.h"
#include "base/array.h"
#include "decode/proto_ids.h"
#include "stats/report.h"

enum {
	SRC,
	DST,
	FLAG_SYN,
	FLAG_FIN,
	FLAG_RESET,
	HANDSHAKE,
	RTT,
	RETRANSMISSION, /* from here on: in the order of values */
	OUT_OF_ORDER,
	LOST,
	DUPLICATE_ACK,
	ZERO_WINDOW,
	RELATIVE,
	IP_SRC,
	IP6_SRC,
};

static const struct field_wish wishes[] = {
    [SRC] = {"tcp.srcport", ALL_KINDS},
    [DST] = {"tcp.dstport", ALL_KINDS},
    [FLAG_SYN] = {"tcp.flags.syn", ALL_KINDS},
    [FLAG_FIN] = {"tcp.flags.fin", ALL_KINDS},
    [FLAG_RESET] = {"tcp.flags.reset", ALL_KINDS},
    [HANDSHAKE] = {"tcp.analysis.initial_rtt", ALL_KINDS},
    [RTT] = {"tcp.analysis.ack_rtt", ALL_KINDS},
    [RETRANSMISSION] = {"tcp.analysis.retransmission", ALL_KINDS},
    [OUT_OF_ORDER] = {"tcp.analysis.out_of_order", ALL_KINDS},
    [LOST] = {"tcp.analysis.lost_segment", ALL_KINDS},
    [DUPLICATE_ACK] = {"tcp.analysis.duplicate_ack", ALL_KINDS},
    [ZERO_WINDOW] = {"tcp.analysis.zero_window", ALL_KINDS},
    [RELATIVE] = {"tcp.time_relative", ALL_KINDS},
    [IP_SRC] = {"ip.src", ALL_KINDS},
    [IP6_SRC] = {"ipv6.src", ALL_KINDS},
    {NULL, 0},
};

enum {
	PACKETS,
	BYTES,
	SYNS,
	FINS,
	RESETS,
	REMARKS, /* one for each from RETRANSMISSION on */
	HANDSHAKE_NS = REMARKS + ZERO_WINDOW - RETRANSMISSION + 1,
	RTT_NS,
	RTTS,
	RTT_MOST,
	FIRST,
	LAST,
	VALUES
};

/* Both ends, that with the higher port (or the lower address) first, the ports
   with the addresses' length, and when the connection's first packet came:
   ports are used again. */
static const struct aggregate_shape shapes[] = {{
    .name = "tcp connections",
    .words = 6,
    .n_values = VALUES,
    .weight = 1,
    .rule = {[HANDSHAKE_NS] = AGGREGATE_MIN,
	     [RTT_MOST] = AGGREGATE_MAX,
	     [FIRST] = AGGREGATE_MIN,
	     [LAST] = AGGREGATE_MAX},
}};

static void make_key(uint64_t key[6], const struct layer *net, uint64_t src,
		     uint64_t dst)
{
	bool turn = src < dst ||
		    (src == dst && memcmp(net->src, net->dst, net->n_addr) > 0);

	key_address(key, turn ? net->dst : net->src, net->n_addr);
	key_address(key + 2, turn ? net->src : net->dst, net->n_addr);
	key[4] = (uint64_t)net->n_addr << 32 |
		 (turn ? dst << 16 | src : src << 16 | dst);
}

static void count(struct report_state *p, const struct observation *s,
		  const struct layer *net, const struct layer *l)
{
	const struct value *seen[RELATIVE + 1] = {NULL};
	const struct value *v = s->d->values + l->first;
	const struct value *end = s->d->values + l->end;
	uint64_t key[6], *values;
	unsigned i;

	for (; v < end; v++)
		for (i = SRC; i <= RELATIVE; i++)
			if (v->field == p->ids[i] && !seen[i])
				seen[i] = v;
	if (!seen[SRC] || !seen[DST])
		return;
	make_key(key, net, seen[SRC]->num, seen[DST]->num);
	key[5] =
	    (uint64_t)s->time_ns - (seen[RELATIVE] ? seen[RELATIVE]->num : 0);
	values = aggregate_get(&p->groups[0], key, 6);
	values[PACKETS]++;
	values[BYTES] += s->len;
	for (i = FLAG_SYN; i <= FLAG_RESET; i++)
		values[SYNS + i - FLAG_SYN] += seen[i] && seen[i]->num;
	for (i = RETRANSMISSION; i <= ZERO_WINDOW; i++)
		values[REMARKS + i - RETRANSMISSION] += seen[i] != NULL;
	if (seen[HANDSHAKE] &&
	    (int64_t)seen[HANDSHAKE]->num < (int64_t)values[HANDSHAKE_NS])
		values[HANDSHAKE_NS] = seen[HANDSHAKE]->num;
	if (seen[RTT]) {
		values[RTT_NS] += seen[RTT]->num;
		values[RTTS]++;
		if ((int64_t)seen[RTT]->num > (int64_t)values[RTT_MOST])
			values[RTT_MOST] = seen[RTT]->num;
	}
	if (s->timed)
		aggregate_span(&values[FIRST], &values[LAST], s->time_ns);
	aggregate_mark(&p->groups[0], values, s->marks);
}

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	const struct layer *net = NULL;

	for (; l < end && !l->quoted; l++) {
		if (l->n_addr == 4 || l->n_addr == 16)
			net = l;
		else if (l->id == PROTO_tcp && net)
			count(p, s, net, l);
	}
}

static const struct column columns[] = {
    {"address_a", "ADDRESS A", false, COLUMN_PLAIN},
    {"port_a", "PORT A", true, COLUMN_PLAIN},
    {"address_b", "ADDRESS B", false, COLUMN_PLAIN},
    {"port_b", "PORT B", true, COLUMN_PLAIN},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"bytes", "BYTES", true, COLUMN_BYTES},
    {"handshake", "HANDSHAKE", true, COLUMN_SPAN},
    {"rtt_mean", "RTT", true, COLUMN_SPAN},
    {"rtt_max", "MAX", true, COLUMN_SPAN},
    {"retransmissions", "RETRANS", true, COLUMN_PLAIN},
    {"out_of_order", "UNORDERED", true, COLUMN_PLAIN},
    {"lost_segments", "LOST", true, COLUMN_PLAIN},
    {"duplicate_acks", "DUP ACKS", true, COLUMN_PLAIN},
    {"zero_windows", "ZERO WIN", true, COLUMN_PLAIN},
    {"resets", "RESETS", true, COLUMN_PLAIN},
    {"syns", NULL, true, COLUMN_PLAIN},
    {"fins", NULL, true, COLUMN_PLAIN},
    {"start", NULL, true, COLUMN_TIME},
    {"duration", "DURATION", true, COLUMN_SPAN},
};

static void put_end(struct table *t, const uint64_t *key, unsigned n,
		    uint16_t port)
{
	uint8_t address[16];
	char text[ADDR_TEXT];

	address_of(key, address);
	addr_text(n == 4 ? 4 : 6, address, text);
	table_text(t, text);
	table_number(t, port);
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *key = aggregate_key(view->group, (uint32_t)i);
	const uint64_t *v = aggregate_values(view->group, (uint32_t)i);
	int64_t first = (int64_t)v[FIRST], last = (int64_t)v[LAST];
	unsigned n = (unsigned)(key[4] >> 32), k;

	put_end(t, key, n, (uint16_t)(key[4] >> 16));
	put_end(t, key + 2, n, (uint16_t)key[4]);
	table_big(t, v[PACKETS]);
	table_big(t, v[BYTES]);
	view_time(t, (int64_t)v[HANDSHAKE_NS],
		  (int64_t)v[HANDSHAKE_NS] != INT64_MAX);
	/* where the clock was set back round trips are negative */
	view_time(t, v[RTTS] ? (int64_t)v[RTT_NS] / (int64_t)v[RTTS] : 0,
		  v[RTTS]);
	view_time(t, (int64_t)v[RTT_MOST], v[RTTS]);
	for (k = 0; k <= ZERO_WINDOW - RETRANSMISSION; k++)
		table_big(t, v[REMARKS + k]);
	table_big(t, v[RESETS]);
	table_big(t, v[SYNS]);
	table_big(t, v[FINS]);
	view_time(t, first, first <= last);
	view_span(t, first, last);
	view_marks(view, v, t);
}

static void expression(const struct view *view, size_t i, struct str *out)
{
	const uint64_t *key = aggregate_key(view->group, (uint32_t)i);
	unsigned n = (unsigned)(key[4] >> 32);

	str_puts(out, "tcp and ");
	view_host(out, "", key, n);
	str_printf(out, " and port %u and ",
		   (unsigned)(uint16_t)(key[4] >> 16));
	view_host(out, "", key + 2, n);
	str_printf(out, " and port %u", (unsigned)(uint16_t)key[4]);
}

static bool show(const struct report_state *part, struct view *view)
{
	view_init(view, columns, ARRAY_LEN(columns), &part->groups[0], put);
	view->sort = "bytes";
	view->chart = "retransmissions";
	view->expression = expression;
	return true;
}

const struct report report_tcp = {
    .name = "tcp",
    .title = "TCP connections: handshakes, round-trip times, errors",
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = 1,
    .packet = packet,
    .show = show,
};
