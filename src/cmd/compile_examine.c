/*
 * compile --run, --profile, --trace and --compare: a sink that runs programs
 * on the packets of a savefile, one program for each link type in it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "bpf/disasm.h"
#include "bpf/trace.h"
#include "bpf/verify.h"
#include "bpf/vm.h"
#include "capture/linktype.h"
#include "capture/second.h"
#include "cmd/compile.h"
#include "cmd/report.h"
#include "file/savefile.h"
#include "os/clock.h"
#include "pkt/ifmap.h"

/* Packets judged at a time. */
#define SLICE 256

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
	*vm = NULL;
	if (recipe_make(recipe, linktype, swapped, program, err)) {
		*vm = vm_open(program, err);
		return *vm != NULL;
	}
	if (!right_elsewhere(recipe, linktype))
		return false;
	log_warn("no packet of link type %u matches: %s", linktype, err->text);
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
		vm_judge(s->vm, p, n, keep);
	for (size_t i = 0; s->vm && by_libpcap && i < n; i++)
		keep[i] = second_matches(&s->program, &p[i]);
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
		return second_verdict(program, p) != 0;
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
	if (!report_out(&e->out))
		return false;
	str_clear(&e->out);
	return true;
}

static void trace_text(struct examiner *e, const struct slot *s,
		       const struct pkt *p);
static void trace_json(struct examiner *e, const struct slot *s,
		       const struct pkt *p);

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
			if (e->conf->json)
				trace_json(e, s, &p[i]);
			else
				trace_text(e, s, &p[i]);
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

/* ---- traces ---------------------------------------------------------------
 */

static const char *end_text(const struct trace *t)
{
	switch (t->end) {
	case TRACE_PAST_END:
		return "a load beyond the captured octets";
	case TRACE_BY_ZERO:
		return "a division by zero";
	case TRACE_TOO_LONG:
		return "a loop without end";
	default:
		return "a ret";
	}
}

static void put_name(struct str *out, uint32_t linktype)
{
	const char *name = linktype_name(linktype);

	if (name)
		str_puts(out, name);
	else
		str_printf(out, "%" PRIu32, linktype);
}

static void put_loaded(struct str *out, const struct trace *t)
{
	for (unsigned i = 0; i < t->load_size; i++)
		str_printf(out, i ? " %02x" : "%02x", t->data[t->load_at + i]);
}

/* What the last step changed, in words. */
static void put_effect(struct str *out, const struct trace *t)
{
	const struct insn *in = &t->insns[t->last];
	const struct opcode *op = opcode_of(in->code);

	if (t->end == TRACE_PAST_END) {
		str_printf(out,
			   "octets %" PRIu64 "-%" PRIu64
			   " are not there: of %" PRIu32 " octets %" PRIu32
			   " were captured",
			   t->load_at, t->load_at + t->load_size - 1,
			   t->wirelen, t->caplen);
	} else if (t->end == TRACE_BY_ZERO) {
		str_puts(out, "X = 0: a division by zero");
	} else if (op->check == CHECK_TARGETS) {
		str_printf(out, "%s, to %03" PRIu32, t->taken ? "yes" : "no",
			   t->at);
	} else if (op->sets & USE_A) {
		str_printf(out, "A = 0x%" PRIx32, t->a);
	} else if (op->sets & USE_X) {
		str_printf(out, "X = 0x%" PRIx32, t->x);
	} else if (op->sets & USE_M) {
		str_printf(out, "M[%" PRIu32 "] = 0x%" PRIx32, in->k,
			   t->m[in->k]);
	} else if (in->code == OP_JA) {
		str_printf(out, "to %03" PRIu32, t->at);
	}
	if (t->load_size && t->end != TRACE_PAST_END) {
		str_printf(out, "  (%" PRIu64 ": ", t->load_at);
		put_loaded(out, t);
		str_putc(out, ')');
	}
}

static void put_verdict(struct str *out, const struct trace *t)
{
	if (t->end != TRACE_RETURNED)
		str_printf(out, "verdict: 0, no match, because of %s\n",
			   end_text(t));
	else if (t->verdict == 0)
		str_puts(out, "verdict: 0, no match\n");
	else
		str_printf(out, "verdict: %" PRIu32 ", a match\n", t->verdict);
}

/* A column of a listing, filled up to a width. */
static void put_listed(struct str *out, const struct program *p, size_t i,
		       size_t width)
{
	size_t before = out->len;

	disasm_line(p, i, out);
	/* a tab before jf: what follows stays in its column with a blank */
	for (size_t at = before; at < out->len; at++) {
		if (out->text[at] == '\t')
			out->text[at] = ' ';
	}
	if (out->len - before < width)
		str_pad(out, ' ', width - (out->len - before));
}

