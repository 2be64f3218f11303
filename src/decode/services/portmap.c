/* The port mapper, and rpcbind (RFC 1833). */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"
#include "decode/services/rpc.h"

enum {
	PM_PROCEDURE_V1,
	PM_PROCEDURE_V2,
	PM_PROCEDURE_V3,
	PM_PROCEDURE_V4,
	PM_PROG,
	PM_VERSION,
	PM_PROTO,
	PM_PROC,
	PM_PORT,
	PM_ANSWER,
	PM_ARGS,
	PM_RESULT,
	PM_RPCB,
	PM_RPCB_PROG,
	PM_RPCB_VERSION,
	PM_RPCB_NETID,
	PM_RPCB_ADDR,
	PM_RPCB_OWNER,
	PM_UADDR,
};

enum { SET = 1, UNSET, GET, DUMP, CALLIT, INDIRECT = 10, GETVERSADDR = 9 };

static const struct names v2_names[] = {
    {0, "NULL"}, {SET, "SET"},	{UNSET, "UNSET"}, {GET, "GETPORT"},
    {4, "DUMP"}, {5, "CALLIT"}, {0, NULL},
};

static const struct names v3_names[] = {
    {0, "NULL"},	{SET, "SET"},	    {UNSET, "UNSET"},
    {GET, "GETADDR"},	{4, "DUMP"},	    {5, "CALLIT"},
    {6, "GETTIME"},	{7, "UADDR2TADDR"}, {8, "TADDR2UADDR"},
    {9, "GETVERSADDR"}, {10, "INDIRECT"},   {11, "GETADDRLIST"},
    {12, "GETSTAT"},	{0, NULL},
};

static const struct field fields[] = {
    [PM_PROCEDURE_V1] =
	NAMED("portmap.procedure_v1", "Procedure", 0, FIELD_LINE, v2_names),
    [PM_PROCEDURE_V2] =
	NAMED("portmap.procedure_v2", "Procedure", 0, FIELD_LINE, v2_names),
    [PM_PROCEDURE_V3] =
	NAMED("portmap.procedure_v3", "Procedure", 0, FIELD_LINE, v3_names),
    [PM_PROCEDURE_V4] =
	NAMED("portmap.procedure_v4", "Procedure", 0, FIELD_LINE, v3_names),
    [PM_PROG] = UINT("portmap.prog", "Program", 4, FIELD_LINE),
    [PM_VERSION] = UINT("portmap.version", "Version", 4, 0),
    [PM_PROTO] = UINT("portmap.proto", "Protocol", 4, 0),
    [PM_PROC] = UINT("portmap.proc", "Procedure", 4, 0),
    [PM_PORT] = UINT("portmap.port", "Port", 4, FIELD_LINE),
    [PM_ANSWER] = FLAG("portmap.answer", "Answer", 4, 0),
    [PM_ARGS] = BYTES("portmap.args", "Arguments", 0, 0),
    [PM_RESULT] = BYTES("portmap.result", "Result", 0, 0),
    [PM_RPCB] = HEADING("portmap.rpcb", "RPCB"),
    [PM_RPCB_PROG] = UINT("portmap.rpcb.prog", "Program", 4, 0),
    [PM_RPCB_VERSION] = UINT("portmap.rpcb.version", "Version", 4, 0),
    [PM_RPCB_NETID] = TEXT("portmap.rpcb.netid", "Network id", 0),
    [PM_RPCB_ADDR] = TEXT("portmap.rpcb.addr", "Universal address", 0),
    [PM_RPCB_OWNER] = TEXT("portmap.rpcb.owner", "Owner", 0),
    [PM_UADDR] = TEXT("portmap.uaddr", "Universal address", FIELD_LINE),
};

static void decode_mapping(struct dissect *d, struct cur *c)
{
	take_rows(d, c, &fields[PM_PROG], &fields[PM_PROTO]);
	take(d, c, &fields[PM_PORT]);
}

static void decode_rpcb(struct dissect *d, struct cur *c)
{
	add_uint(d, &fields[PM_RPCB], 0);
	take_rows(d, c, &fields[PM_RPCB_PROG], &fields[PM_RPCB_VERSION]);
	xdr_take(d, c, &fields[PM_RPCB_NETID]);
	xdr_take(d, c, &fields[PM_RPCB_ADDR]);
	xdr_take(d, c, &fields[PM_RPCB_OWNER]);
}

static void decode_call(struct dissect *d, struct cur *c, bool old,
			uint32_t procedure)
{
	switch (procedure) {
	case SET:
	case UNSET:
	case GET:
		if (old)
			decode_mapping(d, c);
		else
			decode_rpcb(d, c);
		break;
	case CALLIT:
	case INDIRECT:
		take_rows(d, c, &fields[PM_PROG], &fields[PM_VERSION]);
		take(d, c, &fields[PM_PROC]);
		xdr_take(d, c, &fields[PM_ARGS]);
		break;
	case GETVERSADDR:
		decode_rpcb(d, c);
		break;
	}
}

static void decode_reply(struct dissect *d, struct cur *c, bool old,
			 uint32_t procedure)
{
	switch (procedure) {
	case SET:
	case UNSET:
		take(d, c, &fields[PM_ANSWER]);
		break;
	case GET:
	case GETVERSADDR:
		if (old)
			take(d, c, &fields[PM_PORT]);
		else
			xdr_take(d, c, &fields[PM_UADDR]);
		break;
	case DUMP:
		while (c->state == CUR_OK && xdr_follows(d, c)) {
			if (old)
				decode_mapping(d, c);
			else
				decode_rpcb(d, c);
		}
		break;
	case CALLIT:
	case INDIRECT:
		if (old)
			take(d, c, &fields[PM_PORT]);
		else
			xdr_take(d, c, &fields[PM_UADDR]);
		xdr_take(d, c, &fields[PM_RESULT]);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct layer *rpc = d->layer - 1;
	uint32_t version = rpc->fact[RPC_FACT_VERSION];
	uint32_t procedure = rpc->fact[RPC_FACT_PROCEDURE];

	if (!c->claim)
		d->layer->name = "";
	if (version < 1 || version > 4)
		return;
	add_uint(d, &fields[version - 1], procedure);
	if (rpc->fact[RPC_FACT_REPLY])
		decode_reply(d, c, version < 3, procedure);
	else
		decode_call(d, c, version < 3, procedure);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;

	summary_puts(l, ": Portmap");
	if (l->layer->first == l->layer->end)
		return;
	summary_puts(l, " ");
	summary_puts(l, names_or(l->d->rows[v->field]->names, v->num,
				 "unknown procedure"));
	if ((l->layer - 1)->fact[RPC_FACT_REPLY] && summary_value(l, PM_PORT) &&
	    !summary_value(l, PM_PROG))
		summary_printf(l, " port %u",
			       (unsigned)summary_num(l, PM_PORT));
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_portmap = {
    "portmap",	       "Portmap",	 PROTO_TABLES(fields, keys),
    .also = PROTO_rpc, .decode = decode, .summary = summary,
};
