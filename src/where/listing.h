/* A program as text, for people. */
#ifndef WHERE_LISTING_H
#define WHERE_LISTING_H

#include "base/str.h"
#include "where/program.h"

/* Append a line for each instruction. */
void program_list(const struct where_program *p, struct str *out);

#endif
