/*
 * SMB, the first version (MS-CIFS). Numbers have their least significant byte
 * first.
 *
 *	0xff "SMB", command (1), status (4), flags (1), flags2 (2), process
 *	id's high half (2), signature (8), reserved (2), tree, process, user
 *	and multiplex ids (2 each), number of words (1), words, number of
 *	bytes (2), bytes
 *
 * A command may have others after it ("AndX").
 */
#include "decode/lib/rows.h"
#include "decode/lib/smbstr.h"

enum {
	SMB_ID,
	SMB_COMMAND,
	SMB_STATUS,
	SMB_ERROR_CLASS,
	SMB_ERROR_CODE,
	SMB_FLAGS,
	SMB_RESPONSE,
	SMB_NOTIFY,
	SMB_OPLOCK,
	SMB_CANON,
	SMB_CASELESS,
	SMB_RECEIVE,
	SMB_LOCK,
	SMB_FLAGS2,
	SMB_UNICODE,
	SMB_NT_ERROR,
	SMB_ROE,
	SMB_DFS,
	SMB_ESN,
	SMB_REPARSE,
	SMB_LONG_USED,
	SMB_SIG_REQUIRED,
	SMB_COMPRESSED,
	SMB_SIG,
	SMB_EA,
	SMB_LONG_ALLOWED,
	SMB_PID_HIGH,
	SMB_SIGNATURE,
	SMB_TID,
	SMB_PID,
	SMB_UID,
	SMB_MID,
	SMB_WORDS,
	SMB_ANDX,
	SMB_BYTES,
	SMB_DIALECT,
	SMB_PATH,
	SMB_FILE,
	SMB_TRANS_NAME,
};

enum {
	DELETE_FILE = 0x06,
	TRANSACTION = 0x25,
	OPEN_ANDX = 0x2d,
	NEGOTIATE = 0x72,
	TREE_CONNECT = 0x75,
	CREATE_ANDX = 0xa2,
	NOTHING = 0xff, /* no other command after */
};

enum { FLAG_RESPONSE = 0x80, FLAG2_UNICODE = 0x8000, FLAG2_NT = 0x4000 };
enum { HEADER = 32, ANDX_MOST = 8 };

static const struct names command_names[] = {
    {0x00, "Create Directory"},
    {0x01, "Delete Directory"},
    {0x02, "Open"},
    {0x03, "Create"},
    {0x04, "Close"},
    {0x05, "Flush"},
    {DELETE_FILE, "Delete"},
    {0x07, "Rename"},
    {0x08, "Query Information"},
    {0x09, "Set Information"},
    {0x0a, "Read"},
    {0x0b, "Write"},
    {0x10, "Check Directory"},
    {0x24, "Locking AndX"},
    {TRANSACTION, "Trans"},
    {0x2b, "Echo"},
    {OPEN_ANDX, "Open AndX"},
    {0x2e, "Read AndX"},
    {0x2f, "Write AndX"},
    {0x32, "Trans2"},
    {0x34, "Find Close2"},
    {0x70, "Tree Connect"},
    {0x71, "Tree Disconnect"},
    {NEGOTIATE, "Negotiate Protocol"},
    {0x73, "Session Setup AndX"},
    {0x74, "Logoff AndX"},
    {TREE_CONNECT, "Tree Connect AndX"},
    {0x81, "Search"},
    {0xa0, "NT Transact"},
    {CREATE_ANDX, "NT Create AndX"},
    {0xa4, "NT Cancel"},
    {NOTHING, "No further commands"},
    {0, NULL},
};

#define BIT(nm, tt, bit) FLAG("smb.flags." nm, tt, 1, bit)
#define BIT2(nm, tt, bit) FLAG("smb.flags2." nm, tt, 2, bit)
#define LE(nm, tt, n, fl) UINT("smb." nm, tt, n, FIELD_LITTLE | (fl))

