/*
 * The stage that adds and drops comments: it rewrites the raw pcapng options
 * of what has them. Packets in between are handed on as they came.
 */
#include "pkt/comments.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "pkt/options.h"
#include "pkt/stage.h"
#include "pkt/tail.h"

#define COMMENT_MAX 65532
#define BLOCK_SECTION 0x0a0d0d0a
#define SECTION_FIXED 16 /* bytes of its body before the options */
#define BLOCK_CUSTOM_PRIVATE 0x40000bad

struct comments {
	struct stage stage;
	struct comment *list; /* sorted by number */
	bool *used;	      /* for each of them: there was that packet */
	size_t n;
	bool ran; /* there were interfaces */
	bool drop, changed;
	struct str options; /* of the current packet or interface */
};

static void put16(struct str *s, uint16_t v, bool swapped)
{
	if (swapped)
		v = (uint16_t)(v << 8 | v >> 8);
	str_put(s, &v, sizeof(v));
}

static void put_option(struct str *s, uint16_t code, const void *value,
		       size_t len, bool swapped)
{
	put16(s, code, swapped);
	put16(s, (uint16_t)len, swapped);
	str_put(s, value, len);
	str_pad(s, '\0', -len & 3);
}

/* Is this option of a packet, an interface or a section to go? */
static bool unwanted(const struct comments *c, uint16_t code, bool of_packet)
{
	if (code == OPTION_COMMENT)
		return c->drop;
	if (code == OPTION_CUSTOM_PRIVATE || code == OPTION_CUSTOM_TEXT_PRIVATE)
		return c->changed;
	return code == EPB_HASH && of_packet && c->changed;
}

/* All options that are wanted. */
static void put_wanted(struct comments *c, const uint8_t *p, size_t len,
		       bool swapped, bool of_packet)
{
	struct options o = options_of(p, len, swapped);
	struct option option;

	while (options_next(&o, &option))
		if (!unwanted(c, option.code, of_packet))
			put_option(&c->options, option.code, option.value,
				   option.len, swapped);
}

static bool has_unwanted(const struct comments *c, const struct pkt_meta *m,
			 bool of_packet)
{
	struct options o = options_of_meta(m);
	struct option option;

	while (options_next(&o, &option))
		if (unwanted(c, option.code, of_packet))
			return true;
	return false;
}

