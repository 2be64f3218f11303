/* Command lines taken into words. */
#include "cmd/words.h"
#include "base/array.h"

#include "tap.h"

/* The words with a bar between them; operators as themselves. */
static void split(const char *line, const char *want)
{
	struct words w;
	struct str got = STR_INIT;
	size_t i;

	ok(words_split(&w, line, NULL), "there is memory");
	for (i = 0; i < w.n; i++) {
		const struct word *word = &w.item[i];

		if (i)
			str_putc(&got, '_');
		str_puts(&got, word->kind == WORD_PIPE	   ? "PIPE:"
			       : word->kind == WORD_OVER   ? "OVER"
			       : word->kind == WORD_APPEND ? "APPEND"
							   : "");
		str_puts(&got, word->text);
	}
	if (w.quote)
		str_printf(&got, "_open%c", w.quote);
	is_str(str_text(&got), want, line);
	str_fini(&got);
	words_fini(&w);
}

/* What is quoted comes back as it was, as one word. */
static void test_quote(const char *text, char quote)
{
	struct words w;
	struct str line = STR_INIT;

	if (quote)
		str_putc(&line, quote);
	words_quote(&line, text, quote);
	if (quote)
		str_putc(&line, quote);
	ok_all(str_text(&line), words_split(&w, str_text(&line), NULL),
	       eq(w.n, 1), !w.quote, !strcmp(w.item[0].text, text));
	words_fini(&w);
	str_fini(&line);
}

static void test_places(void)
{
	struct words w;

	words_split(&w, "  read 'a b'|less", NULL);
	is_int(w.item[0].at, 2, "where the first word is");
	is_int(w.item[0].len, 4, "its length");
	is_int(w.item[1].at, 7, "a word in quotes begins at the quote");
	is_int(w.item[1].len, 5, "and ends after it");
	ok_all("which is remembered", w.item[1].quoted, !w.item[0].quoted);
	words_fini(&w);
	words_split(&w, "read ", NULL);
	ok(!w.begun, "a blank ends the last word");
	words_fini(&w);
	words_split(&w, "read a", NULL);
	ok(w.begun, "none: it may go on");
	words_fini(&w);
}

int main(void)
{
	static const char *const names[] = {
	    "plain",   "two words", "it's",
	    "a\"b\\c", "a|b>c#",    "$(reboot) `x` ~",
	};
	size_t i;

	split("", "");
	split("  \t ", "");
	split("read a.pcap", "read_a.pcap");
	split("read 'a b' \"c 'd'\" e\\ f", "read_a b_c 'd'_e f");
	split("read a'b'\"c\"d", "read_abcd");
	split("read ''", "read_");
	split("read \"a\\\"b\\n\"", "read_a\"b\\n");
	split("read # and no more", "read");
	split("read -#", "read_-#");
	split("read | grep 'x' > y", "read_PIPE: grep 'x' > y");
	split("read > out", "read_OVER_out");
	split("read>>out", "read_APPEND_out");
	split("filter tcp || udp", "filter_tcp_||_udp");
	split("filter len >= 100", "filter_len_>=_100");
	split("filter tcp[13]&2!=0", "filter_tcp[13]&2!=0");
	split("filter len > 100", "filter_len_OVER_100");
	split("read '|' '>'", "read_|_>");
	split("read \\| \\>", "read_|_>");
	split("read 'a b", "read_a b_open'");
	split("read \"a b", "read_a b_open\"");
	split("$(reboot) `reboot` ~ *", "$(reboot)_`reboot`_~_*");
	split("a\\", "a\\");
	test_places();
	for (i = 0; i < ARRAY_LEN(names); i++) {
		test_quote(names[i], 0);
		test_quote(names[i], '\'');
		test_quote(names[i], '"');
	}
	return done();
}
