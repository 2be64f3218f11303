/*
 * Sets of addresses and prefixes.
 *
 * One open-addressing hash table for each prefix length in use; an address is
 * looked up once in each. Two shortcuts keep the number of look-ups small:
 * IPv4 prefixes of up to 24 bits are only in a bit map of all /24 (another
 * one says in which /24 there are longer ones), and a small filter over the
 * first 32 bits tells for most IPv6 addresses that no longer prefix can match.
 */
#include "pkt/hosts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/be.h"
#include "base/hash.h"
#include "base/log.h"
#include "os/seed.h"
#include "pkt/headers.h"
#include "pkt/ifmap.h"

#define NETS24 (UINT32_C(1) << 24)
#define FILTER_BITS (UINT32_C(1) << 20)

/* 1 << 63 is for words of these. */
#define WORDS(bits) ((bits) / 64)

struct key {
	uint64_t high, low; /* IPv4: low alone */
};

/* Keys of one prefix length. */
struct table {
	uint32_t *four;	 /* slots of IPv4 keys */
	struct key *six; /* or of IPv6 keys */
	uint32_t size;	 /* a power of 2, at least twice count; or 0 */
	uint32_t count;
	bool zero; /* the key 0 is in; in a slot it means "free" */
};

struct hosts {
	struct hash_seed seed;
	uint64_t *all24, *some24; /* made for the first IPv4 address */
	uint64_t *filter;	  /* made for the first IPv6 address */
	struct table four[33], six[129];
	uint8_t fours[33], sixes[129]; /* lengths in use */
	unsigned n_four, n_six;
};

