/*
 * The one place that prints errors, warnings and notes, on stderr, with all
 * foreign text escaped.
 */
#ifndef CMD_MESSAGE_H
#define CMD_MESSAGE_H

#include "base/err.h"
#include "base/str.h"
#include "cmd/words.h"

/* "pcaptool: FILE: offset N (packet K): reason". Returns the exit status that
   goes with the error. */
int message_err(const struct err *err);

/* An error of wrong usage, with a hint to the command's --help (NULL: to
   the tool's). Returns 2. */
int message_usage(const struct err *err, const char *command);

/* A line to print after the next error of wrong usage (or of an input that is
   no capture), once; an empty one takes it back. */
void report_hint(const char *format, ...) PRINTF_LIKE(1, 2);

/* The line that was typed in the interactive shell, and its words that are the
   arguments of the command. */
struct typed {
	const char *line;
	const struct word *const *words;
	int n;
};

/* Show that line below errors, with a mark under the word at fault where that
   is known; NULL: there is none. Borrowed. */
void message_typed(const struct typed *typed);

/* Receive log messages from now on; quiet drops notes. */
void message_log(bool quiet);

/* Write text to stdout. false: it could not be written, and that was said
   (except for a closed pipe, which is silent). */
bool message_out(const struct str *text);

/* The exit status after message_out() has failed: 0 if the reader is gone, as
   the reader of a pipe has gone. */
int report_out_status(void);

/* Write text that is a result, such as a summary, to stderr as it is: foreign
   text in it has been escaped. */
void message_text(const struct str *text);

/* Whether something is being drawn on the last line of the terminal: erase it
   before any message. Called with the function that erases, or NULL. */
void message_status_line(void (*erase)(void));

#endif
