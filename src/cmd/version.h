/* What --version prints. */
#ifndef CMD_VERSION_H
#define CMD_VERSION_H

#include "base/str.h"

/* The tool's version, the libpcap in use, and the features built in. */
void version_text(struct str *out);

#endif
