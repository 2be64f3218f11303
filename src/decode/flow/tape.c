/* Tapes: a list of blocks that never move. */
#include "decode/flow/tape.h"

#include <stdlib.h>
#include <string.h>

/* Each record is behind its size. */
enum { BLOCK = 65536, ALIGN = sizeof(max_align_t) };

struct tape_block {
	struct tape_block *next;
	size_t room, used;
	max_align_t octets[];
};

void tape_fini(struct tape *tape)
{
	struct tape_block *block = tape->first, *next;

	for (; block; block = next) {
		next = block->next;
		free(block);
	}
	*tape = (struct tape){0};
}

void tape_rewind(struct tape *tape)
{
	tape->at = tape->first;
	tape->pos = tape->written = 0;
	tape->failed = false;
}

static size_t rounded(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

/* A block with room for n octets behind the one at `at`. */
static struct tape_block *block_new(struct tape *tape, size_t n)
{
	size_t room = n > BLOCK ? n : BLOCK / ALIGN * ALIGN;
	struct tape_block *block = malloc(sizeof(*block) + room);

	if (!block) {
		tape->failed = true;
		return NULL;
	}
	block->room = room;
	if (tape->at) {
		block->next = tape->at->next;
		tape->at->next = block;
	} else {
		block->next = tape->first;
		tape->first = block;
	}
	return block;
}

void *tape_put(struct tape *tape, size_t n)
{
	struct tape_block *block = tape->at;
	size_t size = n;
	max_align_t *head;

	n = rounded(n) + ALIGN;
	if (!block || block->room - tape->pos < n) {
		if (block)
			block->used = tape->pos;
		block = block ? block->next : tape->first;
		if (!block || block->room < n)
			block = block_new(tape, n);
		if (!block)
			return NULL;
		tape->at = block;
		tape->pos = 0;
	}
	head = block->octets + tape->pos / ALIGN;
	memcpy(head, &size, sizeof(size));
	tape->pos += n;
	tape->written += n;
	block->used = tape->pos;
	return head + 1;
}

/* The head of the next record, or NULL. */
static const max_align_t *tape_head(struct tape *tape)
{
	struct tape_block *block = tape->at;

	if (block && tape->pos == block->used) {
		block = tape->at = block->next;
		tape->pos = 0;
	}
	if (!block || tape->pos == block->used)
		return NULL;
	return block->octets + tape->pos / ALIGN;
}

const void *tape_get(struct tape *tape, size_t n)
{
	const max_align_t *head = tape_head(tape);
	size_t written;

	if (!head)
		return NULL;
	memcpy(&written, head, sizeof(written));
	if (written != n)
		return NULL;
	tape->pos += rounded(n) + ALIGN;
	return head + 1;
}

void tape_skip(struct tape *tape)
{
	const max_align_t *head = tape_head(tape);
	size_t n;

	if (!head)
		return;
	memcpy(&n, head, sizeof(n));
	tape->pos += rounded(n) + ALIGN;
}
