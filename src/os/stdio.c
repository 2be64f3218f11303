/* The standard streams. */
#include "os/stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void stdio_reserve(void)
{
	int fd;

	/* open() takes the lowest one that is free. Its mode is the wrong one,
	   so that reading and writing fail as before. */
	for (fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			_exit(3);
}
