/* Payload in order, whatever the order of segments, and within limits. */
#include "decode/flow/tcp_order.h"

#include "tap.h"

static char text[256];
static size_t length, total;
static bool from_held; /* was the last piece held? */

static void collect(void *with, const struct tcp_piece *piece)
{
	(void)with;
	total += piece->n;
	from_held = piece->held;
	if (piece->missing)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   "[%u]", piece->missing);
	else if (length + piece->n < sizeof(text)) {
		memcpy(text + length, piece->bytes, piece->n);
		length += piece->n;
	}
	text[length] = '\0';
}

static struct tcp_order in;

/* n bytes of len. */
static void add_cut(uint32_t seq, const void *bytes, size_t n, size_t len)
{
	struct tcp_payload payload = {seq, (uint32_t)len, bytes, n, 0};

	tcp_order_add(&in, &payload, collect, NULL);
}

static void add(uint32_t seq, const char *bytes)
{
	add_cut(seq, bytes, strlen(bytes), strlen(bytes));
}

static void restart(void)
{
	tcp_order_end(&in, collect, NULL);
	length = total = 0;
	text[0] = '\0';
}

int main(void)
{
	static uint8_t big[65536];
	uint32_t i;

	tcp_order_begin(&in, 0xfffffffe);
	add(0xfffffffe, "abc");
	add(5, "hi");
	add(1, "de");
	add(0xffffffff, "bcdef"); /* partly new */
	is_str(text, "abcdef", "over the wrap, each byte once");
	add(4, "ghij");
	is_str(text, "abcdefghij", "overlapping what was held");

	restart();
	add(1, "abc");
	ok(!from_held, "the caller's bytes are not held ones");
	add(8, "hi");
	is_str(text, "abc", "a gap holds what is after it");
	tcp_order_acked(&in, 6, collect, NULL);
	is_str(text, "abc", "while it may be filled");
	tcp_order_acked(&in, 10, collect, NULL);
	is_str(text, "abc[4]hi", "but not when all is acknowledged");
	ok(from_held, "held bytes are marked: they do not outlive the call");
	add(4, "defg");
	is_str(text, "abc[4]hi", "too late");

	restart();
	add(1, "a");
	add_cut(2, "bc", 2, 5);
	add(7, "g");
	is_str(text, "abc[3]g", "what the capture cut off is a gap");
	add(20, "z");
	restart();
	ok(!in.held, "the end frees what is held");

	add(1, "a");
	for (i = 0; i < 1000; i++)
		add_cut(100 + i * 65536, big, sizeof(big), sizeof(big));
	ok_all("no more than the limit is held", in.bytes <= TCP_ORDER_MOST,
	       total >= 900 * sizeof(big));
	restart();

	/* bytes that are not needed are held as numbers */
	add(1, "a");
	for (i = 0; i < 1000; i++)
		add_cut(100 + i * 1000, NULL, 0, 1000);
	ok(in.bytes < 100, "ranges that meet are one");
	restart();
	return done();
}
