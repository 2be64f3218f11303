/* Stages that shorten packets as a capture with a snapshot length would. */
#ifndef PKT_SNAP_H
#define PKT_SNAP_H

#include "pkt/pipeline.h"

/*
 * Keep at most n bytes of each packet; its length on the wire stays. The
 * snapshot lengths of the interfaces become n where they were larger or
 * unknown. Owns next. NULL: no memory; next is closed.
 */
struct sink *snap_open(uint32_t n, struct sink *next, struct err *err);

/*
 * Keep of each packet the headers of link, network and transport layer
 * (pkt/headers.h) and nothing after. An interface of a link type whose header
 * is unknown is an error. Owns next. NULL: no memory; next is closed.
 */
struct sink *snap_headers_open(struct sink *next, struct err *err);

#endif
