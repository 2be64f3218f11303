/* A packet filter program in memory: copying, joining and freeing. */
#include "pkt/program.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

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

/* The codes of the instructions that join two programs. */
enum {
	LOAD_NUMBER = 0x00, /* A = k */
	JUMP = 0x05,
	JUMP_EQUAL = 0x15,
	RETURN_NUMBER = 0x06,
	RETURN_A = 0x16,
	COPY_TO_X = 0x07,
};

/*
 * Between the two: where the first one ends with the verdict A, a test of it
 * (instructions 0 and 1), then the registers as a program expects them.
 */
static const struct insn joint[] = {
    {.code = JUMP_EQUAL, .jf = 1},
    {.code = RETURN_NUMBER},
    {.code = LOAD_NUMBER},
    {.code = COPY_TO_X},
};
enum { JOINT = ARRAY_LEN(joint), JOINT_ACCEPTED = 2 };

bool program_and(struct program *to, const struct program *first,
		 const struct program *second)
{
	static const struct insn accept = {.code = RETURN_NUMBER,
					   .k = UINT32_MAX};
	const struct insn *after = second->n ? second->insns : &accept;
	uint32_t n_after = second->n ? second->n : 1, i;
	struct insn *insns;

	*to = (struct program){0};
	insns = malloc((first->n + JOINT + n_after) * sizeof(*insns));
	if (!insns)
		return false;
	memcpy(insns, first->insns, first->n * sizeof(*insns));
	for (i = 0; i < first->n; i++) {
		struct insn *in = &insns[i];
		uint32_t left = first->n - i - 1; /* up to the joint */

		if (in->code == RETURN_A)
			*in = (struct insn){.code = JUMP, .k = left};
		else if (in->code == RETURN_NUMBER && in->k)
			*in = (struct insn){.code = JUMP,
					    .k = left + JOINT_ACCEPTED};
	}
	memcpy(insns + first->n, joint, sizeof(joint));
	memcpy(insns + first->n + JOINT, after, n_after * sizeof(*insns));
	*to = (struct program){.insns = insns, .n = first->n + JOINT + n_after};
	return true;
}

void program_fini(struct program *p)
{
	free(p->insns);
	*p = (struct program){0};
}
