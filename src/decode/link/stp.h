/* What units of multiple spanning trees share with those of one tree. */
#ifndef DECODE_LINK_STP_H
#define DECODE_LINK_STP_H

#include "decode/proto.h"

/* Record the flags of one more tree, as those of the unit. For mstp.c. */
void stp_tree_flags(struct dissect *d, unsigned flags);

#endif
