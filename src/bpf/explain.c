/*
 * A program as assembly with a comment after each instruction that says what
 * it does, in words. To name fields, the program is followed once from its
 * start: what A and X hold, and which protocols the tests so far have found.
 * Where two ways meet, what they do not agree on is unknown.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "bpf/disasm.h"
#include "bpf/syntax.h"
#include "bpf/verify.h"

enum meaning {
	NUMBER,
	ETHERTYPE,
	PPP_PROTOCOL,
	FAMILY,
	VERSION,
	PROTOCOL,
	ADDRESS,
	PORT,
	FRAGMENT,
	TCP_FLAGS,
	ARP_OPERATION,
	ICMP_TYPE,
	ICMP6_TYPE,
	PACKET_TYPE
};

enum layer {
	NO_LAYER,
	ETHERNET,
	SLL,
	SLL2,
	IPV4,
	IPV6,
	ARP,
	PORTS,
	TCP,
	UDP,
	ICMP,
	ICMP6
};

static const struct field {
	enum layer layer;
	uint32_t offset;
	unsigned size;
	const char *title;
	enum meaning meaning;
} fields[] = {
#define FIELD(layer, offset, size, title, meaning)                             \
	{layer, offset, size, title, meaning},
#include "bpf/explain.def"
};

static const struct word {
	enum meaning meaning;
	uint32_t value;
	const char *name;
} words[] = {
#define WORD(meaning, value, name) {meaning, value, name},
#include "bpf/explain.def"
};

/* Link types whose network layer is found at a known place. */
static const struct link {
	uint32_t linktype;
	enum layer layer;
	uint32_t type_at;   /* where the next protocol's number is */
	unsigned type_size; /* 0: nowhere, see network */
	enum meaning meaning;
	const char *title;
	uint32_t header;
	enum layer network; /* the only one there is */
} links[] = {
    {1, ETHERNET, 12, 2, ETHERTYPE, "EtherType", 14, NO_LAYER},
    {113, SLL, 14, 2, ETHERTYPE, "EtherType", 16, NO_LAYER},
    {276, SLL2, 0, 2, ETHERTYPE, "EtherType", 20, NO_LAYER},
    {104, NO_LAYER, 2, 2, ETHERTYPE, "EtherType", 4, NO_LAYER},
    {9, NO_LAYER, 2, 2, PPP_PROTOCOL, "PPP protocol", 4, NO_LAYER},
    {50, NO_LAYER, 2, 2, PPP_PROTOCOL, "PPP protocol", 4, NO_LAYER},
    {51, NO_LAYER, 6, 2, PPP_PROTOCOL, "PPP protocol", 8, NO_LAYER},
    {0, NO_LAYER, 0, 4, FAMILY, "address family", 4, NO_LAYER},
    {108, NO_LAYER, 0, 4, FAMILY, "address family", 4, NO_LAYER},
    {101, NO_LAYER, 0, 1, VERSION, "IP version", 0, NO_LAYER},
    {228, NO_LAYER, 0, 0, NUMBER, NULL, 0, IPV4},
    {229, NO_LAYER, 0, 0, NUMBER, NULL, 0, IPV6},
};

enum kind { ANYTHING, BYTES, IP_LENGTH, PACKET_LENGTH };

/* What a register holds. */
struct value {
	enum kind kind;
	const struct field *field; /* of BYTES, or NULL */
	const struct link *link;   /* it is this link type's protocol number */
	uint32_t mask;		   /* ANDed since */
};

#define ANY_PROTOCOL (-1)
#define PORT_PROTOCOL (-2) /* TCP, UDP or SCTP */

/* What is known before an instruction. */
struct state {
	bool reached;
	struct value a, x;
	enum layer network;
	int protocol;
	uint32_t tags; /* bytes of VLAN tags found */
};

struct explainer {
	const struct program *p;
	const struct link *link; /* NULL: a link type that is not known here */
	struct state *states;
	uint32_t *labels;
	struct str *out;
};

