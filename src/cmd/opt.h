/*
 * Options as data. Each option is one const row that writes straight into its
 * command's config struct; the parser, --help, the OPTIONS section of the
 * man page and the completion words all come from the rows.
 *
 * Rows stand in groups: a title and a sub-struct of the config that the
 * rows' members are counted from, so that commands share groups. The type
 * of a row fixes the C type of its member.
 */
#ifndef CMD_OPT_H
#define CMD_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/num.h"
#include "base/str.h"

enum opt_type {
	OPT_FLAG,     /* bool: set to true */
	OPT_COUNT,    /* int: one more each time */
	OPT_NUMBER,   /* int64_t, within min..max */
	OPT_SIZE,     /* uint64_t bytes, within min..max */
	OPT_DURATION, /* int64_t nanoseconds, within min..max */
	OPT_TIME,     /* struct moment */
	OPT_TEXT,     /* const char *: the argument itself */
	OPT_TEXTS,    /* struct texts: one more each time */
	OPT_WORD,     /* int: the index of the argument in words */
	OPT_CALL      /* set() does it; member is not used */
};

/* The arguments of a repeatable option, in order. */
struct texts {
	const char **item;
	size_t n;
};

struct opt;

/*
 * What an OPT_CALL row does: conf is the command's whole config, value the
 * argument (NULL: none). false: *err holds the reason; the parser puts the
 * option's name in front.
 */
typedef bool opt_setter(void *conf, const struct opt *opt, const char *value,
			struct err *err);

/* Possible values for completion, a line each; the line "@files" stands for
   file names, "@expression" for the words of the filter language, "@fields" for
   names of fields after the word "fields:". */
typedef void opt_values(struct str *out);

struct opt {
	char letter;	  /* 0: none */
	const char *name; /* long name, without "--" */
	enum opt_type type;
	uint16_t member;  /* offset in the group's struct */
	const char *arg;  /* what its argument is called; NULL: takes none */
	const char *help; /* a sentence or two, without markup */
	int64_t min, max; /* for numbers; both 0: any that is >= 0 */
	const char *const *words; /* OPT_WORD: what is allowed, NULL at end */
	const char *fallback;	  /* the argument may be left out (then only
				     --name=arg gives one): taken instead */
	opt_setter *set;
	opt_values *values;
	bool commas; /* its argument is a list of values */
};

/* A row of all zeros ends the opts of a group; a group without a title ends
   the groups; one with an empty title is not shown to people; one with the
   title of the group before it goes on with that. */
struct opt_group {
	const char *title;
	const struct opt *opts;
	size_t base; /* offset of the rows' struct in the config */
	void *(*scope)(void *conf); /* or in what is there just now */
};

struct command;
struct open_view;

/* A command line taken apart. The arrays belong to it; the words in them are
   those of argv. */
struct args {
	const struct command *command;
	char *const *words; /* all of it, as it was given */
	int n_words;
	char **operands;
	int n;
	char **rest; /* after the operand that ended the options, or (for a
			command that wants it) after "--"; a part of argv */
	int n_rest;
	bool help; /* --help was given: nothing else was checked after it */
	const struct open_view *view; /* set by command_run(); may be NULL */
};

/*
 * Take argv (without the command's name) apart: options into conf, which
 * holds the command's defaults, and operands into *args. Where the command
 * has stops_early the first operand ends the options. false: a usage error.
 * Either way args_fini() frees what *args owns.
 */
bool opt_parse(const struct command *command, void *conf, int argc, char **argv,
	       struct args *args, struct err *err);
void args_fini(struct args *args);

/* Free the lists that OPT_TEXTS rows made in conf. */
void opt_fini(const struct command *command, void *conf);

/* The row of a letter, or of a long name (or its unambiguous beginning), and
   its group; NULL: none. */
const struct opt *opt_by_letter(const struct command *command, char letter,
				const struct opt_group **group);
const struct opt *opt_by_name(const struct command *command, const char *name,
			      const struct opt_group **group);

/* Completion values of a row that takes a file, of one that takes a capture
   filter, a field expression, or either. */
opt_values opt_values_files;
opt_values opt_values_expression;
opt_values opt_values_where;
opt_values opt_values_either;

/* ---- texts made from the rows (opt_text.c) ---- */

/* What --help prints, at most 80 columns wide. */
void opt_help(const struct command *command, struct str *out);

/* The OPTIONS section of the man page, in mdoc. */
void opt_mdoc(const struct command *command, struct str *out);

/* Text for mdoc without requests or escapes; it ends
   with a line end. */
void opt_mdoc_text(struct str *out, const char *text);

/* "--name" and "-l", a line each. */
void opt_words(const struct command *command, struct str *out);

/* Possible arguments of opt, a line each; nothing where anything goes.
 */
void opt_values_of(const struct opt *opt, struct str *out);

#endif
