/*
 * The words of the filter language in their places.
 *
 * A row gives the places where a word can occur and the place after it; an
 * expression is walked through from its start, word by word. Words that are in
 * no row are values. That is less than a grammar, and enough to offer nothing
 * wrong.
 */
#include "cmd/expr_words.h"

#include <ctype.h>
#include <string.h>

#include "base/array.h"

#define START EXPR_START
#define LINK EXPR_LINK
#define NET EXPR_NET
#define TRANSPORT EXPR_TRANSPORT
#define LINK_DIR EXPR_LINK_DIR
#define NET_DIR EXPR_NET_DIR
#define VALUE EXPR_VALUE
#define DONE EXPR_DONE
#define ARITH EXPR_ARITH
/* where an address can be spoken of, and where a port */
#define HOSTS (START | LINK | NET | EXPR_DIR | LINK_DIR | NET_DIR)
#define NETS (START | NET | EXPR_DIR | NET_DIR)
#define PORTS (START | TRANSPORT | EXPR_DIR | EXPR_TRANS_DIR)

const struct expr_word expr_word_rows[] = {
    {"not", START, START, "tcp", "what follows does not hold", 0},
    {"and", NET | TRANSPORT | DONE, START, "udp", "both hold", 0},
    {"or", NET | TRANSPORT | DONE, START, "udp", "one of both holds", 0},

    {"src", START | LINK | NET | TRANSPORT, 0, NULL, "from", 0},
    {"dst", START | LINK | NET | TRANSPORT, 0, NULL, "to", 0},
    {"host", HOSTS, VALUE, "192.0.2.1", "an address or a name", 0},
    {"net", NETS, VALUE, "192.0.2.0/24", "a network, as 192.0.2.0/24", 0},
    {"port", PORTS, VALUE, "53", "a port's number or name", 0},
    {"portrange", PORTS, VALUE, "53-80", "two ports, as 6000-6008", 0},
    {"proto", START | LINK | NET, VALUE, "6",
     "a protocol's number, or a name "
     "as \\tcp",
     0},
    {"protochain", NET, VALUE, "6", "a protocol after all headers", 0},
    {"broadcast", START | LINK | NET, DONE, "", "to all", 0},
    {"multicast", START | LINK | NET, DONE, "", "to a group", 0},
    {"less", START, VALUE, "100", "the greatest length", 0},
    {"greater", START, VALUE, "100", "the least length", 0},
    {"len", START, DONE, ">= 100", "the packet's length, as len >= 100", 0},
    {"gateway", START, VALUE, NULL, "a host's name: packets routed by it", 0},
    {"inbound", START, DONE, "", "that came in", 113},
    {"outbound", START, DONE, "", "that went out", 113},
    {"ifindex", START, VALUE, "1", "an interface's number", 276},

    {"ether", START, LINK, NULL, "of the link layer", 0},
    {"ip", START, NET, "", "IPv4", 0},
    {"ip6", START, NET, "", "IPv6", 0},
    {"arp", START, NET, "", "ARP", 0},
    {"rarp", START, NET, "", "RARP", 0},
    {"tcp", START, TRANSPORT, "", "TCP", 0},
    {"udp", START, TRANSPORT, "", "UDP", 0},
    {"sctp", START, TRANSPORT, "", "SCTP", 0},
    {"icmp", START, DONE, "", "ICMP", 0},
    {"icmp6", START, DONE, "", "ICMPv6", 0},
    {"igmp", START, DONE, "", "IGMP", 0},
    {"igrp", START, DONE, "", "IGRP", 0},
    {"pim", START, DONE, "", "PIM", 0},
    {"ah", START, DONE, "", "IPsec AH", 0},
    {"esp", START, DONE, "", "IPsec ESP", 0},
    {"vrrp", START, DONE, "", "VRRP", 0},
    {"carp", START, DONE, "", "CARP", 0},
    {"stp", START, DONE, "", "spanning tree", 0},
    {"iso", START, DONE, "", "OSI", 0},
    {"isis", START, DONE, "", "IS-IS", 0},
    {"esis", START, DONE, "", "ES-IS", 0},
    {"clnp", START, DONE, "", "CLNP", 0},
    {"ipx", START, DONE, "", "IPX", 0},
    {"netbeui", START, DONE, "", "NetBEUI", 0},
    {"atalk", START, DONE, "", "AppleTalk", 0},
    {"aarp", START, DONE, "", "AppleTalk ARP", 0},
    {"decnet", START, LINK, "src 1.2", "DECnet", 0},
    {"vlan", START, DONE, "", "a VLAN tag, perhaps with its number", 0},
    {"mpls", START, DONE, "", "an MPLS label, perhaps with its number", 0},
    {"pppoed", START, DONE, "", "PPPoE discovery", 0},
    {"pppoes", START, DONE, "", "PPPoE, perhaps with a session's number", 0},
    {"geneve", START, DONE, "", "GENEVE, perhaps with a network's number", 0},

    {"wlan", START, LINK, NULL, "of IEEE 802.11", 105},
    {"type", START, EXPR_WLAN_TYPE, NULL, "of IEEE 802.11: mgt, ctl or data",
     105},
    {"subtype", START, EXPR_WLAN_SUB, NULL, "of IEEE 802.11, as beacon", 105},
    {"mgt", EXPR_WLAN_TYPE, DONE, "", "management", 105},
    {"ctl", EXPR_WLAN_TYPE, DONE, "", "control", 105},
    {"data", EXPR_WLAN_TYPE | EXPR_WLAN_SUB, DONE, "", "data", 105},
    {"beacon", EXPR_WLAN_SUB, DONE, "", "beacons", 105},
    {"probe-req", EXPR_WLAN_SUB, DONE, "", "probe requests", 105},
    {"probe-resp", EXPR_WLAN_SUB, DONE, "", "probe responses", 105},
    {"assoc-req", EXPR_WLAN_SUB, DONE, "", "association requests", 105},
    {"assoc-resp", EXPR_WLAN_SUB, DONE, "", "association responses", 105},
    {"disassoc", EXPR_WLAN_SUB, DONE, "", "disassociations", 105},
    {"auth", EXPR_WLAN_SUB, DONE, "", "authentications", 105},
    {"deauth", EXPR_WLAN_SUB, DONE, "", "deauthentications", 105},
    {"ack", EXPR_WLAN_SUB, DONE, "", "acknowledgements", 105},
    {"rts", EXPR_WLAN_SUB, DONE, "", "requests to send", 105},
    {"cts", EXPR_WLAN_SUB, DONE, "", "clear to send", 105},
    {"qos-data", EXPR_WLAN_SUB, DONE, "", "data with quality of service", 105},

    {"tcp[tcpflags]", START, DONE, "& tcp-syn != 0", "TCP's flags", 0},
    {"icmp[icmptype]", START, DONE, "= icmp-echo", "ICMP's type", 0},
    {"icmp6[icmp6type]", START, DONE, "= icmp6-echo", "ICMPv6's type", 0},
    {"tcp-syn", ARITH, DONE, "= 2", "the flag SYN", 0},
    {"tcp-ack", ARITH, DONE, "= 2", "the flag ACK", 0},
    {"tcp-fin", ARITH, DONE, "= 2", "the flag FIN", 0},
    {"tcp-rst", ARITH, DONE, "= 2", "the flag RST", 0},
    {"tcp-push", ARITH, DONE, "= 2", "the flag PSH", 0},
    {"tcp-urg", ARITH, DONE, "= 2", "the flag URG", 0},
    {"icmp-echo", ARITH, DONE, "= 2", "an echo request", 0},
    {"icmp-echoreply", ARITH, DONE, "= 2", "an echo reply", 0},
    {"icmp-unreach", ARITH, DONE, "= 2", "unreachable", 0},
    {"icmp-redirect", ARITH, DONE, "= 2", "redirect", 0},
    {"icmp-timxceed", ARITH, DONE, "= 2", "time exceeded", 0},
    {"icmp6-echo", ARITH, DONE, "= 2", "an echo request", 0},
    {"icmp6-echoreply", ARITH, DONE, "= 2", "an echo reply", 0},
    {"icmp6-neighborsolicit", ARITH, DONE, "= 2", "neighbour solicitation", 0},
    {"icmp6-neighboradvert", ARITH, DONE, "= 2", "neighbour advertisement", 0},
};

