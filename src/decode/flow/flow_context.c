/* The flow context that decoders ask for, at once or recorded. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/check.h"
#include "base/log.h"
#include "decode/dissect.h"
#include "decode/engine/plan.h"
#include "decode/flow/flow_table.h"
#include "decode/flow/rpc_calls.h"
#include "decode/proto_ids.h"
#include "os/sandbox.h"

static bool wants_numbers(const struct plan *plan)
{
	return plan_wants(plan, "tcp.stream") || plan_wants(plan, "tcp.seq") ||
	       plan_wants(plan, "tcp.ack") || plan_wants(plan, "tcp.nxtseq");
}

/* Is something wanted that QUIC's Initials have inside? Lines do without what
   is in them but for fields of QUIC itself: they have to be fast. */
static bool wants_inside(const struct plan *plan)
{
	static const char records[] = "tls.record.";
	const struct proto *tls = protos[PROTO_tls];
	unsigned i;

	if (plan_wants_flags_of(plan, PROTO_quic, FIELD_CRYPTO))
		return true;
	if (plan->lines)
		return false;
	/* records are not in QUIC */
	for (i = 0; i < tls->n_fields; i++)
		if (plan->of[PROTO_tls].want[i] &&
		    strncmp(tls->fields[i].name, records, strlen(records)) != 0)
			return true;
	return plan->of[PROTO_tls].whole || plan_wants(plan, "frame.protocols");
}

static bool wants_initials(const struct plan *plan)
{
	return wants_inside(plan) && !crypto_missing();
}

void flow_context_prepare(const struct plan *plan)
{
	if (sandbox_ahead())
		wants_initials(plan);
}

/* Is anything wanted that conversations carry because another one said so? */
static bool wants_announced(const struct plan *plan)
{
	return plan->all_layers || plan_wants_of(plan, PROTO_rtp) ||
	       plan_wants_of(plan, PROTO_rtcp) ||
	       plan_wants_of(plan, PROTO_tftp) ||
	       plan_wants_of(plan, PROTO_stun);
}

static bool wants_one(const struct plan *plan, const char *const *names,
		      size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (plan_wants(plan, names[i]))
			return true;
	return false;
}

/* Is anything wanted that says how a datagram was joined? */
static bool wants_joining(const struct plan *plan)
{
	static const char *const names[] = {
	    "ip.fragment",   "ip.fragment.count",   "ip.reassembled.length",
	    "ipv6.fragment", "ipv6.fragment.count", "ipv6.reassembled.length"};

	return wants_one(plan, names, ARRAY_LEN(names));
}

/* Is anything wanted that is in short headers of QUIC? Only the conversation
   tells that there is one. */
static bool wants_short_headers(const struct plan *plan)
{
	static const char *const names[] = {
	    "quic.packet_length", "quic.header_form", "quic.fixed_bit",
	    "quic.spin_bit",	  "quic.dcid",
	};

	return plan->all_layers || plan->of[PROTO_quic].whole ||
	       wants_one(plan, names, ARRAY_LEN(names));
}

