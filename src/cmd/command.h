/* A subcommand as data, the table of all, and what every one is handed. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "cmd/opt.h"

/* The filters in force in the interactive shell, in this order; NULL: none. */
struct view_filter {
	const char *before; /* capture filters before any field expression */
	const char *where;  /* all field expressions */
	const char *after;  /* later capture filters */
};

/* What the interactive shell has open, and what of it: commands that take files
   and are given none are about that. */
struct open_view {
	const char *const *paths;
	size_t n;			  /* 0: nothing is open */
	const struct view_filter *filter; /* of it only what passes this; NULL:
					     all */
};

struct shell;

/* What the global options decided; the same for all commands of a run. */
struct ctx {
	bool quiet;		      /* no notes and no progress on stderr */
	bool color;		      /* printed packets may have colours */
	bool color_always;	      /* wherever they go */
	const struct open_view *view; /* NULL: not in the interactive shell */
	struct shell *shell;	      /* for the commands that it alone has */
};

struct example {
	const char *line; /* as typed */
	const char *what; /* what it does */
};

/* Where an operand stands. */
struct operand_at {
	char *const *operands; /* those before it */
	int n;
	bool read;    /* -r was given: operands are an expression */
	bool program; /* -f, -F or --bpf was */
	bool open;    /* there are files open that they are about */
};

/* What an operand at place can be, as with opt_values. */
typedef void operand_values(const struct operand_at *place, struct str *out);

struct command {
	const char *name;
	const char *operands; /* for the synopsis; "" if it takes none */
	const char *summary;  /* one line, no full stop */
	const char *about;    /* a paragraph for --help; may be NULL */
	const struct opt_group *groups; /* one without a title ends them */
	const void *defaults;		/* its config before any option */
	size_t conf_size;
	bool stops_early;		/* the first operand ends the options */
	bool wants_rest;		/* what is after "--" is not operands */
	bool inner;			/* only in the interactive shell */
	operand_values *values;		/* NULL: none to offer */
	const struct example *examples; /* one without a line ends them */
	/* Returns the exit status; has reported what went wrong. */
	int (*run)(const struct ctx *ctx, void *conf, const struct args *args);
	void (*fini)(void *conf); /* frees what OPT_CALL rows made, or NULL */
};

/* All commands in the order of commands.def; a NULL ends them. */
extern const struct command *const commands[];

/* Those that only the interactive shell has. */
extern const struct command *const shell_commands[];

/* The command of that name, NULL if there is none. */
const struct command *command_find(const char *name);

/* Parse the argc words after the command's name and run: the exit status. */
int command_run(const struct command *command, const struct ctx *ctx, int argc,
		char **argv);

#endif
