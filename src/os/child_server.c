/* Owns the child process that answers questions by children of its own. */
#include "config.h"

#include "os/child_server.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "os/child_pair.h"
#include "os/sandbox.h"

/* Descriptors above the standard ones that the server does not keep, if the
   system cannot close all of them at once. */
#define FDS_MOST 1024

/* Bytes of a question, at most: whoever asks may have been taken over. */
#define QUESTION_MOST ((size_t)64 << 20)

struct child_server {
	struct child_pair child;
};

/* What the child is for. */
struct service {
	const struct limits *limits;
	child_server_answer *work;
	child_server_enter *enter;
	const void *arg;
};

/* What the server sends in front of the answer's n bytes. */
struct reply {
	enum bounded_child_end end;
	size_t n;
	struct err err;
};

static bool send_all(int fd, const void *from, size_t n)
{
	const char *p = from;

	while (n > 0) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

static bool receive_all(int fd, void *to, size_t n)
{
	char *p = to;

	while (n > 0) {
		ssize_t got = recv(fd, p, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

/* ---- the server ----------------------------------------------------------*/

struct question {
	child_server_answer *work;
	char *bytes;
	size_t n;
};

static void answer_one(void *arg, struct str *out)
{
	const struct question *q = arg;

	q->work(q->bytes, q->n, out);
}

/* Receive a question, let a child work, send the reply. false: the end. */
static bool serve_one(int fd, const struct limits *limits,
		      child_server_answer *work)
{
	struct question q = {.work = work};
	struct reply reply = {.end = BOUNDED_FAILED};
	struct str out = STR_INIT;
	bool good;

	if (!receive_all(fd, &q.n, sizeof(q.n)) || q.n > QUESTION_MOST)
		return false;
	q.bytes = malloc(q.n ? q.n : 1);
	good = q.bytes && receive_all(fd, q.bytes, q.n);
	if (good) {
		reply.end =
		    bounded_child_run(limits, answer_one, &q, &out, &reply.err);
		reply.n = out.len;
		good = send_all(fd, &reply, sizeof(reply)) &&
		       send_all(fd, str_text(&out), out.len);
	}
	str_fini(&out);
	free(q.bytes);
	return good;
}

/* Close all but fd and the standard ones. */
static void close_others(int fd)
{
	int i = STDERR_FILENO + 1;

#ifdef HAVE_CLOSE_RANGE
	/* a thousand calls take longer than what is asked; old kernels need
	   them */
	if (!close_range((unsigned)fd + 1, UINT_MAX, 0) &&
	    (fd == i || !close_range((unsigned)i, (unsigned)fd - 1, 0)))
		return;
#endif
	for (; i < FDS_MOST; i++)
		if (i != fd)
			close(i);
}

/* Keep nothing open but fd: a reader of our output must see its end when the
   process that writes it ends. */
static void let_go(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), i;

	for (i = STDIN_FILENO; null >= 0 && i <= STDERR_FILENO; i++)
		dup2(null, i);
	close_others(fd);
}

void child_server_settle(int fd)
{
	static const int ours[] = {SIGINT,  SIGQUIT, SIGTERM, SIGHUP,
				   SIGTSTP, SIGUSR1, SIGUSR2};
	size_t i;

	for (i = 0; i < ARRAY_LEN(ours); i++)
		signal(ours[i], SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	let_go(fd);
}

static void serve(int fd, const void *arg)
{
	const struct service *what = arg;

	if (what->enter && !what->enter(what->arg))
		return;
	child_server_settle(fd);
	sandbox_enter_server();
	while (serve_one(fd, what->limits, what->work))
		;
}

/* ---- the asking side -----------------------------------------------------*/

struct child_server *child_server_open(const struct limits *limits,
				       child_server_answer *work,
				       child_server_enter *enter,
				       const void *arg, struct err *err)
{
	const struct service what = {limits, work, enter, arg};
	struct child_server *s = malloc(sizeof(*s));

	if (!s) {
		err_nomem(err, "a child process");
		return NULL;
	}
	sandbox_may_signal(); /* to end it */
	if (child_pair_open(&s->child, SOCK_STREAM, serve, &what, err))
		return s;
	free(s);
	return NULL;
}

static bool gone(struct err *err)
{
	return err_set(err, ERR_FAULT, "the child process is gone");
}

bool child_server_send(struct child_server *server, const void *question,
		       size_t n, struct err *err)
{
	return (send_all(server->child.fd, &n, sizeof(n)) &&
		send_all(server->child.fd, question, n)) ||
	       gone(err);
}

bool child_server_ready(const struct child_server *server)
{
	struct pollfd p = {.fd = server->child.fd, .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

enum bounded_child_end child_server_ask(struct child_server *server,
					const void *question, size_t n,
					struct str *out, struct err *err)
{
	return child_server_send(server, question, n, err)
		   ? child_server_receive(server, out, err)
		   : BOUNDED_FAILED;
}

enum bounded_child_end child_server_receive(struct child_server *server,
					    struct str *out, struct err *err)
{
	struct reply reply;
	char *room;

	if (!receive_all(server->child.fd, &reply, sizeof(reply))) {
		gone(err);
		return BOUNDED_FAILED;
	}
	room = str_room(out, reply.n);
	if (!room || !receive_all(server->child.fd, room, reply.n)) {
		err_set(err, ERR_FAULT, "child process: reply too short");
		return BOUNDED_FAILED;
	}
	out->len += reply.n;
	out->text[out->len] = '\0';
	if (reply.end == BOUNDED_FAILED)
		err_copy(err, &reply.err);
	return reply.end;
}

void child_server_close(struct child_server *server)
{
	if (!server)
		return;
	close(server->child.fd);
	kill(server->child.pid, SIGKILL);
	while (waitpid(server->child.pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(server);
}
