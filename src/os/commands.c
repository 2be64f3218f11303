/* Owns the commands that are run for files, and those files' names. */
#include "os/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define BLANKS " \t\n"

extern char **environ;

/* A file for which the command runs or waits to run. */
struct job {
	struct job *next;
	pid_t pid; /* 0: it waits */
	char file[];
};

struct commands {
	const char *name; /* in messages */
	char *words;	  /* taken apart in place */
	char **argv;	  /* the words, a place for the file, NULL */
	size_t place;	  /* where in argv the file goes */
	unsigned most, running, left;
	struct job *jobs, **end; /* the oldest first */
};

/* Take text apart into c->argv, with room for two more. */
static bool split_words(struct commands *c, const char *text, struct err *err)
{
	size_t most = strlen(text) / 2 + 3;
	char *word, *rest;

	c->words = strdup(text);
	c->argv = calloc(most, sizeof(*c->argv));
	if (!c->words || !c->argv)
		return err_nomem(err, "a command");
	for (word = strtok_r(c->words, BLANKS, &rest); word;
	     word = strtok_r(NULL, BLANKS, &rest))
		c->argv[c->place++] = word;
	c->name = c->argv[0];
	return c->name || err_set(err, ERR_USAGE, "an empty command");
}

/* sh -c TEXT sh FILE */
static bool shell_words(struct commands *c, const char *text, struct err *err)
{
	static char shell[] = "/bin/sh", option[] = "-c";

	c->words = strdup(text);
	c->argv = calloc(6, sizeof(*c->argv));
	if (!c->words || !c->argv)
		return err_nomem(err, "a command");
	c->argv[0] = shell;
	c->argv[1] = option;
	c->argv[2] = c->words;
	c->argv[3] = shell;
	c->name = c->words;
	c->place = 4;
	return true;
}

struct commands *commands_open(const char *text, bool shell, unsigned most,
			       struct err *err)
{
	struct commands *c = calloc(1, sizeof(*c));

	if (!c) {
		err_nomem(err, "a command");
		return NULL;
	}
	c->most = most;
	c->end = &c->jobs;
	if (shell ? shell_words(c, text, err) : split_words(c, text, err))
		return c;
	commands_close(c);
	return NULL;
}

/* Start the command as it is in argv. Returns an error number. */
static int spawn(char **argv, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t how;
	sigset_t none, plain;
	int why;

	sigemptyset(&none);
	sigemptyset(&plain);
	sigaddset(&plain, SIGPIPE);
	sigaddset(&plain, SIGINT);
	sigaddset(&plain, SIGQUIT);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
					 O_RDONLY, 0);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP |
					   POSIX_SPAWN_SETSIGMASK |
					   POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&how, 0);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &plain);
	why = posix_spawnp(pid, argv[0], &actions, &how, argv, environ);
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&actions);
	return why;
}

/* Start it for a file. false: it cannot be run. */
static bool start(struct commands *c, struct job *job)
{
	int why;

	c->argv[c->place] = job->file;
	why = spawn(c->argv, &job->pid);
	c->argv[c->place] = NULL;
	if (why) {
		job->pid = 0;
		log_warn("%s: cannot run '%s': %s", job->file, c->argv[0],
			 strerror(why));
		return false;
	}
	/* as tcpdump does: so that the capture is not disturbed */
	setpriority(PRIO_PROCESS, (id_t)job->pid, 19);
	c->running++;
	return true;
}

static void report(const struct commands *c, const struct job *job, int status)
{
	if (WIFSIGNALED(status))
		log_warn("%s: '%s' was ended by signal %d", job->file, c->name,
			 WTERMSIG(status));
	else if (WEXITSTATUS(status))
		log_warn("%s: '%s' failed with status %d", job->file, c->name,
			 WEXITSTATUS(status));
}

/* Has the job's command ended? */
static bool has_ended(struct commands *c, const struct job *job)
{
	pid_t got;
	int status = 0;

	if (!job->pid)
		return false;
	got = waitpid(job->pid, &status, WNOHANG);
	if (got == 0 || (got < 0 && errno == EINTR))
		return false;
	c->running--;
	report(c, job, status);
	return true;
}

/* Start what waits, in its order, as far as it may. */
static void fill(struct commands *c)
{
	struct job **at = &c->jobs, *job;

	while ((job = *at) && c->running < c->most) {
		if (job->pid || start(c, job)) {
			at = &job->next;
			continue;
		}
		*at = job->next;
		c->left--;
		free(job);
	}
	for (c->end = at; *c->end; c->end = &(*c->end)->next)
		;
}

void commands_run(struct commands *c, const char *file)
{
	struct job *job = calloc(1, sizeof(*job) + strlen(file) + 1);

	if (!job) {
		log_warn("%s: no memory to run '%s'", file, c->name);
		return;
	}
	strcpy(job->file, file);
	*c->end = job;
	c->end = &job->next;
	c->left++;
	if (c->running < c->most)
		fill(c);
}

void commands_reap(struct commands *c)
{
	struct job **at = &c->jobs, *job;

	while ((job = *at)) {
		if (!has_ended(c, job)) {
			at = &job->next;
			continue;
		}
		*at = job->next;
		c->left--;
		free(job);
	}
	fill(c);
}

unsigned commands_left(const struct commands *c)
{
	return c->left;
}

void commands_close(struct commands *c)
{
	struct job *job;

	if (!c)
		return;
	while ((job = c->jobs)) {
		c->jobs = job->next;
		free(job);
	}
	free(c->argv);
	free(c->words);
	free(c);
}
