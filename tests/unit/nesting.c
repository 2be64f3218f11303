/*
 * Layers within layers, options without end, and what leads in circles: every
 * packet ends, within the limits, on a small stack. With the argument "time" it
 * tells instead how long the slowest packets took.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "decode/dissect.h"
#include "decode/engine/plan.h"
#include "decode/proto_ids.h"
#include "output/print.h"
#include "tap.h"

enum {
	STACK = 1 << 20,    /* what the thread has, */
	STACK_MOST = 16384, /* and what it may use */
	JUMBO = 65535,
	USUAL = 1500,
	SLOWEST = 8,
};

#define MAC "020000000002 020000000001 "
#define TCP_IP4(options)                                                       \
	MAC "0800 45000000000140004006 0000 0a000001 0a000002 "                \
	    "0400 0050 00000001 00000001 f010 ffff 0000 0000 " options

/* A start, and what follows over and over until the packet is full. */
static const struct {
	const char *what, *start, *again;
} nestings[] = {
    {"802.1Q", MAC, "81000001"},
    {"802.1ad", MAC "88a8 0001", "88a80002"},
    {"MPLS", MAC "8847 ", "00010040"},
    {"MPLS pseudowires", MAC "8847 ",
     "00010140 00000000 020000000002 020000000001 8847"},
    {"IPv4 in IPv4", MAC "0800 ",
     "45000000000000004004 0000 0a000001 0a000002"},
    {"IPv4 in GRE", MAC "0800 ",
     "4500000000000000402f 0000 0a000001 0a000002 00000800"},
    {"GRE within GRE", MAC "0800 4500000000000000402f 0000 0a000001 0a000002",
     "0000 6558 020000000002 020000000001 0800 4500000000000000402f 0000 "
     "0a000001 0a000002"},
    {"IPv6 in IPv6", MAC "86dd ",
     "60000000ffff2940 fe800000000000000000000000000001 "
     "fe800000000000000000000000000002"},
    {"hop-by-hop options",
     MAC "86dd 60000000ffff0040 fe800000000000000000000000000001 "
	 "fe800000000000000000000000000002",
     "0000 010400000000"},
    {"destination options of no length",
     MAC "86dd 60000000ffff3c40 fe800000000000000000000000000001 "
	 "fe800000000000000000000000000002 3cff",
     "0500"},
    {"routing headers",
     MAC "86dd 60000000ffff2b40 fe800000000000000000000000000001 "
	 "fe800000000000000000000000000002",
     "2b00 0400 00000000"},
    {"authentication headers",
     MAC "86dd 60000000ffff3340 fe800000000000000000000000000001 "
	 "fe800000000000000000000000000002",
     "3301 0000 00000001 00000001"},
    {"options of IPv4", MAC "0800 4f000000000000004006 0000 0a000001 0a000002 ",
     "0700"},
    {"options of TCP, length 0", TCP_IP4(""), "0500"},
    {"options of TCP, short", TCP_IP4("1e"), "02"},
    {"ICMP that quotes ICMP", MAC "0800 ",
     "45000000000000004001 0000 0a000001 0a000002 0300000000000000"},
    {"VXLAN", MAC "0800 ",
     "45000000000000004011 0000 0a000001 0a000002 12b512b5ffff0000 "
     "0800000000000100 020000000002 020000000001 0800"},
    {"Geneve", MAC "0800 ",
     "45000000000000004011 0000 0a000001 0a000002 17c117c1ffff0000 "
     "0000655800000100 020000000002 020000000001 0800"},
    {"GTP-U", MAC "0800 ",
     "45000000000000004011 0000 0a000001 0a000002 08680868ffff0000 "
     "30ffffff00000001"},
    {"Teredo",
     MAC "0800 45000000000000004011 0000 0a000001 0a000002 0dd80dd8ffff0000",
     "60000000ffff1140 20010000000000000000000000000001 "
     "20010000000000000000000000000002 0dd80dd8ffff0000"},
    {"L2TP", MAC "0800 ",
     "45000000000000004011 0000 0a000001 0a000002 06a506a5ffff0000 "
     "0002 0001 0001 ff03 0021"},
    {"a name that points at itself",
     MAC "0800 45000000000000004011 0000 0a000001 0a000002 0035 0035 ffff 0000 "
	 "0001 8180 ffff ffff ffff ffff ",
     "c00c 0001 0001"},
    {"names that point to names",
     MAC "0800 45000000000000004011 0000 0a000001 0a000002 0035 0035 ffff 0000 "
	 "0001 8180 0001 ffff ffff ffff ",
     "0161 c00c"},
    {"questions for the root",
     MAC "0800 45000000000000004011 0000 0a000001 0a000002 0035 0035 ffff 0000 "
	 "0001 0100 ffff 0000 0000 0000 ",
     "00 0001 0001"},
    {"SNMP, deep",
     MAC "0800 45000000000000004011 0000 0a000001 0a000002 00a1 00a1 ffff 0000",
     "3080"},
    {"SNMP, bindings",
     MAC "0800 45000000000000004011 0000 0a000001 0a000002 00a1 00a1 ffff 0000 "
	 "3082ffff 020101 0406 7075626c6963 a082ffff 020101 020100 020100 "
	 "3082ffff",
     "300a 0606 2b0601020101 0500"},
    {"LDAP, filters",
     TCP_IP4("*") "3082ffff 020101 6382ffff 0400 0a0100 0a0100 020100 020100 "
		  "010100 ",
     "a082ffff"},
    {"chunks of SCTP",
     MAC "0800 45000000000000004084 0000 0a000001 0a000002 "
	 "0400 0401 00000001 00000000",
     "0b000004"},
    {"802.11 elements",
     MAC "0800 45000000000000004011 0000 0a000001 0a000002 0400 1617 ffff 0000",
     "0000"},
};

