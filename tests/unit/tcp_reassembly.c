/*
 * Messages longer than a segment: DNS over TCP, HTTP and TLS as they may be
 * cut, and what hostile conversations may cost.
 */
#include "decode/flow/tcp_reassembly.h"

#include <string.h>

#include "base/array.h"
#include "decode/engine/plan.h"
#include "decode/proto_ids.h"
#include "decode/web/hpack.h"
#include "tap.h"

static struct tcp_reassembly *streams;
static struct plan *plan;
static struct replay_log replay;
static uint32_t slots[300000];
static uint64_t number;
static int64_t step_ns = 1000000000; /* between segments */
static uint32_t acked;		     /* by the next segments */

/* The parts of one more segment of stream 0. */
static struct reassembled send_in(uint32_t stream, unsigned from, uint32_t seq,
				  const void *bytes, size_t n, unsigned flags,
				  uint16_t port)
{
	const struct tcp_facts *facts;
	struct reassembled parts = {0};
	struct segment seg = {
	    .seq = seq,
	    .len = (uint32_t)n,
	    .flags = (uint16_t)flags,
	    .sport = from ? port : 40000,
	    .dport = from ? 40000 : port,
	    .window = 1000,
	    .ack = acked,
	    .time_ns = (int64_t)(number + 1) * step_ns,
	    .number = number + 1,
	    .payload = cur_over(bytes, n, n),
	    .whole = true,
	};

	number++;
	replay_log_rewind(&replay);
	tcp_reassembly_segment(streams, stream, &slots[stream], from, &seg,
			       &replay, true, &facts, &parts);
	return parts;
}

static struct reassembled send(uint32_t seq, const void *bytes, size_t n)
{
	return send_in(0, 0, seq, bytes, n, 16, 53);
}

static bool joined_is(const struct reassembled *p, const void *bytes, size_t n)
{
	return p->has_joined && p->joined == n && !memcmp(p->bytes, bytes, n);
}

/* Nothing but a pending part. */
static bool waits(const struct reassembled *p)
{
	return p->pending && !p->has_joined && p->take == 0;
}

static void restart(void)
{
	struct reassembly_wish wish = {true, true, plan};
	struct err err;

	tcp_reassembly_close(streams);
	memset(slots, 0, sizeof(slots));
	streams = tcp_reassembly_open(&wish, &err);
}

/* A length of 8 and as many bytes. */
static const uint8_t dns[10] = {0, 8, 1, 2, 3, 4, 5, 6, 7, 8};

/* The same that may be one of DNS, although it asks nothing. */
static const uint8_t query[14] = {0, 12, 1, 2, 1};

static void test_lengths(void)
{
	uint8_t two[26];
	struct reassembled p;
	uint32_t seq = 0xfffffffc; /* wraps within the message */

	memcpy(two, dns, 10);
	memcpy(two + 10, dns, 10);
	memcpy(two + 20, dns, 6);
	restart();
	p = send(seq, dns, 1);
	ok(waits(&p), "half a length waits");
	p = send(seq + 1, dns + 1, 8);
	ok(waits(&p), "so does what has no end yet");
	p = send(seq + 9, dns + 9, 1);
	ok(joined_is(&p, dns, 10), "the last byte brings all, over the wrap");
	is_int(p.n_frames, 3, "of three segments");
	is_int(p.frames[0], 1, "the first one is known");
	p = send(seq + 10, two, 26);
	ok_all("two whole messages are decoded where they are, the tail waits",
	       !p.has_joined, eq(p.skip, 0), eq(p.take, 20), p.pending);
	p = send(seq + 36, dns + 6, 4);
	ok(joined_is(&p, dns, 10), "the tail is joined");
	p = send(seq + 10, two, 26);
	ok_all("what is sent again is not decoded", eq(p.take, 0),
	       !p.has_joined);
}

