/*
 * What a capture selects by. The kernel gets what it can do: expressions and
 * the program of --bpf. The rest is the selection that the other commands use.
 */
#include "cmd/capture_select.h"

#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "bpf/insn.h"
#include "bpf/verify.h"
#include "cmd/expr_text.h"
#include "os/ssh.h"
#include "pkt/headers.h"
#include "pkt/snap.h"

/* With --invert there is one expression, judged by the stage: what it cannot
   say about a short packet is a no, which the kernel would not turn around. */
static bool one_expression(const struct capture_conf *conf, struct err *err)
{
	size_t i;

	for (i = 0; i < conf->n; i++)
		if (conf->ifaces[i].filter != conf->common.filter ||
		    conf->ifaces[i].filter_file != conf->common.filter_file)
			return err_set(err, ERR_USAGE,
				       "with --invert all interfaces have the "
				       "same expression: -f and -F go before "
				       "the first -i");
	return true;
}

/* Hand the program to the kernel, or see that it can do without it. */
static bool place_program(struct capture_select *c, struct err *err)
{
	const struct program *p = &c->selection.program;

	if (p->n == 0)
		return true;
	if (!c->conf.invert && !c->capture->n_streams &&
	    bpf_verify(p->insns, p->n, VERIFY_KERNEL, NULL, NULL)) {
		c->kernel_program = true;
		c->conf.bpf = NULL;
		selection_leave_program(&c->selection);
		return true;
	}
	if (bpf_needs_kernel(p->insns, p->n))
		return err_set(err, ERR_USAGE,
			       "the program (--bpf) reads what only the kernel "
			       "knows, and the kernel cannot run it%s",
			       c->conf.invert	       ? " with --invert"
			       : c->capture->n_streams ? " for streams"
						       : "");
	return true;
}

/* --not-me: as an expression, and as a note of what will be missing. */
static bool take_not_me(struct capture_select *c, struct err *err)
{
	struct ssh_connection ssh;
	char client[ADDR_TEXT], server[ADDR_TEXT];

	if (!ssh_find(&ssh, err))
		return false;
	addr_text(ssh.client.addr.version, ssh.client.addr.bytes, client);
	addr_text(ssh.server.addr.version, ssh.server.addr.bytes, server);
	str_printf(&c->not_me,
		   "not (tcp and host %s and port %u and host %s and port %u)",
		   client, ssh.client.port, server, ssh.server.port);
	log_note("leaving out the ssh connection from %s port %u to %s port %u",
		 client, ssh.client.port, server, ssh.server.port);
	return !c->not_me.failed || err_nomem(err, "expression");
}

bool capture_select_init(struct capture_select *c,
			 const struct capture_conf *conf,
			 const struct args *args, struct err *err)
{
	struct str words = STR_INIT;
	bool good = true;

	memset(c, 0, sizeof(*c));
	c->capture = conf;
	c->args = args;
	c->conf = conf->select;
	c->conf.unoptimized = conf->no_optimize;
	c->conf.decoding = print_conf_decoding(&conf->printing);
	c->conf.show_refused = capture_prints(conf);
	if (c->conf.invert)
		good = one_expression(conf, err) &&
		       capture_filter(&conf->common, args, &words, err);
	good = good && (!conf->not_me || take_not_me(c, err)) &&
	       selection_init(&c->selection, &c->conf,
			      words.len ? str_text(&words) : NULL, NULL, err) &&
	       place_program(c, err);
	str_fini(&words);
	return good;
}

void capture_select_fini(struct capture_select *c)
{
	selection_fini(&c->selection);
	str_fini(&c->not_me);
}

bool capture_select_filter(const struct capture_select *c,
			   const struct capture_iface *iface,
			   struct str *filter, struct err *err)
{
	if (!c->conf.invert && !capture_filter(iface, c->args, filter, err))
		return false;
	expr_text_and(filter, str_text(&c->not_me));
	return !filter->failed || err_nomem(err, "expression");
}

const struct program *capture_select_program(const struct capture_select *c)
{
	return c->kernel_program ? &c->selection.program : NULL;
}

bool capture_select_suits(const struct capture_select *c,
			  const struct live *live, struct err *err)
{
	const struct handle *h;
	size_t i;

	for (i = 0; (h = live_handle(live, i)); i++)
		if (capture_headers(c->capture) && !headers_known(h->linktype))
			return err_set(err, ERR_USAGE,
				       "%s: -s headers: the headers of link "
				       "type %u are not known",
				       h->options.device, h->linktype);
	return true;
}

bool capture_selects(const struct capture_select *c)
{
	return c->conf.invert || select_any(&c->conf, NULL);
}

struct sink *capture_select_open(const struct capture_select *c,
				 struct sink *next, struct err *err)
{
	if (capture_headers(c->capture))
		next = snap_headers_open(next, err);
	return next && capture_selects(c)
		   ? selection_open(&c->selection, SELECT_ONCE, NULL, next, err)
		   : next;
}
