/* What the system knows of its network interfaces. */
#include "os/link_info.h"

#include <stdio.h>
#include <string.h>

#ifdef __linux__

#include <dirent.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "os/netlink.h"

/* ---- ethtool ------------------------------------------------------------- */

/* Ask the driver of an interface; data begins with the command. */
static bool ask_driver(int fd, const char *name, void *data)
{
	struct ifreq r = {.ifr_data = data};

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	return ioctl(fd, SIOCETHTOOL, &r) == 0;
}

static void take_driver(int fd, const char *name, struct link_info *i)
{
	struct ethtool_drvinfo d = {.cmd = ETHTOOL_GDRVINFO};

	if (!ask_driver(fd, name, &d))
		return;
	snprintf(i->driver, sizeof(i->driver), "%.*s", (int)sizeof(d.driver),
		 d.driver);
	snprintf(i->version, sizeof(i->version), "%.*s", (int)sizeof(d.version),
		 d.version);
	if (strcmp(d.bus_info, "N/A") != 0)
		snprintf(i->bus, sizeof(i->bus), "%.*s",
			 (int)sizeof(d.bus_info), d.bus_info);
}

static void take_speed(int fd, const char *name, struct link_info *i)
{
	struct ethtool_cmd c = {.cmd = ETHTOOL_GSET};
	uint32_t speed;

	if (!ask_driver(fd, name, &c))
		return;
	/* ethtool_cmd_speed() shifts into the sign of an int */
	speed = (uint32_t)c.speed_hi << 16 | c.speed;
	if (speed == 0 || speed == (uint32_t)SPEED_UNKNOWN ||
	    speed == UINT16_MAX)
		return;
	i->speed = (uint64_t)speed * 1000000;
	i->duplex_known = c.duplex == DUPLEX_FULL || c.duplex == DUPLEX_HALF;
	i->full_duplex = c.duplex == DUPLEX_FULL;
}

static void take_rings(int fd, const char *name, struct link_info *i)
{
	struct ethtool_ringparam p = {.cmd = ETHTOOL_GRINGPARAM};

	if (!ask_driver(fd, name, &p))
		return;
	i->rx = (struct link_ring){.known = p.rx_max_pending > 0,
				   .size = p.rx_pending,
				   .most = p.rx_max_pending};
	i->tx = (struct link_ring){.known = p.tx_max_pending > 0,
				   .size = p.tx_pending,
				   .most = p.tx_max_pending};
}

static void add_offload(struct link_info *i, const char *word)
{
	const size_t len = strlen(i->offloads);

	snprintf(i->offloads + len, sizeof(i->offloads) - len, "%s%s",
		 len ? " " : "", word);
}

static void take_offloads(int fd, const char *name, struct link_info *i)
{
	static const struct {
		uint32_t command;
		const char *word;
	} rows[] = {
	    {ETHTOOL_GRXCSUM, "rx-checksum"},
	    {ETHTOOL_GTXCSUM, "tx-checksum"},
	    {ETHTOOL_GSG, "scatter-gather"},
	    {ETHTOOL_GTSO, "tso"},
	    {ETHTOOL_GGSO, "gso"},
	    {ETHTOOL_GGRO, "gro"},
	};
	static const struct {
		uint32_t bit;
		const char *word;
	} flags[] = {
	    {ETH_FLAG_LRO, "lro"},
	    {ETH_FLAG_RXVLAN, "rx-vlan"},
	    {ETH_FLAG_TXVLAN, "tx-vlan"},
	    {ETH_FLAG_RXHASH, "rx-hash"},
	};
	struct ethtool_value v;
	size_t k;

	for (k = 0; k < ARRAY_LEN(rows); k++) {
		v = (struct ethtool_value){.cmd = rows[k].command};
		if (!ask_driver(fd, name, &v))
			continue;
		i->offloads_known = true;
		if (v.data)
			add_offload(i, rows[k].word);
	}
	v = (struct ethtool_value){.cmd = ETHTOOL_GFLAGS};
	if (!ask_driver(fd, name, &v))
		return;
	for (k = 0; k < ARRAY_LEN(flags); k++)
		if (v.data & flags[k].bit)
			add_offload(i, flags[k].word);
}

/* ---- netlink ------------------------------------------------------------- */

static uint32_t number_of(const struct rtattr *a)
{
	uint32_t n = 0;

	if (RTA_PAYLOAD(a) >= sizeof(n))
		memcpy(&n, RTA_DATA(a), sizeof(n));
	return n;
}

