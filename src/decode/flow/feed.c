/* Feeds: the flow context that decoders ask for, at once or recorded. */
#include <stdlib.h>

#include "base/log.h"
#include "decode/dissect.h"
#include "decode/engine/plan.h"
#include "decode/flow/flows.h"
#include "decode/security/tls.h"

static bool wants_numbers(const struct plan *plan)
{
	return plan_wants(plan, "tcp.stream") || plan_wants(plan, "tcp.seq") ||
	       plan_wants(plan, "tcp.ack") || plan_wants(plan, "tcp.nxtseq");
}

/* Is something wanted that QUIC's Initials have inside? Lines do without what
   is in them but for fields of QUIC itself: they have to be fast. */
static bool wants_initials(const struct plan *plan)
{
	unsigned i;

	if (!crypto_there())
		return false;
	if (plan_wants_flags_of(plan, PROTO_quic, FIELD_CRYPTO))
		return true;
	if (plan->lines)
		return false;
	/* records are not in QUIC */
	for (i = TLS_HS_TYPE; i < TLS_FIELDS; i++)
		if (plan->of[PROTO_tls].want[i])
			return true;
	return plan_wants(plan, "frame.protocols");
}

/* Is anything wanted that conversations carry because another one said so? */
static bool wants_announced(const struct plan *plan)
{
	return plan_wants_of(plan, PROTO_rtp) ||
	       plan_wants_of(plan, PROTO_rtcp) ||
	       plan_wants_of(plan, PROTO_tftp) ||
	       plan_wants_of(plan, PROTO_stun);
}

bool feed_open(struct flow_feed *feed, const struct plan *plan,
	       const struct hash_seed *seed, bool lines, unsigned join,
	       struct err *err)
{
	*feed = (struct flow_feed){.mode = FEED_LIVE};
	feed->wish.plan = plan;
	feed->wish.facts = plan_wants_flags(plan, FIELD_FOLLOWED);
	feed->wish.messages = join & JOIN_MESSAGES && plan_wants_messages(plan);
	feed->join = join & JOIN_FRAGMENTS && plan_wants_datagrams(plan);
	feed->follow = feed->wish.facts || feed->wish.messages;
	feed->tcp = feed->follow || lines || wants_numbers(plan) ||
		    plan_wants(plan, "tls.record.content_type") ||
		    plan_wants(plan, "tls.record.opaque_type");
	if (!lines &&
	    (plan_wants_of(plan, PROTO_rtp) || plan_wants_of(plan, PROTO_rtcp)))
		feed->tcp = true; /* RTSP announces them */
	feed->open_quic = wants_initials(plan);
	feed->udp = feed->open_quic || plan_wants(plan, "udp.stream") ||
		    plan_wants(plan, "udp.time_relative") ||
		    plan_wants(plan, "udp.time_delta") ||
		    plan_wants(plan, "quic.dcid") ||
		    plan_wants(plan, "frame.protocols") ||
		    /* lines do without, as tcpdump's: they have to be fast */
		    (!lines && wants_announced(plan));
	if (feed->tcp || feed->udp) {
		feed->flows = flows_open(seed, err);
		if (!feed->flows)
			return false;
	}
	if (feed->follow) {
		feed->streams = streams_open(&feed->wish, err);
		if (!feed->streams)
			return false;
	}
	if (feed->join) {
		feed->fragments = fragments_open(seed, err);
		if (!feed->fragments)
			return false;
	}
	if (feed->open_quic) {
		feed->quic = quic_talks_open();
		feed->open_quic = feed->quic != NULL;
	}
	if (!feed->follow && !feed->join && !feed->open_quic)
		return true;
	feed->tape = calloc(1, sizeof(*feed->tape));
	return feed->tape || err_nomem(err, "conversations");
}

static void warn_lost(uint64_t n, const char *what)
{
	if (n)
		log_warn("%llu %s", (unsigned long long)n, what);
}

