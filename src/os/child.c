/* A command that runs beside the capture: forked early, let go late. */
#include "os/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/sandbox.h"

/* In the new process: wait for the word, then become the command. */
static void be_child(int go, int said, char **argv, const struct user *user,
		     bool quiet_stdout)
{
	struct err err = {0};
	char word;
	int why;

	if (read(go, &word, 1) != 1)
		_exit(0); /* the parent gave up */
	if (quiet_stdout)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	signal(SIGPIPE, SIG_DFL);
	if (user && !user_become(user, &err)) {
		why = EPERM;
	} else {
		execvp(argv[0], argv);
		why = errno;
	}
	if (write(said, &why, sizeof(why)) < 0)
		_exit(126);
	_exit(127);
}

bool child_prepare(struct child *child, char **argv, const struct user *user,
		   bool quiet_stdout, struct err *err)
{
	int go[2], said[2];

	if (pipe2(go, O_CLOEXEC) != 0)
		return err_sys(err, ERR_FAULT, errno, "pipe");
	if (pipe2(said, O_CLOEXEC) != 0) {
		close(go[0]);
		close(go[1]);
		return err_sys(err, ERR_FAULT, errno, "pipe");
	}
	sandbox_may_signal(); /* to end it */
	child->pid = fork();
	if (child->pid == 0) {
		close(go[1]);
		close(said[0]);
		be_child(go[0], said[1], argv, user, quiet_stdout);
	}
	close(go[0]);
	close(said[1]);
	child->go = go[1];
	child->said = said[0];
	if (child->pid > 0)
		return true;
	child->pid = 0;
	close(go[1]);
	close(said[0]);
	return err_sys(err, ERR_FAULT, errno, "fork");
}

bool child_go(struct child *child, const char *name, struct err *err)
{
	ssize_t n;
	int why = 0;

	if (write(child->go, "", 1) != 1)
		why = errno;
	close(child->go);
	child->go = -1;
	do {
		n = read(child->said, &why, sizeof(why));
	} while (n < 0 && errno == EINTR);
	close(child->said);
	child->said = -1;
	if (!why)
		return true;
	child_close(child);
	return err_sys(err, ERR_USAGE, why, "cannot run '%s'", name);
}

bool child_ended(struct child *child, int *status)
{
	int how;

	if (!child->pid || waitpid(child->pid, &how, WNOHANG) != child->pid)
		return false;
	child->pid = 0;
	*status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
	return true;
}

void child_close(struct child *child)
{
	int how;

	if (!child->pid)
		return;
	if (child->go >= 0) {
		close(child->go); /* it sees the end and leaves */
		close(child->said);
		child->go = -1;
	} else {
		kill(child->pid, SIGTERM);
	}
	while (waitpid(child->pid, &how, 0) < 0 && errno == EINTR)
		;
	child->pid = 0;
}