static const char *find_word(enum meaning meaning, uint32_t value)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (words[i].meaning == meaning && words[i].value == value)
			return words[i].name;
	}
	return NULL;
}

/* ---- following the program -----------------------------------------------*/

static bool same_value(const struct value *a, const struct value *b)
{
	return a->kind == b->kind && a->field == b->field &&
	       a->link == b->link && a->mask == b->mask;
}

static bool has_ports(int protocol)
{
	return protocol == 6 || protocol == 17 || protocol == 132 ||
	       protocol == PORT_PROTOCOL;
}

/* Another way leads to an instruction. */
static void meet(struct state *to, const struct state *from)
{
	if (!to->reached) {
		*to = *from;
		to->reached = true;
		return;
	}
	if (!same_value(&to->a, &from->a))
		to->a = (struct value){.kind = ANYTHING};
	if (!same_value(&to->x, &from->x))
		to->x = (struct value){.kind = ANYTHING};
	if (to->network != from->network || to->tags != from->tags)
		to->network = NO_LAYER;
	if (to->tags > from->tags)
		to->tags = from->tags;
	if (to->protocol != from->protocol)
		to->protocol =
		    has_ports(to->protocol) && has_ports(from->protocol)
			? PORT_PROTOCOL
			: ANY_PROTOCOL;
}

static const struct field *find_field(enum layer layer, uint32_t offset,
				      unsigned size)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct field *f = &fields[i];

		if (f->layer == layer && f->offset == offset && f->size == size)
			return f;
	}
	return NULL;
}

/* A field of what is carried by IP, from where that begins. */
static const struct field *find_transport(int protocol, uint32_t offset,
					  unsigned size)
{
	if (has_ports(protocol) && find_field(PORTS, offset, size))
		return find_field(PORTS, offset, size);
	switch (protocol) {
	case 6:
		return find_field(TCP, offset, size);
	case 17:
		return find_field(UDP, offset, size);
	case 1:
		return find_field(ICMP, offset, size);
	case 58:
		return find_field(ICMP6, offset, size);
	default:
		return NULL;
	}
}

/* What the bytes of a load are. */
static struct value load(const struct explainer *e, const struct state *s,
			 const struct insn *in)
{
	struct value v = {.kind = BYTES, .mask = UINT32_MAX};
	unsigned size = bpf_load_size(in->code);
	uint32_t header = e->link ? e->link->header + s->tags : 0;
	bool relative = opcode_of(in->code)->operand == OPERAND_IND;

	if (!e->link)
		return v;
	if (relative) {
		if (s->x.kind == IP_LENGTH && in->k >= header)
			v.field =
			    find_transport(s->protocol, in->k - header, size);
		return v;
	}
	if (e->link->type_size == size && in->k == e->link->type_at + s->tags) {
		v.link = e->link;
		return v;
	}
	if (in->k < header) {
		v.field = find_field(e->link->layer, in->k, size);
		return v;
	}
	if (s->network == IPV6 && in->k >= header + 40)
		v.field =
		    find_transport(s->protocol, in->k - header - 40, size);
	if (!v.field)
		v.field = find_field(s->network, in->k - header, size);
	return v;
}

/* The network layer that a protocol number of the link layer announces. */
static enum layer network_of(enum meaning meaning, uint32_t k)
{
	const char *name = find_word(meaning, k);

	if (meaning == FAMILY) /* AF_INET is 2 everywhere; in either order */
		return k == 2 || k == 0x02000000 ? IPV4 : NO_LAYER;
	if (!name)
		return NO_LAYER;
	return !strcmp(name, "IPv4")			       ? IPV4
	       : !strcmp(name, "IPv6")			       ? IPV6
	       : !strcmp(name, "ARP") || !strcmp(name, "RARP") ? ARP
							       : NO_LAYER;
}

/* A test for equality has said yes. */
static void learn(struct state *s, uint32_t k)
{
	const struct field *f = s->a.field;

	if (s->a.kind != BYTES)
		return;
	if (f && f->meaning == PROTOCOL && s->a.mask == UINT32_MAX)
		s->protocol = (int)k;
	if (!s->a.link)
		return;
	if (s->a.link->meaning == ETHERTYPE &&
	    (k == 0x8100 || k == 0x88a8 || k == 0x9100))
		s->tags += 4;
	else
		s->network = network_of(s->a.link->meaning, k);
}

