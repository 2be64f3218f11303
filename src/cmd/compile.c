/*
 * compile: from a filter expression, or from a program in any form, to a
 * program in any form; and what it does to the packets of a savefile.
 */
#include "cmd/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/be.h"
#include "base/log.h"
#include "base/num.h"
#include "bpf/verify.h"
#include "capture/libpcap_filter.h"
#include "capture/linktype.h"
#include "capture/pcaplib.h"
#include "cmd/bpf_file.h"
#include "cmd/compile_where.h"
#include "cmd/config.h"
#include "cmd/expr_text.h"
#include "cmd/habits.h"
#include "cmd/message.h"
#include "file/savefile.h"
#include "os/bounded_child.h"
#include "os/sandbox.h"
#include "os/term.h"

#define LINKTYPE_ETHERNET 1
#define LINKTYPE_RAW 101
#define LINKTYPE_IPV4 228

/* ---- what is asked for ----------------------------------------------------
 */

/* A dotted mask, a number or a prefix length. */
static bool parse_netmask(const char *text, uint32_t *mask, struct err *err)
{
	uint64_t number;
	struct addr addr;

	if (num_u64(text, &number) && number <= UINT32_MAX) {
		if (number > 0 && number <= 32 && strncmp(text, "0x", 2) != 0)
			number = UINT32_MAX << (32 - number);
		*mask = (uint32_t)number;
		return true;
	}
	if (addr_parse(text, &addr) && addr.version == 4) {
		*mask = be32(addr.bytes);
		return true;
	}
	return err_set(err, ERR_USAGE,
		       "option -m: invalid netmask '%s': use 255.255.255.0",
		       text);
}

/* What a run learns of a savefile: the link type of its first interface. */
struct looker {
	struct sink sink;
	uint32_t linktype, snaplen;
	bool swapped;
	bool found;
};

static bool looker_iface(struct sink *s, const struct iface *iface,
			 struct err *err)
{
	struct looker *l = (struct looker *)s;

	(void)err;
	if (!l->found) {
		l->linktype = iface->linktype;
		l->snaplen = iface->snaplen;
		l->swapped = iface->swapped;
	}
	l->found = true;
	return true;
}

static enum verdict looker_packets(struct sink *s, const struct pkt *p,
				   size_t n)
{
	(void)s, (void)p, (void)n;
	return STOP;
}

static bool looker_close(struct sink *s, struct err *err)
{
	(void)s, (void)err; /* the caller's storage */
	return true;
}

static const struct sink_ops looker_ops = {
    .name = "looker",
    .iface = looker_iface,
    .packets = looker_packets,
    .close = looker_close,
};

/* What a child finds out about the file of -r. */
struct looked {
	bool good, found, swapped;
	uint32_t linktype, snaplen;
	struct err err;
};

/* In the child, which is sandboxed for that. */
static void look(void *path, struct str *out)
{
	struct looker looker = {.sink.ops = &looker_ops};
	struct source *source = NULL;
	struct looked looked;

	memset(&looked, 0, sizeof(looked));
	sandbox_may_read(path);
	if (sandbox_enter(&looked.err))
		source = savefile_open(path, NULL, &looked.err);
	looked.good = source && source_run(source, &looker.sink, &looked.err);
	source_close(source);
	looked.found = looker.found;
	looked.swapped = looker.swapped;
	looked.linktype = looker.linktype;
	looked.snaplen = looker.snaplen;
	str_put(out, &looked, sizeof(looked));
}

/* Compile as for the packets of the savefile of -r; -s has a say. */
static bool setup_for_file(const struct compile_conf *conf,
			   struct expr_setup *setup, struct err *err)
{
	static const struct limits limits = {
	    .cpu_s = 60,
	    .wall_s = 3600, /* a pipe may take its time */
	    .memory = (size_t)1 << 30,
	    .answer = sizeof(struct looked),
	    .input = true,
	};
	struct str out = STR_INIT;
	struct looked looked;
	bool good;

	/* unless it says something else */
	err_set(err, ERR_FAULT, "cannot be read");
	good = bounded_child_run(&limits, look, (char *)(uintptr_t)conf->read,
				 &out, err) == BOUNDED_DONE;
	if (good)
		memcpy(&looked, out.text, sizeof(looked));
	str_fini(&out);
	if (!good)
		return err_in_file(err, conf->read);
	if (!looked.good && !looked.found)
		return err_copy(err, &looked.err);
	if (!looked.found) {
		err_set(err, ERR_USAGE, "has no interface to compile for");
		return err_in_file(err, conf->read);
	}
	if (!conf->snaplen)
		setup->snaplen = looked.snaplen;
	setup->linktype = looked.linktype;
	setup->swapped = looked.swapped;
	setup->savefile = true;
	setup->nopcap = false; /* that knows no savefile */
	return true;
}

