/*
 * The forms of a program: every program that libpcap makes of the list of
 * expressions comes back unchanged from each form; listings are libpcap's own;
 * what is not a program is refused with its place.
 */
#include "base/array.h"
#include "bpf/syntax.h"

#include "bpf/disasm.h"
#include "bpf/verify.h"
#include "expressions.h"
#include "tap.h"

struct counts {
	unsigned wrong[16], listing;
};

/* Without what the instruction does not look at: libpcap leaves a number of its
   own in the k of some, which no text shows. */
static struct insn plain(struct insn in)
{
	switch (opcode_of(in.code)->operand) {
	case OPERAND_NONE:
	case OPERAND_A:
	case OPERAND_X:
	case OPERAND_TEST_X:
	case OPERAND_LEN:
		in.k = 0;
		break;
	default:
		break;
	}
	return in;
}

static bool same_program(const struct program *a, const struct program *b,
			 bool exactly)
{
	bool same = a->n == b->n;

	for (uint32_t i = 0; same && i < a->n; i++) {
		struct insn x = a->insns[i], y = b->insns[i];

		if (!exactly)
			x = plain(x);
		same = !memcmp(&x, &y, sizeof(x));
	}
	return same;
}

/* Does the form show an instruction by its words alone? */
static bool shows_words(const char *form)
{
	return !strcmp(form, "asm") || !strcmp(form, "list") ||
	       !strcmp(form, "explain");
}

/* libpcap's listing is the oracle of ours. */
static bool same_listing(const struct program *p)
{
	struct str line = STR_INIT;
	const char *want;
	bool same = true;

	for (uint32_t i = 0; i < p->n; i++) {
		str_clear(&line);
		disasm_line(p, i, &line);
		want = bpf_image((const void *)&p->insns[i], (int)i);
		/* later libraries leave out blanks at the end */
		same &= !strncmp(str_text(&line), want, strlen(want)) &&
			strspn(str_text(&line) + strlen(want), " ") ==
			    line.len - strlen(want);
	}
	str_fini(&line);
	return same;
}

static void each_form(const struct expression *e, void *arg)
{
	struct counts *counts = arg;
	struct doc doc = {.program = e->program,
			  .linktype = 1,
			  .dlt = 1,
			  .snaplen = 262144,
			  .netmask = 0xffffff00,
			  .optimized = e->optimized,
			  .made = 1700000000,
			  .expression = (char *)e->text,
			  .linktype_name = (char *)e->linktype,
			  .comment = (char *)"a \"comment\"\twith \\ in it"};

	counts->listing += !same_listing(&e->program);
	for (size_t i = 0; bpf_syntaxes[i].name; i++) {
		struct str text = STR_INIT, again = STR_INIT;
		struct doc back = DOC_INIT;
		struct err err = {0};
		bool words = shows_words(bpf_syntaxes[i].name), good;

		bpf_syntaxes[i].put(&doc, &text);
		good = bpf_read(str_text(&text), text.len, VERIFY_LOOPS, &back,
				&err) &&
		       same_program(&e->program, &back.program, !words);
		if (good && words) {
			struct doc copy = doc;

			copy.program = back.program;
			bpf_syntaxes[i].put(&copy, &again);
			good = !strcmp(str_text(&text), str_text(&again));
		}
		if (!good && counts->wrong[i]++ == 0)
			printf("# %s: %s: %s\n%s", bpf_syntaxes[i].name,
			       e->text, err.text, str_text(&text));
		doc_fini(&back);
		str_fini(&text);
		str_fini(&again);
	}
}

static void test_list(void)
{
	struct counts counts = {{0}, 0};
	size_t n = expressions_each(each_form, &counts);

	printf("# %zu programs\n", n);
	ok(n > 1000, "there are expressions");
	is_int(counts.listing, 0, "each listing is libpcap's");
	for (size_t i = 0; bpf_syntaxes[i].name; i++) {
		printf("# %s\n", bpf_syntaxes[i].name);
		is_int(counts.wrong[i], 0, "each program comes back");
	}
}

/* A program of the instruction, and of what its jumps may lead to. */
static void each_number(const struct opcode *op, uint32_t k,
			struct counts *counts)
{
	struct insn insns[] = {
	    {op->code, 0, 1, k}, {OP_RET_A, 0, 0, 0}, {OP_RET_K, 0, 0, k}};
	const struct expression e = {.linktype = "EN10MB",
				     .text = op->mnemonic,
				     .program = {insns, 3, true}};

