/*
 * Owns the wait for a device at the start of a capture. What the system says
 * about its interfaces only decides when to try again: whether a device is
 * there, opening it shows.
 */
#include "capture/wait.h"

#include <poll.h>

#include "base/log.h"
#include "base/num.h"
#include "os/clock.h"
#include "os/netns.h"

/* How often to try, whatever the system says. */
#define TRY_INTERVAL NS_PER_S

/* Events about the interfaces among which it would appear; NULL: none. */
static struct links *links_around(const char *device)
{
	struct netns_visit visit;
	struct links *links;

	if (!netns_enter_of(device, &visit, NULL))
		return NULL;
	links = links_open();
	netns_leave(&visit, NULL);
	return links;
}

/* Until something happens, but not beyond limit_ns. false: it is to end. */
static bool pause_for(const struct links *links, int64_t limit_ns,
		      const struct wait_options *wait)
{
	struct pollfd polls[] = {
	    {.fd = wait->wake_fd, .events = POLLIN},
	    {.fd = links_fd(links), .events = POLLIN},
	};
	const int64_t most = limit_ns < TRY_INTERVAL ? limit_ns : TRY_INTERVAL;

	poll(polls, 2, (int)(most / NS_PER_MS) + 1);
	return !polls[0].revents || !wait->ending || !wait->ending(wait->arg);
}

bool wait_for_device(struct handle *h, const struct handle_options *options,
		     int64_t begun, const struct wait_options *wait,
		     struct err *err)
{
	struct links *links = links_around(options->device);
	bool good;

	log_note("waiting for interface '%s'", options->device);
	for (;;) {
		int64_t left;

		links_drain(links);
		good = handle_open(h, options, err);
		left = options->wait_ns - (clock_monotonic_ns() - begun);
		if (good || !h->absent || left <= 0)
			break;
		if (!links) /* its namespace was not there, either */
			links = links_around(options->device);
		if (!pause_for(links, left, wait))
			break;
	}
	links_close(links);
	return good;
}
