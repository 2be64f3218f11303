/* Owns the child processes that do one piece of work within limits. */
#include "config.h"

#include "os/bounded_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"

/* The exit status of a child that cannot answer; others are crashes. */
#define FAILURE 77

/* Bytes of address space that this process has; 0: unknown. */
static size_t address_space(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f)
		return 0;
	if (fscanf(f, "%lu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void set_limit(int resource, rlim_t soft)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0)
		return;
	if (limit.rlim_max != RLIM_INFINITY && soft > limit.rlim_max)
		soft = limit.rlim_max;
	limit.rlim_cur = soft;
	if (resource == RLIMIT_CPU && limit.rlim_max > soft + 1)
		limit.rlim_max = soft + 1;
	setrlimit(resource, &limit);
}

static bool write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t wrote = write(fd, bytes, n);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		bytes += wrote;
		n -= (size_t)wrote;
	}
	return true;
}

/* The child: never returns. */
static void child(const struct limits *limits, size_t have,
		  bounded_child_work *work, void *arg, int fd)
{
	static const int plain[] = {SIGINT,  SIGTERM, SIGHUP, SIGQUIT, SIGSEGV,
				    SIGBUS,  SIGABRT, SIGFPE, SIGILL,  SIGXCPU,
				    SIGALRM, SIGPIPE, SIGUSR1};
	struct str out = STR_INIT;
	sigset_t none;
	bool good;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		signal(plain[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (null >= 0) {
		if (!limits->input)
			dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	set_limit(RLIMIT_CORE, 0);
	set_limit(RLIMIT_CPU, limits->cpu_s);
	if (limits->stack)
		set_limit(RLIMIT_STACK, limits->stack);
	if (have)
		set_limit(RLIMIT_AS, have + limits->memory);
	work(arg, &out);
	good = !out.failed && write_all(fd, str_text(&out), out.len);
	str_fini(&out);
	_exit(good ? 0 : FAILURE);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Take the answer. BOUNDED_DONE: the child has closed its end. */
static enum bounded_child_end listen_to(int fd, const struct limits *limits,
					struct str *out, struct err *err)
{
	int64_t end = now_ms() + (int64_t)limits->wall_s * 1000;
	size_t before = out->len;

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = end - now_ms();
		char *room = str_room(out, 65536);
		ssize_t got;

		if (left <= 0)
			return BOUNDED_TIME;
		if (!room) {
			err_nomem(err, "the answer of a child process");
			return BOUNDED_FAILED;
		}
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		got = read(fd, room, 65536);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err_sys(err, ERR_FAULT, errno, "a child process");
			return BOUNDED_FAILED;
		}
		if (got == 0)
			return BOUNDED_DONE;
		out->len += (size_t)got;
		if (out->len - before > limits->answer) {
			err_set(err, ERR_FAULT,
				"child process: reply too long");
			return BOUNDED_FAILED;
		}
	}
}

/* How the child ended, when it closed its end by itself. */
static enum bounded_child_end how_ended(int status, struct err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return BOUNDED_DONE;
	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
		return BOUNDED_TIME;
	if (WIFSIGNALED(status) || WEXITSTATUS(status) != FAILURE)
		return BOUNDED_CRASHED;
	err_set(err, ERR_FAULT, "a child process failed");
	return BOUNDED_FAILED;
}

enum bounded_child_end bounded_child_run(const struct limits *limits,
					 bounded_child_work *work, void *arg,
					 struct str *out, struct err *err)
{
	size_t have = address_space(), before = out->len;
	enum bounded_child_end end;
	int fds[2], status = 0;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0) {
		err_sys(err, ERR_FAULT, errno, "a pipe to a child process");
		return BOUNDED_FAILED;
	}
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		child(limits, have, work, arg, fds[1]);
	}
	close(fds[1]);
	if (pid < 0) {
		err_sys(err, ERR_FAULT, errno, "a child process");
		close(fds[0]);
		return BOUNDED_FAILED;
	}
	end = listen_to(fds[0], limits, out, err);
	close(fds[0]);
	if (end != BOUNDED_DONE)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			status =
			    0; /* no waiting is allowed: the answer is here */
			break;
		}
	}
	if (end == BOUNDED_DONE)
		end = how_ended(status, err);
	if (end != BOUNDED_DONE)
		out->len = before;
	if (out->text)
		out->text[out->len] = '\0';
	return end;
}
