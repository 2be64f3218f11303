/* The counters of network interfaces. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/link_info.h"

#ifndef __linux__
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/types.h>
#endif

/* One more, all zeros, at the end of *all. NULL: no memory. */
static struct link_counts *add(struct link_counts **all, size_t *n)
{
	struct link_counts *more = realloc(*all, (*n + 1) * sizeof(*more));

	if (!more)
		return NULL;
	*all = more;
	more[*n] = (struct link_counts){0};
	return &more[(*n)++];
}

#ifdef __linux__

/* "  eth0: " and sixteen numbers. false: it is a line of the head. */
static bool read_line(const char *line, struct link_counts *c)
{
	unsigned long long v[8];
	const char *colon = strchr(line, ':');

	line += strspn(line, " ");
	if (!colon || colon - line >= LINK_NAME ||
	    sscanf(colon + 1,
		   "%llu %llu %llu %llu %*u %*u %*u %*u %llu %llu %llu %llu",
		   &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]) != 8)
		return false;
	*c = (struct link_counts){
	    .rx_bytes = v[0],
	    .rx_packets = v[1],
	    .rx_errors = v[2],
	    .rx_dropped = v[3],
	    .tx_bytes = v[4],
	    .tx_packets = v[5],
	    .tx_errors = v[6],
	    .tx_dropped = v[7],
	};
	memcpy(c->name, line, (size_t)(colon - line));
	return true;
}

struct link_counts *link_counts_all(size_t *n, struct err *err)
{
	FILE *f = fopen("/proc/self/net/dev", "re");
	struct link_counts *all = NULL, *more, one;
	char line[512];

	*n = 0;
	if (!f) {
		err_sys(err, ERR_FAULT, errno, "/proc/self/net/dev");
		return NULL;
	}
	more = add(&all, n);
	while (more && fgets(line, sizeof(line), f)) {
		if (!read_line(line, &one))
			continue;
		all[*n - 1] = one;
		more = add(&all, n);
	}
	fclose(f);
	if (!more) {
		free(all);
		err_nomem(err, "interfaces");
		return NULL;
	}
	--*n;
	return all;
}

#else

struct link_counts *link_counts_all(size_t *n, struct err *err)
{
	struct link_counts *all = calloc(1, sizeof(*all)), *c;
	struct ifaddrs *list, *a;

	*n = 0;
	if (!all || getifaddrs(&list) != 0) {
		err_sys(err, ERR_FAULT, errno, "interfaces");
		free(all);
		return NULL;
	}
#ifdef AF_LINK
	for (a = list; a; a = a->ifa_next) {
		const struct if_data *d = a->ifa_data;

		if (!a->ifa_addr || a->ifa_addr->sa_family != AF_LINK || !d)
			continue;
		c = add(&all, n);
		if (!c)
			break;
		snprintf(c->name, sizeof(c->name), "%s", a->ifa_name);
		c->rx_packets = d->ifi_ipackets;
		c->rx_bytes = d->ifi_ibytes;
		c->rx_errors = d->ifi_ierrors;
		c->rx_dropped = d->ifi_iqdrops;
		c->tx_packets = d->ifi_opackets;
		c->tx_bytes = d->ifi_obytes;
		c->tx_errors = d->ifi_oerrors;
	}
#else
	(void)a, (void)c;
#endif
	freeifaddrs(list);
	return all;
}

#endif
