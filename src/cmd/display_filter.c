/* Wireshark's display filters, as far as pcap-filter(7) can say them. */
#include "cmd/display_filter.h"

#include <ctype.h>
#include <string.h>

#include "base/array.h"

enum { DEPTH_MAX = 20, WORD_MAX = 80 };

/* FIELD == VALUE is `instead` VALUE; sizes can be compared. */
static const struct {
	const char *field, *instead;
	bool compared;
} field_rows[] = {
    {"ip.addr", "host", false},
    {"ip.host", "host", false},
    {"ip.src", "src host", false},
    {"ip.src_host", "src host", false},
    {"ip.dst", "dst host", false},
    {"ip.dst_host", "dst host", false},
    {"ipv6.addr", "host", false},
    {"ipv6.src", "src host", false},
    {"ipv6.dst", "dst host", false},
    {"eth.addr", "ether host", false},
    {"eth.src", "ether src", false},
    {"eth.dst", "ether dst", false},
    {"eth.type", "ether proto", false},
    {"tcp.port", "tcp port", false},
    {"tcp.srcport", "tcp src port", false},
    {"tcp.dstport", "tcp dst port", false},
    {"udp.port", "udp port", false},
    {"udp.srcport", "udp src port", false},
    {"udp.dstport", "udp dst port", false},
    {"ip.proto", "ip proto", false},
    {"vlan.id", "vlan", false},
    {"ip.ttl", "ip[8]", true},
    {"frame.len", "len", true},
};

/* A protocol's name alone. */
static const struct {
	const char *name, *instead;
} protocol_rows[] = {
    {"ip", "ip"},
    {"ipv6", "ip6"},
    {"tcp", "tcp"},
    {"udp", "udp"},
    {"sctp", "sctp"},
    {"icmp", "icmp"},
    {"icmpv6", "icmp6"},
    {"arp", "arp"},
    {"igmp", "igmp"},
    {"vlan", "vlan"},
    {"dns", "port 53"},
    {"mdns", "udp port 5353"},
    {"http", "tcp port 80"},
    {"tls", "tcp port 443"},
    {"ssl", "tcp port 443"},
    {"quic", "udp port 443"},
    {"ssh", "tcp port 22"},
    {"ftp", "tcp port 21"},
    {"telnet", "tcp port 23"},
    {"smtp", "tcp port 25"},
    {"dhcp", "udp portrange 67-68"},
    {"bootp", "udp portrange 67-68"},
    {"ntp", "udp port 123"},
    {"snmp", "udp port 161"},
    {"syslog", "udp port 514"},
    {"sip", "port 5060"},
};

static const char *const flag_names[] = {"fin",	 "syn", "reset",
					 "push", "ack", "urg"};
static const char *const flag_words[] = {"tcp-fin",  "tcp-syn", "tcp-rst",
					 "tcp-push", "tcp-ack", "tcp-urg"};

struct text {
	const char *p;
	char word[WORD_MAX]; /* the current one; "": the end, or no word */
};

/* The next word: a name, a value, an operator or a parenthesis. */
static void next(struct text *t)
{
	static const char operators[] = "&|=!<>";
	size_t n = 0;

	t->p += strspn(t->p, " \t");
	if (*t->p == '(' || *t->p == ')' || (*t->p == '!' && t->p[1] != '='))
		n = 1;
	else if (*t->p && strchr(operators, *t->p))
		n = strspn(t->p, operators);
	else
		n = strcspn(t->p, " \t()&|=!<>");
	t->word[0] = '\0';
	if (n >= sizeof(t->word))
		return;
	memcpy(t->word, t->p, n);
	t->word[n] = '\0';
	t->p += n;
}

static bool is(const struct text *t, const char *a, const char *b)
{
	return !strcmp(t->word, a) || !strcmp(t->word, b);
}

/* What an expression may contain unquoted: a number, an address, a
   prefix, a name. */
static bool is_value(const char *word)
{
	return (isalnum((unsigned char)word[0]) || word[0] == ':') &&
	       !word[strspn(word, "0123456789abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ.:/-_")];
}

