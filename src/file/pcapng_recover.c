/*
 * Reading a damaged pcapng file on. A block whose lengths agree but whose
 * content is faulty is passed over as a whole. Else the next block is looked
 * for byte by byte: one of a known type, with a length that is possible and
 * is repeated at its end; chance makes one in 2^90.
 */
#include "file/pcapng_in.h"

static bool is_known(uint32_t type)
{
	return (type >= BLOCK_INTERFACE && type <= BLOCK_SECRETS) ||
	       type == BLOCK_CUSTOM || type == BLOCK_CUSTOM_PRIVATE;
}

/* Have n bytes after pos. */
static bool have(struct reader *r, size_t n)
{
	if (input_left(&r->in) < n)
		input_fill(&r->in, n);
	return input_left(&r->in) >= n;
}

/* Is there a whole block at pos + at? *len: its length. */
static bool is_block(struct reader *r, const struct ng_in *f, size_t at,
		     bool any_type, uint32_t *len)
{
	const uint8_t *p;
	bool swapped = f->swapped;
	uint32_t type;

	if (!have(r, at + BLOCK_FRAME))
		return false;
	p = r->in.pos + at;
	type = get32(p, swapped);
	if (type == BLOCK_SECTION) {
		swapped = get32(p + 8, false) != BYTE_ORDER_MAGIC;
		if (get32(p + 8, swapped) != BYTE_ORDER_MAGIC)
			return false;
	} else if (!any_type && !is_known(type)) {
		return false;
	}
	*len = get32(p + 4, swapped);
	return *len >= BLOCK_FRAME && *len % 4 == 0 && *len <= NG_MAX_BLOCK &&
	       have(r, at + *len) &&
	       get32(r->in.pos + at + *len - 4, swapped) == *len;
}

/*
 * Where the block at pos ends that says at its end how long it is, whatever it
 * says at its beginning: what it carries may look like blocks. 0: nowhere.
 */
static size_t end_by_trailer(struct reader *r, const struct ng_in *f)
{
	const size_t longest = (size_t)1 << 20;
	size_t end;
	uint32_t len;

	for (end = BLOCK_FRAME; end <= longest && have(r, end); end += 4)
		if (get32(r->in.pos + end - 4, f->swapped) == end &&
		    (!have(r, end + 1) || is_block(r, f, end, true, &len)))
			return end;
	return 0;
}

bool ng_block_ends(struct reader *r, const struct ng_in *f, size_t at)
{
	uint32_t len;

	return !have(r, at + 1) || is_block(r, f, at, true, &len);
}

bool ng_resync(struct reader *r, struct ng_in *f)
{
	/* A packet with a faulty option was delivered, and stepped over. */
	uint64_t from = r->err.offset, pos = input_at(&r->in, r->in.pos);
	uint32_t len;
	size_t end;

	if (!r->err.placed ||
	    (r->in.err.kind != ERR_NONE && input_left(&r->in) == 0))
		return false;
	if (from < pos) {
		reader_gap(r, pos, pos);
		return true;
	}
	from = pos;
	if (is_block(r, f, 0, true, &len)) {
		r->in.pos += len;
		goto out;
	}
	end = end_by_trailer(r, f);
	if (end) {
		r->in.pos += end;
		goto out;
	}
	do
		r->in.pos += have(r, 1);
	while (have(r, BLOCK_FRAME) && !is_block(r, f, 0, false, &len));
	if (!have(r, BLOCK_FRAME))
		r->in.pos = r->in.end;
out:
	reader_gap(r, from, input_at(&r->in, r->in.pos));
	return true;
}
