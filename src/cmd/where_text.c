/* Field expressions from the command line, and what was typed in their place.
 */
#include "cmd/where_text.h"

#include <string.h>

#include "base/addr.h"
#include "base/array.h"
#include "base/log.h"
#include "capture/expr.h"
#include "cmd/expr_text.h"
#include "cmd/macros.h"
#include "cmd/message.h"
#include "pkt/program.h"

enum { FILE_MAX = 1 << 20, WORD_MAX = 64 };

/* ---- capture filters in the place of field expressions ------------------- */

/* What a capture filter's word or words are as a field expression; %s is the
   value after them. */
static const struct {
	const char *words, *v4,
	    *v6; /* v6: of an IPv6 address; NULL: the same */
} filter_rows[] = {
    {"tcp src port", "tcp.srcport == %s", NULL},
    {"tcp dst port", "tcp.dstport == %s", NULL},
    {"tcp port", "tcp.port == %s", NULL},
    {"udp src port", "udp.srcport == %s", NULL},
    {"udp dst port", "udp.dstport == %s", NULL},
    {"udp port", "udp.port == %s", NULL},
    {"src host", "ip.src == %s", "ipv6.src == %s"},
    {"dst host", "ip.dst == %s", "ipv6.dst == %s"},
    {"src net", "ip.src == %s", "ipv6.src == %s"},
    {"dst net", "ip.dst == %s", "ipv6.dst == %s"},
    {"ether host", "eth.addr == %s", NULL},
    {"ether src", "eth.src == %s", NULL},
    {"ether dst", "eth.dst == %s", NULL},
    {"port", "(tcp.port == %s or udp.port == %s)", NULL},
    {"host", "ip.addr == %s", "ipv6.addr == %s"},
    {"net", "ip.addr == %s", "ipv6.addr == %s"},
    {"vlan", "vlan.id == %s", NULL},
};

static const char *const protocol_rows[][2] = {
    {"tcp", "tcp"},   {"udp", "udp"}, {"icmp", "icmp"}, {"icmp6", "icmpv6"},
    {"arp", "arp"},   {"ip", "ip"},   {"ip6", "ipv6"},	{"sctp", "sctp"},
    {"igmp", "igmp"}, {"and", "and"}, {"or", "or"},	{"not", "not"},
    {"&&", "and"},    {"||", "or"},   {"!", "not"},	{"(", "("},
    {")", ")"},
};

/* The next word, or a sign that is one; its length, 0: the end. */
static size_t next_word(const char **p, char word[WORD_MAX])
{
	size_t n;

	*p += strspn(*p, " \t\n");
	n = **p && strchr("()!", **p) ? 1 : strcspn(*p, " \t\n()!");
	if (n >= WORD_MAX)
		n = 0;
	memcpy(word, *p, n);
	word[n] = '\0';
	*p += n;
	return n;
}

/* The words of a row at *p, and over them. */
static bool skip_words(const char **p, const char *words)
{
	const char *at = *p + strspn(*p, " \t\n");
	size_t n = strlen(words);

	if (strncmp(at, words, n) != 0 || (at[n] != ' ' && at[n] != '\t'))
		return false;
	*p = at + n;
	return true;
}

static bool is_value(const char *word)
{
	return (word[0] >= '0' && word[0] <= '9') || strchr(word, ':');
}

static void put_row(struct str *out, const char *format, const char *value)
{
	const char *at;

	while ((at = strstr(format, "%s"))) {
		str_put(out, format, (size_t)(at - format));
		str_puts(out, value);
		format = at + 2;
	}
	str_puts(out, format);
}

/* A condition with a value. */
static bool put_primitive(const char **p, struct str *out)
{
	char value[WORD_MAX];
	size_t i;

	for (i = 0; i < ARRAY_LEN(filter_rows); i++) {
		if (!skip_words(p, filter_rows[i].words))
			continue;
		if (!next_word(p, value) || !is_value(value))
			return false;
		put_row(out,
			filter_rows[i].v6 && strchr(value, ':')
			    ? filter_rows[i].v6
			    : filter_rows[i].v4,
			value);
		return true;
	}
	return false;
}