const size_t expr_word_count = ARRAY_LEN(expr_word_rows);

static bool is_blank(char c)
{
	return isspace((unsigned char)c);
}

/* Bytes that stand alone, between words. */
static bool is_sign(char c)
{
	return c && strchr("()!&|=<>+-*/", c) != NULL;
}

static const struct expr_word *find(const char *word, size_t n, unsigned place)
{
	size_t i;

	for (i = 0; i < expr_word_count; i++) {
		const struct expr_word *row = &expr_word_rows[i];

		if (strlen(row->word) == n && !strncmp(row->word, word, n) &&
		    (row->where & place))
			return row;
	}
	return NULL;
}

/* The direction's place that src and dst lead to. */
static enum expr_place direction(enum expr_place place)
{
	return place == EXPR_LINK	 ? EXPR_LINK_DIR
	       : place == EXPR_NET	 ? EXPR_NET_DIR
	       : place == EXPR_TRANSPORT ? EXPR_TRANS_DIR
					 : EXPR_DIR;
}

static enum expr_place behind_sign(const char *sign, size_t n,
				   enum expr_place place)
{
	if (n == 2 && (!strncmp(sign, "&&", 2) || !strncmp(sign, "||", 2)))
		return EXPR_START;
	if (*sign == ')')
		return EXPR_DONE;
	if (*sign == '(')
		return place == EXPR_ARITH ? EXPR_ARITH : EXPR_START;
	return *sign == '!' && n == 1 ? EXPR_START : EXPR_ARITH;
}

