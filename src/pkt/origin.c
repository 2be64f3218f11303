/* Picks by where a packet was seen: its interface, its direction. */
#include "pkt/origin.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "pkt/ifmap.h"

struct origin {
	struct selector selector;
	uint32_t direction;
	char *name;
	bool seen;	     /* an interface has that name */
	struct ifmap wanted; /* 1: the interface is that one */
};

static bool ifname_iface(struct selector *k, const struct iface *iface,
			 struct err *err)
{
	struct origin *o = (struct origin *)k;
	bool wanted = iface->name && !strcmp(iface->name, o->name);

	o->seen |= wanted;
	return ifmap_set(&o->wanted, iface->id, wanted, err);
}

static enum verdict ifname_matches(struct selector *k, const struct pkt *p,
				   size_t n, uint8_t *keep)
{
	const struct origin *o = (const struct origin *)k;
	size_t i;

	for (i = 0; i < n; i++)
		keep[i] &= ifmap_get(&o->wanted, p[i].iface) == 1;
	return GO_ON;
}

static void ifname_close(struct selector *k)
{
	struct origin *o = (struct origin *)k;

	if (!o->seen)
		log_warn("no interface is named \"%s\" in the input", o->name);
	ifmap_fini(&o->wanted);
	free(o->name);
	free(o);
}

static enum verdict direction_matches(struct selector *k, const struct pkt *p,
				      size_t n, uint8_t *keep)
{
	const struct origin *o = (const struct origin *)k;
	size_t i;

	for (i = 0; i < n; i++)
		keep[i] &= (p[i].flags & PKT_DIRECTION) == o->direction;
	return GO_ON;
}

static const struct selector_ops ifname_ops = {
    .name = "interface name",
    .iface = ifname_iface,
    .match = ifname_matches,
    .close = ifname_close,
};
static const struct selector_ops direction_ops = {
    .name = "direction",
    .match = direction_matches,
    .close = selector_free,
};

struct selector *ifname_open(const char *name, struct err *err)
{
	struct origin *o = calloc(1, sizeof(*o));

	if (o)
		o->name = malloc(strlen(name) + 1);
	if (!o || !o->name) {
		free(o);
		err_nomem(err, "interface name");
		return NULL;
	}
	strcpy(o->name, name);
	o->selector.ops = &ifname_ops;
	return &o->selector;
}

struct selector *direction_open(uint32_t direction, struct err *err)
{
	struct origin *o = calloc(1, sizeof(*o));

	if (!o) {
		err_nomem(err, "direction");
		return NULL;
	}
	o->selector.ops = &direction_ops;
	o->direction = direction;
	return &o->selector;
}
