/*
 * The stage that passes interfaces on only when they, or others of their link
 * type, have packets.
 */
#include "pkt/used_ifaces.h"

#include <stdlib.h>

#include "pkt/ifcopy.h"
#include "pkt/stage.h"

#define IFACES_MAX 1000000

struct used_ifaces {
	struct stage stage;
	struct iface **waiting; /* by id; NULL: handed on, or not there */
	size_t n, n_waiting;
	bool any;	   /* was handed on: */
	uint32_t linktype; /* the first one's */
};

static bool make_room(struct used_ifaces *u, uint32_t id, struct err *err)
{
	size_t n = u->n ? u->n : 8, i;
	struct iface **more;

	if (id < u->n)
		return true;
	while (n <= id)
		n *= 2;
	more = id < IFACES_MAX ? realloc(u->waiting, n * sizeof(*more)) : NULL;
	if (!more)
		return err_nomem(err, "interfaces");
	for (i = u->n; i < n; i++)
		more[i] = NULL;
	u->waiting = more;
	u->n = n;
	return true;
}

static bool keep_iface(struct sink *s, const struct iface *iface,
		       struct err *err)
{
	struct used_ifaces *u = (struct used_ifaces *)s;
	struct iface *copy;

	if (u->any && iface->linktype == u->linktype)
		return sink_iface(u->stage.next, iface, err);
	if (!make_room(u, iface->id, err))
		return false;
	copy = iface_copy(iface, err);
	if (!copy)
		return false;
	u->n_waiting += !u->waiting[iface->id];
	free(u->waiting[iface->id]);
	u->waiting[iface->id] = copy;
	return true;
}

static bool is_waiting(const struct used_ifaces *u, uint32_t id)
{
	return id < u->n && u->waiting[id];
}

static bool hand_on(struct used_ifaces *u, uint32_t id, struct err *err)
{
	bool good = sink_iface(u->stage.next, u->waiting[id], err);

	free(u->waiting[id]);
	u->waiting[id] = NULL;
	u->n_waiting--;
	return good;
}

/* The interface has a packet: with the first one go all of its link type, as a
   pcap file's header is true of them all. */
static bool hand_on_with(struct used_ifaces *u, uint32_t id, struct err *err)
{
	size_t i;

	if (u->any)
		return hand_on(u, id, err);
	u->any = true;
	u->linktype = u->waiting[id]->linktype;
	for (i = 0; i < u->n; i++)
		if (u->waiting[i] && u->waiting[i]->linktype == u->linktype &&
		    !hand_on(u, (uint32_t)i, err))
			return false;
	return true;
}

static enum verdict used_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct used_ifaces *u = (struct used_ifaces *)s;
	enum verdict v = GO_ON;
	size_t from = 0, i;

	for (i = 0; u->n_waiting && i < n && v == GO_ON; i++) {
		if (!is_waiting(u, p[i].iface))
			continue;
		if (i > from)
			v = stage_push(&u->stage, p + from, i - from);
		from = i;
		if (v == GO_ON && !hand_on_with(u, p[i].iface, &s->err))
			v = FAILED;
	}
	if (v == GO_ON && n > from)
		v = stage_push(&u->stage, p + from, n - from);
	return v;
}

static bool used_iface_end(struct sink *s, uint32_t iface,
			   const struct counters *c, int64_t start_ns,
			   int64_t end_ns, struct err *err)
{
	const struct used_ifaces *u = (const struct used_ifaces *)s;

	return is_waiting(u, iface) ||
	       stage_iface_end(s, iface, c, start_ns, end_ns, err);
}

static bool used_close(struct sink *s, struct err *err)
{
	struct used_ifaces *u = (struct used_ifaces *)s;
	bool good = true;
	size_t i;

	for (i = 0; i < u->n; i++) {
		if (u->waiting[i] && !u->any && good)
			good = hand_on(u, (uint32_t)i, err);
		free(u->waiting[i]);
	}
	free(u->waiting);
	return stage_close(s, good ? err : NULL) && good;
}

static const struct sink_ops used_ops = {
    .name = "used interfaces",
    .iface = keep_iface,
    .packets = used_packets,
    .lend = stage_lend,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = used_iface_end,
    .close = used_close,
};

struct sink *used_ifaces_open(struct sink *next, struct err *err)
{
	return stage_new(sizeof(struct used_ifaces), &used_ops, next, err);
}
