/* Tables: text in columns, and JSON. */
#include "output/rows.h"

#include "tap.h"

static const struct column columns[] = {
    {"name", "NAME", false},   {"number", "N", true},
    {"hidden", NULL, false},   {"empty", "EMPTY", false},
    {"words", "WORDS", false},
};

static void shows(const struct table *t, bool json, const char *want,
		  const char *what)
{
	struct str out = STR_INIT;

	ok(table_print(t, json, &out), "it prints");
	is_str(str_text(&out), want, what);
	str_fini(&out);
}

int main(void)
{
	struct table t;

	table_init(&t, columns, 5);
	shows(&t, false, "", "no rows make no text");
	shows(&t, true, "[]\n", "and an empty array");

	table_text(&t, "caf\xc3\xa9");
	table_number(&t, 7);
	table_answer(&t, true, "yes", "no");
	table_none(&t);
	table_words(&t, "one  two");
	table_text(&t, "a\x1b\"b");
	table_number(&t, -1234);
	table_answer(&t, false, "yes", "no");
	table_text(&t, NULL);
	table_words(&t, "");
	shows(
	    &t, false,
	    "NAME         N  WORDS\n"
	    "caf\xc3\xa9         7  one, two\n"
	    "a\\x1b\"b  -1234\n",
	    "columns, without hidden and empty ones, and no blank at the end");
	shows(&t, true,
	      "[\n"
	      " {\"name\": \"caf\xc3\xa9\", \"number\": 7, \"hidden\": true, "
	      "\"empty\": null, \"words\": [\"one\", \"two\"]},\n"
	      " {\"name\": \"a\\u001b\\\"b\", \"number\": -1234, "
	      "\"hidden\": false, \"empty\": null, \"words\": []}\n"
	      "]\n",
	      "JSON with all of them");
	table_fini(&t);
	return done();
}
