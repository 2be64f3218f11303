/*
 * The list of fields, and plans: which fields a run wants and,
 * as follows from that, which protocols are worth looking into.
 */
#include "decode/engine/leads.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/nearest.h"
#include "base/num.h"
#include "decode/lib/crypto.h"
#include "decode/proto_ids.h"
#include "os/sandbox.h"

unsigned field_count(void)
{
	unsigned id, n = 0;

	for (id = 1; id < PROTO_COUNT; id++)
		n += protos[id]->n_fields;
	return n;
}

const struct field *field_at(unsigned number)
{
	static const struct field none = {.name = "", .title = ""};
	unsigned id;

	for (id = 1; id < PROTO_COUNT; id++) {
		if (number < protos[id]->n_fields)
			return &protos[id]->fields[number];
		number -= protos[id]->n_fields;
	}
	return &none;
}

unsigned field_proto(unsigned number)
{
	unsigned id = 1;

	while (number >= protos[id]->n_fields)
		number -= protos[id++]->n_fields;
	return id;
}

int field_find(const char *name)
{
	unsigned id, i;
	int number = 0;

	for (id = 1; id < PROTO_COUNT; id++)
		for (i = 0; i < protos[id]->n_fields; i++, number++)
			if (*protos[id]->fields[i].name == *name &&
			    !strcmp(protos[id]->fields[i].name, name))
				return number;
	return -1;
}

const struct proto *proto_at(unsigned id)
{
	return id < PROTO_COUNT ? protos[id] : NULL;
}

/* The first wanted field from number i on that is below n, else n. Few are:
   eight are passed over at a time. */
static unsigned next_wanted(const struct plan *plan, unsigned i, unsigned n)
{
	uint64_t eight;

	while (i < n) {
		if (n - i >= sizeof(eight)) {
			memcpy(&eight, plan->want + i, sizeof(eight));
			if (!eight) {
				i += (unsigned)sizeof(eight);
				continue;
			}
		}
		if (plan->want[i])
			break;
		i++;
	}
	return i;
}

/* Enter the keys of one protocol. */
static void plan_enter(struct plan *plan, unsigned id)
{
	const struct proto *proto = protos[id];
	unsigned i, rank;
	uint8_t *guesses;

	for (i = 0; i < proto->n_keys; i++) {
		const struct key *key = &proto->keys[i];

		switch (key->space) {
		case KEY_TCP_GUESS:
		case KEY_UDP_GUESS:
			guesses = plan->guesses[key->space == KEY_UDP_GUESS];
			for (rank = 0; guesses[rank]; rank++)
				continue;
			guesses[rank] = (uint8_t)id;
			break;
		default:
			plan->table[key->space][key->value] = (uint8_t)id;
		}
	}
}

struct plan *plan_open(struct err *err)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	unsigned id, i;
	uint16_t base = 0;

	if (!plan)
		goto nomem;
	plan->n_rows = field_count();
	plan->want = calloc(plan->n_rows + 1, 1);
	plan->rows = calloc(plan->n_rows + 1, sizeof(*plan->rows));
	if (!plan->want || !plan->rows)
		goto nomem;
	/* In one piece it is mapped: what is not touched costs nothing. */
	plan->table = calloc(KEY_SPACES, sizeof(*plan->table));
	if (!plan->table)
		goto nomem;
	for (id = 1; id < PROTO_COUNT; id++) {
		plan->of[id] = (struct plan_proto){
		    .proto = protos[id],
		    .decode = protos[id]->decode,
		    .name = protos[id]->name,
		    .fields = protos[id]->fields,
		    .want = plan->want + base,
		    .base = base,
		};
		for (i = 0; i < protos[id]->n_fields; i++)
			plan->rows[base++] = &protos[id]->fields[i];
		plan_enter(plan, id);
	}
	return plan;
nomem:
	err_nomem(err, "decoding");
	plan_close(plan);
	return NULL;
}

void plan_close(struct plan *plan)
{
	if (!plan)
		return;
	free(plan->table);
	free(plan->want);
	free(plan->rows);
	free(plan);
}

static bool unknown_field(const char *name, struct err *err)
{
	struct nearest near = NEAREST_START(name);
	unsigned i, n = field_count();

	for (i = 0; i < n; i++)
		nearest_try(&near, field_at(i)->name);
	if (near.best)
		return err_set(err, ERR_USAGE,
			       "unknown field '%s'; did you mean '%s'?", name,
			       near.best);
	return err_set(err, ERR_USAGE,
		       "unknown field '%s' ('pcaptool list fields' has all)",
		       name);
}

