/* list --watch: rates and totals of interfaces, on a screen or in lines. */
#include "cmd/list_watch.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/log.h"
#include "base/num.h"
#include "base/table.h"
#include "cmd/json_line.h"
#include "cmd/message.h"
#include "os/clock.h"
#include "os/keys.h"
#include "os/link_info.h"
#include "os/signals.h"
#include "os/term.h"
#include "output/rows.h"
#include "output/screen.h"

/* How often keys are looked at, in ns. */
#define KEY_NS (100 * NS_PER_MS)

/* What one wait takes at most. */
#define WAIT_MOST (3600 * NS_PER_S)

/* The counters, in their order on the screen. */
#define COUNTS(X)                                                              \
	X(rx_packets, "RX PACKETS", COLUMN_PLAIN)                              \
	X(rx_bytes, "RX BYTES", COLUMN_BYTES)                                  \
	X(rx_dropped, "DROPS", COLUMN_PLAIN)                                   \
	X(rx_errors, "ERRORS", COLUMN_PLAIN)                                   \
	X(tx_packets, "TX PACKETS", COLUMN_PLAIN)                              \
	X(tx_bytes, "TX BYTES", COLUMN_BYTES)                                  \
	X(tx_dropped, "DROPS", COLUMN_PLAIN)                                   \
	X(tx_errors, "ERRORS", COLUMN_PLAIN)

static const struct {
	const char *key;
	size_t member;
} counts[] = {
#define X(name, title, form) {#name, offsetof(struct link_counts, name)},
    COUNTS(X)
#undef X
};

static const struct column columns[] = {
    {"name", "INTERFACE", false, COLUMN_PLAIN},
#define X(name, title, form) {#name, title, true, form},
    COUNTS(X)
#undef X
};

struct watch {
	const struct watch_wish *wish;
	bool screen;
	bool headed; /* the lines have a head */
	struct link_counts *now, *before;
	size_t n, n_before;
	int64_t at, begun; /* when now was read, and the first one */
	double seconds; /* since the previous reading; 0: this is the first */
};

static uint64_t count_of(const struct link_counts *c, size_t i)
{
	return *(const uint64_t *)(const void *)((const char *)c +
						 counts[i].member);
}

static const struct link_counts *find(const struct link_counts *all, size_t n,
				      const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(all[i].name, name))
			return &all[i];
	return NULL;
}

/* The same interface an interval ago; NULL: it was not there, or is another one
   of that name. */
static const struct link_counts *earlier(const struct watch *w,
					 const struct link_counts *now)
{
	const struct link_counts *c = find(w->before, w->n_before, now->name);
	size_t i;

	for (i = 0; c && i < ARRAY_LEN(counts); i++)
		if (count_of(c, i) > count_of(now, i))
			return NULL;
	return w->seconds > 0 ? c : NULL;
}

static double rate_of(const struct watch *w, const struct link_counts *now,
		      const struct link_counts *before, size_t i)
{
	return (double)(count_of(now, i) - count_of(before, i)) / w->seconds;
}

static bool is_shown(const struct watch *w, const struct link_counts *c)
{
	return !w->wish->only || !strcmp(w->wish->only, c->name);
}

/* ---- JSON ---------------------------------------------------------------- */

static void put_json(const struct watch *w, struct str *out)
{
	bool some = false;
	size_t i, k;

	str_printf(out, "{\"seconds\":%.3f", w->seconds);
	json_line_time(out, "time", true, clock_wall_ns());
	str_puts(out, ",\"interfaces\":[");
	for (i = 0; i < w->n; i++) {
		const struct link_counts *now = &w->now[i];
		const struct link_counts *before = earlier(w, now);

		if (!is_shown(w, now))
			continue;
		str_puts(out, some ? ",{\"name\":" : "{\"name\":");
		some = true;
		str_json_text(out, now->name);
		for (k = 0; k < ARRAY_LEN(counts); k++)
			json_line_count(out, counts[k].key, count_of(now, k));
		str_puts(out, ",\"per_second\":");
		for (k = 0; before && k < ARRAY_LEN(counts); k++)
			str_printf(out, "%s\"%s\":%.3f", k ? "," : "{",
				   counts[k].key, rate_of(w, now, before, k));
		str_puts(out, before ? "}}" : "null}");
	}
	str_puts(out, "]}\n");
}

/* ---- text ---------------------------------------------------------------- */

/* A table of what each does per second, or has done in all. */
static bool put_table(const struct watch *w, bool rates, struct str *out)
{
	struct table t;
	size_t i, k;
	bool good;

	table_init(&t, columns, ARRAY_LEN(columns));
	for (i = 0; i < w->n; i++) {
		const struct link_counts *now = &w->now[i];
		const struct link_counts *before = earlier(w, now);

		if (!is_shown(w, now))
			continue;
		table_text(&t, now->name);
		for (k = 0; k < ARRAY_LEN(counts); k++)
			if (!rates)
				table_big(&t, count_of(now, k));
			else if (before)
				table_number(
				    &t, llround(rate_of(w, now, before, k)));
			else
				table_none(&t);
	}
	good = table_print(&t, false, out);
	table_fini(&t);
	return good;
}

