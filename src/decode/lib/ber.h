/*
 * Basic Encoding Rules of ASN.1 (X.690), as LDAP, SNMP, Kerberos and X.509
 * use them: elements of an identifier, a length and contents. The indefinite
 * form of lengths, which these forbid, makes the cursor MALFORMED.
 */
#ifndef DECODE_LIB_BER_H
#define DECODE_LIB_BER_H

#include "decode/proto.h"

/* Identifier bytes: class, "constructed" and number together. */
enum {
	BER_BOOLEAN = 0x01,
	BER_INTEGER = 0x02,
	BER_BITS = 0x03,
	BER_BYTES = 0x04,
	BER_NULL = 0x05,
	BER_OID = 0x06,
	BER_ENUM = 0x0a,
	BER_UTF8 = 0x0c,
	BER_SEQUENCE = 0x30,
	BER_SET = 0x31,
	/* add the number to these */
	BER_APP = 0x40,
	BER_APP_CONS = 0x60,
	BER_CONTEXT = 0x80,
	BER_CONTEXT_CONS = 0xa0,
};

struct ber {
	unsigned id;	 /* first identifier byte */
	unsigned number; /* the tag's number */
	struct cur body; /* the contents */
};

/*
 * Read the next element and step over it. false: nothing is left, or no
 * element can be read (then the cursor has failed, or it ended in between).
 */
bool ber_next(struct cur *c, struct ber *b);

/* If the next element has this identifier: step over it, and its contents are
 *body. Else nothing is taken. */
bool ber_enter(struct cur *c, unsigned id, struct cur *body);

/* The contents as a number in two's complement; no more than 8 bytes count
   (9 if the first is 0). */
int64_t ber_number(struct cur body);

/* If the next element has this identifier: record its number, text or bytes,
   as the field's type asks. *num (may be NULL) gets the number. */
bool ber_take(struct dissect *d, struct cur *c, unsigned id,
	      const struct field *f, int64_t *num);

/* Record contents. */
void ber_note(struct dissect *d, struct cur body, const struct field *f);

/* Record the contents as an object identifier in dotted form. */
void ber_note_oid(struct dissect *d, struct cur body, const struct field *f);

/* Record contents that are a GeneralizedTime such as "20370913024805Z" or a
   UTCTime such as "370913024805Z". Nothing is recorded of others. */
void ber_note_time(struct dissect *d, struct cur body, const struct field *f);

/* struct proto's message() for messages that are one element each. */
bool ber_message(struct cur *c, struct framing *f);

#endif
