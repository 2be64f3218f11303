/* Terminal detection and size. */
#include "os/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/array.h"

bool term_stdin(void)
{
	return isatty(STDIN_FILENO);
}

bool term_stdout(void)
{
	return isatty(STDOUT_FILENO);
}

bool term_stderr(void)
{
	return isatty(STDERR_FILENO);
}

bool term_colors(void)
{
	const char *refused = getenv("NO_COLOR"), *term = getenv("TERM");

	return term_stdout() && !(refused && *refused) && term && *term &&
	       strcmp(term, "dumb") != 0;
}

unsigned term_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}

unsigned term_rows(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
		return size.ws_row;
	return 24;
}

bool term_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *value;
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		value = getenv(names[i]);
		if (value && *value)
			return strstr(value, "UTF-8") || strstr(value, "utf8");
	}
	return false;
}
