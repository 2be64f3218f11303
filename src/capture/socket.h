/*
 * What a handle's packet socket tells beyond libpcap's API.
 * On other descriptors, and on other systems than Linux,
 * each does nothing and returns false.
 */
#ifndef CAPTURE_SOCKET_H
#define CAPTURE_SOCKET_H

#include <stdbool.h>

#include "pkt/program.h"

/*
 * Take no packet any more, whatever libpcap's filter says; what is in the
 * buffer stays. (pcap_setfilter() would judge that again.) Nothing refused is
 * counted.
 */
bool socket_take_nothing(int fd);

/*
 * Take what the program accepts, in full length, in place of what was taken
 * before: no packet goes unjudged or missed between the two. The program was
 * compiled for this LINKTYPE_ number; if the socket is one on which libpcap
 * makes the link header (LINUX_SLL, LINUX_SLL2), it is translated. false: the
 * kernel cannot run it, and nothing has changed.
 */
bool socket_take_matching(int fd, const struct program *program,
			  uint32_t linktype);

/* Does the program ask what only the kernel can tell: direction, interface,
   mark ...? (linux/filter.h, SKF_AD_OFF) */
bool program_needs_kernel(const struct program *program);

/* Take every packet again: no filter. */
bool socket_take_all(int fd);

/* Take no packets that this machine sends (Linux 4.20). */
bool socket_ignore_outgoing(int fd);

/* Receive a share of the packets that the sockets of a group receive together:
   by flow, and what finds one's buffer full. ignore_outgoing: the group has its
   own for socket_ignore_outgoing() (Linux 5.13). *group: its number; 0: a new
   one, whose number it becomes. false: errno says why. */
bool socket_fan_out(int fd, bool ignore_outgoing, uint32_t *group);

/* The number of the interface that the socket is bound to; 0: none, or the one
   it was bound to is gone. */
unsigned socket_interface(int fd);

/* Bind it to another interface, of the same link layer: its filter and its
   buffer stay. Needs no rights. promiscuous: put that into this mode. */
bool socket_bind_again(int fd, unsigned index, bool promiscuous);

/* Put the name of the interface that has this number, in the socket's network
   namespace, at name (IF_NAMESIZE bytes). */
bool socket_interface_name(int fd, unsigned index, char *name);

/* These look in the network namespace of the calling thread. Is the device (an
   interface's name) the loopback interface? */
bool device_is_loopback(const char *device);

/* Have the sandbox leave what the counters of the device are read from. */
void device_allow(const char *device);

/* The system's number of the loopback interface; 0: there is none. */
unsigned device_loopback_index(void);

/* Can the device's own counter of lost packets be read in sysfs just now? */
bool device_counts_drops(const char *device);

#endif
