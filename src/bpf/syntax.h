/*
 * A filter program with what is known of it, and the forms in which it is
 * written and read: bpf/syntaxes.def has a row for each.
 */
#ifndef BPF_SYNTAX_H
#define BPF_SYNTAX_H

#include "base/err.h"
#include "base/str.h"
#include "bpf/insn.h"

#define DOC_UNKNOWN UINT32_MAX

/* Start with DOC_INIT, end with doc_fini(), which frees program and texts. */
struct doc {
	struct program program;
	uint32_t linktype;   /* LINKTYPE_ number it is for, or DOC_UNKNOWN */
	uint32_t dlt;	     /* the same as libpcap's DLT_ number (cbpf holds
				that one): the caller translates */
	uint32_t snaplen;    /* or DOC_UNKNOWN */
	uint32_t netmask;    /* as in struct expr_setup, or DOC_UNKNOWN */
	uint32_t optimized;  /* 1, 0 or DOC_UNKNOWN */
	int64_t made;	     /* seconds since 1970, -1: unknown */
	char *expression;    /* what it was compiled from, or NULL */
	char *linktype_name; /* as asked for: "EN10MB", or NULL */
	char *comment;	     /* or NULL */
};

#define DOC_INIT                                                               \
	{                                                                      \
		.linktype = DOC_UNKNOWN, .dlt = DOC_UNKNOWN,                   \
		.snaplen = DOC_UNKNOWN, .netmask = DOC_UNKNOWN,                \
		.optimized = DOC_UNKNOWN, .made = -1                           \
	}

void doc_fini(struct doc *);

/* Put an instruction at the end. false: no memory, or more than
   PROGRAM_MAX (*err says which). */
bool doc_add(struct doc *, struct insn insn, struct err *err);

/* Put a copy of n bytes of text into one of the doc's members. */
bool doc_text(char **member, const char *text, size_t n, struct err *err);

struct bpf_syntax {
	const char *name, *title;
	bool binary;
	/* Append the program to out. Programs have passed bpf_verify(). */
	void (*put)(const struct doc *, struct str *out);
	/* Does the text look like this form? */
	bool (*probe)(const char *text, size_t len);
	/* Read it; the program is checked by no one yet. false: *err says what
	   is wrong, and shows the place in a text (ERR_USAGE). */
	bool (*get)(const char *text, size_t len, struct doc *doc,
		    struct err *err);
};

/* All forms, in the order in which they are probed; a row without a name ends
   them. */
extern const struct bpf_syntax bpf_syntaxes[];

/* The form of that name; NULL: none. */
const struct bpf_syntax *bpf_syntax_find(const char *name);

/*
 * Read a program in any form, told by its content, and check it with
 * bpf_verify(flags). doc is DOC_INIT before; doc_fini() it either way. false:
 * *err (ERR_USAGE) says what is wrong where.
 */
bool bpf_read(const char *text, size_t len, unsigned flags, struct doc *doc,
	      struct err *err);

/* ---- what the forms do (syntaxes.def) ---- */

#define FORM(name, title, binary)                                              \
	void syntax_put_##name(const struct doc *, struct str *out);           \
	bool syntax_probe_##name(const char *text, size_t len);                \
	bool syntax_get_##name(const char *text, size_t len, struct doc *,     \
			       struct err *);
#include "bpf/syntaxes.def"
#undef FORM

/* ---- parts that several forms share ---- */

/* An instruction's operand as tcpdump lists it, without a test's targets. */
void insn_operand(const struct insn *insn, size_t i, struct str *out);

/* "12,40 0 0 12,...": the number of instructions, then each. */
void put_numbers(const struct program *, const char *separator,
		 struct str *out);
bool get_numbers(const char *text, size_t len, struct doc *, struct err *);

#endif
