/* Which protocols may hand on to which, over others or not. */
#ifndef DECODE_ENGINE_LEADS_H
#define DECODE_ENGINE_LEADS_H

#include "decode/engine/plan.h"

/* Mark, by enum proto_id, all that lead to what is marked, but for those of
   never (NULL: none). The plan's spaces are set. */
void leads_mark_below(const struct plan *plan, bool *marked, const bool *never);

/* Mark all that those marked lead to, but not what may follow anything. */
void leads_mark_above(const struct plan *plan, bool *marked);

#endif
