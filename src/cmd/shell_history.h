/* The lines that were typed in the interactive shell, kept in
   $XDG_STATE_HOME/pcaptool/history (else ~/.local/state/...). */
#ifndef CMD_SHELL_HISTORY_H
#define CMD_SHELL_HISTORY_H

#include "base/str.h"
#include "os/lineedit.h"

struct shell_history {
	struct str path; /* empty: lines are not kept */
	struct lineedit *edit;
};

/* Read the lines that were kept into the editor. off: on request; a process
   with raised privileges keeps none, either. */
void shell_history_init(struct shell_history *h, struct lineedit *edit,
			bool off);
void shell_history_fini(struct shell_history *h);

/* Remember a line, unless it begins with a blank. */
void shell_history_add(struct shell_history *h, const char *line);

/* Append the lines that are kept to out, as they are typed. */
bool shell_history_list(const struct shell_history *h, struct str *out,
			struct err *err);

/* Keep lines from now on, or not; forget all. */
void shell_history_on(struct shell_history *h, bool on);
bool shell_history_clear(struct shell_history *h, struct err *err);

#endif
