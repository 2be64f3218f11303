/* What plan, context, prefilter and program are. */
#include "where/stages.h"

#include "decode/flow/flow_table.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "os/seed.h"
#include "where/listing.h"
#include "where/parts.h"
#include "where/prefilter.h"

static void list_fields(const struct where *w, struct str *out)
{
	unsigned i, n = field_count();

	for (i = 0; i < n; i++)
		if (plan_wants(w->plan, field_at(i)->name))
			str_printf(out, "%s\n", field_at(i)->name);
}

static void list_protocols(const struct where *w, struct str *out)
{
	unsigned id;

	for (id = 1; id < PROTO_COUNT; id++)
		if (plan_looks_into(w->plan, (enum proto_id)id))
			str_printf(out, "%s\n", proto_at(id)->name);
}

static void list_state(const struct flow_context *c, struct str *out)
{
	if (c->tcp)
		str_puts(out, "TCP conversations\n");
	if (c->follow && c->wish.messages)
		str_puts(out, "messages reassembled from TCP segments\n");
	if (c->udp)
		str_puts(out, "UDP conversations\n");
	if (c->join)
		str_puts(out, "datagrams reassembled from IP fragments\n");
	if (c->open_quic)
		str_puts(out, "QUIC connections\n");
	if (c->use_rpc)
		str_puts(out, "RPC calls\n");
}

bool where_stages(const struct where *w, uint32_t linktype,
		  struct where_stages *out, struct err *err)
{
	struct flow_context context = {.mode = FLOW_LIVE};
	struct hash_seed seed;
	bool good;

	if (!w->program)
		return true;
	seed_get(&seed);
	good = flow_context_open(&context, w->plan, &seed, false,
				 where_joins(w), err);
	if (good) {
		prefilter_make(w->root, w->plan, &context, linktype,
			       &out->prefilter);
		list_fields(w, &out->fields);
		list_protocols(w, &out->protocols);
		list_state(&context, &out->state);
		program_list(w->program, &out->program);
	}
	flow_context_close(&context);
	if (out->fields.failed || out->protocols.failed || out->state.failed ||
	    out->program.failed)
		return err_nomem(err, "expression");
	return good;
}

void where_stages_fini(struct where_stages *s)
{
	program_fini(&s->prefilter);
	str_fini(&s->fields);
	str_fini(&s->protocols);
	str_fini(&s->state);
	str_fini(&s->program);
}