static void test_order(void)
{
	struct reassembled p;

	/* too close together for retransmissions */
	step_ns = 1000;
	restart();
	send(100, dns, 3);
	p = send(107, dns + 7, 3);
	ok(waits(&p), "the end came early");
	p = send(103, dns + 3, 2);
	ok(waits(&p), "a gap remains");
	p = send(105, dns + 5, 2);
	ok(joined_is(&p, dns, 10), "the gap's last byte brings all");

	restart();
	send(100, dns, 3);
	p = send(500, query, 14);
	ok(waits(&p), "what comes early waits for what is missing");
	acked = 514;
	send_in(0, 1, 1, dns, 0, 16, 53);
	p = send(514, query, 14);
	ok_all("but not for what is acknowledged, and was not captured",
	       !p.has_joined, eq(p.n_own, 28), eq(p.take, 28));
	p = send(103, dns + 3, 7);
	ok(joined_is(&p, dns, 10) || p.take == 0,
	   "the rest of the first one does no harm");
}

static void test_capture_loss(void)
{
	struct reassembled p;

	restart();
	acked = 500;
	send(100, query, 14);
	acked = 114;
	send_in(0, 1, 500, query, 14, 16, 53);
	acked = 514;
	p = send(200, query, 14);
	ok(waits(&p), "after a gap a message waits for what is missing");
	restart();
	acked = 500;
	send(100, query, 14);
	acked = 114;
	send_in(0, 1, 500, query, 14, 16, 53);
	acked = 600;
	p = send(200, query, 14);
	ok_all("unless it acknowledges what was not captured", !p.pending,
	       eq(p.n_own, 14), eq(p.take, 14));
	acked = 0;
}

static void test_http(void)
{
	static const char head[] =
	    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
	static const char chunked[] =
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "5\r\nhello\r\n0\r\n\r\n";
	static const char closed[] = "HTTP/1.0 200 OK\r\n\r\nabc";
	static const char both[] = "567890HTTP/1.1 204 No\r\n\r\n";
	size_t n = sizeof(head) - 1, i;
	struct reassembled p;

	restart();
	send_in(0, 1, 1, head, 20, 16, 80);
	p = send_in(0, 1, 21, head + 20, n - 20, 16, 80);
	ok(waits(&p), "a head without its body waits");
	p = send_in(0, 1, 1 + (uint32_t)n, "1234", 4, 16, 80);
	ok(waits(&p), "and with half of it");
	p = send_in(0, 1, 5 + (uint32_t)n, both, sizeof(both) - 1, 16, 80);
	ok_all("the body's end brings the head, and what is after is next",
	       joined_is(&p, head, n), eq(p.claim, n + 10), eq(p.skip, 6),
	       eq(p.take, sizeof(both) - 1 - 6));

	restart();
	send_in(0, 1, 1, chunked, 8, 16, 80);
	for (i = 8; i + 2 < sizeof(chunked); i++)
		p = send_in(0, 1, 1 + (uint32_t)i, chunked + i, 1, 16, 80);
	ok(waits(&p), "chunks, byte by byte");
	p = send_in(0, 1, 1 + (uint32_t)i, chunked + i, 1, 16, 80);
	ok_all("end with the last one's line", p.has_joined,
	       eq(p.claim, sizeof(chunked) - 1));

	restart();
	p = send_in(0, 1, 1, closed, sizeof(closed) - 1, 16, 80);
	ok(waits(&p), "a body without a length waits");
	p = send_in(0, 1, sizeof(closed), "def", 3, 16, 80);
	ok(waits(&p), "for the end");
	p = send_in(0, 1, sizeof(closed) + 3, "", 0, 17, 80);
	ok_all("which is the FIN", p.has_joined,
	       eq(p.claim, sizeof(closed) + 2));
}