static const struct bpf_syntax *wanted_form(const struct compile_conf *conf)
{
	static const char *const dumps[] = {"list", "c", "decimal"};

	if (conf->json)
		return bpf_syntax_find("json");
	if (conf->form >= 0 && conf->form != COMPILE_FORM_PCAP)
		return &bpf_syntaxes[conf->form];
	if (conf->dump > 0)
		return bpf_syntax_find(
		    dumps[conf->dump > 3 ? 2 : conf->dump - 1]);
	return bpf_syntax_find("list");
}

/* The link type that the options name; with -i it is not known yet. */
static bool choose_linktype(const struct compile_conf *conf,
			    struct expr_setup *setup, struct err *err)
{
	if (conf->linktype)
		return linktype_parse(conf->linktype, &setup->linktype, err);
	if (conf->read)
		return setup_for_file(conf, setup, err);
	setup->linktype = !strcmp(wanted_form(conf)->name, "xt_bpf")
			      ? LINKTYPE_RAW
			      : LINKTYPE_ETHERNET;
	return true;
}

/* The expression of the operands or of -F. */
static bool take_text(const struct compile_conf *conf, const struct args *args,
		      int words, struct str *text, struct err *err)
{
	if (conf->expr_file && words > 0)
		return err_set(err, ERR_USAGE,
			       "an expression in a file (-F) and one on the "
			       "command line");
	if (conf->expr_file)
		return expr_text_file(text, conf->expr_file, err);
	expr_text_words(text, args->operands, words);
	return !text->failed || err_nomem(err, "expression");
}

/* What a file says of programs or packets is about to be read: have the text
   compiled outside. *compiler stays NULL if no file is given. */
static bool enter_sandbox(const struct compile_conf *conf, bool text,
			  const char *operand, struct expr_compiler **compiler,
			  struct err *err)
{
	if (!conf->bpf && !compile_examines(conf))
		return true;
	if (!sandbox_ahead())
		return true;
	/* of the programs' texts and link types' names */
	if (!pcaplib_ready(err))
		return false;
	if (text || conf->compare)
		*compiler = expr_compiler_open(err);
	if ((text || conf->compare) && !*compiler)
		return false;
	sandbox_may_read(conf->bpf);
	sandbox_may_read(conf->run);
	sandbox_may_read(conf->profile);
	sandbox_may_read(operand);
	config_allow();
	return compile_trace_allow(conf, err) && sandbox_enter(err);
}

/* Compile the text into doc, for an interface or a link type. */
static bool compile_text(const struct compile_conf *conf, const char *text,
			 struct expr_setup *setup, struct doc *doc,
			 struct err *err)
{
	const char *name;

	if (conf->interface ? !expr_compile_live(conf->interface, text, setup,
						 &doc->program, err)
			    : !expr_compile(text, setup, &doc->program, err)) {
		habits_filter_hint(text, HABITS_NO_WHERE);
		return false;
	}
	name = linktype_name(setup->linktype);
	doc->linktype = setup->linktype;
	doc->dlt = (uint32_t)linktype_dlt(setup->linktype);
	doc->snaplen = setup->snaplen;
	doc->netmask = setup->netmask;
	doc->optimized = setup->optimize;
	return doc_text(&doc->expression, text, strlen(text), err) &&
	       (!name ||
		doc_text(&doc->linktype_name, name, strlen(name), err));
}

/* ---- output ---------------------------------------------------------------
 */

/* iptables (xt_bpf.h) takes no longer ones. */
#define XT_BPF_MAX 64

/* What is worth a warning about a program in this form. */
static void warn_about(const struct bpf_syntax *form, const struct doc *doc)
{
	if (strcmp(form->name, "xt_bpf") != 0)
		return;
	if (doc->program.n > XT_BPF_MAX)
		log_warn("iptables accepts at most %d instructions, not %u",
			 XT_BPF_MAX, doc->program.n);
	if (doc->linktype != DOC_UNKNOWN && doc->linktype != LINKTYPE_RAW &&
	    doc->linktype != LINKTYPE_IPV4)
		log_warn("iptables passes its filters packets from the IP "
			 "header on: -y RAW is for that");
}

static int print_program(const struct bpf_syntax *form, struct doc *doc)
{
	struct str out = STR_INIT;
	struct err err;
	int status = 0;

	if (form->binary && term_stdout()) {
		err_set(&err, ERR_USAGE,
			"%s is binary, and standard output is a terminal",
			form->name);
		return message_err(&err);
	}
	if (form->binary && doc->program.n > UINT16_MAX) {
		err_set(&err, ERR_FAULT,
			"a cBPF file holds at most %u instructions, not %u",
			UINT16_MAX, doc->program.n);
		return message_err(&err);
	}
	warn_about(form, doc);
	/* The listing is exactly what the library in use makes of it, unless it
	   does not know an instruction: "unimp". */
	if (strcmp(form->name, "list") != 0 ||
	    !libpcap_filter_list(&doc->program, &out) ||
	    strstr(str_text(&out), " unimp ")) {
		str_clear(&out);
		form->put(doc, &out);
	}
	if (!message_out(&out))
		status = report_out_status();
	str_fini(&out);
	return status;
}

