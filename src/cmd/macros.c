/* Finding and reading the file of macros. */
#include "cmd/macros.h"

#include <string.h>

#include "base/str.h"
#include "cmd/config.h"
#include "cmd/expr_text.h"

enum { FILE_MOST = 1 << 20 };

static bool has_dollar(const char *const *texts, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (texts[i] && strchr(texts[i], '$'))
			return true;
	return false;
}

static bool read_macros(const char *path, struct where_macros **macros,
			struct err *err)
{
	struct str text = STR_INIT;

	if (read_whole_file(&text, path, FILE_MOST, err)) {
		*macros = where_macros_open(str_text(&text), text.len, err);
		if (!*macros)
			err_in_file(err, path);
	}
	str_fini(&text);
	return *macros;
}

bool macros_open(const char *option, const char *const *texts, size_t n,
		 struct where_macros **macros, struct err *err)
{
	struct str path = STR_INIT;
	bool good = true;

	*macros = NULL;
	if (option)
		return read_macros(option, macros, err);
	if (has_dollar(texts, n)) {
		good = config_macros(&path, err);
		if (good && path.len)
			good = read_macros(path.text, macros, err);
	}
	str_fini(&path);
	return good;
}
