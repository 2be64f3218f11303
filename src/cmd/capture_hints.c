/* What the user of `capture` may have meant: printed after an error. */
#include "cmd/capture_hints.h"

#include "cmd/expr_text.h"
#include "cmd/habits.h"
#include "cmd/message.h"

void capture_hint_interface(const struct args *args)
{
	struct str line = STR_INIT;

	if (habits_interface(args, &line))
		report_hint("Use: %s", str_text(&line));
	str_fini(&line);
}

void capture_hint_filters(const struct str *filters, size_t n,
			  const struct err *why)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (filters[i].len)
			habits_filter_hint(filters[i].text, HABITS_LIVE);
	for (i = 0; i < n; i++)
		if (expr_text_hosts_note(str_text(&filters[i]), why))
			return;
}
