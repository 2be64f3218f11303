/*
 * From a filter expression (pcap-filter(7)) to a program, by libpcap's
 * compiler. As there are expressions on which that compiler loops, overflows
 * its stack or eats all memory, a child process runs it, with at most 2 s of
 * processor time and 256 MiB.
 */
#ifndef CAPTURE_EXPR_H
#define CAPTURE_EXPR_H

#include "base/err.h"
#include "pkt/program.h"

/* "ip broadcast" cannot be asked for. */
#define EXPR_NO_NETMASK UINT32_MAX

/* What tcpdump compiles for when nothing is said. */
#define EXPR_SNAPLEN 262144

/* The device's own netmask; EXPR_NO_NETMASK if it has no IPv4 address. */
uint32_t expr_netmask(const char *device);

struct expr_setup {
	uint32_t linktype; /* LINKTYPE_ number */
	uint32_t snaplen;  /* the verdict of a match; 0: EXPR_SNAPLEN */
	uint32_t netmask;  /* 192.168.0.0/24: 0xffffff00 */
	bool optimize;
	bool nopcap; /* by pcap_compile_nopcap(), if the library has it */
	/* For packets of a savefile, as libpcap compiles for one that is open:
	   what only a live capture can tell is refused, and numbers that differ
	   between systems are those of all of them. */
	bool savefile;
	bool swapped; /* a savefile in the other byte order */
};

/*
 * Compile text ("": everything matches). false: *err holds libpcap's reason
 * (ERR_USAGE) and, where it can be found, the place in the expression. On
 * success *program is the caller's, and has passed no check yet: vm_open() and
 * bpf_verify() do that. There must be no other threads: see
 * expr_compiler_open().
 */
bool expr_compile(const char *text, const struct expr_setup *setup,
		  struct program *program, struct err *err);

/* Is that the error of an expression that takes too long, or too much memory,
   to compile? */
bool expr_was_too_much(const struct err *why);

/*
 * A process that compiles for this one, to be started while there are no other
 * threads; from then on, threads do no harm. NULL: no process, or no memory.
 */
struct expr_compiler;
struct expr_compiler *expr_compiler_open(struct err *err);
void expr_compiler_close(struct expr_compiler *compiler);

/* As expr_compile(), by that process. */
bool expr_compile_by(struct expr_compiler *compiler, const char *text,
		     const struct expr_setup *setup, struct program *program,
		     struct err *err);

struct pcap;
struct user;

/*
 * The same in parts, for a capture that must not wait: such a compiler becomes
 * user (NULL: whom this process is) and gives up its capabilities. It knows the
 * handles that were open when it was started, and compiles for one of them as
 * expr_compile_on() does. After ask() call take() once ready() is true, with
 * the same text.
 */
struct expr_compiler *expr_compiler_open_as(const struct user *user,
					    struct err *err);
bool expr_compiler_ask(struct expr_compiler *compiler, struct pcap *handle,
		       const char *text, const struct expr_setup *setup,
		       struct err *err);
bool expr_compiler_ready(const struct expr_compiler *compiler);
bool expr_compiler_take(struct expr_compiler *compiler, const char *text,
			struct program *program, struct err *err);

/*
 * The same for the link type, snapshot length and kernel extensions of an
 * open handle (pcap_t *): of setup only netmask and optimize count.
 */
bool expr_compile_on(struct pcap *handle, const char *text,
		     const struct expr_setup *setup, struct program *program,
		     struct err *err);

/*
 * The same for an interface (a name or a number), which is opened as for a
 * capture (that takes the right to) and closed again. setup->linktype becomes
 * the interface's, and setup->netmask, where it is EXPR_NO_NETMASK, its
 * network's if it has one.
 */
bool expr_compile_live(const char *device, const char *text,
		       struct expr_setup *setup, struct program *program,
		       struct err *err);

#endif
