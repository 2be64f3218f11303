/* What messages about trees share. */
#include "where/tree.h"

bool source_tell(struct where_source *s, const char *macro, size_t at, size_t n,
		 const char *text)
{
	if (macro)
		err_set(s->err, ERR_USAGE, "%s (in macro '%s')", text, macro);
	else
		err_set(s->err, ERR_USAGE, "%s", text);
	return err_show(s->err, s->spots ? s->typed : s->text,
			s->spots ? s->typed_len : s->len, at, n ? n : 1);
}

const char *type_title(enum where_type type)
{
	static const char *const titles[WT_TYPES] = {
	    [WT_OPEN] = "a value",
	    [WT_NONE] = "a field without a value",
	    [WT_UINT] = "a number",
	    [WT_INT] = "a number",
	    [WT_BOOL] = "true, false, 1 or 0",
	    [WT_REAL] = "a number",
	    [WT_TEXT] = "text",
	    [WT_BYTES] = "bytes (such as 01:02:ff or \"text\")",
	    [WT_PROTO] = "bytes (such as 01:02:ff or \"text\")",
	    [WT_ETHER] = "a MAC address",
	    [WT_IPV4] = "an IPv4 address or prefix",
	    [WT_IPV6] = "an IPv6 address or prefix",
	    [WT_TIME] = "a time (such as \"2020-07-04T12:34:56Z\")",
	    [WT_SPAN] = "seconds",
	};

	return titles[type];
}