	if (op->check != CHECK_TARGETS)
		insns[0].jf = 0;
	if (!bpf_verify(insns, 3, VERIFY_LOOPS, NULL, NULL))
		return;
	each_form(&e, counts);
	if (op->check != CHECK_TARGETS)
		return;
	for (insns[0].jt = 0; insns[0].jt < 2; insns[0].jt++)
		for (insns[0].jf = 0; insns[0].jf < 2; insns[0].jf++)
			each_form(&e, counts);
}

/* Each instruction, with numbers at both ends and of special meaning. */
static void test_instructions(void)
{
	static const uint32_t numbers[] = {
	    0,		1,	    8,		9,	    15,
	    31,		0x7fffffff, 0x80000000, 0x80000001, 0xfffff000,
	    0xfffff02c, 0xfffff030, 0xfffff040, 0xfffffffe, 0xffffffff};
	struct counts counts = {{0}, 0};

	for (size_t i = 0; i < opcode_count; i++)
		for (size_t j = 0; j < ARRAY_LEN(numbers); j++)
			each_number(&opcode_table[i], numbers[j], &counts);
	for (size_t i = 0; bpf_syntaxes[i].name; i++) {
		printf("# %s\n", bpf_syntaxes[i].name);
		is_int(counts.wrong[i], 0, "each instruction comes back");
	}
}

/* As many labels as a program may need. */
static void test_labels(void)
{
	const uint32_t n = 300000;
	struct counts counts = {{0}, 0};
	struct expression e = {.linktype = "EN10MB", .text = "labels"};

	e.program.insns = calloc(n, sizeof(*e.program.insns));
	e.program.n = n;
	for (uint32_t i = 0; i + 2 < n; i++)
		e.program.insns[i] = (struct insn){OP_JEQ_K, 1, 0, i};
	e.program.insns[n - 2].code = e.program.insns[n - 1].code = OP_RET_A;
	for (size_t i = 0; bpf_syntaxes[i].name; i++) {
		struct doc doc = {.program = e.program}, back = DOC_INIT;
		struct str text = STR_INIT;
		struct err err = {0};

		if (bpf_syntaxes[i].binary)
			continue; /* that has 65535 at most */
		bpf_syntaxes[i].put(&doc, &text);
		counts.wrong[i] +=
		    !bpf_read(str_text(&text), text.len, 0, &back, &err) ||
		    !same_program(&e.program, &back.program, true);
		printf("# %s: %s\n", bpf_syntaxes[i].name, err.text);
		is_int(counts.wrong[i], 0, "300000 tests come back");
		doc_fini(&back);
		str_fini(&text);
	}
	free(e.program.insns);
}

/* All that a form can hold comes back from it. */
static void test_facts(const char *form)
{
	static const char text[] = "\"\\\x01\xc3\xa4\n";
	struct insn insns[] = {{OP_LD_LEN, 0, 0, 0}, {OP_RET_A, 0, 0, 0}};
	struct doc doc = {.program = {insns, 2, false},
			  .linktype = 113,
			  .dlt = 113,
			  .snaplen = 96,
			  .netmask = 0xfffffe00,
			  .optimized = 0,
			  .made = INT64_C(0x123456789a),
			  .expression = (char *)text,
			  .linktype_name = (char *)"LINUX_SLL",
			  .comment = (char *)""};
	struct doc back = DOC_INIT;
	struct str out = STR_INIT;
	struct err err = {0};

	bpf_syntax_find(form)->put(&doc, &out);
	printf("# %s\n", form);
	ok(bpf_read(str_text(&out), out.len, 0, &back, &err), "is read");
	is_str(back.expression, text, "the expression");
	is_str(back.linktype_name, "LINUX_SLL", "the link type's name");
	is_str(back.comment, "", "an empty comment");
	is_int(back.snaplen, 96, "the snapshot length");
	is_int(back.netmask, 0xfffffe00, "the netmask");
	is_int(back.optimized, 0, "not optimized");
	if (!strcmp(form, "cbpf")) {
		is_int(back.dlt, 113, "the link type");
		is_int(back.made, 0x123456789a, "the time");
	} else {
		is_int(back.linktype, 113, "the link type");
	}
	doc_fini(&back);
	str_fini(&out);
}

/* A text as the name of a test, which is one line. */
static const char *name_of(const char *text)
{
	static char name[400];

	snprintf(name, sizeof(name), "%s", text);
	for (char *at = name; (at = strpbrk(at, "\n#")) != NULL;)
		*at = ' ';
	return name;
}

/* ---- texts that are programs ---------------------------------------------*/

