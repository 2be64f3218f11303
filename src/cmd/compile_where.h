/* compile --where: what becomes of a field expression. */
#ifndef CMD_COMPILE_WHERE_H
#define CMD_COMPILE_WHERE_H

#include "cmd/compile.h"

/* Print the stages of the expression, for that link type, or its translation.
   Returns the exit status. */
int compile_where(const struct compile_conf *conf, uint32_t linktype);

#endif
