/* The filter language's words: libpcap takes each where it is offered. */
#include "cmd/expr_words.h"
#include "base/array.h"

#include "capture/expr.h"
#include "tap.h"

static const struct stem {
	enum expr_place place;
	const char *text;
} stems[] = {
    {EXPR_START, ""},
    {EXPR_LINK, "ether "},
    {EXPR_NET, "ip "},
    {EXPR_TRANSPORT, "tcp "},
    {EXPR_DIR, "src "},
    {EXPR_LINK_DIR, "ether src "},
    {EXPR_NET_DIR, "ip src "},
    {EXPR_TRANS_DIR, "tcp src "},
    {EXPR_DONE, "tcp port 80 "},
    {EXPR_ARITH, "tcp[13] & "},
    {EXPR_WLAN_TYPE, "type "},
    {EXPR_WLAN_SUB, "subtype "},
};

/* Compile what begins with stem and has the row's word next. */
static void try_row(const struct expr_word *row, const struct stem *stem)
{
	bool link = stem->place == EXPR_LINK || stem->place == EXPR_LINK_DIR;
	const char *value = row->value;
	struct expr_setup setup = {
	    .linktype = row->linktype ? (uint32_t)row->linktype : 1,
	    .netmask = 0xffffff00};
	struct program program = {0};
	struct err err = {0};
	char text[120];

	if (link && !strcmp(row->word, "host"))
		value = "02:00:00:00:00:01";
	snprintf(text, sizeof(text), "%s%s %s", stem->text, row->word, value);
	ok(expr_compile(text, &setup, &program, &err), text);
	if (err.kind)
		printf("# %s\n", err.text);
	program_fini(&program);
}

static void test_rows(void)
{
	size_t i, j;

	for (i = 0; i < expr_word_count; i++)
		for (j = 0; j < ARRAY_LEN(stems); j++)
			if (expr_word_rows[i].value &&
			    (expr_word_rows[i].where & stems[j].place))
				try_row(&expr_word_rows[i], &stems[j]);
}

static void place(const char *text, enum expr_place want)
{
	is_int(expr_place_after(text, strlen(text)), want, text);
}

static void test_places(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(stems); i++)
		place(stems[i].text, stems[i].place);
	place("tcp port", EXPR_VALUE);
	place("not (tcp", EXPR_TRANSPORT);
	place("tcp and(", EXPR_START);
	place("src or", EXPR_START);
	place("host 192.0.2.1 &&", EXPR_START);
	place("(udp port 53)", EXPR_DONE);
	place("tcp[tcpflags] & (", EXPR_ARITH);
	place("tcp[(tcp[12] & 0xf0) >> 2] = 0x47", EXPR_DONE);
	place("!", EXPR_START);
	place("len !=", EXPR_ARITH);
}

static void completes(const char *text, const char *want)
{
	struct str out = STR_INIT;

	expr_complete(text, &out);
	is_str(str_text(&out), want, text);
	str_fini(&out);
}

static void hints(const char *text, const char *want)
{
	struct str out = STR_INIT;

	expr_hint(text, &out);
	is_str(str_text(&out), want, text);
	str_fini(&out);
}

static void test_completion(void)
{
	completes("tcp po", "port\nportrange\n");
	completes("tcp port 80 a", "and\n");
	completes("tcp port ", "");
	completes("not(ud", "udp\n");
	completes("ether s", "src\n");
	completes("tcp[tcpflags] & tcp-s", "tcp-syn\n");
	completes("type ", "mgt\nctl\ndata\n");
	completes("tcp host", "");
	completes("gibber", "");
	is_int(expr_last_word("tcp port 80"), 9, "the last word");
	is_int(expr_last_word("tcp "), 4, "a new word");
	is_int(expr_last_word("not(tcp"), 4, "after a parenthesis");
	is_int(expr_last_word("a&&tc"), 3, "after an operator");
	is_int(expr_last_word("tcp[13"), 0, "a bracket belongs to its word");
	is_int(expr_last_word(""), 0, "nothing");
	hints("tcp port ", "port: a port's number or name");
	hints("tcp port 8", "port: a port's number or name");
	hints("host", "host: an address or a name");
	hints("tcp port 80 ", "");
	hints("", "");
}

int main(void)
{
	test_rows();
	test_places();
	test_completion();
	return done();
}
