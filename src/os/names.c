/* Names of addresses and ports, remembered. */
#include "config.h"

#include "os/names.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/hash.h"
#include "os/seed.h"
#include "os/vendors.h"

enum { SLOTS = 4096, NAME_MOST = 256 };

/* One remembered answer; a new one takes the place of the one before. */
struct slot {
	bool used, found;
	uint8_t kind; /* 4, 16: address; 6, 17: port */
	uint8_t key[16];
	char name[NAME_MOST];
};

struct names_cache {
	struct hash_seed seed;
	struct vendors *vendors; /* read when first asked for */
	bool vendors_tried;
	struct slot slots[SLOTS];
};

struct names_cache *names_open(struct err *err)
{
	struct names_cache *names = calloc(1, sizeof(*names));

	if (names)
		seed_get(&names->seed);
	else
		err_nomem(err, "names");
	return names;
}

void names_close(struct names_cache *names)
{
	if (names)
		vendors_close(names->vendors);
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

const char *names_of_address(void *with, const uint8_t *bytes, size_t n)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	uint8_t key[16] = {0};
	struct slot *slot;
	bool known;

	memcpy(key, bytes, n);
	slot = slot_of(with, (uint8_t)n, key, &known);
	if (!known && n == 4) {
		memcpy(&v4.sin_addr, bytes, 4);
		slot->found =
		    !getnameinfo((struct sockaddr *)&v4, sizeof(v4), slot->name,
				 NAME_MOST, NULL, 0, NI_NAMEREQD);
	} else if (!known) {
		memcpy(&v6.sin6_addr, bytes, 16);
		slot->found =
		    !getnameinfo((struct sockaddr *)&v6, sizeof(v6), slot->name,
				 NAME_MOST, NULL, 0, NI_NAMEREQD);
	}
	return slot->found ? slot->name : NULL;
}

const char *names_of_port(void *with, bool tcp, uint16_t port)
{
	uint8_t key[16] = {(uint8_t)(port >> 8), (uint8_t)port};
	struct servent *service;
	struct slot *slot;
	bool known;

	slot = slot_of(with, tcp ? 6 : 17, key, &known);
	if (!known) {
		service = getservbyport(htons(port), tcp ? "tcp" : "udp");
		if (service && strlen(service->s_name) < NAME_MOST) {
			strcpy(slot->name, service->s_name);
			slot->found = true;
		}
	}
	return slot->found ? slot->name : NULL;
}

const char *names_of_vendor(void *with, const uint8_t bytes[6])
{
	struct names_cache *names = with;
	const char *name;

	if (!names->vendors_tried) {
		names->vendors_tried = true;
		names->vendors = vendors_open(NULL, NULL);
	}
	if (!names->vendors)
		return NULL;
	name = vendors_name(names->vendors, bytes);
	return name ? name : "Unknown";
}
