/*
 * From packets to values, as seen by those who use them: a plan says before
 * the run which fields are wanted, a dissect holds the layers and values of
 * one packet at a time. Decoders see the other side, decode/proto.h.
 *
 * A plan does not change once it is ready, so any number of threads may use
 * it, each with a dissect of its own. Decoding allocates nothing.
 */
#ifndef DECODE_DISSECT_H
#define DECODE_DISSECT_H

#include "base/cursor.h"
#include "base/err.h"
#include "decode/field.h"
#include "pkt/pkt.h"

enum {
	DISSECT_LAYERS = 32,	 /* deeper layers are not looked at */
	DISSECT_VALUES = 10000,	 /* per packet; later ones are dropped */
	DISSECT_SCRATCH = 65536, /* bytes of text that decoders make */
	DISSECT_COMMENTS =
	    1000, /* per packet, so that there is room for more */
};

/* What a protocol registers under, and what decoders dispatch by. */
enum key_space {
	KEY_LINKTYPE,  /* LINKTYPE_ values */
	KEY_ETHERTYPE, /* IEEE EtherType */
	KEY_LLC,       /* IEEE 802.2; value 0 */
	KEY_SAP,       /* destination service access points of LLC */
	KEY_NLPID,     /* ISO/IEC TR 9577 network layer protocol ids */
	KEY_CISCO,     /* protocols of SNAP's OUI 00000c */
	KEY_PPP,       /* PPP protocol numbers */
	KEY_AF,	       /* address families of BSD loopback headers */
	KEY_IPPROTO,   /* IANA protocol numbers */
	KEY_TCP_PORT,
	KEY_UDP_PORT,
	KEY_TCP_GUESS, /* heuristics; the value is their rank, from 0 */
	KEY_UDP_GUESS,
	KEY_UDP_MEDIA, /* announced by others: MEDIA_ values */
	KEY_DIRECT,    /* reached by name from another decoder; no value */
	KEY_SPACES
};

/* What conversations over UDP carry because another one said so. */
enum { MEDIA_RTP, MEDIA_RTCP, MEDIA_TFTP, MEDIA_TURN };

/* Protocols have numbers, enum proto_id: include decode/proto_ids.h to name
   one. */
enum { PROTO_NONE };

struct proto;

/* One protocol's part of a packet. */
struct layer {
	const struct proto *proto;
	const char *name;    /* in frame.protocols; mostly proto->name */
	const uint8_t *data; /* its first byte */
	uint32_t caplen;     /* bytes captured of it and what it carries */
	uint32_t len;	     /* bytes promised by the layer below */
	uint16_t first;	     /* its values: first up to but not end */
	uint16_t end;
	uint16_t base;	/* number of its protocol's first field */
	uint8_t id;	/* enum proto_id */
	uint8_t via;	/* enum key_space that led here, */
	uint32_t key;	/* and the value in it */
	uint8_t state;	/* enum cur_state in which its decoder ended */
	uint8_t n_addr; /* bytes of each address: 4, 16; 6: MAC; 0: none */
	bool silent;	/* not shown in lines */
	bool quoted;	/* part of a packet that an error message quotes */
	bool again;	/* after the layer before, not in it: another message */
	const uint8_t *src, *dst; /* its addresses, if it has them */
	const uint8_t *shown_dst; /* of IP, as the header has it: dst is the
				     end of a source route */
	/* What decode() leaves for summary() beside the values: what every
	   line shows is faster said here. Each protocol has its own order. */
	uint32_t fact[8];
	uint16_t port; /* destination port */
};

struct plan;
struct flow_context;

struct dissect {
	const struct plan *plan;
	const struct pkt *pkt;
	const struct iface *iface; /* NULL: nothing is known of it */
	struct layer layers[DISSECT_LAYERS];
	unsigned n_layers;
	unsigned n_values;
	struct value *values;
	const struct field *const *rows; /* fields by number */
	struct cur rest;		 /* what no decoder took */
	bool dropped; /* there were more layers, values or text */

	/* Set by the caller before each packet where they matter: the times of
	   the first packet and of the one before, and the flow context. */
	int64_t first_ns, previous_ns;
	int64_t displayed_ns;	      /* of the one before that was selected */
	struct flow_context *context; /* NULL: no flow context */
	uint32_t hints; /* of the current conversation; decode/flow/hints.h */
	uint8_t phase;	/* of the protocol over TCP: struct framing's before the
			   first message */
	uint32_t app_state; /* of the protocol over TCP; on_message() in */
	const struct stream_note *notes;  /* decode/proto.h */
	const struct quic_opened *opened; /* of the current datagram, or NULL */

