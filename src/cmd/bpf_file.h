/* Compiled filter programs from files. */
#ifndef CMD_BPF_FILE_H
#define CMD_BPF_FILE_H

#include "bpf/syntax.h"

/*
 * Read a program in any of the forms that compile prints ("-": standard
 * input), and check it: loops are taken only if allow_loops. doc is DOC_INIT
 * before, and doc_fini() frees it either way. false: *err says what is wrong
 * with the file (ERR_USAGE).
 */
bool bpf_file_read(const char *path, bool allow_loops, struct doc *doc,
		   struct err *err);

#endif