static enum expr_place behind_word(const char *word, size_t n,
				   enum expr_place place)
{
	const struct expr_word *row = find(word, n, place);

	if ((n == 3 && !strncmp(word, "and", n)) ||
	    (n == 2 && !strncmp(word, "or", n)) ||
	    (n == 3 && !strncmp(word, "not", n)))
		return EXPR_START; /* "src or dst port 53", too */
	if (!row || place == EXPR_VALUE)
		return EXPR_DONE;
	return row->then ? (enum expr_place)row->then : direction(place);
}

/* The length of the word or sign at text; a [ ] is a part of its word. */
static size_t piece(const char *text, size_t n)
{
	size_t i = 0;
	bool inside = false;

	if (is_sign(text[0])) {
		if (n > 1 && strchr("&|=<>", text[0]) &&
		    (text[1] == text[0] || text[1] == '='))
			return 2;
		return n > 1 && text[0] == '!' && text[1] == '=' ? 2 : 1;
	}
	for (; i < n; i++) {
		if (text[i] == '[')
			inside = true;
		else if (text[i] == ']')
			inside = false;
		/* a minus belongs to names, a slash to networks */
		else if (!inside &&
			 (is_blank(text[i]) ||
			  (is_sign(text[i]) && !strchr("-/", text[i]))))
			break;
	}
	return i;
}

enum expr_place expr_place_after(const char *text, size_t n)
{
	enum expr_place place = EXPR_START;

	while (n > 0) {
		size_t len = 1;

		if (!is_blank(*text)) {
			len = piece(text, n);
			place = is_sign(*text) ? behind_sign(text, len, place)
					       : behind_word(text, len, place);
		}
		text += len;
		n -= len;
	}
	return place;
}

size_t expr_last_word(const char *text)
{
	size_t n = strlen(text), at = 0, start = 0;

	while (at < n) {
		size_t len = 1;

		if (!is_blank(text[at]))
			len = piece(text + at, n - at);
		start = is_blank(text[at]) || is_sign(text[at]) ? at + len : at;
		at += len;
	}
	return start;
}

void expr_complete(const char *text, struct str *out)
{
	size_t start = expr_last_word(text), i;
	const char *begun = text + start;
	enum expr_place place = expr_place_after(text, start);

	if (place == EXPR_VALUE)
		return;
	for (i = 0; i < expr_word_count; i++) {
		const struct expr_word *row = &expr_word_rows[i];

		if ((row->where & place) &&
		    !strncmp(row->word, begun, strlen(begun)))
			str_printf(out, "%s\n", row->word);
	}
}

void expr_hint(const char *text, struct str *out)
{
	size_t start = expr_last_word(text), at = start, word;
	const struct expr_word *row;

	/* the word that is there already, else the one before */
	row = find(text + start, strlen(text + start),
		   expr_place_after(text, start));
	if (!row && expr_place_after(text, start) == EXPR_VALUE) {
		while (at > 0 && is_blank(text[at - 1]))
			at--;
		for (word = at; word > 0 && !is_blank(text[word - 1]) &&
				!is_sign(text[word - 1]);)
			word--;
		row =
		    find(text + word, at - word, expr_place_after(text, word));
	}
	if (row)
		str_printf(out, "%s: %s", row->word, row->what);
}
