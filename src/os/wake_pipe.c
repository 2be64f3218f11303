/* Owns a pipe that is empty or not: its bytes mean nothing. */
#include "os/wake_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool wake_pipe_open(struct wake_pipe *p, struct err *err)
{
	int i;

	if (pipe(p->ends) != 0) {
		p->ends[0] = p->ends[1] = -1;
		return err_sys(err, ERR_FAULT, errno, "pipe");
	}
	for (i = 0; i < 2; i++) {
		fcntl(p->ends[i], F_SETFL, O_NONBLOCK);
		fcntl(p->ends[i], F_SETFD, FD_CLOEXEC);
	}
	return true;
}

void wake_pipe_close(struct wake_pipe *p)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (p->ends[i] >= 0)
			close(p->ends[i]);
		p->ends[i] = -1;
	}
}

void wake_pipe_wake(const struct wake_pipe *p)
{
	/* a pipe that is full is readable */
	(void)!write(p->ends[1], "", 1);
}

void wake_pipe_clear(const struct wake_pipe *p)
{
	char bytes[64];

	while (read(p->ends[0], bytes, sizeof(bytes)) == sizeof(bytes))
		continue;
}