/* A comparison with the current operator; its value follows. */
static bool compare(struct text *t, const char *instead, bool compared,
		    struct str *out)
{
	char sign[WORD_MAX];
	const char *host = strstr(instead, "host");
	bool equal = is(t, "==", "eq"), differs = is(t, "!=", "ne");
	static const char *const spelt[][2] = {
	    {"gt", ">"}, {"lt", "<"}, {"ge", ">="}, {"le", "<="}};
	size_t i;

	strcpy(sign, t->word);
	for (i = 0; i < ARRAY_LEN(spelt); i++)
		if (!strcmp(sign, spelt[i][0]))
			strcpy(sign, spelt[i][1]);
	next(t);
	if (!is_value(t->word))
		return false;
	if (compared && !equal && !differs && sign[0] != '<' && sign[0] != '>')
		return false;
	if (compared)
		str_printf(out, "%s %s %s", instead,
			   equal     ? "="
			   : differs ? "!="
				     : sign,
			   t->word);
	else if (!equal && !differs)
		return false;
	else if (host && strchr(t->word, '/'))
		str_printf(out, "%s%.*snet %s", differs ? "not " : "",
			   (int)(host - instead), instead, t->word);
	else
		str_printf(out, "%s%s %s", differs ? "not " : "", instead,
			   t->word);
	next(t);
	return true;
}

/* tcp.flags.NAME [== 0|1] */
static bool flag(struct text *t, struct str *out)
{
	const char *name = t->word + strlen("tcp.flags.");
	bool wanted = true;
	size_t i;

	for (i = 0; i < ARRAY_LEN(flag_names); i++)
		if (!strcmp(name, flag_names[i]))
			break;
	if (i == ARRAY_LEN(flag_names))
		return false;
	next(t);
	if (is(t, "==", "eq")) {
		next(t);
		wanted = is(t, "1", "True");
		if (!wanted && !is(t, "0", "False"))
			return false;
		next(t);
	}
	str_printf(out, "tcp[tcpflags] & %s %s 0", flag_words[i],
		   wanted ? "!=" : "=");
	return true;
}

static bool condition(struct text *t, struct str *out)
{
	size_t i;

	if (!strncmp(t->word, "tcp.flags.", 10))
		return flag(t, out);
	for (i = 0; i < ARRAY_LEN(protocol_rows); i++)
		if (!strcmp(t->word, protocol_rows[i].name)) {
			str_puts(out, protocol_rows[i].instead);
			next(t);
			return true;
		}
	for (i = 0; i < ARRAY_LEN(field_rows); i++)
		if (!strcmp(t->word, field_rows[i].field)) {
			next(t);
			return compare(t, field_rows[i].instead,
				       field_rows[i].compared, out);
		}
	return false;
}

static bool any_of(struct text *t, struct str *out, int depth);

static bool term(struct text *t, struct str *out, int depth)
{
	bool good;

	if (depth > DEPTH_MAX)
		return false;
	if (is(t, "!", "not")) {
		next(t);
		str_puts(out, "not ");
		return term(t, out, depth + 1);
	}
	if (strcmp(t->word, "(") != 0)
		return condition(t, out);
	next(t);
	str_puts(out, "(");
	good = any_of(t, out, depth + 1) && !strcmp(t->word, ")");
	next(t);
	str_puts(out, ")");
	return good;
}

/* "and" binds closer than "or" there; in pcap-filter(7) both bind alike. */
static bool all_of(struct text *t, struct str *out, int depth)
{
	struct str part = STR_INIT;
	bool good = term(t, &part, depth), several = false;

	while (good && is(t, "&&", "and")) {
		next(t);
		str_puts(&part, " and ");
		several = true;
		good = term(t, &part, depth);
	}
	if (several && (out->len || is(t, "||", "or")))
		str_printf(out, "(%s)", str_text(&part));
	else
		str_puts(out, str_text(&part));
	str_fini(&part);
	return good;
}

static bool any_of(struct text *t, struct str *out, int depth)
{
	struct str part = STR_INIT;
	bool good = all_of(t, &part, depth);

	while (good && is(t, "||", "or")) {
		next(t);
		str_puts(&part, " or ");
		good = all_of(t, &part, depth);
	}
	str_puts(out, str_text(&part));
	str_fini(&part);
	return good;
}

bool display_filter_convert(const char *text, struct str *out)
{
	struct text t = {.p = text};

	next(&t);
	return any_of(&t, out, 0) && !t.word[0] && !*t.p && !out->failed;
}
