/*
 * ONC remote procedure calls (RFC 5531).
 *
 *	call: id, 0, RPC version, program, its version, procedure, credentials,
 *		verifier, arguments
 *	reply: id, 1, 0 (accepted), verifier, state, results
 *		or id, 1, 1 (denied), reason
 *
 * All numbers have 4 bytes. Over TCP, a record's length goes before each
 * fragment. A reply does not say what it is a reply to.
 */
#include "decode/lib/rows.h"

enum {
	RPC_LAST,
	RPC_FRAGMENT,
	RPC_ID,
	RPC_TYPE,
	RPC_VERSION,
	RPC_PROGRAM,
	RPC_PROGRAM_VERSION,
	RPC_PROCEDURE,
	RPC_FLAVOR,
	RPC_AUTH_LENGTH,
	RPC_STAMP,
	RPC_MACHINE,
	RPC_UID,
	RPC_GID,
	RPC_REPLY,
	RPC_STATE,
	RPC_REJECT,
};

enum { CALL, REPLY };
enum { AUTH_UNIX = 1, AUTH_MOST = 400, NFS = 100003 };

static const struct names type_names[] = {
    {CALL, "Call"}, {REPLY, "Reply"}, {0, NULL}};

static const struct names program_names[] = {
    {100000, "Portmap"},    {100001, "RSTAT"},	  {100002, "RUSERS"},
    {NFS, "NFS"},	    {100004, "YPSERV"},	  {100005, "MOUNT"},
    {100007, "YPBIND"},	    {100009, "YPPASSWD"}, {100011, "RQUOTA"},
    {100012, "SPRAY"},	    {100021, "NLM"},	  {100024, "STAT"},
    {100026, "BOOTPARAMS"}, {100227, "NFSACL"},	  {100300, "NISPLUS"},
    {150001, "PCNFSD"},	    {300598, "DMISPD"},	  {0, NULL},
};

static const struct names flavor_names[] = {
    {0, "AUTH_NULL"}, {1, "AUTH_UNIX"},	 {2, "AUTH_SHORT"},
    {3, "AUTH_DES"},  {6, "RPCSEC_GSS"}, {0, NULL},
};

static const struct names reply_names[] = {
    {0, "accepted"}, {1, "denied"}, {0, NULL}};

static const struct names state_names[] = {
    {0, "RPC executed successfully"},
    {1, "remote program not available"},
    {2, "remote program version not supported"},
    {3, "no such procedure"},
    {4, "arguments not understood"},
    {5, "system error"},
    {0, NULL},
};

static const struct field fields[] = {
    [RPC_LAST] = FLAG("rpc.lastfrag", "Last fragment", 4, 0x80000000),
    [RPC_FRAGMENT] = BITS("rpc.fraglen", "Fragment length", 4, 0x7fffffff, 0),
    [RPC_ID] = UINT("rpc.xid", "Id", 4, FIELD_HEX | FIELD_LINE),
    [RPC_TYPE] = NAMED("rpc.msgtyp", "Message", 4, FIELD_LINE, type_names),
    [RPC_VERSION] = UINT("rpc.version", "RPC version", 4, 0),
    [RPC_PROGRAM] =
	NAMED("rpc.program", "Program", 4, FIELD_LINE, program_names),
    [RPC_PROGRAM_VERSION] =
	UINT("rpc.programversion", "Program's version", 4, FIELD_LINE),
    [RPC_PROCEDURE] = UINT("rpc.procedure", "Procedure", 4, FIELD_LINE),
    [RPC_FLAVOR] =
	NAMED("rpc.auth.flavor", "Authentication", 4, 0, flavor_names),
    [RPC_AUTH_LENGTH] = UINT("rpc.auth.length", "Length", 4, 0),
    [RPC_STAMP] = UINT("rpc.auth.stamp", "Stamp", 4, FIELD_HEX),
    [RPC_MACHINE] = TEXT("rpc.auth.machinename", "Machine", 0),
    [RPC_UID] = UINT("rpc.auth.uid", "User", 4, 0),
    [RPC_GID] = UINT("rpc.auth.gid", "Group", 4, 0),
    [RPC_REPLY] = NAMED("rpc.replystat", "Reply", 4, FIELD_LINE, reply_names),
    [RPC_STATE] =
	NAMED("rpc.state_accept", "State", 4, FIELD_LINE, state_names),
    [RPC_REJECT] = UINT("rpc.state_reject", "Reason", 4, FIELD_LINE),
};

/* A call of a program that is known by name. */
static bool is_call(struct cur c)
{
	uint32_t type, version, program;

	cur_skip(&c, 4);
	type = cur_be32(&c);
	version = cur_be32(&c);
	program = cur_be32(&c);
	return c.state == CUR_OK && type == CALL && version == 2 &&
	       names_get(program_names, program);
}

static bool guess(struct cur c)
{
	if (is_call(c))
		return true;
	cur_skip(&c, 4); /* behind a record's length */
	return is_call(c);
}

