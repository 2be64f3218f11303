/*
 * Domain names: a list of labels, each behind its length. Two bits set in a
 * length make it the offset of the rest of the name, which must lie before it;
 * other high bits announce labels of kinds that nobody uses.
 */
#include "decode/lib/dnsname.h"

#include <string.h>

enum { HOPS = 128 };

/* One label, its length already read, behind what name has so far. */
static bool copy_label(struct cur *c, unsigned len, char *name, unsigned *n)
{
	const uint8_t *label;

	if (*n + len + 1 > DNSNAME_MOST)
		return false;
	label = cur_bytes(c, len);
	if (!label)
		return false;
	if (*n)
		name[(*n)++] = '.';
	memcpy(name + *n, label, len);
	*n += len;
	return true;
}

int dnsname_read(const struct cur *msg, struct cur *c, char *name)
{
	struct cur at = *c, *step = c;
	unsigned len, n = 0, hops = 0, limit;
	size_t here;

	/* a pointer must point before the place it is at */
	limit = (unsigned)(msg->claim - c->claim);
	for (;;) {
		if (!cur_has(step, 1)) {
			c->state = step->state;
			return DNSNAME_CUT;
		}
		len = cur_u8(step);
		if (len == 0)
			return (int)n;
		if (len < 0x40) {
			if (!copy_label(step, len, name, &n)) {
				c->state = step->state;
				cur_bad(c);
				return DNSNAME_CUT;
			}
			continue;
		}
		if (len < 0xc0)
			return DNSNAME_UNKNOWN;
		here = (len & 0x3f) << 8 | cur_u8(step);
		if (step->state != CUR_OK) {
			c->state = step->state;
			return DNSNAME_CUT;
		}
		if (here >= limit || ++hops > HOPS)
			return DNSNAME_LOOP;
		limit = (unsigned)here;
		at = *msg;
		cur_skip(&at, here);
		step = &at;
	}
}
