/*
 * bench/filters: time per packet of our interpreter and of libpcap's
 * bpf_filter(), on the same programs and the same packets in memory.
 *
 * usage: bench/filters [SAVEFILE]   (Ethernet; without one a made-up mix)
 *
 * For each filter: instructions, packets that match, nanoseconds per packet of
 * bpf_filter(), of vm_matches() (as the commands use it) and of vm_run(), and
 * what part of the first the other two are. Each figure is the best of many
 * short rounds, which the three take in turn. The verdicts are compared.
 */
#include <pcap/pcap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bpf/vm.h"

#define PACKETS 4000 /* they stay in the second-level cache */
#define BYTES 128
#define ROUNDS 200

static const char *const filters[] = {
    "tcp",
    "udp port 53",
    "tcp port 80 or tcp port 443",
    "host 10.1.2.3",
    "net 10.1.0.0/16 and not port 22",
    "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
    "ip6 and tcp dst portrange 1024-65535",
    "icmp or arp or udp portrange 33434-33534",
    "tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != "
    "0)",
    NULL, /* 50 hosts */
};

#define FILTERS (sizeof(filters) / sizeof(*filters))

static struct pkt packets[PACKETS];
static size_t count;
static uint32_t state = 12345;

static uint32_t any(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % n;
}

