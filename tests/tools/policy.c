/*
 * policy ANSWER PROGRAM [ARGUMENTS]: run a program under a policy as some
 * containers have it, which answers Landlock's calls and seccomp() in this way:
 * enosys, eperm, or kill.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"

#define LANDLOCK_FIRST 444
#define LANDLOCK_LAST 446

int main(int argc, char **argv)
{
	uint32_t answer = SECCOMP_RET_KILL_PROCESS;

	if (argc < 3)
		return 2;
	if (!strcmp(argv[1], "enosys"))
		answer = SECCOMP_RET_ERRNO | ENOSYS;
	else if (!strcmp(argv[1], "eperm"))
		answer = SECCOMP_RET_ERRNO | EPERM;

	struct sock_filter calls[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		     offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 2, 0),
	    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, LANDLOCK_FIRST, 0, 2),
	    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LANDLOCK_LAST, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, answer),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {ARRAY_LEN(calls), calls};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		perror("policy");
		return 77;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 126;
}
