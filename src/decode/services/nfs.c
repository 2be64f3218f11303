/*
 * NFS (RFC 1094, 1813, 7530): arguments and results after the RPC header,
 * which says version and procedure; a reply's is that of its call.
 *
 * A procedure's contents are written as letters, one an item.
 */
#include "base/array.h"
#include "base/num.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"
#include "decode/services/nfs_fields.h"
#include "decode/services/rpc.h"

static const struct field *const fields = nfs_fields;

/* ---- items --------------------------------------------------------------- */

void nfs_take_handle(struct dissect *d, struct cur *c, bool old)
{
	enum { OLD_HANDLE = 32 };
	struct also_state state = also_start(d, PROTO_nfs);
	size_t n = OLD_HANDLE;

	if (!old)
		n = take(d, c, &fields[NFS_HANDLE_LENGTH]);
	take_bytes(d, c, &fields[NFS_HANDLE], n);
	cur_skip(c, -n & 3);
	also_end(d, &state);
}

/* What is not to be set, in version 2. */
enum { NONE = UINT32_MAX };

/* Seconds and a fraction: of a second / unit. */
static void take_time(struct dissect *d, struct cur *c, unsigned field,
		      bool old)
{
	struct cur look = *c;
	uint64_t sec = cur_be32(&look), frac = cur_be32(&look);
	bool unset = old && sec == NONE && frac == NONE;

	if (look.state == CUR_OK)
		add_uint(
		    d, &fields[field],
		    sec * NS_PER_S +
			(unset ? 0 : frac * (old ? NS_PER_S / 1000000 : 1)));
	if (unset) {
		cur_skip(c, 8);
		return;
	}
	take(d, c, &fields[field + 1]);
	take(d, c, &fields[field + (old ? 3 : 2)]);
}

static void take_mode3(struct dissect *d, struct cur *c)
{
	uint32_t mode = (uint32_t)take(d, c, &fields[NFS_MODE3]);

	if (c->state == CUR_OK)
		add_bits_rows(d, &fields[NFS_MODE3_SUID],
			      &fields[NFS_MODE3_LAST], mode);
}

static void take_attributes(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[NFS_TYPE3]);
	take_mode3(d, c);
	take_rows(d, c, &fields[NFS_NLINK3], &fields[NFS_FILEID3]);
	take_time(d, c, NFS_ATIME, false);
	take_time(d, c, NFS_MTIME, false);
	take_time(d, c, NFS_CTIME, false);
}

static void take_post(struct dissect *d, struct cur *c)
{
	if (take(d, c, &fields[NFS_ATTR_FOLLOWS]) && c->state == CUR_OK)
		take_attributes(d, c);
}

/* What was before, and what is now. */
static void take_wcc(struct dissect *d, struct cur *c)
{
	if (take(d, c, &fields[NFS_ATTR_FOLLOWS]) && c->state == CUR_OK) {
		take(d, c, &fields[NFS_WCC_SIZE]);
		take_time(d, c, NFS_MTIME, false);
		take_time(d, c, NFS_CTIME, false);
	}
	take_post(d, c);
}

/* Attributes to be set. */
static void take_settings(struct dissect *d, struct cur *c)
{
	enum { CLIENT_TIME = 2 };

	if (take(d, c, &fields[NFS_SET_IT]))
		take_mode3(d, c);
	if (take(d, c, &fields[NFS_SET_IT]))
		take(d, c, &fields[NFS_UID3]);
	if (take(d, c, &fields[NFS_SET_IT]))
		take(d, c, &fields[NFS_GID3]);
	if (take(d, c, &fields[NFS_SET_IT]))
		take(d, c, &fields[NFS_SET_SIZE]);
	if (take(d, c, &fields[NFS_SET_IT]) == CLIENT_TIME)
		take_time(d, c, NFS_ATIME, false);
	if (take(d, c, &fields[NFS_SET_IT]) == CLIENT_TIME)
		take_time(d, c, NFS_MTIME, false);
}

static void take_new_handle(struct dissect *d, struct cur *c)
{
	if (take(d, c, &fields[NFS_HANDLE_FOLLOWS]))
		nfs_take_handle(d, c, false);
}

static void take_how(struct dissect *d, struct cur *c)
{
	enum { EXCLUSIVE = 2 };

	if (take(d, c, &fields[NFS_CREATEMODE]) == EXCLUSIVE)
		take(d, c, &fields[NFS_VERIFIER]);
	else
		take_settings(d, c);
}

static void take_rights(struct dissect *d, struct cur *c, unsigned field)
{
	uint32_t rights = (uint32_t)take(d, c, &fields[field]);
	unsigned i;

	for (i = NFS_ACCESS_READ; i <= NFS_ACCESS_LAST; i++)
		if (rights & fields[i].mask)
			add_uint(d, &fields[i], 1);
}