/* Let instruction i work on the state. */
static void follow(struct explainer *e, size_t i)
{
	const struct insn *in = &e->p->insns[i];
	const struct opcode *op = opcode_of(in->code);
	struct state after = e->states[i], yes;

	if (op->sets & USE_A)
		after.a = (struct value){.kind = ANYTHING};
	if (op->sets & USE_X)
		after.x = (struct value){.kind = ANYTHING};
	if (op->operand == OPERAND_ABS || op->operand == OPERAND_IND)
		after.a = load(e, &e->states[i], in);
	else if (op->operand == OPERAND_MSH)
		after.x = (struct value){.kind = IP_LENGTH};
	else if (in->code == OP_LD_LEN)
		after.a = (struct value){.kind = PACKET_LENGTH};
	else if (in->code == OP_TAX)
		after.x = after.a;
	else if (in->code == OP_TXA)
		after.a = after.x;
	if (in->code == OP_AND_K && e->states[i].a.kind == BYTES) {
		after.a = e->states[i].a;
		after.a.mask &= in->k;
	}
	if (bpf_class(in->code) == CLASS_RET)
		return;
	if (bpf_class(in->code) != CLASS_JMP) {
		meet(&e->states[i + 1], &after);
		return;
	}
	yes = after;
	if (in->code == OP_JEQ_K)
		learn(&yes, in->k);
	if (bpf_target(e->p->insns, i) > i)
		meet(&e->states[bpf_target(e->p->insns, i)], &yes);
	if (in->code != OP_JA)
		meet(&e->states[i + 1 + in->jf], &after);
}

/* Nothing is known where a loop begins. */
static void forget_loops(struct explainer *e)
{
	for (size_t i = 0; i < e->p->n; i++) {
		size_t to;

		if (e->p->insns[i].code != OP_JA)
			continue;
		to = bpf_target(e->p->insns, i);
		if (to <= i)
			e->states[to] = (struct state){
			    .reached = true, .protocol = ANY_PROTOCOL};
	}
}

/* ---- words ---------------------------------------------------------------*/

static const char *title_of(const struct value *v)
{
	if (v->kind == IP_LENGTH)
		return "IP header length";
	if (v->kind == PACKET_LENGTH)
		return "packet length";
	if (v->kind == BYTES && v->link)
		return v->link->title;
	return v->kind == BYTES && v->field ? v->field->title : NULL;
}

static enum meaning meaning_of(const struct value *v)
{
	if (v->kind == BYTES && v->link)
		return v->link->meaning;
	return v->kind == BYTES && v->field ? v->field->meaning : NUMBER;
}

static void put_bytes(struct str *out, uint32_t offset, unsigned size)
{
	if (size == 1)
		str_printf(out, "byte %" PRIu32, offset);
	else
		str_printf(out, "bytes %" PRIu32 "-%" PRIu32, offset,
			   offset + size - 1);
}

static void explain_load(struct explainer *e, const struct state *s, size_t i)
{
	const struct insn *in = &e->p->insns[i];
	unsigned size = bpf_load_size(in->code);
	struct value v = load(e, s, in);
	const char *title = title_of(&v);

	if (in->k >= LINUX_AD_OFF && bpf_anc_name(in->k)) {
		str_printf(e->out, "A = %s, as the Linux kernel knows it",
			   bpf_anc_keyword(in->k) ? bpf_anc_keyword(in->k)
						  : bpf_anc_name(in->k));
		return;
	}
	str_puts(e->out, "A = ");
	if (title)
		str_printf(e->out, "%s (", title);
	if (opcode_of(in->code)->operand == OPERAND_IND) {
		put_bytes(e->out, in->k, size);
		str_puts(e->out, s->x.kind == IP_LENGTH ? " + IP header length"
							: " + X");
	} else {
		put_bytes(e->out, in->k, size);
	}
	if (title)
		str_putc(e->out, ')');
}

