/*
 * Link types: LINKTYPE_ numbers are what savefiles hold and what all of the
 * tool speaks; DLT_ numbers are what this system's libpcap speaks. They are
 * the same but for a few, and some differ from system to system.
 */
#ifndef CAPTURE_LINKTYPE_H
#define CAPTURE_LINKTYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

uint32_t linktype_of_dlt(int dlt);
int linktype_dlt(uint32_t linktype);

/*
 * A link type by the name that libpcap has for it ("EN10MB", any case,
 * optionally with "DLT_" or "LINKTYPE_" before it) or by its LINKTYPE_ number.
 * false: *err says that there is none (ERR_USAGE).
 */
bool linktype_parse(const char *text, uint32_t *linktype, struct err *err);

/* libpcap's name without prefix ("EN10MB"); NULL: it has none. */
const char *linktype_name(uint32_t linktype);

#endif
