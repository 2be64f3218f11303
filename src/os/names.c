/* Names of addresses and ports, remembered. */
#include "config.h"

#include "os/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "os/name_server.h"
#include "os/sandbox.h"
#include "os/seed.h"
#include "os/vendors.h"

enum { SLOTS = 4096 };

/* One remembered answer; a new one takes the place of the one before. */
struct slot {
	bool used, found;
	uint8_t kind; /* enum name_kind */
	uint8_t key[16];
	char name[NAME_MOST];
};

struct names_cache {
	struct hash_seed seed;
	struct name_server *server; /* NULL: look-ups are made here */
	struct vendors *vendors;    /* read when first asked for */
	bool vendors_tried;
	struct slot slots[SLOTS];
};

static void load_vendors(struct names_cache *names)
{
	if (!names->vendors_tried)
		names->vendors = vendors_open(NULL, NULL);
	names->vendors_tried = true;
}

struct names_cache *names_open(struct err *err)
{
	struct names_cache *names = calloc(1, sizeof(*names));

	if (!names) {
		err_nomem(err, "names");
		return NULL;
	}
	seed_get(&names->seed);
	if (!sandbox_ahead())
		return names;
	load_vendors(names);
	names->server = name_server_open(err);
	if (names->server)
		return names;
	names_close(names);
	return NULL;
}

void names_close(struct names_cache *names)
{
	if (!names)
		return;
	vendors_close(names->vendors);
	name_server_close(names->server);
	free(names);
}

/* The key's slot; *known: it has the answer. */
static struct slot *slot_of(struct names_cache *names, uint8_t kind,
			    const uint8_t key[16], bool *known)
{
	struct hash h = hash_start(&names->seed);
	struct slot *slot;

	hash_add(&h, key, 16, &names->seed);
	slot = &names->slots[(h.a + kind) % SLOTS];
	*known =
	    slot->used && slot->kind == kind && !memcmp(slot->key, key, 16);
	if (!*known) {
		slot->used = true;
		slot->found = false;
		slot->kind = kind;
		memcpy(slot->key, key, 16);
	}
	return slot;
}

static const char *name_of(struct names_cache *names, enum name_kind kind,
			   const uint8_t key[16])
{
	struct slot *slot;
	bool known;

	slot = slot_of(names, (uint8_t)kind, key, &known);
	if (!known)
		slot->found =
		    names->server
			? name_server_ask(names->server, kind, key, slot->name)
			: name_look_up(kind, key, slot->name);
	return slot->found ? slot->name : NULL;
}

const char *names_of_address(void *with, const uint8_t *bytes, size_t n)
{
	uint8_t key[16] = {0};

	memcpy(key, bytes, n);
	return name_of(with, n == 4 ? NAME_OF_IPV4 : NAME_OF_IPV6, key);
}

const char *names_of_port(void *with, bool tcp, uint16_t port)
{
	const uint8_t key[16] = {(uint8_t)(port >> 8), (uint8_t)port};

	return name_of(with, tcp ? NAME_OF_TCP_PORT : NAME_OF_UDP_PORT, key);
}

const char *names_of_vendor(void *with, const uint8_t bytes[6])
{
	struct names_cache *names = with;
	const char *name;

	load_vendors(names);
	if (!names->vendors)
		return NULL;
	name = vendors_name(names->vendors, bytes);
	return name ? name : "Unknown";
}
