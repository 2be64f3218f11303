/* The words of the filter language (pcap-filter(7)) in their places. */
#ifndef CMD_EXPR_WORDS_H
#define CMD_EXPR_WORDS_H

#include <stddef.h>

#include "base/str.h"

/* Where a word can occur; a sum of these if in several places. */
enum expr_place {
	EXPR_START = 1 << 0,	  /* where a condition begins */
	EXPR_LINK = 1 << 1,	  /* after ether */
	EXPR_NET = 1 << 2,	  /* after ip, ip6, arp, rarp */
	EXPR_TRANSPORT = 1 << 3,  /* after tcp, udp, sctp */
	EXPR_DIR = 1 << 4,	  /* after src or dst */
	EXPR_LINK_DIR = 1 << 5,	  /* after ether src ... */
	EXPR_NET_DIR = 1 << 6,	  /* after ip src ... */
	EXPR_TRANS_DIR = 1 << 7,  /* after tcp src ... */
	EXPR_VALUE = 1 << 8,	  /* where a name or number belongs */
	EXPR_DONE = 1 << 9,	  /* after a condition */
	EXPR_ARITH = 1 << 10,	  /* after an operator such as & or = */
	EXPR_WLAN_TYPE = 1 << 11, /* after type */
	EXPR_WLAN_SUB = 1 << 12	  /* after subtype */
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
enum expr_place expr_place_after(const char *text, size_t n);

/* Where the last word of text begins: its length, if it ends with a blank or
   a parenthesis. */
size_t expr_last_word(const char *text);

/* Append the words, a line each, that can be where the last word of text
   stands and begin as it does. */
void expr_complete(const char *text, struct str *out);

/* Append what belongs where the last word of text stands, in a few words;
   nothing if that is nothing in particular. */
void expr_hint(const char *text, struct str *out);

#endif
