/*
 * The stage that puts packets in the order of time.
 *
 * Packets are copied as records into one arena, with an index of times and
 * offsets beside it. The index is what is sorted. When the arena is full it
 * goes to a temporary file as a run, and all runs are merged at the end.
 */
#include "pkt/sort.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "os/tempfile.h"
#include "pkt/stage.h"
#include "pkt/tail.h"

#define BLOCK_SECTION 0x0a0d0d0a
#define BATCH 256
#define BATCH_BYTES ((size_t)1 << 20)
#define RUN_BUFFER ((size_t)256 << 10)

/* A record is one of these, then the options, then the packet's bytes,
   padded so that the next one is aligned. */
struct record {
	struct pkt pkt; /* its pointers mean nothing */
	int64_t key;	/* the time to sort by */
	uint32_t options_len;
	bool has_meta, swapped;
	/* of a long packet: where the rest is in the file of them */
	uint64_t rest_at;
	uint32_t options_at, options_more, comments, others;
	bool bare, fragile;
};

/* The rest of a long packet, in that file. */
struct rest {
	struct pkt_tail tail;
	FILE *file;
	uint64_t at;
};

/* Where a record is. Equal keys are in the order of offsets. */
struct entry {
	int64_t key;
	uint64_t offset;
};

/* Bytes that grow; what is in them stays when they move. */
struct arena {
	uint8_t *bytes;
	size_t len, cap;
};

/* A sorted run in a temporary file, and the record at its front. */
struct run {
	FILE *file;
	int64_t key; /* of that record */
	uint8_t *record;
	size_t cap;
	bool ended;
};

struct sort {
	struct stage stage;
	uint64_t memory;
	struct arena arena;
	struct entry *index;
	size_t count, room;
	bool in_order;	  /* the index is */
	uint64_t packets; /* in all */
	uint64_t moved;	  /* came later than a packet of a later time */
	int64_t last, highest;
	struct run *runs;
	size_t n_runs;
	struct pkt batch[BATCH];
	struct pkt_meta metas[BATCH];
	struct rest rests[BATCH];
	size_t n_batch;
	FILE *long_rests; /* NULL: no packet was long */
	uint64_t rests_len;
};

static bool arena_room(struct arena *a, size_t n)
{
	size_t cap = a->cap ? a->cap : (size_t)1 << 20;
	uint8_t *bytes;

	while (cap - a->len < n) {
		if (cap > SIZE_MAX / 2)
			return false;
		cap *= 2;
	}
	if (cap == a->cap)
		return true;
	bytes = realloc(a->bytes, cap);
	if (!bytes)
		return false;
	a->bytes = bytes;
	a->cap = cap;
	return true;
}

