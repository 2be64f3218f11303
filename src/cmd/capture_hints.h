/* What the user of `capture` may have meant. */
#ifndef CMD_CAPTURE_HINTS_H
#define CMD_CAPTURE_HINTS_H

#include "base/str.h"
#include "cmd/opt.h"

/* An interface that may have been meant by the first operand. */
void capture_hint_interface(const struct args *args);

/* What was meant, if it was not a capture filter that failed so. */
void capture_hint_filters(const struct str *filters, size_t n,
			  const struct err *why);

#endif