static void put_constant(struct str *out, enum meaning meaning, uint32_t k,
			 bool hex)
{
	const char *name = find_word(meaning, k);

	if (meaning == ADDRESS)
		str_printf(out, "%u.%u.%u.%u", k >> 24, k >> 16 & 0xff,
			   k >> 8 & 0xff, k & 0xff);
	else if (meaning == FAMILY && (k == 2 || k == 0x02000000))
		str_printf(out, "0x%" PRIx32 " (IPv4)", k);
	else if (hex || meaning == ETHERTYPE || meaning == VERSION)
		str_printf(out, "0x%" PRIx32, k);
	else
		str_printf(out, "%" PRIu32, k);
	if (name)
		str_printf(out, " (%s)", name);
}

static void put_way(struct explainer *e, const char *word, size_t to)
{
	const struct insn *in = &e->p->insns[to];

	str_printf(e->out, "%s", word);
	if (in->code == OP_RET_K)
		str_printf(e->out, "%s", in->k ? "accept" : "reject");
	else if (e->labels[to])
		str_printf(e->out, "L%" PRIu32, e->labels[to]);
	else
		str_puts(e->out, "go on");
}

static void put_ways(struct explainer *e, size_t i)
{
	put_way(e, "? yes: ", i + 1 + e->p->insns[i].jt);
	put_way(e, ", no: ", i + 1 + e->p->insns[i].jf);
}

/* The length of the prefix that a mask leaves; 33: not such a mask. */
static unsigned prefix_length(uint32_t mask)
{
	unsigned n = 0;

	while (n < 32 && mask >> (31 - n) & 1)
		n++;
	return n < 32 && mask << n ? 33 : n;
}

static void explain_test(struct explainer *e, const struct state *s, size_t i)
{
	const struct insn *in = &e->p->insns[i];
	const char *title = title_of(&s->a);
	enum meaning meaning = meaning_of(&s->a);
	bool with_x = opcode_of(in->code)->operand == OPERAND_TEST_X;
	unsigned op = in->code & 0xf0;

	str_puts(e->out, op == 0x40 ? "is any bit set in " : "is ");
	str_puts(e->out, title ? title : "A");
	if (op == 0x10 && !with_x && meaning == ADDRESS &&
	    prefix_length(s->a.mask) < 32) {
		str_puts(e->out, " in ");
		put_constant(e->out, meaning, in->k, false);
		str_printf(e->out, "/%u", prefix_length(s->a.mask));
		put_ways(e, i);
		return;
	}
	if (s->a.kind == BYTES && s->a.mask != UINT32_MAX)
		str_printf(e->out, " & 0x%" PRIx32, s->a.mask);
	str_puts(e->out, op == 0x20   ? " > "
			 : op == 0x30 ? " >= "
			 : op == 0x40 ? " & "
			 : s->a.kind == BYTES && s->a.mask != UINT32_MAX ? " = "
									 : " ");
	if (with_x)
		str_puts(e->out, title_of(&s->x) ? title_of(&s->x) : "X");
	else
		put_constant(e->out, meaning, in->k,
			     op == 0x40 || (!title && in->k > 9) ||
				 (meaning == NUMBER && in->k > 0xffff));
	put_ways(e, i);
}

static void explain_arithmetic(struct explainer *e, size_t i)
{
	static const char *const signs[16] = {"+",  "-",  "*", "/", "|", "&",
					      "<<", ">>", "-", "%", "^"};
	const struct insn *in = &e->p->insns[i];
	const char *sign = signs[in->code >> 4 & 0xf];

	if (in->code == OP_NEG)
		str_puts(e->out, "A = -A");
	else if (opcode_of(in->code)->operand == OPERAND_X)
		str_printf(e->out, "A = A %s X", sign);
	else if (opcode_of(in->code)->operand == OPERAND_HEX)
		str_printf(e->out, "A = A %s 0x%" PRIx32, sign, in->k);
	else
		str_printf(e->out, "A = A %s %" PRIu32, sign, in->k);
}

