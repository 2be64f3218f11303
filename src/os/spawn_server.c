/* Owns the child process that runs the commands of a sandboxed one, and what it
   accepts. */
#include "config.h"

#include "os/spawn_server.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "os/child_pair.h"
#include "os/spawn.h"

/* A question is a path, up to and with its end. Replies are of two kinds. */
enum said { SAID_RUNS, SAID_ENDED };

struct reply {
	enum said said;
	int why; /* it does not run */
	pid_t pid;
	int status; /* it has ended */
};

/* An end that came before the reply that was waited for. */
struct end {
	struct end *next;
	struct reply reply;
};

struct spawn_server {
	struct child_pair child;
	struct end *ends;
};

/* ---- the server ----------------------------------------------------------*/

/* Is it below where files are made, and one? */
static bool is_ours(const char *in, const char *file)
{
	const size_t n = strlen(in);
	const char *rest = file + n;
	struct stat st;

	if (strncmp(file, in, n) != 0 || rest[0] == '/' || rest[0] == '\0')
		return false;
	if (n == 0 && rest[0] == '-')
		return false; /* would be an option of the command */
	if (strstr(rest, "/../") || !strncmp(rest, "../", 3))
		return false;
	return lstat(file, &st) == 0 && S_ISREG(st.st_mode);
}

static void run_one(const struct spawn_what *what, unsigned *running,
		    char *file, struct reply *reply)
{
	if (!is_ours(what->in, file)) {
		reply->why = EPERM;
		return;
	}
	if (*running >= what->most) {
		reply->why = EAGAIN;
		return;
	}
	what->argv[what->place] = file;
	reply->why = spawn_start(what->argv, -1, &reply->pid);
	what->argv[what->place] = NULL;
	if (reply->why)
		return;
	++*running;
	/* as tcpdump does: so that the capture is not disturbed */
	setpriority(PRIO_PROCESS, (id_t)reply->pid, 19);
}

/* Take a question and answer it. false: there is none, and will be none. */
static bool serve_one(int fd, const struct spawn_what *what, unsigned *running)
{
	struct reply reply = {.said = SAID_RUNS};
	char file[PATH_MAX];
	ssize_t n = recv(fd, file, sizeof(file), 0);

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0 || memchr(file, '\0', (size_t)n) != file + n - 1)
		return false;
	run_one(what, running, file, &reply);
	return send(fd, &reply, sizeof(reply), MSG_NOSIGNAL) > 0;
}

/* Tell of those that have ended. */
static void tell_ended(int fd, unsigned *running)
{
	struct reply reply = {.said = SAID_ENDED};

	while ((reply.pid = waitpid(-1, &reply.status, WNOHANG)) > 0) {
		--*running;
		if (send(fd, &reply, sizeof(reply), MSG_NOSIGNAL) > 0)
			kill(getppid(), SIGCHLD);
	}
}

static void wake(int number)
{
	(void)number;
}

/* Signals of the terminal are not for it; a handler, unlike
   ignoring them, is not passed on to commands. */
static void serve(int fd, const void *arg)
{
	const struct spawn_what *what = arg;
	static const int ours[] = {SIGINT, SIGQUIT, SIGTERM,
				   SIGHUP, SIGUSR1, SIGUSR2};
	const struct sigaction action = {.sa_handler = wake};
	struct sigaction before;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	unsigned running = 0;
	sigset_t child, open;
	size_t i;

	for (i = 0; i < ARRAY_LEN(ours); i++)
		if (sigaction(ours[i], NULL, &before) == 0 &&
		    before.sa_handler != SIG_IGN)
			sigaction(ours[i], &action, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &open);
	sigdelset(&open, SIGCHLD);
	sigaction(SIGCHLD, &action, NULL);
	for (;;) {
		int n = ppoll(&p, 1, NULL, &open);

		tell_ended(fd, &running);
		if (n > 0 && !serve_one(fd, what, &running))
			return;
	}
}

/* ---- the asking side -----------------------------------------------------*/

struct spawn_server *spawn_server_open(const struct spawn_what *what,
				       struct err *err)
{
	struct spawn_server *s = calloc(1, sizeof(*s));

	if (!s) {
		err_nomem(err, "a command");
		return NULL;
	}
	if (child_pair_open(&s->child, SOCK_SEQPACKET, serve, what, err))
		return s;
	free(s);
	return NULL;
}

/* The next reply. false: there is none (yet, if flags say not to wait). */
static bool next_reply(struct spawn_server *s, int flags, struct reply *reply)
{
	ssize_t n;

	do {
		n = recv(s->child.fd, reply, sizeof(*reply), flags);
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(*reply);
}

static void keep_end(struct spawn_server *s, const struct reply *reply)
{
	struct end *end = malloc(sizeof(*end));

	/* without memory it is waited for until a signal ends that */
	if (!end)
		return;
	*end = (struct end){.next = s->ends, .reply = *reply};
	s->ends = end;
}

int spawn_server_run(struct spawn_server *s, const char *file, pid_t *pid)
{
	struct reply reply;

	if (send(s->child.fd, file, strlen(file) + 1, MSG_NOSIGNAL) < 0)
		return errno;
	while (next_reply(s, 0, &reply)) {
		if (reply.said == SAID_RUNS) {
			*pid = reply.pid;
			return reply.why;
		}
		keep_end(s, &reply);
	}
	return ECHILD;
}

bool spawn_server_ended(struct spawn_server *s, pid_t *pid, int *status)
{
	struct reply reply;
	struct end *end = s->ends;

	if (end) {
		s->ends = end->next;
		reply = end->reply;
		free(end);
	} else if (!next_reply(s, MSG_DONTWAIT, &reply)) {
		return false;
	}
	*pid = reply.pid;
	*status = reply.status;
	return true;
}

void spawn_server_close(struct spawn_server *s)
{
	struct end *end;

	if (!s)
		return;
	while ((end = s->ends)) {
		s->ends = end->next;
		free(end);
	}
	close(s->child.fd);
	while (waitpid(s->child.pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(s);
}
