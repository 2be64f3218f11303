/*
 * What people type who know other tools (tcpdump, tshark, dumpcap, capinfos,
 * editcap, mergecap, text2pcap, ngrep), and the command line of this tool that
 * does it.
 */
#ifndef CMD_HABITS_H
#define CMD_HABITS_H

#include "cmd/command.h"

/*
 * Append to *out the command line for the argc words, which could not be
 * parsed: words after the name of a command, or (NULL) after "pcaptool". It
 * can be run as it is, but for names in capitals. false: none is known.
 */
bool habits_lead(const struct command *command, int argc, char *const *argv,
		 struct str *out);

/*
 * The same for words that could be parsed, where expressions and files were
 * confused: with the operands that are not files as an expression. false: they
 * do not look like one.
 */
bool habits_expression(const struct args *args, struct str *out);

/* What a command selects by, besides capture filters. */
enum habits_where {
	HABITS_NO_WHERE, /* nothing */
	HABITS_WHERE,	 /* field expressions (-Y) */
	HABITS_COLUMN,	 /* the same for a column (--count-where) */
	HABITS_LIVE	 /* the same, but the kernel runs capture filters */
};

/* text is a capture filter that could not be compiled: if it is a field
   expression, say after the error what to use in its place, -Y or
   --count-where, and where that is less work the capture filter for it. */
void habits_filter_hint(const char *text, enum habits_where where);

/* The same where the first operand is an interface without -i before it. */
bool habits_interface(const struct args *args, struct str *out);

#endif
