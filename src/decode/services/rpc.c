/*
 * ONC remote procedure calls (RFC 5531).
 *
 *	call: id, 0, RPC version, program, its version, procedure, credentials,
 *		verifier, arguments
 *	reply: id, 1, 0 (accepted), verifier, state, results
 *		or id, 1, 1 (denied), reason
 *
 * All numbers have 4 bytes. Over TCP, a record's length goes before each
 * fragment, and fragments are joined to messages. A reply does not say what it
 * is a reply to: that is in a note, from the call with the same id.
 */
#include <stdlib.h>

#include "decode/flow/rpc_calls.h"
#include "decode/lib/app_bytes.h"
#include "decode/lib/join.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"
#include "decode/services/rpc.h"

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
	RPC_OPAQUE_LENGTH,
	RPC_FILL,
	RPC_FOLLOWS,
};

enum { CALL, REPLY };
enum {
	AUTH_UNIX = 1,
	AUTH_MOST = 400,
	PORTMAP = 100000,
	NFS = 100003,
	MOUNT = 100005,
	JOINED_MOST = 64 * 1024, /* of a message in fragments */
	RECORD_MOST = 64 * 1024 * 1024,
	LAYERS_MOST = DISSECT_LAYERS - 4,
	CALLS = 256, /* of a connection that are remembered */
};

static const struct names type_names[] = {
    {CALL, "Call"}, {REPLY, "Reply"}, {0, NULL}};

static const struct names program_names[] = {
    {PORTMAP, "Portmap"},
    {100001, "RSTAT"},
    {100002, "RUSERS"},
    {NFS, "NFS"},
    {100004, "YPSERV"},
    {MOUNT, "MOUNT"},
    {100007, "YPBIND"},
    {100009, "YPPASSWD"},
    {100011, "RQUOTA"},
    {100012, "SPRAY"},
    {100021, "NLM"},
    {100024, "STAT"},
    {100026, "BOOTPARAMS"},
    {100227, "NFSACL"},
    {100232, "SADMIND"},
    {100300, "NISPLUS"},
    {150001, "PCNFSD"},
    {300598, "DMISPD"},
    {0, NULL},
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
    [RPC_OPAQUE_LENGTH] = UINT("rpc.opaque_length", "Opaque length", 4, 0),
    [RPC_FILL] = BYTES("rpc.fill_bytes", "Fill bytes", 0, 0),
    [RPC_FOLLOWS] = FLAG("rpc.value_follows", "Value follows", 4, 0),
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
	cur_skip(&c, 4); /* after a record's length */
	return is_call(c);
}

