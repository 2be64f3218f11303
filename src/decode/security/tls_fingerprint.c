/*
 * Fingerprints of TLS hellos: JA3 and JA3S, and JA4 of clients, from what is
 * offered, without the numbers that are there to be ignored (RFC 8701).
 *
 *	JA3	version,suites,extensions,groups,formats	in decimal
 *	JA3S	version,suite,extensions
 *	JA4	transport, version, server name, counts, protocol
 *		_suites_extensions_signatures	sorted, in hexadecimal; shown
 *are the first 12 digits of SHA-256 of either half
 */
#include <stdlib.h>

#include "decode/lib/crypto.h"
#include "decode/lib/fingerprint.h"
#include "decode/security/tls.h"

enum {
	ROOM = 12 * 1024, /* bytes of a text */
	LIST_MOST = 1024, /* numbers that are sorted */
	JA4_DIGITS = 12,
	COUNT_MOST = 99,
	EXT_SERVER_NAME = 0,
	EXT_ALPN = 16,
};

/* Text of limited length. */
struct print {
	char *at, *end;
	bool failed;
};

static void put(struct print *p, const char *text, size_t n)
{
	if (n > (size_t)(p->end - p->at)) {
		p->failed = true;
		return;
	}
	memcpy(p->at, text, n);
	p->at += n;
}

static void put_dec(struct print *p, unsigned n)
{
	char text[20];

	put(p, text, (size_t)(fmt_dec(text, n) - text));
}

/* ---- JA3 ---------------------------------------------------------------- */

/* Numbers of `width` bytes, with - between. */
static void put_list(struct print *p, struct cur list, unsigned width)
{
	bool first = true;
	unsigned n;

	while (list.state == CUR_OK && list.claim >= width) {
		n = width == 1 ? cur_u8(&list) : cur_be16(&list);
		if (list.state != CUR_OK || (width == 2 && tls_is_grease(n)))
			continue;
		if (!first)
			put(p, "-", 1);
		put_dec(p, n);
		first = false;
	}
}

/* The next extension's type; false: there are no more. */
static bool next_extension(struct cur *c, unsigned *type)
{
	if (c->state != CUR_OK || c->claim < 4)
		return false;
	*type = cur_be16(c);
	cur_skip(c, cur_be16(c));
	return true;
}

static void put_extensions(struct print *p, struct cur c)
{
	bool first = true;
	unsigned type;

	while (next_extension(&c, &type)) {
		if (tls_is_grease(type))
			continue;
		if (!first)
			put(p, "-", 1);
		put_dec(p, type);
		first = false;
	}
}

static void add_ja3(struct dissect *d, const struct tls_hello *h)
{
	const struct field *f =
	    &d->fields[h->client ? TLS_JA3_FULL : TLS_JA3S_FULL];
	char *text;
	struct print p;
	size_t n;

	if (!wants_any(d, f, 2))
		return;
	text = scratch_room(d, ROOM);
	if (!text)
		return;
	p = (struct print){text, text + ROOM, false};
	put_dec(&p, h->version);
	put(&p, ",", 1);
	put_list(&p, h->suites, 2);
	put(&p, ",", 1);
	put_extensions(&p, h->extensions);
	if (h->client) {
		put(&p, ",", 1);
		put_list(&p, h->groups, 2);
		put(&p, ",", 1);
		put_list(&p, h->formats, 1);
	}
	n = (size_t)(p.at - text);
	scratch_return(d, p.failed ? ROOM : ROOM - n);
	if (p.failed)
		return;
	add_bytes(d, f, text, n);
	add_md5(d, f + 1, text, n);
}

/* ---- JA4 ---------------------------------------------------------------- */

/* The numbers of a fingerprint, without those to be ignored. */
struct numbers {
	unsigned n; /* also of those beyond the room */
	uint16_t list[LIST_MOST];
};

static void numbers_add(struct numbers *all, unsigned number)
{
	if (tls_is_grease(number))
		return;
	if (all->n < LIST_MOST)
		all->list[all->n] = (uint16_t)number;
	all->n++;
}

