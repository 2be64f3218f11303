/* Owns the list of devices, and which one an option means. */
#include "config.h"

#include "capture/devices.h"

#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#ifdef HAVE_LINUX_IF_PACKET_H
#include <linux/if_packet.h>
#elif defined(AF_LINK)
#include <net/if_dl.h>
#endif

#include "base/nearest.h"
#include "base/num.h"
#include "base/str.h"
#include "capture/pcaplib.h"
#include "os/machine.h"
#include "os/netns.h"

static enum device_link link_from(bpf_u_int32 flags)
{
	switch (flags & PCAP_IF_CONNECTION_STATUS) {
	case PCAP_IF_CONNECTION_STATUS_CONNECTED:
		return DEVICE_CONNECTED;
	case PCAP_IF_CONNECTION_STATUS_DISCONNECTED:
		return DEVICE_DISCONNECTED;
	case PCAP_IF_CONNECTION_STATUS_NOT_APPLICABLE:
		return DEVICE_LINK_NOT_APPLICABLE;
	default:
		return DEVICE_LINK_UNKNOWN;
	}
}

static bool address_from(const struct sockaddr *sa, struct addr *a)
{
	if (!sa)
		return false;
	memset(a, 0, sizeof(*a));
	if (sa->sa_family == AF_INET) {
		a->version = 4;
		memcpy(a->bytes,
		       (const char *)sa +
			   offsetof(struct sockaddr_in, sin_addr),
		       4);
	} else if (sa->sa_family == AF_INET6) {
		a->version = 6;
		memcpy(a->bytes,
		       (const char *)sa +
			   offsetof(struct sockaddr_in6, sin6_addr),
		       16);
	} else {
		return false;
	}
	return true;
}

static unsigned mask_bits(const struct addr *mask)
{
	unsigned bits = 0, all = addr_bits(mask->version);

	while (bits < all && mask->bytes[bits / 8] & (0x80 >> (bits % 8)))
		bits++;
	return bits;
}

/* The address of the hardware, where the system has it among the others. */
static bool mac_from(const struct sockaddr *sa, uint8_t mac[6])
{
	static const uint8_t none[6];

#ifdef HAVE_LINUX_IF_PACKET_H
	struct sockaddr_ll ll;

	if (!sa || sa->sa_family != AF_PACKET)
		return false;
	memcpy(&ll, sa, sizeof(ll));
	if (ll.sll_halen != 6)
		return false;
	memcpy(mac, ll.sll_addr, 6);
#elif defined(AF_LINK)
	const struct sockaddr_dl *dl = (const void *)sa;

	if (!sa || sa->sa_family != AF_LINK || dl->sdl_alen != 6)
		return false;
	memcpy(mac, LLADDR(dl), 6);
#else
	(void)sa;
	memset(mac, 0, 6);
#endif
	return memcmp(mac, none, 6) != 0;
}

static bool same_prefix(const struct addr *a, const struct addr *b,
			unsigned bits)
{
	unsigned i;

	for (i = 0; i < bits; i++)
		if ((a->bytes[i / 8] ^ b->bytes[i / 8]) & (0x80 >> (i % 8)))
			return false;
	return true;
}

/*
 * On an interface that could broadcast libpcap takes whatever the system has
 * beside the address for the broadcast address: without one, the address
 * itself, and the peer where there is one.
 */
static void correct_broadcast(struct device_address *a)
{
	if (!a->has_broadcast || a->addr.version != 4)
		return;
	if (same_prefix(&a->addr, &a->broadcast, 32)) {
		a->has_broadcast = false;
	} else if (!same_prefix(&a->addr, &a->broadcast, a->bits)) {
		a->has_broadcast = false;
		a->peer = a->broadcast;
		a->has_peer = true;
	}
}

static bool add_addresses(struct device *device, const pcap_addr_t *from,
			  struct err *err)
{
	const pcap_addr_t *at;
	size_t n = 0;

