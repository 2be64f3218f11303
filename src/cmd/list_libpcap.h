/* What libpcap has and knows, as tables of `list`. */
#ifndef CMD_LIST_LIBPCAP_H
#define CMD_LIST_LIBPCAP_H

#include "base/err.h"
#include "base/table.h"

/* All functions of its API; the table is the caller's to end. false: there is
   no library, *err says why, and no table. */
bool api_table(struct table *t, struct err *err);

/* What the name means in a filter; *some: does it mean anything? false: that
   cannot be found out, *err says why, and there is no table. */
bool meanings_table(struct table *t, const char *name, bool *some,
		    struct err *err);

#endif
