/*
 * within: run a command that is to keep within so much memory.
 *
 * usage: within MIB COMMAND...
 *
 * Exits as the command does, but with 99 if more of its memory was resident at
 * any time (getrusage(2)), which is said on standard error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	long most;
	pid_t pid;

	if (argc < 3)
		return 2;
	most = atol(argv[1]);
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
		perror("within");
		return 98;
	}
	if (usage.ru_maxrss > most * 1024) {
		fprintf(stderr, "within: %ld MiB were used, %ld are allowed\n",
			usage.ru_maxrss / 1024, most);
		return 99;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}