/* What every port's protocol is handed, over and over. */
static const char *const fillings[] = {
    "00",
    "ff",
    "01",
    "3080",
    "a082ffff",
    "3003020101",
    "0000000100000001",
    "80000001",
    "0d0a",
    "410d0a",
    "41",
    "c00c",
    "0004",
    "7f",
    "2a310d0a",
};

struct slow {
	double us;
	char what[80];
};

static struct {
	struct plan *plan;
	struct dissect *d;
	struct sink *forms[4];
	bool time, failed, quiet; /* quiet: decode only */
	unsigned layers, values;
	uint64_t packets;
	struct slow slowest[SLOWEST];
} run;

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void note_time(double us, const char *what, size_t len)
{
	struct slow *s = &run.slowest[0];
	size_t i;

	for (i = 1; i < SLOWEST; i++)
		if (run.slowest[i].us < s->us)
			s = &run.slowest[i];
	if (us <= s->us)
		return;
	s->us = us;
	snprintf(s->what, sizeof(s->what), "%s, %zu bytes", what, len);
}

/* The best of several times: others may have the processor now and then. */
static double time_of(const struct pkt *pkt, const struct iface *iface)
{
	double best = 0, took;
	int i;

	for (i = 0; i < 7; i++) {
		took = now_us();
		dissect_packet(run.d, pkt, iface);
		took = now_us() - took;
		if (i == 0 || took < best)
			best = took;
	}
	return best;
}

static void decode_one(const uint8_t *data, size_t n, const char *what)
{
	static const struct iface iface = {.linktype = 1, .name = "eth0"};
	struct pkt pkt = {.data = data,
			  .caplen = (uint32_t)n,
			  .wirelen = (uint32_t)n,
			  .number = ++run.packets};
	size_t i;

	dissect_packet(run.d, &pkt, &iface);
	if (run.time)
		note_time(time_of(&pkt, &iface), what, n);
	if (run.d->n_layers > run.layers)
		run.layers = run.d->n_layers;
	if (run.d->n_values > run.values)
		run.values = run.d->n_values;
	for (i = 0; !run.time && !run.quiet && i < 4; i++)
		if (sink_packets(run.forms[i], &pkt, 1) != GO_ON)
			run.failed = true;
}