/* Responses that are complete in one segment, or only at the FIN. */
static void test_http_lengths(void)
{
	static const struct {
		const char *headers;
		const char *body;
		bool to_fin;
	} cases[] = {
	    {"Content-Length: 5", "hello", false},
	    {"content-length:5 ", "hello", false},
	    {"Content-Length: 5, 5", "hello", false},
	    {"Content-Length: 5\r\nContent-Length: 5", "hello", false},
	    {"Content-Length: 5, 6", "hello", true},
	    {"Content-Length: 5(7)", "hello", true},
	    {"Content-Length: -5", "hello", true},
	    {"Content-Length:", "hello", true},
	    {"Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n", false},
	    {"Transfer-Encoding: gzip, Chunked ",
	     "5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n", false},
	    {"Transfer-Encoding: chunked", "0\r\nfoobar\r\n", false},
	    {"Transfer-Encoding: xchunked", "0\r\n\r\n", true},
	    {"Transfer-Encoding:: chunked", "hello", true},
	    {"Transfer-Encoding: chunked, gzip", "0\r\n\r\n", true},
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct reassembled p;
		char text[200];
		size_t n = (size_t)snprintf(text, sizeof(text),
					    "HTTP/1.1 200 OK\r\n%s\r\n\r\n%s",
					    cases[i].headers, cases[i].body);

		printf("# %s\n", cases[i].headers);
		restart();
		p = send_in(0, 1, 1, text, n, 16, 80);
		if (!cases[i].to_fin) {
			ok_all("the body ends", eq(p.take, n), !p.pending);
			continue;
		}
		ok(waits(&p), "the body goes on");
		p = send_in(0, 1, 1 + (uint32_t)n, "", 0, 17, 80);
		ok_all("to the FIN", p.has_joined, eq(p.claim, n));
	}
}

/* Nothing that is sent may make it keep more than the limits say. */
static void test_floods(void)
{
	static uint8_t big[60000];
	uint32_t i, seq = 1, whole = 0, started = 0, invented = 0;
	struct reassembled p;
	struct reassembly_losses lost;

	/* half-open conversations, each with half a message */
	restart();
	for (i = 0; i < REASSEMBLY_SESSIONS + 5000; i++)
		send_in(i, 0, 1, dns, 3, 16, 53);
	lost = reassembly_losses(streams);
	is_int(lost.sessions, 5000,
	       "conversations beyond the limit are evicted");

	for (i = 0; i < REASSEMBLY_SESSIONS + 5000; i++) {
		p = send_in(i, 0, 4, dns + 3, 7, 16, 53);
		whole += p.has_joined;
		invented += p.take > 0;
	}
	is_int(invented, 0, "what lost its start is not decoded as one");
	ok_all("many are kept", whole > 20000, whole < REASSEMBLY_SESSIONS);
	for (i = 0; i < REASSEMBLY_SESSIONS + 5000; i++)
		started += send_in(i, 0, 11, dns, 10, 16, 53).take > 0;
	ok(started >= whole, "the next ones of these are decoded");

	/* the longest messages, almost whole */
	restart();
	big[0] = big[1] = 0xff;
	for (i = 0; i < 2000; i++)
		send_in(i, 0, 1, big, sizeof(big), 16, 53);
	lost = reassembly_losses(streams);
	ok(lost.messages > 2000 - REASSEMBLY_TOTAL / sizeof(big) - 1,
	   "unfinished messages beyond the limit are evicted");

	/* a head without an end */
	restart();
	memset(big, 'a', sizeof(big));
	memcpy(big, "GET ", 4);
	for (i = 0; i < 20; i++, seq += sizeof(big))
		send_in(0, 0, seq, big, sizeof(big), 16, 80);
	lost = reassembly_losses(streams);
	ok(lost.messages >= 1, "a head without an end is given up");

#if SIZE_MAX > UINT32_MAX /* else no message is that long */
	/* the largest length there is */
	restart();
	send_in(0, 0, 1,
		"POST / HTTP/1.1\r\nContent-Length: 4294967295\r\n\r\n", 47, 16,
		80);
	for (i = 0, seq = 48; i < 5000; i++, seq += sizeof(big))
		send_in(0, 0, seq, big, sizeof(big), 16, 80);
	lost = reassembly_losses(streams);
	is_int(lost.messages, 0, "a body is not kept, whatever its length");
#endif
}

