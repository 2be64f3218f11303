/*
 * compile --run, --profile, --trace and --compare: a sink that runs programs
 * on the packets of a savefile, one program for each link type in it.
 */
#include "cmd/compile_examine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "bpf/trace.h"
#include "bpf/verify.h"
#include "capture/libpcap_filter.h"
#include "cmd/message.h"
#include "file/savefile.h"
#include "os/clock.h"
#include "os/sandbox.h"

/* Packets judged at a time. */
#define SLICE 256

/* ---- programs -------------------------------------------------------------
 */

/* Is it right as such, and only not on that link type? */
static bool right_elsewhere(const struct recipe *recipe, uint32_t linktype)
{
	const uint32_t ethernet = 1;
	struct program program = {0};
	bool good = linktype != ethernet &&
		    recipe_make(recipe, ethernet, false, &program, NULL);

	program_fini(&program);
	return good;
}

/* The machine for a link type. false: *err; *vm NULL: nothing matches. */
static bool make_machine(const struct recipe *recipe, uint32_t linktype,
			 bool swapped, struct program *program, struct vm **vm,
			 struct err *err)
{
	struct err why;

	*vm = NULL;
	if (recipe_make(recipe, linktype, swapped, program, &why)) {
		*vm = vm_open(program, err);
		return *vm != NULL;
	}
	if (!right_elsewhere(recipe, linktype))
		return err_copy(err, &why);
	log_warn("no packet of link type %u matches: %s", linktype, why.text);
	return true;
}

static void slot_fini(struct slot *s)
{
	program_fini(&s->program);
	program_fini(&s->second);
	vm_close(s->vm);
	vm_close(s->other);
	free(s->hits);
	free(s->taken);
}

static bool fill_slot(struct examiner *e, struct slot *s, struct err *err)
{
	bool good = make_machine(e->recipe, s->linktype, s->swapped,
				 &s->program, &s->vm, err);

	if (good && e->second)
		good = make_machine(e->second, s->linktype, s->swapped,
				    &s->second, &s->other, err);
	if (good && s->vm && bpf_needs_kernel(s->program.insns, s->program.n))
		log_warn("the program asks for what only a Linux kernel knows "
			 "of a packet: where it does, a packet of a savefile "
			 "does not match");
	if (good && e->conf->profile) {
		s->hits = calloc(s->program.n + 1, sizeof(*s->hits));
		s->taken = calloc(s->program.n + 1, sizeof(*s->taken));
		good = (s->hits && s->taken) ||
		       err_nomem(err, "a profile of a filter");
	}
	return good;
}

static bool examiner_iface(struct sink *sink, const struct iface *iface,
			   struct err *err)
{
	struct examiner *e = (struct examiner *)sink;
	struct slot *more;
	uint32_t i;

	for (i = 0; i < e->count; i++) {
		if (e->slots[i].linktype == iface->linktype &&
		    e->slots[i].swapped == iface->swapped)
			return ifmap_set(&e->which, iface->id, i, err);
	}
	more = realloc(e->slots, (e->count + 1) * sizeof(*more));
	if (!more)
		return err_nomem(err, "filter programs");
	e->slots = more;
	more[i] = (struct slot){.linktype = iface->linktype,
				.swapped = iface->swapped};
	if (!fill_slot(e, &more[i], err)) {
		slot_fini(&more[i]);
		return false;
	}
	e->count++;
	return ifmap_set(&e->which, iface->id, i, err);
}

/* The slot of a packet; NULL: its interface was never told of. */
static struct slot *slot_of(const struct examiner *e, const struct pkt *p)
{
	uint32_t i = ifmap_get(&e->which, p->iface);

	return i < e->count ? &e->slots[i] : NULL;
}

/* ---- the four ways --------------------------------------------------------
 */

/* --run: packets that have the same program, at most SLICE. */
static void run_slice(struct slot *s, const struct pkt *p, size_t n,
		      bool by_libpcap)
{
	uint8_t keep[SLICE];

	memset(keep, s->vm != NULL, n);
	if (s->vm && !by_libpcap)
		vm_matches(s->vm, p, n, keep);
	for (size_t i = 0; s->vm && by_libpcap && i < n; i++)
		keep[i] = libpcap_filter_matches(&s->program, &p[i]);
	for (size_t i = 0; i < n; i++)
		s->matched += keep[i];
	s->packets += n;
}

static void run_batch(struct examiner *e, const struct pkt *p, size_t n)
{
	for (size_t from = 0, to; from < n; from = to) {
		struct slot *s = slot_of(e, &p[from]);

		for (to = from + 1; to < n && to - from < SLICE; to++) {
			if (p[to].iface != p[from].iface)
				break;
		}
		if (s)
			run_slice(s, p + from, to - from,
				  e->conf->engine == ENGINE_LIBPCAP);
	}
}

/* --profile: count what each instruction does. */
static void profile_packet(struct slot *s, const struct pkt *p)
{
	struct trace t;
	bool more = true;

	s->packets++;
	if (!s->vm)
		return;
	trace_start(&t, s->program.insns, p->data, p->wirelen, p->caplen);
	while (more) {
		more = trace_step(&t);
		s->hits[t.last]++;
		s->taken[t.last] += t.taken;
	}
	s->matched += t.verdict != 0;
}

/* Does the engine that was asked for say that the packet matches? */
static bool matches(const struct examiner *e, const struct vm *vm,
		    const struct program *program, const struct pkt *p)
{
	if (!vm)
		return false;
	if (e->conf->engine == ENGINE_LIBPCAP)
		return libpcap_filter_verdict(program, p) != 0;
	return vm_run(vm, p->data, p->wirelen, p->caplen) != 0;
}

