/* Long blocks of pcapng, piece by piece. */
#include "file/pcapng_pieces.h"

#include "file/bytes.h"
#include "file/pcapng.h"

/* Can a block of this kind be carried to the other byte order in pieces? Of
   a custom block the first word says whose it is, the rest is theirs. */
static bool can_turn(uint32_t type)
{
	return type == BLOCK_CUSTOM || type == BLOCK_CUSTOM_PRIVATE ||
	       type == BLOCK_JOURNAL;
}

static bool begin(struct pcapng_pieces *p, struct out *out,
		  const struct block *b, bool swapped, bool left_out,
		  uint64_t *lost)
{
	uint8_t head[BLOCK_HEADER];

	p->left_out = left_out || (b->swapped != swapped && !can_turn(b->type));
	if (p->left_out) {
		*lost += b->type != BLOCK_CUSTOM_PRIVATE;
		return true;
	}
	put32(head, b->type, swapped);
	put32(head + 4, (uint32_t)b->len + b->after + BLOCK_FRAME, swapped);
	return out_long_begin(out) && out_put(out, head, sizeof(head));
}

bool pcapng_pieces_put(struct pcapng_pieces *p, struct out *out,
		       const struct block *b, bool swapped, bool left_out,
		       uint64_t *lost)
{
	uint32_t len = b->before + (uint32_t)b->len + b->after + BLOCK_FRAME;
	const uint8_t *body = b->body;
	size_t n = b->len;
	uint8_t word[4];
	bool good = true;

	if (b->before == 0 && !begin(p, out, b, swapped, left_out, lost))
		return false;
	p->left = b->after;
	if (p->left_out)
		return true;
	if (b->before == 0 && b->swapped != swapped &&
	    b->type != BLOCK_JOURNAL && n >= 4) {
		put32(word, get32(body, b->swapped), swapped);
		good = out_put(out, word, 4);
		body += 4;
		n -= 4;
	}
	good = good && out_put(out, body, n);
	if (!good || b->after > 0)
		return good;
	put32(word, len, swapped);
	return out_put(out, word, 4) && out_long_end(out);
}

bool pcapng_pieces_end(struct pcapng_pieces *p, struct out *out)
{
	if (p->left == 0)
		return true;
	p->left = 0;
	return p->left_out || out_long_undo(out);
}
