/* What a pcap file is made of (draft-ietf-opsawg-pcap). */
#ifndef FILE_PCAP_H
#define FILE_PCAP_H

#include "file/bytes.h"

#define PCAP_MAGIC 0xa1b2c3d4	       /* microseconds */
#define PCAP_MAGIC_NS 0xa1b23c4d       /* nanoseconds */
#define PCAP_MAGIC_MODIFIED 0xa1b2cd34 /* longer record headers */
#define PCAP_MAJOR 2
#define PCAP_MINOR 4

#define PCAP_HEADER 24
#define PCAP_RECORD 16
#define PCAP_RECORD_MODIFIED 24

/* The word that holds the link type. */
#define PCAP_LINK_TYPE 0x0000ffffu
#define PCAP_LINK_RESERVED 0x0bff0000u
#define PCAP_LINK_HAS_FCS 0x04000000u
#define PCAP_LINK_FCS_SHIFT 28 /* FCS length, in units of 16 bits */

/*
 * Options of our own, from the range that pcapng leaves for local use: what
 * pcap says and pcapng cannot, so that the way there and back loses nothing.
 * Of an interface: the file header, as stored. Of a packet: its seconds and
 * fraction, 32 bits each, when the fraction is out of range.
 */
#define OPTION_PCAP_HEADER 0xa1b2
#define OPTION_PCAP_TIME 0xa1b2

/* Is this file header just what pcap_header_put() would make of its snapshot
   length, link type and resolution? */
static inline bool pcap_header_is_plain(const uint8_t *p)
{
	uint32_t link = get32(p + 20, false);
	uint32_t magic = get32(p, false);

	return (magic == PCAP_MAGIC || magic == PCAP_MAGIC_NS) &&
	       get16(p + 4, false) == PCAP_MAJOR &&
	       get16(p + 6, false) == PCAP_MINOR && get32(p + 8, false) == 0 &&
	       get32(p + 12, false) == 0 && get32(p + 16, false) != 0 &&
	       get32(p + 16, false) <= INT32_MAX &&
	       !(link & PCAP_LINK_RESERVED) &&
	       (link & PCAP_LINK_HAS_FCS || link >> PCAP_LINK_FCS_SHIFT == 0);
}

#endif
