/* The table of forms, and reading a program in whichever form it is. */
#include "bpf/syntax.h"

#include <stdlib.h>
#include <string.h>

#include "bpf/verify.h"

const struct bpf_syntax bpf_syntaxes[] = {
#define FORM(name, title, binary)                                              \
	{#name,                                                                \
	 title,                                                                \
	 binary,                                                               \
	 syntax_put_##name,                                                    \
	 syntax_probe_##name,                                                  \
	 syntax_get_##name},
#include "bpf/syntaxes.def"
#undef FORM
    {0},
};

const struct bpf_syntax *bpf_syntax_find(const char *name)
{
	for (const struct bpf_syntax *f = bpf_syntaxes; f->name; f++) {
		if (!strcmp(f->name, name))
			return f;
	}
	return NULL;
}

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

bool bpf_read(const char *text, size_t len, unsigned flags, struct doc *doc,
	      struct err *err)
{
	const struct bpf_syntax *form = bpf_syntaxes;

	while (form[1].name && !form->probe(text, len))
		form++;
	if (!form->get(text, len, doc, err))
		return false;
	doc->program.loops = flags & VERIFY_LOOPS;
	return bpf_verify(doc->program.insns, doc->program.n, flags, NULL, err);
}
