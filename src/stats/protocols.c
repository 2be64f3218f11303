/* The tree of protocols: which are in packets, and in what. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "decode/proto_ids.h"
#include "stats/report.h"

enum { PACKETS, BYTES };
enum { NODES_MOST = 16384, NODES_ROOM = 64 };

/* The key is the path from the root: "frame:eth:ip". Entries stay, as nodes
   know their numbers; of a path that has no room its beginning is counted. */
static const struct aggregate_shape shapes[] = {{
    .name = "protocols",
    .n_values = 2,
    .weight = 1,
    .stays = true,
    .limit = NODES_MOST,
    .rule = {AGGREGATE_SUM, AGGREGATE_SUM},
}};

/* A node of the tree that this thread has met. */
struct node {
	const char *name;
	uint32_t child, next; /* its first child, the next one of its parent;
				 0: none */
	uint32_t entry;	      /* in the group, */
	uint64_t *values;     /* and its values, which do not move */
	uint32_t via;	      /* the node between it and its parent; 0: none */
	uint16_t latest[PROTO_COUNT]; /* the child met last, by protocol */
};

struct tree {
	struct node *nodes; /* the first is the root */
	uint32_t n, room;
};

/* Enter a node whose path is that of node i and n bytes more. 0: there is no
   room (the root has no parent). */
static uint32_t node_enter(struct report_state *p, uint32_t i, const char *part,
			   size_t n)
{
	struct tree *tree = p->scratch;
	struct aggregate *g = &p->groups[0];
	char path[AGGREGATE_TEXT];
	const char *parent = "";
	size_t len = 0;
	struct node *nodes;
	uint32_t entry;

	if (tree->n > UINT16_MAX)
		return 0;
	if (tree->n == tree->room) {
		tree->room = tree->room ? 2 * tree->room : NODES_ROOM;
		nodes = realloc(tree->nodes, tree->room * sizeof(*nodes));
		if (!nodes) {
			tree->room = tree->n;
			g->failed = true;
			return 0;
		}
		tree->nodes = nodes;
	}
	if (tree->n) {
		parent = aggregate_text(g, tree->nodes[i].entry, &len);
		if (len + n + 1 >= sizeof(path))
			return 0;
		memcpy(path, parent, len);
		path[len++] = ':';
	}
	memcpy(path + len, part, n);
	if (!aggregate_enter_text(g, path, len + n, &entry))
		return 0;
	tree->nodes[tree->n] =
	    (struct node){.entry = entry, .values = aggregate_values(g, entry)};
	return tree->n++;
}

/* Enter a child of node i. A name such as "http:websocket" is a path by
   itself, whose other nodes are counted with the last one. 0: no room. */
static uint32_t node_add(struct report_state *p, uint32_t i, const char *name)
{
	struct tree *tree = p->scratch;
	const char *part = name, *colon;
	uint32_t above = i, via = 0, child;

	for (; (colon = strchr(part, ':')) != NULL; part = colon + 1) {
		child = node_enter(p, above, part, (size_t)(colon - part));
		if (!child)
			return 0;
		tree->nodes[child].via = via;
		above = via = child;
	}
	child = node_enter(p, above, part, strlen(part));
	if (!child)
		return 0;
	tree->nodes[child].name = name;
	tree->nodes[child].via = via;
	tree->nodes[child].next = tree->nodes[i].child;
	tree->nodes[i].child = child;
	return child;
}

/* The child for that layer, which is made if there is none. 0: no room. */
static uint32_t node_find(struct report_state *p, uint32_t i,
			  const struct layer *l)
{
	struct tree *tree = p->scratch;
	uint32_t child = tree->nodes[i].child;

	while (child && tree->nodes[child].name != l->name)
		child = tree->nodes[child].next;
	if (!child)
		child = node_add(p, i, l->name);
	tree->nodes[i].latest[l->id] = (uint16_t)child;
	return child;
}

static inline void node_count(struct report_state *p, uint32_t i,
			      const struct observation *s)
{
	const struct tree *tree = p->scratch;
	uint64_t *values = tree->nodes[i].values;

	values[PACKETS]++;
	values[BYTES] += s->len;
	aggregate_mark(&p->groups[0], values, s->marks);
}

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	struct tree *tree = p->scratch;
	uint32_t i = 0, child;

	if (tree->n == 0 && (node_enter(p, 0, "frame", 5), tree->n == 0))
		return;
	node_count(p, 0, s);
	for (; l < end; l++) {
		child = tree->nodes[i].latest[l->id];
		if (!child || tree->nodes[child].name != l->name) {
			/* what has no name is a part of the layer below */
			if (l->id == PROTO_frame || !l->name[0])
				continue;
			child = node_find(p, i, l);
			if (!child)
				return;
		}
		i = child;
		for (; child; child = tree->nodes[child].via)
			node_count(p, child, s);
	}
}

static void fini(struct report_state *p)
{
	free(((struct tree *)p->scratch)->nodes);
}

/* ---- showing ------------------------------------------------------------ */

/* An entry as a node of the tree that is shown. */
struct branch {
	const char *path;
	size_t len;
	uint64_t packets;
	uint32_t entry;
	uint32_t child, next; /* index + 1; 0: none */
};

struct forest {
	uint64_t packets, bytes;
	uint32_t order[]; /* entry by row */
};

