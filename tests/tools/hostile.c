/*
 * hostile: savefiles that are made to take memory, on standard output.
 *
 * usage: hostile KIND COUNT [LENGTH]
 *
 *   options      a packet with COUNT comments and LENGTH options of an unknown
 *                kind, then a usual one
 *   everywhere   the same in every kind of block that has options
 *   names        a block of COUNT names and LENGTH options
 *   interfaces   COUNT interfaces, each with LENGTH options, then a packet
 *   long         pcap: a packet, then COUNT of LENGTH bytes, then a packet
 *   longng       the same in pcapng, each with a comment of 40,000 bytes
 *   flows        COUNT packets, each of a conversation of its own (TCP SYN)
 *   udpflows     the same over UDP
 *   radius       COUNT datagrams with LENGTH attributes of two bytes
 *
 * Long packets are frames that begin with an IPv4 and a UDP header, and then
 * count: the 32-bit number of each word, big-endian.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static void put_bytes(const void *bytes, size_t n)
{
	if (n && fwrite(bytes, n, 1, stdout) != 1)
		exit(1);
}

static void put16(uint16_t v)
{
	put_bytes(&v, sizeof(v));
}

static void put32(uint32_t v)
{
	put_bytes(&v, sizeof(v));
}

static void put_zeros(size_t n)
{
	static const uint8_t zeros[64];

	for (; n > sizeof(zeros); n -= sizeof(zeros))
		put_bytes(zeros, sizeof(zeros));
	put_bytes(zeros, n);
}

static void be16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void be32(uint8_t *p, uint32_t v)
{
	be16(p, v >> 16);
	be16(p + 2, v & 0xffff);
}

/* ---- packets ---- */

enum { ETHER = 14, IP = 20, TCP = 20, UDP = 8 };

/* A frame's headers up to IPv4, from 10.a.b.c. */
static void put_ip(uint8_t *p, uint32_t from, unsigned protocol, size_t payload)
{
	static const uint8_t ether[ETHER] = {2, 0, 0, 0, 0, 2, 2,
					     0, 0, 0, 0, 1, 8, 0};
	uint8_t *ip = p + ETHER;

	memcpy(p, ether, ETHER);
	memset(ip, 0, IP);
	ip[0] = 0x45;
	be16(ip + 2, IP + payload > 65535 ? 65535 : (unsigned)(IP + payload));
	ip[8] = 64;
	ip[9] = (uint8_t)protocol;
	be32(ip + 12, 0x0a000000 | (from & 0xffffff));
	be32(ip + 16, 0xc0000201);
}

static void put_udp(uint8_t *p, unsigned from, unsigned to, size_t payload)
{
	be16(p, from);
	be16(p + 2, to);
	be16(p + 4, UDP + payload > 65535 ? 65535 : (unsigned)(UDP + payload));
	be16(p + 6, 0);
}

static void put_syn(uint8_t *p, unsigned from)
{
	memset(p, 0, TCP);
	be16(p, from);
	be16(p + 2, 80);
	p[12] = 5 << 4;
	p[13] = 2;
	be16(p + 14, 1024);
}

/* The bytes of a long packet. */
static void put_long(uint32_t len)
{
	enum { HEAD = ETHER + IP + UDP, PIECE = 1 << 16 };
	uint8_t piece[PIECE];
	uint32_t at, i, n;

	for (at = 0; at < len; at += n) {
		n = len - at < PIECE ? len - at : PIECE;
		for (i = 0; i < PIECE; i += 4)
			be32(piece + i, (at + i) / 4);
		if (at == 0) {
			put_ip(piece, 1, 17, len);
			put_udp(piece + ETHER + IP, 1000, 2000, len);
		}
		put_bytes(piece, n);
	}
}

/* ---- pcap ---- */

static void pcap_header(void)
{
	put32(0xa1b2c3d4);
	put16(2);
	put16(4);
	put_zeros(8);
	put32(262144);
	put32(1);
}

static void pcap_record(uint32_t number, uint32_t len)
{
	put32(1767225600 + number / 1000000);
	put32(number % 1000000);
	put32(len);
	put32(len);
}

