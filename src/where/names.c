/* All names in a hash table, made once. */
#include "where/names.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/nearest.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "os/prefault.h"

/* What no decoder records under one name, although the parts are there. */
static const struct {
	const char *name;
	const char *fields[WHERE_ENDS];
	bool as_text;
} end_rows[] = {
    {"ip.host", {"ip.src", "ip.dst"}, true},
    {"ip.src_host", {"ip.src"}, true},
    {"ip.dst_host", {"ip.dst"}, true},
    {"ipv6.host", {"ipv6.src", "ipv6.dst"}, true},
    {"ipv6.src_host", {"ipv6.src"}, true},
    {"ipv6.dst_host", {"ipv6.dst"}, true},
    {"sctp.port", {"sctp.srcport", "sctp.dstport"}, false},
    {"wlan.addr",
     {"wlan.ra", "wlan.ta", "wlan.sa", "wlan.da", "wlan.bssid"},
     false},
};

/* What some layers are called in place of their protocol's name, as Wireshark
   has a protocol of its own for each. */
static const struct {
	const char *name;
	enum proto_id id;
} layer_rows[] = {
    {"mdns", PROTO_dns},	{"llmnr", PROTO_dns},
    {"ssdp", PROTO_http},	{"cldap", PROTO_ldap},
    {"pppoes", PROTO_pppoe},	{"pppoed", PROTO_pppoe},
    {"ieee8021ad", PROTO_vlan}, {"canfd", PROTO_can},
    {"udplite", PROTO_udp},	{"mptcp", PROTO_tcp},
    {"erspan", PROTO_gre},
};

/* Protocols whose layers never have their name. */
static const enum proto_id unnamed[] = {PROTO_pppoe, PROTO_wlan_mgt};

/* Fields that hold the values of both ends by themselves. */
static const char *const both_rows[] = {"ip.addr",  "ipv6.addr", "eth.addr",
					"tcp.port", "udp.port",	 "dccp.port"};

enum { ENDS = ARRAY_LEN(end_rows), LAYERS = ARRAY_LEN(layer_rows) };

struct slot {
	uint32_t hash;
	uint32_t entry; /* index into list + 1; 0: free */
};

struct where_names {
	struct where_name *list;
	size_t n;
	struct slot *slots;
	size_t mask;
};

static uint8_t type_of_field(const struct field *f)
{
	static const uint8_t types[] = {
	    [FIELD_NONE] = WT_NONE,   [FIELD_UINT] = WT_UINT,
	    [FIELD_INT] = WT_INT,     [FIELD_BOOL] = WT_BOOL,
	    [FIELD_IPV4] = WT_IPV4,   [FIELD_IPV6] = WT_IPV6,
	    [FIELD_ETHER] = WT_ETHER, [FIELD_BYTES] = WT_BYTES,
	    [FIELD_TEXT] = WT_TEXT,   [FIELD_TIME] = WT_TIME,
	    [FIELD_EPOCH] = WT_TIME,  [FIELD_SPAN] = WT_SPAN,
	    [FIELD_REAL] = WT_REAL,
	};

	return types[f->type];
}

/* Names are the program's own: the seed need not be secret. */
static uint32_t hash_name(const char *name, size_t n)
{
	static const struct hash_seed seed = {UINT64_C(0x243f6a8885a308d3),
					      UINT64_C(0x13198a2e03707344)};
	struct hash h = hash_start(&seed);

	hash_add(&h, (const uint8_t *)name, n, &seed);
	return (uint32_t)h.a;
}

/* The slot of a name, or the free one where it would be. */
static struct slot *find_slot(const struct where_names *names, const char *name,
			      size_t n, uint32_t hash)
{
	size_t at = hash & names->mask;

	while (names->slots[at].entry) {
		const struct slot *slot = &names->slots[at];
		const char *known = names->list[slot->entry - 1].name;

		if (slot->hash == hash && strlen(known) == n &&
		    !memcmp(known, name, n))
			break;
		at = (at + 1) & names->mask;
	}
	return &names->slots[at];
}

