/*
 * The Linux kernel as the judge: programs are attached to a socket, packets
 * sent through it. What comes out, and how much of it, is what our interpreter
 * says. Programs that verify for the kernel are taken by it.
 */
#include "bpf/vm.h"

#include <errno.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/array.h"
#include "bpf/verify.h"
#include "bpf_case.h"
#include "expressions.h"
#include "tap.h"

_Static_assert(sizeof(struct insn) == sizeof(struct sock_filter),
	       "a program can be handed to the kernel as it is");

#define PACKETS 24
#define BYTES 128

struct counts {
	int in, out; /* the socket pair */
	uint8_t packets[PACKETS][BYTES];
	uint32_t lens[PACKETS];
	unsigned programs, refused, wrong, passed;
};

static uint32_t state = 7;

static uint32_t any(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % n;
}

/* Ethernet with IPv4, IPv6 or ARP, TCP, UDP or ICMP, from few hosts and ports,
   so that filters often match. */
static void make_packet(struct counts *c, size_t i)
{
	static const uint8_t types[][2] = {
	    {8, 0}, {8, 0}, {8, 6}, {0x86, 0xdd}};
	static const uint8_t protocols[] = {6, 17, 1, 132, 58};
	uint8_t *p = c->packets[i];
	unsigned type = any(4);
	uint8_t protocol = protocols[any(5)];
	uint8_t ports[4] = {0, any(2) ? 80 : 53, 1, 187};

	for (size_t at = 0; at < BYTES; at++)
		p[at] = (uint8_t)any(256);
	memcpy(p + 12, types[type], 2);
	if (type < 2) {
		memcpy(p + 14, "\x45\0\0\x50\0\0\0\0\x40", 9);
		p[23] = protocol;
		memcpy(p + 26, "\xc0\0\2\1\xc0\0\2\2", 8);
		memcpy(p + 34, ports, 4);
	} else if (type == 3) {
		memcpy(p + 14, "\x60\0\0\0\0\x40", 6);
		p[20] = protocol;
		memcpy(p + 54, ports, 4);
	}
	c->lens[i] = any(8) ? 60 + any(68) : 1 + any(40);
}

/* Does the kernel let the packet through as our verdict says? */
static bool as_we_say(const struct counts *c, const struct vm *vm,
		      const uint8_t *packet, uint32_t len)
{
	uint32_t verdict = vm_run(vm, packet, len, len);
	uint8_t got[BYTES];
	ssize_t n;

	if (send(c->in, packet, len, 0) != (ssize_t)len)
		return false;
	n = recv(c->out, got, sizeof(got), MSG_DONTWAIT);
	if (verdict == 0)
		return n < 0 && errno == EAGAIN;
	return n == (ssize_t)(verdict < len ? verdict : len);
}

static bool attach(const struct counts *c, const struct program *p)
{
	struct sock_fprog fprog = {.len = (unsigned short)p->n,
				   .filter = (void *)p->insns};

	return setsockopt(c->out, SOL_SOCKET, SO_ATTACH_FILTER, &fprog,
			  sizeof(fprog)) == 0;
}

/* Attach; if the kernel takes it as we say it will, send all packets. */
static void try_program(struct counts *c, const struct program *p,
			const char *name)
{
	bool good = bpf_verify(p->insns, p->n, VERIFY_KERNEL, NULL, NULL);
	struct err err;
	struct vm *vm;

	c->programs++;
	if (attach(c, p) != good) {
		printf("# %s: the kernel %s it\n", name,
		       good ? "refuses" : "takes");
		c->wrong++;
	}
	c->refused += !good;
	vm = good ? vm_open(p, &err) : NULL;
	for (size_t i = 0; vm && i < PACKETS; i++) {
		if (!as_we_say(c, vm, c->packets[i], c->lens[i])) {
			printf("# %s: packet %zu\n", name, i);
			while (recv(c->out, c->packets[i], 0, MSG_DONTWAIT) >=
			       0)
				continue;
			c->wrong++;
		}
		c->passed +=
		    vm_run(vm, c->packets[i], c->lens[i], c->lens[i]) != 0;
	}
	vm_close(vm);
}

static void each(const struct expression *e, void *arg)
{
	try_program(arg, &e->program, e->text);
}

static void test_expressions(struct counts *c)
{
	expressions_each(each, c);
	printf("# %u programs, %u refused, %u packets passed\n", c->programs,
	       c->refused, c->passed);
	ok_all("expressions, where many match", c->programs > 1000,
	       c->refused<50, c->passed> 1000);
	is_int(c->wrong, 0, "the kernel thinks as we do");
}

/* Must the kernel think as libpcap does? Not of negative offsets, which count
   from headers there or ask for meta-data, and not of shifts by more than 31
   bits; it takes the remainder. */
static bool is_ours(const struct bpf_case *b)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct opcode *op = opcode_of(b->insns[i].code);

		if (b->insns[i].code == OP_LSH_X ||
		    b->insns[i].code == OP_RSH_X)
			return false;
		if ((op->operand == OPERAND_ABS || op->operand == OPERAND_IND ||
		     op->operand == OPERAND_MSH) &&
		    (b->insns[i].k > 4096 || op->operand == OPERAND_IND))
			return false;
	}
	return true;
}

static void test_random(struct counts *c, unsigned long count)
{
	static uint8_t bytes[3 + 8 * CASE_INSNS + CASE_PACKET];
	static struct bpf_case b;

	c->programs = c->refused = c->passed = c->wrong = 0;
	while (c->programs < count) {
		struct program p = {.insns = b.insns};

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)any(256);
		bytes[0] %= 24; /* short ones often load nothing from X */
		case_make(&b, bytes, sizeof(bytes));
		p.n = (uint32_t)b.n;
		if (is_ours(&b))
			try_program(c, &p, "a random program");
	}
	printf("# %u programs, %u packets passed\n", c->programs, c->passed);
	is_int(c->refused, 0, "random programs verify");
	is_int(c->wrong, 0, "... and the kernel thinks as we do");
	ok(c->passed > count, "... and often yes");
}

