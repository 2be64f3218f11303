/* What packets are split by. */
#include "pkt/splitkey.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pkt/headers.h"
#include "pkt/ifcopy.h"
#include "pkt/keytext.h"

static struct hash hash_of(const struct splitkeys *k, const void *bytes,
			   size_t n)
{
	struct hash h = hash_start(&k->seed);

	hash_add(&h, bytes, n, &k->seed);
	return h;
}

static const struct iface *iface_of(const struct splitkeys *k,
				    const struct pkt *p)
{
	return p->iface < k->n_ifaces ? k->ifaces[p->iface] : NULL;
}

static uint32_t link_of(const struct splitkeys *k, const struct pkt *p)
{
	const struct iface *iface = iface_of(k, p);

	return iface ? iface->linktype : UINT32_MAX;
}

static size_t no_key(const struct splitkeys *k, struct splitkey *key)
{
	key->kind = SPLITKEY_OTHER;
	key->id = hash_of(k, "other", 5);
	return 1;
}

static size_t by_flow(struct splitkeys *k, const struct pkt *p,
		      struct splitkey *key)
{
	struct flowkey part;
	const struct hash *known;
	bool has_part;

	key->kind = SPLITKEY_FLOW;
	switch (flowkey_of(link_of(k, p), p, &key->of.flow, &part, &has_part)) {
	case FLOW_NONE:
		return no_key(k, key);
	case FLOW_KNOWN:
		key->id = flowkey_hash(&key->of.flow, &k->seed);
		if (has_part) /* without room later fragments go alone */
			hashmap_put(&k->parts, flowkey_hash(&part, &k->seed),
				    key->id, SPLIT_PARTS);
		break;
	case FLOW_FRAGMENT:
		key->of.flow = part;
		key->id = flowkey_hash(&part, &k->seed);
		known = hashmap_get(&k->parts, key->id);
		if (known)
			key->id = *known;
		break;
	}
	return 1;
}

static size_t by_host(struct splitkeys *k, const struct pkt *p,
		      struct splitkey key[2])
{
	const uint8_t *bytes[2];
	struct header_offsets l;
	int i;

	headers_find(link_of(k, p), p->data, p->caplen, p->wirelen, &l);
	if (!l.addrlen)
		return no_key(k, key);
	bytes[0] = l.src;
	bytes[1] = l.dst;
	for (i = 0; i < 2; i++) {
		struct addr *a = &key[i].of.host;

		memset(a, 0, sizeof(*a));
		a->version = l.addrlen == 4 ? 4 : 6;
		memcpy(a->bytes, bytes[i], l.addrlen);
		key[i].kind = SPLITKEY_HOST;
		key[i].id = hash_of(k, a, sizeof(*a));
	}
	return memcmp(l.src, l.dst, l.addrlen) == 0 ? 1 : 2;
}

/* Interfaces of one name, and all of one link type, go together. */
static size_t by_iface(const struct splitkeys *k, const struct pkt *p,
		       struct splitkey *key)
{
	const struct iface *iface = iface_of(k, p);

	if (!iface)
		return no_key(k, key);
	key->of.iface = iface;
	key->kind = SPLITKEY_IFACE;
	if (k->by == SPLIT_BY_LINKTYPE) {
		key->kind = SPLITKEY_LINKTYPE;
		key->id = hash_of(k, &iface->linktype, sizeof(uint32_t));
	} else if (iface->name && iface->name[0]) {
		key->id = hash_of(k, iface->name, strlen(iface->name));
	} else {
		key->id = hash_of(k, &iface->id, sizeof(uint32_t));
	}
	return 1;
}

size_t splitkeys_of(struct splitkeys *k, const struct pkt *p,
		    struct splitkey key[2])
{
	switch (k->by) {
	case SPLIT_BY_FLOW:
		return by_flow(k, p, key);
	case SPLIT_BY_HOST:
		return by_host(k, p, key);
	case SPLIT_BY_INTERFACE:
	case SPLIT_BY_LINKTYPE:
		return by_iface(k, p, key);
	case SPLIT_BY_NOTHING:
		break;
	}
	key->kind = SPLITKEY_ALL;
	key->id = (struct hash){1, 1};
	return 1;
}

/* So long may a name be in that of a file. */
#define NAME_MAX_LEN 100

/* A name of the capture's. Long ones are distinguished by a digest. */
static void name_text(const char *name, struct str *out)
{
	static const struct hash_seed same = {0};
	struct hash h = hash_start(&same);
	size_t from = out->len;

	keytext_safe(out, name);
	if (out->failed || out->len - from <= NAME_MAX_LEN)
		return;
	hash_add(&h, (const uint8_t *)name, strlen(name), &same);
	out->len = from + NAME_MAX_LEN;
	str_printf(out, "-%08" PRIx32, (uint32_t)h.a);
}

static void linktype_text(const struct splitkeys *k, uint32_t linktype,
			  struct str *out)
{
	const char *name = k->linktype_name(linktype);

	if (name)
		keytext_safe(out, name);
	else
		str_printf(out, "linktype%u", linktype);
}

void splitkey_text(const struct splitkeys *k, const struct splitkey *key,
		   struct str *out)
{
	const struct iface *iface = key->of.iface;

	switch (key->kind) {
	case SPLITKEY_ALL:
	case SPLITKEY_OTHER:
		str_puts(out, "other");
		break;
	case SPLITKEY_FLOW:
		keytext_flow(out, &key->of.flow);
		break;
	case SPLITKEY_HOST:
		keytext_addr(out, key->of.host.version, key->of.host.bytes);
		break;
	case SPLITKEY_IFACE:
		if (iface->name && iface->name[0])
			name_text(iface->name, out);
		else
			str_printf(out, "interface%u", iface->id);
		break;
	case SPLITKEY_LINKTYPE:
		linktype_text(k, iface->linktype, out);
		break;
	}
}

bool splitkeys_iface(struct splitkeys *k, const struct iface *iface,
		     struct err *err)
{
	if (iface->id >= k->n_ifaces) {
		size_t n = k->n_ifaces ? k->n_ifaces : 8;
		struct iface **ifaces;

		if (iface->id >= UINT32_MAX / 4)
			return err_set(err, ERR_FAULT, "too many interfaces");
		while (n <= iface->id)
			n *= 2;
		ifaces = realloc(k->ifaces, n * sizeof(*ifaces));
		if (!ifaces)
			return err_nomem(err, "interfaces");
		memset(ifaces + k->n_ifaces, 0,
		       (n - k->n_ifaces) * sizeof(*ifaces));
		k->ifaces = ifaces;
		k->n_ifaces = n;
	}
	free(k->ifaces[iface->id]);
	k->ifaces[iface->id] = iface_copy(iface, err);
	return k->ifaces[iface->id] != NULL;
}

void splitkeys_fini(struct splitkeys *k)
{
	size_t i;

	for (i = 0; i < k->n_ifaces; i++)
		free(k->ifaces[i]);
	free(k->ifaces);
	hashmap_fini(&k->parts);
}
