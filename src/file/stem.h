/* Where the suffix of a savefile's name begins. */
#ifndef FILE_STEM_H
#define FILE_STEM_H

#include <stddef.h>

/* How many bytes of name are in front of its suffix: ".pcap.zst" is one. */
size_t name_stem(const char *name);

#endif
