/* Owns the questions to libpcap's name look-ups, one function for each. */
#include "capture/resolve.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/addr.h"
#include "base/array.h"
#include "base/str.h"
#include "capture/pcaplib.h"
#include "os/vendors.h"

/* A look-up: append what name means to list. False: no memory. */
typedef bool look_up(struct meanings *list, const char *name);

void meanings_fini(struct meanings *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->item[i].expression);
	free(list->item);
	memset(list, 0, sizeof(*list));
}

/* Append; the expression is words and name. NULL: no memory. */
static struct meaning *add(struct meanings *list, const char *kind,
			   const char *words, const char *name)
{
	struct str expression = STR_INIT;
	struct meaning *item =
	    realloc(list->item, (list->n + 1) * sizeof(*item));

	if (!item)
		return NULL;
	list->item = item;
	item += list->n;
	str_printf(&expression, "%s%s", words, name);
	if (expression.failed) {
		str_fini(&expression);
		return NULL;
	}
	memset(item, 0, sizeof(*item));
	item->kind = kind;
	item->expression = expression.text;
	list->n++;
	return item;
}

/* ---- hosts and networks ------------------------------------------------- */

static bool add_host(struct meanings *list, const char *name, unsigned version,
		     const void *bytes)
{
	char value[ADDR_TEXT];
	struct meaning *m;
	size_t i;

	addr_text(version, bytes, value);
	for (i = 0; i < list->n; i++)
		if (!strcmp(list->item[i].kind, "host") &&
		    !strcmp(list->item[i].value, value))
			return true;
	m = add(list, "host", "host ", name);
	if (m)
		memcpy(m->value, value, sizeof(value));
	return m != NULL;
}

/* The old way, for a library without the newer function: IPv4 only. */
static bool hosts_ipv4(struct meanings *list, const char *name)
{
	bpf_u_int32 **at = libpcap()->nametoaddr(name), address;

	for (; at && *at; at++) {
		address = htonl(**at);
		if (!add_host(list, name, 4, &address))
			return false;
	}
	return true;
}

static bool hosts(struct meanings *list, const char *name)
{
	struct addrinfo *all, *at;
	bool good = true;

	if (!libpcap()->nametoaddrinfo)
		return !libpcap()->nametoaddr || hosts_ipv4(list, name);
	all = libpcap()->nametoaddrinfo(name);
	for (at = all; at && good; at = at->ai_next) {
		const char *sa = (const char *)at->ai_addr;

		if (at->ai_family == AF_INET)
			good = add_host(
			    list, name, 4,
			    sa + offsetof(struct sockaddr_in, sin_addr));
		else if (at->ai_family == AF_INET6)
			good = add_host(
			    list, name, 6,
			    sa + offsetof(struct sockaddr_in6, sin6_addr));
	}
	if (all)
		freeaddrinfo(all);
	return good;
}

/* The filter compiler moves the number up until its first byte is not 0; that
   many bytes are what it compares. */
static bool network(struct meanings *list, const char *name)
{
	bpf_u_int32 net;
	struct meaning *m;
	unsigned bits = 32;
	char text[ADDR_TEXT];

	if (!libpcap()->nametonetaddr ||
	    !(net = libpcap()->nametonetaddr(name)))
		return true;
	for (; !(net & 0xff000000); net <<= 8)
		bits -= 8;
	net = htonl(net);
	addr_text(4, (const uint8_t *)&net, text);
	m = add(list, "network", "net ", name);
	if (m)
		snprintf(m->value, sizeof(m->value), "%s/%u", text, bits);
	return m != NULL;
}

/* ---- ports -------------------------------------------------------------- */

static const char *port_protocol(int protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	default: /* PROTO_UNDEF */
		return "tcp, udp, sctp";
	}
}

/* Is it a number that no port has? libpcap takes its lower 16 bits. */
static bool beyond_ports(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits && (text[digits] == '\0' || text[digits] == '-') &&
	       strtoull(text, NULL, 10) > 65535;
}

static bool ports(struct meanings *list, const char *name)
{
	int port = 0, protocol = PROTO_UNDEF;
	struct meaning *m;

	if (!libpcap()->nametoport || beyond_ports(name) ||
	    !libpcap()->nametoport(name, &port, &protocol))
		return true;
	m = add(list, "port", "port ", name);
	if (!m)
		return false;
	snprintf(m->value, sizeof(m->value), "%d", port);
	snprintf(m->note, sizeof(m->note), "%s", port_protocol(protocol));
	return true;
}

static bool port_range(struct meanings *list, const char *name)
{
	int first = 0, last = 0, protocol = PROTO_UNDEF;
	struct meaning *m;

	if (!libpcap()->nametoportrange || !strchr(name, '-') ||
	    beyond_ports(name) || beyond_ports(strchr(name, '-') + 1) ||
	    !libpcap()->nametoportrange(name, &first, &last, &protocol))
		return true;
	if (first < 0 || last < 0 || first > 65535 || last > 65535)
		return true;
	m = add(list, "port range", "portrange ", name);
	if (!m)
		return false;
	snprintf(m->value, sizeof(m->value), "%d-%d", first, last);
	snprintf(m->note, sizeof(m->note), "%s", port_protocol(protocol));
	return true;
}

