/* Wireshark's display filters, as far as pcap-filter(7) can say them. */
#ifndef CMD_DISPLAY_FILTER_H
#define CMD_DISPLAY_FILTER_H

#include <stdbool.h>

#include "base/str.h"

/* Append the filter expression for a display filter such as "ip.addr ==
   192.0.2.1 && dns". false: not all of it can be said; *out is undefined. */
bool display_filter_convert(const char *text, struct str *out);

#endif