static size_t padded(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

/* Bytes of a record with its head. */
static size_t record_size(const struct record *r)
{
	return sizeof(*r) + padded((size_t)r->options_len + r->pkt.caplen);
}

/* ---- handing on ---- */

static enum verdict push(struct sort *s)
{
	size_t n = s->n_batch;

	s->n_batch = 0;
	return n > 0 ? stage_push(&s->stage, s->batch, n) : GO_ON;
}

static bool rest_failed(struct err *err)
{
	return err_sys(err, ERR_OUTPUT, errno, "temporary file for sorting");
}

static bool rest_read(struct pkt_tail *tail, uint32_t at, void *to, size_t n,
		      struct err *err)
{
	struct rest *r = (struct rest *)tail;

	return (fseeko(r->file, (off_t)(r->at + at), SEEK_SET) == 0 &&
		fread(to, n, 1, r->file) == 1) ||
	       rest_failed(err);
}

static bool rest_put(struct sort *s, const void *bytes, size_t n,
		     struct err *err)
{
	s->rests_len += n;
	return fwrite(bytes, n, 1, s->long_rests) == 1 || rest_failed(err);
}

/* Copy what a long packet has beside its data, and its options' tail. */
static bool rest_take(struct sort *s, const struct pkt *p, struct record *r,
		      struct err *err)
{
	struct pkt_tail *tail = pkt_tail(p);
	uint32_t end = pkt_captured(p), at, n;
	uint8_t buf[PKT_PIECE];
	const uint8_t *piece;

	if (!s->long_rests)
		s->long_rests = tempfile_open(err);
	if (!s->long_rests)
		return false;
	r->rest_at = s->rests_len;
	r->options_at = p->more;
	r->options_more = pkt_options_more(p);
	r->comments = tail->comments;
	r->others = tail->others;
	r->fragile = tail->fragile;
	r->bare = p->meta->bare;
	for (at = p->caplen; at < end; at += n) {
		n = end - at < PKT_PIECE ? end - at : (uint32_t)PKT_PIECE;
		piece = pkt_piece(p, at, n, buf, err);
		if (!piece || !rest_put(s, piece, n, err))
			return false;
	}
	for (at = 0; at < r->options_more; at += n) {
		n = r->options_more - at < PKT_PIECE ? r->options_more - at
						     : (uint32_t)PKT_PIECE;
		if (!tail->read(tail, tail->options_at + at, buf, n, err) ||
		    !rest_put(s, buf, n, err))
			return false;
	}
	return true;
}

/* Add the packet of a record, which stays where it is until the next push. */
static void batch_add(struct sort *s, const uint8_t *at)
{
	struct pkt *p = &s->batch[s->n_batch];
	struct record r;

	memcpy(&r, at, sizeof(r));
	at += sizeof(r);
	*p = r.pkt;
	p->meta = NULL;
	if (r.has_meta) {
		s->metas[s->n_batch] = (struct pkt_meta){
		    .options = at,
		    .options_len = r.options_len,
		    .swapped = r.swapped,
		};
		p->meta = &s->metas[s->n_batch];
	}
	if (p->flags & PKT_LONG) {
		s->rests[s->n_batch] = (struct rest){
		    .tail = {.read = rest_read,
			     .options_at = r.options_at,
			     .options_len = r.options_more,
			     .comments = r.comments,
			     .others = r.others,
			     .fragile = r.fragile},
		    .file = s->long_rests,
		    .at = r.rest_at,
		};
		s->metas[s->n_batch].tail = &s->rests[s->n_batch].tail;
		s->metas[s->n_batch].bare = r.bare;
	}
	p->data = at + r.options_len;
	s->n_batch++;
}

/* ---- the arena ---- */

static int entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->offset < y->offset ? -1 : 1;
}

static void sort_index(struct sort *s)
{
	if (!s->in_order)
		qsort(s->index, s->count, sizeof(*s->index), entry_order);
	s->in_order = true;
}

static void forget(struct sort *s)
{
	s->arena.len = 0;
	s->count = 0;
	s->in_order = true;
}

/* All that is in memory goes on. */
static enum verdict drain(struct sort *s)
{
	enum verdict v = GO_ON;
	size_t i;

	sort_index(s);
	for (i = 0; i < s->count && v == GO_ON; i++) {
		batch_add(s, s->arena.bytes + s->index[i].offset);
		if (s->n_batch == BATCH)
			v = push(s);
	}
	if (v == GO_ON)
		v = push(s);
	forget(s);
	return v;
}

static bool run_failed(struct err *err)
{
	return err_sys(err, ERR_OUTPUT, errno, "temporary file for sorting");
}

/* All that is in memory becomes a run. */
static bool spill(struct sort *s, struct err *err)
{
	struct run *runs = realloc(s->runs, (s->n_runs + 1) * sizeof(*runs));
	struct run *run;
	size_t i;

	if (!runs)
		return err_nomem(err, "sorting");
	s->runs = runs;
	run = &runs[s->n_runs];
	*run = (struct run){.file = tempfile_open(err)};
	if (!run->file)
		return false;
	s->n_runs++;
	setvbuf(run->file, NULL, _IOFBF, RUN_BUFFER);
	sort_index(s);
	for (i = 0; i < s->count; i++) {
		const uint8_t *at = s->arena.bytes + s->index[i].offset;
		struct record r;

		memcpy(&r, at, sizeof(r));
		if (fwrite(at, record_size(&r), 1, run->file) != 1)
			return run_failed(err);
	}
	if (fflush(run->file) != 0)
		return run_failed(err);
	rewind(run->file);
	forget(s);
	return true;
}

