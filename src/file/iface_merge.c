/* Which interfaces of different inputs are the same one. */
#include "file/iface_merge.h"

#include <stdlib.h>
#include <string.h>

struct iface_merge_row {
	char *name; /* NULL: has none */
	uint32_t linktype, snaplen;
	uint8_t tsresol;
	int64_t tsoffset;
	int fcslen;
	uint32_t hash;
};

static uint32_t mix(uint32_t h, uint64_t v)
{
	while (v) {
		h = (h ^ (uint32_t)(v & 0xff)) * 16777619u;
		v >>= 8;
	}
	return (h ^ 0x55) * 16777619u;
}

static uint32_t iface_hash(const struct iface *i)
{
	uint32_t h = 2166136261u;
	const char *c;

	for (c = i->name ? i->name : ""; *c; c++)
		h = (h ^ (uint8_t)*c) * 16777619u;
	h = mix(h, i->linktype);
	h = mix(h, i->snaplen);
	h = mix(h, i->tsresol);
	return mix(h, (uint64_t)i->tsoffset);
}

static bool same(const struct iface_merge_row *r, const struct iface *i)
{
	if (!r->name != !i->name || (r->name && strcmp(r->name, i->name) != 0))
		return false;
	return r->linktype == i->linktype && r->snaplen == i->snaplen &&
	       r->tsresol == i->tsresol && r->tsoffset == i->tsoffset &&
	       r->fcslen == i->fcslen;
}

/* Keep the hash table at most half full. */
static bool iface_merge_grow(struct iface_merge *u)
{
	size_t n = u->slots_n ? u->slots_n * 2 : 64, i;
	uint32_t *slots;

	if (u->n == u->room) {
		size_t room = u->room ? u->room * 2 : 32;
		struct iface_merge_row *rows =
		    realloc(u->rows, room * sizeof(*rows));

		if (!rows)
			return false;
		u->rows = rows;
		u->room = room;
	}
	if (u->slots_n > 2 * u->n)
		return true;
	slots = calloc(n, sizeof(*slots));
	if (!slots)
		return false;
	for (i = 0; i < u->n; i++) {
		size_t at = u->rows[i].hash & (n - 1);

		while (slots[at])
			at = (at + 1) & (n - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(u->slots);
	u->slots = slots;
	u->slots_n = n;
	return true;
}

bool iface_merge_iface(struct iface_merge *u, const struct iface *iface,
		       uint32_t *id, bool *fresh)
{
	uint32_t hash = iface_hash(iface);
	struct iface_merge_row *row;
	size_t at;

	if (!iface_merge_grow(u))
		return false;
	*fresh = false;
	at = hash & (u->slots_n - 1);
	for (; u->slots[at]; at = (at + 1) & (u->slots_n - 1)) {
		*id = u->slots[at] - 1;
		if (u->rows[*id].hash == hash && same(&u->rows[*id], iface))
			return true;
	}
	row = &u->rows[u->n];
	*row = (struct iface_merge_row){
	    .linktype = iface->linktype,
	    .snaplen = iface->snaplen,
	    .tsresol = iface->tsresol,
	    .tsoffset = iface->tsoffset,
	    .fcslen = iface->fcslen,
	    .hash = hash,
	};
	if (iface->name && !(row->name = strdup(iface->name)))
		return false;
	*id = (uint32_t)u->n++;
	u->slots[at] = *id + 1;
	*fresh = true;
	return true;
}

void iface_merge_fini(struct iface_merge *u)
{
	size_t i;

	for (i = 0; i < u->n; i++)
		free(u->rows[i].name);
	free(u->rows);
	free(u->slots);
	memset(u, 0, sizeof(*u));
}
