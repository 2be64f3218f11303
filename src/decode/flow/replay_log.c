/* Tapes: a list of blocks that never move. */
#include "decode/flow/replay_log.h"

#include <stdlib.h>
#include <string.h>

/* Each record is behind its size. */
enum { BLOCK = 65536, ALIGN = sizeof(max_align_t) };

struct replay_log_block {
	struct replay_log_block *next;
	size_t room, used;
	max_align_t bytes[];
};

void replay_log_fini(struct replay_log *log)
{
	struct replay_log_block *block = log->first, *next;

	for (; block; block = next) {
		next = block->next;
		free(block);
	}
	*log = (struct replay_log){0};
}

void replay_log_rewind(struct replay_log *log)
{
	log->at = log->first;
	log->pos = log->written = 0;
	log->failed = false;
}

static size_t rounded(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

/* A block with room for n bytes behind the one at `at`. */
static struct replay_log_block *block_new(struct replay_log *log, size_t n)
{
	size_t room = n > BLOCK ? n : BLOCK / ALIGN * ALIGN;
	struct replay_log_block *block = malloc(sizeof(*block) + room);

	if (!block) {
		log->failed = true;
		return NULL;
	}
	block->room = room;
	if (log->at) {
		block->next = log->at->next;
		log->at->next = block;
	} else {
		block->next = log->first;
		log->first = block;
	}
	return block;
}

void *replay_log_put(struct replay_log *log, size_t n)
{
	struct replay_log_block *block = log->at;
	size_t size = n;
	max_align_t *head;

	n = rounded(n) + ALIGN;
	if (!block || block->room - log->pos < n) {
		if (block)
			block->used = log->pos;
		block = block ? block->next : log->first;
		if (!block || block->room < n)
			block = block_new(log, n);
		if (!block)
			return NULL;
		log->at = block;
		log->pos = 0;
	}
	head = block->bytes + log->pos / ALIGN;
	memcpy(head, &size, sizeof(size));
	log->pos += n;
	log->written += n;
	block->used = log->pos;
	return head + 1;
}

/* The head of the next record, or NULL. */
static const max_align_t *replay_log_head(struct replay_log *log)
{
	struct replay_log_block *block = log->at;

	if (block && log->pos == block->used) {
		block = log->at = block->next;
		log->pos = 0;
	}
	if (!block || log->pos == block->used)
		return NULL;
	return block->bytes + log->pos / ALIGN;
}

const void *replay_log_get(struct replay_log *log, size_t n)
{
	const max_align_t *head = replay_log_head(log);
	size_t written;

	if (!head)
		return NULL;
	memcpy(&written, head, sizeof(written));
	if (written != n)
		return NULL;
	log->pos += rounded(n) + ALIGN;
	return head + 1;
}

void replay_log_skip(struct replay_log *log)
{
	const max_align_t *head = replay_log_head(log);
	size_t n;

	if (!head)
		return;
	memcpy(&n, head, sizeof(n));
	log->pos += rounded(n) + ALIGN;
}
