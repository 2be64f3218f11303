/* The text that the assembler reads, and the parts that lines are made of. */
#ifndef BPF_ASM_TEXT_H
#define BPF_ASM_TEXT_H

#include "bpf/syntax.h"

struct asm_text {
	const char *text;
	size_t len, at;
	bool failed;
	struct err *err;
};

/* The n bytes at at are wrong: *err says line, column and why, and failed is
   set. Returns false. */
bool asm_fail(struct asm_text *r, size_t at, size_t n, const char *why);

/* The next byte; -1 at the end. */
int asm_peek(const struct asm_text *r);

/* Pass blanks and comments, and line ends too if asked. false: a comment has
   no end. */
bool asm_skip(struct asm_text *r, bool lines);

/* Pass blanks and this byte. false: it is not there; asm_expect() fails with
   why then. */
bool asm_take(struct asm_text *r, int c);
bool asm_expect(struct asm_text *r, int c, const char *why);

/* Pass a word; returns where it starts. *n 0: there is none. */
size_t asm_word(struct asm_text *r, size_t *n);

/* Decimal, 0x hexadecimal, 0b binary, 0 octal; a minus sign means 2^32 - n. */
bool asm_number(struct asm_text *r, uint32_t *value);

/* Any operand but a jump's target; OPERAND_NONE at the end of the line. */
bool asm_operand(struct asm_text *r, enum operand *operand, uint32_t *k);

#endif
