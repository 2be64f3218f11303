/*
 * Who talked with whom: what was counted (conversation_count.c), merged, folded
 * and shown.
 */
#include "stats/conversations.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/array.h"

static const struct field_wish wishes[] = {
    [WISH_ETH_DST] = {"eth.dst", KIND(ETH)},
    [WISH_IP_SRC] = {"ip.src", ~KIND(ETH)},
    [WISH_IP6_SRC] = {"ipv6.src", ~KIND(ETH)},
    [WISH_TCP_SRC] = {"tcp.srcport", KIND(TCP)},
    [WISH_TCP_DST] = {"tcp.dstport", KIND(TCP)},
    [WISH_UDP_SRC] = {"udp.srcport", KIND(UDP)},
    [WISH_UDP_DST] = {"udp.dstport", KIND(UDP)},
    [WISH_SCTP_SRC] = {"sctp.srcport", KIND(SCTP)},
    [WISH_SCTP_DST] = {"sctp.dstport", KIND(SCTP)},
    {NULL, 0},
};

static const char *const kinds[] = {"eth", "ip",   "ipv6", "tcp",
				    "udp", "sctp", NULL};

#define SHAPE(called, size)                                                    \
	{                                                                      \
		.name = (called), .words = (size), .n_values = 6, .weight = 2, \
		.rule = {                                                      \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_MIN,                                         \
			AGGREGATE_MAX                                          \
		}                                                              \
	}

static const struct aggregate_shape shapes[CONVERSATION_GROUPS] = {
    [GROUP_ETH] = SHAPE("eth conversations", 2),
    [GROUP_IP] = SHAPE("ip conversations", 1),
    [GROUP_IP6] = SHAPE("ipv6 conversations", 4),
    [GROUP_TCP4] = SHAPE("tcp conversations", 2),
    [GROUP_TCP6] = SHAPE("tcp conversations over ipv6", 5),
    [GROUP_UDP4] = SHAPE("udp conversations", 2),
    [GROUP_UDP6] = SHAPE("udp conversations over ipv6", 5),
    [GROUP_SCTP4] = SHAPE("sctp conversations", 2),
    [GROUP_SCTP6] = SHAPE("sctp conversations over ipv6", 5),
    [GROUP_ETH_ENDS + CONVERSATION_ETH] = CONVERSATION_ENDS("eth endpoints"),
    [GROUP_ETH_ENDS + CONVERSATION_IP] = CONVERSATION_ENDS("ip endpoints"),
    [GROUP_ETH_ENDS + CONVERSATION_IPV6] = CONVERSATION_ENDS("ipv6 endpoints"),
    [GROUP_ETH_ENDS + CONVERSATION_TCP] = CONVERSATION_ENDS("tcp endpoints"),
    [GROUP_ETH_ENDS + CONVERSATION_UDP] = CONVERSATION_ENDS("udp endpoints"),
    [GROUP_ETH_ENDS + CONVERSATION_SCTP] = CONVERSATION_ENDS("sctp endpoints"),
};

/* ---- showing ------------------------------------------------------------ */

static bool has_ports(const struct aggregate_shape *shape)
{
	return shape->words == 5 ||
	       (shape->words == 2 && shape != &shapes[GROUP_ETH]);
}

/* The keys of the ends of a conversation: see CONVERSATION_ENDS. */
static void end_keys(const struct aggregate_shape *shape, const uint64_t *key,
		     uint64_t end[2][3])
{
	unsigned words = shape->words, i;
	uint64_t both = has_ports(shape) ? key[words - 1] : 0;

	for (i = 0; i < 2; i++) {
		end[i][1] = 0;
		if (shape == &shapes[GROUP_ETH]) {
			end[i][0] = key[i] << 16;
			end[i][2] = 6 << 16;
		} else if (words <= 2) {
			end[i][0] = key[0] >> (i ? 0 : 32) << 32;
			end[i][2] = 4 << 16;
		} else {
			end[i][0] = key[2 * i];
			end[i][1] = key[2 * i + 1];
			end[i][2] = 16 << 16;
		}
	}
	end[0][2] |= both >> 16 & 0xffff;
	end[1][2] |= both & 0xffff;
}

