/* What examining a program knows, and the printing of it. */
#ifndef CMD_COMPILE_EXAMINE_H
#define CMD_COMPILE_EXAMINE_H

#include "bpf/vm.h"
#include "cmd/compile.h"
#include "pkt/ifmap.h"
#include "pkt/pipeline.h"

/* A link type of the file, and its programs. */
struct slot {
	uint32_t linktype;
	bool swapped; /* a savefile of the other byte order */
	struct program program, second;
	struct vm *vm;	  /* NULL: the expression has no sense here */
	struct vm *other; /* --compare: the second filter's */
	uint64_t packets, matched;
	uint64_t *hits, *taken; /* --profile: for each instruction */
};

struct examiner {
	struct sink sink;
	const struct compile_conf *conf;
	const struct recipe *recipe, *second;
	struct slot *slots;
	uint32_t count;
	struct ifmap which; /* index of an interface's slot */
	uint64_t packets, matched, differ;
	uint64_t wanted; /* --trace: the packet's number */
	bool found;
	struct str out; /* what is to be printed */
};

/* Append to e->out the way of a packet through its slot's program, as conf
   asks for it: text or JSON. */
void examined_trace(struct examiner *e, const struct slot *s,
		    const struct pkt *p);

/* The same for what --run (in that many nanoseconds), --profile and --compare
   have counted. */
void examined_run(struct examiner *e, int64_t ns);
void examined_profile(struct examiner *e);
void examined_comparison(struct examiner *e);

#endif
