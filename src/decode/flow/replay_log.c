/* Replay logs: a list of blocks that never move. */
#include "decode/flow/replay_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

enum { BLOCK = 65536, ALIGN = sizeof(max_align_t) };

/* Before each record; takes ALIGN bytes. */
struct head {
	size_t size;
	uint32_t kind;
};

_Static_assert(sizeof(struct head) <= ALIGN, "a head takes one unit");

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

/* A block with room for n bytes after the one at `at`. */
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

void *replay_log_put(struct replay_log *log, enum replay_kind kind, size_t n)
{
	struct replay_log_block *block = log->at;
	struct head head = {n, kind};
	max_align_t *at;

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
	at = block->bytes + log->pos / ALIGN;
	memcpy(at, &head, sizeof(head));
	log->pos += n;
	log->written += n;
	block->used = log->pos;
	return at + 1;
}

/* Where the next record starts, and its head; or NULL. */
static const max_align_t *next_record(struct replay_log *log, struct head *head)
{
	struct replay_log_block *block = log->at;
	const max_align_t *at;

	if (block && log->pos == block->used) {
		block = log->at = block->next;
		log->pos = 0;
	}
	if (!block || log->pos == block->used)
		return NULL;
	at = block->bytes + log->pos / ALIGN;
	memcpy(head, at, sizeof(*head));
	return at;
}

const void *replay_log_get(struct replay_log *log, enum replay_kind kind,
			   size_t n)
{
	struct head head;
	const max_align_t *at = next_record(log, &head);

	if (!at)
		return NULL;
	check_that(head.kind == kind && head.size == n);
	if (head.kind != kind || head.size != n)
		return NULL;
	log->pos += rounded(n) + ALIGN;
	return at + 1;
}

void replay_log_skip_part(struct replay_log *log)
{
	struct head head;

	if (!next_record(log, &head))
		return;
	check_that(head.kind == REPLAY_PART);
	log->pos += rounded(head.size) + ALIGN;
}
