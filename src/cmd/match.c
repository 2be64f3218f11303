/* The pick that keeps packets for which a filter program says yes. */
#include "cmd/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bpf/vm.h"
#include "capture/expr.h"
#include "pkt/ifmap.h"

/* Packets judged at a time when the verdict is to be turned around. */
#define SLICE 256

/* A program for one kind of interface. */
struct machine {
	uint32_t linktype, snaplen;
	struct vm *vm; /* NULL: nothing matches */
};

struct match {
	struct pick pick;
	char *text;
	bool invert;
	struct machine *machines;
	uint32_t count;
	struct ifmap which; /* index of an interface's machine */
};

static struct vm *make_vm(const char *text, uint32_t linktype, uint32_t snaplen,
			  struct err *err)
{
	const struct expr_setup setup = {
	    .linktype = linktype,
	    .snaplen = snaplen,
	    .netmask = EXPR_NO_NETMASK,
	    .optimize = true,
	};
	struct program program = {0};
	struct vm *vm;

	if (!expr_compile(text, &setup, &program, err))
		return NULL;
	vm = vm_open(&program, err);
	program_fini(&program);
	return vm;
}

/* Is the expression right as such, and only not on that link type? */
static bool right_elsewhere(const char *text, uint32_t linktype)
{
	const uint32_t ethernet = 1;
	struct vm *vm;

	if (linktype == ethernet)
		return false;
	vm = make_vm(text, ethernet, 0, NULL);
	vm_close(vm);
	return vm != NULL;
}

static bool add_machine(struct match *m, const struct iface *iface,
			struct err *err)
{
	struct machine *list;
	struct err why;
	struct vm *vm;

	list = realloc(m->machines, (m->count + 1) * sizeof(*list));
	if (!list)
		return err_nomem(err, "filter programs");
	m->machines = list;
	vm = make_vm(m->text, iface->linktype, iface->snaplen, &why);
	if (!vm && !right_elsewhere(m->text, iface->linktype)) {
		if (err)
			*err = why;
		return false;
	}
	if (!vm)
		log_warn("no packet of link type %u matches: %s",
			 iface->linktype, why.text);
	list[m->count++] = (struct machine){
	    .linktype = iface->linktype,
	    .snaplen = iface->snaplen,
	    .vm = vm,
	};
	return true;
}

static bool match_iface(struct pick *k, const struct iface *iface,
			struct err *err)
{
	struct match *m = (struct match *)k;
	uint32_t i;

	for (i = 0; i < m->count; i++)
		if (m->machines[i].linktype == iface->linktype &&
		    m->machines[i].snaplen == iface->snaplen)
			break;
	if (i == m->count && !add_machine(m, iface, err))
		return false;
	return ifmap_set(&m->which, iface->id, i, err);
}

/* Judge packets that all have the same program. */
static void judge_same(const struct match *m, uint32_t which,
		       const struct pkt *p, size_t n, uint8_t *keep)
{
	const struct vm *vm = which < m->count ? m->machines[which].vm : NULL;
	uint8_t before[SLICE];
	size_t i;

	if (m->invert)
		memcpy(before, keep, n);
	if (vm)
		vm_judge(vm, p, n, keep);
	else
		memset(keep, 0, n);
	for (i = 0; m->invert && i < n; i++)
		keep[i] = before[i] & !keep[i];
}

static enum verdict match_judge(struct pick *k, const struct pkt *p, size_t n,
				uint8_t *keep)
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

static void match_close(struct pick *k)
{
	struct match *m = (struct match *)k;
	uint32_t i;

	for (i = 0; i < m->count; i++)
		vm_close(m->machines[i].vm);
	free(m->machines);
	ifmap_fini(&m->which);
	free(m->text);
	free(m);
}

static const struct pick_ops match_ops = {
    .name = "expression",
    .iface = match_iface,
    .judge = match_judge,
    .close = match_close,
};

struct pick *match_open(const char *text, bool invert, struct err *err)
{
	struct match *m = calloc(1, sizeof(*m));

	if (m)
		m->text = malloc(strlen(text) + 1);
	if (!m || !m->text) {
		free(m);
		err_nomem(err, "expression");
		return NULL;
	}
	strcpy(m->text, text);
	m->pick.ops = &match_ops;
	m->invert = invert;
	return &m->pick;
}