/* Bytes of hexadecimal digits; '*' is a TCP header's start without options. */
static size_t bytes_of(const char *hex, uint8_t *out, size_t most)
{
	size_t n = 0;
	unsigned byte;

	for (; *hex && n < most; hex++) {
		if (*hex == ' ')
			continue;
		if (*hex == '*') {
			out[n - 8] = 0x50;
			continue;
		}
		if (sscanf(hex, "%2x", &byte) != 1)
			break;
		out[n++] = (uint8_t)byte;
		hex++;
	}
	return n;
}

/* Of a length that the packet's end does not agree with, too. */
static void decode_nesting(size_t i, size_t len)
{
	uint8_t *data = malloc(len);
	size_t n = bytes_of(nestings[i].start, data, len), more;

	do {
		more = bytes_of(nestings[i].again, data + n, len - n);
		n += more;
	} while (more > 0 && n < len);
	decode_one(data, n, nestings[i].what);
	free(data);
}

static void decode_port(unsigned proto, unsigned port, const char *filling)
{
	uint8_t *data = malloc(USUAL);
	char what[64];
	size_t n, more;

	n = bytes_of(MAC "0800 45000000000040004000 0000 0a000001 0a000002",
		     data, USUAL);
	data[23] = (uint8_t)proto;
	n += bytes_of(proto == 6 ? "ffff 0000 00000001 00000001 5018 ffff "
				   "0000 0000"
				 : "ffff 0000 0000 0000",
		      data + n, USUAL - n);
	data[36] = (uint8_t)(port >> 8);
	data[37] = (uint8_t)port;
	do {
		more = bytes_of(filling, data + n, USUAL - n);
		n += more;
	} while (more > 0 && n < USUAL);
	snprintf(what, sizeof(what), "%s port %u of %s",
		 proto == 6 ? "TCP" : "UDP", port, filling);
	decode_one(data, n, what);
	free(data);
}

/* Behind the Ethernet header of a type that is free. */
static void decode_type(const char *filling)
{
	uint8_t data[USUAL];
	size_t n = bytes_of(MAC "ffee", data, USUAL), more;

	do {
		more = bytes_of(filling, data + n, USUAL - n);
		n += more;
	} while (more > 0 && n < USUAL);
	decode_one(data, n, "an ethertype");
}

/* A plan that gives a protocol a port and a type of its own. */
static struct plan *plan_for(const char *name)
{
	static const char *const keys[] = {"tcp port 65000", "udp port 65000",
					   "ethertype 65518"};
	struct plan *plan;
	struct err err;
	char rule[80];
	size_t i;

	plan = plan_open(&err);
	if (!plan)
		return NULL;
	for (i = 0; i < ARRAY_LEN(keys); i++) {
		snprintf(rule, sizeof(rule), "%s=%s", keys[i], name);
		if (!plan_force(plan, rule, &err)) {
			plan_close(plan);
			return NULL;
		}
	}
	plan_want_all(plan);
	plan_want_lines(plan);
	plan_ready(plan);
	return plan;
}

/* Every decoder gets every filling, also those that no port leads to. */
static void *decode_each(void *arg)
{
	struct dissect *usual = run.d;
	unsigned id, *tried = arg;
	struct plan *plan;
	struct err err;
	size_t i;

	run.quiet = true;
	for (id = 1; id < PROTO_COUNT; id++) {
		plan = plan_for(protos[id]->name);
		run.d = plan ? dissect_open(plan, &err) : NULL;
		for (i = 0; run.d && i < ARRAY_LEN(fillings); i++) {
			decode_port(6, 65000, fillings[i]);
			decode_port(17, 65000, fillings[i]);
			decode_type(fillings[i]);
		}
		*tried += run.d != NULL;
		dissect_close(run.d);
		plan_close(plan);
	}
	run.d = usual;
	return NULL;
}

