/*
 * Owns the conversation with rtnetlink(7) about interfaces: one socket that is
 * told of changes, one that asks.
 */
#include "os/links.h"

#include <stddef.h>

#ifdef __linux__

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/netlink.h>

#include "os/netlink.h"

/* An answer about one interface, with room for those that have much to say. */
#define ANSWER_MAX 32768

struct links {
	int events, ask;
	uint32_t asked; /* the number of the last question */
};

static int open_socket(unsigned groups)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK,
					    .nl_groups = groups};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_ROUTE);

	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

struct links *links_open(void)
{
	struct links *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->events = open_socket(RTMGRP_LINK);
	l->ask = open_socket(0);
	if (l->events >= 0 && l->ask >= 0)
		return l;
	links_close(l);
	return NULL;
}

void links_close(struct links *l)
{
	if (!l)
		return;
	if (l->events >= 0)
		close(l->events);
	if (l->ask >= 0)
		close(l->ask);
	free(l);
}

int links_fd(const struct links *l)
{
	return l ? l->events : -1;
}

void links_drain(struct links *l)
{
	char unread[1];

	/* too many to be kept (ENOBUFS) is one more that came */
	while (l && (recv(l->events, unread, sizeof(unread), MSG_TRUNC) >= 0 ||
		     errno == ENOBUFS))
		;
}

/* ---- asking ---- */

/* name: NULL: by the number. */
static bool send_question(struct links *l, const char *name, unsigned index)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg about;
		struct rtattr attribute;
		char name[IF_NAMESIZE];
	} question = {
	    .head = {.nlmsg_len = sizeof(question),
		     .nlmsg_type = RTM_GETLINK,
		     .nlmsg_flags = NLM_F_REQUEST,
		     .nlmsg_seq = ++l->asked},
	    .about = {.ifi_index = (int)index},
	    .attribute = {.rta_len = RTA_LENGTH(sizeof(question.name)),
			  .rta_type = IFLA_IFNAME},
	};

	if (!name)
		question.head.nlmsg_len = NLMSG_LENGTH(sizeof(question.about));
	else if (strlen(name) < sizeof(question.name))
		memcpy(question.name, name, strlen(name));
	else
		return false;
	return send(l->ask, &question, question.head.nlmsg_len, 0) > 0;
}

static void take_attribute(const struct rtattr *a, struct link_state *info)
{
	static const uint8_t none[sizeof(info->mac)];
	const size_t len = RTA_PAYLOAD(a);
	struct rtnl_link_stats64 counts;

	if (a->rta_type == IFLA_ADDRESS && len == sizeof(info->mac)) {
		memcpy(info->mac, RTA_DATA(a), sizeof(info->mac));
		info->has_mac = memcmp(info->mac, none, sizeof(none)) != 0;
	}
	/* newer kernels have more members */
	if (a->rta_type == IFLA_STATS64 &&
	    len >= offsetof(struct rtnl_link_stats64, tx_aborted_errors)) {
		memset(&counts, 0, sizeof(counts));
		memcpy(&counts, RTA_DATA(a),
		       len < sizeof(counts) ? len : sizeof(counts));
		info->counts_drops = true;
		info->drops = counts.rx_missed_errors + counts.rx_fifo_errors;
	}
}

static void take_link(const struct nlmsghdr *head, struct link_state *info)
{
	const struct ifinfomsg *about = NLMSG_DATA(head);
	const struct rtattr *a;
	size_t left;

	*info = (struct link_state){
	    .index = (unsigned)about->ifi_index,
	    .type = about->ifi_type,
	    .up = about->ifi_flags & IFF_UP,
	};
	for (a = netlink_first(head, &left); RTA_OK(a, left);
	     a = netlink_next(a, &left))
		take_attribute(a, info);
}

static bool ask(struct links *l, const char *name, unsigned index,
		struct link_state *info)
{
	union {
		struct nlmsghdr head;
		char bytes[ANSWER_MAX];
	} answer;
	ssize_t n;

	if (!l || !send_question(l, name, index))
		return false;
	/* the kernel has answered before send() returns */
	while ((n = recv(l->ask, &answer, sizeof(answer), 0)) > 0) {
		if (!NLMSG_OK(&answer.head, (size_t)n) ||
		    answer.head.nlmsg_seq != l->asked)
			continue;
		if (answer.head.nlmsg_type != RTM_NEWLINK)
			return false;
		take_link(&answer.head, info);
		return true;
	}
	return false;
}

bool links_find(struct links *l, const char *name, struct link_state *info)
{
	return ask(l, name, 0, info);
}

bool links_at(struct links *l, unsigned index, struct link_state *info)
{
	return ask(l, NULL, index, info);
}

#else

struct links *links_open(void)
{
	return NULL;
}

void links_close(struct links *l)
{
	(void)l;
}

int links_fd(const struct links *l)
{
	(void)l;
	return -1;
}

void links_drain(struct links *l)
{
	(void)l;
}

bool links_find(struct links *l, const char *name, struct link_state *info)
{
	(void)l;
	(void)name;
	(void)info;
	return false;
}

bool links_at(struct links *l, unsigned index, struct link_state *info)
{
	(void)l;
	(void)index;
	(void)info;
	return false;
}

#endif
