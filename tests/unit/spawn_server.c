/* The child that runs commands for a sandboxed process, asked by a hostile
   one; and the one that looks up names. */
#include "os/spawn_server.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/name_server.h"
#include "tap.h"

static void make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static int ask(struct spawn_server *s, const char *file)
{
	pid_t pid = 0;

	return spawn_server_run(s, file, &pid);
}

static void wake(int number)
{
	(void)number;
}

/* The next end, waited for. */
static int next_end(struct spawn_server *s)
{
	const struct sigaction action = {.sa_handler = wake};
	int status = -1;
	pid_t pid;
	sigset_t child, before;

	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	while (!spawn_server_ended(s, &pid, &status))
		sigsuspend(&before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

/* What a place of files accepts. */
static void check_files(void)
{
	static char name[] = "test", option[] = "-f";
	char *argv[] = {name, option, NULL, NULL};
	const struct spawn_what what = {
	    .argv = argv, .place = 2, .most = 2, .in = "out/"};
	struct spawn_server *s;
	char longest[PATH_MAX + 64];
	struct err err;

	mkdir("out", 0700);
	mkdir("out/folder", 0700);
	make("out/file");
	make("elsewhere");
	if (symlink("../elsewhere", "out/link") != 0)
		return;
	s = spawn_server_open(&what, &err);
	is_int(ask(s, "out/file"), 0, "a file in the folder is accepted");
	is_int(next_end(s), 0, "and the command runs for it");
	is_int(ask(s, "elsewhere"), EPERM, "a file elsewhere is not");
	is_int(ask(s, "out/../elsewhere"), EPERM, "nor one above it");
	is_int(ask(s, "out/folder/../../elsewhere"), EPERM,
	       "nor one above a folder in it");
	is_int(ask(s, "/etc/passwd"), EPERM, "nor an absolute path");
	is_int(ask(s, "out//etc/passwd"), EPERM, "nor one in disguise");
	is_int(ask(s, "out/link"), EPERM, "nor a link");
	is_int(ask(s, "out/folder"), EPERM, "nor a folder");
	is_int(ask(s, "out/none"), EPERM, "nor what is not there");
	is_int(ask(s, "out/"), EPERM, "nor the folder itself");
	is_int(ask(s, ""), EPERM, "nor nothing");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	is_int(ask(s, longest), ECHILD,
	       "a path that is longer than any ends the server");
	is_int(ask(s, "out/file") != 0, 1, "which then does nothing");
	spawn_server_close(s);
}

static void check_relative(void)
{
	static char name[] = "test", option[] = "-f";
	char *argv[] = {name, option, NULL, NULL};
	const struct spawn_what what = {
	    .argv = argv, .place = 2, .most = 1, .in = ""};
	struct spawn_server *s = spawn_server_open(&what, NULL);

	make("-rf");
	make("plain");
	is_int(ask(s, "-rf"), EPERM, "an option of the command is not a file");
	is_int(ask(s, "../plain"), EPERM, "one above the folder is not");
	is_int(ask(s, "plain"), 0, "one in it is");
	is_int(next_end(s), 0, "and the command runs for it");
	spawn_server_close(s);
}

static void check_most(void)
{
	static char shell[] = "sh", option[] = "-c", sleep[] = "exec sleep 60";
	char *argv[] = {shell, option, sleep, NULL, NULL};
	const struct spawn_what what = {
	    .argv = argv, .place = 3, .most = 1, .in = ""};
	struct spawn_server *s = spawn_server_open(&what, NULL);
	pid_t pid = 0;
	int status;

	make("plain");
	is_int(spawn_server_run(s, "plain", &pid), 0, "the first one runs");
	is_int(ask(s, "plain"), EAGAIN, "one that is too many does not");
	kill(pid, SIGTERM);
	status = next_end(s);
	is_int(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGTERM,
	       "how it ended is reported");
	is_int(spawn_server_run(s, "plain", &pid), 0, "then the next one may");
	kill(pid, SIGTERM);
	next_end(s);
	spawn_server_close(s);
}

static void check_names(void)
{
	static const uint8_t port[16] = {0xff, 0xff};
	struct name_server *s = name_server_open(NULL);
	char name[NAME_MOST];

	ok(!name_server_ask(s, NAME_OF_TCP_PORT, port, name),
	   "a port without a name has none");
	ok(!name_server_ask(s, (enum name_kind)99, port, name),
	   "a question of no kind has no answer");
	ok(!name_server_ask(s, NAME_OF_UDP_PORT, port, name),
	   "and does not end the server");
	name_server_close(s);
}

int main(void)
{
	char folder[] = "/tmp/pcaptool-spawn_server-XXXXXX", line[64];

	if (!mkdtemp(folder) || chdir(folder) != 0)
		return EXIT_FAILURE;
	check_files();
	check_relative();
	check_most();
	check_names();
	snprintf(line, sizeof(line), "rm -r %s", folder);
	ok(system(line) == 0, "what was made is removed");
	return done();
}
