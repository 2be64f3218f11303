/* Text on its way to a file descriptor. */
#include "output/text_writer.h"

#include <errno.h>

#include "os/blocking.h"

bool text_writer_init(struct text_writer *w, int fd, struct err *err)
{
	*w = (struct text_writer){.fd = fd};
	str_init(&w->text);
	if (!str_room(&w->text, TEXT_WRITER_BYTES + 64 * 1024)) {
		str_fini(&w->text);
		return err_nomem(err, "output");
	}
	return true;
}

void text_writer_fini(struct text_writer *w)
{
	str_fini(&w->text);
}

static enum verdict write_all(struct text_writer *w, const struct str *text,
			      struct err *err)
{
	size_t at = 0;
	ssize_t n;

	if (text->failed) {
		err_nomem(err, "output");
		return FAILED;
	}
	while (at < text->len && !w->gone) {
		n = blocking_write(w->fd, text->text + at, text->len - at);
		if (n >= 0) {
			at += (size_t)n;
		} else if (errno == EPIPE || errno == ECANCELED) {
			w->gone = true;
		} else if (errno != EINTR) {
			err_sys(err, ERR_OUTPUT, errno, "cannot write output");
			return FAILED;
		}
	}
	return w->gone ? STOP : GO_ON;
}

enum verdict text_writer_flush(struct text_writer *w, struct err *err)
{
	enum verdict verdict = write_all(w, &w->text, err);

	w->text.len = 0;
	return verdict;
}

enum verdict text_writer_write(struct text_writer *w, const struct str *text,
			       struct err *err)
{
	enum verdict verdict = text_writer_flush(w, err);

	return verdict == GO_ON ? write_all(w, text, err) : verdict;
}
