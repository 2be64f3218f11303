/* Owns the counters of a handle, and when there is nothing more to count. */
#include "capture/handle.h"
#include "capture/socket.h"

static bool get_counters(struct handle *h, struct pcap_stat *now)
{
	return h->remote ? remote_counters(h->remote, now)
			 : libpcap()->stats(h->pcap, now) == 0;
}

/* Add what the interface itself lost since it was counted last. */
static void count_ifdropped(struct handle *h, const struct pcap_stat *now)
{
	struct link_state link;

	if (!h->links) {
		if (h->remote || device_counts_drops(h->options.device))
			h->sums.ifdropped +=
			    (uint32_t)(now->ps_ifdrop - h->last.ps_ifdrop);
		else
			h->sums.ifdropped = COUNT_UNKNOWN;
		return;
	}
	/* whatever its name is by now; one that is gone counts no more */
	if (!links_at(h->links, h->link.index, &link))
		return;
	if (link.drops > h->link.drops)
		h->sums.ifdropped += link.drops - h->link.drops;
	h->link.drops = link.drops;
}

void handle_count(struct handle *h)
{
	struct pcap_stat now = {0};

	if (!get_counters(h, &now)) {
		h->sums.received = h->sums.dropped = COUNT_UNKNOWN;
		h->sums.ifdropped = COUNT_UNKNOWN;
		return;
	}
	if (h->sums.received != COUNT_UNKNOWN) {
		h->sums.received += (uint32_t)(now.ps_recv - h->last.ps_recv);
		h->sums.dropped += (uint32_t)(now.ps_drop - h->last.ps_drop);
	}
	if (!h->drops_known)
		h->sums.ifdropped = COUNT_UNKNOWN;
	if (h->sums.ifdropped != COUNT_UNKNOWN)
		count_ifdropped(h, &now);
	h->last = now;
}

void handle_stop_taking(struct handle *h)
{
	if (h->remote)
		remote_stop(h->remote);
	else
		socket_take_nothing(h->fd);
}

bool handle_has_more(struct handle *h)
{
	if (h->remote)
		return remote_has_more(h->remote);
	handle_count(h);
	return h->sums.received != COUNT_UNKNOWN &&
	       h->sums.received - h->sums.dropped > h->sums.delivered + h->held;
}
