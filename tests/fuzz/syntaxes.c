/* Any file as a program: what is read comes back the same from each form, and
   runs. */
#include "base/array.h"
#include "bpf/syntax.h"
#include "bpf/verify.h"
#include "bpf/vm.h"
#include "fuzz/fuzz.h"

/* Some forms show an instruction's words alone, or hold only short texts: a
   program read back must still be as long and do the same. */
static void check_form(const struct bpf_syntax *form, const struct doc *doc)
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
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	static const uint8_t packet[64] = {0x45, 0, 8, 0};
	struct doc doc = DOC_INIT;
	struct err err;

	if (bpf_read((const char *)bytes, n, VERIFY_LOOPS, &doc, &err)) {
		struct vm *vm = vm_open(&doc.program, &err);

		if (!vm)
			abort();
		vm_run(vm, packet, sizeof(packet), sizeof(packet));
		vm_close(vm);
		for (const struct bpf_syntax *f = bpf_syntaxes; f->name; f++)
			check_form(f, &doc);
	} else if (err.kind == ERR_NONE || err.text[0] == '\0') {
		abort();
	}
	doc_fini(&doc);
}

/* A seed of each form. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
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
	struct doc doc = {.program = {.insns = insns, .n = ARRAY_LEN(insns)},
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

	if (i < 9 && bpf_syntaxes[i].name) {
		bpf_syntaxes[i].put(&doc, &text);
		n = text.len < FUZZ_MAX ? text.len : FUZZ_MAX;
		memcpy(bytes, str_text(&text), n);
	}
	str_fini(&text);
	return n;
}
