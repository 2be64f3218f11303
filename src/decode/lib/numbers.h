/* Names of assigned numbers that several decoders show. */
#ifndef DECODE_LIB_NUMBERS_H
#define DECODE_LIB_NUMBERS_H

#include "decode/field.h"

extern const struct names ethertype_names[];
extern const struct names ip_protocol_names[];

/* ip.version is a field of both versions: its place in IPv4's table. */
enum { IP_VERSION_INDEX = 0 };

enum {
	ETHERTYPE_LEAST = 0x600, /* below it, the number is a length */
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_TRAILERS = 0x1001,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_QINQ = 0x88a8,
	ETHERTYPE_IPV6 = 0x86dd,
};

#endif