	for (at = from; at; at = at->next)
		n++;
	if (n)
		device->addresses = calloc(n, sizeof(*device->addresses));
	if (n && !device->addresses)
		return err_nomem(err, "the addresses of an interface");
	for (at = from; at; at = at->next) {
		struct device_address *a =
		    &device->addresses[device->n_addresses];
		struct addr mask;

		if (!device->has_mac && mac_from(at->addr, device->mac))
			device->has_mac = true;
		if (!address_from(at->addr, &a->addr))
			continue;
		a->bits = addr_bits(a->addr.version);
		if (address_from(at->netmask, &mask) &&
		    mask.version == a->addr.version)
			a->bits = mask_bits(&mask);
		a->has_broadcast = address_from(at->broadaddr, &a->broadcast);
		a->has_peer = address_from(at->dstaddr, &a->peer);
		correct_broadcast(a);
		device->n_addresses++;
	}
	return true;
}

static bool add_device(struct device *device, const pcap_if_t *from,
		       struct err *err)
{
	device->name = strdup(from->name);
	if (from->description)
		device->description = strdup(from->description);
	if (!device->name || (from->description && !device->description))
		return err_nomem(err, "an interface");
	device->is_network =
	    !strcmp(from->name, "any") || if_nametoindex(from->name) != 0;
	device->up = from->flags & PCAP_IF_UP;
	device->running = from->flags & PCAP_IF_RUNNING;
	device->loopback = from->flags & PCAP_IF_LOOPBACK;
	device->wireless = from->flags & PCAP_IF_WIRELESS;
	device->link = link_from(from->flags);
	return add_addresses(device, from->addresses, err);
}

/* A library that never reports "up" does not know the flag: no one runs a
   system without one interface that is. */
static void judge_flags(struct devices *devices)
{
	bool known = false;
	size_t i;

	for (i = 0; i < devices->n; i++)
		known = known || devices->item[i].up;
	for (i = 0; i < devices->n; i++)
		devices->item[i].flags_known = known;
}

/* Take over what libpcap found; list is freed. */
static bool fill_devices(struct devices *devices, pcap_if_t *list,
			 struct err *err)
{
	bool good = true;
	pcap_if_t *at;
	size_t n = 0;

	memset(devices, 0, sizeof(*devices));
	for (at = list; at; at = at->next)
		n++;
	if (n)
		devices->item = calloc(n, sizeof(*devices->item));
	if (n && !devices->item)
		good = err_nomem(err, "the list of interfaces");
	for (at = list; good && at; at = at->next) {
		struct device *device = &devices->item[devices->n++];

		device->number = (unsigned)devices->n;
		good = add_device(device, at, err);
	}
	judge_flags(devices);
	if (list)
		libpcap()->freealldevs(list);
	if (!good)
		devices_fini(devices);
	return good;
}

bool devices_init(struct devices *devices, struct err *err)
{
	char errbuf[PCAP_ERRBUF_SIZE] = "";
	pcap_if_t *list = NULL;

	if (!pcaplib_ready(err))
		return false;
	if (libpcap()->findalldevs(&list, errbuf) < 0)
		return err_set(err, ERR_FAULT,
			       "the interfaces cannot be listed: %s", errbuf);
	if (!fill_devices(devices, list, err))
		return false;
	if (devices->n)
		devices->item[0].is_default = true;
	return true;
}

bool devices_init_remote(struct devices *devices, const char *source,
			 const struct remote_options *login, struct err *err)
{
	char errbuf[PCAP_ERRBUF_SIZE] = "";
	struct str url = STR_INIT;
	pcap_if_t *list = NULL;
	int status;
	size_t i;

	if (!pcaplib_need(findalldevs_ex, err))
		return false;
	if (!remote_is(source))
		return err_set(err, ERR_USAGE,
			       "'%s' is not a remote capture server: use "
			       "rpcap://HOST or rpcap://HOST:PORT",
			       source);
	str_puts(&url, source);
	if (source[strlen(source) - 1] != '/' || strlen(source) <= 9)
		str_putc(&url, '/');
	status = remote_devices(str_text(&url), login, &list, errbuf);
	str_fini(&url);
	if (status < 0)
		return err_set(err, ERR_FAULT, "%s: %s", source, errbuf);
	if (!fill_devices(devices, list, err))
		return false;
	for (i = 0; i < devices->n; i++)
		devices->item[i].is_network = false;
	return true;
}

