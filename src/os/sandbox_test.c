/* Owns the forbidden acts that a sandboxed thread tries. Each is called in a
   way that could do no harm if it were let through: what is not refused fails
   for another reason. */
#include "config.h"

#include "os/sandbox_test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/array.h"
#include "base/log.h"

#ifdef __linux__
#include <sys/syscall.h>
#endif

static bool on;
static atomic_uint threads, failures;

static bool refused(long result)
{
	return result < 0 && (errno == EPERM || errno == EACCES);
}

#ifdef __linux__

static bool read_file(void)
{
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return refused(fd);
}

static bool list_folder(void)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return refused(fd);
}

static bool make_file(void)
{
	static const char name[] = "/var/tmp/pcaptool-sandbox-test";
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0) {
		close(fd);
		unlink(name);
	}
	return refused(fd);
}

static bool run_program(void)
{
	return refused(syscall(SYS_execve, "", NULL, NULL));
}

static bool open_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		close(fd);
	return refused(fd);
}

static bool connect_socket(void)
{
	return refused(syscall(SYS_connect, -1, NULL, 0));
}

static bool trace(void)
{
	return refused(syscall(SYS_ptrace, -1, 0, NULL, NULL)) &&
	       errno == EPERM;
}

static bool look_into(void)
{
	return refused(
	    syscall(SYS_process_vm_readv, 0, NULL, 0UL, NULL, 0UL, 0UL));
}

static bool load_bpf(void)
{
	return refused(syscall(SYS_bpf, -1, NULL, 0));
}

static bool mount_it(void)
{
	return refused(syscall(SYS_mount, NULL, NULL, NULL, 0UL, NULL));
}

static bool use_keys(void)
{
	return refused(syscall(SYS_keyctl, -1, 0, 0, 0, 0));
}

static bool measure(void)
{
	return refused(syscall(SYS_perf_event_open, NULL, 0, 0, -1, 0UL));
}

static bool fault_pages(void)
{
	return refused(syscall(SYS_userfaultfd, -1));
}

static bool start_uring(void)
{
	return refused(syscall(425 /* io_uring_setup */, 0, NULL));
}

static bool map_code(void)
{
	void *p = mmap(NULL, 1, PROT_READ | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		munmap(p, 1);
	return p == MAP_FAILED && errno == EPERM;
}

static bool turn_into_code(void)
{
	void *p = mmap(NULL, 1, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool good = false;

	if (p != MAP_FAILED) {
		good = refused(mprotect(p, 1, PROT_READ | PROT_EXEC));
		munmap(p, 1);
	}
	return good;
}

static bool make_memory_file(void)
{
	long fd = syscall(SYS_memfd_create, "test", 1U);

	if (fd >= 0)
		close((int)fd);
	return refused(fd);
}

static bool load_module(void)
{
	return refused(syscall(SYS_init_module, NULL, 0UL, NULL));
}

static bool make_namespace(void)
{
	return refused(syscall(SYS_unshare, -1));
}

static bool become_root(void)
{
	/* root without capabilities stays root, and cannot become another */
	return geteuid() == 0 ? refused(setuid(1)) : refused(setuid(0));
}

static const struct act {
	const char *what;
	bool (*is_refused)(void);
} acts[] = {
    {"read a file", read_file},
    {"list a folder", list_folder},
    {"make a file", make_file},
    {"run a program", run_program},
    {"open a socket", open_socket},
    {"connect", connect_socket},
    {"trace a process", trace},
    {"read another process's memory", look_into},
    {"load BPF", load_bpf},
    {"mount", mount_it},
    {"use keys", use_keys},
    {"open a performance counter", measure},
    {"handle page faults", fault_pages},
    {"set up io_uring", start_uring},
    {"map memory as code", map_code},
    {"turn memory into code", turn_into_code},
    {"make a file in memory", make_memory_file},
    {"load a module", load_module},
    {"make a namespace", make_namespace},
    {"become another user", become_root},
};

#define ACTS ARRAY_LEN(acts)

static void try_all(void)
{
	size_t i;

	for (i = 0; i < ACTS; i++)
		if (!acts[i].is_refused()) {
			atomic_fetch_add(&failures, 1);
			log_warn("sandbox test: not refused: %s (%s)",
				 acts[i].what, strerror(errno));
		}
}

#else

#define ACTS 0

static void try_all(void)
{
	(void)refused;
}

#endif

void sandbox_test_begin(void)
{
	on = true;
}

bool sandbox_test_on(void)
{
	return on;
}

void sandbox_test_thread(void)
{
	if (!on)
		return;
	atomic_fetch_add(&threads, 1);
	try_all();
}

unsigned sandbox_test_threads(void)
{
	return threads;
}

unsigned sandbox_test_failures(void)
{
	return failures;
}

unsigned sandbox_test_acts(void)
{
	return ACTS;
}