static const struct field fields[] = {
    [SMB_ID] = LE("server_component", "Protocol", 4, FIELD_HEX),
    [SMB_COMMAND] =
	NAMED("smb.cmd", "Command", 1, FIELD_HEX | FIELD_LINE, command_names),
    [SMB_STATUS] = LE("nt_status", "Status", 4, FIELD_HEX | FIELD_LINE),
    [SMB_ERROR_CLASS] = UINT("smb.error_class", "Error class", 1, FIELD_HEX),
    [SMB_ERROR_CODE] = LE("error_code", "Error", 2, FIELD_HEX | FIELD_LINE),
    [SMB_FLAGS] = UINT("smb.flags", "Flags", 1, FIELD_HEX | FIELD_LINE),
    [SMB_RESPONSE] = BIT("response", "Response", 0x80),
    [SMB_NOTIFY] = BIT("notify", "Notify", 0x40),
    [SMB_OPLOCK] = BIT("oplock", "Oplock", 0x20),
    [SMB_CANON] = BIT("canon", "Canonical names", 0x10),
    [SMB_CASELESS] = BIT("caseless", "Names without case", 0x08),
    [SMB_RECEIVE] = BIT("receive_buffer", "Receive buffer posted", 0x02),
    [SMB_LOCK] = BIT("lock", "Lock and read", 0x01),
    [SMB_FLAGS2] = LE("flags2", "Flags2", 2, FIELD_HEX),
    [SMB_UNICODE] = BIT2("string", "Unicode", 0x8000),
    [SMB_NT_ERROR] = BIT2("nt_error", "NT status", 0x4000),
    [SMB_ROE] = BIT2("roe", "Reads if execute", 0x2000),
    [SMB_DFS] = BIT2("dfs", "DFS", 0x1000),
    [SMB_ESN] = BIT2("esn", "Extended security", 0x0800),
    [SMB_REPARSE] = BIT2("reparse_path", "Reparse path", 0x0400),
    [SMB_LONG_USED] = BIT2("long_names_used", "Long names used", 0x0040),
    [SMB_SIG_REQUIRED] =
	BIT2("sec_sig_required", "Signatures required", 0x0010),
    [SMB_COMPRESSED] = BIT2("compressed", "Compressed", 0x0008),
    [SMB_SIG] = BIT2("sec_sig", "Signatures", 0x0004),
    [SMB_EA] = BIT2("ea", "Extended attributes", 0x0002),
    [SMB_LONG_ALLOWED] =
	BIT2("long_names_allowed", "Long names allowed", 0x0001),
    [SMB_PID_HIGH] = LE("pid.high", "Process, high half", 2, 0),
    [SMB_SIGNATURE] = BYTES("smb.signature", "Signature", 8, 0),
    [SMB_TID] = LE("tid", "Tree", 2, 0),
    [SMB_PID] = LE("pid", "Process", 2, 0),
    [SMB_UID] = LE("uid", "User", 2, 0),
    [SMB_MID] = LE("mid", "Multiplex", 2, 0),
    [SMB_WORDS] = UINT("smb.wct", "Words", 1, 0),
    [SMB_ANDX] = LE("andxoffset", "Next command's offset", 2, 0),
    [SMB_BYTES] = LE("bcc", "Bytes", 2, 0),
    [SMB_DIALECT] = TEXT("smb.dialect.name", "Dialect", 0),
    [SMB_PATH] = TEXT("smb.path", "Path", FIELD_LINE),
    [SMB_FILE] = TEXT("smb.file", "File", FIELD_LINE),
    [SMB_TRANS_NAME] = TEXT("smb.trans_name", "Transaction", FIELD_LINE),
};

/* What the header says. */
struct header {
	struct cur start;
	unsigned command;
	bool response, unicode;
};

static bool is_andx(unsigned command)
{
	return command == 0x24 || (command >= OPEN_ANDX && command <= 0x2f) ||
	       (command >= 0x73 && command <= TREE_CONNECT) ||
	       command == CREATE_ANDX;
}

/* Unicode texts start at even distances from the header. */
static void align(const struct header *h, struct cur *c)
{
	if (h->unicode && cur_since(c, &h->start) % 2)
		cur_skip(c, 1);
}

static void decode_bytes(struct dissect *d, struct cur *c,
			 const struct header *h, unsigned command,
			 struct cur words)
{
	unsigned n;

	switch (command) {
	case NEGOTIATE:
		while (c->state == CUR_OK && cur_left(c) &&
		       cur_peek8(c, 0) == 2) {
			cur_skip(c, 1);
			take_zero_text(d, c, &fields[SMB_DIALECT], false);
		}
		break;
	case TREE_CONNECT: /* after the password, whose length is a word */
		cur_skip(&words, 6);
		n = cur_u8(&words);
		cur_skip(c, n);
		align(h, c);
		take_zero_text(d, c, &fields[SMB_PATH], h->unicode);
		break;
	case DELETE_FILE:
		cur_skip(c, 1); /* the kind of text */
		align(h, c);
		take_zero_text(d, c, &fields[SMB_FILE], h->unicode);
		break;
	case OPEN_ANDX:
	case CREATE_ANDX:
		align(h, c);
		take_zero_text(d, c, &fields[SMB_FILE], h->unicode);
		break;
	case TRANSACTION:
		align(h, c);
		take_zero_text(d, c, &fields[SMB_TRANS_NAME], h->unicode);
		break;
	}
}