/* --engine libpcap: the library prints it. */
static int print_by_libpcap(const struct compile_conf *conf,
			    const struct program *p)
{
	struct str nothing = STR_INIT;
	struct err err;

	if (!libpcap_filter_dump(p, conf->dump > 3 ? 3 : conf->dump, &err))
		return message_err(&err);
	return message_out(&nothing) ? 0 : report_out_status();
}

/* --verify: would the kernel take it? */
static int print_verdict(const struct compile_conf *conf,
			 const struct program *p)
{
	struct str out = STR_INIT;
	struct err err = {0};
	size_t at;
	bool good = bpf_verify(p->insns, p->n, VERIFY_KERNEL, &at, &err);
	int status = good ? 0 : 1;

	if (conf->json) {
		str_printf(&out, "{\"valid\":%s,\"instructions\":%u",
			   good ? "true" : "false", p->n);
		if (!good && at < p->n)
			str_printf(&out, ",\"instruction\":%zu", at);
		if (!good) {
			str_puts(&out, ",\"reason\":");
			str_json_text(&out, err.text);
		}
		str_puts(&out, "}\n");
	} else if (good) {
		str_printf(&out, "valid: %u instructions\n", p->n);
	} else {
		str_printf(&out, "not valid: %s\n", err.text);
	}
	if (!message_out(&out))
		status = report_out_status();
	str_fini(&out);
	return status;
}

/* ---- the command ----------------------------------------------------------
 */

/* Options that make no sense together. */
static bool check_conf(const struct compile_conf *conf, int operands,
		       struct err *err)
{
	int examines = (conf->run != NULL) + (conf->profile != NULL) +
		       (conf->trace != NULL) + (conf->compare != NULL);
	int places = (conf->linktype != NULL) + (conf->interface != NULL) +
		     (conf->read != NULL);

	if (examines > 1)
		return err_set(err, ERR_USAGE,
			       "one of --run, --profile, --trace and --compare "
			       "at a time");
	if (examines && (conf->dump || conf->form >= 0 || conf->verify))
		return err_set(err, ERR_USAGE,
			       "a program is printed or run, not both");
	if (examines && places)
		return err_set(err, ERR_USAGE,
			       "the link types are those of the file that the "
			       "program is run on: no -y, -i or -r then");
	if (places > 1)
		return err_set(err, ERR_USAGE,
			       "one of -y, -i and -r at a time");
	if ((conf->dump > 0) + (conf->form >= 0) + conf->json > 1)
		return err_set(err, ERR_USAGE,
			       "one of -d, --as and --json at a time");
	if (conf->bpf && (operands > 0 || conf->expr_file || places))
		return err_set(err, ERR_USAGE,
			       "option --bpf replaces the expression "
			       "and of its link type");
	if (conf->engine == ENGINE_LIBPCAP && (conf->profile || conf->trace))
		return err_set(err, ERR_USAGE,
			       "option --engine: libpcap has no --profile and "
			       "no --trace");
	if (conf->engine == ENGINE_LIBPCAP && conf->allow_loops)
		return err_set(err, ERR_USAGE,
			       "option --engine: libpcap has no loop limit; "
			       "not usable with --allow-loops");
	if (conf->compare && conf->bpf && !strcmp(conf->compare, "-O"))
		return err_set(err, ERR_USAGE,
			       "option --compare -O: a compiled program cannot "
			       "be reoptimized");
	return true;
}

/* What a field expression does not go with. */
static bool check_where(const struct compile_conf *conf, int operands,
			struct err *err)
{
	if (!select_has_where(&conf->select))
		return conf->form != COMPILE_FORM_PCAP ||
		       err_set(err, ERR_USAGE,
			       "option --as pcap is for field expressions "
			       "(--where)");
	if (operands > 0 || conf->expr_file || conf->bpf || conf->run ||
	    conf->profile || conf->trace || conf->compare || conf->verify ||
	    conf->interface)
		return err_set(err, ERR_USAGE,
			       "option --where goes with --as, --json, -y and "
			       "-r only");
	if (conf->dump ||
	    (conf->form >= 0 && conf->form != COMPILE_FORM_explain &&
	     conf->form != COMPILE_FORM_json &&
	     conf->form != COMPILE_FORM_PCAP))
		return err_set(err, ERR_USAGE,
			       "field expressions have the forms explain, json "
			       "and pcap only");
	return true;
}

