/* What programs of RPC share: fields of RPC itself, and forms of XDR (RFC
   4506). */
#ifndef DECODE_SERVICES_RPC_H
#define DECODE_SERVICES_RPC_H

#include "decode/proto.h"

/* What RPC leaves in the facts of its layer for its program's. */
enum { RPC_FACT_VERSION, RPC_FACT_PROCEDURE, RPC_FACT_REPLY, RPC_FACT_WORD };

/* Text or bytes after their length, filled up to 4 bytes. */
void xdr_take(struct dissect *d, struct cur *c, const struct field *f);

/* Does a further element of a list follow? */
bool xdr_follows(struct dissect *d, struct cur *c);

/* A handle of NFS; old: of version 2, whose have no length. */
void nfs_take_handle(struct dissect *d, struct cur *c, bool old);

#endif
