/* Instructions, between who makes them and who runs them. */
#ifndef WHERE_INSN_H
#define WHERE_INSN_H

#include "where/functions.h"
#include "where/regex.h"
#include "where/set.h"

enum opcode {
	/* values: into register dst */
	INSN_FIELDS,
	INSN_PROTO,
	INSN_TO_BYTES,
	INSN_SLICE,
	INSN_ARITH,
	INSN_NEGATE,
	INSN_CALL,
	/* conditions: set the flag */
	INSN_HAS_FIELD, /* straight from the dissect */
	INSN_HAS_PROTO,
	INSN_FIELD_NUMBER, /* compares a number of a field with a constant */
	INSN_ANY,	   /* is there a value in a? */
	INSN_NONZERO,
	INSN_COMPARE,
	INSN_IN,
	INSN_CONTAINS,
	INSN_MATCHES,
	/* flow */
	INSN_FLIP,
	INSN_SAVE, /* the flag, as number dst */
	INSN_XOR,  /* with that one */
	INSN_JUMP_FALSE,
	INSN_JUMP_TRUE
};

/* An operand that is a constant rather than a register. */
enum { CONSTANT = 1u << 31 };

struct where_insn {
	uint8_t code, op; /* enum where_op */
	bool all;	  /* values, not any */
	bool negate;
	uint8_t type_a, type_b, type;
	uint16_t dst;
	uint32_t a, b; /* registers or constants; b: where to jump */
	union {
		const struct where_node *node; /* its name, slice ... */
		const struct where_set *set;
		const struct regex *regex;
		struct where_call *call;
	};
};

struct constant {
	struct where_value low, high;
};

struct where_program {
	struct where_insn *insns;
	uint32_t n, room;
	bool asks_layers; /* something other than values of fields matters */
	struct constant *constants;
	uint32_t n_constants, room_constants;
	struct regex **regexes;
	uint32_t n_regexes;
};

#endif
