/* What conversations are remembered for. Looks at first bytes only. */
#include "decode/flow/hints.h"

#include "decode/lib/quic_open.h"

enum { SUPPORTED_VERSIONS = 43, TLS13 = 0x0304, HELLO_FIXED = 34 };

/* TLS 1.3, or one of its drafts (Facebook had its own)? */
static bool is_tls13(unsigned version)
{
	return version == TLS13 || version >> 8 == 0x7f || version >> 8 == 0xfb;
}

/* Version and random, session id, cipher suite (2), compression (1),
   extensions. */
bool hints_is_tls13(struct cur c)
{
	unsigned type, len, version = cur_be16(&c);

	/* up to draft 21 it was said in place of the version of TLS 1.2 */
	if (c.state == CUR_OK && version >> 8 == 0x7f)
		return true;
	cur_skip(&c, HELLO_FIXED - 2);
	len = cur_u8(&c);
	cur_skip(&c, len + 5);
	while (c.state == CUR_OK && cur_left(&c) >= 6) {
		type = cur_be16(&c);
		len = cur_be16(&c);
		if (type == SUPPORTED_VERSIONS)
			return is_tls13(cur_be16(&c));
		cur_skip(&c, len);
	}
	return false;
}

/* A record (type, version, length) with a ServerHello: type (1), length (3). */
unsigned hints_of_segment(struct cur c)
{
	if (cur_left(&c) < 6 || cur_peek8(&c, 0) != 22 ||
	    cur_peek8(&c, 1) != 3 || cur_peek8(&c, 5) != 2)
		return 0;
	cur_skip(&c, 9);
	return hints_is_tls13(c) ? HINT_TLS13 : 0;
}

unsigned hints_of_datagram(struct cur c)
{
	unsigned len;

	if (cur_left(&c) < 7 || cur_peek8(&c, 0) < 0x80)
		return 0;
	cur_skip(&c, 1);
	if (!quic_is_version(cur_be32(&c)))
		return 0;
	len = cur_u8(&c);
	if (len > 20)
		return 0;
	cur_skip(&c, len);
	len = cur_u8(&c);
	return c.state == CUR_OK && len <= 20 ? 1 + len : 0;
}
