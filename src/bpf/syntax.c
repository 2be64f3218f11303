/* The table of forms, and reading a program in whichever form it is. */
#include "bpf/syntax.h"

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