static void take_entries(struct dissect *d, struct cur *c, bool plus)
{
	while (c->state == CUR_OK && xdr_follows(d, c)) {
		add_uint(d, &fields[NFS_ENTRY], 0);
		take(d, c, &fields[plus ? NFS_PLUS_FILEID : NFS_ENTRY3_FILEID]);
		xdr_take(d, c, &fields[plus ? NFS_PLUS_NAME : NFS_ENTRY3_NAME]);
		take(d, c, &fields[plus ? NFS_PLUS_COOKIE : NFS_ENTRY3_COOKIE]);
		if (plus) {
			take_post(d, c);
			take_new_handle(d, c);
		}
	}
	take(d, c, &fields[NFS_DIR_EOF]);
}

static void take_old_entries(struct dissect *d, struct cur *c)
{
	while (c->state == CUR_OK && xdr_follows(d, c)) {
		add_uint(d, &fields[NFS_ENTRY], 0);
		take(d, c, &fields[NFS_ENTRY_FILEID]);
		xdr_take(d, c, &fields[NFS_ENTRY_NAME]);
		take(d, c, &fields[NFS_ENTRY_COOKIE]);
	}
	take(d, c, &fields[NFS_DIR_EOF]);
}

static void take_info(struct dissect *d, struct cur *c)
{
	struct cur look;
	uint64_t sec;
	uint32_t properties;

	take_rows(d, c, &fields[NFS_RTMAX], &fields[NFS_MAXFILE]);
	look = *c;
	sec = cur_be32(&look);
	if (cur_has(c, 8))
		add_uint(d, &fields[NFS_DTIME],
			 sec * NS_PER_S + cur_be32(&look));
	take_rows(d, c, &fields[NFS_DTIME_SEC], &fields[NFS_DTIME_NSEC]);
	properties = (uint32_t)take(d, c, &fields[NFS_PROPERTIES]);
	add_bits_rows(d, &fields[NFS_PROPERTY], &fields[NFS_PROPERTY_LAST],
		      properties);
}

static void take_old_mode(struct dissect *d, struct cur *c)
{
	uint32_t mode = (uint32_t)take(d, c, &fields[NFS_MODE]);

	if (mode != NONE && c->state == CUR_OK)
		add_bits_rows(d, &fields[NFS_MODE_NAME], &fields[NFS_MODE_LAST],
			      mode);
}

static void take_old_attributes(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[NFS_TYPE]);
	take_old_mode(d, c);
	take_rows(d, c, &fields[NFS_NLINK], &fields[NFS_FILEID]);
	take_time(d, c, NFS_ATIME, true);
	take_time(d, c, NFS_MTIME, true);
	take_time(d, c, NFS_CTIME, true);
}

static void take_old_settings(struct dissect *d, struct cur *c)
{
	take_old_mode(d, c);
	take_rows(d, c, &fields[NFS_UID], &fields[NFS_SIZE]);
	take_time(d, c, NFS_ATIME, true);
	take_time(d, c, NFS_MTIME, true);
}

/* ---- procedures ---------------------------------------------------------- */

/* Items that are neighbouring fields, from first to last. text: one field,
   after its length. */
static const struct {
	char letter;
	uint8_t first, last;
	bool text;
} plain_items[] = {
    {'n', NFS_NAME, NFS_NAME, true},
    {'l', NFS_LINK_TO, NFS_LINK_TO, true},
    {'L', NFS_LINK_DATA, NFS_LINK_DATA, true},
    {'d', NFS_DATA, NFS_DATA, true},
    {'o', NFS_OFFSET3, NFS_OFFSET3, false},
    {'c', NFS_COUNT3, NFS_COUNT3, false},
    {'C', NFS_COOKIE3, NFS_COOKIE3, false},
    {'v', NFS_VERIFIER, NFS_VERIFIER, false},
    {'e', NFS_EOF, NFS_EOF, false},
    {'t', NFS_STABLE, NFS_STABLE, false},
    {'T', NFS_COMMITTED, NFS_COMMITTED, false},
    {'k', NFS_DIRCOUNT, NFS_MAXCOUNT, false},
    {'b', NFS_TBYTES, NFS_INVARSEC, false},
    {'B', NFS_TSIZE, NFS_BAVAIL, false},
    {'P', NFS_LINKMAX, NFS_CASE_KEPT, false},
    {'O', NFS_READ_OFFSET, NFS_READ_TOTAL, false},
    {'W', NFS_WRITE_BEGIN, NFS_WRITE_TOTAL, false},
    {'K', NFS_DIR_COOKIE, NFS_DIR_COUNT, false},
};

static void take_plain_item(struct dissect *d, struct cur *c, char letter)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(plain_items); i++) {
		if (plain_items[i].letter != letter)
			continue;
		if (plain_items[i].text)
			xdr_take(d, c, &fields[plain_items[i].first]);
		else
			take_rows(d, c, &fields[plain_items[i].first],
				  &fields[plain_items[i].last]);
	}
}

