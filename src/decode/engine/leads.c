/* Which protocols may hand on to which, over others or not. */
#include "decode/engine/leads.h"

/* May it follow any layer? */
static bool is_anywhere(unsigned id)
{
	return id == PROTO_data || id == PROTO_malformed;
}

/* May `from` hand on to `to`, by its id or by keys of these spaces? */
static bool leads(const struct plan *plan, unsigned from, unsigned to,
		  uint32_t spaces)
{
	const uint8_t *id;

	for (id = protos[from]->leads_proto; id && *id; id++)
		if (*id == to)
			return true;
	return protos[from]->leads & plan->of[to].spaces & spaces ||
	       is_anywhere(to);
}

/* Does it lead to a protocol that is marked? Theirs are the spaces. */
static bool leads_to_marked(unsigned from, const bool *marked, uint32_t spaces)
{
	const uint8_t *id;

	for (id = protos[from]->leads_proto; id && *id; id++)
		if (marked[*id])
			return true;
	/* as is_anywhere() */
	return protos[from]->leads & spaces || marked[PROTO_data] ||
	       marked[PROTO_malformed];
}

void leads_mark_below(const struct plan *plan, bool *marked, const bool *never)
{
	uint32_t spaces = 0;
	bool changed = true;
	unsigned id;

	for (id = 1; id < PROTO_COUNT; id++)
		if (marked[id])
			spaces |= plan->of[id].spaces;
	while (changed) {
		changed = false;
		for (id = 1; id < PROTO_COUNT; id++) {
			if (marked[id] || (never && never[id]) ||
			    !leads_to_marked(id, marked, spaces))
				continue;
			marked[id] = changed = true;
			spaces |= plan->of[id].spaces;
		}
	}
}

void leads_mark_above(const struct plan *plan, bool *marked)
{
	uint32_t spaces = 0; /* that they hand on by */
	bool changed = true;
	const uint8_t *next;
	unsigned id;

	while (changed) {
		changed = false;
		for (id = 1; id < PROTO_COUNT; id++) {
			if (!marked[id] && spaces & plan->of[id].spaces &&
			    !is_anywhere(id))
				marked[id] = changed = true;
			if (!marked[id])
				continue;
			spaces |= protos[id]->leads;
			next = protos[id]->leads_proto;
			for (; next && *next; next++)
				if (!marked[*next] && !is_anywhere(*next))
					marked[*next] = changed = true;
		}
	}
}

void plan_leads_beyond(const struct plan *plan, unsigned id, bool *beyond)
{
	const uint32_t ports = LEADS_TO(KEY_TCP_PORT) | LEADS_TO(KEY_UDP_PORT);
	unsigned from, to;
	bool changed = true;

	for (to = 1; to < PROTO_COUNT; to++)
		beyond[to] |=
		    plan->of[to].useful && leads(plan, id, to, ~ports);
	while (changed) {
		changed = false;
		for (from = 1; from < PROTO_COUNT; from++) {
			for (to = 1; beyond[from] && to < PROTO_COUNT; to++) {
				if (beyond[to] || !plan->of[to].useful ||
				    !leads(plan, from, to, UINT32_MAX))
					continue;
				beyond[to] = changed = true;
			}
		}
	}
}
