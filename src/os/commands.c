/* Owns the commands that are run for files, and those files' names. */
#include "os/commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/log.h"
#include "os/spawn.h"
#include "os/spawn_server.h"

/* A file for which the command runs or waits to run. */
struct job {
	struct job *next;
	pid_t pid; /* 0: it waits */
	bool ended;
	int status; /* how, by the server */
	char file[];
};

struct commands {
	const char *name;	  /* in messages */
	struct spawn_words words; /* and a place for the file */
	size_t place;		  /* where that is */
	unsigned most, running, left;
	struct spawn_server *server; /* NULL: they run from here */
	struct job *jobs, **end;     /* the oldest first */
};

static bool split_words(struct commands *c, const char *text, struct err *err)
{
	bool good = spawn_words_split(&c->words, text, 1, err);

	c->place = c->words.n;
	c->name = good ? c->words.argv[0] : NULL;
	return good;
}

/* sh -c TEXT sh FILE */
static bool shell_words(struct commands *c, const char *text, struct err *err)
{
	static char shell[] = "/bin/sh", option[] = "-c";

	char **argv = calloc(6, sizeof(*argv));

	c->words.text = strdup(text);
	c->words.argv = argv;
	if (!c->words.text || !argv)
		return err_nomem(err, "a command");
	argv[0] = shell;
	argv[1] = option;
	argv[2] = c->words.text;
	argv[3] = shell;
	c->name = c->words.text;
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

/* Start it for a file. false: it cannot be run. */
static bool start(struct commands *c, struct job *job)
{
	char **argv = c->words.argv;
	int why;

	argv[c->place] = job->file;
	why = c->server ? spawn_server_run(c->server, job->file, &job->pid)
			: spawn_start(argv, -1, &job->pid);
	argv[c->place] = NULL;
	if (why) {
		job->pid = 0;
		log_warn("%s: cannot run '%s': %s", job->file, argv[0],
			 strerror(why));
		return false;
	}
	/* as tcpdump does: so that the capture is not disturbed */
	if (!c->server)
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
	if (c->server) {
		if (!job->ended)
			return false;
		c->running--;
		report(c, job, job->status);
		return true;
	}
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

/* Note which the server says have ended. */
static void take_ends(struct commands *c)
{
	struct job *job;
	int status;
	pid_t pid;

	while (c->server && spawn_server_ended(c->server, &pid, &status))
		for (job = c->jobs; job; job = job->next)
			if (job->pid == pid && !job->ended) {
				job->ended = true;
				job->status = status;
				break;
			}
}

void commands_reap(struct commands *c)
{
	struct job **at = &c->jobs, *job;

	take_ends(c);
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

bool commands_serve(struct commands *c, const char *path, struct err *err)
{
	const char *slash;
	struct spawn_what what = {
	    .argv = c->words.argv,
	    .place = c->place,
	    .most = c->most,
	};
	size_t fixed = strcspn(path, "%{");
	char *in = strndup(path, fixed);

	if (!in)
		return err_nomem(err, "a command");
	slash = strrchr(in, '/');
	in[slash ? slash - in + 1 : 0] = '\0';
	what.in = in;
	c->server = spawn_server_open(&what, err);
	free(in);
	return c->server;
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
	spawn_server_close(c->server);
	spawn_words_fini(&c->words);
	free(c);
}