static const struct good {
	const char *text, *numbers;
} goods[] = {
    {"ldh [12]\njeq #0x800, ip, drop\nip: ret #-1\ndrop: ret #0\n",
     "4,40 0 0 12,21 0 1 2048,6 0 0 4294967295,6 0 0 0"},
    {"ret #0", "1,6 0 0 0"},
    {"\tret a ; a comment\n", "1,22 0 0 0"},
    {"/* two\nlines */ ret %a // and more", "1,22 0 0 0"},
    {"ret #1 ; {1, 2}\n", "1,6 0 0 1"},
    {"a: b:\nret #1\n", "1,6 0 0 1"},
    {"ld vlan_tci\nret a", "2,32 0 0 4294963244,22 0 0 0"},
    {"ldh #vlan_avail\nret a", "2,40 0 0 4294963248,22 0 0 0"},
    {"ldb [vlanp]\nret a", "2,48 0 0 4294963248,22 0 0 0"},
    {"ld mark\nld rand\nld cpu\nret a",
     "4,32 0 0 4294963220,32 0 0 4294963256,32 0 0 4294963236,22 0 0 0"},
    {"ld len\nldx #len\nldx #pktlen\nret a",
     "4,128 0 0 0,129 0 0 0,129 0 0 0,22 0 0 0"},
    {"ld #0x10\nldi 020\nldxi #0b10000\nldx #16\nret a",
     "5,0 0 0 16,0 0 0 16,1 0 0 16,1 0 0 16,22 0 0 0"},
    {"ld [x+4]\nldh [%x + 0xe]\nldb [X]\nld M[15]\nldx m[0]\nret a",
     "6,64 0 0 4,72 0 0 14,80 0 0 0,96 0 0 15,97 0 0 0,22 0 0 0"},
    {"ldx 4*([14]&0xf)\nldxb 4 * ( [ 0x10 ] & 15 )\nret #1",
     "3,177 0 0 14,177 0 0 16,6 0 0 1"},
    {"st M[3]\nstx M[4]\ntax\ntxa\nneg\nret a",
     "6,2 0 0 3,3 0 0 4,7 0 0 0,135 0 0 0,132 0 0 0,22 0 0 0"},
    {"add #1\nsub x\nmul #2\ndiv %x\nmod #3\nand #4\nor x\nxor #5\nlsh #6\n"
     "rsh x\nret a",
     "11,4 0 0 1,28 0 0 0,36 0 0 2,60 0 0 0,148 0 0 3,84 0 0 4,76 0 0 0,"
     "164 0 0 5,100 0 0 6,124 0 0 0,22 0 0 0"},
    {"jmp e\ne: ja f\nf: ret #0", "3,5 0 0 0,5 0 0 0,6 0 0 0"},
    {"jne #1, a\njlt #2, a\njle x, a\njset #4, a\njgt #5, a, b\njge x, a\n"
     "a: ret #0\nb: ret #1",
     "8,21 0 5 1,53 0 4 2,45 0 3 0,69 2 0 4,37 1 2 5,61 0 0 0,6 0 0 0,6 0 0 "
     "1"},
    {"(000) ldh [12]\n(001) jeq #0x800 jt 2\tjf 3\n(002) ret #262144\n"
     "(003) ret",
     "4,40 0 0 12,21 0 1 2048,6 0 0 262144,22 0 0 0"},
    {"  2\n40 0 0 12\n22 0 0 0\n", "2,40 0 0 12,22 0 0 0"},
    {"1,6 0 0 0,", "1,6 0 0 0"},
    {"{ 0x28, 0, 0, 0x0000000c },\n{ 0x16, 0, 0, 0 },\n",
     "2,40 0 0 12,22 0 0 0"},
    {"struct sock_filter code[] = {\n\t{ 6, 0, 0, 0xffff }\n};\n",
     "1,6 0 0 65535"},
    {"{\"instructions\":[{\"code\":6,\"k\":9,\"x\":[1,{\"y\":null}]}],"
     "\"more\":-1.5e3}",
     "1,6 0 0 9"},
    {" { \"instructions\" : [ { \"k\" : 1 , \"code\" : 6 } ] } ", "1,6 0 0 1"},
};

static void test_goods(void)
{
	for (size_t i = 0; i < ARRAY_LEN(goods); i++) {
		struct doc doc = DOC_INIT;
		struct str numbers = STR_INIT;
		struct err err = {0};

		if (bpf_read(goods[i].text, strlen(goods[i].text), 0, &doc,
			     &err))
			put_numbers(&doc.program, ",", &numbers);
		else
			str_puts(&numbers, err.text);
		is_str(str_text(&numbers), goods[i].numbers,
		       name_of(goods[i].text));
		str_fini(&numbers);
		doc_fini(&doc);
	}
}