/* The item that a letter stands for; of version 2 are capitals. */
static void take_item(struct dissect *d, struct cur *c, char letter)
{
	switch (letter) {
	case 'f':
	case 'F':
		nfs_take_handle(d, c, letter == 'F');
		break;
	case 'a':
		take_attributes(d, c);
		break;
	case 'A':
		take_old_attributes(d, c);
		break;
	case 'p':
		take_post(d, c);
		break;
	case 'w':
		take_wcc(d, c);
		break;
	case 's':
		take_settings(d, c);
		break;
	case 'S':
		take_old_settings(d, c);
		break;
	case 'g':
		if (take(d, c, &fields[NFS_GUARD]))
			take_time(d, c, NFS_CTIME, false);
		break;
	case 'h':
		take_new_handle(d, c);
		break;
	case 'm':
		take_how(d, c);
		break;
	case 'x':
		take_rights(d, c, NFS_CHECK);
		break;
	case 'X':
		take_rights(d, c, NFS_RIGHTS);
		break;
	case 'r':
	case 'R':
		take_entries(d, c, letter == 'R');
		break;
	case 'D':
		take_old_entries(d, c);
		break;
	case 'i':
		take_info(d, c);
		break;
	default:
		take_plain_item(d, c, letter);
	}
}

static void take_items(struct dissect *d, struct cur *c, const char *letters)
{
	for (; *letters && c->state == CUR_OK; letters++)
		take_item(d, c, *letters);
}

/* Arguments, results, and results of a failure. */
struct procedure {
	const char *call, *reply, *failure;
};

static const struct procedure v2[] = {
    {"", "", ""},     {"F", "A", ""},	 {"FS", "A", ""},   {"", "", ""},
    {"Fn", "FA", ""}, {"F", "L", ""},	 {"FO", "Ad", ""},  {"", "", ""},
    {"FWd", "A", ""}, {"FnS", "FA", ""}, {"Fn", "", ""},    {"FnFn", "", ""},
    {"FFn", "", ""},  {"FnlS", "", ""},	 {"FnS", "FA", ""}, {"Fn", "", ""},
    {"FK", "D", ""},  {"F", "B", ""},
};

static const struct procedure v3[] = {
    {"", "", ""},	  {"f", "a", ""},	  {"fsg", "w", "w"},
    {"fn", "fpp", "p"},	  {"fx", "pX", "p"},	  {"f", "pL", "p"},
    {"foc", "pced", "p"}, {"foctd", "wcTv", "w"}, {"fnm", "hpw", "w"},
    {"fns", "hpw", "w"},  {"fnsl", "hpw", "w"},	  {"fn", "hpw", "w"},
    {"fn", "w", "w"},	  {"fn", "w", "w"},	  {"fnfn", "ww", "ww"},
    {"ffn", "pw", "pw"},  {"fCvc", "pvr", "p"},	  {"fCvk", "pvR", "p"},
    {"f", "pb", "p"},	  {"f", "pi", "p"},	  {"f", "pP", "p"},
    {"foc", "wv", "w"},
};

/* The version's own field, and the one for all. */
static uint64_t take_status(struct dissect *d, struct cur *c, unsigned field)
{
	uint64_t status = cur_be32(c);

	if (c->state != CUR_OK)
		return 0;
	add_uint(d, &fields[field], status);
	add_uint(d, &fields[NFS_STATUS], status);
	return status;
}

static void decode_procedure(struct dissect *d, struct cur *c,
			     const struct procedure *p, bool reply,
			     unsigned status)
{
	if (!reply)
		take_items(d, c, p->call);
	else if (take_status(d, c, status))
		take_items(d, c, p->failure);
	else
		take_items(d, c, p->reply);
}

/* COMPOUND: as far as the first operation. */
static void decode_compound(struct dissect *d, struct cur *c, bool reply)
{
	if (reply)
		take_status(d, c, NFS_STATUS4);
	xdr_take(d, c, &fields[NFS_TAG]);
	if (!reply)
		take(d, c, &fields[NFS_MINOR]);
	if (!take(d, c, &fields[NFS_OPS]))
		return;
	take(d, c, &fields[NFS_OPCODE]);
	if (reply)
		take_status(d, c, NFS_STATUS4);
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct layer *rpc = d->layer - 1;
	uint32_t version = rpc->fact[RPC_FACT_VERSION];
	uint32_t procedure = rpc->fact[RPC_FACT_PROCEDURE];
	bool reply = rpc->fact[RPC_FACT_REPLY];

	if (!c->claim)
		d->layer->name = "";
	if (version < 2 || version > 4)
		return;
	add_uint(d, &fields[version - 2], procedure);
	if (!c->claim)
		return;
	if (version == 2 && procedure < ARRAY_LEN(v2))
		decode_procedure(d, c, &v2[procedure], reply, NFS_STATUS2);
	else if (version == 3 && procedure < ARRAY_LEN(v3))
		decode_procedure(d, c, &v3[procedure], reply, NFS_STATUS3);
	else if (version == 4 && procedure == 1)
		decode_compound(d, c, reply);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;

	summary_puts(l, ": NFS");
	if (l->layer->first == l->layer->end)
		return;
	summary_puts(l, " ");
	summary_puts(l, names_or(l->d->rows[v->field]->names, v->num,
				 "unknown procedure"));
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_nfs = {
    "nfs",
    "Network File System",
    .fields = nfs_fields,
    .n_fields = NFS_COUNT,
    PROTO_KEYS(keys),
    .also = PROTO_rpc,
    .decode = decode,
    .summary = summary,
};
