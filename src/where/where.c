/* An expression and what is compiled from it, and the selector that runs it. */
#include "where/where.h"

#include <stdlib.h>
#include <string.h>

#include "bpf/vm.h"
#include "decode/flow/flow_table.h"
#include "decode/proto_ids.h"
#include "os/seed.h"
#include "pkt/ifcopy.h"
#include "pkt/ifmap.h"
#include "pkt/timeline.h"
#include "where/check.h"
#include "where/functions.h"
#include "where/header.h"
#include "where/macro.h"
#include "where/names.h"
#include "where/operators.h"
#include "where/parser.h"
#include "where/parts.h"
#include "where/prefilter.h"
#include "where/want.h"

/* ---- opening ------------------------------------------------------------ */

static bool make_plan(struct where *w, struct where_source *s,
		      const struct where_node *root,
		      const struct where_options *options)
{
	size_t i;

	w->plan = plan_open(s->err);
	if (!w->plan)
		return false;
	for (i = 0; i < options->n_force; i++)
		if (!plan_force(w->plan, options->force[i], s->err))
			return false;
	plan_only_values(w->plan);
	if (!where_want(s, w->plan, root))
		return false;
	plan_ready(w->plan);
	flow_context_prepare(w->plan);
	return true;
}

static void note_mixed(struct where *w, const struct where_source *s, size_t at)
{
	if (at != SIZE_MAX)
		str_printf(&w->notes,
			   "'%.*s' binds tighter than '%.*s': parentheses "
			   "make plain what is meant\n",
			   3, s->text[at] == '|' ? "&& " : "and", 2,
			   s->text + at);
}

static bool make(struct where *w, struct where_source *s,
		 const struct where_options *options)
{
	struct where_node *root;
	size_t mixed;

	s->names = field_names(s->err);
	if (!s->names || !where_expand(s, options->macros) ||
	    !where_parse(s, &root, &mixed))
		return false;
	if (!root)
		return true;
	note_mixed(w, s, mixed);
	if (!where_check(s, root, &w->notes) || !make_plan(w, s, root, options))
		return false;
	w->text = s->text; /* the arena's */
	w->len = s->len;
	w->root = root;
	w->program = program_open(s, root);
	return w->program;
}

struct where *where_open(const char *text, size_t len,
			 const struct where_options *options, struct err *err)
{
	struct where *w = calloc(1, sizeof(*w));
	struct where_source source = {.len = len, .err = err};

	if (!w) {
		err_nomem(err, "expression");
		return NULL;
	}
	w->apart = options->apart;
	w->decode_all = options->decode_all;
	source.arena = &w->arena;
	/* constants point into the text */
	source.text = arena_text(&w->arena, text, len);
	if (!source.text)
		err_nomem(err, "expression");
	else if (make(w, &source, options))
		return w;
	where_close(w);
	return NULL;
}

void where_close(struct where *w)
{
	if (!w)
		return;
	program_close(w->program);
	plan_close(w->plan);
	arena_fini(&w->arena);
	str_fini(&w->notes);
	free(w);
}

unsigned where_joins(const struct where *w)
{
	return w->apart ? 0 : REASSEMBLE_MESSAGES | REASSEMBLE_FRAGMENTS;
}

const char *where_notes(const struct where *w)
{
	return str_text(&w->notes);
}

bool where_is(const char *text, size_t len)
{
	static const struct where_options none = {.force = NULL};
	struct where *w = where_open(text, len, &none, NULL);

	where_close(w);
	return w;
}

bool where_has_word(const char *word, size_t n)
{
	const struct where_names *names = field_names(NULL);

	return operator_word(word, n) || function_find(word, n) ||
	       (names && field_names_find(names, word, n));
}

/* ---- lists -------------------------------------------------------------- */

void where_list_operators(struct str *out)
{
	size_t i;

	for (i = 0; i < where_operator_count; i++) {
		const struct where_operator *row = &where_operators[i];

		str_printf(out, "%s%s%s%s%s\t%s\n", row->text ? row->text : "",
			   row->text && row->word ? ", " : "",
			   row->word ? row->word : "", row->other ? ", " : "",
			   row->other ? row->other : "", row->title);
	}
}

