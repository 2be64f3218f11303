/* Holding bytes, or copying them. */
#include "pkt/packet_ref.h"

#include <stdlib.h>
#include <string.h>

static bool keep_hold(struct packet_ref *k, struct buffer_ref *lent)
{
	if (k->n_holds > 0 && k->holds[k->n_holds - 1] == lent)
		return true;
	if (k->n_holds == PACKET_REF_BUFFERS)
		return false;
	buffer_ref_take(lent);
	k->holds[k->n_holds++] = lent;
	return true;
}

/* Room for n more bytes. Copies are not moved. */
static bool keep_room(struct packet_ref *k, size_t n, size_t most)
{
	if (k->copies && n <= k->cap - k->used)
		return true;
	if (k->used > 0)
		return false;
	free(k->copies);
	k->cap = n > most ? n : most;
	k->copies = malloc(k->cap);
	return k->copies != NULL;
}

bool packet_ref_reserve(struct packet_ref *k, size_t n)
{
	return k->bytes > 0 || keep_room(k, n, n);
}

const uint8_t *packet_ref_bytes(struct packet_ref *k, struct buffer_ref *lent,
				const uint8_t *p, size_t n, size_t most)
{
	uint8_t *copy;

	if (buffer_ref_has(lent, p, n) && keep_hold(k, lent)) {
		k->bytes += n;
		return p;
	}
	if (!keep_room(k, n, most))
		return NULL;
	copy = k->copies + k->used;
	if (n > 0)
		memcpy(copy, p, n);
	k->used += n;
	k->bytes += n;
	return copy;
}

void packet_ref_release(struct packet_ref *k)
{
	while (k->n_holds > 0)
		buffer_ref_release(k->holds[--k->n_holds]);
	k->used = k->bytes = 0;
}

void packet_ref_fini(struct packet_ref *k)
{
	packet_ref_release(k);
	free(k->copies);
	*k = (struct packet_ref){0};
}
