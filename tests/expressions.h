/* The lines of tests/data/expressions.txt, compiled by libpcap directly. */
#ifndef TESTS_EXPRESSIONS_H
#define TESTS_EXPRESSIONS_H

#include <pcap/pcap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/insn.h"

_Static_assert(sizeof(struct insn) == sizeof(struct bpf_insn),
	       "a program can be handed to libpcap as it is");

struct expression {
	const char *linktype, *text;
	int dlt;
	bool optimized;
	struct program program; /* of the test: program_fini() */
};

/*
 * Call each for every expression, unoptimized and optimized; those that this
 * libpcap does not know are left out. Returns how many were compiled.
 */
static inline size_t
expressions_each(void (*each)(const struct expression *, void *), void *arg)
{
	const char *srcdir = getenv("srcdir");
	char path[4096], line[512];
	size_t count = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/data/expressions.txt",
		 srcdir ? srcdir : ".");
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		char *text = strchr(line, ' ');

		if (line[0] == '#' || line[0] == '\n' || !text)
			continue;
		*text++ = '\0';
		text[strcspn(text, "\n")] = '\0';
		for (int optimize = 0; optimize < 2; optimize++) {
			struct expression e = {.linktype = line,
					       .text = text,
					       .optimized = optimize};
			struct bpf_program program;
			pcap_t *dead;

			e.dlt = pcap_datalink_name_to_val(line);
			dead = pcap_open_dead(e.dlt, 262144);
			if (dead && pcap_compile(dead, &program, text, optimize,
						 0) == 0) {
				e.program.insns = (void *)program.bf_insns;
				e.program.n = program.bf_len;
				e.program.loops = true;
				each(&e, arg);
				pcap_freecode(&program);
				count++;
			}
			if (dead)
				pcap_close(dead);
		}
	}
	if (f)
		fclose(f);
	return count;
}

#endif
