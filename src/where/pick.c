/* Telling fields from expressions. */
#include "where/pick.h"

#include <string.h>

enum { NAME_MOST = 128 };

static bool is_name(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.",
			    text[i]))
			return false;
	return true;
}

/* A field; else a protocol; else what is missing is a field. */
static bool pick_name(struct where_pick *pick, const char *name,
		      const struct where_macros *macros, struct plan *plan,
		      struct err *err)
{
	int number = field_find(name);

	if (number < 0)
		pick->column =
		    where_column_open(name, strlen(name), macros, plan, NULL);
	else
		pick->field = (unsigned)number;
	return pick->column || plan_want(plan, name, err);
}

bool where_pick(struct where_pick *pick, const char *text, size_t n,
		const struct where_macros *macros, struct plan *plan,
		struct err *err)
{
	char name[NAME_MOST];

	*pick = (struct where_pick){0};
	while (n && strchr(" \t\n\r", text[n - 1]))
		n--;
	while (n && strchr(" \t\n\r", *text)) {
		text++;
		n--;
	}
	if (n == 0)
		return err_set(err, ERR_USAGE,
			       "the list of fields has an empty name");
	if (!is_name(text, n)) {
		pick->column = where_column_open(text, n, macros, plan, err);
		return pick->column;
	}
	if (n >= sizeof(name))
		return err_set(err, ERR_USAGE,
			       "the list of fields has a name that is too "
			       "long");
	memcpy(name, text, n);
	name[n] = '\0';
	return pick_name(pick, name, macros, plan, err);
}