/* ---- texts that are none -------------------------------------------------*/

static const struct bad {
	const char *text, *reason, *mark; /* what is marked; NULL: nothing */
} bads[] = {
    {"", "the program is empty", NULL},
    {"\n ; nothing\n", "the program is empty", NULL},
    {"ldq [1]\nret #0", "line 1, column 1: unknown instruction", "ldq"},
    {"ret #0\n  ld [\n", "line 2, column 7: a number belongs here", NULL},
    {"ld [1\nret #0", "line 1, column 6: a ] is missing", NULL},
    {"ld [x + y]\nret #0", "line 1, column 9: a number belongs here", "y"},
    {"ld #4294967296\nret #0", "line 1, column 5: not a number below 2^32",
     "4294967296"},
    {"ld #09\nret #0", "line 1, column 5: not a number below 2^32", "09"},
    {"ld #0xfg\nret #0", "line 1, column 5: not a number below 2^32", "0xfg"},
    {"ldx [3]\nret #0",
     "line 1, column 5: this instruction takes no such operand", "[3]"},
    {"tax #1\nret #0",
     "line 1, column 5: this instruction takes no such operand", "#1"},
    {"add\nret #0", "line 1, column 4: an operand is missing", NULL},
    {"jeq #1\nret #0", "line 1, column 7: a , and a label belong here", NULL},
    {"jeq #1, away\nret #0", "line 1, column 9: unknown label", "away"},
    {"a: jeq #1, a\nret #0", "line 1, column 12: a test cannot jump backwards",
     "a"},
    {"a: ja a\nret #0",
     "instruction 0: jumps backwards, to 0: a loop might never end", NULL},
    {"a: ret #0\na: ret #1", "line 2, column 1: this label is there already",
     "a"},
    {"ret #0 ret #1", "line 1, column 8: the line should end here", "r"},
    {"ret #0 /* no end\n", "line 1, column 8: this comment has no end", "/*"},
    {"ret #0 ?", "line 1, column 8: the line should end here", "?"},
    {"? ret #0", "line 1, column 1: an instruction belongs here", "?"},
    {"ld M[16]\nret a", "instruction 0: there is no M[16], the last is M[15]",
     NULL},
    {"ldxb 4*([14]&0xe)\nret a", "line 1, column 14: only 0xf is possible here",
     "0xe"},
    {"ldxb 4*([x+1]&0xf)\nret a",
     "line 1, column 10: only a number is possible here", "x"},
    {"ld #1",
     "instruction 0, the last, is not a ret: the program would run past "
     "its end",
     NULL},
    {"(000) ldh [12]\n(002) ret #1",
     "line 2, column 2: instructions are counted from 0", "002"},
    {"(000) jeq #1 jt 1\n", "line 1, column 18: jf belongs here", NULL},
    {"(000) jeq #1 jt 400 jf 1\n(001) ret #0",
     "line 1, column 17: this is too far: a test jumps over at most 255 "
     "instructions",
     "400"},
    {"(000) ja 9\n(001) ret #0",
     "instruction 0: jumps to 9, past the end (the last is 1)", NULL},
    {"2\n6 0 0 0\n", "line 3: a number belongs here", NULL},
    {"1\n6 0 0 0\n6 0 0 0\n",
     "line 3: more instructions than the first number states", "6"},
    {"1\n6 256 0 0\n", "line 2: too high a number", "256"},
    {"1\n65536 0 0 0\n", "line 2: too high a number", "65536"},
    {"1\n6 0 0 4294967296\n", "line 2: too high a number", "4294967296"},
    {"9999999\n", "line 1: too high a number", "9999999"},
    {"0", "the program is empty", NULL},
    {"{ 6, 0, 0 }", "line 1: a , belongs here", "}"},
    {"{ 6, 0, 0, 0, 0 }", "line 1: a } belongs here", "0"},
    {"{ 6, 0, 0, 0 } x", "line 1: { code, jt, jf, k } belongs here", "x"},
    {"{}", "the program is empty", NULL},
    {"{\"instructions\":[{\"code\":70000}]}",
     "line 1: a whole number that fits belongs here", "7"},
    {"{\"instructions\":[{\"code\":6]}", "line 1: a , or a } is missing", "]"},
    {"{\"a\":[[[[[[[[[[[[[[[[[[[1", "line 1: nested too deeply", "["},
    {"{\"instructions\":[{}]}", "instruction 0: unknown opcode 0xffff", NULL},
    {"{\"a\":\"\\q\"}", "line 1: unknown escape sequence", "q"},
    {"{\"a\":\"b", "line 1: the text ends in a string", NULL},
    {"{\"a\":1} 2", "line 1: the text should end here", "2"},
};

