/* Feeds: the flow context that decoders ask for, at once or recorded. */
#include <stdlib.h>

#include "decode/dissect.h"
#include "decode/flows.h"

static bool wants_numbers(const struct plan *plan)
{
	return plan_wants(plan, "tcp.stream") || plan_wants(plan, "tcp.seq") ||
	       plan_wants(plan, "tcp.ack") || plan_wants(plan, "tcp.nxtseq");
}

bool feed_open(struct flow_feed *feed, const struct plan *plan,
	       const struct hash_seed *seed, bool lines, bool join,
	       struct err *err)
{
	*feed = (struct flow_feed){.mode = FEED_LIVE};
	feed->wish.plan = plan;
	feed->wish.facts = plan_wants_flags(plan, FIELD_FOLLOWED);
	feed->wish.messages = join && plan_wants_messages(plan);
	feed->follow = feed->wish.facts || feed->wish.messages;
	feed->tcp = feed->follow || lines || wants_numbers(plan) ||
		    plan_wants(plan, "tls.record.content_type") ||
		    plan_wants(plan, "tls.record.opaque_type");
	feed->udp = plan_wants(plan, "udp.stream") ||
		    plan_wants(plan, "quic.dcid") ||
		    plan_wants(plan, "frame.protocols");
	if (!feed->tcp && !feed->udp)
		return true;
	feed->flows = flows_open(seed, err);
	if (!feed->flows)
		return false;
	if (!feed->follow)
		return true;
	feed->streams = streams_open(&feed->wish, err);
	feed->tape = calloc(1, sizeof(*feed->tape));
	if (!feed->tape)
		err_nomem(err, "conversations");
	return feed->streams && feed->tape;
}

void feed_close(struct flow_feed *feed)
{
	flows_close(feed->flows);
	streams_close(feed->streams);
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

void feed_udp(struct flow_feed *feed, const struct flow_ends *ends,
	      const struct cur *payload, struct flow_udp *out)
{
	struct flow_tcp *fact = feed_fact(feed);

	*out = (struct flow_udp){0};
	if (feed->mode == FEED_REPLAY) {
		if (fact)
			*out = (struct flow_udp){fact->stream, fact->memo};
		return;
	}
	flows_udp(feed->flows, ends, payload, out);
	if (fact)
		*fact =
		    (struct flow_tcp){.stream = out->stream, .memo = out->memo};
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
