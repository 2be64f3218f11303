/* Makes children that this process talks to. */
#include "os/child_pair.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

bool child_pair_open(struct child_pair *c, int type, child_pair_serve *serve,
		     const void *arg, struct err *err)
{
	int fds[2];

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) != 0)
		return err_sys(err, ERR_FAULT, errno,
			       "a socket to a child process");
	c->fd = fds[0];
	c->pid = fork();
	if (c->pid == 0) {
		close(fds[0]);
		serve(fds[1], arg);
		_exit(0);
	}
	close(fds[1]);
	if (c->pid > 0)
		return true;
	err_sys(err, ERR_FAULT, errno, "a child process");
	close(c->fd);
	return false;
}
