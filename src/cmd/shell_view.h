/* What the interactive shell has open, and what of that its commands are shown:
   the packets that match one expression after the other. */
#ifndef CMD_SHELL_VIEW_H
#define CMD_SHELL_VIEW_H

#include "cmd/command.h"

struct view_step {
	char *expr;
	bool where;	/* it is a field expression */
	uint64_t count; /* of the packets that are left */
};

struct shell_view {
	char **paths;
	size_t n;
	uint64_t count;		 /* packets in all files */
	struct view_step *steps; /* the later ones are about what the ones
				    before left */
	size_t n_steps;
	struct str before, where, after; /* all steps, as in the filter */
	struct view_filter filter;
	struct open_view view; /* for commands: borrows from the others */
};

/* Take copies of n paths in place of what was open. false: no memory, then
   nothing is. */
bool shell_view_open(struct shell_view *v, char *const *paths, size_t n,
		     struct err *err);
void shell_view_close(struct shell_view *v);

/* One more step, by a field expression or a capture filter, that leaves count
   packets. false: no memory. */
bool shell_view_narrow(struct shell_view *v, const char *expr, bool where,
		       uint64_t count, struct err *err);

/* Take n steps back; as many as there are at most. */
void shell_view_undo(struct shell_view *v, size_t n);

/* The packets that are left. */
uint64_t shell_view_count(const struct shell_view *v);

/* What is open, harmless and in a few characters: "a.pcap", "3 files". */
void shell_view_name(const struct shell_view *v, struct str *out);

#endif