static void explain_other(struct explainer *e, size_t i)
{
	const struct insn *in = &e->p->insns[i];
	const struct opcode *op = opcode_of(in->code);
	const char *name = op->sets & USE_X ? "X" : "A";

	switch (op->operand) {
	case OPERAND_MSH:
		str_printf(e->out,
			   "X = IP header length (4 * low half of byte "
			   "%" PRIu32 ")",
			   in->k);
		break;
	case OPERAND_LEN:
		str_printf(e->out, "%s = packet length", name);
		break;
	case OPERAND_HEX:
		str_printf(e->out, "%s = %" PRIu32, name, in->k);
		break;
	case OPERAND_MEM:
		if (op->sets & USE_M)
			str_printf(e->out, "M[%" PRIu32 "] = %s", in->k,
				   op->uses & USE_X ? "X" : "A");
		else
			str_printf(e->out, "%s = M[%" PRIu32 "]", name, in->k);
		break;
	default:
		str_puts(e->out, in->code == OP_TAX ? "X = A" : "A = X");
	}
}

static void explain_insn(struct explainer *e, size_t i)
{
	const struct insn *in = &e->p->insns[i];
	const struct opcode *op = opcode_of(in->code);
	const struct state *s = &e->states[i];

	if (!s->reached)
		str_puts(e->out, "never reached");
	else if (op->operand == OPERAND_ABS || op->operand == OPERAND_IND)
		explain_load(e, s, i);
	else if (op->check == CHECK_TARGETS)
		explain_test(e, s, i);
	else if (in->code == OP_JA)
		put_way(e, "go to ", bpf_target(e->p->insns, i));
	else if (in->code == OP_RET_A)
		str_puts(e->out, "accept A bytes, or reject if A is 0");
	else if (in->code == OP_RET_K && in->k == 0)
		str_puts(e->out, "reject");
	else if (in->code == OP_RET_K)
		str_printf(e->out, "accept, at most %" PRIu32 " bytes", in->k);
	else if (bpf_class(in->code) == CLASS_ALU)
		explain_arithmetic(e, i);
	else
		explain_other(e, i);
}

static const struct link *find_link(uint32_t linktype)
{
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		if (links[i].linktype == linktype)
			return &links[i];
	}
	return NULL;
}

static void put_heading(const struct doc *doc, struct str *out)
{
	if (doc->expression) {
		str_puts(out, "; ");
		str_foreign(out, doc->expression, strlen(doc->expression));
		str_putc(out, '\n');
	}
	if (doc->linktype_name) {
		str_puts(out, "; for link type ");
		str_foreign(out, doc->linktype_name,
			    strlen(doc->linktype_name));
		str_putc(out, '\n');
	}
}

void syntax_put_explain(const struct doc *doc, struct str *out)
{
	const struct program *p = &doc->program;
	struct explainer e = {.p = p, .out = out};

	e.link = find_link(doc->linktype);
	e.labels = disasm_labels(p);
	e.states = calloc(p->n, sizeof(*e.states));
	if (!e.labels || !e.states) {
		out->failed = true;
		goto out;
	}
	e.states[0] =
	    (struct state){.reached = true,
			   .protocol = ANY_PROTOCOL,
			   .network = e.link ? e.link->network : NO_LAYER};
	forget_loops(&e);
	for (size_t i = 0; i < p->n; i++) {
		if (e.states[i].reached)
			follow(&e, i);
	}
	put_heading(doc, out);
	for (size_t i = 0; i < p->n; i++) {
		size_t start;

		if (e.labels[i])
			str_printf(out, "L%" PRIu32 ":", e.labels[i]);
		str_putc(out, '\t');
		start = out->len;
		disasm_asm(p, i, e.labels, out);
		str_pad(out, ' ',
			out->len - start < 28 ? 28 - (out->len - start) : 1);
		str_puts(out, "; ");
		explain_insn(&e, i);
		str_putc(out, '\n');
	}
out:
	free(e.labels);
	free(e.states);
}
