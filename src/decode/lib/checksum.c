/* Checksums: the ones' complement of the ones' complement sum of 16 bits. */
#include "decode/lib/checksum.h"
#include "base/be.h"
#include "decode/proto_ids.h"

static uint64_t add(uint64_t sum, const uint8_t *bytes, size_t n)
{
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		sum += be16(bytes + i);
	if (n & 1)
		sum += (unsigned)bytes[n - 1] << 8;
	return sum;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* sum: of what is not in the bytes. */
static struct checksum verdict(uint64_t sum, const uint8_t *bytes, size_t n,
			       size_t at)
{
	struct checksum v;

	v.found = be16(bytes + at);
	sum = add(sum, bytes, n) - v.found;
	v.correct = (uint16_t)~fold(sum);
	v.good = fold(sum + v.found) == 0xffff;
	return v;
}

struct checksum checksum_bytes(const uint8_t *bytes, size_t n, size_t at)
{
	return verdict(0, bytes, n, at);
}

/* The IP layer below; NULL: there is none, or this is a fragment of its
   packet. */
static const struct layer *whole_below(const struct summary *l)
{
	const struct layer *net = l->layer;

	do {
		if (net == l->d->layers)
			return NULL;
		net--;
		if (net->id == PROTO_ipv6_fraghdr)
			return NULL;
	} while (net->n_addr != 4 && net->n_addr != 16);
	/* more fragments, or an offset */
	if (net->n_addr == 4 && (net->data[6] & 0x3f || net->data[7]))
		return NULL;
	return net;
}

/* The destination that the sum is of: where a routing header (RFC 8200, 8754)
   leads, if it is not used up. Of IPv4 it is dst. */
static const uint8_t *sum_destination(const struct summary *l,
				      const struct layer *net)
{
	enum { SOURCE_ROUTE = 0, MOBILE = 2, SEGMENTS = 4 };
	const uint8_t *dst = net->dst, *p;
	const struct layer *at;

	for (at = net + 1; net->n_addr == 16 && at < l->layer; at++) {
		p = at->data;
		if (at->id != PROTO_ipv6_routing || at->caplen < 24 || !p[3] ||
		    at->caplen < (p[1] + 1U) * 8 || p[1] < 2)
			continue;
		if (p[2] == SEGMENTS)
			dst = p + 8;
		else if (p[2] == SOURCE_ROUTE || p[2] == MOBILE)
			dst = p + (p[1] + 1U) * 8 - 16;
	}
	return dst;
}

bool checksum_layer(const struct summary *l, size_t n, size_t at,
		    unsigned proto, struct checksum *sum)
{
	const struct layer *net = whole_below(l);
	uint64_t pseudo = 0;

	if (!net || l->layer->caplen < n || n < at + 2)
		return false;
	if (proto) {
		pseudo = add(0, net->src, net->n_addr);
		pseudo = add(pseudo, sum_destination(l, net), net->n_addr);
		pseudo += n / 65536 + n % 65536 + proto;
	}
	*sum = verdict(pseudo, l->layer->data, n, at);
	return true;
}