static void decode_unix(struct dissect *d, struct cur *c)
{
	uint32_t n;

	take(d, c, &fields[RPC_STAMP]);
	xdr_take(d, c, &fields[RPC_MACHINE]);
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

void xdr_take(struct dissect *d, struct cur *c, const struct field *f)
{
	struct also_state state = also_start(d, PROTO_rpc);
	size_t n = take(d, c, &fields[RPC_OPAQUE_LENGTH]), fill = -n & 3;

	also_end(d, &state);
	take_bytes(d, c, f, n);
	if (!fill || c->state != CUR_OK)
		return;
	state = also_start(d, PROTO_rpc);
	take_bytes(d, c, &fields[RPC_FILL], fill);
	also_end(d, &state);
}

bool xdr_follows(struct dissect *d, struct cur *c)
{
	struct also_state state = also_start(d, PROTO_rpc);
	bool follows = take(d, c, &fields[RPC_FOLLOWS]) != 0;

	also_end(d, &state);
	return follows && c->state == CUR_OK;
}

/* Hand on arguments or results. */
static void next_program(struct dissect *d, struct cur *c, uint32_t program,
			 bool reply)
{
	if (c->state != CUR_OK)
		return;
	d->layer->fact[RPC_FACT_REPLY] = reply;
	/* it says the version as well */
	if (names_get(program_names, program))
		add_uint(d, &fields[RPC_PROGRAM_VERSION],
			 d->layer->fact[RPC_FACT_VERSION]);
	/* there may be many small messages in a segment */
	if (d->n_layers > LAYERS_MOST)
		return;
	switch (program) {
	case NFS:
		next_proto(d, c, PROTO_nfs);
		break;
	case MOUNT:
		next_proto(d, c, PROTO_mount);
		break;
	case PORTMAP:
		next_proto(d, c, PROTO_portmap);
		break;
	}
}

static void decode_call(struct dissect *d, struct cur *c)
{
	uint32_t program;

	take(d, c, &fields[RPC_VERSION]);
	program = (uint32_t)take(d, c, &fields[RPC_PROGRAM]);
	d->layer->fact[RPC_FACT_VERSION] =
	    (uint32_t)take(d, c, &fields[RPC_PROGRAM_VERSION]);
	d->layer->fact[RPC_FACT_PROCEDURE] =
	    (uint32_t)take(d, c, &fields[RPC_PROCEDURE]);
	decode_auth(d, c);
	decode_auth(d, c);
	next_program(d, c, program, false);
}

/* call: what it replies to; NULL: not known. */
static void decode_reply(struct dissect *d, struct cur *c,
			 const struct rpc_call *call)
{
	if (call) {
		add_uint(d, &fields[RPC_PROGRAM], call->program);
		add_uint(d, &fields[RPC_PROGRAM_VERSION], call->version);
		add_uint(d, &fields[RPC_PROCEDURE], call->procedure);
		d->layer->fact[RPC_FACT_VERSION] = call->version;
		d->layer->fact[RPC_FACT_PROCEDURE] = call->procedure;
	}
	if (take(d, c, &fields[RPC_REPLY]) != 0) {
		take(d, c, &fields[RPC_REJECT]);
		return;
	}
	decode_auth(d, c);
	if (take(d, c, &fields[RPC_STATE]) == 0 && call)
		next_program(d, c, call->program, true);
}

static void decode_message(struct dissect *d, struct cur *c,
			   const struct rpc_call *call)
{
	take(d, c, &fields[RPC_ID]);
	switch (take(d, c, &fields[RPC_TYPE])) {
	case CALL:
		decode_call(d, c);
		break;
	case REPLY:
		decode_reply(d, c, call);
		break;
	}
}

/* ---- over TCP ------------------------------------------------------------ */

/* What on_message() says of a fragment. */
struct fragment_note {
	uint32_t number; /* of the fragment, as in app->state */
	bool none;	 /* no fragment: nothing is to be read there */
	bool known;	 /* it is a reply to this: */
	struct rpc_call call;
	uint32_t size; /* of the message whose last fragment it is; 0: it has
			  no others */
	uint8_t bytes[];
};

/* What is remembered of a connection. */
struct rpc_talk {
	struct {
		uint32_t id;
		uint8_t from;
		struct rpc_call call;
	} calls[CALLS];
	uint32_t n_calls; /* so far */
	struct {
		struct app_bytes kept;
		uint32_t size; /* with what was not kept */
	} side[2];
};

static void forget(struct app_state *app, size_t *bytes)
{
	struct rpc_talk *t = app->data;
	unsigned i;

	for (i = 0; i < 2; i++)
		app_bytes_free(&t->side[i].kept, bytes);
	*bytes -= sizeof(*t);
	free(t);
}

/* Add a fragment to its message. */
static void add_fragment(struct app_message *f, struct rpc_talk *t,
			 const struct cur *c)
{
	struct app_bytes *kept = &t->side[f->from].kept;
	size_t n = cur_left(c);

	t->side[f->from].size += (uint32_t)c->claim;
	if (n > JOINED_MOST - kept->n)
		n = JOINED_MOST - kept->n;
	app_bytes_add(kept, cur_here(c), n, f->bytes);
}

/* A message: remember a call, or find the one that a reply is to. */
static bool find_call(struct app_message *f, struct rpc_talk *t, struct cur c,
		      struct rpc_call *call)
{
	uint32_t id, i, n;

	if (rpc_call_read(c, &id, call)) {
		i = t->n_calls++ % CALLS;
		t->calls[i].id = id;
		t->calls[i].from = (uint8_t)f->from;
		t->calls[i].call = *call;
		return false;
	}
	n = t->n_calls < CALLS ? t->n_calls : CALLS;
	for (i = 1; i <= n; i++) {
		unsigned at = (t->n_calls - i) % CALLS;

		if (t->calls[at].id != id || t->calls[at].from == f->from)
			continue;
		*call = t->calls[at].call;
		return true;
	}
	return false;
}

static void follow(struct app_message *f)
{
	struct rpc_talk *t = f->app->data;
	struct fragment_note said = {.number = f->app->state++}, *note;
	struct cur c = f->message;
	uint32_t mark = cur_be32(&c);
	size_t joined = 0;

	if (!t) {
		f->app->data = t = calloc(1, sizeof(*t));
		if (!t)
			return;
		*f->bytes += sizeof(*t);
	}
	said.none = c.claim != (mark & 0x7fffffff);
	if (said.none)
		t->side[f->from].kept.n = t->side[f->from].size = 0;
	else if (!(mark >> 31) || t->side[f->from].size)
		add_fragment(f, t, &c);
	if (mark >> 31 && !said.none) {
		joined = t->side[f->from].kept.n;
		said.size = t->side[f->from].size;
		if (said.size)
			c = cur_over(t->side[f->from].kept.bytes, joined,
				     said.size);
		said.known = find_call(f, t, c, &said.call);
		t->side[f->from].kept.n = t->side[f->from].size = 0;
	}
	note = message_note(f, RPC_NOTE_FRAGMENT, sizeof(said) + joined);
	if (!note)
		return;
	*note = said;
	if (joined)
		memcpy(note->bytes, t->side[f->from].kept.bytes, joined);
}

/* What on_message() said of the fragment that is next. */
static const struct fragment_note *next_note(struct dissect *d)
{
	const struct fragment_note *said;
	const struct stream_note *note =
	    note_next(d, PROTO_rpc, RPC_NOTE_FRAGMENT, sizeof(*said));
	uint32_t number = d->app_state++;

	if (!note)
		return NULL;
	said = (const struct fragment_note *)(const void *)note->bytes;
	if (said->number != number)
		return NULL;
	note_taken(d);
	return said;
}

static void decode_fragment(struct dissect *d, struct cur *c)
{
	const struct fragment_note *said = next_note(d);
	const struct stream_note *note = d->notes;
	struct cur part = *c;
	uint32_t mark;

	/* the middle of a message */
	cur_skip(&part, 8);
	if (said ? said->none : cur_be32(&part) > REPLY) {
		cur_skip(c, cur_left(c));
		return;
	}
	mark = (uint32_t)get_uint(c, &fields[RPC_FRAGMENT]);
	add_bits(d, &fields[RPC_LAST], mark);
	add_bits(d, &fields[RPC_FRAGMENT], mark);
	part = cur_unit(c, mark & 0x7fffffff);
	cur_skip(c, cur_left(&part));
	if (said && !(mark >> 31))
		return;
	if (said && said->size)
		part = cur_over(said->bytes,
				said->size < JOINED_MOST ? said->size
							 : JOINED_MOST,
				said->size);
	d->notes = note;
	decode_message(d, &part, said && said->known ? &said->call : NULL);
}

/* Other programs were decoded in between. */
static void go_on_counting(struct dissect *d)
{
	const struct layer *l = d->layer;

	while (l > d->layers && (--l)->id != PROTO_tcp)
		if (l->id == PROTO_rpc) {
			d->app_state = l->fact[RPC_FACT_WORD];
			return;
		}
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct stream_note *note;
	struct rpc_call call;

	join_layer(d);
	if (d->layer->via != KEY_TCP_PORT) {
		note = note_next(d, PROTO_rpc, RPC_NOTE_CALL, sizeof(call));
		if (note)
			memcpy(&call, note->bytes, sizeof(call));
		d->notes = NULL;
		decode_message(d, c, note ? &call : NULL);
		return;
	}
	go_on_counting(d);
	while (c->state == CUR_OK && cur_left(c) >= 4 && d->next == PROTO_NONE)
		decode_fragment(d, c);
	d->layer->fact[RPC_FACT_WORD] = d->app_state;
	if (d->next != PROTO_NONE)
		next_again(d, c);
}

/* In framing.phase: bytes that are of no record came before. */
enum { ADRIFT = 1 };

/* Does a message start at this record? */
static bool starts_message(struct cur c)
{
	uint32_t type;

	cur_skip(&c, 8); /* mark and id */
	type = cur_be32(&c);
	return c.state == CUR_OK &&
	       (type == REPLY || (type == CALL && cur_be32(&c) == 2));
}

static bool message(struct cur c, struct framing *f)
{
	struct cur record = c;
	uint32_t mark = cur_be32(&c), length = mark & 0x7fffffff;

	if (c.state != CUR_OK)
		return false;
	f->size = 4 + (size_t)length;
	/* none of mine: mark 0 has no bytes, and says that more follow */
	if (mark == 0 || length > RECORD_MOST ||
	    (f->phase & ADRIFT && !starts_message(record))) {
		f->size = cur_left(&record);
		f->phase |= ADRIFT;
	} else {
		f->phase &= ~ADRIFT;
	}
	return true;
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
static const uint8_t leads_proto[] = {PROTO_nfs, PROTO_mount, PROTO_portmap,
				      PROTO_NONE};

const struct proto proto_rpc = {
    "rpc",
    "Remote Procedure Call",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .pdu_length = message,
    .on_message = follow,
    .free_state = forget,
};