void feed_warn(const struct flow_feed *feed)
{
	struct streams_losses lost = {0};
	struct quic_losses hidden = {0};
	uint64_t flows = feed->flows ? flows_forgotten(feed->flows) : 0;
	uint64_t datagrams =
	    feed->fragments ? fragments_forgotten(feed->fragments) : 0;

	if (feed->streams)
		lost = streams_losses(feed->streams);
	if (feed->quic)
		hidden = quic_talks_losses(feed->quic);
	warn_lost(hidden.talks, "connections of QUIC were forgotten, to make "
				"room for others");
	warn_lost(hidden.hellos, "messages in QUIC were not put together, "
				 "because they or all of them were too long");
	warn_lost(flows, "conversations were forgotten, to make room for "
			 "others: later packets of them count as new ones");
	warn_lost(lost.tracks, "conversations were not followed to their end, "
			       "to make room for others");
	warn_lost(lost.messages, "messages were not put together, because "
				 "they or all of them were too long");
	warn_lost(datagrams, "datagrams were not put together, because there "
			     "were too many fragments");
}

void feed_close(struct flow_feed *feed)
{
	quic_talks_close(feed->quic);
	flows_close(feed->flows);
	streams_close(feed->streams);
	fragments_close(feed->fragments);
	if (feed->tape)
		tape_fini(feed->tape);
	free(feed->tape);
	*feed = (struct flow_feed){0};
}

/* Replay: the next fact. Record: room for one, or NULL. */
static struct flow_tcp *feed_fact(struct flow_feed *feed)
{
	if (feed->mode == FEED_LIVE || feed->n == feed->room)
		return NULL;
	return &feed->facts[feed->n++];
}

void feed_tcp(struct flow_feed *feed, const struct flow_ends *ends,
	      uint32_t seq, uint32_t ack, unsigned flags,
	      const struct cur *payload, struct flow_tcp *out)
{
	struct flow_tcp *fact = feed_fact(feed);

	if (feed->mode == FEED_REPLAY) {
		*out = fact ? *fact : (struct flow_tcp){0};
		return;
	}
	flows_tcp(feed->flows, ends, seq, ack, flags, payload, out);
	if (fact)
		*fact = *out;
}

void feed_segment(struct flow_feed *feed, struct segment *seg,
		  const struct tcp_facts **facts, struct stream_parts *parts)
{
	struct flow_last last;

	if (feed->mode == FEED_REPLAY) {
		streams_replay(&feed->wish, feed->tape, seg, facts, parts);
		return;
	}
	last = flows_last(feed->flows);
	seg->reused = last.reused;
	streams_segment(feed->streams, last.stream, last.slot, last.from, seg,
			feed->tape, feed->mode == FEED_RECORD, facts, parts);
}

static uint64_t joined(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

void feed_udp(struct flow_feed *feed, const struct flow_ends *ends,
	      int64_t time_ns, const struct cur *payload, struct flow_udp *out)
{
	struct flow_tcp *fact = feed_fact(feed);

	*out = (struct flow_udp){0};
	if (feed->mode == FEED_REPLAY) {
		if (fact)
			*out = (struct flow_udp){
			    .stream = fact->stream,
			    .memo = fact->memo,
			    .since_first =
				joined(fact->base_seq, fact->base_ack),
			    .since_last =
				joined(fact->line_seq, fact->line_ack),
			};
		return;
	}
	flows_udp(feed->flows, ends, time_ns, payload, out);
	if (fact)
		*fact = (struct flow_tcp){
		    .stream = out->stream,
		    .memo = out->memo,
		    .base_seq = (uint32_t)(out->since_first >> 32),
		    .base_ack = (uint32_t)out->since_first,
		    .line_seq = (uint32_t)(out->since_last >> 32),
		    .line_ack = (uint32_t)out->since_last,
		};
}

const struct quic_opened *feed_quic(struct flow_feed *feed,
				    const struct cur *payload)
{
	struct flow_last last;

	if (feed->mode == FEED_REPLAY)
		return quic_replay(feed->tape);
	last = flows_last(feed->flows);
	return quic_datagram(feed->quic, last.stream, last.slot, last.from,
			     *payload, feed->tape);
}

uint32_t feed_tcp_stream(struct flow_feed *feed, const struct flow_ends *ends)
{
	struct flow_tcp *fact = feed_fact(feed);
	uint32_t stream;

	if (feed->mode == FEED_REPLAY)
		return fact ? fact->stream : 0;
	stream = flows_tcp_stream(feed->flows, ends);
	if (fact)
		fact->stream = stream;
	return stream;
}

void feed_fragment(struct flow_feed *feed, const struct fragment *in,
		   struct joined *out)
{
	if (feed->mode == FEED_REPLAY)
		fragments_replay(feed->tape, out);
	else
		fragments_add(feed->fragments, in, feed->tape, out);
}
