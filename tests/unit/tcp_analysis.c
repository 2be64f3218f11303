/* What segments say in the light of those before them. */
#include "decode/flow/tcp_analysis.h"

#include "tap.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

static struct tcp_pair talk;
static struct tcp_budget budget = {.most = 1 << 20};
static struct tcp_facts facts;
static uint64_t number;
static int64_t now_ns;

/* A segment, `ms` after the one before; its marks. */
static unsigned send(unsigned from, unsigned ms, unsigned flags, uint32_t seq,
		     uint32_t ack, uint32_t len, uint16_t window)
{
	struct segment seg = {
	    .seq = seq,
	    .ack = ack,
	    .len = len,
	    .flags = (uint16_t)flags,
	    .window = window,
	    .time_ns = now_ns += (int64_t)ms * 1000000,
	    .number = ++number,
	};

	return tcp_analyze(&talk, from, &seg, &budget, &facts);
}

/* A handshake: client's numbers start at 100, the server's at 500. */
static void connect(void)
{
	tcp_pair_fini(&talk, &budget);
	tcp_pair_init(&talk);
	number = 0;
	now_ns = 1000000000;
	send(0, 0, SYN, 100, 0, 0, 1000);
	send(1, 10, SYN | ACK, 500, 101, 0, 1000);
	is_int(facts.ack_rtt, 10000000, "the answer's round trip time");
	send(0, 10, ACK, 101, 501, 0, 1000);
	is_int(facts.initial_rtt, 20000000, "that of the handshake");
	is_int(facts.time_relative, 20000000, "time since the first segment");
}

int main(void)
{
	connect();
	is_int(send(0, 100, PSH | ACK, 101, 501, 50, 1000), 0, "data");
	is_int(facts.in_flight, 50, "which is in flight");
	is_int(send(1, 30, ACK, 501, 151, 0, 1000), 0, "and acknowledged");
	ok_all("by its packet and time", eq(facts.acks_frame, 4),
	       eq(facts.ack_rtt, 30000000));
	is_int(send(0, 300, ACK, 101, 501, 50, 1000),
	       MARK_SPURIOUS_RETRANSMISSION, "once more, without need");

	connect();
	send(0, 100, ACK, 101, 501, 50, 1000);
	is_int(send(0, 300, ACK, 101, 501, 50, 1000), MARK_RETRANSMISSION,
	       "a retransmission");
	ok_all("the segment, and the time since", eq(facts.rto, 300000000),
	       eq(facts.rto_frame, 4));

	connect();
	send(0, 100, ACK, 101, 501, 50, 1000);
	is_int(send(0, 1, ACK, 201, 501, 50, 1000), MARK_LOST_SEGMENT, "a gap");
	is_int(send(0, 1, ACK, 151, 501, 50, 1000), MARK_OUT_OF_ORDER,
	       "is filled soon");

	connect();
	send(0, 100, ACK, 101, 501, 50, 1000);
	send(1, 1, ACK, 501, 151, 0, 1000);
	send(0, 1, ACK, 201, 501, 50, 1000);
	is_int(send(1, 1, ACK, 501, 151, 0, 1000), MARK_DUPLICATE_ACK,
	       "the same acknowledgement again");
	send(1, 1, ACK, 501, 151, 0, 1000);
	ok_all("and again", eq(facts.dup_num, 2), eq(facts.dup_frame, 5));
	is_int(send(0, 10, ACK, 151, 501, 50, 1000), MARK_FAST_RETRANSMISSION,
	       "brings what was lost");

	connect();
	is_int(send(1, 100, ACK, 501, 601, 0, 1000), MARK_ACK_LOST_SEGMENT,
	       "an acknowledgement of what was never seen");

	connect();
	is_int(send(1, 9, ACK, 501, 101, 0, 0), MARK_ZERO_WINDOW, "no window");
	is_int(send(0, 900, ACK, 101, 501, 1, 1000), MARK_ZERO_WINDOW_PROBE,
	       "a probe");
	is_int(send(1, 1, ACK, 501, 101, 0, 0),
	       MARK_ZERO_WINDOW | MARK_ZERO_WINDOW_PROBE_ACK, "its answer");
	is_int(send(1, 900, ACK, 501, 101, 0, 800), MARK_WINDOW_UPDATE,
	       "a window again");
	is_int(send(0, 1, ACK, 101, 501, 800, 1000), MARK_WINDOW_FULL,
	       "which is filled");

	connect();
	is_int(send(0, 60000, ACK, 100, 501, 0, 1000), MARK_KEEP_ALIVE,
	       "a keep-alive");
	send(1, 1, ACK, 501, 101, 0, 1000);
	send(0, 60000, ACK, 100, 501, 0, 1000);
	is_int(send(1, 1, ACK, 501, 101, 0, 1000), MARK_KEEP_ALIVE_ACK,
	       "and its answer");
	is_int(facts.completeness, 7, "what was seen of the conversation");

	tcp_pair_fini(&talk, &budget);
	tcp_pair_init(&talk);
	send(0, 1, ACK, 0xfffffff0, 501, 0x20, 1000);
	is_int(send(0, 1, ACK, 0x10, 501, 5, 1000), 0,
	       "numbers go on after the wrap");
	for (unsigned i = 0; i < 100000; i++)
		send(0, 0, ACK, 0x15 + i * 2, 501, 1, 1000);
	ok_all("what is never acknowledged is bounded",
	       budget.used <= budget.most, talk.half[0].n_unacked <= 4096);
	tcp_pair_fini(&talk, &budget);
	is_int(budget.used, 0, "and freed");
	return done();
}
