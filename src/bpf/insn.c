/* The opcode table and the names of Linux' packet meta-data. */
#include "bpf/insn.h"

#include <string.h>

const struct opcode opcode_table[] = {
#define OP(name, code, mnemonic, operand, uses, sets, check, action)           \
	{code, uses, sets, OPERAND_##operand, CHECK_##check, mnemonic},
#include "base/array.h"
#include "bpf/opcodes.def"
#undef OP
};

const size_t opcode_count = ARRAY_LEN(opcode_table);

/* The number of each row, to index the table by code. */
enum {
#define OP(name, code, mnemonic, operand, uses, sets, check, action) ROW_##name,
#include "bpf/opcodes.def"
#undef OP
};

/* Row + 1 for each code; 0: no such code. */
static const uint8_t row_of[256] = {
#define OP(name, code, mnemonic, operand, uses, sets, check, action)           \
	[code] = ROW_##name + 1,
#include "bpf/opcodes.def"
#undef OP
};

const struct opcode *opcode_of(uint16_t code)
{
	if (code > 0xff || row_of[code] == 0)
		return NULL;
	return &opcode_table[row_of[code] - 1];
}

/* linux/filter.h, SKF_AD_*, four apart: tcpdump's name and bpf_asm's. */
static const struct anc {
	const char *name, *keyword;
} ancs[] = {
    {"proto", "proto"},	     {"type", "type"},
    {"ifidx", "ifidx"},	     {"nla", "nla"},
    {"nlan", "nlan"},	     {"mark", "mark"},
    {"queue", "queue"},	     {"hatype", "hatype"},
    {"rxhash", "rxhash"},    {"cpu", "cpu"},
    {"xor_x", NULL},	     {"vlan_tci", "vlan_tci"},
    {"vlanp", "vlan_avail"}, {"poff", "poff"},
    {"random", "rand"},	     {"vlan_tpid", "vlan_tpid"},
};

#define ANCS ARRAY_LEN(ancs)

static const struct anc *anc_at(uint32_t k)
{
	uint32_t at = k - LINUX_AD_OFF;

	if (k < LINUX_AD_OFF || at % 4 != 0 || at / 4 >= ANCS)
		return NULL;
	return &ancs[at / 4];
}

const char *bpf_anc_name(uint32_t k)
{
	const struct anc *anc = anc_at(k);

	return anc ? anc->name : NULL;
}

const char *bpf_anc_keyword(uint32_t k)
{
	const struct anc *anc = anc_at(k);

	return anc ? anc->keyword : NULL;
}

bool bpf_anc_find(const char *word, size_t n, uint32_t *k)
{
	for (size_t i = 0; i < ANCS; i++) {
		const char *both[2] = {ancs[i].name, ancs[i].keyword};

		for (size_t j = 0; j < 2; j++) {
			if (both[j] && strlen(both[j]) == n &&
			    !strncmp(both[j], word, n)) {
				*k = LINUX_AD_OFF + (uint32_t)i * 4;
				return true;
			}
		}
	}
	return false;
}

bool bpf_needs_kernel(const struct insn *insns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct opcode *op = opcode_of(insns[i].code);

		if (op && op->operand == OPERAND_ABS &&
		    insns[i].k >= LINUX_LL_OFF)
			return true;
	}
	return false;
}

unsigned bpf_load_size(uint16_t code)
{
	switch (code) {
	case OP_LD_W_ABS:
	case OP_LD_W_IND:
		return 4;
	case OP_LD_H_ABS:
	case OP_LD_H_IND:
		return 2;
	case OP_LD_B_ABS:
	case OP_LD_B_IND:
	case OP_LDX_MSH:
		return 1;
	default:
		return 0;
	}
}
