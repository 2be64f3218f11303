/*
 * Making a program from its end: what an instruction jumps to is there before
 * it, so that each place is known when it is asked for.
 */
#ifndef BPF_EMIT_H
#define BPF_EMIT_H

#include "bpf/insn.h"

/* A place in the program: instructions that follow it. */
typedef uint32_t place;

struct emitter {
	struct insn *insns; /* the last one first */
	uint32_t n, room;
	uint32_t most; /* instructions at most */
	bool full;     /* there was no room, or no memory */
};

#define EMITTER(limit) ((struct emitter){.most = (limit)})

/* One instruction, which goes on to what was put last. */
place emit_insn(struct emitter *e, uint16_t code, uint32_t k);

/* A test of code OP_J..._K. Nothing is put if both places are the same. */
place emit_test(struct emitter *e, uint16_t code, uint32_t k, place yes,
		place no);

/* What was put last goes on to that place. */
place emit_jump(struct emitter *e, place to);

/* Hand over the program. false: it was full. The emitter is empty then. */
bool emit_end(struct emitter *e, struct program *program);

#endif
