/* Growable text and the escaping of foreign text. */
#include "base/str.h"

#include "tap.h"

static void foreign(const char *text, size_t n, const char *want,
		    const char *what)
{
	struct str s = STR_INIT;

	str_foreign(&s, text, n);
	is_str(str_text(&s), want, what);
	str_fini(&s);
}

static void json(const char *text, size_t n, const char *want, const char *what)
{
	struct str s = STR_INIT;

	str_json(&s, text, n);
	is_str(str_text(&s), want, what);
	str_fini(&s);
}

int main(void)
{
	struct str s = STR_INIT;
	int i;

	is_str(str_text(&s), "", "nothing put is the empty text");
	for (i = 0; i < 1000; i++)
		str_printf(&s, "%d,", i % 10);
	ok_all("it grows", eq(s.len, 2000), !s.failed, eq(s.text[2000], '\0'));
	str_clear(&s);
	str_puts(&s, "a");
	str_pad(&s, '-', 3);
	str_putc(&s, 'b');
	is_str(str_text(&s), "a---b", "cleared and filled again");
	str_fini(&s);

	foreign("caf\xc3\xa9", 5, "caf\xc3\xa9", "UTF-8 stays");
	foreign("a\x1b[2Jb\n", 7, "a\\x1b[2Jb\\x0a", "escape, newline");
	foreign("\xc2\x9b", 2, "\\xc2\\x9b", "C1 control as UTF-8");
	foreign("\x9b", 1, "\\x9b", "C1 control as a byte");
	foreign("\xe2\x80\xae", 3, "\\xe2\\x80\\xae", "right-to-left override");
	foreign("\xc0\x80", 2, "\\xc0\\x80", "overlong form");
	foreign("\xed\xa0\x80", 3, "\\xed\\xa0\\x80", "surrogate");
	foreign("\xe2\x82", 2, "\\xe2\\x82", "cut sequence");
	foreign("a\0b", 3, "a\\x00b", "NUL");
	json("a\"b\\c\n", 6, "\"a\\\"b\\\\c\\n\"", "JSON quotes");
	json("\x1b\xff", 2, "\"\\u001b\\u00ff\"", "JSON control, no UTF-8");
	json("\xf3\xa0\x80\x81", 4, "\"\\udb40\\udc01\"",
	     "JSON tag character as a surrogate pair");
	return done();
}
