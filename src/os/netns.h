/*
 * Network namespaces (Linux), and the names of interfaces in them:
 * "ns:NAMESPACE/INTERFACE", where NAMESPACE is a name that `ip netns` lists, a
 * process id, or the path of a namespace file. On other systems there are none.
 */
#ifndef OS_NETNS_H
#define OS_NETNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/* Where the name within its namespace begins in the name of an interface: at
   its start if it says no namespace. */
const char *netns_plain(const char *interface);

/* A visit of the calling thread to a namespace. */
struct netns_visit {
	int home;     /* what to go back to; -1: nothing to do */
	bool missing; /* there is no such namespace (now) */
};

/*
 * Let the calling thread work in the namespace of an interface (if its name
 * says one), or in the one so named, until netns_leave(). Descriptors that are
 * opened there stay there. false: *err says why; ERR_USAGE if there is no such
 * namespace.
 */
bool netns_enter_of(const char *interface, struct netns_visit *visit,
		    struct err *err);
bool netns_enter(const char *name, struct netns_visit *visit, struct err *err);

/* Append the names that namespaces have, a line each. */
void netns_names(struct str *out);

/* false: the thread is still there, and should do nothing any more. */
bool netns_leave(struct netns_visit *visit, struct err *err);

#endif
