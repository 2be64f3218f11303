/* How far the reading of savefiles is, on the last line of the terminal. */
#include "cmd/progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/num.h"
#include "base/str.h"
#include "cmd/message.h"
#include "file/savefile.h"
#include "os/clock.h"
#include "os/term.h"
#include "pkt/stage.h"

/* Work that is done within a second is not spoken of. */
#define FIRST_AFTER NS_PER_S
#define EVERY (NS_PER_S / 4)

struct progress {
	struct stage stage;
	const struct source *source;
	int64_t start_ns, next_ns;
	uint64_t packets;
};

static void erase(void)
{
	fputs("\r\033[K", stderr);
}

/* Bytes taken from the files so far, and in all (SIZE_UNKNOWN: who knows). */
static uint64_t bytes(const struct source *source, uint64_t *all)
{
	uint64_t done = 0;
	size_t i;

	*all = 0;
	for (i = 0; i < savefile_inputs(source); i++) {
		const struct savefile_facts *f = savefile_facts(source, i);

		done += f->packed;
		if (f->size == SIZE_UNKNOWN)
			*all = SIZE_UNKNOWN;
		else if (*all != SIZE_UNKNOWN)
			*all += f->size;
	}
	return done;
}

static void put_size(struct str *s, uint64_t n)
{
	char text[32];

	str_puts(s, num_size_text(n, text, sizeof(text)));
}

static void put_left(struct str *s, int64_t seconds)
{
	if (seconds >= 3600)
		str_printf(s, ", %" PRId64 " h %02" PRId64 " min left",
			   seconds / 3600, seconds / 60 % 60);
	else
		str_printf(s, ", %" PRId64 ":%02" PRId64 " left", seconds / 60,
			   seconds % 60);
}

static void draw(const struct progress *p, int64_t now)
{
	double seconds = (double)(now - p->start_ns) / (double)NS_PER_S;
	uint64_t all, done = bytes(p->source, &all);
	struct str s = STR_INIT;

	if (all != SIZE_UNKNOWN && all > 0)
		str_printf(&s, "%3d %% ",
			   (int)((double)done * 100 / (double)all));
	put_size(&s, done);
	str_printf(&s, ", %" PRIu64 " packets, ", p->packets);
	put_size(&s, (uint64_t)((double)done / seconds));
	str_puts(&s, "/s");
	if (all != SIZE_UNKNOWN && done > 0 && all >= done)
		put_left(&s, (int64_t)(seconds * (double)(all - done) /
				       (double)done));
	if (!s.failed && s.len < term_columns())
		fprintf(stderr, "\r%s\033[K", s.text);
	str_fini(&s);
}

static enum verdict progress_packets(struct sink *s, const struct pkt *p,
				     size_t n)
{
	struct progress *g = (struct progress *)s;
	int64_t now = clock_monotonic_ns(); /* once for a batch */

	g->packets += n;
	if (now >= g->next_ns) {
		draw(g, now);
		g->next_ns = now + EVERY;
	}
	return stage_push(&g->stage, p, n);
}

static bool progress_close(struct sink *s, struct err *err)
{
	erase();
	message_status_line(NULL);
	return stage_close(s, err);
}

static const struct sink_ops progress_ops = {
    .name = "progress",
    .iface = stage_iface,
    .packets = progress_packets,
    .lend = stage_lend,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = progress_close,
};

struct sink *progress_open(const struct source *source, struct sink *next,
			   struct err *err)
{
	struct progress *p = stage_new(sizeof(*p), &progress_ops, next, err);

	if (!p)
		return NULL;
	p->source = source;
	p->start_ns = clock_monotonic_ns();
	p->next_ns = p->start_ns + FIRST_AFTER;
	message_status_line(erase);
	return &p->stage.sink;
}