void conversation_address(const uint64_t key[3], char *text)
{
	uint8_t bytes[16];
	unsigned n = (unsigned)(key[2] >> 16);

	address_of(key, bytes);
	if (n == 6)
		addr_mac_text(bytes, text);
	else
		addr_text(n == 4 ? 4 : 6, bytes, text);
}

/* Do both ends have the same address? */
static bool is_loop(const uint64_t *key, unsigned words)
{
	return words == 1 ? key[0] >> 32 == (uint32_t)key[0]
			  : key[0] == key[2] && key[1] == key[3];
}

/* Add a transport's conversation to that of its addresses. */
static void fold(struct aggregate *to, const uint64_t *entry,
		 const uint64_t *values)
{
	uint64_t key[4], turned[AGGREGATE_VALUES + STATS_COUNTS];
	unsigned words = to->shape->words, half = words / 2, k;
	bool turn;

	memcpy(key, entry, words * sizeof(*key));
	memcpy(turned, values, to->n_values * sizeof(*turned));
	/* the end with the higher port is not always the lower one */
	if (words == 1) {
		turn = key[0] >> 32 > (uint32_t)key[0];
		if (turn)
			key[0] = key[0] << 32 | key[0] >> 32;
	} else {
		turn = key[0] != key[2] ? key[0] > key[2] : key[1] > key[3];
		for (k = 0; turn && k < half; k++) {
			key[k] = entry[k + half];
			key[k + half] = entry[k];
		}
	}
	if (is_loop(key, words)) {
		turned[CONVERSATION_PACKETS_AB] +=
		    turned[CONVERSATION_PACKETS_BA];
		turned[CONVERSATION_BYTES_AB] += turned[CONVERSATION_BYTES_BA];
		turned[CONVERSATION_PACKETS_BA] =
		    turned[CONVERSATION_BYTES_BA] = 0;
	} else if (turn) {
		turned[CONVERSATION_PACKETS_AB] =
		    values[CONVERSATION_PACKETS_BA];
		turned[CONVERSATION_PACKETS_BA] =
		    values[CONVERSATION_PACKETS_AB];
		turned[CONVERSATION_BYTES_AB] = values[CONVERSATION_BYTES_BA];
		turned[CONVERSATION_BYTES_BA] = values[CONVERSATION_BYTES_AB];
	}
	aggregate_combine(to, aggregate_get(to, key, words), turned);
}

static void fold_all(struct aggregate *to, const struct aggregate *from)
{
	uint32_t i;

	for (i = 0; i < from->n; i++)
		fold(to, aggregate_key(from, i), aggregate_values(from, i));
}

static void add_all(struct aggregate *to, const struct aggregate *from)
{
	uint32_t i;

	for (i = 0; i < from->n; i++)
		aggregate_combine(to,
				  aggregate_get(to, aggregate_key(from, i),
						from->shape->words),
				  aggregate_values(from, i));
}

unsigned conversation_groups(const struct report_state *part,
			     enum conversation_kind kind, struct aggregate *own,
			     const struct aggregate *groups[2])
{
	const struct aggregate *all = part->groups;
	bool six = kind == CONVERSATION_IPV6;
	unsigned i;

	switch (kind) {
	case CONVERSATION_ETH:
		groups[0] = &all[GROUP_ETH];
		return 1;
	case CONVERSATION_IP:
	case CONVERSATION_IPV6:
		i = six ? GROUP_IP6 : GROUP_IP;
		aggregate_init(own, &shapes[i],
			       (unsigned)part->options->n_counts, UINT32_MAX,
			       &all[i].seed);
		add_all(own, &all[i]);
		for (i = GROUP_TCP4; i <= GROUP_SCTP6; i += 2)
			fold_all(own, &all[i + six]);
		groups[0] = own;
		return 1;
	default:
		i = GROUP_TCP4 + 2 * (kind - CONVERSATION_TCP);
		groups[0] = &all[i];
		groups[1] = &all[i + 1];
		return 2;
	}
}

