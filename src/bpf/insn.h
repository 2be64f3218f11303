/*
 * The instructions of a packet filter program, as a table: what each is
 * called, how its operand is written, what it reads and writes, and what a
 * verifier asks of it. The rows are in bpf/opcodes.def.
 */
#ifndef BPF_INSN_H
#define BPF_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkt/program.h"

/* How an operand is written. */
enum operand {
	OPERAND_NONE,
	OPERAND_ABS,	/* [k] */
	OPERAND_IND,	/* [x + k] */
	OPERAND_MSH,	/* 4*([k]&0xf) */
	OPERAND_MEM,	/* M[k] */
	OPERAND_LEN,	/* #pktlen */
	OPERAND_NUM,	/* #k, listed in decimal */
	OPERAND_HEX,	/* #k, listed in hexadecimal */
	OPERAND_X,	/* x */
	OPERAND_A,	/* a */
	OPERAND_JUMP,	/* a target */
	OPERAND_TEST_K, /* #k and two targets */
	OPERAND_TEST_X	/* x and two targets */
};

/* What must hold for k (and jt, jf) before the instruction may run. */
enum check {
	CHECK_NOTHING,
	CHECK_ANC,     /* the kernel knows no other offsets above LINUX_AD_OFF
			  than those in bpf_anc_name() */
	CHECK_MEMORY,  /* k < SCRATCH_WORDS */
	CHECK_NONZERO, /* k != 0 */
	CHECK_SHIFT,   /* k < 32 */
	CHECK_TARGET,  /* k leads to an instruction */
	CHECK_TARGETS  /* jt and jf lead to instructions */
};

enum { USE_A = 1, USE_X = 2, USE_M = 4 };

/* Words of scratch memory, M[0] to M[15] (BPF_MEMWORDS). */
#define SCRATCH_WORDS 16

/* The instruction's classes (the lowest three bits of a code). */
enum {
	CLASS_LD,
	CLASS_LDX,
	CLASS_ST,
	CLASS_STX,
	CLASS_ALU,
	CLASS_JMP,
	CLASS_RET,
	CLASS_MISC,
	CLASS_MASK = 7
};

/* A name for every row: OP_LD_W_ABS ... with the row's code as its value. */
enum {
#define OP(name, code, mnemonic, operand, uses, sets, check, action)           \
	OP_##name = code,
#include "bpf/opcodes.def"
#undef OP
};

struct opcode {
	uint16_t code;
	uint8_t uses, sets; /* USE_A, USE_X, USE_M */
	enum operand operand;
	enum check check;
	const char *mnemonic;
};

/* The row for a code; NULL: unknown instruction. */
const struct opcode *opcode_of(uint16_t code);

/* All rows, in the table's order. */
extern const struct opcode opcode_table[];
extern const size_t opcode_count;

/*
 * Offsets from here on are not bytes of the packet: the Linux kernel answers
 * loads from them with what it knows of the packet (SKF_AD_OFF). Below, from
 * LINUX_LL_OFF on, offsets count from the link-layer or network header.
 */
#define LINUX_AD_OFF UINT32_C(0xfffff000)
#define LINUX_NET_OFF UINT32_C(0xfff00000)
#define LINUX_LL_OFF UINT32_C(0xffe00000)

/* The name that tcpdump prints for such an offset ("vlan_tci"); NULL: none. */
const char *bpf_anc_name(uint32_t k);

/* The word that bpf_asm has for it ("vlan_avail" for tcpdump's "vlanp");
   NULL: none. */
const char *bpf_anc_keyword(uint32_t k);

/* The offset for a word of n bytes, bpf_asm's or tcpdump's. false: no such
   word. */
bool bpf_anc_find(const char *word, size_t n, uint32_t *k);

/* Does the program read what only the Linux kernel knows? On the bytes of a
   savefile such a load ends with the verdict 0, as in libpcap. */
bool bpf_needs_kernel(const struct insn *insns, size_t n);

/* Bytes that a load of this code takes (4, 2 or 1); 0: it loads none. */
unsigned bpf_load_size(uint16_t code);

/* The class of a code: CLASS_LD ... */
static inline unsigned bpf_class(uint16_t code)
{
	return code & CLASS_MASK;
}

#endif
