/* Reading programs: bpf/ knows the forms, capture/ the link types. */
#include "cmd/bpf_file.h"

#include "bpf/verify.h"
#include "capture/linktype.h"
#include "cmd/expr_text.h"

/* The longest form of the longest program stays below this. */
#define BPF_FILE_MAX ((size_t)128 << 20)

bool bpf_file_read(const char *path, bool allow_loops, struct doc *doc,
		   struct err *err)
{
	struct str text = STR_INIT;
	bool good = read_whole_file(&text, path, BPF_FILE_MAX, err);

	if (good && !bpf_read(str_text(&text), text.len,
			      allow_loops ? VERIFY_LOOPS : 0, doc, err))
		good = err_in_file(err, path);
	str_fini(&text);
	if (doc->dlt != DOC_UNKNOWN && doc->linktype == DOC_UNKNOWN)
		doc->linktype = linktype_of_dlt((int)doc->dlt);
	if (doc->linktype != DOC_UNKNOWN)
		doc->dlt = (uint32_t)linktype_dlt(doc->linktype);
	return good;
}
