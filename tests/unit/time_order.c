/* Packets of several inputs in the order of time: kept, passed, late. */
#include "pkt/time_order.h"

#include "tap.h"

#define INPUTS 3

static struct time_order *open_order(int64_t window_ns, uint64_t limit)
{
	const struct time_order_options options = {
	    .n = INPUTS,
	    .window_ns = window_ns,
	    .limit = limit,
	};
	struct err err;

	return time_order_open(&options, &err);
}

/* Input i brings a packet of this time. Does it go on at once? */
static bool bring(struct time_order *o, size_t i, int64_t time_ns, int64_t now)
{
	uint8_t bytes[1000];
	struct pkt p = {.data = bytes, .time_ns = time_ns};
	struct err err;

	p.caplen = p.wirelen = (uint32_t)(time_ns % (int64_t)sizeof(bytes));
	memset(bytes, (int)(time_ns & 0xff), p.caplen);
	if (time_order_passes(o, i, &p))
		return true;
	if (!time_order_keep(o, i, &p, now, &err))
		ok(false, "there is memory");
	return false;
}

/* The time of the next packet that may go on; -1: none, -2: other bytes. */
static int64_t next(struct time_order *o, int64_t now, bool all)
{
	size_t i;
	const struct pkt *p = time_order_next(o, now, all, &i);

	if (!p)
		return -1;
	if (p->caplen && (p->data[0] != (uint8_t)p->time_ns ||
			  p->data[p->caplen - 1] != (uint8_t)p->time_ns))
		return -2;
	return p->time_ns;
}

static void end_others(struct time_order *o)
{
	time_order_sure(o, 2, INT64_MAX);
}

static void check_merge(void)
{
	struct time_order *o = open_order(100, 1 << 20);

	end_others(o);
	ok(!bring(o, 0, 10, 0), "a packet is kept while the other may have an "
				"earlier one");
	ok(!bring(o, 0, 30, 0), "so is the next one");
	is_int(next(o, 0, false), -1, "and neither goes on");
	ok(time_order_awaits(o, 1), "for the other input");
	ok(!time_order_awaits(o, 0), "and not for its own");
	ok(!bring(o, 1, 20, 0), "what comes between them is kept");
	is_int(next(o, 0, false), 10, "the first goes on");
	is_int(next(o, 0, false), 20, "then the other input's");
	is_int(next(o, 0, false), -1, "the last one waits again");
	ok(bring(o, 1, 25, 0), "an earlier one passes without a copy");
	time_order_sure(o, 1, 40);
	is_int(next(o, 0, false), 30,
	       "once there is nothing earlier it goes "
	       "on");
	is_int(time_order_late(o, 0) + time_order_late(o, 1), 0,
	       "none was late");
	time_order_close(o);
}

static void check_window(void)
{
	struct time_order *o = open_order(100, 1 << 20);

	end_others(o);
	bring(o, 0, 10, 1000);
	is_int(time_order_due(o), 1100, "a packet waits for the window");
	is_int(next(o, 1099, false), -1, "not less");
	is_int(next(o, 1100, false), 10, "and not more");
	is_int(time_order_due(o), 1100, "it is there until the next call");
	is_int(next(o, 1100, false), -1, "there is no other one");
	is_int(time_order_due(o), INT64_MAX, "and nothing to wait for");
	ok(bring(o, 1, 5, 1200), "what comes later goes on at once");
	is_int(time_order_late(o, 1), 1, "and is late");
	time_order_turn(o, 1, 7);
	bring(o, 0, 20, 2000);
	is_int(next(o, 2100, false), -1,
	       "an input that brings packets is waited for longer");
	is_int(next(o, 2000 + 100 * TIME_ORDER_BUSY, false), 20,
	       "but not for ever");
	time_order_close(o);
}

static void check_clock_back(void)
{
	struct time_order *o = open_order(100, 1 << 20);

	end_others(o);
	bring(o, 0, 1000, 0);
	bring(o, 1, 1001, 0);
	while (next(o, 0, true) > 0)
		;
	bring(o, 0, 500, 0);
	bring(o, 1, 501, 0);
	while (next(o, 0, true) > 0)
		;
	bring(o, 0, 510, 0);
	bring(o, 1, 511, 0);
	while (next(o, 0, true) > 0)
		;
	is_int(time_order_late(o, 0) + time_order_late(o, 1), 1,
	       "a clock that is set back makes one packet late, not all");
	time_order_close(o);
}

/* Many packets of three inputs. One brings its own much later. */
static void check_many(void)
{
	struct time_order *o = open_order(1000000, 64 << 20);
	const int64_t n = 30000;
	int64_t t, at = 0, wrong = 0, passed = 0;

	for (t = 0; t < n; t++)
		if (t % 3 != 2)
			passed += bring(o, (size_t)(t % 3), t, 0);
	is_int(passed, 0, "nothing passes an input that has brought nothing");
	for (t = 2; t < n; t += 3) {
		int64_t got;

		while ((got = next(o, 1, false)) >= 0)
			wrong += got != at++;
		if (bring(o, 2, t, 1))
			wrong += t != at++;
	}
	while ((t = next(o, 1, true)) >= 0)
		wrong += t != at++;
	is_int(at, n, "all packets go on");
	is_int(wrong, 0, "in the order of time, with their bytes");
	is_int(time_order_kept(o, 0), 0, "none is left");
	time_order_close(o);
}

static void check_limit(void)
{
	struct time_order *o = open_order(1000000, 1 << 20);
	int64_t t, out = 0;

	for (t = 0; t < 100000; t++) {
		bring(o, 0, 1000 + t, 0);
		while (next(o, 1, false) > 0)
			out++;
	}
	ok(out > 90000, "with too much memory in use packets do not wait");
	ok(time_order_kept(o, 0) > 500, "but others still do");
	time_order_close(o);
}

int main(void)
{
	check_merge();
	check_window();
	check_clock_back();
	check_many();
	check_limit();
	return done();
}
