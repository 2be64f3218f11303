/* What the parts of the compile command share. */
#ifndef CMD_COMPILE_H
#define CMD_COMPILE_H

#include "bpf/syntax.h"
#include "capture/expr.h"
#include "cmd/command.h"
#include "cmd/select_opts.h"

enum { ENGINE_OWN, ENGINE_LIBPCAP };

/* --as pcap is not a form of programs; it comes after them. */
enum {
#define FORM(name, title, binary) COMPILE_FORM_##name,
#include "bpf/syntaxes.def"
#undef FORM
	COMPILE_FORM_PCAP
};

struct compile_conf {
	int dump; /* -d, -dd, -ddd */
	/* --as: an index of bpf_syntaxes, or COMPILE_FORM_PCAP; -1: not given
	 */
	int form;
	bool json, verify;
	bool allow_loops;
	bool unoptimized;	   /* -O */
	const char *linktype;	   /* -y */
	const char *netmask;	   /* -m */
	const char *interface;	   /* -i */
	const char *read;	   /* -r */
	const char *expr_file;	   /* -F */
	const char *bpf;	   /* --bpf */
	struct select_conf select; /* only the field expression's options */
	int engine;		   /* an index of its words: ENGINE_... */
	int64_t snaplen;	   /* -s; 0: not given */
	const char *run, *profile, *trace, *compare;
};

extern const struct compile_conf compile_defaults;
extern const struct opt_group compile_groups[];

/* Where a program comes from: an expression, to be compiled for each link
   type, or a program that was read. */
struct recipe {
	const char *text;		/* NULL: fixed */
	struct expr_compiler *compiler; /* of the text; NULL: this process */
	const struct program *fixed;
	struct expr_setup setup; /* its linktype does not count */
};

/* The program for a link type of a savefile (swapped: in the other byte order
   than this host's); the caller's to free. */
bool recipe_make(const struct recipe *recipe, uint32_t linktype, bool swapped,
		 struct program *program, struct err *err);

/*
 * Run what recipe makes over a savefile, as conf says (--run, --profile,
 * --trace or --compare), and print what came out. file is that option's, or
 * with --compare the operand. Returns the exit status.
 */
int compile_examine(const struct compile_conf *conf,
		    const struct recipe *recipe, const char *file);

/* Is a program run, as opposed to printed? */
bool compile_examines(const struct compile_conf *conf);

/* Have the sandbox leave the file of --trace. false: its value makes no
   sense. */
bool compile_trace_allow(const struct compile_conf *conf, struct err *err);

#endif
