/* Instructions in reverse, turned around when all are there. */
#include "bpf/emit.h"

#include <stdlib.h>

static place put(struct emitter *e, struct insn insn)
{
	struct insn *more;

	if (e->n == e->room && !e->full) {
		e->room = e->room ? 2 * e->room : 64;
		more = realloc(e->insns, e->room * sizeof(*more));
		if (more)
			e->insns = more;
		else
			e->full = true;
	}
	e->full = e->full || e->n == e->most;
	if (e->full)
		return 0;
	e->insns[e->n] = insn;
	return e->n++;
}

place emit_insn(struct emitter *e, uint16_t code, uint32_t k)
{
	return put(e, (struct insn){.code = code, .k = k});
}

/* Instructions between the next one to be put and a place. */
static uint32_t distance(const struct emitter *e, place to)
{
	return e->full ? 0 : e->n - 1 - to;
}

place emit_jump(struct emitter *e, place to)
{
	return distance(e, to) ? emit_insn(e, OP_JA, distance(e, to)) : to;
}

place emit_test(struct emitter *e, uint16_t code, uint32_t k, place yes,
		place no)
{
	if (yes == no)
		return emit_jump(e, yes);
	/* room for one jump that the other target may need */
	if (distance(e, no) >= UINT8_MAX)
		no = emit_insn(e, OP_JA, distance(e, no));
	if (distance(e, yes) > UINT8_MAX)
		yes = emit_insn(e, OP_JA, distance(e, yes));
	return put(e, (struct insn){.code = code,
				    .jt = (uint8_t)distance(e, yes),
				    .jf = (uint8_t)distance(e, no),
				    .k = k});
}

bool emit_end(struct emitter *e, struct program *program)
{
	struct insn insn;
	uint32_t i;

	*program = (struct program){.insns = e->insns, .n = e->n};
	if (e->full) {
		program_fini(program);
		*e = (struct emitter){0};
		return false;
	}
	for (i = 0; i < e->n / 2; i++) {
		insn = e->insns[i];
		e->insns[i] = e->insns[e->n - 1 - i];
		e->insns[e->n - 1 - i] = insn;
	}
	*e = (struct emitter){0};
	return true;
}
