/* Editing packets: time, length, bytes, link type, comments. */
#include "base/array.h"
#include "base/str.h"
#include "pkt/chop.h"
#include "pkt/comments.h"
#include "pkt/options.h"
#include "pkt/prepend_block.h"
#include "pkt/retype.h"
#include "pkt/shift.h"
#include "pkt/snap.h"
#include "tap.h"

/* Puts what reaches it into words. */
struct scribe {
	struct sink sink;
	struct str text;
};

static bool scribe_iface(struct sink *s, const struct iface *iface,
			 struct err *err)
{
	(void)err;
	str_printf(&((struct scribe *)s)->text, "if(%u,%u) ", iface->linktype,
		   iface->snaplen);
	return true;
}

static bool scribe_block(struct sink *s, const struct block *block,
			 struct err *err)
{
	(void)err;
	str_printf(&((struct scribe *)s)->text, "block(%x,%zu) ", block->type,
		   block->len);
	return true;
}

static void put_options(struct str *text, const struct pkt_meta *meta)
{
	struct options o = options_of_meta(meta);
	struct option option;

	while (options_next(&o, &option))
		str_printf(text, "[%u:%.*s]", option.code, (int)option.len,
			   (const char *)option.value);
	if (o.bad)
		str_puts(text, "[bad]");
}

/* The bytes, /wire length, @time, options. */
static enum verdict scribe_packets(struct sink *s, const struct pkt *p,
				   size_t n)
{
	struct str *text = &((struct scribe *)s)->text;
	size_t i;

	for (i = 0; i < n; i++) {
		str_put(text, p[i].data, p[i].caplen);
		str_printf(text, "/%u@%d", p[i].wirelen, (int)p[i].time_ns);
		put_options(text, p[i].meta);
		str_putc(text, ' ');
	}
	return GO_ON;
}

static bool scribe_close(struct sink *s, struct err *err)
{
	(void)s, (void)err;
	return true;
}

static const struct sink_ops scribe_ops = {
    .name = "scribe",
    .iface = scribe_iface,
    .packets = scribe_packets,
    .block = scribe_block,
    .close = scribe_close,
};

static struct scribe scribe = {.sink.ops = &scribe_ops};

/* Packets "abcdefgh" (of 10), "xy" and "", at 100, 200 and 300, numbered from
   7; the first with the options given. Then what came out. */
static void check(struct sink *s, const struct pkt_meta *meta, const char *want,
		  const char *what)
{
	static const struct iface iface = {.linktype = 1, .snaplen = 65535};
	const struct pkt p[] = {
	    {.data = (const uint8_t *)"abcdefgh",
	     .caplen = 8,
	     .wirelen = 10,
	     .time_ns = 100,
	     .number = 7,
	     .meta = meta},
	    {.data = (const uint8_t *)"xy",
	     .caplen = 2,
	     .wirelen = 2,
	     .time_ns = 200,
	     .number = 8},
	    {.data = (const uint8_t *)"", .time_ns = 300, .number = 9},
	};
	struct err err;

	str_clear(&scribe.text);
	if (!ok(s != NULL, what))
		return;
	sink_iface(s, &iface, &err);
	is_int(sink_packets(s, p, 3), GO_ON, "  goes on");
	sink_close(s, &err);
	is_str(str_text(&scribe.text), want, "  and comes out");
}

static void check_simple(void)
{
	struct err err;

	check(shift_open(50, &scribe.sink, &err), NULL,
	      "if(1,65535) abcdefgh/10@150 xy/2@250 /0@350 ", "later");
	check(shift_open(-150, &scribe.sink, &err), NULL,
	      "if(1,65535) abcdefgh/10@-50 xy/2@50 /0@150 ", "earlier");
	check(snap_open(3, &scribe.sink, &err), NULL,
	      "if(1,3) abc/10@100 xy/2@200 /0@300 ", "shortened");
	check(retype_open(101, &scribe.sink, &err), NULL,
	      "if(101,65535) abcdefgh/10@100 xy/2@200 /0@300 ", "retyped");
	check(prepend_block_open(
		  &(struct block){.type = 10,
				  .body = (const uint8_t *)"12345678",
				  .len = 8},
		  &scribe.sink, &err),
	      NULL, "block(a,8) if(1,65535) abcdefgh/10@100 xy/2@200 /0@300 ",
	      "a block in front");
}

