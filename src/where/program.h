/* From a tree to instructions, which run over a dissect. */
#ifndef WHERE_PROGRAM_H
#define WHERE_PROGRAM_H

#include "where/run.h"

struct where_program;

/* The program of a checked tree, which it borrows. NULL: the source's err says
   what is wrong. */
struct where_program *program_open(struct where_source *source,
				   const struct where_node *root);
void program_close(struct where_program *p);

/* Does the packet in run->dissect match? */
bool program_matches(const struct where_program *p, struct where_run *run);

/* What it needs to run, in one thread. NULL: no memory. */
struct where_run *run_open(struct err *err);
void run_close(struct where_run *run);

#endif
