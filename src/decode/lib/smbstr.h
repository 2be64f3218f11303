/* Texts of Microsoft's protocols: UTF-16 and NetBIOS names. */
#ifndef DECODE_LIB_SMBSTR_H
#define DECODE_LIB_SMBSTR_H

#include "decode/proto.h"

/* Record n bytes of UTF-16, least significant byte first, as UTF-8. */
void take_utf16(struct dissect *d, struct cur *c, const struct field *f,
		size_t n);

/* Record text that ends with NUL, in UTF-16 or in bytes, and step over
   that. */
void take_zero_text(struct dissect *d, struct cur *c, const struct field *f,
		    bool utf16);

/* Record an encoded NetBIOS name (RFC 1001, 14.1): its 15 characters and, in
   angle brackets, its type. */
void take_netbios_name(struct dissect *d, struct cur *c, const struct field *f);

#endif