/* What the field of that number needs and is not built in, or NULL. */
static const char *library_missing(unsigned number)
{
	unsigned id;

	for (id = 1; id < PROTO_COUNT; id++) {
		if (number < protos[id]->n_fields)
			break;
		number -= protos[id]->n_fields;
	}
	return id < PROTO_COUNT && protos[id]->needs ? protos[id]->needs(number)
						     : NULL;
}

/* How a field is wanted. */
enum { WANT_KIND = 1, WANT_NAME };

bool plan_want_number(struct plan *plan, unsigned number, struct err *err)
{
	const char *name = plan->rows[number]->name, *missing = NULL;

	if (plan->want[number] == WANT_NAME)
		return true;
	if (plan->rows[number]->flags & FIELD_CRYPTO)
		missing = crypto_missing();
	if (missing)
		return err_set(err, ERR_USAGE, "no '%s': %s", name, missing);
	missing = library_missing(number);
	if (missing)
		return err_set(err, ERR_USAGE, "no '%s': built without %s",
			       name, missing);
	plan->want[number] = WANT_NAME;
	return true;
}

bool plan_want(struct plan *plan, const char *name, struct err *err)
{
	int number = field_find(name);

	return number < 0 ? unknown_field(name, err)
			  : plan_want_number(plan, (unsigned)number, err);
}

void plan_want_all(struct plan *plan)
{
	unsigned i;

	for (i = 0; i < plan->n_rows; i++)
		if (!(plan->rows[i]->flags & FIELD_ASKED))
			plan->want[i] = WANT_KIND;
	plan->all_layers = true;
}

void plan_want_flags(struct plan *plan, unsigned flags)
{
	unsigned i;

	for (i = 0; i < plan->n_rows; i++)
		if (plan->rows[i]->flags & flags)
			plan->want[i] = WANT_KIND;
}

void plan_want_lines(struct plan *plan)
{
	plan->lines = true;
}

void plan_only_values(struct plan *plan)
{
	plan->only_values = true;
}

void plan_want_proto(struct plan *plan, unsigned id)
{
	plan->of[id].whole = true;
}

void plan_want_layers(struct plan *plan)
{
	plan->all_layers = true;
}

/* By which keys is each protocol found? */
static void find_spaces(struct plan *plan)
{
	unsigned id, i;

	for (id = 1; id < PROTO_COUNT; id++) {
		plan->of[id].spaces = 0;
		for (i = 0; i < protos[id]->n_keys; i++)
			plan->of[id].spaces |=
			    LEADS_TO(protos[id]->keys[i].space);
		for (i = 0; i < KEY_SPACES; i++)
			if (plan->forced[i][id])
				plan->of[id].spaces |= LEADS_TO(i);
	}
}

/* Of one protocol, its first wanted field, and where its decoder may stop. */
static void find_end(struct plan *plan, unsigned id, bool all)
{
	unsigned base = plan->of[id].base, n = base + protos[id]->n_fields;
	unsigned i = next_wanted(plan, base, n);

	plan->of[id].want_first = i < n ? (uint16_t)(i - base) : UINT16_MAX;
	plan->of[id].want_end = all || plan->of[id].whole ? UINT16_MAX : 0;
	if (plan->of[id].want_end)
		return;
	for (; i < n; i = next_wanted(plan, i + 1, n))
		plan->of[id].want_end = (uint16_t)(i - base + 1);
}

/* Where decoders may stop: after their last wanted field, unless the payload
   leads to another one. */
static void find_ends(struct plan *plan)
{
	bool all = !plan->only_values || plan->all_layers;
	unsigned id, i;

	for (i = 0; i < KEY_SPACES; i++)
		plan->beyond[i] = all || plan->of[PROTO_data].useful;
	for (id = 1; id < PROTO_COUNT; id++) {
		find_end(plan, id, all);
		if (!plan->of[id].useful)
			continue;
		for (i = 0; i < KEY_SPACES; i++)
			plan->beyond[i] |= plan->of[id].spaces >> i & 1;
	}
	plan->beyond[KEY_TCP_PORT] |= plan->beyond[KEY_TCP_GUESS];
	plan->beyond[KEY_UDP_PORT] |=
	    plan->beyond[KEY_UDP_GUESS] | plan->beyond[KEY_UDP_MEDIA];
}

/* Which protocols may lead to a datagram of IP? */
static void find_tunnels(struct plan *plan)
{
	plan->tunnels[PROTO_ip] = plan->tunnels[PROTO_ipv6] = true;
	leads_mark_below(plan, plan->tunnels, NULL);
}