static void enter(struct where_names *names, const struct where_name *name)
{
	size_t n = strlen(name->name);
	uint32_t hash = hash_name(name->name, n);
	struct slot *slot = find_slot(names, name->name, n, hash);

	if (slot->entry)
		return;
	names->list[names->n++] = *name;
	*slot = (struct slot){hash, (uint32_t)names->n};
}

static bool is_two_ended(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(both_rows); i++)
		if (!strcmp(both_rows[i], name))
			return true;
	return false;
}

static void enter_protocol(struct where_names *names, const char *text,
			   const char *layer, unsigned id)
{
	struct where_name name = {
	    .name = text, .layer = layer, .type = WT_PROTO};

	name.proto = (uint8_t)id;
	enter(names, &name);
}

static void enter_protocols(struct where_names *names)
{
	unsigned id;
	size_t i;

	for (i = 0; i < ARRAY_LEN(unnamed); i++)
		enter_protocol(names, proto_at(unnamed[i])->name, NULL,
			       unnamed[i]);
	for (id = 1; id < PROTO_COUNT; id++)
		enter_protocol(names, proto_at(id)->name, proto_at(id)->name,
			       id);
	for (i = 0; i < LAYERS; i++)
		enter_protocol(names, layer_rows[i].name, layer_rows[i].name,
			       layer_rows[i].id);
}

static void enter_fields(struct where_names *names)
{
	unsigned id, i, number = 0;

	for (id = 1; id < PROTO_COUNT; id++) {
		const struct proto *p = proto_at(id);

		for (i = 0; i < p->n_fields; i++, number++) {
			struct where_name name = {
			    .name = p->fields[i].name,
			    .row = &p->fields[i],
			    .n = 1,
			    .type = type_of_field(&p->fields[i]),
			};

			name.two_ended = is_two_ended(name.name);
			name.numbers[0] = (uint16_t)number;
			enter(names, &name);
		}
	}
}

static void enter_ends(struct where_names *names)
{
	size_t i, k;

	for (i = 0; i < ENDS; i++) {
		struct where_name name = {.name = end_rows[i].name};

		for (k = 0; k < WHERE_ENDS && end_rows[i].fields[k]; k++) {
			const char *part = end_rows[i].fields[k];
			const struct where_name *known =
			    field_names_find(names, part, strlen(part));

			if (!known)
				continue;
			name.numbers[name.n++] = known->numbers[0];
			name.row = known->row;
			name.type = known->type;
		}
		name.two_ended = name.n > 1;
		name.as_text = end_rows[i].as_text;
		if (name.as_text)
			name.type = WT_TEXT;
		if (name.n)
			enter(names, &name);
	}
}

static void names_close(struct where_names *names)
{
	if (!names)
		return;
	free(names->list);
	free(names->slots);
	free(names);
}

static struct where_names *names_open(void)
{
	struct where_names *names = calloc(1, sizeof(*names));
	size_t most = field_count() + PROTO_COUNT + ENDS + LAYERS, size = 1;

	while (size < 2 * most)
		size *= 2;
	if (names) {
		names->mask = size - 1;
		names->list = calloc(most, sizeof(*names->list));
		names->slots = calloc(size, sizeof(*names->slots));
	}
	if (!names || !names->list || !names->slots) {
		names_close(names);
		return NULL;
	}
	prefault(names->list, most * sizeof(*names->list));
	enter_protocols(names);
	enter_fields(names);
	enter_ends(names);
	return names;
}

static struct where_names *shared;

static void open_shared(void)
{
	shared = names_open();
}

const struct where_names *field_names(struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, open_shared);
	if (!shared)
		err_nomem(err, "names of fields");
	return shared;
}

const struct where_name *field_names_find(const struct where_names *names,
					  const char *name, size_t n)
{
	const struct slot *slot = find_slot(names, name, n, hash_name(name, n));

	return slot->entry ? &names->list[slot->entry - 1] : NULL;
}

size_t field_names_count(const struct where_names *names)
{
	return names->n;
}

const struct where_name *field_names_at(const struct where_names *names,
					size_t i)
{
	return &names->list[i];
}

const char *field_names_nearest(const struct where_names *names,
				const char *name, size_t n)
{
	struct nearest near = NEAREST_START_N(name, n);
	size_t i;

	for (i = 0; i < names->n; i++)
		nearest_try(&near, names->list[i].name);
	return near.best;
}
