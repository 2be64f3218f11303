/*
 * What compile --run, --profile, --trace and --compare print, as text and as
 * JSON.
 */
#include "cmd/compile_examine.h"

#include <inttypes.h>

#include "bpf/disasm.h"
#include "bpf/trace.h"
#include "capture/linktype.h"

/* ---- traces ---------------------------------------------------------------
 */

static const char *end_text(const struct trace *t)
{
	switch (t->end) {
	case TRACE_PAST_END:
		return "a load beyond the captured bytes";
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
			   "bytes %" PRIu64 "-%" PRIu64
			   " are not there: of %" PRIu32 " bytes %" PRIu32
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
		   "packet %" PRIu64 ": %" PRIu32 " bytes captured, %" PRIu32
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
			str_puts(out, ",\"bytes\":\"");
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

void examined_trace(struct examiner *e, const struct slot *s,
		    const struct pkt *p)
{
	if (e->conf->json)
		trace_json(e, s, p);
	else
		trace_text(e, s, p);
}

/* ---- sums -----------------------------------------------------------------
 */

void examined_run(struct examiner *e, int64_t ns)
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

void examined_profile(struct examiner *e)
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

void examined_comparison(struct examiner *e)
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
