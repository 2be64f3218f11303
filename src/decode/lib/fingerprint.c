/* Fingerprints of what is offered. */
#include "decode/lib/fingerprint.h"

#include "base/fmt.h"
#include "decode/lib/crypto.h"

void add_md5(struct dissect *d, const struct field *f, const void *bytes,
	     size_t n)
{
	uint8_t digest[MD5_SIZE];
	struct crypto *cr;
	char *text, *at;
	unsigned i;

	if (!wants(d, f))
		return;
	cr = crypto_of(d);
	if (!cr || !crypto_md5(cr, bytes, n, digest))
		return;
	text = at = scratch_room(d, 2 * MD5_SIZE);
	if (!text)
		return;
	for (i = 0; i < MD5_SIZE; i++)
		at = fmt_hex(at, digest[i], 2);
	add_bytes(d, f, text, 2 * MD5_SIZE);
}