bool plan_wants_datagrams(const struct plan *plan)
{
	bool above[PROTO_COUNT] = {[PROTO_ip] = true, [PROTO_ipv6] = true};
	unsigned id;

	if (plan->all_layers)
		return true;
	leads_mark_above(plan, above);
	/* what is next to IP is there without a whole datagram */
	above[PROTO_ip] = above[PROTO_ipv6] = false;
	above[PROTO_ipv6_fraghdr] = above[PROTO_ipv6_hopopts] = false;
	above[PROTO_ipv6_dstopts] = above[PROTO_ipv6_routing] = false;
	for (id = 1; id < PROTO_COUNT; id++)
		if (above[id] && (plan->of[id].want_first != UINT16_MAX ||
				  plan->of[id].whole))
			return true;
	/* what is left undecoded depends on whether there is a whole one */
	return plan->of[PROTO_data].whole;
}

/* Is one of its fields wanted? */
static bool has_wanted(const struct plan *plan, unsigned id)
{
	unsigned base = plan->of[id].base, n = base + protos[id]->n_fields;

	return next_wanted(plan, base, n) < n;
}

/* Do lines do without this protocol? */
static bool is_hidden(const struct plan *plan, unsigned id)
{
	return plan->lines && !plan->all_layers && protos[id]->at_request &&
	       !plan_wants_of(plan, id);
}

/* Does what they show depend on all layers above? */
static bool wants_of_above(const struct plan *plan)
{
	static const char *const names[] = {
	    "tcp.segments", "tcp.segment", "tcp.segment.count",
	    "tcp.segment_data", "tcp.reassembled.length"};
	size_t k;
	unsigned i;

	if (plan_wants(plan, "frame.protocols"))
		return true;
	for (i = next_wanted(plan, 0, plan->n_rows); i < plan->n_rows;
	     i = next_wanted(plan, i + 1, plan->n_rows)) {
		if (!(plan->rows[i]->flags & FIELD_FOLLOWED))
			continue;
		for (k = 0; k < ARRAY_LEN(names); k++)
			if (!strcmp(plan->rows[i]->name, names[k]))
				return true;
	}
	return false;
}

/* Load the libraries of protocols that are decoded: in the sandbox it is too
   late. */
static void load_libraries(const struct plan *plan)
{
	unsigned id, i;

	for (id = 1; id < PROTO_COUNT; id++)
		for (i = 0; plan->of[id].useful && protos[id]->needs &&
			    i < protos[id]->n_fields;
		     i++)
			protos[id]->needs(i);
	for (i = 0; i < plan->n_rows; i++)
		if (plan->want[i] && plan->rows[i]->flags & FIELD_CRYPTO) {
			crypto_missing();
			break;
		}
}

void plan_ready(struct plan *plan)
{
	bool useful[PROTO_COUNT] = {false}, hidden[PROTO_COUNT];
	unsigned id;

	find_spaces(plan);
	if (wants_of_above(plan))
		plan->all_layers = true;
	for (id = 1; id < PROTO_COUNT; id++) {
		plan->of[id].useful = plan->all_layers || plan->of[id].whole ||
				      (plan->lines && protos[id]->summary &&
				       !is_hidden(plan, id)) ||
				      has_wanted(plan, id);
	}
	for (id = 1; id < PROTO_COUNT; id++)
		if (protos[id]->also)
			plan->of[id].useful |=
			    plan->of[protos[id]->also].useful;
	for (id = 1; id < PROTO_COUNT; id++) {
		useful[id] = plan->of[id].useful;
		hidden[id] = is_hidden(plan, id);
	}
	leads_mark_below(plan, useful, hidden);
	for (id = 1; id < PROTO_COUNT; id++)
		plan->of[id].useful = useful[id];
	find_ends(plan);
	find_tunnels(plan);
	if (sandbox_ahead())
		load_libraries(plan);
}

bool plan_looks_into(const struct plan *plan, unsigned id)
{
	return plan->of[id].useful;
}

unsigned plan_leads_to(const struct plan *plan, enum key_space space,
		       uint32_t value)
{
	unsigned id = value < TABLE_SIZE ? plan->table[space][value] : 0;

	if (id == PROTO_NONE)
		id = PROTO_data;
	return plan->of[id].useful ? id : PROTO_NONE;
}

