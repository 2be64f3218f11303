/*
 * Any text as a field expression, with the macros of another one: what is
 * understood runs over a packet, as a condition and as a column, and what is
 * not has a mark within its line. A NUL stands between the macros' lines and
 * the expression; without one there are the macros below.
 */
#include "fuzz/where.h"
#include "base/array.h"
#include "base/str.h"
#include "decode/value.h"
#include "http_packet.h"
#include "where/column.h"
#include "where/macro_file.h"

static const char usual[] = "web = tcp.port in {80, 443}\n"
			    "both = ($1 or $web) and not $2\n"
			    "\"text\",\"http.host contains \\x22$1\\x22\"\n"
			    "loop = tcp or $loop\n";

/* The same as a column's values. A plan takes long to open, so one in which no
   column was opened, as most texts are none, is used again. */
static void run_column(const char *text, size_t n,
		       const struct where_macros *macros)
{
	const struct iface ethernet = {.linktype = 1};
	const struct pkt pkt = {.data = http_packet,
				.caplen = sizeof(http_packet) - 1,
				.wirelen = sizeof(http_packet) - 1,
				.number = 1};
	static struct plan *unused;
	struct plan *plan = unused ? unused : plan_open(NULL);
	struct where_column *c =
	    plan ? where_column_open(text, n, macros, plan, NULL) : NULL;
	struct where_cell *cell = c ? where_cell_open(c, NULL) : NULL;
	const struct value *values;
	struct dissect *d = NULL;
	struct value_clock clock = {0};
	struct str out = STR_INIT;
	unsigned i, count = 0;

	if (cell) {
		plan_only_values(plan);
		plan_ready(plan);
		d = dissect_open(plan, NULL);
	}
	if (d) {
		dissect_packet(d, &pkt, &ethernet);
		count = where_cell_fill(cell, d, &values);
	}
	for (i = 0; i < count; i++)
		value_json(&out, where_column_field(c), &values[i], &clock);
	str_fini(&out);
	dissect_close(d);
	where_cell_close(cell);
	where_column_close(c);
	unused = c ? NULL : plan;
	if (c)
		plan_close(plan);
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	struct where_options options = {.force = NULL};
	const char *text = (const char *)bytes;
	const char *nul = memchr(text, 0, n);
	struct err err = {.kind = ERR_FAULT};
	static struct where_macros *known;
	struct where_macros *own = NULL;
	struct where *w;
	const struct pkt pkt = {.data = http_packet,
				.caplen = sizeof(http_packet) - 1,
				.wirelen = sizeof(http_packet) - 1};

	if (nul) {
		own = where_macros_open(text, (size_t)(nul - text), NULL);
		n -= (size_t)(nul + 1 - text);
		text = nul + 1;
	}
	if (!nul && !known)
		known = where_macros_open(usual, sizeof(usual) - 1, NULL);
	options.macros = nul ? own : known;
	w = where_open(text, n, &options, &err);
	if (w)
		where_try(w, 1, pkt);
	else if (err.mark > strlen(err.line))
		abort();
	where_close(w);
	run_column(text, n, options.macros);
	where_macros_close(own);
}

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	static const char *const seeds[] = {
	    "tcp.port == 80 and not (ip.src in {10.0.0.0/8, 192.0.2.1 .. "
	    "192.0.2.9} or eth.addr[0:3,-1] == 02:00:00:10)",
	    "any ip.addr#[1-2] !== 192.0.2.0/24 xor 1 < frame.len % 7 <= 0x3",
	    "http.host matches r\"^w+\\.\" && lower(http.host) contains "
	    "\"\\x65xam\\u0070le\"",
	    "max(tcp.srcport, {tcp.dstport + 2} * -3) >= abs(-1.5e3)",
	    "@tcp.flags[1] & 'a' || tcp[13] bitand 2 or .frame contains 47:45",
	    "frame.time > \"2020-07-04 12:34:56Z\" and ip.proto == TCP",
	    "$web and (${both;tcp;udp} or ${both:$web;$text(a)})",
	    "$text(\",\") or ${ip.src} or $loop or $both(1,2",
	    "{ip.len * 2.5} / tcp.srcport",
	};
	size_t n;

	if (i >= ARRAY_LEN(seeds))
		return 0;
	n = strlen(seeds[i]);
	memcpy(bytes, seeds[i], n);
	return n;
}
