/* What is left of a condition when it is known which headers a packet has. */
#include "where/condition.h"

#include "decode/proto.h"
#include "where/compute.h"

enum known {
	KNOWN_FALSE,
	KNOWN_TRUE,
	KNOWN_TEST,	/* by header_test() */
	KNOWN_COMPUTED, /* by compute_test() */
	UNKNOWN
};

static bool has(const struct header_chain *c, unsigned id)
{
	return c->places.at[id] >= 0;
}

/* May a packet of the chain have a value of this protocol's fields that are at
   no fixed place? */
static bool may_have(const struct header_chain *c, unsigned id)
{
	unsigned i;

	if (c->beyond[id] || has(c, id))
		return true;
	for (i = 1; i < PROTO_COUNT; i++)
		if (proto_at(i)->also == id && (c->beyond[i] || has(c, i)))
			return true;
	return false;
}

/* Has no packet of the chain any value that the node is about? */
static bool is_absent(const struct header_chain *c,
		      const struct where_node *node)
{
	const struct where_name *name;
	unsigned i;

	/* all that a condition computes with has to be there */
	if (node->kind != NODE_NAME) {
		for (i = 0; i < node->n_kids; i++)
			if (is_absent(c, node->kids[i]))
				return true;
		return false;
	}
	name = node->field.name;
	if (!name->n)
		return !may_have(c, name->proto);
	for (i = 0; i < name->n; i++)
		if (may_have(c, field_proto(name->numbers[i])))
			return false;
	return true;
}

/* Does each packet of the chain have all fields of the node once, at their
   fixed places? */
static bool is_placed(const struct header_chain *c,
		      const struct where_node *node)
{
	struct header_question q;
	uint32_t i;

	if (node->kind == NODE_NAME)
		return header_field(node, &q) && has(c, q.id) &&
		       !c->beyond[q.id];
	for (i = 0; i < node->n_kids; i++)
		if (!is_placed(c, node->kids[i]))
			return false;
	return true;
}

/* What is known of a condition that has no conditions in it; of KNOWN_TEST, *q
   is what it asks. */
static enum known look(const struct header_chain *c,
		       const struct where_node *node, struct header_question *q)
{
	enum proto_id id;

	if (node->kind == NODE_TRUTH && header_protocol(node->kids[0], &id)) {
		if (c->beyond[id])
			return UNKNOWN;
		return has(c, id) ? KNOWN_TRUE : KNOWN_FALSE;
	}
	if (header_ask(node, q)) {
		if (c->beyond[q->id])
			return UNKNOWN;
		return has(c, q->id) ? KNOWN_TEST : KNOWN_FALSE;
	}
	if (is_absent(c, node))
		return KNOWN_FALSE;
	return compute_can(node) && is_placed(c, node) ? KNOWN_COMPUTED
						       : UNKNOWN;
}

bool condition_is_exact(const struct header_chain *c,
			const struct where_node *node)
{
	struct header_question q;
	uint32_t i;

	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
	case NODE_XOR:
	case NODE_NOT:
		for (i = 0; i < node->n_kids; i++)
			if (!condition_is_exact(c, node->kids[i]))
				return false;
		return true;
	default:
		return look(c, node, &q) != UNKNOWN;
	}
}

static place put_xor(struct emitter *e, const struct header_chain *c,
		     const struct where_node *node, struct condition_ways to)
{
	/* where an odd and an even number of true ones go */
	place odd = to.yes, even = to.no, next;
	uint32_t i;

	if (!condition_is_exact(c, node))
		return to.unknown ? to.yes : to.no;
	for (i = node->n_kids; i-- > 1;) {
		next = condition_put(
		    e, c, node->kids[i],
		    (struct condition_ways){odd, even, to.unknown});
		odd = condition_put(
		    e, c, node->kids[i],
		    (struct condition_ways){even, odd, to.unknown});
		even = next;
	}
	return condition_put(e, c, node->kids[0],
			     (struct condition_ways){odd, even, to.unknown});
}

place condition_put(struct emitter *e, const struct header_chain *c,
		    const struct where_node *node, struct condition_ways to)
{
	struct header_question q;
	uint32_t i = node->n_kids;

	if (to.yes == to.no)
		return to.yes;
	switch (node->kind) {
	case NODE_AND:
		while (i-- > 0)
			to.yes = condition_put(e, c, node->kids[i], to);
		return to.yes;
	case NODE_OR:
		while (i-- > 0)
			to.no = condition_put(e, c, node->kids[i], to);
		return to.no;
	case NODE_XOR:
		return put_xor(e, c, node, to);
	case NODE_NOT:
		return condition_put(
		    e, c, node->kids[0],
		    (struct condition_ways){to.no, to.yes, !to.unknown});
	default:
		break;
	}
	switch (look(c, node, &q)) {
	case KNOWN_FALSE:
		return to.no;
	case KNOWN_TRUE:
		return to.yes;
	case KNOWN_TEST:
		return header_test(e, &q, &c->places, to.yes, to.no);
	case KNOWN_COMPUTED:
		return compute_test(e, node, &c->places, to.yes, to.no);
	default:
		return to.unknown ? to.yes : to.no;
	}
}
