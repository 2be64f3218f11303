/* Field expressions from the command line, and what was typed in their place.
 */
#include "cmd/where_text.h"

#include <string.h>

#include "base/addr.h"
#include "base/log.h"
#include "capture/expr.h"
#include "cmd/expr_text.h"
#include "cmd/macros.h"
#include "cmd/message.h"
#include "pkt/program.h"

enum { FILE_MAX = 1 << 20, WORD_MAX = 64 };

/* ---- capture filters in the place of field expressions ------------------- */

/* What a capture filter's word or words are as a field expression; %s is the
   value behind them. */
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

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

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

	for (i = 0; i < COUNT(filter_rows); i++) {
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

bool where_text_from_filter(const char *filter, struct str *out)
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
		for (i = 0; i < COUNT(protocol_rows); i++)
			if (!strcmp(protocol_rows[i][0], word))
				break;
		if (i == COUNT(protocol_rows))
			return false;
		str_puts(out, protocol_rows[i][1]);
	}
	return where_is(str_text(out), out->len) && !out->failed;
}

/* Is it an expression of pcap-filter(7), on Ethernet? */
static bool is_filter(const char *text)
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

bool where_text_is_one(const char *text)
{
	return text[strspn(text, " \t\n")] && where_is(text, strlen(text)) &&
	       !is_filter(text);
}

static void hint(const char *text)
{
	struct str expr = STR_INIT, quoted = STR_INIT;

	if (!is_filter(text))
		return;
	if (where_text_from_filter(text, &expr)) {
		str_shell(&quoted, expr.text, expr.len);
		report_hint("That is a capture filter, which is for -f. As a "
			    "field expression: -Y %s",
			    str_text(&quoted));
	} else {
		str_shell(&quoted, text, strlen(text));
		report_hint("That is a capture filter: use -f %s",
			    str_text(&quoted));
	}
	str_fini(&expr);
	str_fini(&quoted);
}

/* ---- opening ------------------------------------------------------------ */

/* Lines that begin with # are blanked: others may have it for layers. */
static bool read_file(struct str *out, const char *path, struct err *err)
{
	size_t i, start = 0;
	bool comment = false;

	if (!read_whole_file(out, path, FILE_MAX, err))
		return false;
	for (i = 0; i < out->len; i++) {
		if (out->text[i] == '\n') {
			start = i + 1;
			comment = false;
		} else if (out->text[i] == '#') {
			comment |=
			    strspn(out->text + start, " \t") == i - start;
		}
		if (comment)
			out->text[i] = ' ';
	}
	return true;
}

/* The texts as one. false: *err says that there is no memory. */
static bool join(struct str *all, const char *text, const struct str *file,
		 bool both, struct err *err)
{
	if (both)
		str_printf(all, "(%s) and\n(%s\n)", text, str_text(file));
	else if (text)
		str_puts(all, text);
	else
		str_put(all, str_text(file), file->len);
	return !all->failed || err_nomem(err, "expression");
}

/* The expression with the macros of the file that is named or meant. */
static struct where *open_all(const struct str *all, const char *macros,
			      const struct where_options *options,
			      struct err *err)
{
	struct where_options with = *options;
	const char *text = str_text(all);
	struct where_macros *known;
	struct where *w;

	if (!macros_open(macros, &text, 1, &known, err))
		return NULL;
	with.macros = known;
	w = where_open(text, all->len, &with, err);
	where_macros_close(known);
	return w;
}

struct where *where_text_open(const char *text, const char *path,
			      const char *macros,
			      const struct where_options *options,
			      struct err *err)
{
	struct str file = STR_INIT, all = STR_INIT;
	struct where *w = NULL;

	if ((!path || read_file(&file, path, err)) &&
	    join(&all, text, &file, text && path, err)) {
		w = open_all(&all, macros, options, err);
		if (!w && text)
			hint(text);
		if (!w && path && !text)
			err_in_file(err, path);
	}
	if (w)
		log_notes(where_notes(w));
	str_fini(&file);
	str_fini(&all);
	return w;
}
