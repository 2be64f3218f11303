/* What Linux can do with a packet socket beyond libpcap's API. */
#include "capture/socket.h"

#include <errno.h>

#ifdef __linux__

#include <arpa/inet.h>
#include <linux/filter.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "base/array.h"
#include "os/sandbox.h"

#ifndef PACKET_FANOUT_FLAG_IGNORE_OUTGOING
#define PACKET_FANOUT_FLAG_IGNORE_OUTGOING 0x4000
#endif

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

bool socket_take_nothing(int fd)
{
	struct sock_filter refuse = {BPF_RET | BPF_K, 0, 0, 0};
	const struct sock_fprog program = {1, &refuse};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program)) == 0;
}

bool program_needs_kernel(const struct program *program)
{
	uint32_t i;

	for (i = 0; i < program->n; i++) {
		const struct insn *insn = &program->insns[i];

		if (BPF_CLASS(insn->code) == BPF_LD &&
		    BPF_MODE(insn->code) == BPF_ABS &&
		    insn->k >= (uint32_t)SKF_AD_OFF)
			return true;
	}
	return false;
}

/*
 * A link header that libpcap makes from what the kernel says beside the packet:
 * its length, and what is asked in place of its fields.
 */
struct made_header {
	uint32_t linktype, len;
	struct made_field {
		uint32_t at, size;
		int ask; /* 0: no field */
	} fields[4];
};

#define ASK(what) (SKF_AD_OFF + SKF_AD_##what)

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html and LINUX_SLL */
static const struct made_header made_headers[] = {
    {113,
     16,
     {{0, BPF_H, ASK(PKTTYPE)},
      {2, BPF_H, ASK(HATYPE)},
      {14, BPF_H, ASK(PROTOCOL)}}},
    {276,
     20,
     {{0, BPF_H, ASK(PROTOCOL)},
      {4, BPF_W, ASK(IFINDEX)},
      {8, BPF_H, ASK(HATYPE)},
      {10, BPF_B, ASK(PKTTYPE)}}},
};

static const struct made_header *made_header(uint32_t linktype)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(made_headers); i++)
		if (made_headers[i].linktype == linktype)
			return &made_headers[i];
	return NULL;
}

/* Let an instruction that reads the packet read it where the kernel has it.
   Returns false if the kernel has those bytes nowhere. */
static bool translate(const struct made_header *h, struct sock_filter *insn)
{
	const unsigned class = BPF_CLASS(insn->code);
	const unsigned mode = BPF_MODE(insn->code);
	size_t i;

	if ((class != BPF_LD && class != BPF_LDX) ||
	    (mode != BPF_ABS && mode != BPF_IND && mode != BPF_MSH) ||
	    insn->k > INT32_MAX)
		return true;
	if (insn->k >= h->len) {
		insn->k -= h->len;
		return true;
	}
	for (i = 0; mode == BPF_ABS && i < ARRAY_LEN(h->fields); i++) {
		const struct made_field *f = &h->fields[i];

		if (!f->ask || f->at != insn->k ||
		    f->size != BPF_SIZE(insn->code))
			continue;
		insn->code = BPF_LD | BPF_W | BPF_ABS;
		insn->k = (uint32_t)f->ask;
		return true;
	}
	return false;
}

bool socket_take_matching(int fd, const struct program *program,
			  uint32_t linktype)
{
	const struct made_header *made = made_header(linktype);
	struct sock_filter *insns = calloc(program->n, sizeof(*insns));
	struct sock_fprog code = {(unsigned short)program->n, insns};
	bool good = insns && program->n <= BPF_MAXINSNS;
	uint32_t i;

	for (i = 0; good && i < program->n; i++) {
		const struct insn *from = &program->insns[i];

		insns[i] = (struct sock_filter){from->code, from->jt, from->jf,
						from->k};
		/* libpcap cuts to the snapshot length by itself */
		if (from->code == (BPF_RET | BPF_K) && from->k)
			insns[i].k = UINT32_MAX;
		good = !made || translate(made, &insns[i]);
	}
	good = good && setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &code,
				  sizeof(code)) == 0;
	free(insns);
	return good;
}

bool socket_take_all(int fd)
{
	int unused = 0;

	return setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused,
			  sizeof(unused)) == 0;
}

bool socket_ignore_outgoing(int fd)
{
	int on = 1;

	return setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
			  sizeof(on)) == 0;
}

