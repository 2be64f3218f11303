/*
 * Completion of a command line: for the interactive shell, and
 * for bash, zsh and fish, whose scripts ask the tool.
 */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H

#include "cmd/command.h"

/* What a line can be made of. */
struct vocabulary {
	const struct command *tool; /* its options come before the command;
				       NULL: there are none */
	const struct command *const *commands; /* a NULL ends them */
	const struct command *const *more;     /* others; may be NULL */
	bool open; /* files are open, which commands are about */
};

struct completion {
	struct str words; /* a line each: all that the last word can become */
	bool files;	  /* or the name of a file that starts with begun */
	size_t begun;	  /* where in the last word a file's name begins */
	struct str hint;  /* what belongs here: a synopsis, an option's help */
	bool only_hint;	  /* wanted: no words, which can take a while */
};

#define COMPLETION_INIT                                                        \
	{                                                                      \
		.words = STR_INIT, .hint = STR_INIT                            \
	}

/*
 * n words, at least one: the last one is begun, and may be empty. Words of
 * the completion begin as it does.
 */
void complete_words(const struct vocabulary *vocabulary, char *const *words,
		    int n, struct completion *completion);
void completion_fini(struct completion *completion);

/*
 * The same as text for the scripts: a line with the last word itself, one for
 * each word that it can become, and "@files TEXT" if that can be TEXT and the
 * name of a file after it.
 */
void complete_print(const struct vocabulary *vocabulary, char *const *words,
		    int n, struct str *out);

/* The same for a command line as it was typed, up to the cursor; its first
   word is the tool. */
void complete_line_print(const struct vocabulary *vocabulary, const char *line,
			 struct str *out);

#endif
