/*
 * The sink that prints: decodes packets and hands them to a form, either at
 * once or by several threads.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "decode/flow/flow_table.h"
#include "os/seed.h"
#include "output/columns.h"
#include "output/print_pool.h"
#include "output/text_writer.h"
#include "pkt/ifcopy.h"
#include "pkt/options.h"

#define OUTPUT(name, title) #name,
const char *const print_form_names[] = {
#include "output/outputs.def"
    NULL,
};
#undef OUTPUT

struct printer {
	struct sink sink;
	struct print_run run;
	struct text_writer writer;
	struct iface **ifaces; /* copies, in the order of arrival */
	size_t n_ifaces;
	struct worker own; /* the caller's */
	struct timeline times;
	struct flow_context context; /* owns what the workers use */
	struct print_pool *pool;     /* NULL: one thread */
	enum verdict spilled;	     /* of text that was written early */
};

/* ---- interfaces --------------------------------------------------------- */

static bool printer_iface(struct sink *sink, const struct iface *iface,
			  struct err *err)
{
	struct printer *p = (struct printer *)sink;
	struct iface **list =
	    realloc(p->ifaces, (p->n_ifaces + 1) * sizeof(struct iface *));

	if (!list)
		return err_nomem(err, "interfaces");
	p->ifaces = list;
	list[p->n_ifaces] = iface_copy_shown(iface, err);
	if (!list[p->n_ifaces])
		return false;
	p->n_ifaces++;
	return true;
}

static const struct iface *find_iface(const struct printer *p, uint32_t id)
{
	size_t i;

	if (id < p->n_ifaces && p->ifaces[id]->id == id)
		return p->ifaces[id];
	for (i = p->n_ifaces; i > 0; i--)
		if (p->ifaces[i - 1]->id == id)
			return p->ifaces[i - 1];
	return NULL;
}

/* ---- the sink ----------------------------------------------------------- */

/* Text beyond this is written before a packet's is complete. */
#define SPILL ((size_t)512 << 10)

static void spill_here(struct presenter *form, struct str *out)
{
	struct printer *p = form->spill_to;
	enum verdict verdict = text_writer_flush(&p->writer, &p->sink.err);

	(void)out; /* is the writer's */
	if (p->spilled == GO_ON)
		p->spilled = verdict;
}

static enum verdict print_here(struct printer *p, const struct pkt *pkt,
			       size_t n)
{
	enum verdict verdict = GO_ON;
	size_t i;

	for (i = 0; i < n && verdict == GO_ON; i++) {
		worker_print(&p->own, &pkt[i], find_iface(p, pkt[i].iface),
			     &p->times, &p->writer.text);
		if (p->spilled != GO_ON)
			return p->spilled;
		verdict = p->run.options.unbuffered
			      ? text_writer_flush(&p->writer, &p->sink.err)
			      : text_writer_check(&p->writer, &p->sink.err);
	}
	return verdict;
}

static enum verdict print_by_crew(struct printer *p, const struct pkt *pkt,
				  size_t n)
{
	enum verdict verdict = GO_ON;
	size_t i;

	for (i = 0; i < n && verdict == GO_ON; i++)
		verdict =
		    print_pool_add(p->pool, &pkt[i],
				   find_iface(p, pkt[i].iface), &p->sink.err);
	return verdict;
}

static enum verdict printer_packets(struct sink *sink, const struct pkt *pkt,
				    size_t n)
{
	struct printer *p = (struct printer *)sink;

	return p->pool ? print_by_crew(p, pkt, n) : print_here(p, pkt, n);
}

/* A file's own names come before the packets that they are for. */
static bool printer_block(struct sink *sink, const struct block *block,
			  struct err *err)
{
	struct presenter *form = ((struct printer *)sink)->own.form;

	(void)err;
	if (form->ops->block)
		form->ops->block(form, block);
	return true;
}

static void printer_lend(struct sink *sink, struct buffer_ref *hold)
{
	struct printer *p = (struct printer *)sink;

	if (p->pool)
		print_pool_lend(p->pool, hold);
}

/* The header, and everything that was printed so far. */
static enum verdict printer_out(struct printer *p, struct err *err)
{
	enum verdict verdict = GO_ON;

	if (p->pool)
		verdict = print_pool_drain(p->pool, err);
	return verdict == GO_ON ? text_writer_flush(&p->writer, err) : verdict;
}

static bool printer_flush(struct sink *sink, struct err *err)
{
	return printer_out((struct printer *)sink, err) != FAILED;
}

static void printer_free(struct printer *p)
{
	size_t i;

	print_pool_close(p->pool);
	worker_fini(&p->own);
	for (i = 0; i < p->n_ifaces; i++)
		free(p->ifaces[i]);
	free(p->ifaces);
	text_writer_fini(&p->writer);
	flow_context_close(&p->context);
	plan_close(p->run.plan);
	columns_close(&p->run);
	free((char *)p->run.options.separator);
	free(p);
}

