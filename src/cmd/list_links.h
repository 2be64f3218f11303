/* list -v: what the system knows of an interface besides what libpcap lists. */
#ifndef CMD_LIST_LINKS_H
#define CMD_LIST_LINKS_H

#include "base/str.h"

/* Append what is known, a line each below the interface; what is not is left
   out. */
void list_link_text(const char *name, struct str *out);

/* The same as members of the interface's object, each with a comma before it;
   what is not known is null. */
void list_link_json(const char *name, struct str *out);

#endif
