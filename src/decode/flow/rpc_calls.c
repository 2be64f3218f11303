/* The table of calls: slots by a hash of the id and the caller. */
#include "decode/flow/rpc_calls.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 8192, WAYS = 4, CALL = 0, VERSION = 2 };

struct slot {
	uint64_t key; /* 0: free */
	struct rpc_call call;
};

struct rpc_calls {
	struct hash_seed seed;
	unsigned next; /* whose turn it is to be replaced */
	struct slot slots[SLOTS];
};

struct rpc_calls *rpc_calls_open(const struct hash_seed *seed)
{
	struct rpc_calls *calls = calloc(1, sizeof(*calls));

	if (calls)
		calls->seed = *seed;
	return calls;
}

void rpc_calls_close(struct rpc_calls *calls)
{
	free(calls);
}

bool rpc_call_read(struct cur c, uint32_t *id, struct rpc_call *call)
{
	uint32_t type, version;

	*id = cur_be32(&c);
	type = cur_be32(&c);
	version = cur_be32(&c);
	call->program = cur_be32(&c);
	call->version = cur_be32(&c);
	call->procedure = cur_be32(&c);
	return c.state == CUR_OK && type == CALL && version == VERSION;
}

/* A server may answer from another of its addresses: only the caller's is
   looked at. */
static uint64_t key_of(const struct rpc_calls *calls, const uint8_t *addr,
		       unsigned n, uint16_t port, uint32_t id)
{
	uint64_t words[2] = {0};
	uint64_t key;

	memcpy(words, addr, n);
	key = hash_u128(hash_u128(words[0], words[1], &calls->seed),
			(uint64_t)port << 32 | id, &calls->seed);
	return key ? key : 1;
}

bool rpc_calls_see(struct rpc_calls *calls, const uint8_t *src,
		   const uint8_t *dst, unsigned n, uint16_t sport,
		   uint16_t dport, struct cur c, struct rpc_call *call)
{
	bool is_call = cur_peek8(&c, 7) == CALL;
	struct slot *first, *found = NULL;
	uint64_t key;
	uint32_t id;
	unsigned i;

	if (is_call) {
		if (!rpc_call_read(c, &id, call))
			return false;
		key = key_of(calls, src, n, sport, id);
	} else {
		key = key_of(calls, dst, n, dport, cur_be32(&c));
	}
	first = &calls->slots[key % (SLOTS / WAYS) * WAYS];
	for (i = 0; i < WAYS && !found; i++)
		if (first[i].key == key)
			found = &first[i];
	if (!is_call) {
		if (found)
			*call = found->call;
		return found != NULL;
	}
	for (i = 0; i < WAYS && !found; i++)
		if (!first[i].key)
			found = &first[i];
	if (!found)
		found = &first[calls->next++ % WAYS];
	*found = (struct slot){key, *call};
	return false;
}