/* The table of conversations is moved when it grows. */
static void test_table_grows(void)
{
	static const char head[] = "GET / HTTP/1.1\r\n\r\n";
	struct reassembled p;
	uint32_t i;

	restart();
	p = send_in(0, 0, 1, head, 2, 16, 80);
	ok(waits(&p), "the first two letters of a request wait");
	for (i = 1; i < 20000; i++)
		send_in(i, 0, 1, dns, 3, 16, 53);
	p = send_in(0, 0, 3, head + 2, sizeof(head) - 3, 16, 80);
	ok(joined_is(&p, head, sizeof(head) - 1) || p.take > 0,
	   "it goes on after 20,000 conversations began");
}

/* Conversations of protocols that need no state have none. */
static void test_plain(void)
{
	struct reassembly_wish wish = {false, true, plan};
	struct reassembled p;
	struct err err;

	tcp_reassembly_close(streams);
	memset(slots, 0, sizeof(slots));
	streams = tcp_reassembly_open(&wish, &err);
	p = send_in(0, 0, 1, "login", 5, 16, 23);
	is_int(p.upper, PROTO_telnet, "what telnet's port leads to");
	is_int(p.take, 5, "as it is");
	ok(stream_is_plain(slots[0]), "and nothing more is to be asked");
	is_int((uint8_t)slots[0], PROTO_telnet, "as it is telnet for ever");
	send_in(1, 0, 1, dns, 4, 16, 53);
	ok_all("messages are followed", slots[1], !stream_is_plain(slots[1]));
	send_in(2, 0, 1, "?", 1, 16, 4711);
	ok(!slots[2], "unknown data is looked at again");
	restart();
}

static unsigned notes(const struct reassembled *p)
{
	const struct stream_note *note;
	unsigned n = 0;

	for (note = p->notes; note; note = note->next)
		n++;
	return n == p->n_notes ? n : 9999;
}

/* What protocols keep: of header compression, the tables. */
static void test_kept(void)
{
	enum { MANY = REASSEMBLY_KEPT + 500, FIRST = 24 + 9 + 6 };
	static const char first[FIRST] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
					 "\0\0\6\1\4\0\0\0\1\x82\x40\1a\1b";
	static const char next[] = "\0\0\1\1\4\0\0\0\3\xbe";
	struct reassembly_losses lost;
	struct reassembled p;
	unsigned good = 0;
	uint32_t i;

	restart();
	p = send_in(0, 0, 1, first, FIRST, 16, 80);
	is_int(p.upper, PROTO_http2, "HTTP/2 where HTTP/1 was expected");
	is_int(p.take, FIRST, "whole frames");
	if (hpack_there()) {
		is_int(notes(&p), 3, "notes of a frame and two fields");
		p = send_in(0, 0, 1 + FIRST, next, 10, 16, 80);
		is_int(notes(&p), 2, "a field that the table has");
	}
	for (i = 1; i < MANY; i++) {
		p = send_in(i, 0, 1, first, FIRST, 16, 80);
		good += notes(&p) == 3;
	}
	is_int(good, hpack_there() ? MANY - 1 : 0, "each with its notes");
	lost = reassembly_losses(streams);
	is_int((int)lost.sessions, 500,
	       "what was kept made way, and is counted");
	good = 0;
	/* from those that were heard of last */
	for (i = MANY; i-- > 0;) {
		p = send_in(i, 0, 1 + FIRST, next, 10, 16, 80);
		good += notes(&p) == 2;
	}
	ok(!hpack_there() || (good > 0 && good <= REASSEMBLY_KEPT),
	   "only what is remembered is used");
	restart();
}

int main(void)
{
	struct err err;

	plan = plan_open(&err);
	plan_want_all(plan);
	plan_ready(plan);
	test_lengths();
	test_order();
	test_capture_loss();
	test_http();
	test_http_lengths();
	test_floods();
	test_table_grows();
	test_plain();
	test_kept();
	tcp_reassembly_close(streams);
	plan_close(plan);
	replay_log_fini(&replay);
	return done();
}