static void pcap_packet(uint32_t number, const uint8_t *bytes, uint32_t len)
{
	pcap_record(number, len);
	put_bytes(bytes, len);
}

static void pcap_usual(uint32_t number)
{
	uint8_t frame[ETHER + IP + UDP];

	put_ip(frame, 7, 17, UDP);
	put_udp(frame + ETHER + IP, 7, 9, 0);
	pcap_packet(number, frame, sizeof(frame));
}

static void make_long(uint32_t count, uint32_t len)
{
	uint32_t i;

	pcap_header();
	pcap_usual(0);
	for (i = 1; i <= count; i++) {
		pcap_record(i, len);
		put_long(len);
	}
	pcap_usual(i);
}

static void make_flows(uint32_t count, uint32_t len)
{
	uint8_t frame[ETHER + IP + TCP];
	uint32_t i;

	(void)len;
	pcap_header();
	for (i = 0; i < count; i++) {
		put_ip(frame, i / 50000, 6, TCP);
		put_syn(frame + ETHER + IP, 10000 + i % 50000);
		pcap_packet(i, frame, sizeof(frame));
	}
}

static void make_udpflows(uint32_t count, uint32_t len)
{
	uint8_t frame[ETHER + IP + UDP];
	uint32_t i;

	(void)len;
	pcap_header();
	for (i = 0; i < count; i++) {
		put_ip(frame, i / 50000, 17, UDP);
		put_udp(frame + ETHER + IP, 10000 + i % 50000, 9, 0);
		pcap_packet(i, frame, sizeof(frame));
	}
}

static void make_radius(uint32_t count, uint32_t len)
{
	enum { HEAD = ETHER + IP + UDP + 20 };
	size_t n = len < 2000 ? len : 2000;
	uint8_t frame[HEAD + 4000] = {0};
	uint8_t *radius = frame + ETHER + IP + UDP;
	uint32_t i;
	size_t k;

	put_ip(frame, 1, 17, UDP + 20 + 2 * n);
	put_udp(frame + ETHER + IP, 1812, 1812, 20 + 2 * n);
	radius[0] = 1;
	be16(radius + 2, (unsigned)(20 + 2 * n));
	for (k = 0; k < n; k++) {
		radius[20 + 2 * k] = (uint8_t)(1 + k % 255);
		radius[21 + 2 * k] = 2;
	}
	pcap_header();
	for (i = 0; i < count; i++)
		pcap_packet(i, frame, (uint32_t)(HEAD + 2 * n));
}

/* ---- pcapng ---- */

enum {
	SECTION = 0x0a0d0d0a,
	IFACE = 1,
	NAMES = 4,
	STATS = 5,
	PACKET = 6,
	CUSTOM = 0xbad
};

/* Options: comments of 8 bytes, and unknown ones without a value. */
static uint32_t options_len(uint32_t comments, uint32_t others)
{
	return 12 * comments + 4 * others + (comments || others ? 4 : 0);
}

static void put_options(uint32_t comments, uint32_t others)
{
	uint32_t i;

	for (i = 0; i < comments; i++) {
		char text[12];

		put16(1);
		put16(8);
		snprintf(text, sizeof(text), "c%07u", (unsigned)i % 10000000);
		put_bytes(text, 8);
	}
	for (i = 0; i < others; i++)
		put32(30000);
	if (comments || others)
		put32(0);
}

static void block_start(uint32_t type, uint32_t body)
{
	put32(type);
	put32(body + 12);
}

static void block_end(uint32_t body)
{
	put32(body + 12);
}

static void ng_section(uint32_t comments, uint32_t others)
{
	uint32_t body = 16 + options_len(comments, others);

	block_start(SECTION, body);
	put32(0x1a2b3c4d);
	put16(1);
	put16(0);
	put32(UINT32_MAX);
	put32(UINT32_MAX);
	put_options(comments, others);
	block_end(body);
}

static void ng_iface(uint32_t comments, uint32_t others)
{
	uint32_t body = 8 + options_len(comments, others);

	block_start(IFACE, body);
	put16(1);
	put16(0);
	put32(262144);
	put_options(comments, others);
	block_end(body);
}

