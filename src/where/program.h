/* From a tree to instructions, which run over a dissect. */
#ifndef WHERE_PROGRAM_H
#define WHERE_PROGRAM_H

#include "where/run.h"

struct where_program;

/* The program of a checked tree, which it borrows. NULL: the source's err says
   what is wrong. */
struct where_program *program_open(struct where_source *source,
				   const struct where_node *root);
/* The same of a checked value. */
struct where_program *program_open_value(struct where_source *source,
					 const struct where_node *value);
void program_close(struct where_program *p);

/* Does the packet in run->dissect match? */
bool program_matches(const struct where_program *p, struct where_run *run);

/* The values that it has in that packet; they hold until the next run. */
const struct where_list *program_values(const struct where_program *p,
					struct where_run *run);

/* What p (NULL: none) needs to run, in one thread. NULL: no memory. */
struct where_run *run_open(const struct where_program *p, struct err *err);
/* Warns of regular expressions that were given up. */
void run_close(struct where_run *run);

#endif
