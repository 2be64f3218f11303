/* From field expressions to capture filters. */
#ifndef WHERE_CAPTURE_FILTER_H
#define WHERE_CAPTURE_FILTER_H

#include "base/str.h"
#include "where/where.h"

/*
 * Append the capture filter (pcap-filter(7)) that selects the same packets, but
 * for those in tunnels, after VLAN tags and in fragments, which capture
 * filters do not see. *deep: does the expression ask about what these may hold?
 * false: there is none, *err says which part stands in the way.
 */
bool where_capture_filter(const struct where *w, struct str *out, bool *deep,
			  struct err *err);

#endif
