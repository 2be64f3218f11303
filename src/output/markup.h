/* Text in SVG and HTML. */
#ifndef OUTPUT_MARKUP_H
#define OUTPUT_MARKUP_H

#include "base/str.h"

/* Append foreign text, harmless for terminals, for elements and for attributes
   in double quotes. */
void markup_text(struct str *out, const char *text, size_t n);

#endif
