/*
 * A packet that is too long to be held: its beginning is, and the rest stays
 * in the file that is read, or goes to a temporary one where that can be read
 * only once.
 */
#ifndef FILE_LONG_PACKET_H
#define FILE_LONG_PACKET_H

#include <stdio.h>

#include "file/input.h"
#include "pkt/tail.h"

/* Records beyond this are taken as long packets, with up to so many bytes at
   data. */
#define LONG_RECORD ((uint32_t)1 << 20)
#define LONG_HEAD LONG_RECORD

/* All zero: there was none yet. */
struct long_packet {
	struct pkt_tail tail; /* of the last one */
	uint8_t *head;	      /* LONG_HEAD bytes */
	uint8_t *options;     /* OPTIONS_SHOWN bytes, for the reader's use */
	const struct infile *file; /* the rest is in this one, */
	FILE *spool;		   /* or here (owned), */
	uint64_t at;		   /* from there on */
	bool in_file;
	bool failed; /* writing to spool did */
};

/*
 * Take n (at most LONG_HEAD) bytes of the input into head, and step over rest
 * bytes, which the tail reads from then on. INPUT_END: the input ends before,
 * *got is how many bytes there were. INPUT_BROKEN: *err says why.
 */
enum input_state long_packet_take(struct long_packet *l, struct input *in,
				  uint32_t n, uint32_t rest, uint64_t *got,
				  struct err *err);

void long_packet_fini(struct long_packet *l);

#endif