/* ---- protocols ---------------------------------------------------------- */
/* In a filter a name after "proto" needs a backslash where it is a keyword,
   too; it does no harm where it is not. */

static bool ip_protocol(struct meanings *list, const char *name)
{
	int number;
	struct meaning *m;

	if (!libpcap()->nametoproto ||
	    (number = libpcap()->nametoproto(name)) == PROTO_UNDEF)
		return true;
	m = add(list, "protocol", "ip proto \\", name);
	if (m)
		snprintf(m->value, sizeof(m->value), "%d", number);
	return m != NULL;
}

static bool ethertype(struct meanings *list, const char *name)
{
	int number;
	struct meaning *m;

	if (!libpcap()->nametoeproto ||
	    (number = libpcap()->nametoeproto(name)) == PROTO_UNDEF)
		return true;
	m = add(list, "ethertype", "ether proto \\", name);
	if (m)
		snprintf(m->value, sizeof(m->value), "0x%04x",
			 (unsigned)number);
	return m != NULL;
}

static bool llc(struct meanings *list, const char *name)
{
	int number;
	struct meaning *m;

	if (!libpcap()->nametollc ||
	    (number = libpcap()->nametollc(name)) == PROTO_UNDEF)
		return true;
	m = add(list, "llc", "ether proto \\", name);
	if (!m)
		return false;
	snprintf(m->value, sizeof(m->value), "0x%02x", (unsigned)number);
	snprintf(m->note, sizeof(m->note), "service access point");
	return true;
}

/* ---- Ethernet hosts ----------------------------------------------------- */

/* As "ether host" takes them: six numbers of one or two hex digits, three of
   four, or twelve digits. */
static bool is_mac(const char *text)
{
	unsigned groups = 1, digits = 0, most = 0;

	for (; *text; text++) {
		if (strchr(":-.", *text)) {
			if (digits == 0)
				return false;
			groups++;
			digits = 0;
		} else if (!strchr("0123456789abcdefABCDEF", *text)) {
			return false;
		} else if (++digits > most) {
			most = digits;
		}
	}
	return digits &&
	       ((groups == 6 && most <= 2) || (groups == 3 && most == 4) ||
		(groups == 1 && digits == 12));
}

/* The names that the system's ethers file has for these six bytes. */
static void ethers_names(const u_char *bytes, char *note, size_t size)
{
	const struct pcap_etherent *entry;
	FILE *file;
	size_t len = 0;

	if (!libpcap()->next_etherent || !(file = fopen(PCAP_ETHERS_FILE, "r")))
		return;
	while (len < size && (entry = libpcap()->next_etherent(file)) != NULL)
		if (!memcmp(entry->addr, bytes, 6))
			len += (size_t)snprintf(note + len, size - len, "%s%s",
						len ? ", " : "", entry->name);
	fclose(file);
}

/* Who made the interface with this address. */
static void vendor_name(const u_char *bytes, char *note, size_t size)
{
	struct vendors *vendors = vendors_open(NULL, NULL);
	const char *name = vendors ? vendors_name(vendors, bytes) : NULL;
	size_t len = strlen(note);

	if (name)
		snprintf(note + len, size - len, "%svendor: %s",
			 len ? "; " : "", name);
	vendors_close(vendors);
}

static bool ethernet_host(struct meanings *list, const char *name)
{
	u_char *bytes = NULL;
	bool typed = is_mac(name);
	struct meaning *m;

	if (typed && libpcap()->ether_aton)
		bytes = libpcap()->ether_aton(name);
	else if (!typed && libpcap()->ether_hostton)
		bytes = libpcap()->ether_hostton(name);
	if (!bytes)
		return true;
	m = add(list, "ethernet host", "ether host ", name);
	if (m) {
		addr_mac_text(bytes, m->value);
		if (typed) {
			ethers_names(bytes, m->note, sizeof(m->note));
			vendor_name(bytes, m->note, sizeof(m->note));
		}
	}
	free(bytes);
	return m != NULL;
}

bool resolve_name(struct meanings *list, const char *name, struct err *err)
{
	static look_up *const look_ups[] = {hosts,	network,      ports,
					    port_range, ip_protocol,  ethertype,
					    llc,	ethernet_host};
	size_t i;

	memset(list, 0, sizeof(*list));
	if (!libpcap()->nametoaddrinfo && !libpcap()->nametoaddr &&
	    !libpcap()->nametoport && !libpcap()->nametoproto &&
	    !libpcap()->nametoeproto)
		return pcaplib_need(nametoaddrinfo, err);
	for (i = 0; i < ARRAY_LEN(look_ups); i++)
		if (!look_ups[i](list, name)) {
			meanings_fini(list);
			return err_nomem(err, "the meanings of a name");
		}
	return true;
}
