/* Error values: what is kept of a text that is at fault. */
#include "base/err.h"

#include "tap.h"

static void test_show(void)
{
	struct err err = {0};
	char text[1000];

	err_set(&err, ERR_USAGE, "wrong");
	ok(!err_show(&err, "tcp prt 80", 10, 4, 3), "err_show() is false");
	is_str(err.line, "tcp prt 80", "a short text is kept whole");
	is_int(err.mark, 4, "... the fault's offset");
	is_int(err.mark_len, 3, "... and its length");
	err_show(&err, "one\ntwo x\nthree", 15, 8, 20);
	is_str(err.line, "two x", "of many lines the one at fault");
	is_int(err.mark, 4, "... the offset in it");
	is_int(err.mark_len, 1, "... and the length within it");
	err_show(&err, "tcp and", 7, 7, 1);
	is_int(err.mark, 7, "a fault at the end");
	is_int(err.mark_len, 1, "... has a length, too");
	memset(text, 'x', sizeof(text));
	memcpy(text + 500, "FAULT", 5);
	err_show(&err, text, sizeof(text), 500, 5);
	ok(strlen(err.line) == sizeof(err.line) - 1, "a long line is cut");
	ok(!strncmp(err.line + err.mark, "FAULT", 5), "... around the fault");
	err_show(&err, text, sizeof(text), 0, 900);
	is_int(err.mark, 0, "a long fault at the start");
	ok(err.mark_len < sizeof(err.line) / 2 + 1, "... is cut");
	err_show(&err, text, sizeof(text), 999, 1);
	is_str(err.line + err.mark, "x", "a fault in the last byte");
	err_show(&err, "", 0, 0, 0);
	is_str(err.line, "", "nothing to show");
	ok(!err_show(NULL, "a", 1, 0, 1), "no error value");
}

int main(void)
{
	test_show();
	return done();
}
