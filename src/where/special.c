/* The blocks, as the registries listed them in 2024. */
#include "where/special.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"

enum {
	R = SPECIAL_RESERVED,
	G = SPECIAL_GLOBAL,
	F = SPECIAL_FORWARDABLE,
	D = SPECIAL_DESTINATION,
	S = SPECIAL_SOURCE
};

static const struct {
	uint32_t prefix;
	uint8_t bits;
	struct special_block block;
} v4_rows[] = {
    {0x00000000, 8, {"\"This network\"", S | R}},
    {0x00000000, 32, {"\"This host on this network\"", S | R}},
    {0x0a000000, 8, {"Private-Use", S | D | F}},
    {0x64400000, 10, {"Shared Address Space", S | D | F}},
    {0x7f000000, 8, {"Loopback", R}},
    {0xa9fe0000, 16, {"Link Local", S | D | R}},
    {0xac100000, 12, {"Private-Use", S | D | F}},
    {0xc0000000, 24, {"IETF Protocol Assignments", 0}},
    {0xc0000000, 29, {"IPv4 Service Continuity Prefix", S | D | F}},
    {0xc0000008, 32, {"IPv4 dummy address", S}},
    {0xc0000009, 32, {"Port Control Protocol Anycast", S | D | F | G}},
    {0xc000000a,
     32,
     {"Traversal Using Relays around NAT Anycast", S | D | F | G}},
    {0xc00000aa, 32, {"NAT64/DNS64 Discovery", R}},
    {0xc00000ab, 32, {"NAT64/DNS64 Discovery", R}},
    {0xc0000200, 24, {"Documentation (TEST-NET-1)", 0}},
    {0xc01fc400, 24, {"AS112-v4", S | D | F | G}},
    {0xc034c100, 24, {"AMT", S | D | F | G}},
    {0xc0586300, 24, {"Deprecated (6to4 Relay Anycast)", 0}},
    {0xc0a80000, 16, {"Private-Use", S | D | F}},
    {0xc0af3000, 24, {"Direct Delegation AS112 Service", S | D | F | G}},
    {0xc6120000, 15, {"Benchmarking", S | D | F}},
    {0xc6336400, 24, {"Documentation (TEST-NET-2)", 0}},
    {0xcb007100, 24, {"Documentation (TEST-NET-3)", 0}},
    {0xf0000000, 4, {"Reserved", R}},
    {0xffffffff, 32, {"Limited Broadcast", D | R}},
};

static const struct {
	uint8_t prefix[16], bits;
	struct special_block block;
} v6_rows[] = {
    {{0}, 128, {"Unspecified Address", S | R}},
    {{[15] = 1}, 128, {"Loopback Address", R}},
    {{[10] = 0xff, [11] = 0xff}, 96, {"IPv4-mapped Address", R}},
    {{0, 0x64, 0xff, 0x9b}, 96, {"IPv4-IPv6 Translat.", S | D | F | G}},
    {{0, 0x64, 0xff, 0x9b, 0, 1}, 48, {"IPv4-IPv6 Translat.", S | D | F}},
    {{1}, 64, {"Discard-Only Address Block", S | D | F}},
    {{0x20, 1}, 23, {"IETF Protocol Assignments", 0}},
    {{0x20, 1}, 32, {"TEREDO", S | D | F}},
    {{0x20, 1, 0, 1, [15] = 1},
     128,
     {"Port Control Protocol Anycast", S | D | F | G}},
    {{0x20, 1, 0, 1, [15] = 2},
     128,
     {"Traversal Using Relays around NAT Anycast", S | D | F | G}},
    {{0x20, 1, 0, 2}, 48, {"Benchmarking", S | D | F}},
    {{0x20, 1, 0, 3}, 32, {"AMT", S | D | F | G}},
    {{0x20, 1, 0, 4, 1, 0x12}, 48, {"AS112-v6", S | D | F | G}},
    {{0x20, 1, 0, 0x20}, 28, {"ORCHIDv2", S | D | F | G}},
    {{0x20, 1, 0x0d, 0xb8}, 32, {"Documentation", 0}},
    {{0x20, 2}, 16, {"6to4", S | D | F}},
    {{0x26, 0x20, 0, 0x4f, 0x80},
     48,
     {"Direct Delegation AS112 Service", S | D | F | G}},
    {{0xfc}, 7, {"Unique-Local", S | D | F}},
    {{0xfe, 0x80}, 10, {"Link-Local Unicast", S | D | R}},
};

const struct special_block *special_ipv4(uint32_t address)
{
	const struct special_block *best = NULL;
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < ARRAY_LEN(v4_rows); i++) {
		uint32_t mask = ~(uint32_t)0 << (32 - v4_rows[i].bits);

		if ((address & mask) != v4_rows[i].prefix ||
		    v4_rows[i].bits < bits)
			continue;
		best = &v4_rows[i].block;
		bits = v4_rows[i].bits;
	}
	return best;
}

static bool has_prefix(const uint8_t *a, const uint8_t *prefix, unsigned bits)
{
	for (; bits >= 8; bits -= 8)
		if (*a++ != *prefix++)
			return false;
	return bits == 0 || (*a ^ *prefix) >> (8 - bits) == 0;
}

const struct special_block *special_ipv6(const uint8_t address[16])
{
	const struct special_block *best = NULL;
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < ARRAY_LEN(v6_rows); i++) {
		if (v6_rows[i].bits < bits ||
		    !has_prefix(address, v6_rows[i].prefix, v6_rows[i].bits))
			continue;
		best = &v6_rows[i].block;
		bits = v6_rows[i].bits;
	}
	return best;
}