static void ng_stats(uint32_t comments, uint32_t others)
{
	uint32_t body = 12 + options_len(comments, others);

	block_start(STATS, body);
	put32(0);
	put32(0x61000);
	put32(0);
	put_options(comments, others);
	block_end(body);
}

static void ng_custom(uint32_t comments, uint32_t others)
{
	uint32_t body = 4 + options_len(comments, others);

	block_start(CUSTOM, body);
	put32(32473);
	put_options(comments, others);
	block_end(body);
}

static void ng_names(uint32_t names, uint32_t comments, uint32_t others)
{
	uint32_t body = 12 * names + 4 + options_len(comments, others), i;
	uint8_t address[4];

	block_start(NAMES, body);
	for (i = 0; i < names; i++) {
		put16(1);
		put16(7);
		be32(address, 0x0a000000 + i);
		put_bytes(address, 4);
		put_bytes("ab\0\0", 4);
	}
	put32(0);
	put_options(comments, others);
	block_end(body);
}

static void ng_packet_head(uint32_t number, uint32_t len, uint32_t body)
{
	uint64_t time = (uint64_t)1767225600 * 1000000 + number;

	block_start(PACKET, body);
	put32(0);
	put32((uint32_t)(time >> 32));
	put32((uint32_t)time);
	put32(len);
	put32(len);
}

static void ng_usual(uint32_t number, uint32_t comments, uint32_t others)
{
	uint8_t frame[ETHER + IP + UDP];
	uint32_t len = sizeof(frame), pad = -len & 3;
	uint32_t body = 20 + len + pad + options_len(comments, others);

	put_ip(frame, 7, 17, UDP);
	put_udp(frame + ETHER + IP, 7, 9, 0);
	ng_packet_head(number, len, body);
	put_bytes(frame, len);
	put_zeros(pad);
	put_options(comments, others);
	block_end(body);
}

static void make_options(uint32_t comments, uint32_t others)
{
	ng_section(0, 0);
	ng_iface(0, 0);
	ng_usual(0, comments, others);
	ng_usual(1, 0, 0);
}

static void make_everywhere(uint32_t comments, uint32_t others)
{
	ng_section(comments, others);
	ng_iface(comments, others);
	ng_usual(0, comments, others);
	ng_names(1, comments, others);
	ng_custom(comments, others);
	ng_usual(1, 0, 0);
	ng_stats(comments, others);
}

static void make_names(uint32_t names, uint32_t others)
{
	ng_section(0, 0);
	ng_iface(0, 0);
	ng_names(names, 0, others);
	ng_usual(0, 0, 0);
}

static void make_interfaces(uint32_t count, uint32_t others)
{
	ng_section(0, 0);
	while (count-- > 0)
		ng_iface(0, others);
	ng_usual(0, 0, 0);
}

static void make_longng(uint32_t count, uint32_t len)
{
	enum { COMMENT = 40000 };
	uint32_t body = 20 + len + (-len & 3) + 4 + COMMENT + 4, i, k;

	ng_section(0, 0);
	ng_iface(0, 0);
	ng_usual(0, 0, 0);
	for (i = 1; i <= count; i++) {
		ng_packet_head(i, len, body);
		put_long(len);
		put_zeros(-len & 3);
		put16(1);
		put16(COMMENT);
		for (k = 0; k < COMMENT; k += 8)
			put_bytes("comment ", 8);
		put32(0);
		block_end(body);
	}
	ng_usual(i, 0, 0);
}

static const struct {
	const char *name;
	void (*make)(uint32_t count, uint32_t length);
} kinds[] = {
    {"options", make_options},	     {"everywhere", make_everywhere},
    {"names", make_names},	     {"long", make_long},
    {"longng", make_longng},	     {"flows", make_flows},
    {"udpflows", make_udpflows},     {"radius", make_radius},
    {"interfaces", make_interfaces},
};

int main(int argc, char **argv)
{
	uint32_t count, length;
	size_t i;

	if (argc < 3)
		return 2;
	count = (uint32_t)strtoul(argv[2], NULL, 0);
	length = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 0) : 0;
	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;
		kinds[i].make(count, length);
		return fflush(stdout) != 0;
	}
	return 2;
}
