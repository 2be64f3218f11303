/* What `capture` says on stderr. */
#include "cmd/capture_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "cmd/json_line.h"
#include "cmd/message.h"

void capture_report_begin(const struct live *live)
{
	const struct handle *h;
	size_t i;

	for (i = 0; (h = live_handle(live, i)); i++) {
		const char *name = libpcap()->datalink_val_to_name(h->dlt);
		const char *title =
		    libpcap()->datalink_val_to_description(h->dlt);

		log_note("listening on %s, link-type %s (%s), snapshot length "
			 "%" PRIu32 " bytes, time stamps in %sseconds",
			 h->options.device, name ? name : "?",
			 title ? title : "unknown", h->snaplen,
			 h->nano ? "nano" : "micro");
	}
}

static void put_count(struct str *s, uint64_t n, const char *what)
{
	if (n == COUNT_UNKNOWN)
		str_printf(s, "unknown %s", what);
	else
		str_printf(s, "%" PRIu64 " %s", n, what);
}

/* What is said of one device, or of all together. */
struct counted {
	struct counters c;
	uint64_t left;	  /* in the kernel's buffer */
	uint64_t lost;	  /* delivered, and not in the file */
	uint64_t late;	  /* not in the order of time */
	uint64_t matched; /* of those captured */
	bool selected;	  /* only these are delivered */
};

static uint64_t less(uint64_t n, uint64_t lost)
{
	return lost == COUNT_UNKNOWN ? COUNT_UNKNOWN : n - lost;
}

/* In lines of its own, or in one line. */
static void put_counters(struct str *s, const struct counted *of, bool lines)
{
	const struct counters *c = &of->c;
	const struct {
		uint64_t n;
		const char *what;
		bool shown;
	} rows[] = {
	    {of->selected ? c->delivered : less(c->delivered, of->lost),
	     "captured", true},
	    {less(of->matched, of->lost), "matched", of->selected},
	    {c->received, "received by filter", true},
	    {c->dropped, "dropped by kernel", true},
	    {c->ifdropped, "dropped by interface", true},
	    {of->left, "left in the buffer", of->left > 0},
	    {of->lost, "not written", of->lost > 0},
	    {of->late, "late", of->late > 0},
	};
	char text[64];
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		if (!rows[i].shown)
			continue;
		if (i > 0)
			str_puts(s, lines ? "\n" : ", ");
		snprintf(text, sizeof(text), "%s%s", lines ? "packets " : "",
			 rows[i].what);
		put_count(s, rows[i].n, text);
	}
	str_putc(s, '\n');
}

int capture_report_nothing(void)
{
	const struct counted nothing = {0};
	struct str text = STR_INIT;

	put_counters(&text, &nothing, true);
	message_text(&text);
	str_fini(&text);
	return 0;
}

static void count_device(struct live *live, size_t i,
			 const struct matched *matched, struct counted *of)
{
	*of = (struct counted){.selected = matched};
	live_counters(live, i, &of->c, &of->left);
	of->late = live_late(live, i);
	if (matched)
		of->matched = matched_of(matched, i);
}

/* The sum over all devices. */
static void count_all(struct live *live, const struct matched *matched,
		      struct counted *sum)
{
	struct counted one;
	size_t i;

	*sum = (struct counted){.selected = matched};
	for (i = 0; live_name(live, i); i++) {
		count_device(live, i, matched, &one);
		count_add(&sum->c.delivered, one.c.delivered);
		count_add(&sum->c.received, one.c.received);
		count_add(&sum->c.dropped, one.c.dropped);
		count_add(&sum->c.ifdropped, one.c.ifdropped);
		sum->left += one.left;
		sum->late += one.late;
		sum->matched += one.matched;
	}
}

/* A line for each device. some_lost: packets were lost, but it is not known on
   which device. */