static bool put_screen(const struct watch *w, struct str *out)
{
	struct str text = STR_INIT;
	bool good;

	str_printf(&text, "%.0f s; per second, in the last %.1f s (q: quit)\n",
		   (double)(w->at - w->begun) / NS_PER_S, w->seconds);
	good = put_table(w, true, &text);
	str_puts(&text, "\nin all\n");
	good = good && put_table(w, false, &text);
	screen_draw(out, str_text(&text), term_rows(), term_columns());
	str_fini(&text);
	return good;
}

/* A line for each interface: the time, rates, totals. */
static void put_lines(struct watch *w, struct str *out)
{
	const time_t wall = (time_t)(clock_wall_ns() / NS_PER_S);
	char stamp[16] = "";
	struct tm tm;
	size_t i, k;

	if (localtime_r(&wall, &tm))
		strftime(stamp, sizeof(stamp), "%H:%M:%S", &tm);
	if (!w->headed) {
		str_puts(out, "time interface");
		for (k = 0; k < ARRAY_LEN(counts); k++)
			str_printf(out, " %s/s", counts[k].key);
		for (k = 0; k < ARRAY_LEN(counts); k++)
			str_printf(out, " %s", counts[k].key);
		str_putc(out, '\n');
	}
	w->headed = true;
	for (i = 0; i < w->n; i++) {
		const struct link_counts *now = &w->now[i];
		const struct link_counts *before = earlier(w, now);

		if (!is_shown(w, now))
			continue;
		str_printf(out, "%s ", stamp);
		str_foreign(out, now->name, strlen(now->name));
		for (k = 0; k < ARRAY_LEN(counts); k++)
			if (before)
				str_printf(out, " %.0f",
					   rate_of(w, now, before, k));
			else
				str_puts(out, " -");
		for (k = 0; k < ARRAY_LEN(counts); k++)
			str_printf(out, " %" PRIu64, count_of(now, k));
		str_putc(out, '\n');
	}
}

/* ---- the run ------------------------------------------------------------- */

/* Tell of those that came and went, which a screen shows. */
static void tell_changes(const struct watch *w)
{
	size_t i;

	if (w->screen || !w->before)
		return;
	for (i = 0; i < w->n; i++)
		if (is_shown(w, &w->now[i]) &&
		    !find(w->before, w->n_before, w->now[i].name))
			log_note("%s: the interface is there now",
				 w->now[i].name);
	for (i = 0; i < w->n_before; i++)
		if (is_shown(w, &w->before[i]) &&
		    !find(w->now, w->n, w->before[i].name))
			log_note("%s: the interface has gone",
				 w->before[i].name);
}

/* Read the counters and show them. Returns the exit status, -1: go on. */
static int show(struct watch *w, int64_t now)
{
	struct str out = STR_INIT;
	struct err err;
	int status = -1;
	bool good = true;

	free(w->before);
	w->before = w->now;
	w->n_before = w->n;
	w->seconds = w->before ? (double)(now - w->at) / NS_PER_S : 0;
	w->at = now;
	w->now = link_counts_all(&w->n, &err);
	if (!w->now)
		return message_err(&err);
	tell_changes(w);
	if (w->wish->json)
		put_json(w, &out);
	else if (w->screen)
		good = put_screen(w, &out);
	else
		put_lines(w, &out);
	if (!good || out.failed) {
		err_nomem(&err, "counters");
		status = message_err(&err);
	} else if (!message_out(&out)) {
		status = report_out_status();
	}
	str_fini(&out);
	return status;
}

static bool is_quit(const struct watch *w)
{
	const int key = w->screen ? keys_get() : -1;

	return key == 'q' || key == 'Q' ||
	       signals_take() & (SIGNALS_END | SIGNALS_HANGUP);
}

static int run(struct watch *w)
{
	int64_t now = clock_monotonic_ns(), next = now, until;
	int status = -1;

	w->begun = now;
	while (status < 0) {
		if (now >= next) {
			status = show(w, now);
			/* where the machine was busy, some are left out */
			while (next <= now)
				next += w->wish->interval;
			continue;
		}
		until = w->screen && next > now + KEY_NS ? now + KEY_NS : next;
		if (until > now + WAIT_MOST)
			until = now + WAIT_MOST;
		signals_wait_ms((int)((until - now) / NS_PER_MS + 1));
		if (is_quit(w))
			status = 0;
		now = clock_monotonic_ns();
	}
	return status;
}

static void draw(void (*sequence)(struct str *out))
{
	struct str out = STR_INIT;

	sequence(&out);
	message_out(&out);
	str_fini(&out);
}

int list_watch(const struct watch_wish *wish)
{
	struct watch w = {
	    .wish = wish,
	    .screen = term_stdout() && !wish->json,
	};
	struct err err;
	int status;

	if (!signals_catch(&err))
		return message_err(&err);
	if (w.screen) {
		keys_open();
		draw(screen_begin);
	}
	status = run(&w);
	if (w.screen) {
		keys_close();
		draw(screen_end);
	}
	signals_restore();
	free(w.now);
	free(w.before);
	return status;
}
