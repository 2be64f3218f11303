/* From the names of a tree to the wishes of a plan. */
#include "where/want.h"

#include <string.h>

#include "decode/proto.h"
#include "decode/proto_ids.h"

/* A protocol is there or not whatever else is asked about: so those that it
   hands conversations to have to be known, and all where it is about what
   is unknown, or wrong anywhere. */
static void want_protocol(struct plan *plan, unsigned id)
{
	const uint8_t *next = proto_at(id)->leads_proto;

	plan_want_proto(plan, id);
	if (id == PROTO_data || id == PROTO_malformed)
		plan_want_layers(plan);
	for (; proto_at(id)->pdu_length && next && *next; next++)
		plan_want_proto(plan, *next);
}

/* Want what a name means. */
static bool want_name(struct where_source *s, struct plan *plan,
		      const struct where_node *node)
{
	const struct where_name *name = node->field.name;
	struct err err;
	unsigned i;

	if (!name->n) {
		want_protocol(plan, name->proto);
		return true;
	}
	if (!strncmp(name->name, "data.", 5))
		want_protocol(plan, PROTO_data);
	for (i = 0; i < name->n; i++) {
		if (!plan_want_number(plan, name->numbers[i], &err))
			return source_fail(s, node->at, node->len, "%s",
					   err.text);
	}
	return true;
}

bool where_want(struct where_source *s, struct plan *plan,
		const struct where_node *node)
{
	uint32_t i;

	if (node->kind == NODE_NAME && !want_name(s, plan, node))
		return false;
	for (i = 0; i < node->n_kids; i++)
		if (!where_want(s, plan, node->kids[i]))
			return false;
	return true;
}