static void put_each(struct str *s, struct live *live,
		     const struct matched *matched, bool some_lost)
{
	struct counted one;
	size_t i;

	for (i = 0; live_name(live, i); i++) {
		count_device(live, i, matched, &one);
		one.lost = some_lost ? COUNT_UNKNOWN : 0;
		str_printf(s, "%s: ", live_name(live, i));
		put_counters(s, &one, false);
	}
}

static void put_waits(struct str *s, struct write_waits waits)
{
	if (waits.times)
		str_printf(s, "%" PRIu64 " waits for the output, %.3f s\n",
			   waits.times, (double)waits.ns / (double)NS_PER_S);
}

static void put_gaps(struct str *s, const struct live *live)
{
	uint64_t times = 0, n;
	int64_t ns = 0, length;
	size_t i;

	for (i = 0; live_handle(live, i); i++) {
		live_absence(live, i, &n, &length);
		times += n;
		ns += length;
	}
	if (times)
		str_printf(s,
			   "%" PRIu64 " gaps without the interface, %.3f s\n",
			   times, (double)ns / (double)NS_PER_S);
}

static void put_ring(struct str *s, const struct recorder_counts *ring)
{
	if (!ring)
		return;
	str_printf(s,
		   "%" PRIu64 " triggers\n%" PRIu64 " triggers refused\n"
		   "%" PRIu64 " files written\n",
		   ring->triggers, ring->refused, ring->files);
	if (ring->left_out)
		str_printf(s, "%" PRIu64 " packets left out of the ring\n",
			   ring->left_out);
}

/* The readers that are connected and lost some, and all of them. */
static void put_served(struct str *s, const struct serve_counts *served)
{
	size_t i;

	if (!served)
		return;
	str_printf(s,
		   "%" PRIu64 " readers served\n"
		   "%" PRIu64 " packets dropped for readers\n",
		   served->readers, served->dropped);
	for (i = 0; i < served->n; i++)
		if (served->reader[i].dropped)
			str_printf(
			    s, "reader %s: %" PRIu64 " packets dropped\n",
			    served->reader[i].name, served->reader[i].dropped);
}

/* The sum over all devices, and what of it was not written. */
static void count_run(const struct capture_summary *c, struct counted *sum)
{
	uint64_t to_write;

	count_all(c->live, c->matched, sum);
	to_write = c->matched ? sum->matched : sum->c.delivered;
	if (c->written < to_write)
		sum->lost = to_write - c->written;
}

void capture_report_summary(const struct capture_summary *c)
{
	struct str text = STR_INIT;
	struct counted sum;

	count_run(c, &sum);
	put_counters(&text, &sum, true);
	put_waits(&text, c->waits);
	put_gaps(&text, c->live);
	put_ring(&text, c->ring);
	put_served(&text, c->served);
	if (live_name(c->live, 1))
		put_each(&text, c->live, c->matched, sum.lost > 0);
	message_text(&text);
	str_fini(&text);
}

/* ---- the same for programs ---- */

static void json_counters(struct str *s, const struct counted *of)
{
	json_line_counters(s, &of->c);
	if (of->selected)
		json_line_count(s, "matched", of->matched);
	json_line_count(s, "late", of->late);
	json_line_count(s, "left", of->left);
}

static void json_each(struct str *s, const struct capture_summary *c)
{
	struct counted one;
	size_t i;

	str_puts(s, ",\"interfaces\":[");
	for (i = 0; live_name(c->live, i); i++) {
		count_device(c->live, i, c->matched, &one);
		str_puts(s, i > 0 ? ",{\"name\":" : "{\"name\":");
		str_json_text(s, live_name(c->live, i));
		json_counters(s, &one);
		str_putc(s, '}');
	}
	str_putc(s, ']');
}