bool flow_context_open(struct flow_context *context, const struct plan *plan,
		       const struct hash_seed *seed, bool lines, unsigned join,
		       struct err *err)
{
	*context = (struct flow_context){.mode = FLOW_LIVE};
	context->wish.plan = plan;
	context->wish.facts = plan_wants_flags(plan, FIELD_FOLLOWED);
	context->wish.messages =
	    join & REASSEMBLE_MESSAGES && plan_wants_messages(plan);
	context->join = join & REASSEMBLE_FRAGMENTS &&
			(plan_wants_datagrams(plan) || wants_joining(plan));
	context->follow = context->wish.facts || context->wish.messages;
	context->tcp = context->follow || lines || wants_numbers(plan) ||
		       plan_wants(plan, "tls.record.content_type") ||
		       plan_wants(plan, "tls.record.opaque_type");
	if (!lines &&
	    (plan_wants_of(plan, PROTO_rtp) || plan_wants_of(plan, PROTO_rtcp)))
		context->tcp = true; /* RTSP announces them */
	context->open_quic = wants_initials(plan);
	context->udp =
	    context->open_quic || plan_wants(plan, "udp.stream") ||
	    plan_wants(plan, "udp.time_relative") ||
	    plan_wants(plan, "udp.time_delta") || wants_short_headers(plan) ||
	    plan_wants(plan, "frame.protocols") ||
	    /* lines do without, as tcpdump's: they have to be fast */
	    (!lines && wants_announced(plan));
	if (context->tcp || context->udp) {
		context->flows = flow_table_open(seed, err);
		if (!context->flows)
			return false;
	}
	if (context->follow) {
		if (wants_announced(plan)) {
			context->wish.announced = flow_table_announced;
			context->wish.announced_with = context->flows;
		}
		context->reassembly = tcp_reassembly_open(&context->wish, err);
		if (!context->reassembly)
			return false;
	}
	if (context->join) {
		context->fragments = ip_reassembly_open(seed, err);
		if (!context->fragments)
			return false;
	}
	if (context->open_quic) {
		context->quic = quic_talks_open();
		context->open_quic = context->quic != NULL;
	}
	if (plan->of[PROTO_rpc].useful) {
		context->rpc = rpc_calls_open(seed);
		context->use_rpc = context->rpc != NULL;
	}
	if (!context->follow && !context->join && !context->open_quic &&
	    !context->use_rpc)
		return true;
	context->log = calloc(1, sizeof(*context->log));
	return context->log || err_nomem(err, "conversations");
}

static void warn_lost(uint64_t n, const char *what)
{
	if (n)
		log_warn("%llu %s", (unsigned long long)n, what);
}

void flow_context_warn(const struct flow_context *context)
{
	struct reassembly_losses lost = {0};
	struct quic_losses hidden = {0};
	uint64_t flows =
	    context->flows ? flow_table_forgotten(context->flows) : 0;
	uint64_t datagrams = context->fragments
				 ? ip_reassembly_forgotten(context->fragments)
				 : 0;

	if (context->reassembly)
		lost = reassembly_losses(context->reassembly);
	if (context->quic)
		hidden = quic_talks_losses(context->quic);
	warn_lost(hidden.talks,
		  "QUIC connections evicted: memory limit reached");
	warn_lost(
	    hidden.hellos,
	    "QUIC messages not reassembled: size or memory limit reached");
	warn_lost(flows, "conversations evicted: limit reached; their later "
			 "packets count as new conversations");
	warn_lost(lost.sessions,
		  "conversations not followed to their end: limit reached");
	warn_lost(lost.messages,
		  "messages not reassembled: size or memory limit reached");
	warn_lost(datagrams, "datagrams not reassembled: too many fragments");
}

void flow_context_close(struct flow_context *context)
{
	quic_talks_close(context->quic);
	rpc_calls_close(context->rpc);
	flow_table_close(context->flows);
	tcp_reassembly_close(context->reassembly);
	ip_reassembly_close(context->fragments);
	if (context->log)
		replay_log_fini(context->log);
	free(context->log);
	*context = (struct flow_context){0};
}

/* Replay: the next fact, which is of this kind; NULL: there is none. */
static const struct flow_fact *replayed(struct flow_context *context, int kind)
{
	const struct flow_fact *fact;

	if (context->n == context->room)
		return NULL;
	fact = &context->facts[context->n++];
	check_that((int)fact->kind == kind);
	return (int)fact->kind == kind ? fact : NULL;
}

/* Record a fact, if there is room. */
static void record(struct flow_context *context, struct flow_fact fact)
{
	if (context->mode == FLOW_RECORD && context->n < context->room)
		context->facts[context->n++] = fact;
}

void flow_context_tcp(struct flow_context *context,
		      const struct flow_ends *ends, uint32_t seq, uint32_t ack,
		      unsigned flags, const struct cur *payload,
		      struct flow_tcp *out)
{
	const struct flow_fact *fact;

