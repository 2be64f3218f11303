/*
 * The part of the fake libpcap that needs no handle: lists of interfaces and
 * names of types. libpcap.c says what the whole is.
 */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/pcaplib.h"

#ifdef __linux__
#include <linux/if_packet.h>
#endif

static size_t address_size(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET ? sizeof(struct sockaddr_in)
					     : sizeof(struct sockaddr_in6);
}

static struct sockaddr *copy_address(const void *address, size_t size)
{
	struct sockaddr *copy = malloc(size);

	return copy ? memcpy(copy, address, size) : NULL;
}

/* Room for one more address at the end of the list. */
static pcap_addr_t *append_address(pcap_if_t *device)
{
	pcap_addr_t **end = &device->addresses;

	while (*end)
		end = &(*end)->next;
	return *end = calloc(1, sizeof(**end));
}

static void append_mac(pcap_if_t *device, const uint8_t *mac, int number)
{
#ifdef __linux__
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_halen = 6};
	pcap_addr_t *a = append_address(device);

	ll.sll_ifindex = number;
	memcpy(ll.sll_addr, mac, 6);
	if (a)
		a->addr = copy_address(&ll, sizeof(ll));
#else
	(void)device, (void)mac, (void)number;
#endif
}

static pcap_if_t *make_device(const char *prefix, const struct device *device,
			      int number)
{
	size_t size = strlen(prefix) + strlen(device->name) + 1;
	pcap_if_t *made = calloc(1, sizeof(*made));
	const struct address *from = device->addresses;
	pcap_addr_t *a;

	if (!made)
		return NULL;
	made->name = malloc(size);
	if (made->name)
		snprintf(made->name, size, "%s%s", prefix, device->name);
	if (device->description)
		made->description = strdup(device->description);
	made->flags = device->flags;
	if (device->has_mac)
		append_mac(made, device->mac, number);
	for (; from < device->addresses + device->address_count; from++) {
		a = append_address(made);
		if (!a)
			break;
		a->addr =
		    copy_address(&from->address, address_size(&from->address));
		a->netmask =
		    copy_address(&from->mask, address_size(&from->mask));
		if (from->has_broadcast)
			a->broadaddr = copy_address(
			    &from->broadcast, address_size(&from->broadcast));
		if (from->has_peer)
			a->dstaddr = copy_address(&from->peer,
						  address_size(&from->peer));
	}
	return made;
}

void pcap_freealldevs(pcap_if_t *devices)
{
	while (devices) {
		pcap_if_t *next = devices->next;

		while (devices->addresses) {
			pcap_addr_t *a = devices->addresses;

			devices->addresses = a->next;
			free(a->addr);
			free(a->netmask);
			free(a->broadaddr);
			free(a->dstaddr);
			free(a);
		}
		free(devices->name);
		free(devices->description);
		free(devices);
		devices = next;
	}
}

/* All interfaces of the script, their names after prefix. */
static int list_devices(const char *prefix, pcap_if_t **devices, char *errbuf)
{
	struct script script;
	pcap_if_t **end = devices;
	size_t i;
	int code;

	*devices = NULL;
	if (environment_refuses("pcap_findalldevs", &code, errbuf))
		return code;
	if (!script_from_environment(&script, errbuf))
		return PCAP_ERROR;
	if (script.no_devices) {
		snprintf(errbuf, PCAP_ERRBUF_SIZE, "%s", script.no_devices);
		script_free(&script);
		return PCAP_ERROR;
	}
	for (i = 0; i < script.device_count; i++) {
		*end = make_device(prefix, &script.devices[i], (int)i + 1);
		if (*end)
			end = &(*end)->next;
	}
	script_free(&script);
	return 0;
}

int pcap_findalldevs(pcap_if_t **devices, char *errbuf)
{
	return list_devices("", devices, errbuf);
}

#ifndef FAKE_OLD
/* A server that has the interfaces of the script. */
int pcap_findalldevs_ex(const char *source, struct pcap_rmtauth *auth,
			pcap_if_t **devices, char *errbuf)
{
	int code;

	(void)auth;
	if (environment_refuses(__func__, &code, errbuf))
		return code;
	return list_devices(source, devices, errbuf);
}
#endif

int pcap_lookupnet(const char *name, bpf_u_int32 *net, bpf_u_int32 *mask,
		   char *errbuf)
{
	struct script script;
	size_t i;
	int j, code;

	*net = *mask = 0;
	if (environment_refuses(__func__, &code, errbuf))
		return code;
	if (!script_from_environment(&script, errbuf))
		return PCAP_ERROR;
	for (i = 0; i < script.device_count; i++)
		for (j = 0; j < script.devices[i].address_count; j++) {
			struct address *a = &script.devices[i].addresses[j];

			if (strcmp(script.devices[i].name, name) != 0 ||
			    a->address.ss_family != AF_INET || *mask)
				continue;
			*mask =
			    ((struct sockaddr_in *)&a->mask)->sin_addr.s_addr;
			*net = *mask & ((struct sockaddr_in *)&a->address)
					   ->sin_addr.s_addr;
		}
	script_free(&script);
	if (*mask)
		return 0;
	snprintf(errbuf, PCAP_ERRBUF_SIZE, "%s: no IPv4 address assigned",
		 name);
	return PCAP_ERROR;
}

/* ---- names of types ---------------------------------------------------- */

int pcap_datalink_name_to_val(const char *name)
{
	int code;

	if (environment_refuses(__func__, &code, NULL))
		return code;
	return linktype_value(name);
}

const char *pcap_datalink_val_to_name(int type)
{
	int code;

	if (environment_refuses(__func__, &code, NULL))
		return NULL;
	return linktype_name(type, NULL);
}

const char *pcap_datalink_val_to_description(int type)
{
	const char *description = NULL;
	int code;

	if (environment_refuses(__func__, &code, NULL))
		return NULL;
	linktype_name(type, &description);
	return description;
}

void pcap_free_datalinks(int *types)
{
	free(types);
}

#ifndef FAKE_OLD

void pcap_free_tstamp_types(int *types)
{
	free(types);
}

int pcap_tstamp_type_name_to_val(const char *name)
{
	int code;

	if (environment_refuses(__func__, &code, NULL))
		return code;
	return tstamp_type_value(name);
}

const char *pcap_tstamp_type_val_to_name(int type)
{
	int code;

	if (environment_refuses(__func__, &code, NULL))
		return NULL;
	return tstamp_type_name(type, NULL);
}

const char *pcap_tstamp_type_val_to_description(int type)
{
	const char *description = NULL;
	int code;

	if (environment_refuses(__func__, &code, NULL))
		return NULL;
	tstamp_type_name(type, &description);
	return description;
}

#endif
