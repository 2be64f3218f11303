/* Macros: the lines of their files, what texts become, and where errors are. */
#include "base/array.h"
#include "where/macro.h"

#include "base/str.h"
#include "tap.h"
#include "where/macro_file.h"
#include "where/names.h"
#include "where/where.h"

static const char file[] =
    "# macros\n"
    "\n"
    "web = tcp.port in {80, 443}\n"
    "  between=$1 > $2 and $1 < $3  \r\n"
    "\"quoted\",\"http.host == \\x22a\\x22 or \\\"b\\\"\"\n"
    "\"named\" ip.src == $1\n"
    "text = http.host contains \"$1 $2\"\n"
    "twice = $web or $web\n"
    "outer = not $named($1)\n"
    "loop = tcp and $pool\n"
    "pool = udp or $loop\n"
    "wrong = tcp.prt == $1\n"
    "missing = $nothing\n"
    "twelve = $1$1";

static struct where_macros *macros;
static const struct where_names *names;

/* What the text becomes, or the error's text. */
static const char *expanded(const char *text, struct err *err)
{
	static char result[1024];
	struct arena arena = {NULL, NULL, 0};
	struct where_source source = {
	    .text = text,
	    .len = strlen(text),
	    .arena = &arena,
	    .err = err,
	    .names = names,
	};

	if (where_expand(&source, macros))
		snprintf(result, sizeof(result), "%.*s", (int)source.len,
			 source.text);
	else
		snprintf(result, sizeof(result), "%s", err->text);
	arena_fini(&arena);
	return result;
}

static const struct {
	const char *text, *want;
} rows[] = {
    {"", ""},
    {"tcp", "tcp"},
    {"$web", "tcp.port in {80, 443}"},
    {"udp or $web and ip", "udp or tcp.port in {80, 443} and ip"},
    {"${web}", "tcp.port in {80, 443}"},
    {"${ web }", "tcp.port in {80, 443}"},
    {"$web()", "tcp.port in {80, 443}"},
    {"$between(ip.ttl, 1, 9)", "ip.ttl > 1 and ip.ttl < 9"},
    {"${between;ip.ttl;1;9}", "ip.ttl > 1 and ip.ttl < 9"},
    {"${between: ip.ttl ; 1;9}", "ip.ttl > 1 and ip.ttl < 9"},
    {"$between(max(a,b),{1},9)", "max(a,b) > {1} and max(a,b) < 9"},
    {"$between(\")\",',',9)", "\")\" > ',' and \")\" < 9"},
    {"$quoted", "http.host == \"a\" or \"b\""},
    {"$named(10.0.0.1)", "ip.src == 10.0.0.1"},
    {"$text(a,b)", "http.host contains \"a b\""},
    {"$twice", "tcp.port in {80, 443} or tcp.port in {80, 443}"},
    {"$outer(10.0.0.1)", "not ip.src == 10.0.0.1"},
    {"$named($named(x))", "ip.src == ip.src == x"},
    {"$twelve(0x1)$twelve(2)", "0x10x122"},
    /* no macros */
    {"http.host ~ \"$web\"", "http.host ~ \"$web\""},
    {"http.host ~ \"\\\"$web\"", "http.host ~ \"\\\"$web\""},
    {"'$' == $1", "'$' == $1"},
    {"a $", "a $"},
    /* errors */
    {"$we", "no such macro; did you mean 'web'?"},
    {"$nothing", "no such macro (--macros names their file)"},
    {"${ip.src}",
     "a reference to a field is about the packet that is chosen in a window, "
     "and there is none here"},
    {"$named", "macro 'named' has 1 argument, not 0"},
    {"$between(1,2)", "macro 'between' has 3 arguments, not 2"},
    {"$web(1)", "macro 'web' has 0 arguments, not 1"},
    {"$named()", "macro 'named' has 1 argument, not 0"},
    {"$between(1,,2)", "an argument of this macro is empty"},
    {"$named(1,2,3,4,5,6,7,8,9,10)", "a macro has at most 9 arguments"},
    {"$named(1", "the arguments of this macro do not end"},
    {"${named;1", "the arguments of this macro do not end"},
    {"${web", "no closing } of this macro"},
    {"${web a}", "no closing } of this macro"},
    {"$loop", "macro 'loop' is in its own text (in macro 'pool')"},
    {"$missing", "no such macro (--macros names their file) (in macro "
		 "'missing')"},
};

static void test_texts(void)
{
	struct err err = {0};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++)
		is_str(expanded(rows[i].text, &err), rows[i].want,
		       rows[i].text);
}

/* ---- where errors are ---------------------------------------------------- */