	if (context->mode == FLOW_REPLAY) {
		fact = replayed(context, FLOW_FACT_TCP);
		*out = fact ? fact->tcp : (struct flow_tcp){0};
		return;
	}
	flow_table_tcp(context->flows, ends, seq, ack, flags, payload, out);
	record(context, (struct flow_fact){.kind = FLOW_FACT_TCP, .tcp = *out});
}

void flow_context_segment(struct flow_context *context, struct segment *seg,
			  const struct tcp_facts **facts,
			  struct reassembled *parts)
{
	struct flow_last last;

	if (context->mode == FLOW_REPLAY) {
		tcp_reassembly_replay(&context->wish, context->log, seg, facts,
				      parts);
		return;
	}
	last = flow_table_last(context->flows);
	seg->reused = last.reused;
	seg->lost = last.lost;
	seg->fresh = last.fresh;
	seg->has_due = last.has_due;
	seg->due = last.due;
	tcp_reassembly_segment(context->reassembly, last.stream, last.slot,
			       last.from, seg, context->log,
			       context->mode == FLOW_RECORD, facts, parts);
}

void flow_context_udp(struct flow_context *context,
		      const struct flow_ends *ends, int64_t time_ns,
		      const struct cur *payload, struct flow_udp *out)
{
	const struct flow_fact *fact;

	*out = (struct flow_udp){0};
	if (context->mode == FLOW_REPLAY) {
		fact = replayed(context, FLOW_FACT_UDP);
		if (fact)
			*out = fact->udp;
		return;
	}
	flow_table_udp(context->flows, ends, time_ns, payload, out);
	record(context, (struct flow_fact){.kind = FLOW_FACT_UDP, .udp = *out});
}

const struct stream_note *flow_context_rpc(struct flow_context *context,
					   const struct flow_ends *ends,
					   const struct cur *payload)
{
	struct stream_note *note;
	const struct stream_note *kept;
	struct rpc_call call;

	if (context->mode == FLOW_REPLAY) {
		kept = replay_log_get(context->log, REPLAY_CALL,
				      sizeof(*kept) + sizeof(call));
		return kept && kept->n ? kept : NULL;
	}
	note = replay_log_put(context->log, REPLAY_CALL,
			      sizeof(*note) + sizeof(call));
	if (!note)
		return NULL;
	*note = (struct stream_note){0};
	if (!rpc_calls_see(context->rpc, ends->src, ends->dst, ends->n,
			   ends->sport, ends->dport, *payload, &call))
		return NULL;
	note->n = sizeof(call);
	note->owner = PROTO_rpc;
	note->kind = RPC_NOTE_CALL;
	memcpy(note->bytes, &call, sizeof(call));
	return note;
}

const struct quic_opened *flow_context_quic(struct flow_context *context,
					    const struct cur *payload)
{
	struct flow_last last;

	if (context->mode == FLOW_REPLAY)
		return quic_replay(context->log);
	last = flow_table_last(context->flows);
	return quic_datagram(context->quic, last.stream, last.slot, last.from,
			     *payload, context->log);
}

uint32_t flow_context_tcp_stream(struct flow_context *context,
				 const struct flow_ends *ends)
{
	const struct flow_fact *fact;
	uint32_t stream;

	if (context->mode == FLOW_REPLAY) {
		fact = replayed(context, FLOW_FACT_STREAM);
		return fact ? fact->stream : 0;
	}
	stream = flow_table_tcp_stream(context->flows, ends);
	record(context,
	       (struct flow_fact){.kind = FLOW_FACT_STREAM, .stream = stream});
	return stream;
}

void flow_context_fragment(struct flow_context *context,
			   const struct fragment *in, struct joined *out)
{
	if (context->mode == FLOW_REPLAY)
		ip_reassembly_replay(context->log, out);
	else
		ip_reassembly_add(context->fragments, in, context->log, out);
}
