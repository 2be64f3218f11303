/*
 * Domain names: a list of labels, each after its length. Two bits set in a
 * length make it the offset of the rest of the name. The lower one alone is for
 * labels of other kinds (RFC 6891), which are obsolete; the higher one alone
 * means nothing.
 */
#include "decode/lib/dnsname.h"

#include <string.h>

enum { HOPS = 128 };

/* Adds one label, whose length was read. false: it is cut (the cursor says
   so), or makes the name too long. */
static bool copy_label(struct cur *c, unsigned len, char *name, unsigned *n)
{
	const uint8_t *label = cur_bytes(c, len);

	if (!label || *n + len + 1 > DNSNAME_MOST)
		return false;
	if (*n)
		name[(*n)++] = '.';
	memcpy(name + *n, label, len);
	*n += len;
	return true;
}

/* Why the cursor at which a name ended early fails. */
static int cut(struct cur *c, const struct cur *step)
{
	c->state = step->state;
	cur_bad(c);
	return DNSNAME_CUT;
}

int dnsname_read(const struct cur *msg, struct cur *c, char *name)
{
	struct cur at, *step = c;
	unsigned len, n = 0, hops = 0;
	size_t here, seen = 0;

	for (;;) {
		if (!cur_has(step, 1))
			return cut(c, step);
		len = cur_u8(step);
		if (len == 0)
			return (int)n;
		if (len < 0x40) {
			if (!copy_label(step, len, name, &n))
				return hops && step->state == CUR_OK
					   ? DNSNAME_LOOP
					   : cut(c, step);
			seen += 1 + len;
			continue;
		}
		if (len < 0x80) /* nothing before it */
			return seen ? DNSNAME_UNKNOWN : cut(c, step);
		if (len < 0xc0)
			return cut(c, step);
		here = (len & 0x3f) << 8 | cur_u8(step);
		if (step->state != CUR_OK)
			return cut(c, step);
		/* of a name without a loop nothing is read twice */
		seen += 2;
		if (seen > msg->claim || ++hops > HOPS)
			return DNSNAME_LOOP;
		at = *msg;
		cur_skip(&at, here);
		step = &at;
	}
}
