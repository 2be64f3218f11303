/* What the writers of all formats have in common. */
#include "file/writer.h"

enum verdict writer_failed(struct writer *w)
{
	if (w->out.gone)
		return STOP;
	w->sink.err = w->out.err;
	return FAILED;
}

bool writer_flush(struct sink *s, struct err *err)
{
	struct writer *w = (struct writer *)s;

	if (out_flush_idle(&w->out) || w->out.gone)
		return true;
	return err_copy(err, &w->out.err);
}
