/*
 * The words and options of other tools, as rows; habit_read.c goes through a
 * command line with them.
 */
#ifndef CMD_HABIT_ROWS_H
#define CMD_HABIT_ROWS_H

#include <stddef.h>

/* What the operands are. */
enum shape {
	OPERANDS_EXPRESSION, /* as those of tcpdump; files in their place are
				told from it */
	OPERANDS_FILES,	     /* inputs */
	OPERANDS_OUT_LAST,   /* an input and an output (editcap) */
	OPERANDS_STREAM,     /* [udp] [N] FILE */
	OPERANDS_INTERFACE,  /* an interface, then an expression */
	OPERANDS_PATTERN     /* what to look for, then an expression (ngrep) */
};

/* The first word. */
struct verb {
	const char *word;
	const char *command; /* "": the options say which */
	const char *options;
	enum shape shape;
};

/*
 * One option of other tools: its letter and what its argument begins with ("":
 * anything; NULL: it takes none). What is after that replaces %s in the
 * option of ours; "" drops it. A command that it is of outweighs others: those
 * further down in ranks[] (habit_read.c).
 */
struct habit {
	const char *tool; /* the first word; NULL: any */
	char letter;
	const char *value;
	const char *command; /* NULL: whichever */
	const char *instead;
};

extern const struct verb habit_verbs[];
extern const size_t habit_verb_count;

/* The first one that fits counts. */
extern const struct habit habit_options[];
extern const size_t habit_option_count;

/* Options of both that change how packets are shown, and nothing else: kept
   where the command has them. */
extern const char habit_shows[];

#endif
