/*
 * Lines typed at a terminal, with editing, history and completion by libedit.
 * Its keys are those of emacs, or what the user's .editrc (editrc(5)) says.
 */
#ifndef OS_LINEEDIT_H
#define OS_LINEEDIT_H

#include "base/err.h"
#include "base/str.h"

/* Completions of what is typed. */
struct lineedit_offer {
	size_t start;	  /* where in the line what is replaced begins */
	struct str all;	  /* a line each: the completions, ready to go in
			     the line */
	struct str shown; /* a line each: the same for people */
};

/* Asked while a line is typed; line is the text before the cursor. */
struct lineedit_hooks {
	void *arg;
	void (*complete)(void *arg, const char *line,
			 struct lineedit_offer *offer);
	void (*hint)(void *arg, const char *line, struct str *out);
};

struct lineedit;

enum lineedit_got {
	LINEEDIT_LINE,
	LINEEDIT_STOPPED, /* Ctrl-C: the line is given up */
	LINEEDIT_END
};

/*
 * Take over standard input, which is a terminal. editrc: read the user's file.
 * NULL: *err says why not, such as that libedit was not built in.
 */
struct lineedit *lineedit_open(const struct lineedit_hooks *hooks, bool editrc,
			       struct err *err);
void lineedit_close(struct lineedit *le);

/* One line, without its end, into *line. The prompt is harmless text. */
enum lineedit_got lineedit_read(struct lineedit *le, const char *prompt,
				struct str *line);

/* A line for the history that the keys walk through; clear forgets all. */
void lineedit_remember(struct lineedit *le, const char *line);
void lineedit_forget(struct lineedit *le);

#endif
