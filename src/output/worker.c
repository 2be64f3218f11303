/* Making and freeing what one thread prints with. */
#include "output/worker.h"

#define OUTPUT(name, title) &presenter_##name,
static const struct presenter_ops *const forms[] = {
#include "output/outputs.def"
};
#undef OUTPUT

const struct presenter_ops *presenter_find(int form)
{
	return forms[form];
}

bool worker_init(struct worker *w, const struct print_run *run,
		 const struct flow_context *context, struct err *err)
{
	w->context = *context;
	w->dissect = dissect_open(run->plan, err);
	if (!w->dissect)
		return false;
	if (flow_context_used(context))
		w->dissect->context = &w->context;
	w->form = presenter_find(run->options.form)->open(run);
	return w->form || err_nomem(err, "output");
}

void worker_fini(struct worker *w)
{
	if (w->form)
		w->form->ops->close(w->form);
	dissect_close(w->dissect);
}