/* The first comment for that number, or where it would be. */
static size_t first_for(const struct comments *c, uint64_t number)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (c->list[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Are any of the options that a long packet's tail has to go? Then all do. */
static bool bares(const struct comments *c, const struct pkt *p)
{
	const struct pkt_tail *tail = pkt_tail(p);

	return tail &&
	       ((c->drop && tail->comments) || (c->changed && tail->fragile));
}

static bool concerns(const struct comments *c, const struct pkt *p)
{
	size_t i;

	if (bares(c, p))
		return true;
	if (p->meta && has_unwanted(c, p->meta, true))
		return true;
	if (c->n == 0 || p->number > c->list[c->n - 1].number)
		return false;
	i = first_for(c, p->number);
	return i < c->n && c->list[i].number == p->number;
}

/* The packet with its new options. */
static enum verdict rewrite(struct comments *c, const struct pkt *p)
{
	struct pkt out = *p;
	struct pkt_meta meta = {.swapped = p->meta && p->meta->swapped,
				.tail = pkt_tail(p),
				.bare = bares(c, p)};
	uint32_t direction = p->flags & PKT_DIRECTION;
	size_t i;

	str_clear(&c->options);
	if (p->meta)
		put_wanted(c, p->meta->options, p->meta->options_len,
			   meta.swapped, true);
	else if (direction)
		put_option(&c->options, EPB_FLAGS, &direction,
			   sizeof(direction), false);
	for (i = first_for(c, p->number);
	     i < c->n && c->list[i].number == p->number; i++) {
		put_option(&c->options, OPTION_COMMENT, c->list[i].text,
			   strlen(c->list[i].text), meta.swapped);
		c->used[i] = true;
	}
	if (c->options.failed) {
		err_nomem(&c->stage.sink.err, "comments");
		return FAILED;
	}
	meta.options = (const uint8_t *)str_text(&c->options);
	meta.options_len = c->options.len;
	out.meta = c->options.len > 0 || meta.tail ? &meta : NULL;
	return stage_push(&c->stage, &out, 1);
}

static enum verdict comments_packets(struct sink *s, const struct pkt *p,
				     size_t n)
{
	struct comments *c = (struct comments *)s;
	enum verdict v = GO_ON;
	size_t from = 0, i;

	for (i = 0; i < n && v == GO_ON; i++) {
		if (!concerns(c, &p[i]))
			continue;
		if (i > from)
			v = stage_push(&c->stage, p + from, i - from);
		if (v == GO_ON)
			v = rewrite(c, &p[i]);
		from = i + 1;
	}
	if (v == GO_ON && n > from)
		v = stage_push(&c->stage, p + from, n - from);
	return v;
}

static bool comments_iface(struct sink *s, const struct iface *iface,
			   struct err *err)
{
	struct comments *c = (struct comments *)s;
	struct iface bare = *iface;
	struct pkt_meta meta;

	c->ran = true;
	if (!has_unwanted(c, iface->meta, false))
		return stage_iface(s, iface, err);
	str_clear(&c->options);
	put_wanted(c, iface->meta->options, iface->meta->options_len,
		   iface->meta->swapped, false);
	if (c->options.failed)
		return err_nomem(err, "comments");
	meta = *iface->meta;
	meta.options = (const uint8_t *)str_text(&c->options);
	meta.options_len = c->options.len;
	bare.meta = &meta;
	return stage_iface(s, &bare, err);
}

static bool comments_block(struct sink *s, const struct block *block,
			   struct err *err)
{
	struct comments *c = (struct comments *)s;
	struct block bare = *block;

	if (c->changed && block->type == BLOCK_CUSTOM_PRIVATE)
		return true;
	if (block->type != BLOCK_SECTION || block->len < SECTION_FIXED)
		return stage_block(s, block, err);
	str_clear(&c->options);
	str_put(&c->options, block->body, SECTION_FIXED);
	put_wanted(c, block->body + SECTION_FIXED, block->len - SECTION_FIXED,
		   block->swapped, false);
	str_pad(&c->options, '\0', 4); /* the end of the options */
	if (c->options.failed)
		return err_nomem(err, "comments");
	bare.body = (const uint8_t *)str_text(&c->options);
	bare.len = c->options.len;
	return stage_block(s, &bare, err);
}

/* Comments on packets that never came. */
static void tell_unused(const struct comments *c)
{
	size_t i;

	for (i = 0; c->ran && i < c->n; i++)
		if (!c->used[i])
			log_note("comment on packet %" PRIu64
				 " dropped: no such packet was written",
				 c->list[i].number);
}

static bool comments_close(struct sink *s, struct err *err)
{
	struct comments *c = (struct comments *)s;

	tell_unused(c);
	free(c->list);
	free(c->used);
	str_fini(&c->options);
	return stage_close(s, err);
}

static const struct sink_ops comments_ops = {
    .name = "comments",
    .iface = comments_iface,
    .packets = comments_packets,
    .block = comments_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = comments_close,
};

/* By number; comments on one packet stay in the order of the list. There are
   as many as options were given. */
static void sort(struct comment *list, size_t n)
{
	size_t i, j;

	for (i = 1; i < n; i++) {
		struct comment c = list[i];

		for (j = i; j > 0 && list[j - 1].number > c.number; j--)
			list[j] = list[j - 1];
		list[j] = c;
	}
}

struct sink *comments_open(const struct comments_options *options,
			   struct sink *next, struct err *err)
{
	struct comments *c = stage_new(sizeof(*c), &comments_ops, next, err);
	size_t i;

	if (!c)
		return NULL;
	c->drop = options->drop;
	c->changed = options->changed;
	c->list = calloc(options->n + 1, sizeof(*c->list));
	c->used = calloc(options->n + 1, sizeof(*c->used));
	c->n = c->list && c->used ? options->n : 0;
	if (!c->list || !c->used) {
		err_nomem(err, "comments");
		goto fail;
	}
	for (i = 0; i < c->n; i++) {
		c->list[i] = options->list[i];
		if (strlen(c->list[i].text) > COMMENT_MAX) {
			err_set(err, ERR_USAGE,
				"a comment is longer than %d bytes",
				COMMENT_MAX);
			goto fail;
		}
	}
	sort(c->list, c->n);
	return &c->stage.sink;
fail:
	comments_close(&c->stage.sink, NULL);
	return NULL;
}
