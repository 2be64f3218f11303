/* Expressions as columns: what they say of a packet, and how lists of them are
   taken apart. */
#include "base/array.h"
#include "where/column.h"

#include "base/str.h"
#include "decode/value.h"
#include "tap.h"

/* Ethernet, IPv4, TCP from 192.0.2.10:40000 to 192.0.2.80:80, PSH and ACK, and
   a request of HTTP: 105 bytes. */
static const uint8_t http[] =
    "\x02\x00\x00\x00\x00\x50\x02\x00\x00\x00\x00\x10\x08\x00"
    "\x45\x00\x00\x5b\x12\x34\x40\x00\x40\x06\x00\x00"
    "\xc0\x00\x02\x0a\xc0\x00\x02\x50"
    "\x9c\x40\x00\x50\x00\x00\x03\xe8\x00\x00\x13\x88\x50\x18\xfa\xf0"
    "\x00\x00\x00\x00"
    "GET /index.html HTTP/1.1\r\nHost: www.example.com\r\n\r\n";

static const struct iface ethernet = {.linktype = 1};

/* The column's values with a blank after each. */
static void put_values(struct str *out, const struct where_column *c,
		       struct where_cell *cell, const struct dissect *d)
{
	const struct value *values;
	struct value_clock clock = {0};
	unsigned n = where_cell_fill(cell, d, &values), i;

	for (i = 0; i < n; i++) {
		value_text(out, where_column_field(c), &values[i], &clock);
		str_putc(out, ' ');
	}
}

/* What the column shows of the packet, twice; on an error, its text. */
static const char *shown(const char *expr)
{
	static char result[1024];
	const struct pkt pkt = {.data = http,
				.caplen = sizeof(http) - 1,
				.wirelen = sizeof(http) - 1,
				.time_ns = 1593866096500000000,
				.number = 1};
	struct err err = {0};
	struct plan *plan = plan_open(&err);
	struct where_column *c =
	    where_column_open(expr, strlen(expr), NULL, plan, &err);
	struct where_cell *cell = c ? where_cell_open(c, &err) : NULL;
	struct dissect *d;
	struct str out = STR_INIT;
	size_t half;

	plan_only_values(plan);
	plan_ready(plan);
	d = dissect_open(plan, &err);
	if (cell) {
		d->first_ns = d->previous_ns = pkt.time_ns;
		dissect_packet(d, &pkt, &ethernet);
		put_values(&out, c, cell, d);
		half = out.len;
		put_values(&out, c, cell, d);
		ok_all(expr, eq(out.len, 2 * half),
		       (!half || !memcmp(out.text, out.text + half, half)));
		snprintf(result, sizeof(result), "%.*s", (int)half,
			 str_text(&out));
	} else {
		snprintf(result, sizeof(result), "%s", err.text);
	}
	str_fini(&out);
	where_cell_close(cell);
	dissect_close(d);
	where_column_close(c);
	plan_close(plan);
	return result;
}

