/* Commands that run beside the capture. */
#include "os/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLANKS " \t\n"

extern char **environ;

bool spawn_words_split(struct spawn_words *w, const char *text, size_t more,
		       struct err *err)
{
	size_t most = strlen(text) / 2 + 2 + more;
	char *word, *rest;

	w->n = 0;
	w->text = strdup(text);
	w->argv = calloc(most, sizeof(*w->argv));
	if (!w->text || !w->argv)
		return err_nomem(err, "a command");
	for (word = strtok_r(w->text, BLANKS, &rest); word;
	     word = strtok_r(NULL, BLANKS, &rest))
		w->argv[w->n++] = word;
	return w->n > 0 || err_set(err, ERR_USAGE, "an empty command");
}

void spawn_words_fini(struct spawn_words *w)
{
	free(w->argv);
	free(w->text);
}

int spawn_start(char **argv, int out, pid_t *pid)
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
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
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
