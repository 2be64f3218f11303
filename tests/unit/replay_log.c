/* Records come back in order, by kind, and stay where they are. */
#include "decode/flow/replay_log.h"

#include "base/check.h"

#include "tap.h"

static struct replay_log replay;

static void test_order(void)
{
	char *large = replay_log_put(&replay, REPLAY_PART, 100000);
	uint32_t *call = replay_log_put(&replay, REPLAY_CALL, sizeof(*call));
	struct replay_log_mark mark = replay_log_here(&replay);
	uint32_t *quic = replay_log_put(&replay, REPLAY_QUIC, sizeof(*quic));

	*large = 'a';
	*call = 1;
	*quic = 2;
	replay_log_rewind(&replay);
	ok(replay_log_get(&replay, REPLAY_PART, 100000) == large,
	   "a record larger than a block is where it was written");
	ok(replay_log_get(&replay, REPLAY_CALL, sizeof(*call)) == call,
	   "the next record follows in another block");
	replay_log_seek(&replay, mark);
	ok(replay_log_get(&replay, REPLAY_QUIC, sizeof(*quic)) == quic,
	   "a mark leads to the record after it");
	ok(!replay_log_get(&replay, REPLAY_QUIC, sizeof(*quic)),
	   "nothing follows the last record");
}

static void test_parts(void)
{
	uint32_t *call;

	replay_log_rewind(&replay);
	replay_log_put(&replay, REPLAY_PART, 7);
	call = replay_log_put(&replay, REPLAY_CALL, sizeof(*call));
	replay_log_rewind(&replay);
	replay_log_skip_part(&replay);
	ok(replay_log_get(&replay, REPLAY_CALL, sizeof(*call)) == call,
	   "a part of any size is stepped over");
}

static void test_mismatch(void)
{
	if (CHECKED)
		return; /* a checked build stops here */
	replay_log_rewind(&replay);
	replay_log_put(&replay, REPLAY_CALL, 4);
	replay_log_rewind(&replay);
	ok(!replay_log_get(&replay, REPLAY_QUIC, 4),
	   "a record of another kind is not handed out");
	ok(!replay_log_get(&replay, REPLAY_CALL, 8),
	   "a record of another size is not handed out");
}

int main(void)
{
	test_order();
	test_parts();
	test_mismatch();
	replay_log_fini(&replay);
	return done();
}