static void check_chop(const char *arg, const char *want)
{
	struct chop chop;
	struct err err;

	if (ok(chop_parse(arg, &chop), arg))
		check(chop_open(&chop, &scribe.sink, &err), NULL, want,
		      "  is chopped");
}

/* What editcap -L -C does with the same packets. */
static void check_chops(void)
{
	static const char *const bad[] = {
	    "", "0", "x", "1:", ":1", "1x", "1:2:3", "99999999999"};
	struct chop chop;
	size_t i;

	check_chop("3", "if(1,65535) defgh/7@100 /0@200 /0@300 ");
	check_chop("-3", "if(1,65535) abcde/7@100 /0@200 /0@300 ");
	check_chop("2:3", "if(1,65535) abfgh/7@100 xy/2@200 /0@300 ");
	check_chop("1:1", "if(1,65535) acdefgh/9@100 x/1@200 /0@300 ");
	check_chop("4:-2", "if(1,65535) abefgh/8@100 /0@200 /0@300 ");
	check_chop("-2:-2", "if(1,65535) abcdgh/8@100 xy/2@200 /0@300 ");
	check_chop("-3:2", "if(1,65535) abcdeh/8@100 /0@200 /0@300 ");
	check_chop("100:5", "if(1,65535) abcdefgh/10@100 xy/2@200 /0@300 ");
	for (i = 0; i < ARRAY_LEN(bad); i++)
		ok(!chop_parse(bad[i], &chop), bad[i]);
}

static void check_comments(void)
{
	/* a comment, a hash, a comment: one host's order, then the other */
	static const uint8_t little[] = "\1\0\2\0hi\0\0\3\0\1\0#\0\0\0\1\0\1\0!"
					"\0\0";
	static const uint8_t big[] = "\0\1\0\2hi\0\0\0\3\0\1#\0\0\0\0\1\0\1!"
				     "\0\0";
	const uint16_t one = 1;
	bool is_big = *(const uint8_t *)&one == 0;
	const struct pkt_meta metas[] = {{little, sizeof(little), is_big},
					 {big, sizeof(big), !is_big}};
	const struct comment list[] = {{8, "second"}, {7, "new"}, {8, "third"}};
	struct comments_options o = {0};
	struct err err;
	size_t i;

	for (i = 0; i < 2; i++) {
		o = (struct comments_options){.drop = true};
		check(comments_open(&o, &scribe.sink, &err), &metas[i],
		      "if(1,65535) abcdefgh/10@100[3:#] xy/2@200 /0@300 ",
		      "comments dropped");
		o = (struct comments_options){.changed = true};
		check(comments_open(&o, &scribe.sink, &err), &metas[i],
		      "if(1,65535) abcdefgh/10@100[1:hi][1:!] xy/2@200 "
		      "/0@300 ",
		      "hashes dropped");
		o = (struct comments_options){.list = list, .n = 3};
		check(comments_open(&o, &scribe.sink, &err), &metas[i],
		      "if(1,65535) abcdefgh/10@100[1:hi][3:#][1:!][1:new] "
		      "xy/2@200[1:second][1:third] /0@300 ",
		      "comments added");
		o.drop = o.changed = true;
		check(comments_open(&o, &scribe.sink, &err), &metas[i],
		      "if(1,65535) abcdefgh/10@100[1:new] "
		      "xy/2@200[1:second][1:third] /0@300 ",
		      "all of that");
	}
}

int main(void)
{
	check_simple();
	check_chops();
	check_comments();
	str_fini(&scribe.text);
	return done();
}
