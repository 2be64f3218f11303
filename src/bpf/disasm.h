/* Single instructions as text, for listings and explanations. */
#ifndef BPF_DISASM_H
#define BPF_DISASM_H

#include "base/str.h"
#include "bpf/insn.h"

/* Instruction i as tcpdump -d lists it, without the end of line. The program
   has passed bpf_verify(); so in all of these. */
void disasm_line(const struct program *, size_t i, struct str *out);

/*
 * For each instruction the number of its label, from 1, or 0 where nothing
 * that is written with a label jumps to it. The caller frees it; NULL: no
 * memory.
 */
uint32_t *disasm_labels(const struct program *);

/* Instruction i as assembly, with those labels. */
void disasm_asm(const struct program *, size_t i, const uint32_t *labels,
		struct str *out);

/* Instruction i as assembly, but of a jump only what it tests: "jeq #0x800". */
void disasm_short(const struct program *, size_t i, struct str *out);

#endif
