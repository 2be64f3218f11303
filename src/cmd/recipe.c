/* Where programs come from, for a link type each. */
#include "cmd/compile.h"

bool recipe_make(const struct recipe *recipe, uint32_t linktype, bool swapped,
		 struct program *program, struct err *err)
{
	struct expr_setup setup = recipe->setup;

	if (recipe->text) {
		setup.linktype = linktype;
		setup.savefile = true;
		setup.swapped = swapped;
		setup.nopcap = false; /* that knows no savefile */
		return recipe->compiler
			   ? expr_compile_by(recipe->compiler, recipe->text,
					     &setup, program, err)
			   : expr_compile(recipe->text, &setup, program, err);
	}
	if (!program_copy(program, recipe->fixed->insns, recipe->fixed->n))
		return err_nomem(err, "a filter program");
	program->loops = recipe->fixed->loops;
	return true;
}
