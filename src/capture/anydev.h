/*
 * The "any" device taken apart: its packets (LINUX_SLL2, LINKTYPE 276, or
 * LINUX_SLL, 113) say on which interface and in which direction they were
 * seen; each real interface becomes one of its own for the sink.
 */
#ifndef CAPTURE_ANYDEV_H
#define CAPTURE_ANYDEV_H

#include "pkt/pipeline.h"

struct anydev;

/*
 * any: what the sink got about the device itself; copied, its texts are
 * borrowed. *next_id: the next free interface id, raised for each interface
 * that turns up. fd: the device's descriptor, which knows their names. NULL: no
 * memory.
 */
struct anydev *anydev_open(const struct iface *any, int fd, uint32_t *next_id,
			   struct err *err);
void anydev_close(struct anydev *a);

/*
 * Set the packet's interface and direction from its link header; the sink is
 * told of an interface that was not seen before. false: the sink refused it.
 */
bool anydev_sort(struct anydev *a, struct pkt *p, struct sink *sink,
		 struct err *err);

/* Is the interface one that turned up there? */
bool anydev_has(const struct anydev *a, uint32_t iface);

/* Tell the sink how many packets each interface had. Only that is known of
   them: the kernel counts the rest for all together. */
bool anydev_end(struct anydev *a, struct sink *sink, int64_t start_ns,
		int64_t end_ns, struct err *err);

#endif
