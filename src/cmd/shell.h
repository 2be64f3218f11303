/* What the parts of the interactive shell share. */
#ifndef CMD_SHELL_H
#define CMD_SHELL_H

#include "cmd/command.h"
#include "cmd/filter_language.h"
#include "cmd/shell_history.h"
#include "cmd/shell_view.h"
#include "cmd/words.h"

struct shell {
	struct ctx ctx; /* for commands; points to the view */
	struct shell_view view;
	struct shell_history history;
	struct lineedit *edit; /* NULL: lines are read as they come */
	bool no_input;	       /* commands find standard input empty: it is
				  where lines come from */
	bool done;	       /* quit, or told to end */
	bool stopped;	       /* Ctrl-C came while the last line ran */
};

/* Run one line: a command, with its pipe or file. Returns its exit status;
   what went wrong has been reported. */
int shell_line(struct shell *sh, const char *line);

/* Open n files in place of what is open, telling how many packets they have. If
   one cannot be opened, what was open stays. Returns an exit status. */
int shell_open(struct shell *sh, char *const *paths, size_t n);

/* Fill offer with the completions of line, or out with a few words
   about that; arg is a struct shell. */
void shell_complete(void *arg, const char *line, struct lineedit_offer *offer);
void shell_hint(void *arg, const char *line, struct str *out);

#endif