static void put2(uint8_t *to, unsigned value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

/* An address of 10.0.0.0/14, often one of a few. */
static void put_host(uint8_t *to)
{
	to[0] = 10;
	to[1] = (uint8_t)any(4);
	to[2] = (uint8_t)(any(3) ? any(4) : any(256));
	to[3] = (uint8_t)(any(3) ? any(8) : any(256));
}

static void put_ports(uint8_t *to)
{
	static const uint16_t known[] = {80, 443, 22, 53, 25, 123, 8080, 993};
	uint16_t port = known[any(8)];
	bool reply = any(2);

	put2(to + (reply ? 0 : 2), port);
	put2(to + (reply ? 2 : 0), 1024 + any(60000));
}

/* A packet of the mix: mostly TCP and UDP over IPv4. */
static void make_packet(uint8_t *p, struct pkt *pkt)
{
	static const uint8_t protocols[] = {6, 6, 6, 6, 6, 6, 17, 17, 17, 1};
	uint8_t protocol = protocols[any(10)];
	unsigned kind = any(20);
	uint8_t *transport;

	memset(p, 0, BYTES);
	if (kind == 0) {
		put2(p + 12, 0x0806);
		put_host(p + 28);
		put_host(p + 38);
		pkt->caplen = pkt->wirelen = 42;
	} else if (kind <= 3) {
		put2(p + 12, 0x86dd);
		p[14] = 0x60;
		p[20] = protocol == 1 ? 58 : protocol;
		transport = p + 54;
		put_ports(transport);
		transport[12] = 0x50;
		transport[13] = (uint8_t)any(32);
		pkt->caplen = 74 + any(54);
		pkt->wirelen = pkt->caplen + any(1200);
	} else {
		put2(p + 12, 0x0800);
		p[14] = 0x45;
		put2(p + 16, 40 + any(1400));
		p[23] = protocol;
		put_host(p + 26);
		put_host(p + 30);
		transport = p + 34;
		put_ports(transport);
		transport[12] = 0x50;
		transport[13] = (uint8_t)any(32);
		pkt->caplen = 54 + any(74);
		pkt->wirelen = pkt->caplen + any(1200);
	}
	pkt->data = p;
}

static void make_mix(void)
{
	uint8_t *all = calloc(PACKETS, BYTES);

	if (!all)
		exit(1);
	for (count = 0; count < PACKETS; count++)
		make_packet(all + count * BYTES, &packets[count]);
}

static void read_mix(const char *path)
{
	char reason[PCAP_ERRBUF_SIZE];
	pcap_t *in = pcap_open_offline(path, reason);
	struct pcap_pkthdr *header;
	const u_char *data;

	if (!in || pcap_datalink(in) != DLT_EN10MB) {
		fprintf(stderr, "%s: %s\n", path, in ? "no Ethernet" : reason);
		exit(1);
	}
	while (count < PACKETS && pcap_next_ex(in, &header, &data) == 1) {
		uint8_t *copy = malloc(header->caplen + 1);

		if (!copy)
			exit(1);
		memcpy(copy, data, header->caplen);
		packets[count++] = (struct pkt){.data = copy,
						.caplen = header->caplen,
						.wirelen = header->len};
	}
	pcap_close(in);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void keep_best(double *best, double start)
{
	double took = (now() - start) / (double)count;

	if (took < *best)
		*best = took;
}

static size_t by_libpcap(const struct bpf_insn *insns)
{
	size_t matched = 0;

	for (size_t i = 0; i < count; i++)
		matched +=
		    bpf_filter(insns, packets[i].data, packets[i].wirelen,
			       packets[i].caplen) != 0;
	return matched;
}

static size_t by_matches(const struct vm *vm)
{
	static uint8_t keep[PACKETS];
	size_t matched = 0;

	memset(keep, 1, count);
	vm_matches(vm, packets, count, keep);
	for (size_t i = 0; i < count; i++)
		matched += keep[i];
	return matched;
}

static size_t by_run(const struct vm *vm)
{
	size_t matched = 0;

	for (size_t i = 0; i < count; i++)
		matched += vm_run(vm, packets[i].data, packets[i].wirelen,
				  packets[i].caplen) != 0;
	return matched;
}

/* Returns the part of bpf_filter()'s time that vm_matches() takes. */
static double measure(const char *name, const char *text)
{
	pcap_t *dead = pcap_open_dead(DLT_EN10MB, 262144);
	double libpcap = 1e9, judge = 1e9, run = 1e9;
	struct bpf_program program;
	struct program ours;
	struct err err;
	struct vm *vm;
	size_t a = 0, b = 0, c = 0;

	if (pcap_compile(dead, &program, text, 1, 0) != 0) {
		fprintf(stderr, "%s: %s\n", text, pcap_geterr(dead));
		exit(1);
	}
	ours = (struct program){.insns = (void *)program.bf_insns,
				.n = program.bf_len};
	vm = vm_open(&ours, &err);
	for (int i = 0; vm && i < ROUNDS; i++) {
		double start = now();

		a = by_libpcap(program.bf_insns);
		keep_best(&libpcap, start);
		start = now();
		b = by_matches(vm);
		keep_best(&judge, start);
		start = now();
		c = by_run(vm);
		keep_best(&run, start);
	}
	if (!vm || a != b || a != c) {
		fprintf(stderr, "%s: the verdicts differ\n", text);
		exit(1);
	}
	printf("%-44.44s %5u %7zu %8.2f %8.2f %5.2f %8.2f %5.2f\n", name,
	       program.bf_len, a, libpcap, judge, judge / libpcap, run,
	       run / libpcap);
	vm_close(vm);
	pcap_freecode(&program);
	pcap_close(dead);
	return judge / libpcap;
}

int main(int argc, char **argv)
{
	char hosts[50 * 32] = "";
	double sum = 0, worst = 0;

	if (argc > 1)
		read_mix(argv[1]);
	else
		make_mix();
	for (unsigned i = 0; i < 50; i++)
		snprintf(hosts + strlen(hosts), sizeof(hosts) - strlen(hosts),
			 "%shost 10.%u.%u.%u", i ? " or " : "", i % 4, i % 7,
			 i * 5);
	printf("%zu packets; times in ns per packet\n", count);
	printf("%-44s %5s %7s %8s %8s %5s %8s %5s\n", "filter", "insns",
	       "match", "libpcap", "vm_matches", "part", "vm_run", "part");
	for (size_t i = 0; i < FILTERS; i++) {
		double part = measure(filters[i] ? filters[i] : "50 hosts",
				      filters[i] ? filters[i] : hosts);

		sum += part;
		if (part > worst)
			worst = part;
	}
	printf("mean part %.2f, worst %.2f\n", sum / FILTERS, worst);
	return 0;
}