static bool is_forced(const struct plan *plan, enum key_space space)
{
	unsigned id;

	for (id = 1; id < PROTO_COUNT; id++)
		if (plan->forced[space][id])
			return true;
	return false;
}

size_t plan_keys(const struct plan *plan, enum key_space space,
		 uint32_t *values, size_t room)
{
	size_t n = 0;
	unsigned id, i;
	uint32_t value;

	/* the table holds more than the protocols' rows say */
	if (plan->of[PROTO_data].useful || is_forced(plan, space)) {
		for (value = 0; value < TABLE_SIZE; value++)
			if (plan_leads_to(plan, space, value) && n++ < room)
				values[n - 1] = value;
		return n;
	}
	for (id = 1; id < PROTO_COUNT; id++) {
		for (i = 0; plan->of[id].useful && i < protos[id]->n_keys;
		     i++) {
			value = protos[id]->keys[i].value;
			if (protos[id]->keys[i].space == space &&
			    plan->table[space][value] == id && n++ < room)
				values[n - 1] = value;
		}
	}
	return n;
}

bool plan_wants(const struct plan *plan, const char *name)
{
	unsigned i;

	for (i = next_wanted(plan, 0, plan->n_rows); i < plan->n_rows;
	     i = next_wanted(plan, i + 1, plan->n_rows))
		if (*plan->rows[i]->name == *name &&
		    !strcmp(plan->rows[i]->name, name))
			return true;
	return false;
}

bool plan_wants_of(const struct plan *plan, unsigned id)
{
	return has_wanted(plan, id) || plan->of[id].whole;
}

static bool wants_flags(const struct plan *plan, unsigned i, unsigned n,
			unsigned flags)
{
	for (i = next_wanted(plan, i, n); i < n;
	     i = next_wanted(plan, i + 1, n))
		if (plan->rows[i]->flags & flags)
			return true;
	return false;
}

bool plan_wants_flags_of(const struct plan *plan, unsigned id, unsigned flags)
{
	unsigned base = plan->of[id].base;

	return wants_flags(plan, base, base + protos[id]->n_fields, flags);
}

bool plan_wants_flags(const struct plan *plan, unsigned flags)
{
	return wants_flags(plan, 0, plan->n_rows, flags);
}

bool plan_wants_messages(const struct plan *plan)
{
	unsigned id;

	for (id = 1; id < PROTO_COUNT; id++)
		if (plan->of[id].useful && protos[id]->pdu_length)
			return true;
	return false;
}

/* ---- forced decoding ---------------------------------------------------- */

static const struct {
	const char *words;
	enum key_space space;
} rule_spaces[] = {
    {"tcp port ", KEY_TCP_PORT},   {"udp port ", KEY_UDP_PORT},
    {"ethertype ", KEY_ETHERTYPE}, {"ip proto ", KEY_IPPROTO},
    {"linktype ", KEY_LINKTYPE},
};

static unsigned proto_find(const char *name)
{
	unsigned id;

	for (id = 1; id < PROTO_COUNT; id++)
		if (!strcmp(protos[id]->name, name))
			return id;
	return PROTO_NONE;
}

bool plan_force(struct plan *plan, const char *rule, struct err *err)
{
	const char *equals = strchr(rule, '=');
	char number[24];
	unsigned i, id;
	uint64_t value;
	size_t n, words;

	if (!equals)
		return err_set(
		    err, ERR_USAGE,
		    "invalid rule '%s': use a rule like 'udp port 1700=radius'",
		    rule);
	id = proto_find(equals + 1);
	if (id == PROTO_NONE || !protos[id]->decode)
		return err_set(err, ERR_USAGE,
			       "unknown protocol '%s' ('pcaptool list "
			       "protocols' has all)",
			       equals + 1);
	for (i = 0; i < ARRAY_LEN(rule_spaces); i++) {
		words = strlen(rule_spaces[i].words);
		if (strncmp(rule, rule_spaces[i].words, words) != 0)
			continue;
		n = (size_t)(equals - rule) - words;
		if (n >= sizeof(number))
			break;
		memcpy(number, rule + words, n);
		number[n] = '\0';
		if (!num_u64(number, &value) || value >= TABLE_SIZE)
			break;
		plan->table[rule_spaces[i].space][value] = (uint8_t)id;
		plan->forced[rule_spaces[i].space][id] = true;
		return true;
	}
	return err_set(err, ERR_USAGE,
		       "'%.*s' is not 'tcp port N', 'udp port N', 'ethertype "
		       "N', 'ip proto N' or 'linktype N'",
		       (int)(equals - rule), rule);
}
