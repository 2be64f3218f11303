/* Is there a person at the other end? */
#include "os/term.h"

#include <sys/ioctl.h>
#include <unistd.h>

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

unsigned term_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}
