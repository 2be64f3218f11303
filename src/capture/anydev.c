/*
 * The "any" device taken apart. Of its link headers this needs, in network
 * byte order (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html):
 *
 *	SLL2: interface index at byte 4 (32 bits), packet type at byte 10
 *	SLL:  packet type at bytes 0 and 1, no interface
 */
#include "capture/anydev.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/str.h"
#include "capture/socket.h"
#include "os/netns.h"

#define LINKTYPE_SLL 113
#define TYPE_OUTGOING 4 /* sll_pkttype of what this machine sent */

struct member {
	uint32_t index; /* the system's number of the interface */
	uint32_t id;
	uint64_t packets;
};

struct anydev {
	struct iface any;
	int fd;
	uint32_t *next_id;
	struct member *members;
	size_t n;
	size_t last; /* the member that the last packet belonged to */
};

struct anydev *anydev_open(const struct iface *any, int fd, uint32_t *next_id,
			   struct err *err)
{
	struct anydev *a = calloc(1, sizeof(*a));

	if (!a) {
		err_nomem(err, "interfaces of any");
		return NULL;
	}
	a->any = *any;
	a->fd = fd;
	a->next_id = next_id;
	return a;
}

void anydev_close(struct anydev *a)
{
	if (a)
		free(a->members);
	free(a);
}

/* With the namespace that "any" was given. An interface that is gone already
   keeps its number for a name. */
static void put_name(const struct anydev *a, uint32_t index, struct str *out)
{
	char name[IF_NAMESIZE];

	str_put(out, a->any.name,
		(size_t)(netns_plain(a->any.name) - a->any.name));
	if (socket_interface_name(a->fd, index, name) ||
	    if_indextoname(index, name))
		str_puts(out, name);
	else
		str_printf(out, "if%u", index);
}

static struct member *add_member(struct anydev *a, uint32_t index,
				 struct sink *sink, struct err *err)
{
	struct iface iface = a->any;
	struct str name = STR_INIT;
	struct member *members;
	bool good;

	members = realloc(a->members, (a->n + 1) * sizeof(*members));
	if (!members) {
		err_nomem(err, "interfaces of any");
		return NULL;
	}
	a->members = members;
	put_name(a, index, &name);
	iface.id = *a->next_id;
	iface.name = str_text(&name);
	iface.description = NULL;
	good = sink_iface(sink, &iface, err);
	str_fini(&name);
	if (!good)
		return NULL;
	++*a->next_id;
	members[a->n] = (struct member){.index = index, .id = iface.id};
	a->last = a->n++;
	return &members[a->last];
}

static struct member *find_member(struct anydev *a, uint32_t index)
{
	size_t i;

	if (a->last < a->n && a->members[a->last].index == index)
		return &a->members[a->last];
	for (i = 0; i < a->n; i++) {
		if (a->members[i].index == index) {
			a->last = i;
			return &a->members[i];
		}
	}
	return NULL;
}

bool anydev_sort(struct anydev *a, struct pkt *p, struct sink *sink,
		 struct err *err)
{
	struct cur c = cur_over(p->data, p->caplen, p->wirelen);
	struct member *m;
	uint32_t index, type;

	if (a->any.linktype == LINKTYPE_SLL) {
		type = cur_be16(&c);
		if (c.state == CUR_OK)
			p->flags |=
			    type == TYPE_OUTGOING ? PKT_OUTBOUND : PKT_INBOUND;
		return true;
	}
	if (a->any.linktype != LINKTYPE_SLL2)
		return true;
	cur_skip(&c, 4);
	index = cur_be32(&c);
	cur_skip(&c, 2);
	type = cur_u8(&c);
	if (c.state != CUR_OK)
		return true;
	p->flags |= type == TYPE_OUTGOING ? PKT_OUTBOUND : PKT_INBOUND;
	m = find_member(a, index);
	if (!m)
		m = add_member(a, index, sink, err);
	if (!m)
		return false;
	m->packets++;
	p->iface = m->id;
	return true;
}

bool anydev_has(const struct anydev *a, uint32_t iface)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (a->members[i].id == iface)
			return true;
	return false;
}

bool anydev_end(struct anydev *a, struct sink *sink, int64_t start_ns,
		int64_t end_ns, struct err *err)
{
	size_t i;

	for (i = 0; i < a->n; i++) {
		const struct counters counters = {
		    .delivered = a->members[i].packets,
		    .received = COUNT_UNKNOWN,
		    .dropped = COUNT_UNKNOWN,
		    .ifdropped = COUNT_UNKNOWN,
		};

		if (!sink_iface_end(sink, a->members[i].id, &counters, start_ns,
				    end_ns, err))
			return false;
	}
	return true;
}
