/* What `capture` says on stderr. */
#include "cmd/capture_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "cmd/message.h"

void capture_report_begin(const struct live *live)
{
	const struct handle *h;
	size_t i;

	for (i = 0; (h = live_handle(live, i)); i++) {
		const char *name = libpcap->datalink_val_to_name(h->dlt);
		const char *title =
		    libpcap->datalink_val_to_description(h->dlt);

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

/* One of them, in lines of its own ("\n") or in one (", "). lost: packets that
   were delivered, and are not in the file. */
static void put_counters(struct str *s, const struct counters *c, uint64_t left,
			 uint64_t lost, const char *between)
{
	const char *packets = between[0] == '\n' ? "packets " : "";
	char text[64];

	snprintf(text, sizeof(text), "%scaptured%s", packets, between);
	put_count(s,
		  lost == COUNT_UNKNOWN ? COUNT_UNKNOWN : c->delivered - lost,
		  text);
	snprintf(text, sizeof(text), "%sreceived by filter%s", packets,
		 between);
	put_count(s, c->received, text);
	snprintf(text, sizeof(text), "%sdropped by kernel%s", packets, between);
	put_count(s, c->dropped, text);
	snprintf(text, sizeof(text), "%sdropped by interface", packets);
	put_count(s, c->ifdropped, text);
	if (left) {
		snprintf(text, sizeof(text), "%sleft in the buffer", packets);
		str_puts(s, between);
		put_count(s, left, text);
	}
	if (lost) {
		snprintf(text, sizeof(text), "%snot written", packets);
		str_puts(s, between);
		put_count(s, lost, text);
	}
	str_putc(s, '\n');
}

static void add(uint64_t *sum, uint64_t n)
{
	*sum = n == COUNT_UNKNOWN || *sum == COUNT_UNKNOWN ? COUNT_UNKNOWN
							   : *sum + n;
}

/* The sum over all devices. */
static struct counters total(struct live *live, uint64_t *left)
{
	struct counters sum = {0}, c;
	uint64_t rest;
	size_t i;

	*left = 0;
	for (i = 0; live_handle(live, i); i++) {
		live_counters(live, i, &c, &rest);
		add(&sum.delivered, c.delivered);
		add(&sum.received, c.received);
		add(&sum.dropped, c.dropped);
		add(&sum.ifdropped, c.ifdropped);
		*left += rest;
	}
	return sum;
}

/* A line for each device. lost: COUNT_UNKNOWN if some device's packets are
   not in the file. */
static void put_each(struct str *s, struct live *live, uint64_t lost)
{
	const struct handle *h;
	struct counters c;
	uint64_t left;
	size_t i;

	for (i = 0; (h = live_handle(live, i)); i++) {
		live_counters(live, i, &c, &left);
		str_printf(s, "%s: ", h->options.device);
		put_counters(s, &c, left, lost, ", ");
	}
}

void capture_report_summary(struct live *live, uint64_t written)
{
	struct str text = STR_INIT;
	struct counters sum;
	uint64_t left, lost = 0;

	sum = total(live, &left);
	if (written < sum.delivered)
		lost = sum.delivered - written;
	put_counters(&text, &sum, left, lost, "\n");
	if (live_handle(live, 1))
		put_each(&text, live, lost ? COUNT_UNKNOWN : 0);
	message_text(&text);
	str_fini(&text);
}

static void erase(void)
{
	fputs("\r\033[K", stderr);
}

void capture_report_status(struct live *live, uint64_t packets, uint64_t bytes,
			   int64_t now)
{
	static int64_t last_time;
	static uint64_t last_packets, last_bytes;
	struct counters sum;
	struct str s = STR_INIT;
	char size[32], rate[32];
	uint64_t left;
	double seconds;

	sum = total(live, &left);
	if (packets < last_packets)
		last_packets = last_bytes = 0;
	seconds = last_time ? (double)(now - last_time) / (double)NS_PER_S : 1;
	num_size_text(bytes, size, sizeof(size));
	num_size_text((uint64_t)((double)(bytes - last_bytes) / seconds), rate,
		      sizeof(rate));
	str_printf(
	    &s, "\r\033[K%" PRIu64 " packets, %s, %.0f packets/s, %s/s, ",
	    packets, size, (double)(packets - last_packets) / seconds, rate);
	put_count(&s, sum.dropped, "dropped");
	fwrite(str_text(&s), 1, s.len, stderr);
	fflush(stderr);
	str_fini(&s);
	message_status_line(erase);
	last_time = now;
	last_packets = packets;
	last_bytes = bytes;
}

void capture_report_status_end(void)
{
	erase();
	message_status_line(NULL);
}
