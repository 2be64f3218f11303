/* Owns the usual words of pcap-filter(7) that are not names. One that is
   missing costs a compiler that has more rights than it needs. */
#include "capture/expr_names.h"

#include <ctype.h>
#include <string.h>

#include "base/array.h"

static const char *const words[] = {
    "and",
    "or",
    "not",
    "src",
    "dst",
    "host",
    "net",
    "mask",
    "port",
    "portrange",
    "less",
    "greater",
    "proto",
    "protochain",
    "gateway",
    "byte",
    "broadcast",
    "multicast",
    "len",
    "length",
    "inbound",
    "outbound",
    "ifindex",
    "link",
    "ether",
    "ppp",
    "slip",
    "fddi",
    "tr",
    "wlan",
    "arp",
    "rarp",
    "ip",
    "ip6",
    "tcp",
    "udp",
    "sctp",
    "icmp",
    "icmp6",
    "igmp",
    "igrp",
    "pim",
    "vrrp",
    "carp",
    "ah",
    "esp",
    "atalk",
    "aarp",
    "decnet",
    "iso",
    "stp",
    "ipx",
    "netbeui",
    "vlan",
    "mpls",
    "pppoed",
    "pppoes",
    "geneve",
    "llc",
    "type",
    "subtype",
    "dir",
    "addr1",
    "addr2",
    "addr3",
    "addr4",
    "ra",
    "ta",
    "tcpflags",
    "tcp-fin",
    "tcp-syn",
    "tcp-rst",
    "tcp-push",
    "tcp-ack",
    "tcp-urg",
    "tcp-ece",
    "tcp-cwr",
    "icmptype",
    "icmpcode",
    "icmp-echo",
    "icmp6type",
    "icmp6code",
    "icmp-unreach",
    "icmp-timxceed",
    "icmp-echoreply",
};

static bool is_word(const char *at, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i]) == n && !strncmp(words[i], at, n))
			return true;
	return false;
}

/* Can it be part of a name or an address? */
static bool continues(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-_.:/", c));
}

/* Of hexadecimal digits and what separates them, such as 02:00:00:00:00:01 or
   fe80::1. With a colon it is not a name. */
static bool is_number(const char *at, size_t n)
{
	const size_t digits = strspn(at, "0123456789abcdefABCDEF.:/x-");

	return digits >= n &&
	       (isdigit((unsigned char)*at) || memchr(at, ':', n) != NULL);
}

bool expr_may_name(const char *text)
{
	while (*text) {
		size_t n = 0;

		/* "\tcp" is a name of a protocol */
		if (*text == '\\' || (unsigned char)*text >= 0x80)
			return true;
		while (continues(text[n]))
			n++;
		if (n && !is_word(text, n) && !is_number(text, n))
			return true;
		text += n ? n : 1;
	}
	return false;
}
