/* Names of the files that a savefile is split into. */
#ifndef CMD_SPLIT_NAME_H
#define CMD_SPLIT_NAME_H

#include "base/str.h"
#include "pkt/split.h"

/*
 * The name of a part, from the name given with -w: {n} is its number, with at
 * least five digits, {time} its time (UTC, 20260131T120000Z), {key} what is
 * split by. Without any of these, "-{key}" (when there is one) and, where
 * numbered says that a key alone does not tell parts apart, "-{n}" come before
 * the suffix. *out is appended to.
 */
void split_name(struct str *out, const char *name,
		const struct split_part *part, bool numbered);

#endif
