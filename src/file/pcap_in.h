/* The parts of the pcap reader among themselves. */
#ifndef FILE_PCAP_IN_H
#define FILE_PCAP_IN_H

#include "file/pcap.h"
#include "file/reader.h"

struct pcap_in {
	bool swapped;
	bool told;	   /* the sink knows the interface */
	bool ahead;	   /* the bytes asked for are only to be looked at */
	uint32_t header;   /* bytes of a record header */
	uint32_t fraction; /* time stamp units in a second */
	uint32_t unit;	   /* ns in a time stamp unit */
	uint32_t snaplen;  /* a longer packet deserves a note */
	enum { LENGTHS_RIGHT, LENGTHS_SWAPPED, LENGTHS_MAYBE } lengths;
	uint8_t start[PCAP_HEADER]; /* the file header as stored */
	bool noted_long, noted_wire, noted_time;
	int64_t last_sec; /* of the last packet that was whole (recover) */
	bool some;	  /* there is one */
	uint8_t option[4 + PCAP_HEADER];
	struct pkt_meta meta;
};

/*
 * Parse up to most whole records of the window into r->pkts. Returns 0 when
 * there are that many or r->err is set, else how many bytes the next record
 * needs, as far as is known.
 */
size_t pcapin_batch(struct reader *r, struct pcap_in *f, size_t most);

/* The input ends within a record that needs need bytes: READER_FAULT, or
   READER_END if it ends before the record. */
enum reader_event pcapin_cut(struct reader *r, size_t need);

/* What pcapin's next() is in a damaged file: see pcap_recover.c. */
enum reader_event pcapin_recover(struct reader *r, struct pcap_in *f);

#endif
