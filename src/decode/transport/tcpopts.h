/* TCP options beside those that every connection has. */
#ifndef DECODE_TRANSPORT_TCPOPTS_H
#define DECODE_TRANSPORT_TCPOPTS_H

#include "decode/proto.h"

/* Record what the option of this kind says, if it is one of them; body: after
   kind and length. For tcp.c, in whose layer it is. */
void tcp_option_more(struct dissect *d, struct cur body, unsigned kind);

#endif
