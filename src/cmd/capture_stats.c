/* The lines of --stats-interval: all counters since the capture began. */
#include "cmd/capture_stats.h"

#include "cmd/json_line.h"
#include "os/clock.h"

static void put_sockets(struct str *s, struct live *live, size_t i)
{
	struct counters c;
	size_t k;

	if (!live_socket_counters(live, i, 1, &c))
		return;
	str_puts(s, ",\"sockets\":[");
	for (k = 0; live_socket_counters(live, i, k, &c); k++) {
		str_printf(s, "%s{\"number\":%zu", k > 0 ? "," : "", k);
		json_line_counters(s, &c);
		str_putc(s, '}');
	}
	str_putc(s, ']');
}

static void put_interface(struct str *s, const struct capture_counted *of,
			  size_t i)
{
	struct counters c;
	uint64_t left;

	live_counters(of->live, i, &c, &left);
	str_puts(s, i > 0 ? ",{\"name\":" : "{\"name\":");
	str_json_text(s, live_name(of->live, i));
	json_line_counters(s, &c);
	json_line_count(s, "late", live_late(of->live, i));
	if (of->matched)
		json_line_count(s, "matched", matched_of(of->matched, i));
	put_sockets(s, of->live, i);
	str_putc(s, '}');
}

static void put_queue(struct str *s, struct write_queue *queue)
{
	const struct write_waits waits = write_queue_waits(queue);

	str_printf(s, ",\"output\":{\"buffered\":%llu",
		   (unsigned long long)write_queue_held(queue));
	json_line_count(s, "waits", waits.times);
	json_line_time(s, "waited", true, waits.ns);
	str_putc(s, '}');
}

static void put_ring(struct str *s, const struct recorder_counts *ring)
{
	json_line_count(s, "triggers", ring->triggers);
	json_line_count(s, "refused", ring->refused);
	json_line_count(s, "files", ring->files);
	json_line_count(s, "left_out", ring->left_out);
}

static void post(struct capture_stats *stats, const struct capture_counted *of,
		 int64_t now)
{
	struct str line = STR_INIT;
	size_t i;

	str_puts(&line, "{\"capture\":true");
	json_line_time(&line, "time", true, clock_wall_ns());
	json_line_time(&line, "seconds", true, now - stats->start);
	str_puts(&line, ",\"interfaces\":[");
	for (i = 0; live_name(of->live, i); i++)
		put_interface(&line, of, i);
	str_putc(&line, ']');
	if (of->queue)
		put_queue(&line, of->queue);
	if (of->ring)
		put_ring(&line, of->ring);
	json_line_count(&line, "lines_left_out", stats->left_out);
	str_puts(&line, "}\n");
	if (!stats_lines_post(stats->lines, &line))
		stats->left_out++;
	str_fini(&line);
}

int64_t capture_stats_tick(struct capture_stats *stats,
			   const struct capture_counted *of, int64_t now)
{
	if (!stats->interval)
		return INT64_MAX;
	if (!stats->next) {
		stats->start = now;
		stats->next = now + stats->interval;
	}
	if (now >= stats->next) {
		post(stats, of, now);
		stats->next += stats->interval;
		/* no line for each interval that was missed */
		if (stats->next <= now)
			stats->next = now + stats->interval;
	}
	return stats->next;
}

bool capture_stats_open(struct capture_stats *stats,
			const struct rotation_conf *conf, bool force,
			struct err *err)
{
	*stats = (struct capture_stats){.interval = conf->stats_interval};
	if (!conf->stats_json)
		return true;
	stats->lines = stats_lines_open(conf->stats_json, force,
					conf->stats_interval > 0, err);
	return stats->lines;
}

bool capture_stats_close(struct capture_stats *stats,
			 const struct capture_counted *of, struct err *err)
{
	struct stats_lines *lines = stats->lines;

	if (of && stats->interval)
		post(stats, of, clock_monotonic_ns());
	stats->lines = NULL;
	stats->interval = 0;
	return stats_lines_close(lines, err);
}