/* Parents before their children. */
static int compare_paths(const void *x, const void *y)
{
	const struct branch *a = x, *b = y;
	size_t i;

	for (i = 0; i < a->len && i < b->len; i++)
		if (a->path[i] != b->path[i])
			return a->path[i] == ':'	 ? -1
			       : b->path[i] == ':'	 ? 1
			       : a->path[i] < b->path[i] ? -1
							 : 1;
	return (a->len > b->len) - (a->len < b->len);
}

static bool is_below(const struct branch *b, const struct branch *parent)
{
	return b->len > parent->len && b->path[parent->len] == ':' &&
	       !memcmp(b->path, parent->path, parent->len);
}

/* Put branch i among the children at *first, where what is more often comes
   first. */
static void link_branch(struct branch *all, uint32_t *first, uint32_t i)
{
	while (*first && all[*first - 1].packets >= all[i].packets)
		first = &all[*first - 1].next;
	all[i].next = *first;
	*first = i + 1;
}

static uint32_t list_branches(const struct branch *all, uint32_t first,
			      uint32_t *order, uint32_t n)
{
	/* no deeper than a packet's layers and the root */
	for (; first; first = all[first - 1].next) {
		order[n++] = all[first - 1].entry;
		n = list_branches(all, all[first - 1].child, order, n);
	}
	return n;
}

static void plant(struct branch *all, uint32_t n, uint32_t *order)
{
	uint32_t above[DISSECT_LAYERS + 2], depth = 0, root = 0, i;

	qsort(all, n, sizeof(*all), compare_paths);
	for (i = 0; i < n; i++) {
		while (depth && !is_below(&all[i], &all[above[depth - 1]]))
			depth--;
		link_branch(all, depth ? &all[above[depth - 1]].child : &root,
			    i);
		if (depth < DISSECT_LAYERS + 2)
			above[depth++] = i;
	}
	list_branches(all, root, order, 0);
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const struct forest *forest = view->data;
	const uint64_t *values;
	struct str name = STR_INIT;
	const char *path, *last;
	size_t len, depth = 0, k;

	path = aggregate_text(view->group, forest->order[i], &len);
	values = aggregate_values(view->group, forest->order[i]);
	for (last = path, k = 0; k < len; k++) {
		if (path[k] == ':') {
			last = path + k + 1;
			depth++;
		}
	}
	str_pad(&name, ' ', 2 * depth);
	str_put(&name, last, len - (size_t)(last - path));
	table_bytes(t, str_text(&name), name.len);
	str_fini(&name);
	table_bytes(t, path, len);
	table_number(t, (int64_t)depth);
	table_big(t, values[PACKETS]);
	view_share(t, values[PACKETS], forest->packets);
	table_big(t, values[BYTES]);
	view_share(t, values[BYTES], forest->bytes);
	view_marks(view, values, t);
}

static const struct column columns[] = {
    {"protocol", "PROTOCOL", false, COLUMN_PLAIN},
    {"path", NULL, false, COLUMN_PLAIN},
    {"depth", NULL, true, COLUMN_PLAIN},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"packets_share", "SHARE", true, COLUMN_PERCENT},
    {"bytes", "BYTES", true, COLUMN_BYTES},
    {"bytes_share", "SHARE", true, COLUMN_PERCENT},
};

/* frame.protocols has names in it that are not layers of the tree. */
static void expression(const struct view *view, size_t i, struct str *out)
{
	const struct forest *forest = view->data;
	const char *path;
	size_t len, k;

	path = aggregate_text(view->group, forest->order[i], &len);
	k = len > 6 ? 6 : len; /* "frame:" */
	str_puts(out,
		 view->part->options->reassemble ? "" : "--no-reassemble ");
	str_puts(out, VIEW_FIELDS "ip.src,ip.dst,frame.protocols" VIEW_AWK
				  "'$5 ~ /^");
	for (; k < len; k++) {
		if (path[k] == ':')
			str_puts(out, ":(ethertype:|wlan_radio:)?");
		else
			str_putc(out, path[k]);
	}
	str_puts(out, len > 6 ? "(:|$)/'" : "/'");
}

static bool show(const struct report_state *part, struct view *view)
{
	const struct aggregate *g = &part->groups[0];
	struct branch *all = calloc(g->n + 1, sizeof(*all));
	struct forest *forest =
	    calloc(1, sizeof(*forest) + (g->n + 1) * sizeof(forest->order[0]));
	const uint64_t *values;
	uint32_t i;

	view->data = forest;
	for (i = 0; all && forest && i < g->n; i++) {
		values = aggregate_values(g, i);
		all[i].path = aggregate_text(g, i, &all[i].len);
		all[i].entry = i;
		all[i].packets = values[PACKETS];
		/* the root has the most */
		if (values[PACKETS] > forest->packets)
			forest->packets = values[PACKETS];
		if (values[BYTES] > forest->bytes)
			forest->bytes = values[BYTES];
	}
	if (all && forest)
		plant(all, g->n, forest->order);
	free(all);
	view_init(view, columns, ARRAY_LEN(columns), g, put);
	view->chart = "packets";
	view->expression = expression;
	view->rows.before = NULL;
	view->whole = true;
	return all && forest;
}

const struct report report_protocols = {
    .name = "protocols",
    .title = "Protocols",
    .all_layers = true,
    .shapes = shapes,
    .n_shapes = 1,
    .scratch = sizeof(struct tree),
    .packet = packet,
    .fini = fini,
    .show = show,
};
