/* A command of the interactive shell, in a process of its own. */
#include "os/job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"

/* What is caught while a job runs. */
static const int caught[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

#define N_CAUGHT ARRAY_LEN(caught)

/* Of the job that runs: whom the handler tells. */
static volatile sig_atomic_t the_pid, came_stop, came_end;

static void handle(int number)
{
	const int saved = errno;

	if (number == SIGTERM || number == SIGHUP) {
		came_end = 1;
		if (the_pid > 0)
			kill(the_pid, number);
	} else {
		came_stop = 1;
	}
	errno = saved;
}

static void catch_signals(struct sigaction *before)
{
	struct sigaction action = {.sa_handler = handle};
	size_t i;

	the_pid = 0;
	came_stop = came_end = 0;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < N_CAUGHT; i++)
		sigaction(caught[i], &action, &before[i]);
}

static void restore_signals(const struct sigaction *before)
{
	size_t i;

	for (i = 0; i < N_CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
}

/* In a new process: signals as a program expects them. What was ignored stays
   ignored, but for those that the shell itself ignores. */
static void default_signals(const struct sigaction *before)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	size_t i;

	sigemptyset(&action.sa_mask);
	for (i = 0; i < N_CAUGHT; i++)
		if (before[i].sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
		else
			sigaction(caught[i], &before[i], NULL);
}

static void program_signals(const struct sigaction *before)
{
	default_signals(before);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
}

static void move_fd(int from, int to)
{
	if (from >= 0 && from != to) {
		dup2(from, to);
		close(from);
	}
}

/* The new process. out: its standard output; -1: ours. */
static void be_job(const struct job *job, int out,
		   const struct sigaction *before)
{
	int status;

	move_fd(out, STDOUT_FILENO);
	if (job->no_input)
		move_fd(open("/dev/null", O_RDONLY), STDIN_FILENO);
	if (job->no_errors)
		move_fd(open("/dev/null", O_WRONLY), STDERR_FILENO);
	if (job->argv) {
		program_signals(before);
		execvp(job->argv[0], job->argv);
		_exit(127);
	}
	default_signals(before);
	status = job->body(job->arg);
	fflush(NULL);
	/* not exit(): what stdio has read ahead of standard input is ours */
	_exit(status);
}

static void be_pipe(const char *line, int in, const struct sigaction *before)
{
	program_signals(before);
	move_fd(in, STDIN_FILENO);
	execl("/bin/sh", "sh", "-c", line, (char *)NULL);
	_exit(127);
}

static int wait_for(pid_t pid)
{
	int how;

	if (pid <= 0)
		return 0;
	while (waitpid(pid, &how, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
}

static void take_all(int fd, struct str *out)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0 ||
	       (n < 0 && errno == EINTR))
		if (n > 0 && out->len < JOB_TAKE_MAX)
			str_put(out, buf, (size_t)n);
}

static bool open_file(const struct job *job, int *fd, struct err *err)
{
	*fd = open(job->file,
		   O_WRONLY | O_CREAT | O_CLOEXEC |
		       (job->append ? O_APPEND : O_TRUNC),
		   0666);
	if (*fd >= 0)
		return true;
	err_sys(err, ERR_OUTPUT, errno, "cannot be written");
	return err_in_file(err, job->file);
}

static bool start(const struct job *job, int ends[2], pid_t *reader, pid_t *pid,
		  const struct sigaction *before, struct err *err)
{
	fflush(NULL);
	if (job->file && !open_file(job, &ends[1], err))
		return false;
	if ((job->pipe || job->take) && pipe2(ends, O_CLOEXEC) != 0)
		return err_sys(err, ERR_FAULT, errno, "pipe");
	if (job->pipe) {
		*reader = fork();
		if (*reader == 0)
			be_pipe(job->pipe, ends[0], before);
		close(ends[0]);
		ends[0] = -1;
	}
	*pid = *reader < 0 ? -1 : fork();
	if (*pid == 0)
		be_job(job, ends[1], before);
	return *pid > 0 || err_sys(err, ERR_FAULT, errno, "fork");
}

bool job_run(const struct job *job, struct job_end *end, struct err *err)
{
	struct sigaction before[N_CAUGHT];
	int ends[2] = {-1, -1}, last;
	pid_t reader = 0, pid = 0;
	bool good;

	*end = (struct job_end){0};
	catch_signals(before);
	good = start(job, ends, &reader, &pid, before, err);
	the_pid = pid;
	if (came_end && pid > 0)
		kill(pid, SIGTERM);
	if (ends[1] >= 0)
		close(ends[1]);
	if (ends[0] >= 0) {
		if (good)
			take_all(ends[0], job->take);
		close(ends[0]);
	}
	end->status = wait_for(pid);
	the_pid = 0;
	last = wait_for(reader);
	if (!end->status)
		end->status = last;
	end->told_end = came_end;
	end->told_stop = came_stop;
	restore_signals(before);
	return good;
}

bool job_same_file(const char *path, const char *other)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat(other, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