static const struct {
	const char *expr, *want;
} rows[] = {
    /* fields, as they are shown without an expression */
    {"ip.src", "192.0.2.10 "},
    {"  ip.src\t", "192.0.2.10 "},
    {"ip.addr", "192.0.2.10 192.0.2.80 "},
    {"ip.host", "192.0.2.10 192.0.2.80 "},
    {"ip.id", "0x1234 "},
    {"eth.src", "02:00:00:00:00:10 "},
    {"tcp.flags.syn", "0 "},
    {"http.host", "www.example.com "},
    {"frame.time", "2020-07-04T12:34:56.500000000Z "},
    {"frame.time_epoch", "1593866096.500000000 "},
    {"frame.time_delta", "0.000000000 "},
    {"udp.port", ""},
    /* protocols */
    {"tcp", "1 "},
    {"udp", ""},
    {"tcp[13]", "18 "},
    {"tcp[0:2,2:2]", "9c400050 "},
    {"@ip.ttl", "40 "},
    /* values that are computed */
    {"len(tcp.payload)", "51 "},
    {"tcp.payload[4:4]", "2f696e64 "},
    {"ip.len * 8", "728 "},
    {"{ip.len + 1} * 2", "184 "},
    {"ip.ttl - 65", "-1 "},
    {"-ip.ttl", "-64 "},
    {"ip.ttl / 0", ""},
    {"ip.id & 0xff", "52 "},
    {"double(ip.ttl) / 3", "21.333333333333332 "},
    {"ip.ttl * 0.1", "6.4 "},
    {"ip.ttl * 1e300", "6.4e+301 "},
    {"ip.ttl * 1e308", ""},
    {"ip.ttl / 0.0", ""},
    {"max(double(ip.ttl), 1e999)", "a number expected here"},
    {"tcp.port + 1", "40001 81 "},
    {"max(tcp.port)", "40000 "},
    {"count(ip.addr)", "2 "},
    {"count(udp.port)", ""},
    {"upper(http.host)", "WWW.EXAMPLE.COM "},
    {"hex(ip.ttl)", "0x40 "},
    {"vals(ip.proto)", "TCP "},
    {"ip_rfc1918(ip.src)", "0 "},
    {"frame.time + 1", "2020-07-04T12:34:57.500000000Z "},
    {"frame.time_epoch + 1", "1593866097.500000000 "},
    {"frame.time - frame.time_delta", "2020-07-04T12:34:56.500000000Z "},
    {"(ip.ttl)", "64 "},
    /* conditions */
    {"tcp.port == 80", "1 "},
    {"tcp.port == 443", "0 "},
    {"udp.port == 53", "0 "},
    {"not udp", "1 "},
    {"tcp and http.host contains \"example\"", "1 "},
    {"tcp.port in {80, 443}", "1 "},
    {"http.host matches \"^WWW\"", "1 "},
    /* errors */
    {"", "an expression is empty"},
    {"tcp.prt * 2", "unknown field; did you mean 'tcp.port'?"},
    {"5", "a field expected here, not a value"},
    {"len(ip.src", "the expression ends where , or ) is expected"},
};

static void test_shown(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++)
		is_str(shown(rows[i].expr), rows[i].want, rows[i].expr);
}

static void test_error_place(void)
{
	struct err err = {0};
	struct plan *plan = plan_open(&err);

	ok(!where_column_open(" ip.len * tcp.prt", 17, NULL, plan, &err),
	   "an unknown field is refused");
	is_int(err.mark, 9, "... at its place");
	is_int(err.mark_len, 7, "... all of it");
	plan_close(plan);
}

/* The expressions of a list with | between. */
static const char *parts(const char *list)
{
	static struct str out;
	size_t n;

	str_clear(&out);
	for (;; list += n + 1) {
		n = where_column_length(list);
		str_put(&out, list, n);
		if (!list[n])
			return str_text(&out);
		str_putc(&out, '|');
	}
}

static void test_lists(void)
{
	is_str(parts(""), "", "an empty list");
	is_str(parts("a,b"), "a|b", "two names");
	is_str(parts("a,,b,"), "a||b|", "empty names");
	is_str(parts("max(a,b),c"), "max(a,b)|c", "commas in parentheses");
	is_str(parts("a in {1,2},c"), "a in {1,2}|c", "... in braces");
	is_str(parts("a[1,{2],c},d"), "a[1,{2],c}|d", "... in brackets");
	is_str(parts("a == \",\\\",\",b"), "a == \",\\\",\"|b",
	       "... in quotes");
	is_str(parts("a == ',',b"), "a == ','|b", "... as a character");
	is_str(parts("a == \"(\",b"), "a == \"(\"|b", "signs in quotes");
	is_str(parts("a),b"), "a)|b", "what opens nothing");
	is_str(parts("f(a,b"), "f(a,b", "what nothing closes");
	is_str(parts("a == \"x,b"), "a == \"x,b", "a quote without its end");
	is_str(parts("a == \"x\\"), "a == \"x\\", "a backslash at the end");
}

int main(void)
{
	struct err err = {0};
	struct plan *plan = plan_open(&err);
	struct where_column *c =
	    where_column_open(" ip.ttl == 1 ", 13, NULL, plan, &err);

	is_str(where_column_field(c)->name, "ip.ttl == 1",
	       "the field has the name as typed");
	ok(where_column_is_condition(c), "a condition is one");
	where_column_close(c);
	c = where_column_open("!ip.ttl == 1", 12, NULL, plan, &err);
	ok(strstr(where_column_notes(c), "also holds"),
	   "a condition may have notes");
	where_column_close(c);
	c = where_column_open("tcp.flags.syn", 13, NULL, plan, &err);
	is_str(where_column_notes(c), "", "a value has none");
	ok(!where_column_is_condition(c), "... and is not a condition");
	where_column_close(c);
	plan_close(plan);
	test_shown();
	test_error_place();
	test_lists();
	return done();
}