static void *decode_all(void *arg)
{
	enum key_space space;
	unsigned port;
	size_t i;

	(void)arg;
	for (i = 0; i < ARRAY_LEN(nestings); i++) {
		decode_nesting(i, USUAL);
		decode_nesting(i, USUAL - 1);
		decode_nesting(i, JUMBO);
	}
	for (port = 1; port <= 65535; port++)
		for (space = KEY_TCP_PORT; space <= KEY_UDP_PORT; space++)
			for (i = 0; run.plan->table[space][port] &&
				    i < ARRAY_LEN(fillings);
			     i++)
				decode_port(space == KEY_TCP_PORT ? 6 : 17,
					    port, fillings[i]);
	return NULL;
}

/* Run it on a stack of its own. Returns how many bytes of it were used. */
static size_t on_stack(void *(*work)(void *), void *arg)
{
	uint8_t *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t unused = 0;
	pthread_attr_t attr;
	pthread_t thread;

	if (stack == MAP_FAILED)
		return 0;
	memset(stack, 0xa5, STACK);
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, stack, STACK);
	if (pthread_create(&thread, &attr, work, arg) != 0)
		return 0;
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
	while (unused < STACK && stack[unused] == 0xa5)
		unused++;
	munmap(stack, STACK);
	return STACK - unused;
}

static void *nothing(void *arg)
{
	return arg;
}

static bool open_all(void)
{
	static const int forms[] = {PRINT_text, PRINT_detail, PRINT_json,
				    PRINT_csv};
	static const struct iface iface = {.linktype = 1, .name = "eth0"};
	struct err err;
	size_t i;

	run.plan = plan_open(&err);
	if (!run.plan)
		return false;
	plan_want_all(run.plan);
	plan_want_lines(run.plan);
	plan_ready(run.plan);
	run.d = dissect_open(run.plan, &err);
	for (i = 0; i < 4; i++) {
		struct print_options options = {.form = forms[i],
						.verbose = 3,
						.link = true,
						.apart = true};

		run.forms[i] =
		    print_open(&options, open("/dev/null", O_WRONLY), &err);
		if (!run.forms[i] || !sink_iface(run.forms[i], &iface, &err))
			return false;
	}
	return run.d != NULL;
}

static void tell_slowest(void)
{
	size_t i;

	for (i = 0; i < SLOWEST; i++)
		printf("%8.1f us  %s\n", run.slowest[i].us,
		       run.slowest[i].what);
}

int main(int argc, char **argv)
{
	size_t empty, used, each, i;
	unsigned tried = 0, decoders = 0;

	run.time = argc > 1 && !strcmp(argv[1], "time");
	if (!open_all())
		return 1;
	empty = on_stack(nothing, NULL);
	used = on_stack(decode_all, NULL);
	if (run.time) {
		tell_slowest();
		return 0;
	}
	ok_all("all packets", !run.failed, run.packets > 1000);
	each = on_stack(decode_each, &tried);
	if (each > used)
		used = each;
	for (i = 1; i < PROTO_COUNT; i++)
		decoders += protos[i]->decode != NULL;
	is_int(tried, decoders, "every decoder was tried");
	ok(run.layers <= DISSECT_LAYERS, "no more than 32 layers");
	is_int(run.layers, DISSECT_LAYERS, "and that many");
	ok(run.values <= DISSECT_VALUES, "no more than 10000 values");
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
	(void)empty;
	ok(used > 0, "a stack # SKIP what is checked takes more of it");
#else
	if (!ok(used - empty < STACK_MOST, "a small stack"))
		printf("# %zu bytes\n", used - empty);
#endif
	for (i = 0; i < 4; i++)
		sink_close(run.forms[i], NULL);
	dissect_close(run.d);
	plan_close(run.plan);
	return done();
}
