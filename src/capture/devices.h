/*
 * The devices that libpcap can capture from, as values of our own, and the one
 * answer to what an interface option means: a name, a number of the list, or
 * the default.
 */
#ifndef CAPTURE_DEVICES_H
#define CAPTURE_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"
#include "capture/remote.h"

struct device_address {
	struct addr addr;
	unsigned bits; /* of the prefix */
	bool has_broadcast, has_peer;
	struct addr broadcast, peer;
};

/* Is something at the other end of the cable, or of the radio link? */
enum device_link {
	DEVICE_LINK_UNKNOWN,
	DEVICE_CONNECTED,
	DEVICE_DISCONNECTED,
	DEVICE_LINK_NOT_APPLICABLE
};

struct device {
	unsigned number; /* its place in the list, from 1, as -i takes it */
	char *name;
	char *description; /* NULL: none */
	bool is_default;   /* what is captured from when nothing is said */
	bool is_network;   /* an interface of the system, or "any"; else one of
			      libpcap's other sources: opening these can have
			      effects, so that it is not done unasked */
	bool up, running, loopback, wireless;
	bool flags_known; /* libpcap 1.6 and later tell up and running */
	enum device_link link;
	bool has_mac;
	uint8_t mac[6];
	struct device_address *addresses;
	size_t n_addresses;
};

struct devices {
	struct device *item;
	size_t n;
};

/* All devices in libpcap's order; the caller ends with devices_fini(), which
   takes an empty list, too. */
bool devices_init(struct devices *devices, struct err *err);
void devices_fini(struct devices *devices);

/*
 * The same of another machine: source is "rpcap://HOST[:PORT]" (or rpcaps, with
 * TLS), where a remote capture server answers.
 * None of them is the default or can be opened by types_of_link().
 */
bool devices_init_remote(struct devices *devices, const char *source,
			 const struct remote_options *login, struct err *err);

/* The device with that name or, if none has it, that number; NULL: none. */
const struct device *devices_find(const struct devices *devices,
				  const char *word);

/* The default: as tcpdump the first one. NULL: the list is empty. */
const struct device *devices_default(const struct devices *devices);

/*
 * What an interface option names: word is a name, a number, or NULL for the
 * default. On success *name is the caller's to free. A name that is not in the
 * list is returned as it is, as libpcap may know more than it lists; a number
 * beyond the list is an error.
 */
bool device_resolve(const char *word, char **name, struct err *err);

/* Fill err for a name that no device has, with the nearest one that a device
   has; the calling thread is in the network namespace that the name says.
   Always false. */
bool device_unknown(const char *name, struct err *err);

/*
 * Fill err for what pcap_activate() refused: device is the name that was
 * tried, status what it returned, reason the handle's text. An unknown device
 * is reported with the nearest name, a missing right with the capability.
 * Always false.
 */
bool device_refused(const char *device, int status, const char *reason,
		    struct err *err);

#endif
