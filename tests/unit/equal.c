/*
 * Are two programs the same? Those of libpcap with and without its optimizer,
 * for each expression of the list; and random ones that were changed, where
 * the interpreter is the judge.
 */
#include "bpf/equal.h"
#include "base/array.h"

#include "base/str.h"
#include "bpf/syntax.h"
#include "bpf/verify.h"
#include "bpf/vm.h"
#include "bpf_case.h"
#include "expressions.h"
#include "tap.h"

static uint32_t state = 1;

static uint32_t any(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % n;
}

/* ---- by hand ---- */

static bool equal_texts(const char *a, const char *b)
{
	struct doc first = DOC_INIT, second = DOC_INIT;
	struct err err = {0};
	bool same = bpf_read(a, strlen(a), 0, &first, &err) &&
		    bpf_read(b, strlen(b), 0, &second, &err) &&
		    bpf_equal_from(&first.program, &second.program) == 0;

	if (err.kind)
		printf("# %s\n", err.text);
	doc_fini(&first);
	doc_fini(&second);
	return same;
}

static void test_texts(void)
{
	static const struct {
		const char *a, *b, *what;
		bool same;
	} rows[] = {
	    {"ret #1", "ret #1", "the same verdict", true},
	    {"ret #1", "ret #2", "other verdicts", false},
	    {"ldh [12]\njeq #1, y\nldh [12]\njeq #1, y, n\ny: ret #1\n"
	     "n: ret #0",
	     "ldh [12]\njeq #1, y, n\ny: ret #1\nn: ret #0",
	     "a test that is done twice", true},
	    {"ldh [12]\njeq #1, y, n\ny: ret #1\nn: ret #0",
	     "ldh [12]\njeq #1, y, n\ny: ret #0\nn: ret #1",
	     "the opposite test", false},
	    {"ldh [12]\nret #1", "ret #1", "a load that may end it", false},
	    {"ldh [12]\nldb [13]\nret #1", "ldh [12]\nret #1",
	     "a load of what is there", true},
	    {"ldb [0]\nand #1\njeq #0, n\nret #1\nn: ret #0",
	     "ldb [0]\njset #1, y, n\ny: ret #1\nn: ret #0", "and, jset", true},
	    {"ldb [0]\nand #15\nlsh #2\ntax\nld [x + 4]\nret a",
	     "ldx 4*([0]&0xf)\nld [x + 4]\nret a", "a header's length", true},
	    {"ld #2\nst M[0]\nldx 4*([0]&0xf)\nld M[0]\nadd x\ntax\n"
	     "ldh [x + 4]\nret a",
	     "ldx 4*([0]&0xf)\nldh [x + 6]\nret a", "a sum as an address",
	     true},
	    {"ld [0]\nadd #2\ntax\nldh [x + 4]\nret a",
	     "ld [0]\ntax\nldh [x + 6]\nret a", "a sum that may overflow",
	     false},
	    {"ldb [0]\nsub #3\njeq #4, y, n\ny: ret #1\nn: ret #0",
	     "ldb [0]\njeq #7, y, n\ny: ret #1\nn: ret #0", "a difference",
	     true},
	    {"ldb [0]\nsub #3\njgt #4, y, n\ny: ret #1\nn: ret #0",
	     "ldb [0]\njgt #7, y, n\ny: ret #1\nn: ret #0",
	     "a difference below 0", false},
	    {"ldb [0]\njgt #7, y\njge #9, y, n\ny: ret #1\nn: ret #0",
	     "ldb [0]\njgt #7, y, n\ny: ret #1\nn: ret #0", "ranges", true},
	    {"ldb [0]\nst M[0]\nldb [1]\ntax\nld M[0]\nsub x\njeq #0, y, n\n"
	     "y: ret #1\nn: ret #0",
	     "ldb [1]\ntax\nldb [0]\njeq x, y, n\ny: ret #1\nn: ret #0",
	     "loads in another order", true},
	    {"ldb [1]\ntax\nldb [0]\njgt x, y, n\ny: ret #1\nn: ret #0",
	     "ldb [0]\ntax\nldb [1]\njge x, n, y\ny: ret #1\nn: ret #0",
	     "a comparison turned around", true},
	    {"ldb [0]\ntax\nld #8\ndiv x\nret #1",
	     "ldb [0]\njeq #0, n\nret #1\nn: ret #0", "a division by 0", true},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		is_int(equal_texts(rows[i].a, rows[i].b), rows[i].same,
		       rows[i].what);
}

/* ---- libpcap's optimizer ---- */

struct tally {
	struct program first; /* of the expression before this one */
	char *text;
	unsigned pairs, always, often;
};

/* Each expression comes without and with the optimizer, one after the other. */
static void each(const struct expression *e, void *arg)
{
	struct tally *t = arg;

	if (t->text && !strcmp(t->text, e->text)) {
		uint32_t from = bpf_equal_from(&t->first, &e->program);

		t->pairs++;
		t->always += from == 0;
		t->often += from <= 128;
		if (from > 128)
			printf("# not proven: %s\n", e->text);
	}
	program_fini(&t->first);
	free(t->text);
	t->text = strdup(e->text);
	program_copy(&t->first, e->program.insns, e->program.n);
}

static void test_expressions(void)
{
	struct tally t = {0};

	expressions_each(each, &t);
	printf("# of %u %u are proven for all packets, %u for long ones\n",
	       t.pairs, t.always, t.often);
	ok(t.pairs > 500, "expressions with and without the optimizer");
	ok_all("... are proven to be the same", t.always * 10 > t.pairs * 9,
	       t.often * 50 > t.pairs * 49);
	program_fini(&t.first);
	free(t.text);
}

/* ---- changed programs ---- */

static bool same_verdicts(const struct program *a, const struct program *b,
			  const struct bpf_case *c, uint32_t from)
{
	struct err err;
	struct vm *first = vm_open(a, &err), *second = vm_open(b, &err);
	uint8_t packet[CASE_PACKET];
	bool same = first && second;

	for (unsigned i = 0; same && i < 64; i++) {
		uint32_t caplen = any(CASE_PACKET + 1);

		memcpy(packet, c->packet, sizeof(packet));
		for (unsigned j = any(8); j > 0; j--)
			packet[any(CASE_PACKET)] = (uint8_t)any(256);
		same = caplen < from ||
		       vm_run(first, packet, c->wirelen, caplen) ==
			   vm_run(second, packet, c->wirelen, caplen);
	}
	vm_close(first);
	vm_close(second);
	return same;
}

/* Change one thing that leaves it valid. */
static void change(struct program *p)
{
	struct insn *in = &p->insns[any(p->n)];

	switch (any(4)) {
	case 0:
		in->k ^= 1U << any(8);
		break;
	case 1: {
		uint8_t swap = in->jt;

		in->jt = in->jf;
		in->jf = swap;
		break;
	}
	case 2:
		*in = p->insns[any(p->n)];
		break;
	default:
		if (in->jt)
			in->jt--;
	}
}

static void test_random(unsigned count)
{
	static uint8_t bytes[3 + 8 * CASE_INSNS + CASE_PACKET];
	static struct bpf_case b;
	unsigned wrong = 0, equal = 0, itself = 0;

	for (unsigned i = 0; i < count; i++) {
		struct program p = {.insns = b.insns}, other = {0};
		uint32_t from;

		for (size_t at = 0; at < sizeof(bytes); at++)
			bytes[at] = (uint8_t)any(256);
		bytes[0] %= 24;
		case_make(&b, bytes, sizeof(bytes));
		p.n = (uint32_t)b.n;
		program_copy(&other, p.insns, p.n);
		itself += bpf_equal_from(&p, &other) == 0;
		change(&other);
		if (bpf_verify(other.insns, other.n, 0, NULL, NULL) &&
		    (from = bpf_equal_from(&p, &other)) != BPF_NOT_EQUAL) {
			equal++;
			wrong += !same_verdicts(&p, &other, &b, from);
		}
		program_fini(&other);
	}
	printf("# %u of %u changes make no difference\n", equal, count);
	is_int(itself, count, "a program is the same as itself");
	ok_all("changes without consequence", equal > count / 20,
	       equal < count);
	is_int(wrong, 0, "... have none on any packet");
}

int main(int argc, char **argv)
{
	test_texts();
	test_expressions();
	test_random(argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 3000);
	return done();
}
