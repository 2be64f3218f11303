/* The words of the filter language (pcap-filter(7)) in their places. */
#ifndef CMD_EXPR_WORDS_H
#define CMD_EXPR_WORDS_H

#include <stddef.h>

#include "base/str.h"

/* Where a word can stand; a sum of these where it can in several places. */
enum expr_place {
	EXPR_START = 1 << 0,	  /* where a condition begins */
	EXPR_LINK = 1 << 1,	  /* behind ether */
	EXPR_NET = 1 << 2,	  /* behind ip, ip6, arp, rarp */
	EXPR_TRANSPORT = 1 << 3,  /* behind tcp, udp, sctp */
	EXPR_DIR = 1 << 4,	  /* behind src or dst */
	EXPR_LINK_DIR = 1 << 5,	  /* behind ether src ... */
	EXPR_NET_DIR = 1 << 6,	  /* behind ip src ... */
	EXPR_TRANS_DIR = 1 << 7,  /* behind tcp src ... */
	EXPR_VALUE = 1 << 8,	  /* where a name or number belongs */
	EXPR_DONE = 1 << 9,	  /* behind a condition */
	EXPR_ARITH = 1 << 10,	  /* behind an operator such as & or = */
	EXPR_WLAN_TYPE = 1 << 11, /* behind type */
	EXPR_WLAN_SUB = 1 << 12	  /* behind subtype */
};

/* One word. What follows is a place, or 0: src and dst, which lead to the
   direction of what stood before them. */
struct expr_word {
	const char *word;
	unsigned where, then;
	const char *value; /* an example of its value; "": it needs none */
	const char *what;  /* what its value is, or what it says */
	int linktype;	   /* where it makes sense; 0: (also) on Ethernet */
};

extern const struct expr_word expr_word_rows[];
extern const size_t expr_word_count;

/* The place after the n bytes of text, which are whole words. */
enum expr_place expr_place_behind(const char *text, size_t n);

/* Where the last word of text begins: its length, if it ends with a blank or
   a parenthesis. */
size_t expr_last_word(const char *text);

/* Append the words, a line each, that can stand where the last word of text
   stands and begin as it does. */
void expr_complete(const char *text, struct str *out);

/* Append what belongs where the last word of text stands, in a few words;
   nothing if that is nothing in particular. */
void expr_hint(const char *text, struct str *out);

#endif
