/* The stage that says that packets are of another link type. */
#ifndef PKT_RETYPE_H
#define PKT_RETYPE_H

#include "pkt/pipeline.h"

/* All interfaces get this LINKTYPE_; packets stay as they are. Owns next.
   NULL: no memory; next is closed. */
struct sink *retype_open(uint32_t linktype, struct sink *next, struct err *err);

#endif
