/* What packets are grouped by, as text that is fit for a file's name. */
#ifndef PKT_KEYTEXT_H
#define PKT_KEYTEXT_H

#include "base/str.h"
#include "pkt/flowkey.h"

/* Foreign text: letters, digits and .+- stay, anything else becomes an
   underscore. */
void keytext_safe(struct str *s, const char *text);

/* An address of IP version 4 or 6. */
void keytext_addr(struct str *s, unsigned version, const uint8_t *bytes);

/* "tcp-192.0.2.1.80-198.51.100.2.40000"; without ports: "gre-A-B". */
void keytext_flow(struct str *s, const struct flowkey *key);

#endif
