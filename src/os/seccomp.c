/* Owns the lists of system calls, and the filters made of them. */
#include "config.h"

#include "os/seccomp.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>

#include "base/array.h"
#include "os/libseccomp.h"

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

/* Terminal requests that type for the user. */
#define TYPE_INPUT 0x5412   /* TIOCSTI */
#define TYPE_CONSOLE 0x541C /* TIOCLINUX */

/* Which word of clone() has the flags. */
#if defined(__s390__) || defined(__CRIS__)
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

/* Those that no form needs, but that a name may be looked up with. */
static const char *const for_names[] = {
    "socket",
    "connect",
    "memfd_create",
};

static const char *const denied[] = {
    /* other programs, other processes */
    "execve",
    "execveat",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "kcmp",
    "uselib",
    "personality",
    /* the network */
    "listen",
    /* the kernel's own */
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "keyctl",
    "add_key",
    "request_key",
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "syslog",
    "acct",
    "swapon",
    "swapoff",
    "quotactl",
    "quotactl_fd",
    "lookup_dcookie",
    "nfsservctl",
    "memfd_secret",
    "fanotify_init",
    "iopl",
    "ioperm",
    "modify_ldt",
    "vhangup",
    "settimeofday",
    "adjtimex",
    "clock_adjtime",
    "clock_settime",
    "stime",
    "sethostname",
    "setdomainname",
    /* mounts and namespaces */
    "mount",
    "umount",
    "umount2",
    "mount_setattr",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "pivot_root",
    "chroot",
    "setns",
    "unshare",
    "open_by_handle_at",
    "name_to_handle_at",
    "mknod",
    "mknodat",
};

/* Those that some need: as SECCOMP_LEAVE_ says. */
static const struct {
	const char *name;
	unsigned leave;
} some[] = {
    {"accept", SECCOMP_LEAVE_ACCEPT},
    {"accept4", SECCOMP_LEAVE_ACCEPT},
    {"bind", SECCOMP_LEAVE_BIND},
};

/* What the strictest form leaves, besides mapping, clone() and ioctl(). */
static const char *const allowed[] = {
#define CALL(name) #name,
#include "os/seccomp_allowed.def"
#undef CALL
};

/* Masked comparisons, which end a rule: the bits of value are set; any is. */
static int deny(const struct libseccomp *lib, scmp_filter_ctx filter, int why,
		const char *name, unsigned word, uint64_t mask, uint64_t value)
{
	struct scmp_arg_cmp is = {
	    .arg = word,
	    .op = SCMP_CMP_MASKED_EQ,
	    .datum_a = mask,
	    .datum_b = value,
	};
	int call = lib->seccomp_syscall_resolve_name(name);

	/* one that the machine does not have cannot be called either */
	if (call == __NR_SCMP_ERROR)
		return 0;
	return lib->seccomp_rule_add_array(
	    filter, why ? SCMP_ACT_ERRNO((unsigned)why) : SCMP_ACT_ALLOW, call,
	    mask ? 1 : 0, mask ? &is : NULL);
}

/* Code is neither made nor mapped. */
static int deny_code(const struct libseccomp *lib, scmp_filter_ctx filter)
{
	static const char *const maps[] = {"mmap", "mmap2", "mprotect",
					   "pkey_mprotect"};
	int failed = 0;
	size_t i;

	for (i = 0; i < ARRAY_LEN(maps); i++)
		failed |=
		    deny(lib, filter, EPERM, maps[i], 2, PROT_EXEC, PROT_EXEC);
	return failed;
}

/* Threads are made, but no namespaces. The flags of clone3() are out of
   reach: the C library then uses clone(). */