static int by_number(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void put_hex(struct print *p, const struct numbers *all)
{
	unsigned i;
	char text[4];

	if (all->n > LIST_MOST)
		p->failed = true;
	for (i = 0; i < all->n && !p->failed; i++) {
		if (i)
			put(p, ",", 1);
		fmt_hex(text, all->list[i], 4);
		put(p, text, 4);
	}
}

/* The highest version that is offered, as two characters. */
static const char *version_text(const struct tls_hello *h)
{
	unsigned best = 0, n;
	struct cur c = h->versions;

	while (c.state == CUR_OK && c.claim >= 2) {
		n = cur_be16(&c);
		/* those of DTLS count down */
		if (c.state == CUR_OK && !tls_is_grease(n) &&
		    (h->carrier == TLS_DATAGRAM && best ? n < best : n > best))
			best = n;
	}
	switch (best ? best : h->version) {
	case 0xfefc:
		return "d3";
	case 0xfefd:
		return "d2";
	case 0xfeff:
		return "d1";
	case 0x0304:
		return "13";
	case 0x0303:
		return "12";
	case 0x0302:
		return "11";
	case 0x0301:
		return "10";
	case 0x0300:
		return "s3";
	case 0x0002:
		return "s2";
	}
	return "00";
}

static bool is_alnum(unsigned c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* First and last character of the first application protocol; of others than
   letters and digits the first and last hexadecimal digit. */
static void put_alpn(struct print *p, struct cur c)
{
	static const char digits[] = "0123456789abcdef";
	unsigned n = c.claim ? cur_u8(&c) : 0;
	const uint8_t *name = n ? cur_bytes(&c, n) : NULL;
	char text[2] = {'0', '0'};

	if (name && is_alnum(name[0]) && is_alnum(name[n - 1])) {
		text[0] = (char)name[0];
		text[1] = (char)name[n - 1];
	} else if (name) {
		text[0] = digits[name[0] >> 4];
		text[1] = digits[name[n - 1] & 0xf];
	}
	put(p, text, 2);
}

static void put_count(struct print *p, unsigned n)
{
	char text[2];

	if (n > COUNT_MOST)
		n = COUNT_MOST;
	text[0] = (char)('0' + n / 10);
	text[1] = (char)('0' + n % 10);
	put(p, text, 2);
}

/* The first digits of the digest of text, or zeros if it is empty. */
static void put_digest(struct dissect *d, struct print *p, const char *text,
		       size_t n)
{
	uint8_t digest[SHA256_SIZE] = {0};
	struct crypto *cr = crypto_of(d);
	char digits[JA4_DIGITS];
	unsigned i;

	if (n && !(cr && crypto_sha256(cr, text, n, digest)))
		p->failed = true;
	for (i = 0; i < JA4_DIGITS / 2; i++)
		fmt_hex(digits + (size_t)2 * i, digest[i], 2);
	put(p, digits, JA4_DIGITS);
}

/* The two lists as text, from *list and from *rest on up to p->at. */
static void put_lists(struct print *p, const struct tls_hello *h,
		      struct numbers *suites, struct numbers *exts, char **list,
		      char **rest)
{
	struct numbers sigs = {0};
	struct cur c = h->sigs;

	*list = p->at;
	qsort(suites->list, suites->n < LIST_MOST ? suites->n : LIST_MOST,
	      sizeof(suites->list[0]), by_number);
	put_hex(p, suites);
	put(p, "_", 1);
	*rest = p->at;
	qsort(exts->list, exts->n < LIST_MOST ? exts->n : LIST_MOST,
	      sizeof(exts->list[0]), by_number);
	put_hex(p, exts);
	while (c.state == CUR_OK && c.claim >= 2)
		numbers_add(&sigs, cur_be16(&c));
	if (sigs.n) {
		put(p, "_", 1);
		put_hex(p, &sigs);
	}
}

static void add_ja4(struct dissect *d, const struct tls_hello *h)
{
	struct numbers suites = {0}, exts = {0};
	char *text, *list, *rest, head[10], short_text[40];
	struct cur c = h->suites;
	unsigned type, n_exts = 0;
	struct print p;
	size_t n;

	if (!h->client || !wants_any(d, &d->fields[TLS_JA4], 2))
		return;
	text = scratch_room(d, ROOM);
	if (!text)
		return;
	while (c.state == CUR_OK && c.claim >= 2)
		numbers_add(&suites, cur_be16(&c));
	for (c = h->extensions; next_extension(&c, &type);) {
		n_exts += !tls_is_grease(type);
		if (type != EXT_SERVER_NAME && type != EXT_ALPN)
			numbers_add(&exts, type);
	}
	p = (struct print){text, text + ROOM, false};
	put(&p, &"tqd"[h->carrier], 1);
	put(&p, version_text(h), 2);
	put(&p, h->has_name ? "d" : "i", 1);
	put_count(&p, suites.n);
	put_count(&p, n_exts);
	put_alpn(&p, h->alpn);
	memcpy(head, text, sizeof(head));
	put(&p, "_", 1);
	put_lists(&p, h, &suites, &exts, &list, &rest);
	n = (size_t)(p.at - text);
	scratch_return(d, p.failed ? ROOM : ROOM - n);
	if (p.failed)
		return;
	add_bytes(d, &d->fields[TLS_JA4_RAW], text, n);
	if (!wants(d, &d->fields[TLS_JA4]))
		return;
	p = (struct print){short_text, short_text + sizeof(short_text), false};
	put(&p, head, sizeof(head));
	put(&p, "_", 1);
	put_digest(d, &p, list, (size_t)(rest - 1 - list));
	put(&p, "_", 1);
	put_digest(d, &p, rest, exts.n ? (size_t)(text + n - rest) : 0);
	n = (size_t)(p.at - short_text);
	text = p.failed ? NULL : scratch_room(d, n);
	if (!text)
		return;
	memcpy(text, short_text, n);
	add_bytes(d, &d->fields[TLS_JA4], text, n);
}

void tls_note_prints(struct dissect *d, const struct tls_hello *hello)
{
	add_ja3(d, hello);
	add_ja4(d, hello);
}