/* Print, check or run the program that is in doc or (text) is to be made. */
static int compile_do(const struct compile_conf *conf, const char *text,
		      struct expr_setup *setup, struct doc *doc,
		      struct expr_compiler *compiler, const char *operand)
{
	const struct recipe recipe = {.text = text,
				      .compiler = compiler,
				      .fixed = &doc->program,
				      .setup = *setup};
	struct err err = {0};

	if (compile_examines(conf))
		return compile_examine(conf, &recipe,
				       conf->run       ? conf->run
				       : conf->profile ? conf->profile
				       : conf->trace   ? conf->trace
						       : operand);
	if (text && !compile_text(conf, text, setup, doc, &err))
		return message_err(&err);
	if (text && !bpf_verify(doc->program.insns, doc->program.n,
				VERIFY_LOOPS, NULL, &err))
		return message_err(&err);
	if (conf->engine == ENGINE_LIBPCAP &&
	    !libpcap_filter_check(&doc->program, &err))
		return message_err(&err);
	if (conf->verify)
		return print_verdict(conf, &doc->program);
	if (conf->engine == ENGINE_LIBPCAP && conf->dump > 0)
		return print_by_libpcap(conf, &doc->program);
	return print_program(wanted_form(conf), doc);
}

static int compile_run(const struct ctx *ctx, void *config,
		       const struct args *args)
{
	const struct compile_conf *conf = config;
	struct expr_setup setup = {
	    .snaplen = conf->snaplen ? (uint32_t)conf->snaplen : EXPR_SNAPLEN,
	    .netmask = conf->interface ? EXPR_NO_NETMASK : 0,
	    .optimize = !conf->unoptimized,
	    .nopcap = conf->engine == ENGINE_LIBPCAP,
	};
	int words = args->n - (conf->compare ? 1 : 0);
	struct expr_compiler *compiler = NULL;
	struct str text = STR_INIT;
	struct doc doc = DOC_INIT;
	struct err err = {0};
	const char *operand;
	int status;

	(void)ctx;
	if (words < 0)
		err_set(&err, ERR_USAGE, "no file to compare on");
	else if (check_conf(conf, words, &err) &&
		 check_where(conf, words, &err) &&
		 (!conf->netmask ||
		  parse_netmask(conf->netmask, &setup.netmask, &err)))
		take_text(conf, args, words, &text, &err);
	operand = words < args->n && words >= 0 ? args->operands[words] : NULL;
	if (err.kind != ERR_NONE) {
		status = message_usage(&err, "compile");
	} else if (!enter_sandbox(conf, !conf->bpf, operand, &compiler, &err)) {
		status = message_err(&err);
	} else if (conf->bpf ? !bpf_file_read(conf->bpf, conf->allow_loops,
					      &doc, &err)
			     : !choose_linktype(conf, &setup, &err)) {
		status = message_err(&err);
	} else if (select_has_where(&conf->select)) {
		status = compile_where(conf, setup.linktype);
	} else {
		status = compile_do(conf, conf->bpf ? NULL : str_text(&text),
				    &setup, &doc, compiler, operand);
	}
	expr_compiler_close(compiler);
	str_fini(&text);
	doc_fini(&doc);
	return status;
}

static const struct example compile_examples[] = {
    {"pcaptool compile -d tcp port 80",
     "List the program that tcpdump would use."},
    {"pcaptool compile --as explain 'icmp[icmptype] == icmp-echo'",
     "Explain each instruction."},
    {"pcaptool compile 'host 192.0.2.1' --trace in.pcap:17",
     "Why does packet 17 match, or not?"},
    {"pcaptool compile --where 'tcp.port == 80' --as pcap",
     "Which capture filter selects the same packets?"},
    {"pcaptool compile tcp --compare 'ip proto 6' in.pcap",
     "Which packets do two filters disagree on?"},
    {0},
};

static void compile_operands(const struct operand_at *place, struct str *out)
{
	if (!place->program)
		opt_values_expression(out);
}

const struct command compile_command = {
    .name = "compile",
    .operands = "[EXPRESSION...] [FILE]",
    .summary = "compile, print, check and try packet filters",
    .about = "Compile EXPRESSION (see pcap-filter(7)) to a BPF program, or "
	     "read one from a file, and print it in one of many forms; or "
	     "run it on the packets of a savefile. Needs neither an "
	     "interface nor privileges. Only --compare takes a "
	     "FILE, as the last operand.",
    .groups = compile_groups,
    .defaults = &compile_defaults,
    .conf_size = sizeof(struct compile_conf),
    .values = compile_operands,
    .examples = compile_examples,
    .run = compile_run,
};
