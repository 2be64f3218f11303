/* Completion of a field expression. */
#include "base/array.h"
#include "where/complete.h"

#include "tap.h"
#include "where/names.h"
#include "where/where.h"

static void completes(const char *text, const char *want)
{
	struct str out = STR_INIT;

	where_complete(text, &out);
	is_str(str_text(&out), want, text);
	str_fini(&out);
}

/* Is the word offered, and nothing that has the other in it? */
static void offers(const char *text, const char *word, const char *other)
{
	struct str out = STR_INIT, line = STR_INIT, all = STR_INIT;

	where_complete(text, &out);
	str_printf(&all, "\n%s", str_text(&out));
	str_printf(&line, "\n%s\n", word);
	ok(strstr(str_text(&all), str_text(&line)) != NULL, text);
	ok(!other || !strstr(str_text(&all), other), text);
	str_fini(&out);
	str_fini(&line);
	str_fini(&all);
}

static void hints(const char *text, const char *want)
{
	struct str out = STR_INIT;

	where_hint(text, &out);
	is_str(str_text(&out), want, text);
	str_fini(&out);
}

static void test_words(void)
{
	is_int(where_last_word("tcp.port == 80"), 12, "the last word");
	is_int(where_last_word("tcp "), 4, "a new word");
	is_int(where_last_word("not(tcp.p"), 4, "after a parenthesis");
	is_int(where_last_word("a&&tc"), 3, "after an operator");
	is_int(where_last_word("x == \"a b"), 5, "an open string");
	is_int(where_last_word("x == \"a b\""), 10, "a closed string");
	is_int(where_last_word("x == \"a \\\" b"), 5, "a quote in a string");
	is_int(where_last_word("@ip.s"), 1, "after @");
	is_int(where_last_word(".ip.s"), 1, "after a dot");
	is_int(where_last_word("ip.src == 10.0.0.0/8"), 10, "a network");
	is_int(where_last_word(""), 0, "nothing");
}

static void test_names(void)
{
	completes("tcp.srcp", "tcp.srcport\n");
	completes("ip.ttl > 3 && tcp.srcp", "tcp.srcport\n");
	completes("not (udp or @tcp.srcp", "tcp.srcport\n");
	completes("len(tcp.paylo", "tcp.payload\n");
	completes("tcp.len + tcp.srcp", "tcp.srcport\n");
	completes("{ 1 + tcp.srcp", "tcp.srcport\n");
	completes("tcp.srcport == tcp.dstp", "tcp.dstport\n");
	completes("upp", "upper(\n");
	completes("gibberis", "");
	/* of many names what they have up to the dot */
	completes("tcp", "tcp\ntcp.\n");
	offers("tcp.flags", "tcp.flags.syn", "tcp.flags.\n");
	offers("", "dns.", "dns.q");
	offers("", "not", "==");
}

static void test_operators(void)
{
	offers("tcp.port ", "==", "contains");
	offers("tcp.port ", "in", "matches");
	offers("http.host ", "contains", "not\n");
	offers("http.host ", "matches", "eq");
	completes("http.host cont", "contains\n");
	completes("tcp.port g", "gt\nge\n");
	completes("tcp.port == 80 ", "and\nxor\nor\n");
	completes("tcp.port in {80, 443} ", "and\nxor\nor\n");
	completes("http.host == \"x\" a", "and\n");
	completes("tcp.port not i", "in\n");
	offers("tcp[13] ", "==", "\nnot\n");
	offers("len(http.host) ", ">", "\nnot\n");
	completes("http.host contains ", "");
	completes("tcp[", "");
}

static void test_values(void)
{
	completes("ip.proto == TC", "TCP\n");
	completes("ip.proto in {UDP, TC", "TCP\n");
	completes("tcp.flags.syn == ", "true\nfalse\n");
	completes("arp.opcode == \"Inverse Req", "\"Inverse Request\"\n");
	offers("arp.opcode == ", "\"Inverse Request\"", "\nInverse");
	offers("arp.opcode == ", "Request", "==");
	/* the name of a protocol, too */
	completes("vrrp.auth_type == \"a", "\"ah\"\n");
	completes("tcp.port == ", "");
	hints("tcp.port == ", "tcp.port: Either port");
	hints("ip.ttl", "ip.ttl: Time to live");
	hints("ip.ttl > 3 ", "");
}

/* All values that are offered for a field, as a set: one that could not be
   read would make it wrong. */
static void test_all_values(void)
{
	const struct where_names *names = field_names(NULL);
	size_t i, tried = 0;

	for (i = 0; i < field_names_count(names); i++) {
		const struct where_name *name = field_names_at(names, i);
		struct str text = STR_INIT, values = STR_INIT;
		char *p;

		if (!name->row || !name->row->names || name->as_text)
			continue;
		str_printf(&text, "%s == ", name->name);
		where_complete(str_text(&text), &values);
		str_clear(&text);
		str_printf(&text, "%s in {", name->name);
		for (p = values.text; p && *p; p++)
			str_putc(&text, *p != '\n' ? *p : p[1] ? ',' : '}');
		if (!where_is(str_text(&text), text.len))
			ok(false, str_text(&text));
		tried++;
		str_fini(&text);
		str_fini(&values);
	}
	ok(tried > 100, "the values of more than 100 fields are tried");
}

/* Whatever is typed: every beginning, right or wrong. What is offered begins
   as the last word does. */
static void test_beginnings(void)
{
	static const char *const texts[] = {
	    "any ip.addr#[1-2] == 10.0.0.0/8 and not {tcp.len & 0x0f} != -1",
	    "@eth.src[0:3,-2] == 02:00:5e and \"a\\\"b\" in {\"x\" .. 'c'}",
	    "}}){(]],..#[&&||!! ~= === == \"\\",
	    "\x80\xff\x01 . .. @@ \"\"\"",
	    "tcp\f&\v\t udp \r\n\f",
	};
	struct str out = STR_INIT, text = STR_INIT;
	size_t i, n, wrong = 0;

	for (i = 0; i < ARRAY_LEN(texts); i++)
		for (n = 0; n <= strlen(texts[i]); n++) {
			size_t start;
			const char *p;

			str_clear(&text);
			str_put(&text, texts[i], n);
			str_put(&text, "", 0);
			str_clear(&out);
			start = where_last_word(str_text(&text));
			where_complete(str_text(&text), &out);
			where_hint(str_text(&text), &out);
			for (p = str_text(&out); strchr(p, '\n');
			     p = strchr(p, '\n') + 1)
				wrong += strncmp(p, text.text + start,
						 n - start) != 0;
		}
	is_int((long)wrong, 0, "what is offered begins as the last word does");
	str_fini(&out);
	str_fini(&text);
}

int main(void)
{
	test_beginnings();
	test_words();
	test_names();
	test_operators();
	test_values();
	test_all_values();
	return done();
}
