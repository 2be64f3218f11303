/* A command line of another tool, read word by word and written as ours. */
#ifndef CMD_HABIT_LINE_H
#define CMD_HABIT_LINE_H

#include "cmd/command.h"
#include "cmd/habit_rows.h"

#define HABIT_WORDS_MOST 200

/* A line that is taken apart. */
struct habit_line {
	char *const *argv;
	int argc, at;
	const char *tool; /* the first word where it is a verb; else "" */
	enum shape shape;
	const struct command *command; /* NULL: none chosen so far */
	bool command_typed;
	bool fields_wanted; /* -T fields */
	bool has_input;	    /* -r was there */
	struct str options; /* each with a blank before it */
	struct str shown;   /* letters that change how packets are shown */
	struct str fields;  /* of -e, with commas between */
	struct str filter;  /* -f */
	struct str where;   /* -Y and -R */
	const char *output; /* -w */
	const char *operands[HABIT_WORDS_MOST];
	int n;
};

/* The line wants the command of this name, unless it has a stronger one; NULL
   and "": any. */
void habit_wish(struct habit_line *l, const char *name);

/* One more condition for -f. */
void habit_add_filter(struct habit_line *l, const char *expr);

/* Take the words from l->at on. false: one makes no sense. */
bool habit_read(struct habit_line *l);

/* Append the line, whose command is known. false: it would not take it. */
bool habit_write(struct habit_line *l, struct str *out);

/* Append a word as one would type it: in single quotes where it needs any. */
void habit_quote(struct str *out, const char *word);

/* The same after a blank. */
void habit_put_word(struct str *out, const char *word);

/* Append a blank and the options of a row, with value for %s; nothing if there
   are none. */
void habit_put_options(struct str *out, const char *instead, const char *value);

/* Append the capture filter for a display filter. false: there is none, or it
   is the same. */
bool habit_as_expression(const char *text, struct str *out);

/* Append the operands from `from` on as one expression; translated to a capture
   filter if need be. */
void habit_join(const struct habit_line *l, int from, struct str *out,
		bool translated);

/* The same with the option that takes it: -Y or -f. */
void habit_put_selecting(const struct habit_line *l, int from, struct str *out);

#endif
