/*
 * Printing packets: what the user may choose, and the sink that does it. Each
 * presentation is one file beside this one; outputs.def lists them.
 */
#ifndef OUTPUT_PRINT_H
#define OUTPUT_PRINT_H

#include <stdbool.h>

#include "pkt/pipeline.h"

#define OUTPUT(name, title) PRINT_##name,
enum print_form {
#include "output/outputs.def"
	PRINT_FORMS
};
#undef OUTPUT

struct where_macros;

/* Which of a field's values a column shows. */
enum print_occurrence { OCCURRENCE_ALL, OCCURRENCE_FIRST, OCCURRENCE_LAST };

/* The printing options of the command line. All zero: the defaults. */
struct print_options {
	int form;	    /* enum print_form */
	int verbose;	    /* -v: how often given */
	int time;	    /* -t: how often given, as in tcpdump (0-5) */
	int hex;	    /* -x, -xx */
	int hex_text;	    /* -X, -XX */
	int ascii;	    /* -A, -AA */
	int digits;	    /* of a second's fraction: 9, else 6 */
	bool utc;	    /* --utc: not in the local time zone */
	bool link;	    /* -e: the link-layer header too */
	bool names;	    /* -N: names for addresses, ports and protocols */
	bool number;	    /* -#: packet numbers */
	bool quick;	    /* -q: less about each protocol */
	bool raw_seq;	    /* -S: TCP sequence numbers as they are */
	bool unbuffered;    /* -l, -U: each packet reaches the output at once */
	bool color;	    /* for a terminal: text and detail are coloured */
	bool no_header;	    /* no line of column names */
	bool only_with;	    /* no packets that have none of the fields */
	bool interfaces;    /* of several: the name of each packet's */
	bool apart;	    /* --no-reassemble: each packet by itself */
	int occurrence;	    /* enum print_occurrence */
	int64_t jobs;	    /* threads; 0 and 1: only the caller's */
	const char *fields; /* with commas between; NULL: all */
	const struct where_macros *macros; /* of expressions; NULL: none */
	const char *separator;	  /* between columns; NULL: the form's own */
	const char *const *force; /* rules of plan_force() */
	size_t n_force;
	/* For packets captured on all interfaces at once: the name of this
	   host's interface with that index, or NULL. May be NULL. */
	const char *(*iface_name)(uint32_t index);
};

/* The name of each form, NULL-terminated, in the order of enum print_form. */
extern const char *const print_form_names[];

/*
 * A sink that prints packets to fd. Text is collected and written in large
 * pieces; flush() writes what there is. A write that fails is ERR_OUTPUT; a
 * reader that has gone away (EPIPE) is a silent STOP. fd stays the caller's;
 * options are copied, their texts too. NULL: *err says why (ERR_USAGE for
 * fields that do not exist).
 */
struct sink *print_open(const struct print_options *options, int fd,
			struct err *err);

/* print_open() with the form text. */
struct sink *text_sink_open(const struct print_options *options, int fd,
			    struct err *err);

#endif
