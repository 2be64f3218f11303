/* Owns the mode of the terminal while a password is typed. */
#include "os/password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LONGEST = 1024 };

/* Up to the end of the first line, which is left out. NULL: errno says why; 0:
   there is no line. */
static char *read_line(int fd)
{
	char *line = calloc(1, LONGEST + 1);
	size_t n = 0;
	ssize_t got = 0;
	int why;

	/* a byte at a time: a terminal keeps what is typed after it */
	while (line && n < LONGEST && (got = read(fd, line + n, 1)) == 1 &&
	       line[n] != '\n')
		n++;
	if (!line || got < 0 || (got == 0 && n == 0)) {
		why = got < 0 ? errno : line ? 0 : ENOMEM;
		password_free(line);
		errno = why;
		return NULL;
	}
	line[n - (n > 0 && line[n - 1] == '\r')] = '\0';
	return line;
}

static void failed(const char *what, struct err *err)
{
	if (errno)
		err_sys(err, ERR_FAULT, errno, "%s", what);
	else
		err_set(err, ERR_FAULT, "%s: it is empty", what);
}

char *password_ask(const char *prompt, struct err *err)
{
	const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	struct termios before, now;
	char *line = NULL;

	if (fd < 0 || tcgetattr(fd, &before) < 0) {
		err_set(err, ERR_USAGE,
			"no terminal to ask for the password on");
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	now = before;
	now.c_lflag &= ~(tcflag_t)ECHO;
	now.c_lflag |= ECHONL;
	if (write(fd, prompt, strlen(prompt)) > 0 &&
	    tcsetattr(fd, TCSAFLUSH, &now) == 0) {
		line = read_line(fd);
		if (!line)
			failed("the password", err);
		tcsetattr(fd, TCSAFLUSH, &before);
	} else {
		err_sys(err, ERR_FAULT, errno, "the terminal");
	}
	close(fd);
	return line;
}

char *password_read(const char *path, struct err *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *line = fd < 0 ? NULL : read_line(fd);

	if (!line)
		failed(path, err);
	if (fd >= 0)
		close(fd);
	return line;
}

void password_free(char *password)
{
	volatile char *at = password;

	while (at && *at)
		*at++ = '\0';
	free(password);
}
