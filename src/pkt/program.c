/* A packet filter program in memory: copying and freeing. */
#include "pkt/program.h"

#include <stdlib.h>
#include <string.h>

bool program_copy(struct program *to, const struct insn *insns, uint32_t n)
{
	*to = (struct program){0};
	if (n == 0)
		return true;
	to->insns = malloc(n * sizeof(*insns));
	if (!to->insns)
		return false;
	memcpy(to->insns, insns, n * sizeof(*insns));
	to->n = n;
	return true;
}

void program_fini(struct program *p)
{
	free(p->insns);
	*p = (struct program){0};
}
