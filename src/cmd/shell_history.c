/* The lines that were typed in the interactive shell. */
#include "cmd/shell_history.h"

#include <string.h>

#include "cmd/message.h"
#include "os/histfile.h"
#include "os/priv.h"
#include "os/user_file.h"

static void choose_path(struct str *path)
{
	if (!os_is_privileged())
		user_file_path(path, "XDG_STATE_HOME", ".local/state",
			       "history");
	if (path->failed)
		str_clear(path);
}

static void into_editor(void *arg, const char *line)
{
	lineedit_remember(arg, line);
}

/* What went wrong is said once, and lines are not kept any more. */
static void give_up(struct shell_history *h, const struct err *err)
{
	message_err(err);
	str_clear(&h->path);
}

void shell_history_init(struct shell_history *h, struct lineedit *edit,
			bool off)
{
	struct err err;

	*h = (struct shell_history){.path = STR_INIT, .edit = edit};
	if (off || !edit)
		return;
	choose_path(&h->path);
	if (h->path.len &&
	    !histfile_load(h->path.text, into_editor, edit, &err))
		give_up(h, &err);
}

void shell_history_fini(struct shell_history *h)
{
	str_fini(&h->path);
}

void shell_history_add(struct shell_history *h, const char *line)
{
	struct err err;

	if (!h->edit || line[0] == ' ' || line[0] == '\t' || !line[0])
		return;
	lineedit_remember(h->edit, line);
	if (h->path.len && !histfile_add(h->path.text, line, &err))
		give_up(h, &err);
}

static void into_text(void *arg, const char *line)
{
	str_foreign(arg, line, strlen(line));
	str_putc(arg, '\n');
}

bool shell_history_list(const struct shell_history *h, struct str *out,
			struct err *err)
{
	if (!h->path.len)
		return err_set(err, ERR_FAULT, "no history is kept");
	return histfile_load(h->path.text, into_text, out, err);
}

void shell_history_on(struct shell_history *h, bool on)
{
	str_clear(&h->path);
	if (on && h->edit)
		choose_path(&h->path);
}

bool shell_history_clear(struct shell_history *h, struct err *err)
{
	if (h->edit)
		lineedit_forget(h->edit);
	return !h->path.len || histfile_clear(h->path.text, err);
}
