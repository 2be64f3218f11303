/* Paths of the user's files, by the environment. */
#include "os/user_file.h"

#include <stdlib.h>

bool user_file_path(struct str *path, const char *variable,
		    const char *by_default, const char *name)
{
	const char *base = getenv(variable), *home = getenv("HOME");

	if (base && base[0] == '/')
		str_puts(path, base);
	else if (home && home[0] == '/')
		str_printf(path, "%s/%s", home, by_default);
	else
		return false;
	str_printf(path, "/pcaptool/%s", name);
	return true;
}
