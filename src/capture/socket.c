/* What Linux can do with a packet socket beyond libpcap's API. */
#include "capture/socket.h"

#ifdef __linux__

#include <linux/filter.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>

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

bool socket_take_matching(int fd, const struct program *program)
{
	struct sock_filter *insns = calloc(program->n, sizeof(*insns));
	struct sock_fprog code = {(unsigned short)program->n, insns};
	uint32_t i;
	bool good;

	if (!insns || program->n > BPF_MAXINSNS) {
		free(insns);
		return false;
	}
	for (i = 0; i < program->n; i++) {
		const struct insn *from = &program->insns[i];

		insns[i] = (struct sock_filter){from->code, from->jt, from->jf,
						from->k};
		/* libpcap cuts to the snapshot length by itself */
		if (from->code == (BPF_RET | BPF_K) && from->k)
			insns[i].k = UINT32_MAX;
	}
	good = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &code,
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

/* The path of a sysfs file about a device; false: not an interface. */
static bool sysfs_path(const char *device, const char *file, char *path,
		       size_t size)
{
	int n = snprintf(path, size, "/sys/class/net/%s/%s", device, file);

	return n > 0 && (size_t)n < size && !strchr(device, '/');
}

bool device_is_loopback(const char *device)
{
	char path[300], text[16] = "";
	FILE *f;

	if (!sysfs_path(device, "type", path, sizeof(path)))
		return false;
	f = fopen(path, "re");
	if (!f)
		return false;
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	return atoi(text) == ARPHRD_LOOPBACK;
}

unsigned device_loopback_index(void)
{
	struct if_nameindex *all = if_nameindex(), *i;
	unsigned index = 0;

	for (i = all; i && i->if_name && !index; i++)
		if (device_is_loopback(i->if_name))
			index = i->if_index;
	if (all)
		if_freenameindex(all);
	return index;
}

bool device_counts_drops(const char *device)
{
	char path[300];

	return sysfs_path(device, "statistics/rx_missed_errors", path,
			  sizeof(path)) &&
	       access(path, R_OK) == 0;
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

bool socket_take_matching(int fd, const struct program *program)
{
	(void)fd;
	(void)program;
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

#endif
