/*
 * A packet on its way through the tool, and the interface it was seen on.
 *
 * Packets are borrowed: everything a struct pkt points to is dead when the
 * sink that was handed it returns. A sink that must keep one copies it.
 */
#ifndef PKT_PKT_H
#define PKT_PKT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * struct pkt flags. The lowest two bits are the direction, with the values of
 * pcapng's epb_flags (draft-ietf-opsawg-pcapng, section 4.3).
 */
enum {
	PKT_INBOUND = 1,
	PKT_OUTBOUND = 2,
	PKT_DIRECTION = 3,	 /* mask; 0: unknown */
	PKT_RAW_TIME = 1 << 2,	 /* time_raw holds the stored time stamp */
	PKT_NO_TIME = 1 << 3,	 /* no time stamp, or (with PKT_RAW_TIME) one
				    that 64 bits of ns cannot say: time_ns is 0 */
	PKT_BAD_TIME = 1 << 4,	 /* the stored fraction is out of range: time_ns
				    is what they add up to, time_raw is seconds
				    << 32 | fraction as stored (pcap) */
	PKT_BAD_LENGTH = 1 << 5, /* the stored wire length, wirelen_raw, is
				    below caplen; wirelen is caplen */
	PKT_SUSPECT = 1 << 6,	 /* whole, but what is around it is damaged */
	PKT_LONG = 1 << 7,	 /* data is the beginning: see pkt/tail.h */
	PKT_REFUSED = 1 << 8	 /* not selected: only for who follows
				    conversations (select_show_refused()) */
};

struct pkt_tail;

/*
 * What pcapng stores beside a packet; owned by the source. A stage that
 * changes what the options say must change them too.
 */
struct pkt_meta {
	const uint8_t *options; /* raw options without opt_endofopt */
	size_t options_len;	/* a multiple of 4 */
	bool swapped;		/* in the other byte order than this host's */
	/* Where the rest of a long packet is, which always has a pkt_meta;
	   NULL: all is here. */
	struct pkt_tail *tail;
	bool bare; /* the options in it are not to be copied */
};

struct pkt {
	const uint8_t *data;
	uint32_t caplen;   /* bytes at data */
	uint32_t wirelen;  /* bytes on the wire, >= caplen */
	int64_t time_ns;   /* since 1970-01-01 00:00 UTC */
	uint64_t time_raw; /* with PKT_RAW_TIME: in units of the interface's
			      tsresol, before tsoffset */
	uint32_t iface;	   /* id of an interface the sink was given */
	uint32_t flags;
	uint32_t wirelen_raw;	     /* with PKT_BAD_LENGTH */
	uint32_t more;		     /* with PKT_LONG: captured bytes that are
					not at data */
	uint64_t number;	     /* from 1, in the order of the source */
	const struct pkt_meta *meta; /* NULL: none */
};

/* pcapng's if_tsresol: 10^-n, or 2^-n with the highest bit set. */
#define TSRESOL_MICRO 6
#define TSRESOL_NANO 9

/* "any" of Linux: each packet has its interface and direction. */
#define LINKTYPE_SLL2 276

/*
 * An interface: as much as is known of it. Text is borrowed, UTF-8 as stored
 * (foreign: escape before printing), NULL when unknown.
 */
struct iface {
	uint32_t id;	   /* what struct pkt's iface refers to */
	uint32_t linktype; /* LINKTYPE_ value, as in savefiles */
	uint32_t snaplen;  /* 0: no limit, or unknown */
	uint8_t tsresol;   /* resolution of time stamps */
	int64_t tsoffset;  /* seconds to add to stored time stamps */
	uint32_t section;  /* of a pcapng file, from 1; 0: not from one */
	int fcslen;	   /* bytes of frame check sequence; -1: unknown */
	bool swapped;	   /* from a savefile in the other byte order than this
			      host's, as some link headers are then too */
	const char *name, *description, *hardware, *os;
	const char *filter; /* the capture filter's text */
	const uint8_t *mac; /* 6 bytes, or NULL */
	uint64_t speed;	    /* bits per second; 0: unknown */
	/* all options as stored, for carrying through; NULL: none. What the
	   members above say and these do not is written as well; where both
	   say it, these are written. */
	const struct pkt_meta *meta;
};

/* A counter that is unknown. */
#define COUNT_UNKNOWN UINT64_MAX

/* Add n to a sum, which is unknown if either is. */
static inline void count_add(uint64_t *sum, uint64_t n)
{
	*sum = n == COUNT_UNKNOWN || *sum == COUNT_UNKNOWN ? COUNT_UNKNOWN
							   : *sum + n;
}

/* What a live source knows of one interface so far; each may be
   COUNT_UNKNOWN. */
struct counters {
	uint64_t delivered; /* packets handed to the sink */
	uint64_t received;  /* passed the filter, dropped ones included */
	uint64_t dropped;   /* by the kernel, for want of buffer */
	uint64_t ifdropped; /* by the interface or its driver */
	/* From a savefile: all options as stored, and the time of the counting
	   in units of the interface's tsresol; NULL: from elsewhere. */
	const struct pkt_meta *meta;
	uint64_t time_raw;
};

#endif