static void bit_set(uint64_t *words, uint32_t bit)
{
	words[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool bit_has(const uint64_t *words, uint32_t bit)
{
	return words[bit / 64] >> bit % 64 & 1;
}

static uint64_t load64(const uint8_t *p)
{
	return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 |
	       (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
	       (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
	       (uint64_t)p[6] << 8 | p[7];
}

/* The first n bits of 64, n up to 64. */
static uint64_t mask64(unsigned n)
{
	return n == 0 ? 0 : UINT64_MAX << (64 - n);
}

static uint32_t filter_bit(const struct hosts *h, uint64_t high)
{
	return (uint32_t)hash_u64(high >> 32, &h->seed) % FILTER_BITS;
}

/* ---- one table ---- */

static uint32_t start4(const struct hosts *h, const struct table *t, uint32_t k)
{
	return (uint32_t)hash_u64(k, &h->seed) & (t->size - 1);
}

static uint32_t start6(const struct hosts *h, const struct table *t,
		       const struct key *k)
{
	return (uint32_t)hash_u128(k->high, k->low, &h->seed) & (t->size - 1);
}

static bool table_has4(const struct hosts *h, const struct table *t, uint32_t k)
{
	uint32_t i;

	if (k == 0)
		return t->zero;
	if (t->size == 0)
		return false;
	for (i = start4(h, t, k); t->four[i] != 0; i = (i + 1) & (t->size - 1))
		if (t->four[i] == k)
			return true;
	return false;
}

static bool table_has6(const struct hosts *h, const struct table *t,
		       const struct key *k)
{
	uint32_t i;

	if (k->high == 0 && k->low == 0)
		return t->zero;
	if (t->size == 0)
		return false;
	for (i = start6(h, t, k); t->six[i].high != 0 || t->six[i].low != 0;
	     i = (i + 1) & (t->size - 1))
		if (t->six[i].high == k->high && t->six[i].low == k->low)
			return true;
	return false;
}

/* Keys are added to a table that has room and does not have them. */
static void table_put4(const struct hosts *h, struct table *t, uint32_t k)
{
	uint32_t i = start4(h, t, k);

	while (t->four[i] != 0)
		i = (i + 1) & (t->size - 1);
	t->four[i] = k;
}

static void table_put6(const struct hosts *h, struct table *t,
		       const struct key *k)
{
	uint32_t i = start6(h, t, k);

	while (t->six[i].high != 0 || t->six[i].low != 0)
		i = (i + 1) & (t->size - 1);
	t->six[i] = *k;
}

static bool table_grow(const struct hosts *h, struct table *t, bool four)
{
	struct table to = {.size = t->size ? t->size * 2 : 16,
			   .count = t->count,
			   .zero = t->zero};
	uint32_t i;

	if (to.size == 0) /* 2^32 slots would be next */
		return false;
	if (four)
		to.four = calloc(to.size, sizeof(*to.four));
	else
		to.six = calloc(to.size, sizeof(*to.six));
	if (!to.four && !to.six)
		return false;
	for (i = 0; i < t->size; i++) {
		if (four && t->four[i] != 0)
			table_put4(h, &to, t->four[i]);
		else if (!four && (t->six[i].high != 0 || t->six[i].low != 0))
			table_put6(h, &to, &t->six[i]);
	}
	free(t->four);
	free(t->six);
	*t = to;
	return true;
}

static bool table_add(const struct hosts *h, struct table *t, bool four,
		      const struct key *k)
{
	if (k->high == 0 && k->low == 0) {
		t->zero = true;
		return true;
	}
	if (four ? table_has4(h, t, (uint32_t)k->low) : table_has6(h, t, k))
		return true;
	if (t->count * UINT64_C(2) >= t->size && !table_grow(h, t, four))
		return false;
	t->count++;
	if (four)
		table_put4(h, t, (uint32_t)k->low);
	else
		table_put6(h, t, k);
	return true;
}

/* ---- the set ---- */

struct hosts *hosts_new(struct err *err)
{
	struct hosts *h = calloc(1, sizeof(*h));

	if (!h) {
		err_nomem(err, "hosts");
		return NULL;
	}
	seed_get(&h->seed);
	return h;
}

void hosts_free(struct hosts *h)
{
	unsigned i;

	if (!h)
		return;
	for (i = 0; i < h->n_four; i++)
		free(h->four[h->fours[i]].four);
	for (i = 0; i < h->n_six; i++)
		free(h->six[h->sixes[i]].six);
	free(h->all24);
	free(h->some24);
	free(h->filter);
	free(h);
}

/* Have the bit maps of one family, and its length in the list. */
static bool add4_ready(struct hosts *h, unsigned bits)
{
	if (!h->all24)
		h->all24 = calloc(WORDS(NETS24), sizeof(*h->all24));
	if (!h->some24)
		h->some24 = calloc(WORDS(NETS24), sizeof(*h->some24));
	if (bits > 24 && !memchr(h->fours, (int)bits, h->n_four))
		h->fours[h->n_four++] = (uint8_t)bits;
	return h->all24 && h->some24;
}

static bool add6_ready(struct hosts *h, unsigned bits)
{
	if (!h->filter)
		h->filter = calloc(WORDS(FILTER_BITS), sizeof(*h->filter));
	if (!memchr(h->sixes, (int)bits, h->n_six))
		h->sixes[h->n_six++] = (uint8_t)bits;
	return h->filter != NULL;
}

static bool add4(struct hosts *h, uint32_t address, unsigned bits)
{
	struct key k = {0, address};
	uint32_t i, nets;

	if (!add4_ready(h, bits))
		return false;
	if (bits > 24) {
		bit_set(h->some24, address >> 8);
		return table_add(h, &h->four[bits], true, &k);
	}
	nets = UINT32_C(1) << (24 - bits);
	for (i = 0; i < nets; i++)
		bit_set(h->all24, (address >> 8) + i);
	return true;
}

bool hosts_add(struct hosts *h, const struct addr *a, unsigned bits,
	       struct err *err)
{
	struct key k = {load64(a->bytes), load64(a->bytes + 8)};
	bool good;

	if (a->version == 4) {
		good = add4(h, be32(a->bytes), bits);
	} else {
		good = add6_ready(h, bits) &&
		       table_add(h, &h->six[bits], false, &k);
		if (good && bits >= 32)
			bit_set(h->filter, filter_bit(h, k.high));
	}
	return good || err_nomem(err, "hosts");
}

static bool has4(const struct hosts *h, uint32_t address)
{
	unsigned i;

	if (!h->all24)
		return false;
	if (bit_has(h->all24, address >> 8))
		return true;
	if (!bit_has(h->some24, address >> 8))
		return false;
	for (i = 0; i < h->n_four; i++) {
		unsigned bits = h->fours[i];

		if (table_has4(h, &h->four[bits],
			       address & UINT32_MAX << (32 - bits)))
			return true;
	}
	return false;
}

static bool has6(const struct hosts *h, uint64_t high, uint64_t low)
{
	bool longer;
	unsigned i;

	if (!h->filter)
		return false;
	longer = bit_has(h->filter, filter_bit(h, high));
	for (i = 0; i < h->n_six; i++) {
		unsigned bits = h->sixes[i];
		struct key k = {high & mask64(bits < 64 ? bits : 64),
				low & mask64(bits < 64 ? 0 : bits - 64)};

		if ((bits < 32 || longer) && table_has6(h, &h->six[bits], &k))
			return true;
	}
	return false;
}

bool hosts_has(const struct hosts *h, unsigned addrlen, const uint8_t *bytes)
{
	if (addrlen == 4)
		return has4(h, be32(bytes));
	return addrlen == 16 && has6(h, load64(bytes), load64(bytes + 8));
}

/* ---- from a file ---- */

/* The next word of the file into buf: -1 at its end. What is longer than any
   address is cut, and so is none. */
static int next_word(FILE *f, char *buf, size_t size, uint64_t *line)
{
	size_t n = 0;
	int c;

	while ((c = getc(f)) != EOF) {
		if (c == '#')
			while ((c = getc(f)) != EOF && c != '\n')
				;
		if (c == EOF)
			break;
		if (strchr(" \t\r\n,", c) && c != '\0') {
			if (n > 0) {
				ungetc(c, f); /* the line ends after it */
				break;
			}
			*line += c == '\n';
			continue;
		}
		if (n + 1 < size)
			buf[n++] = c == '\0' ? '?' : (char)c;
	}
	buf[n] = '\0';
	return n > 0 ? 0 : -1;
}

static bool read_words(struct hosts *h, FILE *f, struct err *err)
{
	char word[80];
	uint64_t line = 1;
	struct addr a;
	unsigned bits;

	while (next_word(f, word, sizeof(word), &line) == 0) {
		if (!addr_parse_prefix(word, &a, &bits))
			return err_set(
			    err, ERR_USAGE,
			    "line %llu: \"%s\" is not an address or prefix",
			    (unsigned long long)line, word);
		if (!hosts_add(h, &a, bits, err))
			return false;
	}
	if (ferror(f))
		return err_sys(err, ERR_USAGE, errno, "cannot be read");
	return true;
}

bool hosts_read(struct hosts *h, const char *path, struct err *err)
{
	bool is_stdin = !strcmp(path, "-"), good;
	FILE *f = is_stdin ? stdin : fopen(path, "r");

	if (!f) {
		err_sys(err, ERR_USAGE, errno, "cannot be opened");
		return err_in_file(err, path);
	}
	good = read_words(h, f, err);
	if (!is_stdin)
		fclose(f);
	return good || err_in_file(err, path);
}

/* ---- the selector ---- */

struct hosts_pick {
	struct selector selector;
	const struct hosts *hosts;
	struct ifmap links; /* link type of each interface */
};

static bool hosts_iface(struct selector *k, const struct iface *iface,
			struct err *err)
{
	struct hosts_pick *p = (struct hosts_pick *)k;

	if (!headers_known(iface->linktype))
		log_warn("addresses are not known on link type %u: its packets "
			 "are left out",
			 iface->linktype);
	return ifmap_set(&p->links, iface->id, iface->linktype, err);
}

static enum verdict hosts_matches(struct selector *k, const struct pkt *p,
				  size_t n, uint8_t *keep)
{
	const struct hosts_pick *s = (const struct hosts_pick *)k;
	struct header_offsets l;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!keep[i])
			continue;
		headers_find(ifmap_get(&s->links, p[i].iface), p[i].data,
			     p[i].caplen, p[i].wirelen, &l);
		keep[i] =
		    l.addrlen > 0 && (hosts_has(s->hosts, l.addrlen, l.src) ||
				      hosts_has(s->hosts, l.addrlen, l.dst));
	}
	return GO_ON;
}

static void hosts_close(struct selector *k)
{
	struct hosts_pick *p = (struct hosts_pick *)k;

	ifmap_fini(&p->links);
	free(p);
}

static const struct selector_ops hosts_ops = {
    .name = "hosts",
    .iface = hosts_iface,
    .match = hosts_matches,
    .close = hosts_close,
};

struct selector *hosts_open(const struct hosts *hosts, struct err *err)
{
	struct hosts_pick *p = calloc(1, sizeof(*p));

	if (!p) {
		err_nomem(err, "hosts");
		return NULL;
	}
	p->selector.ops = &hosts_ops;
	p->hosts = hosts;
	return &p->selector;
}
