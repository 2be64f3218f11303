/* The options that edit packets on their way into savefiles. */
#ifndef CMD_EDIT_OPTS_H
#define CMD_EDIT_OPTS_H

#include "cmd/opt.h"
#include "pkt/pipeline.h"

struct edit_conf {
	const char *snaplen;
	struct texts chop;
	int64_t shift; /* ns */
	const char *linktype;
	struct texts comments; /* N:TEXT */
	bool drop_comments;
	struct texts secrets; /* TYPE:FILE */
	bool sort;
};

extern const struct opt edit_opts[];

/* Do the edits change the bytes of packets? */
bool edits_change_bytes(const struct edit_conf *conf);

/*
 * Put the edits in front of next, which the first of them owns, in an order of
 * their own, whatever that of the options. sort is not among them. NULL: *err
 * says which argument makes no sense (ERR_USAGE), and next is closed.
 */
struct sink *edits_open(const struct edit_conf *conf, struct sink *next,
			struct err *err);

/* Have the sandbox leave what they need: files to read, temporary ones. */
void edits_allow(const struct edit_conf *conf);

/* Would they open? To be asked before there is an output. */
bool edits_check(const struct edit_conf *conf, struct err *err);

#endif