/* The time to sort a packet by, and whether it comes late. */
static int64_t key_of(struct sort *s, const struct pkt *p)
{
	if (!(p->flags & PKT_NO_TIME))
		s->last = p->time_ns;
	if (s->packets++ == 0 || s->last >= s->highest)
		s->highest = s->last;
	else
		s->moved++;
	return s->last;
}

static bool index_room(struct sort *s)
{
	size_t room = s->room ? s->room * 2 : 4096;
	struct entry *index;

	if (s->count < s->room)
		return true;
	index = realloc(s->index, room * sizeof(*index));
	if (!index)
		return false;
	s->index = index;
	s->room = room;
	return true;
}

static bool take(struct sort *s, const struct pkt *p, struct err *err)
{
	struct record r = {.pkt = *p, .key = key_of(s, p)};
	uint8_t *at;
	size_t size;

	if (p->meta) {
		r.has_meta = true;
		r.swapped = p->meta->swapped;
		r.options_len = (uint32_t)p->meta->options_len;
	}
	if (p->flags & PKT_LONG && !rest_take(s, p, &r, err))
		return false;
	size = record_size(&r);
	if (s->count > 0 &&
	    s->arena.len + size + s->count * sizeof(*s->index) > s->memory &&
	    !spill(s, err))
		return false;
	if (!arena_room(&s->arena, size) || !index_room(s))
		return err_nomem(err, "sorting");
	at = s->arena.bytes + s->arena.len;
	memcpy(at, &r, sizeof(r));
	if (r.options_len > 0)
		memcpy(at + sizeof(r), p->meta->options, r.options_len);
	if (p->caplen > 0)
		memcpy(at + sizeof(r) + r.options_len, p->data, p->caplen);
	if (s->count > 0 && r.key < s->index[s->count - 1].key)
		s->in_order = false;
	s->index[s->count++] = (struct entry){r.key, s->arena.len};
	s->arena.len += size;
	return true;
}

static enum verdict sort_packets(struct sink *sink, const struct pkt *p,
				 size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!take((struct sort *)sink, &p[i], &sink->err))
			return FAILED;
	return GO_ON;
}

/* ---- merging runs ---- */

/* The next record of a run to its front. */
static bool run_next(struct run *run, struct err *err)
{
	struct record r;
	size_t rest;

	if (fread(&r, sizeof(r), 1, run->file) != 1) {
		run->ended = true;
		return !ferror(run->file) || run_failed(err);
	}
	rest = record_size(&r) - sizeof(r);
	if (run->cap < sizeof(r) + rest) {
		uint8_t *record = realloc(run->record, sizeof(r) + rest);

		if (!record)
			return err_nomem(err, "sorting");
		run->record = record;
		run->cap = sizeof(r) + rest;
	}
	memcpy(run->record, &r, sizeof(r));
	run->key = r.key;
	if (rest > 0 && fread(run->record + sizeof(r), rest, 1, run->file) != 1)
		return run_failed(err);
	return true;
}

/* The run with the earliest front, the first of equals; NULL: all ended. */
static struct run *earliest(const struct sort *s)
{
	struct run *best = NULL;
	size_t i;

	for (i = 0; i < s->n_runs; i++) {
		struct run *run = &s->runs[i];

		if (!run->ended && (!best || run->key < best->key))
			best = run;
	}
	return best;
}

/* Copy a run's front into the arena, from where batches are handed on. */
static enum verdict hand_on(struct sort *s, const struct run *run)
{
	struct record r;
	size_t size;
	enum verdict v = GO_ON;