/* Lines of nothing but separators are rarely what was wanted. */
static void tell_empty(const struct printer *p)
{
	const struct print_options *o = &p->run.options;
	uint64_t n = p->own.form->empty;

	if (p->pool)
		n += print_pool_empty(p->pool);
	if (n && p->run.n_columns && !o->only_with &&
	    (o->form == PRINT_tsv || o->form == PRINT_csv))
		log_note("%" PRIu64 " packet(s) have none of the fields: "
			 "--only-with-fields leaves them out",
			 n);
}

/* Limits that packets exceeded. */
static void tell_cut(const struct printer *p)
{
	struct cut cut = p->own.cut;

	if (p->pool)
		cut_add(&cut, print_pool_cut(p->pool));
	if (cut.packets)
		log_note("packet %" PRIu64 "%s shown in part (limits: %d "
			 "layers, %d values, %d comments, %zu KiB of options)",
			 cut.first, cut.packets > 1 ? " and others are" : " is",
			 DISSECT_LAYERS, DISSECT_VALUES, DISSECT_COMMENTS,
			 OPTIONS_SHOWN >> 10);
}

static bool printer_close(struct sink *sink, struct err *err)
{
	struct printer *p = (struct printer *)sink;
	bool good = printer_out(p, err) != FAILED;

	tell_empty(p);
	tell_cut(p);
	flow_context_warn(&p->context);
	printer_free(p);
	return good;
}

static const struct sink_ops printer_ops = {
    .name = "print",
    .iface = printer_iface,
    .packets = printer_packets,
    .lend = printer_lend,
    .flush = printer_flush,
    .close = printer_close,
};

/* With -N, which is done by one thread. */
static const struct sink_ops printer_names_ops = {
    .name = "print",
    .iface = printer_iface,
    .packets = printer_packets,
    .block = printer_block,
    .flush = printer_flush,
    .close = printer_close,
};

/* ---- opening ------------------------------------------------------------ */

static bool open_decoding(struct printer *p, struct err *err)
{
	const struct print_options *o = &p->run.options;
	const struct presenter_ops *form = presenter_find(o->form);
	/* lines show fragments as they are */
	bool lines = o->form == PRINT_text;
	struct flow_context context;
	struct hash_seed seed;
	size_t i;

	p->run.plan = plan_open(err);
	if (!p->run.plan)
		return false;
	for (i = 0; i < o->n_force; i++)
		if (!plan_force(p->run.plan, o->force[i], err))
			return false;
	if (o->fields && !columns_open(&p->run, o->fields, err))
		return false;
	if (form->wish)
		form->wish(o, p->run.plan);
	plan_ready(p->run.plan);
	seed_get(&seed);
	if (!flow_context_open(
		&p->context, p->run.plan, &seed, lines && !o->raw_seq,
		o->apart ? 0
		: lines	 ? REASSEMBLE_MESSAGES
			 : REASSEMBLE_MESSAGES | REASSEMBLE_FRAGMENTS,
		err))
		return false;
	context = p->context;
	context.raw_lines = o->raw_seq;
	if (o->jobs > 1 && !o->unbuffered && !o->names) {
		p->pool = print_pool_open(&p->run, (size_t)o->jobs, &p->own,
					  &context, &p->writer, err);
		if (!p->pool)
			return false;
	}
	if (!worker_init(&p->own, &p->run, &context, err))
		return false;
	if (p->pool)
		return true;
	p->own.form->spill = spill_here;
	p->own.form->spill_to = p;
	p->own.form->room = SPILL;
	return true;
}

struct sink *print_open(const struct print_options *options, int fd,
			struct err *err)
{
	struct printer *p = calloc(1, sizeof(*p));

	if (!p || !text_writer_init(&p->writer, fd, err)) {
		free(p);
		err_nomem(err, "output");
		return NULL;
	}
	p->sink.ops = options->names ? &printer_names_ops : &printer_ops;
	p->run.options = *options;
	if (options->separator)
		p->run.options.separator = strdup(options->separator);
	if (!open_decoding(p, err)) {
		printer_free(p);
		return NULL;
	}
	p->run.options.fields = NULL; /* the caller's; not needed again */
	p->run.options.macros = NULL;
	p->run.options.force = NULL;
	if (p->own.form->ops->head)
		p->own.form->ops->head(p->own.form, &p->writer.text);
	return &p->sink;
}

struct sink *text_sink_open(const struct print_options *options, int fd,
			    struct err *err)
{
	struct print_options text = *options;

	text.form = PRINT_text;
	return print_open(&text, fd, err);
}