static void test_bads(void)
{
	for (size_t i = 0; i < ARRAY_LEN(bads); i++) {
		const struct bad *b = &bads[i];
		struct doc doc = DOC_INIT;
		struct err err = {0};
		char mark[64] = "";
		bool good = bpf_read(b->text, strlen(b->text), 0, &doc, &err);

		is_str(good ? "taken" : err.text, b->reason, name_of(b->text));
		is_int(err.kind, ERR_USAGE, "... a usage error");
		snprintf(mark, sizeof(mark), "%.*s", err.mark_len,
			 err.line + err.mark);
		if (b->mark)
			is_str(mark, b->mark, "... and where");
		doc_fini(&doc);
	}
}

/* ---- the binary form -----------------------------------------------------*/

/* A file by the letter of its description, with every kind of TLV. */
static const uint8_t cbpf_file[] =
    {
	0xa1, 0xb2, 0xc3, 0xcb, 'c', 'B', 'P', 'F', 1,	 1,    0,
	3,    0,    4,	  0,	0,   0,	  1,   0,   2, /* snaplen 262144,
							  Ethernet, 2
							  instructions */
	0,    0x80, 0,	  0,	0,   0,	  0,   0,   0,	 0x16, 0,
	0,    0,    0,	  0,	0, /* ld len; ret a */
	0,    1,    0,	  6,	'E', 'N', '1', '0', 'M', 'B', /* link type's
								 name */
	0,    2,    0,	  1,	'x',			      /* filter */
	0,    9,    0,	  2,	7,   7,		  /* of a later version */
	0,    3,    0,	  1,	1,		  /* optimized */
	0,    4,    0,	  4,	255, 255, 255, 0, /* netmask */
	0,    0,    0,	  0};			  /* the end */

static bool read_cbpf(const uint8_t *bytes, size_t n, struct doc *doc,
		      struct err *err)
{
	*doc = (struct doc)DOC_INIT;
	*err = (struct err){0};
	return bpf_read((const char *)bytes, n, 0, doc, err);
}

static void test_cbpf(void)
{
	uint8_t bytes[sizeof(cbpf_file) + 8];
	unsigned short_ones = 0;
	struct doc doc;
	struct err err;

	ok(read_cbpf(cbpf_file, sizeof(cbpf_file), &doc, &err), "a whole file");
	is_int(doc.program.n, 2, "... its program");
	is_int(doc.dlt, 1, "... its link type");
	is_int(doc.snaplen, 262144, "... its snapshot length");
	is_int(doc.netmask, 0xffffff00, "... its netmask");
	is_str(doc.expression, "x", "... its filter");
	is_int(doc.optimized, 1, "... optimized");
	doc_fini(&doc);
	for (size_t n = 9; n < sizeof(cbpf_file); n++) {
		/* cut between TLVs it is whole, too */
		short_ones += read_cbpf(cbpf_file, n, &doc, &err);
		doc_fini(&doc);
	}
	is_int(short_ones, 6, "cut short it is refused");

	memcpy(bytes, cbpf_file, sizeof(cbpf_file));
	bytes[8] = 2;
	ok(!read_cbpf(bytes, sizeof(cbpf_file), &doc, &err), "version 2");
	is_str(err.text, "unsupported cBPF file version 2", "... why");
	doc_fini(&doc);
	bytes[8] = 1;
	bytes[sizeof(cbpf_file)] = 0;
	ok(!read_cbpf(bytes, sizeof(cbpf_file) + 1, &doc, &err),
	   "bytes after the end");
	is_int(err.offset, sizeof(cbpf_file), "... and where");
	doc_fini(&doc);
	bytes[37] = 2; /* the name as a second filter */
	ok(!read_cbpf(bytes, sizeof(cbpf_file), &doc, &err), "a TLV twice");
	is_str(err.text, "a TLV comes twice", "... why");
	is_int(err.offset, 46, "... and where");
	doc_fini(&doc);
}

int main(void)
{
	test_list();
	test_instructions();
	test_labels();
	test_facts("json");
	test_facts("cbpf");
	test_goods();
	test_bads();
	test_cbpf();
	return done();
}
