<<<<<<< HEAD
/* Any BPF program and any packet: what passes the check runs, and comes to the
   same verdict as in libpcap's interpreter. */
#include "bpf_case.h"

#include <pcap/pcap.h>

=======
/* Any file as a program: what is read comes back the same from each form, and
   runs. */
#include "bpf/form.h"
>>>>>>> 142c895 (bpf: the kernel as judge of programs, fuzz targets)
#include "bpf/verify.h"
#include "bpf/vm.h"
#include "fuzz/fuzz.h"

<<<<<<< HEAD
/* Instructions straight from the octets: most will be refused. */
static void any_program(const uint8_t *octets, size_t n)
{
	struct program program = {.n = (uint32_t)(n / 8)};
	struct vm *vm;
	struct err err;

	program.insns = malloc(n + 8);
	if (!program.insns)
		exit(1);
	memcpy(program.insns, octets, program.n * sizeof(*program.insns));
	(void)bpf_verify(program.insns, program.n, VERIFY_KERNEL, NULL, &err);
	vm = vm_open(&program, &err);
	if (vm)
		(void)vm_run(vm, octets, (uint32_t)n, (uint32_t)n);
	vm_close(vm);
	free(program.insns);
}

/* A valid program: both interpreters run it. */
static void valid_program(const uint8_t *octets, size_t n)
{
	struct bpf_case c;
	struct program program;
	struct vm *vm;
	struct err err;
	uint32_t ours, theirs;

	case_make(&c, octets, n);
	program = (struct program){.insns = c.insns, .n = (uint32_t)c.n};
	vm = vm_open(&program, &err);
	if (!vm)
		return;
	ours = vm_run(vm, c.packet, c.wirelen, c.caplen);
	theirs = bpf_filter((const struct bpf_insn *)(const void *)c.insns,
			    c.packet, c.wirelen, c.caplen);
	if (ours != theirs)
		abort();
	vm_close(vm);
=======
/* Some forms show an instruction's words alone, or hold only short texts: a
   program read back must still be as long and do the same. */
static void check_form(const struct bpf_form *form, const struct doc *doc)
{
	struct str text = STR_INIT;
	struct doc back = DOC_INIT;
	struct err err;

	form->put(doc, &text);
	if (!bpf_read(str_text(&text), text.len, VERIFY_LOOPS, &back, &err) ||
	    back.program.n != doc->program.n)
		abort();
	for (uint32_t i = 0; i < back.program.n; i++) {
		if (back.program.insns[i].code != doc->program.insns[i].code)
			abort();
	}
	doc_fini(&back);
	str_fini(&text);
>>>>>>> 142c895 (bpf: the kernel as judge of programs, fuzz targets)
}

static void fuzz_one(const uint8_t *octets, size_t n)
{
<<<<<<< HEAD
	if (n == 0)
		return;
	any_program(octets, n);
	valid_program(octets, n);
}

static size_t fuzz_seed(size_t i, uint8_t octets[FUZZ_MAX])
{
	size_t n = 3 + 8 * 20 + 64, k;

	for (k = 0; k < n; k++)
		octets[k] = (uint8_t)(k * 37 + i * 101 + k * k * (i + 3));
	octets[0] = (uint8_t)(20 + i);
	return i < 20 ? n : 0;
=======
	static const uint8_t packet[64] = {0x45, 0, 8, 0};
	struct doc doc = DOC_INIT;
	struct err err;

	if (bpf_read((const char *)octets, n, VERIFY_LOOPS, &doc, &err)) {
		struct vm *vm = vm_open(&doc.program, &err);

		if (!vm)
			abort();
		vm_run(vm, packet, sizeof(packet), sizeof(packet));
		vm_close(vm);
		for (const struct bpf_form *f = bpf_forms; f->name; f++)
			check_form(f, &doc);
	} else if (err.kind == ERR_NONE || err.text[0] == '\0') {
		abort();
	}
	doc_fini(&doc);
}

/* A seed of each form. */
static size_t fuzz_seed(size_t i, uint8_t octets[FUZZ_MAX])
{
	struct insn insns[] = {
	    {OP_LD_H_ABS, 0, 0, 12}, {OP_JEQ_K, 0, 5, 0x800},
	    {OP_LDX_MSH, 0, 0, 14},  {OP_LD_H_IND, 0, 0, 16},
	    {OP_JGE_K, 2, 0, 1024},  {OP_LD_B_ABS, 0, 0, 0xfffff02c},
	    {OP_JSET_X, 1, 0, 0},    {OP_ST, 0, 0, 3},
	    {OP_LDX_MEM, 0, 0, 3},   {OP_LSH_K, 0, 0, 4},
	    {OP_JA, 0, 0, 0},	     {OP_RET_K, 0, 0, 65535},
	    {OP_LD_LEN, 0, 0, 0},    {OP_RET_A, 0, 0, 0},
	};
	struct doc doc = {
	    .program = {.insns = insns, .n = sizeof(insns) / sizeof(*insns)},
	    .linktype = 1,
	    .dlt = 1,
	    .snaplen = 65535,
	    .netmask = 0xffffff00,
	    .optimized = 1,
	    .made = 1,
	    .expression = (char *)"tcp port 80",
	    .linktype_name = (char *)"EN10MB"};
	struct str text = STR_INIT;
	size_t n = 0;

	if (i < 9 && bpf_forms[i].name) {
		bpf_forms[i].put(&doc, &text);
		n = text.len < FUZZ_MAX ? text.len : FUZZ_MAX;
		memcpy(octets, str_text(&text), n);
	}
	str_fini(&text);
	return n;
>>>>>>> 142c895 (bpf: the kernel as judge of programs, fuzz targets)
}