void where_list_functions(struct str *out)
{
	size_t i;

	for (i = 0; i < where_function_count; i++)
		str_printf(out, "%s\t%s\n", where_functions[i].name,
			   where_functions[i].title);
}

/* ---- the selector ------------------------------------------------------- */

/* Packets that are asked about at a time. */
#define SLICE 512
/* And looked at by one instruction, where it can. */
#define LANES 32

/* What is known of an interface. */
struct where_iface {
	struct iface *iface; /* its copy */
	struct vm *vm;	     /* its prefilter; NULL: none */
};

struct where_select {
	struct selector selector;
	const struct where *where;
	struct where_run *run;
	struct dissect *dissect;
	struct flow_context context;
	bool used; /* the context is */
	struct where_iface *ifaces;
	uint32_t n_ifaces;
	struct ifmap which; /* index in ifaces */
	bool timed;	    /* the expression may ask for times of others */
	struct timeline times;
};

/* The prefilter for an interface's packets. false: there was no memory. */
static bool open_prefilter(struct where_select *w, struct where_iface *to,
			   struct err *err)
{
	const struct where *where = w->where;
	struct program program;

	if (!where->program || where->decode_all ||
	    !prefilter_make(where->root, where->plan, &w->context,
			    to->iface->linktype, &program))
		return true;
	to->vm = vm_open(&program, err);
	program_fini(&program);
	return to->vm;
}

static bool select_iface(struct selector *k, const struct iface *iface,
			 struct err *err)
{
	struct where_select *w = (struct where_select *)k;
	struct where_iface *more =
	    realloc(w->ifaces, (w->n_ifaces + 1) * sizeof(*more));

	if (!more)
		return err_nomem(err, "interfaces");
	w->ifaces = more;
	more += w->n_ifaces;
	*more = (struct where_iface){.iface = iface_copy_shown(iface, err)};
	if (!more->iface)
		return false;
	return ifmap_set(&w->which, iface->id, w->n_ifaces++, err) &&
	       open_prefilter(w, more, err);
}

static bool match_decoded(struct where_select *w, const struct pkt *pkt,
			  const struct iface *iface)
{
	if (w->used)
		flow_context_next(&w->context);
	dissect_packet(w->dissect, pkt, iface);
	return program_matches(w->where->program, w->run);
}

static bool match_timed(struct where_select *w, const struct pkt *pkt,
			const struct where_iface *of, unsigned verdict)
{
	struct dissect *d = w->dissect;
	bool good;

	timeline_meet(&w->times, pkt);
	d->first_ns = w->times.first_ns;
	d->previous_ns = w->times.previous_ns;
	d->displayed_ns = w->times.displayed_ns;
	good = verdict == PREFILTER_DECODE
		   ? match_decoded(w, pkt, of ? of->iface : NULL)
		   : verdict == PREFILTER_MATCH;
	timeline_judged(&w->times, pkt, good);
	return good;
}

/* How many of n packets, at most SLICE, are of the first one's interface.
   ask[i]: are the headers of packet i, which is kept, to be asked about? */
static size_t same_iface(const struct pkt *p, size_t n, const uint8_t *keep,
			 uint8_t *ask)
{
	uint32_t iface = p->iface, others = 0;
	size_t i;

	if (n > SLICE)
		n = SLICE;
	for (i = 0; i < n; i++) {
		others |= p[i].iface ^ iface;
		ask[i] = keep[i] & (p[i].wirelen >= p[i].caplen) &
			 (p[i].wirelen <= HEADER_LONGEST);
	}
	for (i = 0; others && i < n && p[i].iface == iface;)
		i++;
	return others ? i : n;
}

/* The verdicts of the headers of n packets, of those with ask[i], in place. */
static void prefilter(const struct where_iface *of, const struct pkt *p,
		      size_t n, uint8_t *ask)
{
	if (of && of->vm)
		vm_verdicts(of->vm, p, n, ask);
	else
		memset(ask, PREFILTER_DECODE, n);
}

