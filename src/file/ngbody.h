/*
 * Bodies of pcapng blocks that are written seldom, built as growing text in the
 * byte order of their section. Lack of memory is remembered in the text.
 */
#ifndef FILE_NGBODY_H
#define FILE_NGBODY_H

#include "base/str.h"
#include "pkt/pkt.h"

struct body {
	struct str text; /* ends with str_fini() */
	bool swapped;	 /* in the other byte order than this host's */
};

void body_u32(struct body *b, uint32_t v);
void body_u16(struct body *b, uint16_t v);

/* An option; what is too long for one is cut. */
void body_option(struct body *b, uint16_t code, const void *value, size_t len);

/* An option that is text; NULL: none. */
void body_text(struct body *b, uint16_t code, const char *text);

/* Is there an option of this code? meta may be NULL. */
bool meta_has(const struct pkt_meta *meta, uint16_t code);

/* The options of an interface block: what *i says and i->meta does not. */
void body_iface(struct body *b, const struct iface *i);

/*
 * The options of a statistics block. start, end: in units of the interface's
 * resolution; filtered: received counts what passed a filter.
 */
void body_counters(struct body *b, const struct counters *c, uint64_t start,
		   uint64_t end, bool filtered);

#endif
