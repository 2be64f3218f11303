/* Tables of `list` about libpcap: its functions, and what it takes names for.
 */
#include "cmd/list_libpcap.h"

#include "base/array.h"
#include "capture/pcaplib.h"
#include "capture/resolve.h"

#define COLUMNS(columns) (columns), ARRAY_LEN(columns)

bool api_table(struct table *t, struct err *err)
{
	static const char *const kinds[] = {
	    [PCAPLIB_NEEDED] = "needed",
	    [PCAPLIB_OPTIONAL] = "optional",
	    [PCAPLIB_REMOTE] = "remote",
	    [PCAPLIB_WINDOWS] = "windows",
	};
	static const struct column columns[] = {
	    {"function", "FUNCTION", false}, {"type", NULL, false},
	    {"arguments", NULL, false},	     {"since", "SINCE", false},
	    {"kind", "KIND", false},	     {"present", "LIBRARY", false},
	    {"commands", "COMMANDS", false},
	};
	const struct pcaplib_row *row;
	size_t n;

	if (!pcaplib_ready(err))
		return false;
	table_init(t, COLUMNS(columns));
	for (row = pcaplib_rows(&n); n > 0; row++, n--) {
		table_text(t, row->symbol);
		table_text(t, row->type);
		table_text(t, row->args);
		table_text(t, row->since);
		table_text(t, kinds[row->kind]);
		table_answer(t, pcaplib_has(row), "present", "missing");
		table_words(t, row->commands);
	}
	return true;
}

bool meanings_table(struct table *t, const char *name, bool *some,
		    struct err *err)
{
	static const struct column columns[] = {
	    {"kind", "KIND", false},
	    {"value", "VALUE", false},
	    {"note", "NOTE", false},
	    {"expression", "IN A FILTER", false},
	};
	struct meanings meanings;
	size_t i;

	if (!resolve_name(&meanings, name, err))
		return false;
	table_init(t, COLUMNS(columns));
	for (i = 0; i < meanings.n; i++) {
		const struct meaning *m = &meanings.item[i];

		table_text(t, m->kind);
		table_text(t, m->value);
		table_text(t, m->note[0] ? m->note : NULL);
		table_text(t, m->expression);
	}
	*some = meanings.n > 0;
	meanings_fini(&meanings);
	return true;
}
