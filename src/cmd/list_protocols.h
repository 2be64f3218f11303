/* What the decoders know, as tables of `list`. */
#ifndef CMD_LIST_PROTOCOLS_H
#define CMD_LIST_PROTOCOLS_H

#include "base/err.h"
#include "base/table.h"

/* All protocols; the table is the caller's to end. */
void protocols_table(struct table *t);

/* The fields of the protocol, or of all (NULL). Returns false with *err if no
   protocol has that name; the caller then has no table to end. */
bool fields_table(struct table *t, const char *protocol, struct err *err);

#endif