static void trace_text(struct examiner *e, const struct slot *s,
		       const struct pkt *p)
{
	struct trace t;
	bool more = true;

	str_printf(&e->out,
		   "packet %" PRIu64 ": %" PRIu32 " octets captured, %" PRIu32
		   " on the wire, link type ",
		   p->number, p->caplen, p->wirelen);
	put_name(&e->out, s->linktype);
	str_putc(&e->out, '\n');
	if (!s->vm) {
		str_puts(&e->out, "verdict: 0, no match: the expression makes "
				  "no sense on this link type\n");
		return;
	}
	trace_start(&t, s->program.insns, p->data, p->wirelen, p->caplen);
	while (more) {
		more = trace_step(&t);
		put_listed(&e->out, &s->program, t.last, 48);
		str_puts(&e->out, "  ");
		put_effect(&e->out, &t);
		while (e->out.len && e->out.text[e->out.len - 1] == ' ')
			e->out.text[--e->out.len] = '\0';
		str_putc(&e->out, '\n');
	}
	put_verdict(&e->out, &t);
}

static void put_step(struct str *out, const struct program *program,
		     const struct trace *t)
{
	const struct opcode *op = opcode_of(t->insns[t->last].code);
	uint32_t k = t->insns[t->last].k;
	struct str line = STR_INIT;

	str_printf(out, "\n{\"index\":%" PRIu32 ",\"text\":", t->last);
	disasm_short(program, t->last, &line);
	str_json_text(out, str_text(&line));
	str_printf(out, ",\"a\":%" PRIu32 ",\"x\":%" PRIu32, t->a, t->x);
	if (op->sets & USE_M)
		str_printf(out, ",\"m\":{\"%" PRIu32 "\":%" PRIu32 "}", k,
			   t->m[k]);
	if (t->load_size) {
		str_printf(out, ",\"offset\":%" PRIu64, t->load_at);
		if (t->end != TRACE_PAST_END) {
			str_puts(out, ",\"octets\":\"");
			for (unsigned i = 0; i < t->load_size; i++)
				str_printf(out, "%02x",
					   t->data[t->load_at + i]);
			str_putc(out, '"');
		}
	}
	if (op->check == CHECK_TARGETS)
		str_printf(out, ",\"taken\":%s", t->taken ? "true" : "false");
	if (t->end == TRACE_RUNS)
		str_printf(out, ",\"next\":%" PRIu32, t->at);
	str_putc(out, '}');
	out->failed |= line.failed;
	str_fini(&line);
}

static void trace_json(struct examiner *e, const struct slot *s,
		       const struct pkt *p)
{
	static const char *const ends[] = {"runs", "ret", "load", "division",
					   "loop"};
	struct trace t = {.end = TRACE_RETURNED};
	bool more = s->vm != NULL;

	str_printf(&e->out,
		   "{\"packet\":%" PRIu64 ",\"linktype\":%" PRIu32
		   ",\"caplen\":%" PRIu32 ",\"wirelen\":%" PRIu32
		   ",\"steps\":[",
		   p->number, s->linktype, p->caplen, p->wirelen);
	if (more)
		trace_start(&t, s->program.insns, p->data, p->wirelen,
			    p->caplen);
	while (more) {
		more = trace_step(&t);
		put_step(&e->out, &s->program, &t);
		if (more)
			str_putc(&e->out, ',');
	}
	str_printf(&e->out,
		   "],\"end\":\"%s\",\"verdict\":%" PRIu32 ",\"matches\":%s}\n",
		   ends[t.end], t.verdict, t.verdict ? "true" : "false");
}

/* ---- sums -----------------------------------------------------------------
 */

static void sum_up(struct examiner *e)
{
	for (uint32_t i = 0; i < e->count; i++)
		e->matched += e->slots[i].matched;
}

static void put_run(struct examiner *e, int64_t ns)
{
	double seconds = (double)(ns > 0 ? ns : 1) / 1e9;
	double rate = (double)e->packets / seconds;

	if (e->conf->json)
		str_printf(&e->out,
			   "{\"packets\":%" PRIu64 ",\"matched\":%" PRIu64
			   ",\"seconds\":%.9f,\"packets_per_second\":%.0f}\n",
			   e->packets, e->matched, seconds, rate);
	else
		str_printf(&e->out,
			   "%" PRIu64 " of %" PRIu64 " packets match (%.1f%%)\n"
			   "%.3f s, %.0f packets/s\n",
			   e->matched, e->packets,
			   e->packets
			       ? 100.0 * (double)e->matched / (double)e->packets
			       : 0.0,
			   seconds, rate);
}