static void text_of(const struct rtattr *a, char *to, size_t size)
{
	snprintf(to, size, "%.*s", (int)RTA_PAYLOAD(a),
		 (const char *)RTA_DATA(a));
}

static void take_kind(const struct rtattr *info, struct link_info *i)
{
	const struct rtattr *a = RTA_DATA(info);
	size_t left = RTA_PAYLOAD(info);

	for (; RTA_OK(a, left); a = netlink_next(a, &left))
		if ((a->rta_type & NLA_TYPE_MASK) == IFLA_INFO_KIND)
			text_of(a, i->kind, sizeof(i->kind));
}

static void take_link(const struct nlmsghdr *h, struct link_info *i)
{
	const struct ifinfomsg *m = NLMSG_DATA(h);
	size_t left;
	const struct rtattr *a = netlink_first(h, &left);
	uint32_t parent = 0, master = 0;

	for (; RTA_OK(a, left); a = netlink_next(a, &left)) {
		switch (a->rta_type & NLA_TYPE_MASK) {
		case IFLA_MTU:
			i->mtu = number_of(a);
			break;
		case IFLA_LINK:
			parent = number_of(a);
			break;
		case IFLA_MASTER:
			master = number_of(a);
			break;
		case IFLA_LINK_NETNSID:
			i->parent_elsewhere = true;
			break;
		case IFLA_LINKINFO:
			take_kind(a, i);
			break;
		}
	}
	if (master && !if_indextoname(master, i->master))
		i->master[0] = '\0';
	/* numbers in two namespaces may be the same; one that is its own stands
	   for none */
	if (parent == 0)
		i->parent_elsewhere = false;
	if (parent == 0 ||
	    (parent == (uint32_t)m->ifi_index && !i->parent_elsewhere))
		return;
	if (i->parent_elsewhere || !if_indextoname(parent, i->parent))
		snprintf(i->parent, sizeof(i->parent), "%u", parent);
}

static void ask_kernel(const char *name, struct link_info *i)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg m;
	} ask = {.h = {.nlmsg_len = sizeof(ask),
		       .nlmsg_type = RTM_GETLINK,
		       .nlmsg_flags = NLM_F_REQUEST},
		 .m = {.ifi_index = (int)if_nametoindex(name)}};
	union {
		struct nlmsghdr h;
		char bytes[32768];
	} answer;
	int fd = ask.m.ifi_index ? socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
					  NETLINK_ROUTE)
				 : -1;
	ssize_t n;

	if (fd < 0)
		return;
	if (send(fd, &ask, sizeof(ask), 0) == (ssize_t)sizeof(ask)) {
		n = recv(fd, &answer, sizeof(answer), 0);
		if (n > 0 && NLMSG_OK(&answer.h, (size_t)n) &&
		    answer.h.nlmsg_type == RTM_NEWLINK)
			take_link(&answer.h, i);
	}
	close(fd);
}

void link_info(const char *name, struct link_info *info)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*info = (struct link_info){0};
	ask_kernel(name, info);
	if (fd < 0)
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	take_driver(fd, name, info);
	take_speed(fd, name, info);
	take_rings(fd, name, info);
	take_offloads(fd, name, info);
	close(fd);
}

/* ---- namespaces ---------------------------------------------------------- */

#define NAMESPACES "/run/netns"

bool link_namespace(char id[LINK_TEXT], char name[LINK_TEXT])
{
	const struct dirent *e;
	struct stat own, st;
	char path[300];
	DIR *folder;

	name[0] = '\0';
	if (stat("/proc/self/ns/net", &own) != 0)
		return false;
	snprintf(id, LINK_TEXT, "net:[%llu]", (unsigned long long)own.st_ino);
	folder = opendir(NAMESPACES);
	while (folder && !name[0] && (e = readdir(folder))) {
		snprintf(path, sizeof(path), NAMESPACES "/%s", e->d_name);
		if (stat(path, &st) == 0 && st.st_ino == own.st_ino &&
		    st.st_dev == own.st_dev)
			snprintf(name, LINK_TEXT, "%.63s", e->d_name);
	}
	if (folder)
		closedir(folder);
	return true;
}

#else

void link_info(const char *name, struct link_info *info)
{
	(void)name;
	*info = (struct link_info){0};
}

bool link_namespace(char id[LINK_TEXT], char name[LINK_TEXT])
{
	id[0] = name[0] = '\0';
	return false;
}

#endif
