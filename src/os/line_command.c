/* A command whose lines of output say that something has happened. */
#include "os/line_command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "os/spawn.h"

struct line_command {
	struct spawn_words words;
	pid_t pid;  /* 0: it has ended */
	int out;    /* what it prints is read here; -1: it prints no more */
	bool begun; /* a line, whose end has not come yet */
	bool some;  /* lines came */
};

/* Its standard output is the write end of a pipe. */
static bool start(struct line_command *c, struct err *err)
{
	int ends[2], why, i;

	if (pipe(ends) != 0)
		return err_sys(err, ERR_FAULT, errno, "pipe for a command");
	for (i = 0; i < 2; i++)
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	c->out = ends[0];
	why = spawn_start(c->words.argv, ends[1], &c->pid);
	close(ends[1]);
	if (!why)
		return true;
	c->pid = 0;
	return err_set(err, ERR_USAGE, "cannot run '%s': %s", c->words.argv[0],
		       strerror(why));
}

struct line_command *line_command_start(const char *text, struct err *err)
{
	struct line_command *c = calloc(1, sizeof(*c));

	if (!c) {
		err_nomem(err, "a command");
		return NULL;
	}
	c->out = -1;
	if (spawn_words_split(&c->words, text, 0, err) && start(c, err))
		return c;
	line_command_close(c);
	return NULL;
}

int line_command_fd(const struct line_command *c)
{
	return c->out;
}

static unsigned count_lines(struct line_command *c, const char *text, size_t n)
{
	unsigned lines = 0;
	size_t i;

	for (i = 0; i < n; i++)
		lines += text[i] == '\n';
	if (n > 0)
		c->begun = text[n - 1] != '\n';
	return lines;
}

/* Read what there is. Returns the lines that end in it. */
static unsigned read_lines(struct line_command *c)
{
	unsigned lines = 0;
	char text[4096];
	ssize_t n = 1;
	int i;

	/* not for ever: there are packets, too */
	for (i = 0; i < 16 && n > 0; i++) {
		n = read(c->out, text, sizeof(text));
		if (n > 0)
			lines += count_lines(c, text, (size_t)n);
	}
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return lines;
	lines += c->begun;
	close(c->out);
	c->out = -1;
	return lines;
}

/* Has it ended? Then *good is whether its status was 0. */
static bool has_ended(struct line_command *c, bool *good)
{
	int status = 0;
	pid_t got = c->pid ? waitpid(c->pid, &status, WNOHANG) : 0;

	if (got == 0 || (got < 0 && errno == EINTR))
		return false;
	c->pid = 0;
	*good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (WIFSIGNALED(status))
		log_warn("'%s' was ended by signal %d and triggers nothing any "
			 "more",
			 c->words.argv[0], WTERMSIG(status));
	else if (!*good)
		log_warn("'%s' failed with status %d and triggers nothing any "
			 "more",
			 c->words.argv[0], WEXITSTATUS(status));
	else
		log_note("'%s' has ended and triggers nothing any more",
			 c->words.argv[0]);
	return true;
}

unsigned line_command_take(struct line_command *c)
{
	unsigned events = 0;
	bool good = false, ended = has_ended(c, &good);

	/* after that: all that it printed is there */
	if (c->out >= 0)
		events = read_lines(c);
	c->some |= events > 0;
	if (ended && good && !c->some)
		events++;
	return events;
}

void line_command_close(struct line_command *c)
{
	if (!c)
		return;
	if (c->pid)
		kill(-c->pid, SIGTERM);
	if (c->out >= 0)
		close(c->out);
	spawn_words_fini(&c->words);
	free(c);
}
