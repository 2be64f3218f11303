/*
 * Owns the absence of a device. By then the rights to open one are gone. On
 * Linux none is needed: a packet socket loses its interface, and may be bound
 * to another one; its filter, its buffer and what libpcap knows of it stay.
 * Elsewhere, and where the new interface has another link layer, the device is
 * opened once more, if the process still may.
 */
#include "capture/reopen.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "base/num.h"
#include "capture/linktype.h"
#include "capture/socket.h"
#include "os/clock.h"
#include "os/netns.h"

/* How often to look, whatever the system says. */
#define LOOK_INTERVAL NS_PER_S

/* The local time, as for people; text holds 40 characters. */
static const char *time_text(char *text, size_t size)
{
	const int64_t now = clock_wall_ns();
	const time_t seconds = (time_t)(now / NS_PER_S);
	struct tm tm;
	size_t n;

	if (!localtime_r(&seconds, &tm))
		return "?";
	n = strftime(text, size, "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(text + n, size - n, ".%03d",
		 (int)(now % NS_PER_S / NS_PER_MS));
	return text;
}

int absence_begin(struct absence *a, struct handle *h)
{
	const int64_t now = clock_monotonic_ns();
	struct link_state info;
	char text[40];

	a->away = true;
	a->refused = false;
	a->since = now;
	/* one that fails again and again is not reopened at once each time */
	a->next = a->times && now - a->returned < LOOK_INTERVAL
		      ? a->returned + LOOK_INTERVAL
		      : now;
	log_warn("%s: %s at %s; waiting for it to come back", h->options.device,
		 handle_error(h), time_text(text, sizeof(text)));
	/* what is still there, or unknown to the system, is looked for now and
	   then; rtnetlink answers once a removal is complete */
	return h->link.index && !links_at(h->links, h->link.index, &info)
		   ? links_fd(h->links)
		   : -1;
}

/* It cannot be captured again as it is: say why, once an absence. */
static enum comeback refuse(struct absence *a, const struct handle *h,
			    const char *why)
{
	if (!a->refused)
		log_warn("%s: it is back, and cannot be captured: %s",
			 h->options.device, why);
	a->refused = true;
	return COMEBACK_NONE;
}

/* Let the new handle take the place of the old one. */
static void replace(struct handle *h, struct handle *fresh)
{
	fresh->sums.delivered += h->sums.delivered;
	count_add(&fresh->sums.received, h->sums.received);
	count_add(&fresh->sums.dropped, h->sums.dropped);
	count_add(&fresh->sums.ifdropped, h->sums.ifdropped);
	handle_close(h);
	*h = *fresh;
}

/* Open it as at the start of the capture. reason: for a failure; NULL: the
   library's. */
static enum comeback open_again(struct absence *a, struct handle *h,
				const char *reason)
{
	struct handle fresh;
	struct err why;
	bool same;

	if (!handle_open(&fresh, &h->options, &why))
		return fresh.absent ? COMEBACK_NONE
				    : refuse(a, h, reason ? reason : why.text);
	same = fresh.linktype == h->linktype && fresh.nano == h->nano &&
	       fresh.snaplen == h->snaplen;
	if (fresh.linktype != h->linktype && h->options.one_linktype) {
		const char *name = linktype_name(fresh.linktype);

		handle_close(&fresh);
		err_set(&why, ERR_FAULT,
			"it has link type %s, and the savefile can hold only "
			"one (pcapng can hold several)",
			name ? name : "?");
		return refuse(a, h, why.text);
	}
	if (!handle_take_over_filter(&fresh, h, &why)) {
		handle_close(&fresh);
		return refuse(a, h, why.text);
	}
	replace(h, &fresh);
	return same ? COMEBACK_SAME : COMEBACK_OTHER;
}

/* Bind the socket to the interface that has the name now. */
static enum comeback bind_again(struct absence *a, struct handle *h)
{
	struct link_state info;

	if (!links_find(h->links, netns_plain(h->options.device), &info))
		return COMEBACK_NONE;
	if (info.type != h->link.type)
		return open_again(a, h,
				  "it has another link layer now, and the "
				  "right to open it was dropped");
	/* before it is up, so that nothing of it is missed */
	if (socket_interface(h->fd) != info.index &&
	    !socket_bind_again(h->fd, info.index, !h->options.no_promiscuous))
		return open_again(a, h, NULL);
	if (!info.up)
		return COMEBACK_NONE;
	h->link = info;
	return COMEBACK_SAME;
}

enum comeback absence_look(struct absence *a, struct handle *h, struct err *err)
{
	int64_t now = clock_monotonic_ns();
	enum comeback back;
	char text[40];

	a->next = now + LOOK_INTERVAL;
	links_drain(h->links);
	back = h->link.index ? bind_again(a, h) : open_again(a, h, NULL);
	if (back == COMEBACK_NONE) {
		if (now - a->since < h->options.reopen_ns)
			return COMEBACK_NONE;
		err_set(err, ERR_OUTPUT, "%s: it did not come back",
			h->options.device);
		return COMEBACK_NEVER;
	}
	now = clock_monotonic_ns();
	a->away = false;
	a->returned = now;
	a->times++;
	a->total_ns += now - a->since;
	log_warn("%s: captured again since %s, after %.3f s", h->options.device,
		 time_text(text, sizeof(text)),
		 (double)(now - a->since) / (double)NS_PER_S);
	return back;
}

void absence_sum(const struct absence *a, uint64_t *times, int64_t *ns)
{
	*times = a->times + a->away;
	*ns = a->total_ns + (a->away ? clock_monotonic_ns() - a->since : 0);
}