static void json_served(struct str *s, const struct serve_counts *served)
{
	size_t i;

	if (!served)
		return;
	json_line_count(s, "readers_served", served->readers);
	json_line_count(s, "readers_dropped", served->dropped);
	str_puts(s, ",\"readers\":[");
	for (i = 0; i < served->n; i++) {
		str_puts(s, i > 0 ? ",{\"name\":" : "{\"name\":");
		str_json_text(s, served->reader[i].name);
		json_line_count(s, "packets", served->reader[i].packets);
		json_line_count(s, "dropped", served->reader[i].dropped);
		str_putc(s, '}');
	}
	str_putc(s, ']');
}

static void put_json(const struct capture_summary *c, struct str *line)
{
	struct counted sum;

	count_run(c, &sum);
	str_printf(line, "{\"status\":%d", c->status);
	json_line_count(line, "packets",
			(c->matched ? sum.matched : sum.c.delivered) -
			    sum.lost);
	json_line_count(line, "bytes", c->bytes);
	json_counters(line, &sum);
	json_line_count(line, "not_written", sum.lost);
	json_line_time(line, "begun", true, c->begun_ns);
	json_line_time(line, "ended", true, c->over_ns);
	json_line_count(line, "waits", c->waits.times);
	json_line_time(line, "waited", true, c->waits.ns);
	if (c->ring) {
		json_line_count(line, "triggers", c->ring->triggers);
		json_line_count(line, "refused", c->ring->refused);
		json_line_count(line, "files", c->ring->files);
		json_line_count(line, "left_out", c->ring->left_out);
	}
	json_served(line, c->served);
	json_each(line, c);
	str_puts(line, "}\n");
}

int capture_report_json(const struct capture_summary *c, int fd,
			const char *name)
{
	struct str line = STR_INIT;
	int status = c->status;
	struct err err;

	put_json(c, &line);
	if (!json_line_write(fd, name, &line, &err) && !status)
		status = message_err(&err);
	str_fini(&line);
	return status;
}

/* ---- the status line ---- */

static void erase(void)
{
	fputs("\r\033[K", stderr);
}

void capture_report_status(struct live *live, uint64_t packets, uint64_t bytes,
			   bool selected, int64_t now)
{
	static int64_t last_time;
	static uint64_t last_packets, last_bytes;
	struct counted sum;
	struct str s = STR_INIT;
	char size[32], rate[32];
	double seconds;

	count_all(live, NULL, &sum);
	if (packets < last_packets)
		last_packets = last_bytes = 0;
	seconds = last_time ? (double)(now - last_time) / (double)NS_PER_S : 1;
	num_size_text(bytes, size, sizeof(size));
	num_size_text((uint64_t)((double)(bytes - last_bytes) / seconds), rate,
		      sizeof(rate));
	str_printf(&s, "\r\033[K%" PRIu64, packets);
	if (selected)
		str_printf(&s, " of %" PRIu64, sum.c.delivered);
	str_printf(&s, " packets, %s, %.0f packets/s, %s/s, ", size,
		   (double)(packets - last_packets) / seconds, rate);
	put_count(&s, sum.c.dropped, "dropped");
	fwrite(str_text(&s), 1, s.len, stderr);
	fflush(stderr);
	str_fini(&s);
	message_status_line(erase);
	last_time = now;
	last_packets = packets;
	last_bytes = bytes;
}

void capture_report_notify(struct live *live, const struct notify *to)
{
	struct str s = STR_INIT;
	struct counted sum;

	count_all(live, NULL, &sum);
	str_printf(&s, "STATUS=%" PRIu64 " packets captured, ",
		   sum.c.delivered);
	put_count(&s, sum.c.dropped, "dropped");
	notify_send(to, str_text(&s));
	str_fini(&s);
}

void capture_report_status_end(void)
{
	erase();
	message_status_line(NULL);
}

int capture_report_gave_up(void)
{
	struct err err;

	err_set(&err, ERR_OUTPUT,
		"the output was blocked when the capture ended: what it had "
		"not taken is lost");
	return message_err(&err);
}
