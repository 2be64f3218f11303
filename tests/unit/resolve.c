/* What names stand for, with look-ups that give known answers. */
#include "capture/resolve.h"

#include <arpa/inet.h>
#include <netdb.h>

#include "capture/pcaplib.h"
#include "tap.h"

static struct pcaplib table;

/* Memory that freeaddrinfo() takes: only getaddrinfo() makes that. */
static struct addrinfo *addresses(const char *name)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST}, *found = NULL;

	if (strcmp(name, "both") != 0)
		return NULL;
	/* with no kind of socket in the hints each comes several times */
	return getaddrinfo("2001:db8::7", NULL, &hints, &found) ? NULL : found;
}

static bpf_u_int32 **old_addresses(const char *name)
{
	static bpf_u_int32 one, *list[] = {&one, NULL};

	one = 0xc0000207; /* in the host's order, as libpcap gives it */
	return strcmp(name, "both") ? NULL : list;
}

static bpf_u_int32 net(const char *name)
{
	return strcmp(name, "both") ? 0 : 0x0a01; /* "10.1" */
}

static int port(const char *name, int *number, int *protocol)
{
	*number = 53;
	*protocol = !strcmp(name, "both") ? PROTO_UNDEF : IPPROTO_UDP;
	return !strcmp(name, "both") || !strcmp(name, "udp-only");
}

static int range(const char *name, int *first, int *last, int *protocol)
{
	*first = 1;
	*last = !strcmp(name, "a-b") ? 2 : 70000;
	*protocol = PROTO_UNDEF;
	return 1;
}

static int protocol(const char *name)
{
	return strcmp(name, "both") ? PROTO_UNDEF : 6;
}

static int ethertype(const char *name)
{
	return strcmp(name, "both") ? PROTO_UNDEF : 0x806;
}

static int no_llc(const char *name)
{
	(void)name;
	return PROTO_UNDEF;
}

static u_char *ether_name(const char *name)
{
	u_char *mac = strcmp(name, "both") ? NULL : malloc(6);

	return mac ? memcpy(mac, "\2\0\0\0\0\7", 6) : NULL;
}

/* "kind value note|..." of all that name means */
static void means(const char *name, const char *want, const char *what)
{
	struct meanings meanings;
	struct err err = {0};
	char got[1024] = "";
	size_t i, len = 0;

	if (!resolve_name(&meanings, name, &err)) {
		is_str(err.text, want, what);
		return;
	}
	for (i = 0; i < meanings.n; i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len,
					"%s %s (%s)\n", meanings.item[i].kind,
					meanings.item[i].value,
					meanings.item[i].expression);
	is_str(got, want, what);
	meanings_fini(&meanings);
}

int main(void)
{
	table = *libpcap();
	table.nametoaddrinfo = addresses;
	table.nametoaddr = old_addresses;
	table.nametonetaddr = net;
	table.nametoport = port;
	table.nametoportrange = range;
	table.nametoproto = protocol;
	table.nametoeproto = ethertype;
	table.nametollc = no_llc;
	table.ether_hostton = ether_name;
	pcaplib_use(&table);

	means("both",
	      "host 2001:db8::7 (host both)\n"
	      "network 10.1.0.0/16 (net both)\n"
	      "port 53 (port both)\n"
	      "protocol 6 (ip proto \\both)\n"
	      "ethertype 0x0806 (ether proto \\both)\n"
	      "ethernet host 02:00:00:00:00:07 (ether host both)\n",
	      "all kinds, each once");
	table.nametoaddrinfo = NULL;
	means("udp", "", "nothing");
	means("udp-only", "port 53 (port udp-only)\n", "a port alone");
	means("a-b", "port range 1-2 (portrange a-b)\n", "a range");
	means("a-c", "", "a range with ports that there are not");
	table.nametonetaddr = NULL;
	table.nametoport = NULL;
	table.nametoproto = NULL;
	table.nametoeproto = NULL;
	table.ether_hostton = NULL;
	means("both", "host 192.0.2.7 (host both)\n", "the older look-up");
	means("2:0:0:0:0:a",
	      "ethernet host 02:00:00:00:00:0a (ether host 2:0:0:0:0:a)\n",
	      "an Ethernet address");
	means("2:0:0:0:0", "", "five bytes");
	means("2:0:0:0:0:", "", "a byte that is missing");
	means("2:0:0:0:0:111", "", "a byte that is too long");
	table.nametoaddr = NULL;
	{
		struct meanings meanings;
		struct err err = {0};

		ok_all("a library without any of them",
		       !resolve_name(&meanings, "both", &err),
		       eq(err.kind, ERR_USAGE),
		       strstr(err.text, "has no pcap_nametoaddrinfo"));
	}
	return done();
}
