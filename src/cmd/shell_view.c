/* What the interactive shell has open, and what of that is in view. */
#include "cmd/shell_view.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/expr_text.h"

/* A name is not to fill the line that one wants to type. */
#define NAME_MAX_SHOWN 30

/* Sort the steps; later field expressions join the first. */
static void sort_steps(struct shell_view *v)
{
	size_t i;

	str_clear(&v->before);
	str_clear(&v->where);
	str_clear(&v->after);
	for (i = 0; i < v->n_steps; i++)
		expr_text_and(v->steps[i].where ? &v->where
			      : v->where.len	? &v->after
						: &v->before,
			      v->steps[i].expr);
}

static const char *or_null(const struct str *s)
{
	return s->len ? s->text : NULL;
}

/* Tell commands what is there now. */
static void renew(struct shell_view *v)
{
	sort_steps(v);
	v->filter = (struct view_filter){
	    .before = or_null(&v->before),
	    .where = or_null(&v->where),
	    .after = or_null(&v->after),
	};
	v->view = (struct open_view){
	    .paths = (const char *const *)v->paths,
	    .n = v->n,
	    .filter = v->n_steps ? &v->filter : NULL,
	};
}

bool shell_view_open(struct shell_view *v, char *const *paths, size_t n,
		     struct err *err)
{
	size_t i;

	shell_view_close(v);
	v->paths = calloc(n, sizeof(*v->paths));
	for (i = 0; v->paths && i < n; i++) {
		v->paths[i] = strdup(paths[i]);
		if (!v->paths[i])
			break;
		v->n++;
	}
	if (v->n < n) {
		shell_view_close(v);
		return err_nomem(err, "file names");
	}
	renew(v);
	return true;
}

void shell_view_close(struct shell_view *v)
{
	size_t i;

	shell_view_undo(v, v->n_steps);
	for (i = 0; i < v->n; i++)
		free(v->paths[i]);
	free(v->paths);
	free(v->steps);
	str_fini(&v->before);
	str_fini(&v->where);
	str_fini(&v->after);
	memset(v, 0, sizeof(*v));
}

bool shell_view_narrow(struct shell_view *v, const char *expr, bool where,
		       uint64_t count, struct err *err)
{
	struct view_step *more =
	    realloc(v->steps, (v->n_steps + 1) * sizeof(*more));
	char *copy = strdup(expr);

	if (more)
		v->steps = more;
	if (!more || !copy) {
		free(copy);
		return err_nomem(err, "an expression");
	}
	v->steps[v->n_steps++] =
	    (struct view_step){.expr = copy, .where = where, .count = count};
	renew(v);
	if (!v->before.failed && !v->where.failed && !v->after.failed)
		return true;
	shell_view_undo(v, 1);
	return err_nomem(err, "an expression");
}

void shell_view_undo(struct shell_view *v, size_t n)
{
	for (; n > 0 && v->n_steps > 0; n--)
		free(v->steps[--v->n_steps].expr);
	renew(v);
}

uint64_t shell_view_count(const struct shell_view *v)
{
	return v->n_steps ? v->steps[v->n_steps - 1].count : v->count;
}

void shell_view_name(const struct shell_view *v, struct str *out)
{
	const char *slash, *name;
	size_t n;

	if (v->n != 1) {
		str_printf(out, "%zu files", v->n);
		return;
	}
	slash = strrchr(v->paths[0], '/');
	name = slash ? slash + 1 : v->paths[0];
	n = strlen(name);
	str_foreign(out, name, n > NAME_MAX_SHOWN ? NAME_MAX_SHOWN - 2 : n);
	if (n > NAME_MAX_SHOWN)
		str_puts(out, "..");
}
