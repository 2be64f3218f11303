/* Filters of LDAP as text (RFC 4515). */
#ifndef DECODE_SERVICES_LDAP_FILTER_H
#define DECODE_SERVICES_LDAP_FILTER_H

#include "decode/lib/ber.h"

/* Kinds, by their tags (RFC 4511, section 4.5.1.7). */
enum ldap_filter {
	FILTER_AND,
	FILTER_OR,
	FILTER_NOT,
	FILTER_EQUAL,
	FILTER_SUBSTRINGS,
	FILTER_GREATER,
	FILTER_LESS,
	FILTER_PRESENT,
	FILTER_APPROX,
	FILTER_EXTENSIBLE
};

extern const struct names ldap_filter_names[];

/*
 * Write the filter at `at`, where n bytes are free: what does not fit, or is
 * nested too deep, is left away. b is used up. Returns the text's end.
 */
char *ldap_filter_text(struct ber *b, char *at, size_t n);

#endif
