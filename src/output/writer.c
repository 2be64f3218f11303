/* Text on its way to a file descriptor. */
#include "output/writer.h"

#include <errno.h>
#include <unistd.h>

bool writer_init(struct writer *w, int fd, struct err *err)
{
	*w = (struct writer){.fd = fd};
	str_init(&w->text);
	if (!str_room(&w->text, WRITER_PIECE + 64 * 1024)) {
		str_fini(&w->text);
		return err_nomem(err, "output");
	}
	return true;
}

void writer_fini(struct writer *w)
{
	str_fini(&w->text);
}

enum verdict writer_flush(struct writer *w, struct err *err)
{
	size_t at = 0;
	ssize_t n;

	if (w->text.failed) {
		err_nomem(err, "output");
		return FAILED;
	}
	while (at < w->text.len && !w->gone) {
		n = write(w->fd, w->text.text + at, w->text.len - at);
		if (n >= 0) {
			at += (size_t)n;
		} else if (errno == EPIPE) {
			w->gone = true;
		} else if (errno != EINTR) {
			err_sys(err, ERR_OUTPUT, errno, "cannot write output");
			w->text.len = 0;
			return FAILED;
		}
	}
	w->text.len = 0;
	return w->gone ? STOP : GO_ON;
}
