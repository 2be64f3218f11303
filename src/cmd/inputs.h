/*
 * Savefiles as the input of a command: the options and operands that name
 * them, and the run that pushes what is selected of them into a sink. Shared
 * by read, write, filter and stats.
 */
#ifndef CMD_INPUTS_H
#define CMD_INPUTS_H

#include "cmd/command.h"
#include "cmd/selection.h"

struct inputs_conf {
	struct texts read; /* -r */
	bool concat;
	bool recover;
	int engine; /* index of a word: INPUTS_ENGINE_... */
};

enum { INPUTS_ENGINE_OWN, INPUTS_ENGINE_LIBPCAP };

extern const struct opt inputs_opts[];

/* The operands of a command that takes FILES, and of one that takes EXPRESSION
   FILES. */
operand_values inputs_operands, inputs_expr_operands;

/* What the operands turned out to be, and the files once they are open. */
struct inputs {
	const char **paths; /* owned; the texts are argv's, or copies' */
	size_t n;
	bool concat, recover;
	bool follow; /* set by the command: wait for a file to grow */
	const struct view_filter *view; /* what packets pass first, or NULL */
	int engine;
	char *words;   /* the expression among the operands; owned, or NULL */
	char **copies; /* temporary files in place of inputs; may be NULL */
	struct source *source; /* NULL: not open */
	bool hex;	       /* text: hexadecimal dumps */
	uint32_t hex_linktype; /* of these */
	bool progress;	       /* may be drawn, if stderr is a terminal */
	struct selection selection;
	bool prepared; /* by inputs_prepare() */
};

/*
 * Tell files from the expression: with -r all operands are the expression's
 * words; else they are files, and the first one is the expression where
 * expr_first says that the command takes one there and no option (-f or
 * -F) gave one. Without a file it is what the interactive shell has open, of
 * which all operands of expr_first are the expression, unless the last is a
 * file; else standard input is read, unless it is a terminal. false: *err says
 * what is missing. Either way call inputs_fini().
 */
bool inputs_take(struct inputs *in, const struct inputs_conf *conf,
		 const struct select_conf *select, const struct args *args,
		 bool expr_first, struct err *err);
void inputs_fini(struct inputs *in);

/*
 * Understand the selection, and enter the sandbox. What else is to be read or
 * written, and what is to be loaded, has been said or done by then. false: *err
 * says what makes no sense. inputs_open() does this, where it has not been.
 */
bool inputs_prepare(struct inputs *in, const struct select_conf *select,
		    struct err *err);

/*
 * Open all files, see that they are savefiles, and that the selection makes
 * sense: all that can be told before an output is created. false: *err says
 * what is wrong.
 */
bool inputs_open(struct inputs *in, const struct select_conf *select,
		 struct err *err);

/*
 * Leave out those of several files that are not savefiles; each is reported.
 * Returns the exit status for that: 0 if there was none. All may be left out.
 */
int inputs_leave_out(struct inputs *in);

/*
 * Are all packets of the inputs, which are open, in the order of time? They
 * are read through once for that; inputs that cannot be read twice count as
 * unordered.
 */
bool inputs_in_order(const struct inputs *in);

/*
 * Run all files through the selection into sink, which is closed at the end,
 * whatever happens; what went wrong is reported. Opens them if inputs_open()
 * has not. A signal that asks for the end ends the input early: what was read
 * before is done properly. Once only. Returns the exit status.
 */
int inputs_run(struct inputs *in, const struct select_conf *select,
	       struct sink *sink);

#endif