static int deny_namespaces(const struct libseccomp *lib, scmp_filter_ctx filter)
{
	static const unsigned long flags[] = {
	    CLONE_NEWNS,  CLONE_NEWUTS, CLONE_NEWIPC,	 CLONE_NEWUSER,
	    CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP,
	};
	int failed = deny(lib, filter, ENOSYS, "clone3", 0, 0, 0);
	size_t i;

	for (i = 0; i < ARRAY_LEN(flags); i++)
		failed |= deny(lib, filter, EPERM, "clone", CLONE_FLAGS,
			       flags[i], flags[i]);
	return failed;
}

static int deny_list(const struct libseccomp *lib, scmp_filter_ctx filter,
		     bool names, unsigned leave)
{
	int failed = deny_namespaces(lib, filter);
	size_t i;

	for (i = 0; i < ARRAY_LEN(denied); i++)
		failed |= deny(lib, filter, EPERM, denied[i], 0, 0, 0);
	failed |= deny(lib, filter, EPERM, "ioctl", 1, UINT32_MAX, TYPE_INPUT);
	failed |=
	    deny(lib, filter, EPERM, "ioctl", 1, UINT32_MAX, TYPE_CONSOLE);
	for (i = 0; i < ARRAY_LEN(some); i++)
		if (!(some[i].leave & leave))
			failed |=
			    deny(lib, filter, EPERM, some[i].name, 0, 0, 0);
	if (names)
		return failed;
	for (i = 0; i < ARRAY_LEN(for_names); i++)
		failed |= deny(lib, filter, EPERM, for_names[i], 0, 0, 0);
	return failed | deny_code(lib, filter);
}

static int allow_list(const struct libseccomp *lib, scmp_filter_ctx filter,
		      unsigned leave)
{
	static const char *const maps[] = {"mmap", "mmap2", "mprotect",
					   "pkey_mprotect"};
	const unsigned long spaces = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC |
				     CLONE_NEWUSER | CLONE_NEWPID |
				     CLONE_NEWNET | CLONE_NEWCGROUP;
	int failed = deny(lib, filter, ENOSYS, "clone3", 0, 0, 0);
	size_t i;

	failed |= deny(lib, filter, 0, "clone", CLONE_FLAGS, spaces, 0);
	for (i = 0; i < ARRAY_LEN(maps); i++)
		failed |= deny(lib, filter, 0, maps[i], 2, PROT_EXEC, 0);
	for (i = 0; i < ARRAY_LEN(allowed); i++)
		failed |= deny(lib, filter, 0, allowed[i], 0, 0, 0);
	for (i = 0; i < ARRAY_LEN(some); i++)
		if (some[i].leave & leave)
			failed |= deny(lib, filter, 0, some[i].name, 0, 0, 0);
	return failed;
}

bool seccomp_available(void)
{
	return libseccomp_get() != NULL;
}

bool seccomp_enter(enum seccomp_form form, unsigned leave)
{
	const struct libseccomp *lib = libseccomp_get();
	uint32_t otherwise = form == SECCOMP_STRICT  ? SCMP_ACT_KILL_PROCESS
			     : form == SECCOMP_ALLOW ? SCMP_ACT_ERRNO(EPERM)
						     : SCMP_ACT_ALLOW;
	scmp_filter_ctx filter = lib ? lib->seccomp_init(otherwise) : NULL;
	int failed;

	if (!filter)
		return false;
	/* no call of another architecture or kind (x32) is needed */
	failed = lib->seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
				       SCMP_ACT_ERRNO(EPERM));
	failed |= form == SECCOMP_STRICT || form == SECCOMP_ALLOW
		      ? allow_list(lib, filter, leave)
		      : deny_list(lib, filter, form == SECCOMP_LOOKUP,
				  form == SECCOMP_LOOKUP ? SECCOMP_LEAVE_BIND
							 : leave);
	failed = failed || lib->seccomp_load(filter) != 0;
	lib->seccomp_release(filter);
	return !failed;
}

#else

bool seccomp_available(void)
{
	return false;
}

bool seccomp_enter(enum seccomp_form form, unsigned leave)
{
	(void)form;
	(void)leave;
	return false;
}

#endif