void devices_fini(struct devices *devices)
{
	size_t i;

	for (i = 0; i < devices->n; i++) {
		free(devices->item[i].name);
		free(devices->item[i].description);
		free(devices->item[i].addresses);
	}
	free(devices->item);
	memset(devices, 0, sizeof(*devices));
}

const struct device *devices_find(const struct devices *devices,
				  const char *word)
{
	uint64_t number;
	size_t i;

	for (i = 0; i < devices->n; i++)
		if (!strcmp(devices->item[i].name, word))
			return &devices->item[i];
	if (num_u64(word, &number) && number > 0 && number <= devices->n)
		return &devices->item[number - 1];
	return NULL;
}

const struct device *devices_default(const struct devices *devices)
{
	return devices->n ? &devices->item[0] : NULL;
}

/* Which device of the list word means; NULL with *err untouched: a name that
   the list does not have. */
static const struct device *choose(const struct devices *devices,
				   const char *word, bool *good,
				   struct err *err)
{
	const struct device *device =
	    word ? devices_find(devices, word) : devices_default(devices);
	uint64_t number;

	*good = true;
	if (!device && !word)
		*good = err_set(err, ERR_FAULT, "no interface to capture from");
	else if (!device && num_u64(word, &number))
		*good = err_set(err, ERR_USAGE,
				"no interface number %s: the last is %zu", word,
				devices->n);
	return device;
}

bool device_resolve(const char *word, char **name, struct err *err)
{
	struct devices devices;
	const struct device *device;
	bool good;

	*name = NULL;
	if (!devices_init(&devices, err))
		return false;
	device = choose(&devices, word, &good, err);
	if (good) {
		*name = strdup(device ? device->name : word);
		good = *name || err_nomem(err, "the name of an interface");
	}
	devices_fini(&devices);
	return good;
}

bool device_unknown(const char *name, struct err *err)
{
	const char *plain = netns_plain(name);
	struct nearest near = NEAREST_START(plain);
	struct devices devices;
	size_t i;

	if (!devices_init(&devices, NULL))
		return err_set(err, ERR_USAGE, "unknown interface '%s'", name);
	for (i = 0; i < devices.n; i++)
		nearest_try(&near, devices.item[i].name);
	if (near.best)
		err_set(err, ERR_USAGE,
			"unknown interface '%s': did you mean '%.*s%s'?", name,
			(int)(plain - name), name, near.best);
	else
		err_set(err, ERR_USAGE,
			"unknown interface '%s' (see 'pcaptool list')", name);
	devices_fini(&devices);
	return false;
}

static bool not_permitted(const char *device, struct err *err)
{
	char program[400];

	return err_set(err, ERR_FAULT,
		       "%s: not permitted to capture: the capability "
		       "CAP_NET_RAW is missing; 'sudo setcap "
		       "cap_net_raw,cap_net_admin+ep %s' grants it, or run it "
		       "with sudo",
		       device, machine_program(program, sizeof(program)));
}

bool device_refused(const char *device, int status, const char *reason,
		    struct err *err)
{
	const char *text = libpcap()->statustostr(status);

	if (!strcmp(reason, text))
		reason = "";
	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return device_unknown(device, err);
	case PCAP_ERROR_PERM_DENIED:
		return not_permitted(device, err);
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		return err_set(err, ERR_FAULT,
			       "%s: not permitted to capture in promiscuous "
			       "mode (-p captures without it)%s%s",
			       device, reason[0] ? ": " : "", reason);
	case PCAP_ERROR:
		return err_set(err, ERR_FAULT, "%s: cannot capture: %s", device,
			       reason);
	default:
		return err_set(
		    err,
		    status == PCAP_ERROR_RFMON_NOTSUP ? ERR_USAGE : ERR_FAULT,
		    "%s: %s%s%s", device, text, reason[0] ? ": " : "", reason);
	}
}