static const struct {
	const char *text;
	int mark, n;
	const char *why;
} places[] = {
    /* typed, before and after a macro and in its argument */
    {"tcp.prt or $web", 0, 7, "unknown field; did you mean 'tcp.port'?"},
    {"$web or tcp.prt", 8, 7, "unknown field; did you mean 'tcp.port'?"},
    {"$named(1) and ip", 7, 1, "an IPv4 address or prefix expected here"},
    {"$named(10.0.0.1) and", 20, 1,
     "the expression ends where a field or a value is expected"},
    /* in a macro's text */
    {"tcp and $wrong(1) and ip", 8, 9,
     "unknown field; did you mean 'tcp.port'? (in macro 'wrong')"},
    {"tcp $web", 4, 4, "an operator expected here (in macro 'web')"},
    {"$loop", 0, 5, "macro 'loop' is in its own text (in macro 'pool')"},
    {"ip or $we", 6, 3, "no such macro; did you mean 'web'?"},
    {"ip or ${web", 6, 1, "no closing } of this macro"},
};

static void test_places(void)
{
	const struct where_options options = {.macros = macros};
	struct err err = {0};
	struct where *w;
	size_t i;

	ok(!where_open("a\0$we", 5, &options, &err), "NUL in an expression");
	is_str(err.text, "an expression has no byte that is NUL",
	       "... is refused before its macros");

	for (i = 0; i < ARRAY_LEN(places); i++) {
		const char *text = places[i].text;

		w = where_open(text, strlen(text), &options, &err);
		ok(!w, text);
		is_str(err.text, places[i].why, "... the reason");
		is_int(err.mark, places[i].mark, "... where");
		is_int(err.mark_len, places[i].n, "... how much of it");
		is_str(err.line, text, "... in what was typed");
		where_close(w);
	}
}

/* ---- files -------------------------------------------------------------- */

static void refused(const char *text, const char *why)
{
	struct err err = {0};
	struct where_macros *m = where_macros_open(text, strlen(text), &err);

	ok(!m, why);
	is_str(err.text, why, "... the reason");
	where_macros_close(m);
}

static void test_files(void)
{
	struct where_macros *m = where_macros_open("", 0, NULL);

	ok_all("an empty file has none", m, eq(m->n, 0));
	where_macros_close(m);
	refused("\nweb\n", "line 2: 'name = text' expected");
	refused("web tcp\n", "line 1: 'name = text' expected");
	refused("web =  \n", "line 1: macro 'web' has no text");
	refused("1st = tcp", "line 1: a macro cannot have the name '1st'");
	refused("\"a b\" tcp", "line 1: a macro cannot have the name 'a b'");
	refused("\"a\",tcp", "line 1: 'name = text' expected");
	refused("\"a\",\"tcp", "line 1: 'name = text' expected");
	refused("\"a\",\"tcp\" x", "line 1: 'name = text' expected");
	refused("\"a", "line 1: 'name = text' expected");
	refused("a = tcp\n\na = udp", "line 3: there is a macro 'a' before");
	ok(!where_macros_open("a = b\0c", 7, NULL), "NUL is refused");
}

/* ---- limits ------------------------------------------------------------- */

/* m0 is a name; each of the others is twice the one before. */
static void test_growth(void)
{
	struct where_macros *kept = macros;
	struct str text = STR_INIT;
	struct err err = {0};
	int i;

	str_puts(&text, "m0 = tcp or tcp or tcp or tcp or tcp or tcp\n");
	for (i = 1; i < 30; i++)
		str_printf(&text, "m%d = $m%d or $m%d\n", i, i - 1, i - 1);
	str_puts(&text, "big = $1");
	for (i = 0; i < 100000; i++)
		str_puts(&text, " or tcp");
	str_puts(&text, "\nfew = $2\n");
	macros = where_macros_open(str_text(&text), text.len, &err);
	is_str(expanded("$m1", &err),
	       "tcp or tcp or tcp or tcp or tcp or tcp or "
	       "tcp or tcp or tcp or tcp or tcp or tcp",
	       "a macro in a macro");
	is_str(expanded("$m29", &err),
	       "macros are nested too deeply (in macro 'm14')", "too deep");
	is_str(expanded("$m15", &err),
	       "with its macros the expression is too long (in macro 'm0')",
	       "too long");
	is_str(expanded("$few($big($big(1)),1)$few($big($big(1)),1)", &err),
	       "with its macros the expression is too long (in macro 'big')",
	       "too much, although it is dropped");
	where_macros_close(macros);
	str_fini(&text);
	macros = kept;
}

int main(void)
{
	struct err err = {0};

	names = field_names(&err);
	macros = where_macros_open(file, sizeof(file) - 1, &err);
	ok(macros, "the file is understood");
	test_texts();
	test_places();
	test_files();
	test_growth();
	where_macros_close(macros);
	return done();
}