/*
 * The field expression for a simple capture filter such as "tcp port 80 and
 * host 192.0.2.1", appended to out. false: not all of it can be said; *out is
 * undefined.
 */
static bool where_text_from_filter(const char *filter, struct str *out)
{
	char word[WORD_MAX];
	const char *p = filter, *from;
	size_t i;

	while (p[strspn(p, " \t\n")]) {
		if (out->len)
			str_putc(out, ' ');
		from = p;
		if (put_primitive(&p, out))
			continue;
		p = from;
		if (!next_word(&p, word))
			return false;
		for (i = 0; i < ARRAY_LEN(protocol_rows); i++)
			if (!strcmp(protocol_rows[i][0], word))
				break;
		if (i == ARRAY_LEN(protocol_rows))
			return false;
		str_puts(out, protocol_rows[i][1]);
	}
	return where_is(str_text(out), out->len) && !out->failed;
}

bool where_text_is_filter(const char *text)
{
	const struct expr_setup setup = {.linktype = 1, .savefile = true};
	struct expr_compiler *compiler = expr_compiler_open(NULL);
	struct program program = {0};
	bool good =
	    compiler && expr_compile_by(compiler, text, &setup, &program, NULL);

	program_fini(&program);
	expr_compiler_close(compiler);
	return good;
}

bool where_text_is_right(const char *text)
{
	struct where_options options = {.force = NULL};
	struct where_macros *macros;
	struct where *w;
	struct err err;

	if (!macros_open(NULL, &text, 1, &macros, &err))
		return false;
	options.macros = macros;
	w = where_open(text, strlen(text), &options, NULL);
	where_close(w);
	where_macros_close(macros);
	return w;
}

bool where_text_is_one(const char *text)
{
	return text[strspn(text, " \t\n")] && where_text_is_right(text) &&
	       !where_text_is_filter(text);
}

/* ---- opening ------------------------------------------------------------ */