/* Any instruction, more often than not a valid one of few scratch words. */
static struct insn any_insn(size_t at, size_t n)
{
	static const uint32_t values[] = {
	    0,		1,	    2,		15,	    16,
	    31,		32,	    UINT32_MAX, 0xfffff000, 0xfffff03c,
	    0xfffff040, 0xffffefff, 0xfffff001, 0xfff00000, 0xffe00000};
	const struct opcode *op = &opcode_table[any((uint32_t)opcode_count)];
	uint32_t left = (uint32_t)(n - at - 1);
	struct insn in = {.code = op->code, .k = any(4)};

	if (any(2) && (op->uses & USE_M || op->check == CHECK_NOTHING))
		in.code = any(2) ? OP_ST : OP_STX;
	if (any(40) == 0)
		in.code = (uint16_t)any(0x100);
	if (any(10) == 0)
		in.k = values[any(ARRAY_LEN(values))];
	if (op->check == CHECK_NONZERO)
		in.k += any(30) != 0;
	if (op->check == CHECK_TARGET)
		in.k = any(left + (any(20) == 0));
	if (op->check == CHECK_TARGETS) {
		in.jt = (uint8_t)any(left + (any(40) == 0));
		in.jf = (uint8_t)any(left + (any(40) == 0));
	}
	return in;
}

/* The verifier takes and refuses what the kernel does: nearly any bytes. */
static void test_verifier(struct counts *c, unsigned long count)
{
	struct insn insns[24];
	struct program p = {.insns = insns};

	c->programs = c->refused = c->wrong = 0;
	while (c->programs < count) {
		bool good;

		p.n = 2 + any(22);
		for (size_t i = 0; i + 1 < p.n; i++)
			insns[i] = any_insn(i, p.n);
		insns[p.n - 1] = (struct insn){
		    .code = any(40) ? OP_RET_K : OP_TAX, .k = any(2)};
		good = bpf_verify(insns, p.n, VERIFY_KERNEL, NULL, NULL);
		c->programs++;
		c->refused += !good;
		c->wrong += attach(c, &p) != good;
	}
	printf("# of %u %u are refused\n", c->programs, c->refused);
	ok_all("programs, where many are refused", c->refused > count / 4,
	       c->refused < count / 4 * 3);
	is_int(c->wrong, 0, "... by the kernel and by us");
}

/* What the verifier refuses the kernel refuses, too. */
static void test_refused(struct counts *c)
{
	static const struct insn bad[][3] = {
	    {{OP_LD_MEM, 0, 0, 3}, {OP_RET_A, 0, 0, 0}, {OP_RET_A, 0, 0, 0}},
	    {{OP_RET_K, 0, 0, 1}, {OP_LD_MEM, 0, 0, 3}, {OP_RET_A, 0, 0, 0}},
	    {{OP_ST, 0, 0, 16}, {OP_RET_A, 0, 0, 0}, {OP_RET_A, 0, 0, 0}},
	    {{OP_DIV_K, 0, 0, 0}, {OP_RET_A, 0, 0, 0}, {OP_RET_A, 0, 0, 0}},
	    {{OP_LSH_K, 0, 0, 32}, {OP_RET_A, 0, 0, 0}, {OP_RET_A, 0, 0, 0}},
	    {{OP_JA, 0, 0, 2}, {OP_RET_A, 0, 0, 0}, {OP_RET_A, 0, 0, 0}},
	    {{OP_JA, 0, 0, UINT32_MAX},
	     {OP_RET_A, 0, 0, 0},
	     {OP_RET_A, 0, 0, 0}},
	    {{OP_JEQ_K, 2, 0, 0}, {OP_RET_A, 0, 0, 0}, {OP_RET_A, 0, 0, 0}},
	    {{0x08, 0, 0, 0}, {OP_RET_A, 0, 0, 0}, {OP_RET_A, 0, 0, 0}},
	    {{OP_LD_W_ABS, 0, 0, 0xfffff040},
	     {OP_RET_A, 0, 0, 0},
	     {OP_RET_A, 0, 0, 0}},
	    {{OP_RET_A, 0, 0, 0}, {OP_RET_A, 0, 0, 0}, {OP_TAX, 0, 0, 0}},
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct program p = {.insns = (struct insn *)bad[i], .n = 3};

		ok(!bpf_verify(bad[i], 3, VERIFY_KERNEL, NULL, NULL),
		   "a bad program is refused");
		ok(!attach(c, &p), "... by the kernel, too");
	}
}

int main(int argc, char **argv)
{
	static struct counts c;
	int fds[2];
	struct insn all = {OP_RET_K, 0, 0, UINT32_MAX};
	struct program accept = {.insns = &all, .n = 1};

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fds) != 0) {
		printf("1..0 # SKIP no socket pair\n");
		return 0;
	}
	c.in = fds[0];
	c.out = fds[1];
	if (!attach(&c, &accept)) {
		printf("1..0 # SKIP may not attach a filter\n");
		return 0;
	}
	for (size_t i = 0; i < PACKETS; i++)
		make_packet(&c, i);
	test_expressions(&c);
	test_random(&c, argc > 1 ? strtoul(argv[1], NULL, 10) : 1000);
	test_verifier(&c, argc > 1 ? strtoul(argv[1], NULL, 10) : 10000);
	test_refused(&c);
	close(fds[0]);
	close(fds[1]);
	return done();
}
