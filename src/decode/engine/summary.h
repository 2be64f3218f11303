/*
 * The one-line text of a packet, made layer by layer by each protocol's
 * summary(). Lines of link, network and transport protocols have the wording
 * of tcpdump's, so that eyes and scripts carry over.
 */
#ifndef DECODE_ENGINE_SUMMARY_H
#define DECODE_ENGINE_SUMMARY_H

#include <string.h>

#include "base/fmt.h"
#include "base/str.h"
#include "decode/dissect.h"

/* Name of an address, a port or a MAC address's vendor for -N; NULL: show the
   number alone. The text is
   borrowed until the next call. */
struct summary_names {
	const char *(*ip)(void *with, const uint8_t *bytes, size_t n);
	const char *(*port)(void *with, bool tcp, uint16_t port);
	const char *(*vendor)(void *with, const uint8_t mac[6]);
	void *with;
};

struct summary_options {
	unsigned verbose; /* -v */
	bool link;	  /* -e */
	bool quick;	  /* -q */
	bool raw_seq;
	bool dumped; /* -x, -X or -A: the bytes are shown after the line; or
			-q: they are not shown at all */
	const struct summary_names *names; /* NULL: numbers */
	/* The name of this host's interface with that index, or NULL; the
	   function may be NULL too. */
	const char *(*iface_name)(uint32_t index);
};

struct summary {
	char *at;	 /* where the text goes on, in `out`, */
	char *end;	 /* and where its room ends */
	struct str *out; /* knows of it after summary_close() */
	const struct summary_options *o;
	const struct dissect *d;
	const struct layer *layer; /* the one to describe */
	const struct layer *next;  /* above it; NULL: not decoded */
	bool alarm; /* for the summaries to set: something is out of order */
	size_t dump_at;	   /* what a row of bytes begins to count from */
	char nowhere[256]; /* for summary_room() */
};

/* The first value of the current layer's field (its index in the protocol's
   table); NULL: not there. */
const struct value *summary_value(const struct summary *l, unsigned field);

/* Its number, 0 if it is not there. */
uint64_t summary_num(const struct summary *l, unsigned field);

/*
 * All of the layer's values at once, by index of field: the last one of each.
 * Fields beyond the 64th are left out; the number of one that is not there is
 * 0. For summaries that need several.
 */
struct summary_got {
	uint64_t have; /* bit n: field n is there */
	union {
		uint64_t num;
		const uint8_t *bytes;
	} v[64];
};
void summary_get(const struct summary *l, struct summary_got *got);

static inline bool summary_has(const struct summary_got *got, unsigned field)
{
	return got->have >> field & 1;
}

/* The index of a value's field in its protocol's table. */
static inline unsigned summary_index(const struct summary *l,
				     const struct value *v)
{
	return (unsigned)v->field - l->layer->base;
}

/* ---- writing ------------------------------------------------------------ */

/* Between these the text is at `out`'s end; nothing else is appended to it. */
void summary_open(struct summary *l, struct str *out);
void summary_close(struct summary *l);

/* n bytes of room, n <= 256. Never NULL: without memory the bytes go where
   they are forgotten and the text is marked as failed. */
char *summary_room_slow(struct summary *l, size_t n);
static inline char *summary_room(struct summary *l, size_t n)
{
	if (__builtin_expect((size_t)(l->end - l->at) > n, 1))
		return l->at;
	return summary_room_slow(l, n);
}

/* What was written into the room ends at end. */
static inline void summary_end(struct summary *l, char *end)
{
	l->at = end;
}

/* How long the text is, with what was there before the line. */
static inline size_t summary_len(const struct summary *l)
{
	return l->out->failed ? SIZE_MAX : (size_t)(l->at - l->out->text);
}

void summary_put(struct summary *l, const char *text, size_t n);
static inline void summary_puts(struct summary *l, const char *text)
{
	size_t n = strlen(text);

	/* constants mostly */
	if (__builtin_constant_p(n) && n <= 16)
		summary_end(l, (char *)memcpy(summary_room(l, n), text, n) + n);
	else
		summary_put(l, text, n);
}
void summary_printf(struct summary *l, const char *format, ...)
    PRINTF_LIKE(2, 3);
void summary_dec(struct summary *l, uint64_t n);
void summary_ip(struct summary *l, const uint8_t *bytes, size_t n);
void summary_ip4(struct summary *l, uint32_t address);
void summary_ether(struct summary *l, const uint8_t *bytes);
/* Text from the packet, made harmless. */
void summary_foreign(struct summary *l, const void *text, size_t n);
/* The name of the packet's interface (NULL: unknown), in a column. */
void summary_interface(struct summary *l, const char *name);
/* A value's text. */
void summary_text(struct summary *l, const struct value *v);

/* Write what precedes a message's text: `before` if it is the layer's
   first one, else "; ". */
static inline void line_between(struct summary *l, bool *first,
				const char *before)
{
	summary_puts(l, *first ? before : "; ");
	*first = false;
}

/* The mark of a layer that ends too early, " [|name]"; nothing if it is
   whole. */
void summary_mark(struct summary *l);

/* As tcpdump prints payload that it does not know: hexadecimal digits and
   text, each row after prefix. */
void summary_dump(struct summary *l, const uint8_t *bytes, size_t n,
		  const char *prefix);

/* The same without the text. */
void summary_hex(struct summary *l, const uint8_t *bytes, size_t n,
		 const char *prefix);

/* Payload that no decoder knows, unless it is shown anyway. */
void line_payload(struct summary *l, const uint8_t *bytes, size_t n);

/* "src.sport > dst.dport: " with the addresses of the IP layer below. */
void summary_ports(struct summary *l, bool tcp, uint16_t sport, uint16_t dport);

/* "src > dst:" of the layer below, for a layer cut short before its ports. */
void summary_hosts(struct summary *l);

/* Do packets of this IP protocol start with ports, which are shown with the
   addresses? */
bool proto_has_ports(uint8_t ip_protocol);

#endif
