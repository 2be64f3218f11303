/* Owns the calls of libnghttp2. */
#include "decode/web/hpack.h"

#include <config.h>

#ifdef HAVE_NGHTTP2

#include <stdlib.h>
#include <string.h>

#include "os/libnghttp2.h"

enum {
	HEAD = sizeof(max_align_t), /* before each allocation: its size */
	TABLE_DEFAULT = 4096,
};

struct hpack {
	const struct libnghttp2 *lib;
	nghttp2_mem mem; /* user data: the count of bytes */
	nghttp2_hd_inflater *inflater;
	uint32_t allowed;
	/* of a field that began in an earlier part of the block */
	bool begun, resized;
	uint8_t first;
	uint32_t index, size;
};

static void *count_alloc(size_t n, void *bytes)
{
	max_align_t *p = n <= SIZE_MAX - HEAD ? malloc(n + HEAD) : NULL;

	if (!p)
		return NULL;
	memcpy(p, &n, sizeof(n));
	*(size_t *)bytes += n;
	return p + 1;
}

static void count_free(void *ptr, void *bytes)
{
	max_align_t *p = ptr;
	size_t n;

	if (!p)
		return;
	memcpy(&n, --p, sizeof(n));
	*(size_t *)bytes -= n;
	free(p);
}

static void *count_calloc(size_t n, size_t size, void *bytes)
{
	void *p;

	if (size && n > SIZE_MAX / size)
		return NULL;
	p = count_alloc(n * size, bytes);
	if (p)
		memset(p, 0, n * size);
	return p;
}

static void *count_realloc(void *ptr, size_t n, void *bytes)
{
	max_align_t *p = ptr;
	void *fresh = count_alloc(n, bytes);
	size_t old;

	if (!fresh || !p)
		return fresh;
	memcpy(&old, p - 1, sizeof(old));
	memcpy(fresh, p, old < n ? old : n);
	count_free(p, bytes);
	return fresh;
}

bool hpack_there(void)
{
	return libnghttp2_get() != NULL;
}

struct hpack *hpack_open(size_t *bytes)
{
	const struct libnghttp2 *lib = libnghttp2_get();
	struct hpack *h = lib ? count_calloc(1, sizeof(*h), bytes) : NULL;

	if (!h)
		return NULL;
	h->lib = lib;
	h->mem = (nghttp2_mem){bytes, count_alloc, count_free, count_calloc,
			       count_realloc};
	h->allowed = TABLE_DEFAULT;
	if (h->lib->nghttp2_hd_inflate_new2(&h->inflater, &h->mem) != 0) {
		count_free(h, bytes);
		return NULL;
	}
	return h;
}

void hpack_close(struct hpack *h)
{
	if (!h)
		return;
	h->lib->nghttp2_hd_inflate_del(h->inflater);
	count_free(h, h->mem.mem_user_data);
}

void hpack_allow(struct hpack *h, uint32_t size)
{
	if (size > HPACK_TABLE_MOST)
		size = HPACK_TABLE_MOST;
	if (size <= h->allowed)
		return;
	h->allowed = size;
	h->lib->nghttp2_hd_inflate_change_table_size(h->inflater, size);
}

/* An integer whose first byte has so many bits of it (RFC 7541, 5.1). */
static uint32_t integer(const uint8_t **at, const uint8_t *end, unsigned bits)
{
	uint32_t most = (1u << bits) - 1, n = *(*at)++ & most;
	unsigned shift = 0;
	uint8_t byte = 0x80;

	if (n < most)
		return n;
	while (byte & 0x80 && *at < end && shift < 28) {
		byte = *(*at)++;
		n += (uint32_t)(byte & 0x7f) << shift;
		shift += 7;
	}
	return n;
}

/* How the field at `at` is written, and the new sizes of the table before
   it. */
static void look(struct hpack *h, const uint8_t *at, const uint8_t *end)
{
	while (at < end && (*at & 0xe0) == 0x20) {
		h->size = integer(&at, end, 5);
		h->resized = true;
	}
	if (at == end)
		return;
	h->begun = true;
	h->first = *at;
	if (*at & 0x80)
		h->index = integer(&at, end, 7);
	else
		h->index = integer(&at, end, *at & 0x40 ? 6 : 4);
}

static enum hpack_form form_of(uint8_t first)
{
	if (first & 0x80)
		return HPACK_INDEXED;
	if (first & 0x40)
		return HPACK_LITERAL_INDEXED;
	return first & 0x10 ? HPACK_LITERAL_NEVER : HPACK_LITERAL;
}

int hpack_next(struct hpack *h, const uint8_t **at, size_t *n, bool last,
	       struct hpack_field *out)
{
	nghttp2_nv nv;
	ssize_t used;
	int flags = 0;

	if (!h->begun)
		look(h, *at, *at + *n);
	used = h->lib->nghttp2_hd_inflate_hd2(h->inflater, &nv, &flags, *at, *n,
					      last);
	if (used < 0)
		return -1;
	*at += used;
	*n -= (size_t)used;
	if (flags & NGHTTP2_HD_INFLATE_EMIT) {
		*out = (struct hpack_field){
		    .name = nv.name,
		    .value = nv.value,
		    .n_name = nv.namelen,
		    .n_value = nv.valuelen,
		    .form = form_of(h->first),
		    .index = h->index,
		    .resized = h->resized,
		    .size = h->size,
		};
		h->begun = h->resized = false;
		return 1;
	}
	if (flags & NGHTTP2_HD_INFLATE_FINAL) {
		h->begun = h->resized = false;
		h->lib->nghttp2_hd_inflate_end_headers(h->inflater);
	}
	return 0;
}

#else

bool hpack_there(void)
{
	return false;
}

struct hpack *hpack_open(size_t *bytes)
{
	(void)bytes;
	return NULL;
}

void hpack_close(struct hpack *h)
{
	(void)h;
}

/* Without libnghttp2 these do nothing. */

void hpack_allow(struct hpack *h, uint32_t size)
{
	(void)h;
	(void)size;
}

int hpack_next(struct hpack *h, const uint8_t **at, size_t *n, bool last,
	       struct hpack_field *out)
{
	(void)h;
	(void)at;
	(void)n;
	(void)last;
	(void)out;
	return -1;
}

#endif
