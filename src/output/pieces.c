/* Text on its way to a file descriptor. */
#include "output/pieces.h"

#include <errno.h>
#include <unistd.h>

bool pieces_init(struct pieces *w, int fd, struct err *err)
{
	*w = (struct pieces){.fd = fd};
	str_init(&w->text);
	if (!str_room(&w->text, PIECE_OCTETS + 64 * 1024)) {
		str_fini(&w->text);
		return err_nomem(err, "output");
	}
	return true;
}

void pieces_fini(struct pieces *w)
{
	str_fini(&w->text);
}

static enum verdict write_all(struct pieces *w, const struct str *text,
			      struct err *err)
{
	size_t at = 0;
	ssize_t n;

	if (text->failed) {
		err_nomem(err, "output");
		return FAILED;
	}
	while (at < text->len && !w->gone) {
		n = write(w->fd, text->text + at, text->len - at);
		if (n >= 0) {
			at += (size_t)n;
		} else if (errno == EPIPE) {
			w->gone = true;
		} else if (errno != EINTR) {
			err_sys(err, ERR_OUTPUT, errno, "cannot write output");
			return FAILED;
		}
	}
	return w->gone ? STOP : GO_ON;
}

enum verdict pieces_flush(struct pieces *w, struct err *err)
{
	enum verdict verdict = write_all(w, &w->text, err);

	w->text.len = 0;
	return verdict;
}

enum verdict pieces_write(struct pieces *w, const struct str *text,
			  struct err *err)
{
	enum verdict verdict = pieces_flush(w, err);

	return verdict == GO_ON ? write_all(w, text, err) : verdict;
}
