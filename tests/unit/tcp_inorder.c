/* Payload in order, whatever the order of segments, and within limits. */
#include "output/tcp_inorder.h"

#include "tap.h"

static char text[256];
static size_t length, total;

static void collect(void *with, const uint8_t *bytes, size_t n,
		    uint32_t missing)
{
	(void)with;
	total += n;
	if (missing)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   "[%u]", missing);
	else if (length + n < sizeof(text)) {
		memcpy(text + length, bytes, n);
		length += n;
	}
	text[length] = '\0';
}

static struct tcp_inorder in;

static void add(uint32_t seq, const char *bytes)
{
	tcp_inorder_add(&in, seq, false, (const uint8_t *)bytes, strlen(bytes),
			(uint32_t)strlen(bytes), collect, NULL);
}

static void restart(void)
{
	tcp_inorder_end(&in, collect, NULL);
	length = total = 0;
	text[0] = '\0';
}

int main(void)
{
	static uint8_t big[65536];
	uint32_t i;

	tcp_inorder_add(&in, 0xfffffffd, true, NULL, 0, 0, collect, NULL);
	add(0xfffffffe, "abc");
	add(5, "hi");
	add(1, "de");
	add(0xffffffff, "bcdef"); /* partly new */
	is_str(text, "abcdef", "over the wrap, each byte once");
	add(4, "ghij");
	is_str(text, "abcdefghij", "overlapping what was held");

	restart();
	add(1, "abc");
	add(8, "hi");
	is_str(text, "abc", "a gap holds what is behind it");
	tcp_inorder_acked(&in, 6, collect, NULL);
	is_str(text, "abc", "while it may be filled");
	tcp_inorder_acked(&in, 10, collect, NULL);
	is_str(text, "abc[4]hi", "but not when all is acknowledged");
	add(4, "defg");
	is_str(text, "abc[4]hi", "too late");

	restart();
	add(1, "a");
	tcp_inorder_add(&in, 2, false, (const uint8_t *)"bc", 2, 5, collect,
			NULL);
	add(7, "g");
	is_str(text, "abc[3]g", "what the capture cut off is a gap");
	add(20, "z");
	restart();
	ok(!in.held, "the end frees what is held");

	add(1, "a");
	for (i = 0; i < 1000; i++)
		tcp_inorder_add(&in, 100 + i * 65536, false, big, sizeof(big),
				sizeof(big), collect, NULL);
	ok(in.bytes <= TCP_INORDER_MOST && total >= 900 * sizeof(big),
	   "no more than the limit is held");
	restart();
	return done();
}