/* --compare: say it where the two filters differ. */
static bool compare_packet(struct examiner *e, struct slot *s,
			   const struct pkt *p)
{
	bool first = matches(e, s->vm, &s->program, p);
	bool second = matches(e, s->other, &s->second, p);

	if (first == second)
		return true;
	if (e->conf->json)
		str_printf(&e->out,
			   "%s\n{\"packet\":%" PRIu64 ",\"matches\":"
			   "\"%s\"}",
			   e->differ ? "," : "", p->number,
			   first ? "first" : "second");
	else
		str_printf(&e->out, "%" PRIu64 "\t%s\n", p->number,
			   first ? "only the first" : "only the second");
	e->differ++;
	if (e->out.len < 65536)
		return true;
	if (!message_out(&e->out))
		return false;
	str_clear(&e->out);
	return true;
}

static enum verdict examiner_packets(struct sink *sink, const struct pkt *p,
				     size_t n)
{
	struct examiner *e = (struct examiner *)sink;

	e->packets += n;
	if (e->conf->run)
		run_batch(e, p, n);
	for (size_t i = 0; !e->conf->run && i < n; i++) {
		struct slot *s = slot_of(e, &p[i]);

		if (!s)
			continue;
		if (e->conf->profile) {
			profile_packet(s, &p[i]);
		} else if (e->conf->compare) {
			if (!compare_packet(e, s, &p[i])) {
				err_set(&e->sink.err, ERR_OUTPUT,
					"standard output is gone");
				return FAILED;
			}
		} else if (p[i].number == e->wanted) {
			e->found = true;
			examined_trace(e, s, &p[i]);
			return STOP;
		}
	}
	return GO_ON;
}

static bool examiner_close(struct sink *sink, struct err *err)
{
	(void)sink, (void)err; /* the caller's storage */
	return true;
}

static const struct sink_ops examiner_ops = {
    .name = "examiner",
    .iface = examiner_iface,
    .packets = examiner_packets,
    .close = examiner_close,
};

/* ---- the run -------------------------------------------------------------
 */

static void sum_up(struct examiner *e)
{
	for (uint32_t i = 0; i < e->count; i++)
		e->matched += e->slots[i].matched;
}

/* FILE:N -> FILE, which the caller frees, and N. */
static char *split_trace(const char *text, uint64_t *number, struct err *err)
{
	const char *colon = strrchr(text, ':');
	char *path;

	if (!colon || colon == text || !num_u64(colon + 1, number) ||
	    *number == 0) {
		err_set(err, ERR_USAGE,
			"option --trace: '%s' is not of the form FILE:N, with "
			"a packet's number as N",
			text);
		return NULL;
	}
	path = malloc((size_t)(colon - text) + 1);
	if (!path) {
		err_nomem(err, "a file's name");
		return NULL;
	}
	memcpy(path, text, (size_t)(colon - text));
	path[colon - text] = '\0';
	return path;
}

bool compile_examines(const struct compile_conf *conf)
{
	return conf->run || conf->profile || conf->trace || conf->compare;
}

bool compile_trace_allow(const struct compile_conf *conf, struct err *err)
{
	uint64_t number;
	char *path =
	    conf->trace ? split_trace(conf->trace, &number, err) : NULL;

	if (conf->trace && !path)
		return false;
	sandbox_may_read(path);
	free(path);
	return true;
}

/* Push the file through; 0 or the exit status of what was reported. */
static int examine_file(struct examiner *e, const char *path)
{
	struct err err = {0};
	struct source *source = savefile_open(path, NULL, &err);
	int64_t start = clock_monotonic_ns();
	int status = 0;

	if (e->conf->compare && e->conf->json)
		str_puts(&e->out, "{\"differences\":[");
	if (!source || !source_run(source, &e->sink, &err))
		status = message_err(&err);
	source_close(source);
	if (status == ERR_USAGE || status == ERR_OUTPUT)
		return status;
	sum_up(e);
	if (e->conf->run)
		examined_run(e, clock_monotonic_ns() - start);
	else if (e->conf->profile)
		examined_profile(e);
	else if (e->conf->compare)
		examined_comparison(e);
	if (e->conf->trace && !e->found && !status) {
		err_set(&err, ERR_FAULT,
			"no packet %" PRIu64 ": the last is %" PRIu64,
			e->wanted, e->packets);
		err_in_file(&err, path);
		return message_err(&err);
	}
	if (!message_out(&e->out))
		return report_out_status();
	return status ? status : e->differ > 0;
}

int compile_examine(const struct compile_conf *conf,
		    const struct recipe *recipe, const char *file)
{
	struct recipe second = {.text = conf->compare,
				.compiler = recipe->compiler,
				.setup = recipe->setup};
	struct examiner e = {.sink.ops = &examiner_ops,
			     .conf = conf,
			     .recipe = recipe,
			     .second = conf->compare ? &second : NULL};
	struct err err = {0};
	char *path = NULL;
	int status;

	if (conf->compare && !strcmp(conf->compare, "-O")) {
		second.text = recipe->text;
		second.setup.optimize = !recipe->setup.optimize;
	}
	if (conf->engine == ENGINE_LIBPCAP)
		(void)libpcap_filter_runs(&err);
	if (conf->trace)
		path = split_trace(file, &e.wanted, &err);
	if (err.kind != ERR_NONE)
		status = message_usage(&err, "compile");
	else
		status = examine_file(&e, path ? path : file);
	for (uint32_t i = 0; i < e.count; i++)
		slot_fini(&e.slots[i]);
	free(e.slots);
	ifmap_fini(&e.which);
	str_fini(&e.out);
	free(path);
	return status;
}