	memcpy(&r, run->record, sizeof(r));
	size = record_size(&r);
	if (s->n_batch == BATCH || s->arena.cap - s->arena.len < size) {
		v = push(s);
		s->arena.len = 0;
	}
	if (v != GO_ON)
		return v;
	if (!arena_room(&s->arena, size)) {
		err_nomem(&s->stage.sink.err, "sorting");
		return FAILED;
	}
	memcpy(s->arena.bytes + s->arena.len, run->record, size);
	batch_add(s, s->arena.bytes + s->arena.len);
	s->arena.len += size;
	return GO_ON;
}

static enum verdict merge(struct sort *s)
{
	enum verdict v = GO_ON;
	struct run *run;
	size_t i;

	if (!spill(s, &s->stage.sink.err))
		return FAILED;
	free(s->arena.bytes);
	s->arena = (struct arena){0};
	if (!arena_room(&s->arena, BATCH_BYTES)) {
		err_nomem(&s->stage.sink.err, "sorting");
		return FAILED;
	}
	for (i = 0; i < s->n_runs; i++)
		if (!run_next(&s->runs[i], &s->stage.sink.err))
			return FAILED;
	while (v == GO_ON && (run = earliest(s))) {
		v = hand_on(s, run);
		if (v == GO_ON && !run_next(run, &s->stage.sink.err))
			v = FAILED;
	}
	return v == GO_ON ? push(s) : v;
}

/* ---- the stage ---- */

/* Packets of all sections come after all blocks, in the first one. */
static bool sort_block(struct sink *sink, const struct block *block,
		       struct err *err)
{
	if (block->type == BLOCK_SECTION && ((struct sort *)sink)->packets > 0)
		return true;
	return stage_block(sink, block, err);
}

static void say(const struct sort *s)
{
	if (s->moved == 0)
		log_note("the packets are in order: none had to move");
	else
		log_note("%" PRIu64 " of %" PRIu64 " packets were out of order",
			 s->moved, s->packets);
}

/* Hand on all that was held back. */
static bool finish(struct sort *s, struct err *err)
{
	if ((s->n_runs > 0 ? merge(s) : drain(s)) != FAILED) {
		say(s);
		return true;
	}
	return err_copy(err, &s->stage.sink.err);
}

static bool sort_close(struct sink *sink, struct err *err)
{
	struct sort *s = (struct sort *)sink;
	bool good = sink->abandoned || finish(s, err);
	size_t i;

	sink->abandoned = !good || sink->abandoned;
	for (i = 0; i < s->n_runs; i++) {
		fclose(s->runs[i].file);
		free(s->runs[i].record);
	}
	if (s->long_rests)
		fclose(s->long_rests);
	free(s->runs);
	free(s->index);
	free(s->arena.bytes);
	return stage_close(sink, good ? err : NULL) && good;
}

static const struct sink_ops sort_ops = {
    .name = "sort",
    .iface = stage_iface,
    .packets = sort_packets,
    .block = sort_block,
    .iface_end = stage_iface_end,
    .close = sort_close,
};

struct sink *sort_open(uint64_t memory, struct sink *next, struct err *err)
{
	struct sort *s = stage_new(sizeof(*s), &sort_ops, next, err);

	if (!s)
		return NULL;
	s->memory = memory;
	s->in_order = true;
	return &s->stage.sink;
}

/* ---- is it needed? ---- */

struct check {
	struct sink sink;
	bool *moves;
	int64_t highest;
};

static enum verdict check_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct check *c = (struct check *)s;
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i].flags & PKT_NO_TIME)
			continue;
		if (p[i].time_ns < c->highest) {
			*c->moves = true;
			return STOP;
		}
		c->highest = p[i].time_ns;
	}
	return GO_ON;
}

static bool check_close(struct sink *s, struct err *err)
{
	(void)err;
	free(s);
	return true;
}

struct sink *sort_check_open(bool *moves, struct err *err)
{
	static const struct sink_ops ops = {
	    .name = "order",
	    .packets = check_packets,
	    .close = check_close,
	};
	struct check *c = calloc(1, sizeof(*c));

	if (!c) {
		err_nomem(err, "sorting");
		return NULL;
	}
	*moves = false;
	c->sink.ops = &ops;
	c->moves = moves;
	c->highest = INT64_MIN;
	return &c->sink;
}
