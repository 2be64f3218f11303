/*
 * Where the addresses and ports of a packet are: just enough of the headers to
 * select, group and cut packets by. Decoding for people is decode/'s work.
 */
#ifndef PKT_HEADERS_H
#define PKT_HEADERS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Offsets are from the start of the packet. The bytes that src, dst and the
 * offsets below `end` speak of are captured. Of tunnels the outermost IP
 * header counts; VLAN tags, MPLS labels and PPPoE are stepped over.
 */
struct header_offsets {
	const uint8_t *src, *dst; /* addrlen bytes in the packet, or NULL */
	uint8_t addrlen;	  /* 4, 16; 0: no addresses */
	uint8_t ip;		  /* IP version 4 or 6; 0: not IP (ARP too) */
	uint8_t proto;		  /* IP protocol after extension headers */
	uint8_t ttl_at;		  /* TTL or hop limit, from net; with ip */
	bool ports;		  /* sport and dport are known */
	bool fragment;		  /* part of a larger datagram */
	bool first;		  /* ... and the part with the next header */
	uint16_t ethertype;	  /* of what is at net; 0: unknown */
	uint16_t sport, dport;
	uint32_t frag_id;
	uint32_t net;	 /* start of the network header */
	uint32_t next;	 /* start of the transport header; 0: none, or a later
			    fragment's data */
	uint32_t sum_at; /* the transport checksum's offset; 0: none */
	uint32_t end;	 /* end of the last header that is known and whole */
	uint32_t tail;	 /* with ip: end of the datagram, as far as captured;
			    after it is padding */
};

/* Is the link header of this LINKTYPE_ known here? */
bool headers_known(uint32_t linktype);

/*
 * Look at caplen bytes of a packet of wirelen bytes. false: the link header
 * is unknown or not whole; what is found otherwise is set as far as it is
 * there, the rest of *place is 0.
 */
bool headers_find(uint32_t linktype, const uint8_t *data, uint32_t caplen,
		  uint32_t wirelen, struct header_offsets *place);

#endif
