/* From the options that select to the stage that does. */
#include "cmd/selection.h"

#include "tap.h"

static size_t reached;

static enum verdict count_packets(struct sink *s, const struct pkt *p, size_t n)
{
	(void)s, (void)p;
	reached += n;
	return GO_ON;
}

static bool no_close(struct sink *s, struct err *err)
{
	(void)s, (void)err;
	return true;
}

static const struct sink_ops counter_ops = {
    .name = "counter",
    .packets = count_packets,
    .close = no_close,
};

/* How many of packets 1 to 100, a second apart, come in out of three. */
static void check(const struct select_conf *conf, size_t want, const char *what)
{
	struct sink counter = {.ops = &counter_ops};
	struct pkt p[100] = {{0}};
	struct selection selection;
	struct err err;
	struct sink *s = NULL;
	size_t i;

	if (selection_init(&selection, conf, NULL, NULL, &err))
		s = selection_open(&selection, SELECT_ONCE, NULL, &counter,
				   &err);
	if (!ok(s != NULL, what))
		return;
	for (i = 0; i < 100; i++) {
		p[i].number = i + 1;
		p[i].time_ns = (int64_t)(i + 1) * 1000000000;
		p[i].flags = i % 3 == 0 ? PKT_INBOUND : PKT_OUTBOUND;
	}
	reached = 0;
	sink_packets(s, p, 100);
	sink_close(s, &err);
	selection_fini(&selection);
	is_int(reached, want, "  keeps as many as it should");
}

static void check_bad(const struct select_conf *conf, const char *what)
{
	struct selection selection;
	struct err err = {0};

	ok_all(what, !selection_init(&selection, conf, NULL, NULL, &err),
	       eq(err.kind, ERR_USAGE));
	selection_fini(&selection);
}

int main(void)
{
	struct select_conf none = SELECT_DEFAULTS, c;

	check(&none, 100, "no option");
	c = none;
	c.packets = "1-10,25";
	check(&c, 11, "--packets");
	c.skip = 4;
	check(&c, 7, "--packets --skip");
	c.sample = "1/3";
	check(&c, 3, "--packets --skip --sample");
	c.count = 2;
	check(&c, 2, "--packets --skip --sample -c");
	c = none;
	c.from = (struct moment){MOMENT_FIXED, INT64_C(91000000000)};
	check(&c, 10, "--from");
	c.to = (struct moment){MOMENT_FIXED, INT64_C(93000000000)};
	check(&c, 2, "--from --to");
	c.from = (struct moment){MOMENT_START, INT64_C(90000000000)};
	c.to = (struct moment){MOMENT_NONE, 0};
	check(&c, 10, "--from +90s");
	c = none;
	c.direction = 0;
	check(&c, 34, "--direction in");
	c.direction = 1;
	check(&c, 66, "--direction out");
	c = none;
	c.sample = "2/3";
	check_bad(&c, "--sample 2/3");
	c.sample = "1/0";
	check_bad(&c, "--sample 1/0");
	c = none;
	c.packets = "ten";
	check_bad(&c, "--packets ten");
	return done();
}
