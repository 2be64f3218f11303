/* A filter program with what is known of it, while it is read. */
#include "bpf/syntax.h"

#include <stdlib.h>
#include <string.h>

void doc_fini(struct doc *doc)
{
	program_fini(&doc->program);
	free(doc->expression);
	free(doc->linktype_name);
	free(doc->comment);
	*doc = (struct doc)DOC_INIT;
}

bool doc_add(struct doc *doc, struct insn insn, struct err *err)
{
	struct program *p = &doc->program;
	struct insn *more = p->insns;

	if (p->n >= PROGRAM_MAX)
		return err_set(err, ERR_USAGE, "more than %u instructions",
			       PROGRAM_MAX);
	/* Room is doubled whenever the count reaches a power of two. */
	if (p->n == 0 || (p->n >= 16 && (p->n & (p->n - 1)) == 0)) {
		size_t room = p->n < 16 ? 16 : (size_t)p->n * 2;

		more = realloc(p->insns, room * sizeof(*more));
		if (!more)
			return err_nomem(err, "a filter program");
		p->insns = more;
	}
	p->insns[p->n++] = insn;
	return true;
}

bool doc_text(char **member, const char *text, size_t n, struct err *err)
{
	char *copy = malloc(n + 1);

	if (!copy)
		return err_nomem(err, "a filter program");
	memcpy(copy, text, n);
	copy[n] = '\0';
	free(*member);
	*member = copy;
	return true;
}
