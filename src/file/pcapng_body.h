/*
 * Bodies of pcapng blocks that are written seldom, built as growing text in the
 * byte order of their section. Lack of memory is remembered in the text.
 */
#ifndef FILE_PCAPNG_BODY_H
#define FILE_PCAPNG_BODY_H

#include "base/str.h"
#include "pkt/pkt.h"

struct pcapng_body {
	struct str text; /* ends with str_fini() */
	bool swapped;	 /* in the other byte order than this host's */
};

void pcapng_body_u32(struct pcapng_body *b, uint32_t v);
void pcapng_body_u16(struct pcapng_body *b, uint16_t v);

/* An option; what is too long for one is cut. */
void pcapng_body_option(struct pcapng_body *b, uint16_t code, const void *value,
			size_t len);

/* An option that is text; NULL: none. */
void pcapng_body_text(struct pcapng_body *b, uint16_t code, const char *text);

/* Is there an option of this code? meta may be NULL. */
bool meta_has(const struct pkt_meta *meta, uint16_t code);

/* The options of an interface block: what *i says and i->meta does not. */
void pcapng_body_iface(struct pcapng_body *b, const struct iface *i);

/*
 * The options of a statistics block. start, end: in units of the interface's
 * resolution; filtered: received counts what passed a filter.
 */
void pcapng_body_counters(struct pcapng_body *b, const struct counters *c,
			  uint64_t start, uint64_t end, bool filtered);

#endif
