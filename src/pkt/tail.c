/* Pieces of long packets. */
#include "pkt/tail.h"

#include <string.h>

const uint8_t *pkt_piece(const struct pkt *p, uint32_t at, size_t n,
			 uint8_t *buf, struct err *err)
{
	struct pkt_tail *tail = pkt_tail(p);
	size_t here = at < p->caplen ? p->caplen - at : 0;
	uint32_t from = at > p->caplen ? at - p->caplen : 0;

	if (n <= here)
		return p->data + at;
	if (!tail) {
		err_set(err, ERR_FAULT, "the rest of a long packet is gone");
		return NULL;
	}
	if (here)
		memcpy(buf, p->data + at, here);
	return tail->read(tail, from, buf + here, n - here, err) ? buf : NULL;
}