static void put_profile_text(struct str *out, const struct slot *s)
{
	str_puts(out, "link type ");
	put_name(out, s->linktype);
	str_printf(out, ": %" PRIu64 " of %" PRIu64 " packets match\n",
		   s->matched, s->packets);
	if (!s->vm)
		return;
	str_puts(out, "        hits       %\n");
	for (size_t i = 0; i < s->program.n; i++) {
		const struct insn *in = &s->program.insns[i];
		bool test = opcode_of(in->code)->check == CHECK_TARGETS;

		str_printf(out, "%12" PRIu64 "  %5.1f%%  ", s->hits[i],
			   s->packets
			       ? 100.0 * (double)s->hits[i] / (double)s->packets
			       : 0.0);
		put_listed(out, &s->program, i, test ? 46 : 0);
		if (test)
			str_printf(out, "  yes %" PRIu64 ", no %" PRIu64,
				   s->taken[i], s->hits[i] - s->taken[i]);
		while (out->len && out->text[out->len - 1] == ' ')
			out->text[--out->len] = '\0';
		str_putc(out, '\n');
	}
}

static void put_profile_json(struct str *out, const struct slot *s)
{
	struct str line = STR_INIT;

	str_printf(out,
		   "{\"linktype\":%" PRIu32 ",\"packets\":%" PRIu64
		   ",\"matched\":%" PRIu64 ",\"instructions\":[",
		   s->linktype, s->packets, s->matched);
	for (size_t i = 0; s->vm && i < s->program.n; i++) {
		const struct opcode *op = opcode_of(s->program.insns[i].code);

		str_printf(out, "%s\n{\"index\":%zu,\"text\":", i ? "," : "",
			   i);
		str_clear(&line);
		disasm_short(&s->program, i, &line);
		str_json_text(out, str_text(&line));
		str_printf(out, ",\"hits\":%" PRIu64, s->hits[i]);
		if (op->check == CHECK_TARGETS)
			str_printf(out, ",\"yes\":%" PRIu64 ",\"no\":%" PRIu64,
				   s->taken[i], s->hits[i] - s->taken[i]);
		str_putc(out, '}');
	}
	str_puts(out, "]}");
	out->failed |= line.failed;
	str_fini(&line);
}

static void put_profile(struct examiner *e)
{
	if (e->conf->json)
		str_printf(&e->out,
			   "{\"packets\":%" PRIu64 ",\"matched\":%" PRIu64
			   ",\"programs\":[",
			   e->packets, e->matched);
	for (uint32_t i = 0; i < e->count; i++) {
		if (i > 0)
			str_puts(&e->out, e->conf->json ? ",\n" : "\n");
		if (e->conf->json)
			put_profile_json(&e->out, &e->slots[i]);
		else
			put_profile_text(&e->out, &e->slots[i]);
	}
	if (e->conf->json)
		str_puts(&e->out, "]}\n");
}

static void put_comparison(struct examiner *e)
{
	if (e->conf->json)
		str_printf(&e->out,
			   "],\n\"packets\":%" PRIu64 ",\"differ\":%" PRIu64
			   "}\n",
			   e->packets, e->differ);
	else
		str_printf(&e->out,
			   "%" PRIu64 " of %" PRIu64 " packets differ\n",
			   e->differ, e->packets);
}

/* ---- the run --------------------------------------------------------------
 */

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
		status = report_err(&err);
	source_close(source);
	if (status == ERR_USAGE || status == ERR_OUTPUT)
		return status;
	sum_up(e);
	if (e->conf->run)
		put_run(e, clock_monotonic_ns() - start);
	else if (e->conf->profile)
		put_profile(e);
	else if (e->conf->compare)
		put_comparison(e);
	if (e->conf->trace && !e->found && !status) {
		err_set(&err, ERR_FAULT,
			"there is no packet %" PRIu64 ", the last is %" PRIu64,
			e->wanted, e->packets);
		err_in_file(&err, path);
		return report_err(&err);
	}
	if (!report_out(&e->out))
		return ERR_OUTPUT;
	return status ? status : e->differ > 0;
}

int compile_examine(const struct compile_conf *conf,
		    const struct recipe *recipe, const char *file)
{
	struct recipe second = {.text = conf->compare, .setup = recipe->setup};
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
		(void)second_runs(&err);
	if (conf->trace)
		path = split_trace(file, &e.wanted, &err);
	if (err.kind != ERR_NONE)
		status = report_usage(&err, "compile");
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