/* Words and bytes of one command. Returns the command after it, and its
   offset from the header. */
static unsigned decode_block(struct dissect *d, struct cur *c,
			     const struct header *h, unsigned command,
			     unsigned *offset)
{
	unsigned n = (unsigned)take(d, c, &fields[SMB_WORDS]), next = NOTHING;
	struct cur words, bytes, look;

	if (c->state != CUR_OK)
		return NOTHING;
	words = look = cur_part(c, 2 * (size_t)n);
	*offset = 0;
	if (is_andx(command) && n >= 2) {
		next = (unsigned)take(d, &look, &fields[SMB_COMMAND]);
		cur_skip(&look, 1);
		*offset = (unsigned)take(d, &look, &fields[SMB_ANDX]);
	}
	if (c->claim < 2)
		return NOTHING;
	n = (unsigned)take(d, c, &fields[SMB_BYTES]);
	bytes = cur_unit(c, n < c->claim ? n : c->claim);
	if (!h->response)
		decode_bytes(d, &bytes, h, command, words);
	return next;
}

static void decode_status(struct dissect *d, struct cur *c, bool nt)
{
	if (nt) {
		take(d, c, &fields[SMB_STATUS]);
		return;
	}
	take(d, c, &fields[SMB_ERROR_CLASS]);
	cur_skip(c, 1);
	take(d, c, &fields[SMB_ERROR_CODE]);
}

static void decode_message(struct dissect *d, struct cur c)
{
	struct header h = {.start = c};
	struct cur look = c;
	unsigned i, offset = 0, at = HEADER, command, flags2;

	if (cur_left(&c) < HEADER)
		return;
	cur_skip(&look, 10);
	flags2 = cur_u8(&look);
	flags2 |= (unsigned)cur_u8(&look) << 8;
	take(d, &c, &fields[SMB_ID]);
	command = h.command = (unsigned)take(d, &c, &fields[SMB_COMMAND]);
	decode_status(d, &c, flags2 & FLAG2_NT);
	h.response = take_bits(d, &c, &fields[SMB_FLAGS], &fields[SMB_LOCK]) &
		     FLAG_RESPONSE;
	take_bits(d, &c, &fields[SMB_FLAGS2], &fields[SMB_LONG_ALLOWED]);
	h.unicode = flags2 & FLAG2_UNICODE;
	take_rows(d, &c, &fields[SMB_PID_HIGH], &fields[SMB_SIGNATURE]);
	cur_skip(&c, 2);
	take_rows(d, &c, &fields[SMB_TID], &fields[SMB_MID]);
	for (i = 0; i < ANDX_MOST && command != NOTHING; i++) {
		command = decode_block(d, &c, &h, command, &offset);
		if (offset <= at)
			return;
		at = offset;
		c = h.start;
		cur_skip(&c, at);
	}
}

/* A message, or several after their session headers. */
static void decode(struct dissect *d, struct cur *c)
{
	struct cur msg;
	size_t len;

	if (cur_left(c) && cur_peek8(c, 0) == 0xff) {
		decode_message(d, *c);
		return;
	}
	while (c->state == CUR_OK && cur_left(c) >= 8 && cur_peek8(c, 0) == 0) {
		len = cur_be32(c);
		msg = cur_unit(c, len);
		cur_skip(c, cur_left(&msg));
		if (cur_peek8(&msg, 0) == 0xff)
			decode_message(d, msg);
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " ";

	summary_puts(l, "SMB");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case SMB_COMMAND:
			if (v->num == NOTHING)
				break;
			summary_puts(l, sep);
			summary_puts(
			    l, names_or(command_names, v->num, "command"));
			sep = ", ";
			break;
		case SMB_STATUS:
		case SMB_ERROR_CODE:
			if (v->num)
				summary_printf(l, " error 0x%08x",
					       (unsigned)v->num);
			break;
		case SMB_FLAGS:
			summary_puts(l, v->num & FLAG_RESPONSE ? " (REPLY)"
							       : " (REQUEST)");
			break;
		case SMB_PATH:
		case SMB_FILE:
		case SMB_TRANS_NAME:
			summary_puts(l, " \"");
			summary_text(l, v);
			summary_puts(l, "\"");
			break;
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_smb = {
    "smb",
    "SMB (Server Message Block Protocol)",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