static void decode_unix(struct dissect *d, struct cur *c)
{
	uint32_t n;

	take(d, c, &fields[RPC_STAMP]);
	n = cur_be32(c);
	take_bytes(d, c, &fields[RPC_MACHINE], n);
	cur_skip(c, (4 - n % 4) % 4);
	take_rows(d, c, &fields[RPC_UID], &fields[RPC_GID]);
	n = cur_be32(c);
	while (n-- > 0 && c->state == CUR_OK)
		take(d, c, &fields[RPC_GID]);
}

/* Credentials or a verifier. */
static void decode_auth(struct dissect *d, struct cur *c)
{
	uint32_t flavor = (uint32_t)take(d, c, &fields[RPC_FLAVOR]), len;
	struct cur body;

	len = (uint32_t)take(d, c, &fields[RPC_AUTH_LENGTH]);
	if (len > AUTH_MOST)
		cur_bad(c);
	if (c->state != CUR_OK)
		return;
	body = cur_part(c, (len + 3) & ~3u);
	if (flavor == AUTH_UNIX && len)
		decode_unix(d, &body);
}

enum { FACT_VERSION, FACT_PROCEDURE };

static void decode_call(struct dissect *d, struct cur *c)
{
	uint32_t program;

	take(d, c, &fields[RPC_VERSION]);
	program = (uint32_t)take(d, c, &fields[RPC_PROGRAM]);
	d->layer->fact[FACT_VERSION] =
	    (uint32_t)take(d, c, &fields[RPC_PROGRAM_VERSION]);
	d->layer->fact[FACT_PROCEDURE] =
	    (uint32_t)take(d, c, &fields[RPC_PROCEDURE]);
	decode_auth(d, c);
	decode_auth(d, c);
	if (program == NFS)
		next_proto(d, c, PROTO_nfs);
}

static void decode_reply(struct dissect *d, struct cur *c)
{
	if (take(d, c, &fields[RPC_REPLY]) != 0) {
		take(d, c, &fields[RPC_REJECT]);
		return;
	}
	decode_auth(d, c);
	take(d, c, &fields[RPC_STATE]);
}

static void decode_message(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[RPC_ID]);
	switch (take(d, c, &fields[RPC_TYPE])) {
	case CALL:
		decode_call(d, c);
		break;
	case REPLY:
		decode_reply(d, c);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur part, look;
	uint32_t mark;

	if (d->layer->via != KEY_TCP_PORT) {
		decode_message(d, c);
		return;
	}
	join_layer(d);
	look = *c;
	cur_skip(&look, 8);
	if (cur_be32(&look) > REPLY || look.state != CUR_OK)
		return; /* the middle of a fragment */
	mark = (uint32_t)get_uint(c, &fields[RPC_FRAGMENT]);
	add_bits(d, &fields[RPC_LAST], mark);
	add_bits(d, &fields[RPC_FRAGMENT], mark);
	part = cur_unit(c, mark & 0x7fffffff);
	cur_skip(c, cur_left(&part));
	next_again(d, c);
	decode_message(d, &part);
}

static bool message(struct cur c, struct framing *f)
{
	f->size = 4 + (size_t)(cur_be32(&c) & 0x7fffffff);
	return c.state == CUR_OK;
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, RPC_TYPE);
	const struct value *program = summary_value(l, RPC_PROGRAM);
	const struct value *state = summary_value(l, RPC_STATE);

	summary_puts(l, "RPC");
	if (!type) {
		summary_mark(l);
		return;
	}
	summary_printf(l, " %s, id 0x%08x",
		       names_or(type_names, type->num, "message"),
		       (unsigned)summary_num(l, RPC_ID));
	if (program) {
		summary_printf(l, ", program %s",
			       names_or(program_names, program->num, ""));
		if (!names_get(program_names, program->num))
			summary_dec(l, program->num);
		summary_printf(l, " version %u",
			       (unsigned)summary_num(l, RPC_PROGRAM_VERSION));
		if (!l->next || !l->next->proto->summary)
			summary_printf(l, ", procedure %u",
				       (unsigned)summary_num(l, RPC_PROCEDURE));
	} else if (summary_value(l, RPC_REJECT)) {
		summary_puts(l, ", denied");
	} else if (state) {
		summary_printf(l, ", %s",
			       state->num
				   ? names_or(state_names, state->num, "error")
				   : "accepted");
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 111},	{KEY_TCP_PORT, 111},
				  {KEY_UDP_PORT, 2049}, {KEY_TCP_PORT, 2049},
				  {KEY_UDP_GUESS, 6},	{KEY_TCP_GUESS, 6}};
static const enum proto_id leads_proto[] = {PROTO_nfs, PROTO_NONE};

const struct proto proto_rpc = {
    "rpc",
    "Remote Procedure Call",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .pdu_length = message,
};