	/* For the engine and decoders only: */
	struct layer *layer;
	const struct layer *net;    /* the last layer with addresses, or NULL */
	const uint8_t *want;	    /* by field of the current protocol */
	unsigned want_first;	    /* no field before this index is wanted */
	unsigned want_end;	    /* nor one from this index on */
	const bool *beyond;	    /* by enum key_space: leads it anywhere? */
	const struct field *fields; /* of the current protocol */
	uint16_t base;		    /* number of its first field */
	uint8_t next, next_via;
	uint32_t next_key;
	bool next_quoted;
	uint8_t inside; /* PROTO_NONE, or the layer is a tunnel only, which
			   this protocol is in */
	/* Whose message began here and did not end, and in whose tunnel. */
	uint8_t begun, begun_inside;
	int protocols;	 /* the value that lists the layers' names; -1: none */
	bool next_again; /* what is handed on is `more` */
	bool next_is_rest;    /* what is handed on is `rest`, */
	struct cur rest_next; /* or this */
	/* Once nothing comes next: another payload of a lower layer. */
	uint8_t more, more_inside;
	bool more_fresh; /* what is remembered is not of it */
	uint32_t more_key;
	struct cur more_cur;
	uint8_t *scratch;
	size_t scratch_len;
	struct crypto *crypto; /* once it was needed */
	bool no_crypto;	       /* there is none */
};

/* A plan for which nothing is wanted yet. NULL: no memory. */
struct plan *plan_open(struct err *err);
void plan_close(struct plan *plan);

/* Want the field of this name. false: there is none, *err suggests one; or it
   needs libcrypto, which is not built in. */
bool plan_want(struct plan *plan, const char *name, struct err *err);

/* The same by the field's number. */
bool plan_want_number(struct plan *plan, unsigned number, struct err *err);

/*
 * Decode what a key leads to as another protocol: "tcp port 8000=http",
 * "udp port 1700=radius", "ethertype 0x1234=ip", "ip proto 99=tcp",
 * "linktype 147=eth". false: *err says what is wrong.
 */
bool plan_force(struct plan *plan, const char *rule, struct err *err);

/* Want every field, or those whose flags have one of these. */
void plan_want_all(struct plan *plan);
void plan_want_flags(struct plan *plan, unsigned flags);

/* Look into every layer that has a summary(). */
void plan_want_lines(struct plan *plan);

/* Look into layers of this protocol, all of each, even where no field is
   wanted. */
void plan_want_proto(struct plan *plan, unsigned id);

/* Look into every layer, even where no field is wanted. */
void plan_want_layers(struct plan *plan);

/*
 * Only values are looked at, not layers: decoders may stop as soon as nothing
 * that is left can lead to a wanted field. Layers may then be missing, and
 * those there have no facts, and states that tell of what was read.
 */
void plan_only_values(struct plan *plan);

/* Is this one wanted? */
bool plan_wants(const struct plan *plan, const char *name);

/* Is a field wanted whose flags have one of these? */
bool plan_wants_flags(const struct plan *plan, unsigned flags);

/* Is any field of this protocol (enum proto_id), or the protocol itself? */
bool plan_wants_of(const struct plan *plan, unsigned id);

/* Is any of its fields whose flags have one of these? */
bool plan_wants_flags_of(const struct plan *plan, unsigned id, unsigned flags);

/* Once the plan is ready: does it look into a protocol whose messages may be
   longer than a segment? */
bool plan_wants_messages(const struct plan *plan);

/* Once the plan is ready: does it want what whole datagrams of IP hold? */
bool plan_wants_datagrams(const struct plan *plan);

/* After the last wish and before the first packet. */
void plan_ready(struct plan *plan);

/* Once the plan is ready: are layers of this protocol looked into? */
bool plan_looks_into(const struct plan *plan, unsigned id);

/* Once the plan is ready: the protocol that a key leads to; PROTO_NONE: there
   is none, or nothing wanted can be found by it. */
unsigned plan_leads_to(const struct plan *plan, enum key_space space,
		       uint32_t value);

/*
 * Once the plan is ready: the keys of a space that lead to what is wanted, each
 * once and in no order; the first `room` of them. Returns how many there are.
 */
size_t plan_keys(const struct plan *plan, enum key_space space,
		 uint32_t *values, size_t room);

/* Once the plan is ready: mark the protocols (PROTO_COUNT of them) that may be
   found in what a protocol hands on, but for those that its ports lead to. */
void plan_leads_beyond(const struct plan *plan, unsigned id, bool *beyond);

/* Fields by number (struct value; one without a name beyond the last), and
   protocols by enum proto_id. */
const struct field *field_at(unsigned number);
unsigned field_count(void);
/* The protocol of the field of that number, which has a name. */
unsigned field_proto(unsigned number);
/* The number of the field with this name, or -1. */
int field_find(const char *name);
const struct proto *proto_at(unsigned id);

/* A dissect for one thread. The plan stays the caller's. NULL: no memory. */
struct dissect *dissect_open(const struct plan *plan, struct err *err);
void dissect_close(struct dissect *d);

/*
 * Decode one packet: fills layers and values, which hold until the next call
 * and point into the packet. iface may be NULL (link type unknown).
 */
void dissect_packet(struct dissect *d, const struct pkt *pkt,
		    const struct iface *iface);

#endif
