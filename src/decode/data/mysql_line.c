/* The line of MySQL's packets: commands, and what they were answered with. */
#include "decode/data/mysql.h"

void mysql_summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool answered = false, first = true;

	summary_puts(l, "MySQL");
	for (; v < end; v++) {
		unsigned field = summary_index(l, v);

		switch (field) {
		case MY_VERSION:
			summary_puts(l, " Server greeting ");
			summary_text(l, v);
			break;
		case MY_USER:
			summary_puts(l, " user=");
			summary_text(l, v);
			break;
		case MY_SCHEMA:
			summary_puts(l, " schema=");
			summary_text(l, v);
			break;
		case MY_COMMAND:
			line_between(l, &first, "");
			summary_printf(l, " %s",
				       names_or(mysql_commands, v->num,
						"Unknown command"));
			break;
		case MY_QUERY:
			summary_puts(l, " \"");
			summary_foreign(l, v->bytes,
					v->len < 300 ? v->len : 300);
			summary_puts(l, v->len < 300 ? "\"" : "...\"");
			break;
		case MY_ERROR:
			summary_printf(l, " Error %u", (unsigned)v->num);
			break;
		case MY_ERROR_TEXT:
			summary_puts(l, " \"");
			summary_text(l, v);
			summary_puts(l, "\"");
			break;
		case MY_AFFECTED:
		case MY_FIELDS:
			if (answered)
				break;
			answered = true;
			summary_printf(l,
				       field == MY_FIELDS ? " %llu columns"
							  : " OK, %llu rows",
				       (unsigned long long)v->num);
			break;
		}
	}
	summary_mark(l);
}
