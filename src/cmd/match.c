/* The selector that keeps packets for which a filter program says yes. */
#include "cmd/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bpf/equal.h"
#include "bpf/vm.h"
#include "capture/expr.h"
#include "cmd/expr_text.h"
#include "cmd/habits.h"
#include "pkt/ifmap.h"

/* Packets judged at a time. */
#define SLICE 256

/* Snapshot lengths only decide how much of a match is kept, which is irrelevant
   here: beyond so many programs those of the same link type are shared. */
#define MACHINES_EACH 64
#define MACHINES_MAX 4096

/* A program for one kind of interface. */
struct machine {
	uint32_t linktype, snaplen;
	bool swapped;  /* in a savefile of the other byte order */
	bool nothing;  /* matches */
	struct vm *vm; /* of the expression; NULL: there is none */
	/* The same as libpcap optimized it, where that is right: for packets
	   with that many bytes captured. NULL: there is none. */
	struct vm *fast;
	uint32_t fast_from;
};

struct match {
	struct selector selector;
	struct match_options options; /* with a text of its own */
	char *text;
	struct machine *machines;
	uint32_t count;
	struct ifmap which; /* index of an interface's machine */
};

/* Compile the expression; what it is for is in the machine. */
static bool compile(const struct match *m, const struct machine *k,
		    bool optimize, struct program *program, struct err *err)
{
	const struct expr_setup setup = {
	    .linktype = k->linktype,
	    .snaplen = k->snaplen,
	    .netmask = 0, /* a file has none: as tcpdump -r and compile -r */
	    .optimize = optimize,
	    .savefile = true,
	    .swapped = k->swapped,
	};

	return expr_compile_by(m->options.compiler, m->text, &setup, program,
			       err);
}

/* The optimizer makes mistakes: what it made of the program is used for
   packets only for which it is proven to be the same. */
static void make_fast(const struct match *m, struct machine *k,
		      const struct program *program)
{
	struct program fast = {0};
	struct err err;

	if (m->options.unoptimized || !compile(m, k, true, &fast, &err))
		return;
	k->fast = vm_open(&fast, &err);
	if (k->fast)
		k->fast_from = bpf_equal_from(program, &fast);
	if (k->fast && k->fast_from == BPF_NOT_EQUAL) {
		vm_close(k->fast);
		k->fast = NULL;
	}
	program_fini(&fast);
}

static bool make_vms(const struct match *m, struct machine *k, struct err *err)
{
	struct program program = {0};

	if (!compile(m, k, false, &program, err))
		return false;
	k->vm = vm_open(&program, err);
	if (k->vm)
		make_fast(m, k, &program);
	program_fini(&program);
	return k->vm != NULL;
}

/* Is the expression right as such, and only not on that link type? */
static bool right_elsewhere(const struct match *m, uint32_t linktype)
{
	const struct machine ethernet = {.linktype = 1};
	struct program program = {0};
	bool right;

	if (linktype == ethernet.linktype)
		return false;
	right = compile(m, &ethernet, false, &program, NULL);
	program_fini(&program);
	return right;
}

/* What an interface's packets are judged by. false: the expression is wrong. */
static bool make_machine(const struct match *m, const struct iface *iface,
			 struct machine *machine, struct err *err)
{
	uint32_t linktype = iface->linktype;
	struct err why;

	*machine = (struct machine){.linktype = linktype,
				    .snaplen = iface->snaplen,
				    .swapped = iface->swapped};
	if (m->text)
		machine->nothing = !make_vms(m, machine, &why);
	if (machine->nothing && !right_elsewhere(m, linktype)) {
		expr_text_hosts_note(m->text, &why);
		habits_filter_hint(m->text, m->options.column ? HABITS_COLUMN
							      : HABITS_WHERE);
		return err_copy(err, &why);
	}
	if (machine->nothing)
		log_warn("no packet of link type %u matches: %s", linktype,
			 why.text);
	if (m->options.vm && m->options.vm_linktype != UINT32_MAX &&
	    m->options.vm_linktype != linktype) {
		log_warn("no packet of link type %u matches: the program is "
			 "for link type %u",
			 linktype, m->options.vm_linktype);
		machine->nothing = true;
	}
	return true;
}

