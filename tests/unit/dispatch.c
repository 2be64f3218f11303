/*
 * Thousands of commands in one process: parsing and running leave no
 * trace. That nothing leaks is for the sanitizer to say.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/array.h"
#include "capture/pcaplib.h"
#include "cmd/command.h"
#include "cmd/message.h"
#include "tap.h"

enum { ARGS_MAX = 12, ROUNDS = 150 };

/* What each line's exit status has to be, every time. */
static const struct trial {
	int status;
	const char *command, *args[ARGS_MAX];
} trials[] = {
    {0, "list", {"formats"}},
    {0, "list", {"fields", "ip", "--json"}},
    {2, "list", {"nothing"}},
    {0, "read", {"-c", "3", "-v", "-v", "-x", "FILE"}},
    {0, "read", {"-o", "json", "FILE"}},
    {0, "read", {"--fields", "ip.src,tcp.srcport", "-o", "csv", "FILE"}},
    {0, "read", {"-r", "FILE", "tcp", "port", "80"}},
    {2, "read", {"--fields", "no.such", "FILE"}},
    {2, "read", {"-f", "tcp prot", "FILE"}},
    {2, "read", {"no such file"}},
    {2, "read", {"--no-such", "FILE"}},
    {2, "read", {"-c", "x", "FILE"}},
    {2, "read", {"-r", "FILE", "-r", "FILE", "--as", "x=y", "tcp"}},
    {0, "filter", {"--count", "udp", "FILE", "FILE"}},
    {0, "filter", {"-q", "udp", "FILE"}},
    {1, "filter", {"-q", "ip proto 99", "FILE"}},
    {0, "filter", {"tcp", "FILE", "-w", "/dev/null", "--force"}},
    {0,
     "filter",
     {"--whole-flows", "tcp[tcpflags] = tcp-syn", "FILE", "-w", "/dev/null",
      "--force"}},
    {2, "filter", {0}},
    {0,
     "write",
     {"FILE", "-w", "/dev/null", "--force", "-s", "headers", "--sort",
      "--format", "pcap"}},
    {2, "write", {"FILE"}},
    {3, "write", {"FILE", "-w", "FILE"}},
    {0, "compile", {"-d", "tcp", "port", "80"}},
    {0, "compile", {"--as", "json", "tcp or udp"}},
    {0, "compile", {"tcp", "--run", "FILE"}},
    {2, "compile", {"-y", "x", "tcp"}},
    {0, "read", {"--help"}},
};

static int run(const struct trial *t, const char *file)
{
	const struct ctx ctx = {.quiet = true};
	char copies[ARGS_MAX][200], *argv[ARGS_MAX];
	int n = 0;

	for (; n < ARGS_MAX && t->args[n]; n++) {
		snprintf(copies[n], sizeof(copies[n]), "%s",
			 strcmp(t->args[n], "FILE") ? t->args[n] : file);
		argv[n] = copies[n];
	}
	return command_run(command_find(t->command), &ctx, n, argv);
}

int main(void)
{
	const char *build = getenv("TOP_BUILDDIR");
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
	int nothing = open("/dev/null", O_WRONLY), lowest, wrong = 0, round;
	const size_t n = ARRAY_LEN(trials);
	char file[160], first[80] = "";
	size_t i;

	snprintf(file, sizeof(file), "%s/tests/data/sample.pcap",
		 build ? build : ".");
	pcaplib_load("system", NULL);
	message_log(true);
	fflush(stdout);
	dup2(nothing, STDOUT_FILENO);
	dup2(nothing, STDERR_FILENO);
	lowest = dup(nothing);
	close(lowest);
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < n; i++) {
			int status = run(&trials[i], file);

			if (status == trials[i].status)
				continue;
			if (!wrong++)
				snprintf(
				    first, sizeof(first), "round %d: %s %s: %d",
				    round, trials[i].command,
				    trials[i].args[0] ? trials[i].args[0] : "",
				    status);
		}
	}
	fflush(stdout);
	i = (size_t)dup(nothing);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	printf("# %s\n", first);
	is_int(wrong, 0, "each command ends as the first time");
	is_int(i, lowest, "no descriptor is left open");
	return done();
}