/* ---- conversations that went -------------------------------------------- */

void talk_add_ends(struct aggregate *ends, const struct aggregate_shape *shape,
		   const uint64_t *key, const uint64_t *values)
{
	uint64_t end[2][3], turned[AGGREGATE_VALUES + STATS_COUNTS];

	end_keys(shape, key, end);
	aggregate_combine(ends, aggregate_get(ends, end[0], 3), values);
	memcpy(turned, values, ends->n_values * sizeof(*turned));
	turned[CONVERSATION_PACKETS_AB] = values[CONVERSATION_PACKETS_BA];
	turned[CONVERSATION_PACKETS_BA] = values[CONVERSATION_PACKETS_AB];
	turned[CONVERSATION_BYTES_AB] = values[CONVERSATION_BYTES_BA];
	turned[CONVERSATION_BYTES_BA] = values[CONVERSATION_BYTES_AB];
	aggregate_combine(ends, aggregate_get(ends, end[1], 3), turned);
}

/* Of which kind the conversations of a group are. */
static enum conversation_kind kind_of(unsigned group)
{
	return group < GROUP_TCP4 ? group
				  : CONVERSATION_TCP + (group - GROUP_TCP4) / 2;
}

unsigned talk_gone_group(enum conversation_kind kind)
{
	return GROUP_ETH_ENDS + kind;
}

const struct aggregate *talk_gone(const struct report_state *part,
				  enum conversation_kind kind)
{
	return &part->groups[talk_gone_group(kind)];
}

/* A conversation that goes is kept by its ends; one of a transport in that of
   its addresses too. */
static void spill(struct report_state *p, unsigned group, const uint64_t *key,
		  const uint64_t *values)
{
	unsigned net = group % 2 ? GROUP_IP : GROUP_IP6;

	if (group >= GROUP_ETH_ENDS)
		return;
	talk_add_ends(&p->groups[talk_gone_group(kind_of(group))],
		      &shapes[group], key, values);
	if (group >= GROUP_TCP4 && p->kinds >> kind_of(net) & 1)
		fold(&p->groups[net], key, values);
}

static bool lacks(unsigned wanted, unsigned group)
{
	return group < GROUP_ETH_ENDS && wanted >> kind_of(group) & 1;
}

/* A view of up to two groups: the rows of the second follow the first's. */
struct conversations {
	const struct aggregate *groups[2];
};

static const struct column columns[] = {
    {"address_a", "ADDRESS A", false, COLUMN_PLAIN},
    {"port_a", "PORT A", true, COLUMN_PLAIN},
    {"address_b", "ADDRESS B", false, COLUMN_PLAIN},
    {"port_b", "PORT B", true, COLUMN_PLAIN},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"bytes", "BYTES", true, COLUMN_BYTES},
    {"packets_ab", "A > B", true, COLUMN_PLAIN},
    {"bytes_ab", "BYTES", true, COLUMN_BYTES},
    {"packets_ba", "B > A", true, COLUMN_PLAIN},
    {"bytes_ba", "BYTES", true, COLUMN_BYTES},
    {"start", NULL, true, COLUMN_TIME},
    {"duration", "DURATION", true, COLUMN_SPAN},
    {"bits_per_second", "RATE", true, COLUMN_BITRATE},
};

/* The cells of one end, which has that key. */
static void put_end(const struct aggregate_shape *shape, const uint64_t *key,
		    struct table *t)
{
	char text[ADDR_TEXT] = "";

	if (!t->sketch)
		conversation_address(key, text);
	table_text(t, text);
	if (has_ports(shape))
		table_number(t, (uint16_t)key[2]);
	else
		table_none(t);
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const struct conversations *conversations = view->data;
	const struct aggregate *g = conversations->groups[0];
	const uint64_t *values;
	uint64_t keys[2][3];
	int64_t first, last;
	unsigned k;