static bool add_machine(struct match *m, const struct iface *iface,
			struct err *err)
{
	struct machine *list;

	if (m->count == MACHINES_MAX)
		return err_set(err, ERR_FAULT, "more than %d link types",
			       MACHINES_MAX);
	list = realloc(m->machines, (m->count + 1) * sizeof(*list));
	if (!list)
		return err_nomem(err, "filter programs");
	m->machines = list;
	if (!make_machine(m, iface, &list[m->count], err))
		return false;
	m->count++;
	return true;
}

static bool match_iface(struct selector *k, const struct iface *iface,
			struct err *err)
{
	struct match *m = (struct match *)k;
	uint32_t i;

	for (i = 0; i < m->count; i++)
		if (m->machines[i].linktype == iface->linktype &&
		    m->machines[i].swapped == iface->swapped &&
		    (m->machines[i].snaplen == iface->snaplen ||
		     m->count >= MACHINES_EACH))
			break;
	if (i == m->count && !add_machine(m, iface, err))
		return false;
	return ifmap_set(&m->which, iface->id, i, err);
}

/* Judge by the expression: packets that are long enough by what is fast. */
static void judge(const struct machine *k, const struct pkt *p, size_t n,
		  uint8_t *keep)
{
	uint8_t of_short[SLICE];
	size_t shorter = 0, i;

	if (!k->fast) {
		vm_matches(k->vm, p, n, keep);
		return;
	}
	for (i = 0; i < n; i++) {
		of_short[i] = keep[i] & (p[i].caplen < k->fast_from);
		keep[i] ^= of_short[i];
		shorter += of_short[i];
	}
	if (shorter < n)
		vm_matches(k->fast, p, n, keep);
	if (shorter == 0)
		return;
	vm_matches(k->vm, p, n, of_short);
	for (i = 0; i < n; i++)
		keep[i] |= of_short[i];
}

/* Judge packets that all have the same program: at most SLICE. */
static void judge_same(const struct match *m, uint32_t which,
		       const struct pkt *p, size_t n, uint8_t *keep)
{
	const struct machine *k = which < m->count ? &m->machines[which] : NULL;
	uint8_t before[SLICE];
	size_t i;

	if (m->options.invert)
		memcpy(before, keep, n);
	if (!k || k->nothing) {
		memset(keep, 0, n);
	} else {
		judge(k, p, n, keep);
		vm_matches(m->options.vm, p, n, keep);
	}
	for (i = 0; m->options.invert && i < n; i++)
		keep[i] = before[i] & !keep[i];
}

static enum verdict match_matches(struct selector *k, const struct pkt *p,
				  size_t n, uint8_t *keep)
{
	const struct match *m = (const struct match *)k;
	size_t from, to;

	for (from = 0; from < n; from = to) {
		uint32_t which = ifmap_get(&m->which, p[from].iface);

		for (to = from + 1; to < n && to - from < SLICE; to++)
			if (p[to].iface != p[from].iface)
				break;
		judge_same(m, which, p + from, to - from, keep + from);
	}
	return GO_ON;
}

static void match_close(struct selector *k)
{
	struct match *m = (struct match *)k;
	uint32_t i;

	for (i = 0; i < m->count; i++) {
		vm_close(m->machines[i].vm);
		vm_close(m->machines[i].fast);
	}
	free(m->machines);
	ifmap_fini(&m->which);
	free(m->text);
	free(m);
}

static const struct selector_ops match_ops = {
    .name = "expression",
    .iface = match_iface,
    .match = match_matches,
    .close = match_close,
};

struct selector *match_open(const struct match_options *options,
			    struct err *err)
{
	const char *text = options->text;
	struct match *m = calloc(1, sizeof(*m));

	if (m && text && text[0])
		m->text = malloc(strlen(text) + 1);
	if (!m || (text && text[0] && !m->text)) {
		free(m);
		err_nomem(err, "expression");
		return NULL;
	}
	if (m->text)
		strcpy(m->text, text);
	m->selector.ops = &match_ops;
	m->options = *options;
	return &m->selector;
}
