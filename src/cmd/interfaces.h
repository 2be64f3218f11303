/* Interfaces in words: for `list`, and as what an option can be completed to.
 */
#ifndef CMD_INTERFACES_H
#define CMD_INTERFACES_H

#include "capture/devices.h"
#include "cmd/opt.h"

/* The names of all interfaces, for the rows of -i options. */
opt_values interface_values;

/* The names of network namespaces. */
opt_values netns_values;

/* The names of link types and of timestamp types, for the options that take
   one. */
opt_values linktype_values, tstamp_type_values;

struct interfaces_wish {
	const char *only;   /* a name or number; NULL: all of them */
	const char *remote; /* those of this capture server; NULL: ours */
	const struct remote_options *login; /* to it */
	bool monitor;			    /* link types in monitor mode */
	bool details; /* what the system knows, too (list -v) */
	bool json;
};

/* Append the interfaces with their details. False: *err says why;
   an unknown name is reported with the nearest one. */
bool interfaces_print(const struct interfaces_wish *wish, struct str *out,
		      struct err *err);

#endif
