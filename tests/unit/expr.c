/* Expressions to programs: libpcap's code, its reasons, and its limits. */
#include "capture/expr.h"

#include <pcap/pcap.h>

#include "base/array.h"
#include "bpf/vm.h"
#include "capture/linktype.h"
#include "tap.h"

static const struct expr_setup ethernet = {
    .linktype = 1, .netmask = EXPR_NO_NETMASK, .optimize = true};

/* What libpcap makes of it when called directly is what we get. */
static void test_same(const char *text, const struct expr_setup *setup)
{
	pcap_t *dead =
	    pcap_open_dead(linktype_dlt(setup->linktype), (int)setup->snaplen);
	struct bpf_program want = {0};
	struct program got = {0};
	struct err err = {0};
	bool same;

	pcap_compile(dead, &want, text, setup->optimize, setup->netmask);
	same = expr_compile(text, setup, &got, &err) && want.bf_len &&
	       got.n == want.bf_len &&
	       !memcmp(got.insns, want.bf_insns, got.n * sizeof(*got.insns));
	ok(same, text);
	program_fini(&got);
	pcap_freecode(&want);
	pcap_close(dead);
}

static void test_programs(void)
{
	struct expr_setup setup = {.linktype = 1,
				   .snaplen = 65535,
				   .netmask = 0xffffff00,
				   .optimize = true};

	test_same("tcp port 80", &setup);
	test_same("", &setup);
	test_same("ip broadcast", &setup);
	setup.optimize = false;
	test_same("tcp port 80 and not host 10.0.0.1", &setup);
	test_same("ip6 protochain 6", &setup);
	setup.linktype = 101;
	test_same("tcp[tcpflags] & tcp-syn != 0", &setup);
	setup.linktype = 105;
	setup.snaplen = 100;
	test_same("type mgt subtype beacon", &setup);
}

/* text is refused for the reason, with the mark at this word. */
static void test_refused(const char *text, const char *reason, const char *word)
{
	struct program program = {0};
	struct err err = {0};
	char seen[80] = "";
	bool good = expr_compile(text, &ethernet, &program, &err);

	if (!good)
		snprintf(seen, sizeof(seen), "%.*s", err.mark_len,
			 err.line + err.mark);
	is_str(good ? "compiled" : err.text, reason, text);
	is_str(seen, word, "... and where");
	is_int(err.kind, ERR_USAGE, "... is a usage error");
}

static void test_reasons(void)
{
	const char *syntax = "can't parse filter expression: syntax error";

	test_refused("tcp prt 80", syntax, "prt");
	test_refused("tcp port 80 and", syntax, "");
	test_refused("(tcp or udp", syntax, "");
	test_refused(") tcp", syntax, ")");
	test_refused("tcp and and udp and ip", syntax, "and");
	test_refused("port http or port zzz and tcp", "unknown port 'zzz'",
		     "zzz");
	test_refused("ip[0] << 33 = 0", "shift by more than 31 bits", "33");
	test_refused("tcp and vlan 9999 and ip",
		     "VLAN tag 9999 greater than maximum 4095", "9999");
	test_refused("ip[0] / 0 = 1 and tcp", "division by zero", "0");
}

static char *repeat(const char *first, const char *text, size_t n,
		    const char *last)
{
	size_t len = strlen(text);
	char *all = malloc(strlen(first) + n * len + strlen(last) + 1);
	char *end = all + strlen(first);

	strcpy(all, first);
	for (size_t i = 0; i < n; i++, end += len)
		memcpy(end, text, len);
	strcpy(end, last);
	return all;
}

/* Inputs on which the compiler may do what it likes, but within limits. */
static void test_hostile(void)
{
	char *texts[] = {
	    repeat("ip", " and not host 10.20.30.40", 20000, ""),
	    repeat("", "(", 20000, "tcp"),
	    repeat("", "not ", 100000, "tcp"),
	    repeat("ip[0]", "+ip[0]", 100000, " = 1"),
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct program program = {0};
		struct err err = {0};
		bool good = expr_compile(texts[i], &ethernet, &program, &err);

		printf("# %.20s...: %s\n", texts[i], good ? "code" : err.text);
		ok(good || (err.kind == ERR_USAGE && err.text[0]),
		   "a hostile filter is compiled or refused");
		program_fini(&program);
		free(texts[i]);
	}
}

static void test_linktypes(void)
{
	uint32_t linktype = 0;
	int wrong = 0;
	struct err err = {0};

	ok_all("name", linktype_parse("en10mb", &linktype, &err),
	       eq(linktype, 1));
	ok_all("a name whose numbers differ",
	       linktype_parse("DLT_RAW", &linktype, &err), eq(linktype, 101));
	ok_all("Ethernet", linktype_parse("LINKTYPE_ETHERNET", &linktype, &err),
	       eq(linktype, 1));
	ok_all("number", linktype_parse("276", &linktype, &err),
	       eq(linktype, 276));
	ok(!linktype_parse("65536", &linktype, &err), "too high a number");
	ok(!linktype_parse("ETHER", &linktype, &err), "no such name");
	is_str(linktype_name(101), "RAW", "a name by number");
	ok(!linktype_name(9999), "no name");
	for (uint32_t i = 0; i < 300; i++)
		wrong += linktype_of_dlt(linktype_dlt(i)) != i;
	/* 11, 12, 15, 16 and 19 are DLT_ numbers only */
	is_int(wrong, 5, "there and back");
}

int main(void)
{
	test_programs();
	test_reasons();
	test_hostile();
	test_linktypes();
	return done();
}
