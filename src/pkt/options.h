/*
 * Walking pcapng options as stored (draft-ietf-opsawg-pcapng, section 3.5):
 * code (16 bits), length (16), value padded to 32 bits; code 0 ends them, as
 * does the end of the bytes.
 */
#ifndef PKT_OPTIONS_H
#define PKT_OPTIONS_H

#include <string.h>

#include "pkt/pkt.h"

/* Codes that mean the same in every block. */
enum {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_CUSTOM_TEXT = 2988,
	OPTION_CUSTOM = 2989,
	OPTION_CUSTOM_TEXT_PRIVATE = 19372, /* not to be copied to a file */
	OPTION_CUSTOM_PRIVATE = 19373	    /* whose packets were changed */
};

/* Codes of packets. */
enum {
	EPB_FLAGS = 2,
	EPB_HASH = 3,
	EPB_DROPCOUNT = 4,
	EPB_PACKETID = 5,
	EPB_QUEUE = 6,
	EPB_VERDICT = 7,
	EPB_PROCESSID = 8
};

/* Codes of interfaces. */
enum {
	IF_NAME = 2,
	IF_DESCRIPTION = 3,
	IF_MACADDR = 6,
	IF_SPEED = 8,
	IF_TSRESOL = 9,
	IF_TZONE = 10,
	IF_FILTER = 11,
	IF_OS = 12,
	IF_FCSLEN = 13,
	IF_TSOFFSET = 14,
	IF_HARDWARE = 15,
	IF_TXSPEED = 16,
	IF_RXSPEED = 17,
	IF_LAST = 18 /* of those that are known */
};

/* Codes of counts. */
enum {
	ISB_STARTTIME = 2,
	ISB_ENDTIME = 3,
	ISB_IFRECV = 4,
	ISB_IFDROP = 5,
	ISB_FILTERACCEPT = 6,
	ISB_OSDROP = 7,
	ISB_USRDELIV = 8
};

struct option {
	uint16_t code, len;
	const uint8_t *value; /* len bytes, in the order of the block */
};

struct options {
	const uint8_t *pos, *end;
	bool swapped;
	bool bad; /* an option reaches beyond the end: it is not returned */
};

static inline uint16_t option_u16(const uint8_t *p, bool swapped)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return swapped ? (uint16_t)(v << 8 | v >> 8) : v;
}

static inline uint32_t option_u32(const uint8_t *p, bool swapped)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	if (swapped)
		v = v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
	return v;
}

/* len bytes of options at p, which may be NULL if len is 0. */
static inline struct options options_of(const uint8_t *p, size_t len,
					bool swapped)
{
	return (struct options){p, len ? p + len : p, swapped, false};
}

/* All options of a packet, an interface or a count; meta may be NULL. */
static inline struct options options_of_meta(const struct pkt_meta *meta)
{
	return meta
		   ? options_of(meta->options, meta->options_len, meta->swapped)
		   : options_of(NULL, 0, false);
}

/* So many bytes of a packet's options are shown at most. */
#define OPTIONS_SHOWN ((size_t)256 << 10)

/* The next option; false: there is none. Then o->pos is where the options
   end (or where the bad one begins). */
static inline bool options_next(struct options *o, struct option *option)
{
	size_t left = (size_t)(o->end - o->pos), whole;

	if (left < 4 || o->bad) {
		o->bad = o->bad || left > 0;
		return false;
	}
	option->code = option_u16(o->pos, o->swapped);
	option->len = option_u16(o->pos + 2, o->swapped);
	option->value = o->pos + 4;
	if (option->code == OPTION_END)
		return false;
	whole = 4 + (((size_t)option->len + 3) & ~(size_t)3);
	if (whole > left) {
		o->bad = true;
		return false;
	}
	o->pos += whole;
	return true;
}

#endif