/* Is there nothing but blanks before `at` in its line? */
static bool begins_line(const char *text, const char *at)
{
	while (at > text && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	return at == text || at[-1] == '\n';
}

/* Lines that begin with # are blanked: others may have it for layers. */
static bool read_file(struct str *out, const char *path, struct err *err)
{
	char *at, *end, *stop;

	if (!read_whole_file(out, path, FILE_MAX, err))
		return false;
	if (out->len == 0)
		return true;
	end = out->text + out->len;
	at = out->text;
	while ((at = memchr(at, '#', (size_t)(end - at)))) {
		stop = memchr(at, '\n', (size_t)(end - at));
		if (!stop)
			stop = end;
		if (begins_line(out->text, at))
			memset(at, ' ', (size_t)(stop - at));
		at = stop;
	}
	return true;
}

/* A part; packets must match all parts. */
struct part {
	const char *text; /* NULL: none */
	size_t len;
	const char *file; /* that it is from; NULL: none */
	bool column;	  /* it is of --count-where */
};

enum { PART_KNOWN, PART_TEXT, PART_FILE, PART_SEARCH, PARTS };

static bool is_blank(const struct part *part)
{
	size_t i;

	for (i = 0; part->text && i < part->len; i++)
		if (!strchr(" \t\r\n", part->text[i]))
			return false;
	return true;
}

/* The part is wrong: is it in the other language? */
static void hint(const struct part *part)
{
	const char *text = part->text;
	const char *filter = part->column ? "--count" : "-f";
	struct str expr = STR_INIT, quoted = STR_INIT;

	if (!where_text_is_filter(text))
		return;
	if (where_text_from_filter(text, &expr)) {
		str_shell(&quoted, expr.text, expr.len);
		report_hint("That is a capture filter, which is for %s. As a "
			    "field expression: %s %s",
			    filter, part->column ? "--count-where" : "-Y",
			    str_text(&quoted));
	} else {
		str_shell(&quoted, text, strlen(text));
		report_hint("That is a capture filter: use %s %s", filter,
			    str_text(&quoted));
	}
	str_fini(&expr);
	str_fini(&quoted);
}

/* One part by itself: what is wrong with it is said as it was typed, and what
   is likely to be misunderstood. */
static struct where *open_part(const struct part *part,
			       const struct where_options *options,
			       struct err *err)
{
	struct where *w = where_open(part->text, part->len, options, err);

	if (w)
		log_notes(where_notes(w));
	else if (part->file)
		err_in_file(err, part->file);
	else
		hint(part);
	return w;
}

/* All parts as one. */
static struct where *open_joined(const struct part *parts,
				 const struct where_options *options,
				 struct err *err)
{
	struct str all = STR_INIT;
	struct where *w = NULL;
	int i;

	for (i = 0; i < PARTS; i++) {
		if (is_blank(&parts[i]))
			continue;
		str_puts(&all, all.len ? " and (" : "(");
		str_put(&all, parts[i].text, parts[i].len);
		str_puts(&all, "\n)"); /* a line of a file may end it */
	}
	if (all.failed)
		err_nomem(err, "expression");
	else
		w = where_open(str_text(&all), all.len, options, err);
	str_fini(&all);
	return w;
}

/* The parts; each is parsed before they are joined; nothing is
   said of the one that was known before. */
static struct where *open_parts(const struct part *parts,
				const struct where_options *options,
				struct err *err)
{
	const struct part *only = &parts[PART_TEXT];
	struct where *w;
	int n = 0, i;

	for (i = 0; i < PARTS; i++) {
		if (is_blank(&parts[i]))
			continue;
		only = &parts[i];
		n++;
	}
	if (n == 0)
		return where_open("", 0, options, err);
	if (n == 1 && only == &parts[PART_KNOWN])
		return where_open(only->text, only->len, options, err);
	for (i = PART_TEXT; n > 1 && i < PARTS; i++) {
		if (is_blank(&parts[i]))
			continue;
		w = open_part(&parts[i], options, err);
		if (!w)
			return NULL;
		where_close(w);
	}
	return n > 1 ? open_joined(parts, options, err)
		     : open_part(only, options, err);
}

static struct where *open_with_macros(const struct part *parts,
				      const char *macros,
				      const struct where_options *options,
				      struct err *err)
{
	const char *texts[] = {parts[PART_KNOWN].text, parts[PART_TEXT].text,
			       parts[PART_FILE].text};
	struct where_options with = *options;
	struct where_macros *known;
	struct where *w;

	if (!macros_open(macros, texts, 3, &known, err))
		return NULL;
	with.macros = known;
	w = open_parts(parts, &with, err);
	where_macros_close(known);
	return w;
}

static struct part part_of_text(const char *text)
{
	return (struct part){.text = text, .len = text ? strlen(text) : 0};
}

static struct part part_of(const struct str *text, const char *file)
{
	return (struct part){str_text(text), text->len, file, false};
}

struct where *where_text_open(const struct where_text *t,
			      const struct where_options *options,
			      struct err *err)
{
	struct str file = STR_INIT, search = STR_INIT;
	struct part parts[PARTS] = {{NULL}};
	struct where *w = NULL;

	if ((!t->path || read_file(&file, t->path, err)) &&
	    search_expression(&t->search, &search, err)) {
		parts[PART_KNOWN] = part_of_text(t->known);
		parts[PART_TEXT] = part_of_text(t->text);
		parts[PART_TEXT].column = t->column;
		parts[PART_FILE] = part_of(&file, t->path);
		parts[PART_SEARCH] = part_of(&search, NULL);
		w = open_with_macros(parts, t->macros, options, err);
	}
	str_fini(&file);
	str_fini(&search);
	return w;
}
