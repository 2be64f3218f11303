/*
 * The part of a prefilter that looks at IP and what follows it: for chains of
 * headers up to there, the instructions that decide about their packets.
 */
#ifndef WHERE_PREFILTER_IP_H
#define WHERE_PREFILTER_IP_H

#include "decode/dissect.h"
#include "where/condition.h"
#include "where/tree.h"

enum {
	PREFILTER_IPV4 = 0x45, /* IPv4's first byte without options */
	NUMBERS_MOST = 200     /* that lead to what is asked about */
};

/* A prefilter in the making. */
struct maker {
	struct emitter e;
	const struct where_node *root;
	const struct plan *plan;
	bool follows_tcp, follows_udp;
	bool rising; /* no condition matches by what a packet lacks */
	bool rest;   /* what no protocol takes is asked about */
	bool deep; /* IP in IP is looked at, and what follows labels and tags */
	/* what TCP and what UDP may lead to, once it was asked for */
	struct beyond {
		bool known, of[PROTO_COUNT];
	} beyond[2];
	place decode, refuse, match;
	bool decides; /* some packets need not be decoded */
};

/* Numbers of protocols, and where their packets go. */
struct numbers {
	size_t n;
	uint32_t value[NUMBERS_MOST];
	place to[NUMBERS_MOST];
};

/* All of these return where their instructions begin, m->decode if the packets
   are decoded in any case, and keep nothing of the chain. */

/* Where packets with each number in A go; next: those with another. A set of
   all numbers is tested for at first, by one operation. */
place prefilter_numbers(struct maker *m, const struct numbers *of, place next);

/* The whole expression, of packets of that chain, after which nothing follows
   that is asked about. */
place prefilter_root(struct maker *m, const struct header_chain *c);

/*
 * A protocol at byte `at`, the first after the chain, that leads to what is
 * asked about in some of its packets: the others end with its header.
 */
place prefilter_onward(struct maker *m, const struct header_chain *below,
		       enum proto_id id, unsigned at);

/* IPv4 at byte `at` after the chain. */
place prefilter_ipv4(struct maker *m, const struct header_chain *below,
		     unsigned at);

/* The same after its first byte, which is PREFILTER_IPV4. */
place prefilter_ipv4_rest(struct maker *m, const struct header_chain *below,
			  unsigned at);

/* Its first byte, where `rest` is what was put for the rest. */
place prefilter_ipv4_byte(struct maker *m, const struct header_chain *below,
			  unsigned at, place rest);

/* IPv6 at byte `at` after the chain. */
place prefilter_ipv6(struct maker *m, const struct header_chain *below,
		     unsigned at);

/* IPv4 or IPv6 at byte `at`, as its first byte says; other packets are decoded.
 */
place prefilter_ip(struct maker *m, const struct header_chain *below,
		   unsigned at);

#endif