bool socket_fan_out(int fd, bool ignore_outgoing, uint32_t *group)
{
	const uint32_t mode =
	    PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_ROLLOVER |
	    (ignore_outgoing ? PACKET_FANOUT_FLAG_IGNORE_OUTGOING : 0);
	uint32_t value = mode << 16;
	socklen_t len = sizeof(value);

	if (*group)
		value |= *group - 1;
	else
		value |= (uint32_t)PACKET_FANOUT_FLAG_UNIQUEID << 16;
	if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &value, len) != 0 ||
	    getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &value, &len) != 0)
		return false;
	*group = (value & 0xffff) + 1;
	return true;
}

unsigned socket_interface(int fd)
{
	struct sockaddr_ll bound = {0};
	socklen_t size = sizeof(bound);

	if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0 ||
	    bound.sll_family != AF_PACKET || bound.sll_ifindex < 0)
		return 0;
	return (unsigned)bound.sll_ifindex;
}

bool socket_bind_again(int fd, unsigned index, bool promiscuous)
{
	const struct sockaddr_ll to = {
	    .sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_ALL),
	    .sll_ifindex = (int)index,
	};
	const struct packet_mreq mode = {.mr_ifindex = (int)index,
					 .mr_type = PACKET_MR_PROMISC};
	socklen_t size = sizeof(int);
	int old;

	if (bind(fd, (const struct sockaddr *)&to, sizeof(to)) != 0)
		return false;
	if (promiscuous)
		setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mode,
			   sizeof(mode));
	/* one that is down says so at once: that is known */
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &old, &size);
	return true;
}

bool socket_interface_name(int fd, unsigned index, char *name)
{
	struct ifreq about = {.ifr_ifindex = (int)index};

	if (ioctl(fd, SIOCGIFNAME, &about) != 0)
		return false;
	memcpy(name, about.ifr_name, IF_NAMESIZE);
	return true;
}

bool device_is_loopback(const char *device)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq about = {0};
	bool known;

	if (fd < 0)
		return false;
	snprintf(about.ifr_name, sizeof(about.ifr_name), "%s", device);
	known = strlen(device) < sizeof(about.ifr_name) &&
		ioctl(fd, SIOCGIFFLAGS, &about) == 0;
	close(fd);
	return known && about.ifr_flags & IFF_LOOPBACK;
}

unsigned device_loopback_index(void)
{
	static unsigned index;
	static bool known; /* in the sandbox it cannot be found out */
	struct if_nameindex *all, *i;

	if (known)
		return index;
	known = true;
	all = if_nameindex();
	for (i = all; i && i->if_name && !index; i++)
		if (device_is_loopback(i->if_name))
			index = i->if_index;
	if (all)
		if_freenameindex(all);
	return index;
}

/* The path of a sysfs file about a device; false: not an interface. */
static bool sysfs_path(const char *device, const char *file, char *path,
		       size_t size)
{
	int n = snprintf(path, size, "/sys/class/net/%s/%s", device, file);

	return n > 0 && (size_t)n < size && !strchr(device, '/');
}

bool device_counts_drops(const char *device)
{
	char path[300];

	return sysfs_path(device, "statistics/rx_missed_errors", path,
			  sizeof(path)) &&
	       access(path, R_OK) == 0;
}

void device_allow(const char *device)
{
	char path[300];

	if (sysfs_path(device, "", path, sizeof(path)))
		sandbox_may_read(path);
}

#else

bool socket_take_nothing(int fd)
{
	(void)fd;
	return false;
}

bool program_needs_kernel(const struct program *program)
{
	(void)program;
	return false;
}

bool socket_take_matching(int fd, const struct program *program,
			  uint32_t linktype)
{
	(void)fd;
	(void)program;
	(void)linktype;
	return false;
}

bool socket_take_all(int fd)
{
	(void)fd;
	return false;
}

bool socket_ignore_outgoing(int fd)
{
	(void)fd;
	return false;
}

bool socket_fan_out(int fd, bool ignore_outgoing, uint32_t *group)
{
	(void)fd;
	(void)ignore_outgoing;
	(void)group;
	errno = ENOSYS;
	return false;
}

unsigned socket_interface(int fd)
{
	(void)fd;
	return 0;
}

bool socket_bind_again(int fd, unsigned index, bool promiscuous)
{
	(void)fd;
	(void)index;
	(void)promiscuous;
	return false;
}

bool socket_interface_name(int fd, unsigned index, char *name)
{
	(void)fd;
	(void)index;
	(void)name;
	return false;
}

bool device_is_loopback(const char *device)
{
	(void)device;
	return false;
}

unsigned device_loopback_index(void)
{
	return 0;
}

bool device_counts_drops(const char *device)
{
	(void)device;
	return false;
}

void device_allow(const char *device)
{
	(void)device;
}

#endif
