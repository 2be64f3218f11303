/*
 * Calls of RPC over UDP (RFC 5531) that may still be answered, as a reply does
 * not say what it replies to. A table of fixed size: a call takes the place of
 * an older one.
 */
#ifndef DECODE_FLOW_RPC_CALLS_H
#define DECODE_FLOW_RPC_CALLS_H

#include <stdbool.h>

#include "base/cursor.h"
#include "base/hash.h"

struct rpc_call {
	uint32_t program, version, procedure;
};

/* Kinds of the notes that are PROTO_rpc's: struct fragment_note of rpc.c, over
   TCP, and struct rpc_call, of a reply over UDP. */
enum { RPC_NOTE_FRAGMENT, RPC_NOTE_CALL };

struct rpc_calls;

/* NULL: no memory. */
struct rpc_calls *rpc_calls_open(const struct hash_seed *seed);
void rpc_calls_close(struct rpc_calls *calls);

/* Is this the start of a call or a reply? */
static inline bool rpc_is_message(const struct cur *c)
{
	const uint8_t *p = cur_here(c);

	if (cur_left(c) < 12 || p[4] | p[5] | p[6] | p[8] | p[9] | p[10])
		return false;
	return p[7] == 0 ? p[11] == 2 : p[7] == 1 && p[11] <= 1;
}

/* What a call, from its id on, asks for. false: not a call. */
bool rpc_call_read(struct cur c, uint32_t *id, struct rpc_call *call);

/* See a datagram that rpc_is_message(), between addresses of n bytes. true: it
   is a reply, and *call is what it replies to. */
bool rpc_calls_see(struct rpc_calls *calls, const uint8_t *src,
		   const uint8_t *dst, unsigned n, uint16_t sport,
		   uint16_t dport, struct cur c, struct rpc_call *call);

#endif