	if (i >= g->n) {
		i -= g->n;
		g = conversations->groups[1];
	}
	values = aggregate_values(g, (uint32_t)i);
	end_keys(g->shape, aggregate_key(g, (uint32_t)i), keys);
	for (k = 0; k < 2; k++)
		put_end(g->shape, keys[k], t);
	first = (int64_t)values[CONVERSATION_FIRST];
	last = (int64_t)values[CONVERSATION_LAST];
	table_big(t, values[CONVERSATION_PACKETS_AB] +
			 values[CONVERSATION_PACKETS_BA]);
	table_big(t, values[CONVERSATION_BYTES_AB] +
			 values[CONVERSATION_BYTES_BA]);
	table_big(t, values[CONVERSATION_PACKETS_AB]);
	table_big(t, values[CONVERSATION_BYTES_AB]);
	table_big(t, values[CONVERSATION_PACKETS_BA]);
	table_big(t, values[CONVERSATION_BYTES_BA]);
	view_time(t, first, first <= last);
	view_span(t, first, last);
	view_rate(
	    view, t,
	    8 * (values[CONVERSATION_BYTES_AB] + values[CONVERSATION_BYTES_BA]),
	    first, last);
	view_marks(view, values, t);
}

/* Both ends, with their ports. */
static void expression(const struct view *view, size_t i, struct str *out)
{
	static const char *const transports[] = {[CONVERSATION_TCP] = "tcp",
						 [CONVERSATION_UDP] = "udp",
						 [CONVERSATION_SCTP] = "sctp"};
	const struct conversations *conversations = view->data;
	const struct aggregate *g = conversations->groups[0];
	uint64_t keys[2][3];
	unsigned k;

	if (i >= g->n) {
		i -= g->n;
		g = conversations->groups[1];
	}
	end_keys(g->shape, aggregate_key(g, (uint32_t)i), keys);
	if (view->kind >= CONVERSATION_TCP)
		str_printf(out, "%s and ", transports[view->kind]);
	for (k = 0; k < 2; k++) {
		str_puts(out, k ? " and " : "");
		view_host(out, "", keys[k], (unsigned)(keys[k][2] >> 16));
		if (view->kind >= CONVERSATION_TCP)
			str_printf(out, " and port %u",
				   (unsigned)(uint16_t)keys[k][2]);
	}
}

static bool before(const struct rows *rows, size_t i, size_t j)
{
	const struct view *view = (const struct view *)rows;
	const struct conversations *conversations = view->data;
	const struct aggregate *g = conversations->groups[0];
	const uint64_t *x, *y;
	unsigned k;

	if ((i < g->n) != (j < g->n))
		return i < j;
	if (i >= g->n) {
		i -= g->n;
		j -= g->n;
		g = conversations->groups[1];
	}
	x = aggregate_key(g, (uint32_t)i);
	y = aggregate_key(g, (uint32_t)j);
	for (k = 0; k < g->shape->words; k++)
		if (x[k] != y[k])
			return x[k] < y[k];
	return false;
}

static bool show(const struct report_state *part, struct view *view)
{
	static const char *const titles[] = {
	    "Ethernet conversations", "IPv4 conversations",
	    "IPv6 conversations",     "TCP conversations",
	    "UDP conversations",      "SCTP conversations",
	};
	struct conversations *conversations = calloc(1, sizeof(*conversations));
	unsigned n;

	if (!conversations)
		return false;
	view->data = conversations;
	n = conversation_groups(part, view->kind, &view->own,
				conversations->groups);
	view_init(view, columns, ARRAY_LEN(columns), conversations->groups[0],
		  put);
	if (n == 2)
		view->rows.n += conversations->groups[1]->n;
	view->rows.before = before;
	view->sort = "bytes";
	view->chart = "bytes";
	view->expression = expression;
	view->title = titles[view->kind];
	return !view->own.failed;
}

const struct report report_conversations = {
    .name = "conversations",
    .title = "Conversations: packets and bytes each way, duration",
    .kinds = kinds,
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = CONVERSATION_GROUPS,
    .packet = conversation_count,
    .spill = spill,
    .lacks = lacks,
    .show = show,
};
