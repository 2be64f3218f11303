/*
 * The one-line text of a packet, made layer by layer by each protocol's
 * summary(). Lines of link, network and transport protocols have the wording
 * of tcpdump's, so that eyes and scripts carry over.
 */
#ifndef DECODE_ENGINE_LINE_H
#define DECODE_ENGINE_LINE_H

#include <string.h>

#include "base/fmt.h"
#include "base/str.h"
#include "decode/dissect.h"

/* Name of an address, a port or a MAC address's vendor for -N; NULL: show the
   number alone. The text is
   borrowed until the next call. */
struct line_names {
	const char *(*ip)(void *with, const uint8_t *octets, size_t n);
	const char *(*port)(void *with, bool tcp, uint16_t port);
	const char *(*vendor)(void *with, const uint8_t mac[6]);
	void *with;
};

struct line_options {
	unsigned verbose; /* -v */
	bool link;	  /* -e */
	bool quick;	  /* -q */
	bool raw_seq;
	const struct line_names *names; /* NULL: numbers */
	/* The name of this host's interface with that index, or NULL; the
	   function may be NULL too. */
	const char *(*iface_name)(uint32_t index);
};

struct line {
	char *at;	 /* where the text goes on, in `out`, */
	char *end;	 /* and where its room ends */
	struct str *out; /* knows of it after line_close() */
	const struct line_options *o;
	const struct dissect *d;
	const struct layer *layer; /* the one to describe */
	const struct layer *next;  /* above it; NULL: nobody decoded that */
	bool alarm; /* for the summaries to set: something is out of order */
	char nowhere[256]; /* for line_room() */
};

/* The first value of the current layer's field (its index in the protocol's
   table); NULL: not there. */
const struct value *line_value(const struct line *l, unsigned field);

/* Its number, 0 if it is not there. */
uint64_t line_num(const struct line *l, unsigned field);

/*
 * All of the layer's values at once, by index of field: the last one of each.
 * Fields beyond the 64th are left out; the number of one that is not there is
 * 0. For summaries that need several.
 */
struct line_got {
	uint64_t have; /* bit n: field n is there */
	union {
		uint64_t num;
		const uint8_t *octets;
	} v[64];
};
void line_get(const struct line *l, struct line_got *got);

static inline bool line_has(const struct line_got *got, unsigned field)
{
	return got->have >> field & 1;
}

/* The index of a value's field in its protocol's table. */
static inline unsigned line_index(const struct line *l, const struct value *v)
{
	return (unsigned)v->field - l->layer->base;
}

/* ---- writing ------------------------------------------------------------ */

/* Between these the text is at `out`'s end; nobody else appends to it. */
void line_open(struct line *l, struct str *out);
void line_close(struct line *l);

/* n octets of room, n <= 256. Never NULL: without memory the octets go where
   they are forgotten and the text is marked as failed. */
char *line_room_slow(struct line *l, size_t n);
static inline char *line_room(struct line *l, size_t n)
{
	if (__builtin_expect((size_t)(l->end - l->at) > n, 1))
		return l->at;
	return line_room_slow(l, n);
}

/* What was written into the room ends at end. */
static inline void line_end(struct line *l, char *end)
{
	l->at = end;
}

/* How long the text is, with what was there before the line. */
static inline size_t line_len(const struct line *l)
{
	return l->out->failed ? SIZE_MAX : (size_t)(l->at - l->out->text);
}

void line_put(struct line *l, const char *text, size_t n);
static inline void line_puts(struct line *l, const char *text)
{
	size_t n = strlen(text);

	/* constants mostly */
	if (__builtin_constant_p(n) && n <= 16)
		line_end(l, (char *)memcpy(line_room(l, n), text, n) + n);
	else
		line_put(l, text, n);
}
void line_printf(struct line *l, const char *format, ...) PRINTF_LIKE(2, 3);
void line_dec(struct line *l, uint64_t n);
void line_ip(struct line *l, const uint8_t *octets, size_t n);
void line_ip4(struct line *l, uint32_t address);
void line_ether(struct line *l, const uint8_t *octets);
/* Text from the packet, made harmless. */
void line_foreign(struct line *l, const void *text, size_t n);
/* A value's text. */
void line_text(struct line *l, const struct value *v);

/* The mark of a layer that ends too early, " [|name]"; nothing if it is
   whole. */
void line_mark(struct line *l);

/* As tcpdump prints payload that it does not know: hexadecimal digits and
   text, each row after prefix. */
void line_dump(struct line *l, const uint8_t *octets, size_t n,
	       const char *prefix);

/* The same without the text. */
void line_hex(struct line *l, const uint8_t *octets, size_t n,
	      const char *prefix);

/* "src.sport > dst.dport: " with the addresses of the IP layer below. */
void line_ports(struct line *l, bool tcp, uint16_t sport, uint16_t dport);

/* "src > dst:" of the layer below, for a layer cut short before its ports. */
void line_hosts(struct line *l);

/* Do packets of this IP protocol start with ports, which are shown with the
   addresses? */
bool proto_has_ports(uint8_t ip_protocol);

#endif