/* Keep those of n packets that the headers say match; left: those to decode.
   A compiler sees the length of the loop where n is a constant. */
static inline void divide(uint8_t *restrict keep, uint8_t *restrict left,
			  const uint8_t *restrict verdicts, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		left[i] = keep[i] & (verdicts[i] == PREFILTER_DECODE);
		keep[i] &= verdicts[i] == PREFILTER_MATCH;
	}
}

/* Keep what the headers say matches; the rest of those packets of one
   interface whose verdict is to decode them is left to that. */
static void match_same(struct where_select *w, const struct pkt *p, size_t n,
		       const struct where_iface *of, const uint8_t *verdicts,
		       uint8_t *keep)
{
	uint8_t left[SLICE];
	size_t i;

	for (i = 0; n - i >= LANES; i += LANES)
		divide(keep + i, left + i, verdicts + i, LANES);
	divide(keep + i, left + i, verdicts + i, n - i);
	for (i = 0; i < n; i++) {
		const uint8_t *next = memchr(left + i, 1, n - i);

		if (!next)
			return;
		i = (size_t)(next - left);
		keep[i] = match_decoded(w, &p[i], of ? of->iface : NULL);
	}
}

/* The same where the expression asks for times of other packets. */
static void match_each(struct where_select *w, const struct pkt *p, size_t n,
		       const struct where_iface *of, const uint8_t *verdicts,
		       uint8_t *keep)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (keep[i])
			keep[i] = match_timed(w, &p[i], of, verdicts[i]);
}

static enum verdict select_match(struct selector *k, const struct pkt *p,
				 size_t n, uint8_t *keep)
{
	struct where_select *w = (struct where_select *)k;
	uint8_t verdicts[SLICE];
	size_t some;

	for (; w->where->program && n; p += some, keep += some, n -= some) {
		uint32_t which = ifmap_get(&w->which, p->iface);
		const struct where_iface *of =
		    which < w->n_ifaces ? &w->ifaces[which] : NULL;

		some = same_iface(p, n, keep, verdicts);
		prefilter(of, p, some, verdicts);
		(w->timed ? match_each : match_same)(w, p, some, of, verdicts,
						     keep);
	}
	if (!w->run->failed)
		return GO_ON;
	err_nomem(&k->err, "expression");
	return FAILED;
}

static void select_close(struct selector *k)
{
	struct where_select *w = (struct where_select *)k;
	uint32_t i;

	flow_context_warn(&w->context);
	dissect_close(w->dissect);
	run_close(w->run);
	flow_context_close(&w->context);
	for (i = 0; i < w->n_ifaces; i++) {
		free(w->ifaces[i].iface);
		vm_close(w->ifaces[i].vm);
	}
	free(w->ifaces);
	ifmap_fini(&w->which);
	free(w);
}

static const struct selector_ops where_ops = {
    .name = "where",
    .iface = select_iface,
    .match = select_match,
    .close = select_close,
};

static bool open_run(struct where_select *w, struct err *err)
{
	struct hash_seed seed;

	w->run = run_open(w->where->program, err);
	if (!w->run)
		return false;
	if (!w->where->program)
		return true;
	w->dissect = dissect_open(w->where->plan, err);
	if (!w->dissect)
		return false;
	w->run->dissect = w->dissect;
	w->timed = plan_wants_of(w->where->plan, PROTO_frame);
	seed_get(&seed);
	if (!flow_context_open(&w->context, w->where->plan, &seed, false,
			       where_joins(w->where), err))
		return false;
	w->used = flow_context_used(&w->context);
	if (w->used)
		w->dissect->context = &w->context;
	return true;
}

struct selector *where_selector(const struct where *where, struct err *err)
{
	struct where_select *w = calloc(1, sizeof(*w));

	if (!w) {
		err_nomem(err, "expression");
		return NULL;
	}
	w->selector.ops = &where_ops;
	w->where = where;
	if (open_run(w, err))
		return &w->selector;
	select_close(&w->selector);
	return NULL;
}
