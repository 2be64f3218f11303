/*
 * SMB version 2 and 3 (MS-SMB2). Numbers have their least significant byte
 * first.
 *
 *	0xfe "SMB", header length, credit charge (2 each), status (4; requests:
 *	channel sequence and reserved, 2 each), command, credits (2 each),
 *	flags, next command's offset (4 each), message id (8), process and tree
 *	(4 each; asynchronous: an id, 8), session (8), signature (16)
 */
#include "decode/lib/rows.h"
#include "decode/lib/smbstr.h"

enum {
	SMB2_ID,
	SMB2_HEADER,
	SMB2_CHARGE,
	SMB2_STATUS,
	SMB2_CHANNEL,
	SMB2_COMMAND,
	SMB2_GRANTED,
	SMB2_REQUESTED,
	SMB2_FLAGS,
	SMB2_RESPONSE,
	SMB2_ASYNC,
	SMB2_CHAINED,
	SMB2_SIGNED,
	SMB2_PRIORITY,
	SMB2_DFS,
	SMB2_REPLAY,
	SMB2_OFFSET,
	SMB2_MESSAGE,
	SMB2_AID,
	SMB2_PID,
	SMB2_TID,
	SMB2_SESSION,
	SMB2_SIGNATURE,
	SMB2_BUFFER,
	SMB2_BUFFER_LENGTH,
	SMB2_BUFFER_DYNAMIC,
	SMB2_TREE,
	SMB2_FILENAME,
	SMB2_DISPOSITION,
	SMB2_ACTION,
	SMB2_DIALECTS,
	SMB2_DIALECT,
	SMB2_SHARE_TYPE,
	SMB2_TRANSFORM_SIGNATURE,
	SMB2_NONCE,
	SMB2_MSG_SIZE,
	SMB2_TRANSFORM_RESERVED,
	SMB2_TRANSFORM_FLAGS,
	SMB2_ENCRYPTED,
	SMB2_ENC_DATA,
};

enum { NEGOTIATE, TREE_CONNECT = 3, CREATE = 5 };
enum { HEADER = 64, TRANSFORM = 52, CHAIN_MOST = 64 };

static const struct names command_names[] = {
    {NEGOTIATE, "Negotiate Protocol"},
    {1, "Session Setup"},
    {2, "Session Logoff"},
    {TREE_CONNECT, "Tree Connect"},
    {4, "Tree Disconnect"},
    {CREATE, "Create"},
    {6, "Close"},
    {7, "Flush"},
    {8, "Read"},
    {9, "Write"},
    {10, "Lock"},
    {11, "Ioctl"},
    {12, "Cancel"},
    {13, "KeepAlive"},
    {14, "Find"},
    {15, "Notify"},
    {16, "GetInfo"},
    {17, "SetInfo"},
    {18, "Break"},
    {0, NULL},
};

static const struct names status_names[] = {
    {0, "STATUS_SUCCESS"},
    {0x00000103, "STATUS_PENDING"},
    {0x80000005, "STATUS_BUFFER_OVERFLOW"},
    {0x80000006, "STATUS_NO_MORE_FILES"},
    {0xc0000008, "STATUS_INVALID_HANDLE"},
    {0xc000000d, "STATUS_INVALID_PARAMETER"},
    {0xc000000f, "STATUS_NO_SUCH_FILE"},
    {0xc0000016, "STATUS_MORE_PROCESSING_REQUIRED"},
    {0xc0000022, "STATUS_ACCESS_DENIED"},
    {0xc0000034, "STATUS_OBJECT_NAME_NOT_FOUND"},
    {0xc0000035, "STATUS_OBJECT_NAME_COLLISION"},
    {0xc000003a, "STATUS_OBJECT_PATH_NOT_FOUND"},
    {0xc0000043, "STATUS_SHARING_VIOLATION"},
    {0xc000006d, "STATUS_LOGON_FAILURE"},
    {0xc00000bb, "STATUS_NOT_SUPPORTED"},
    {0xc00000cc, "STATUS_BAD_NETWORK_NAME"},
    {0, NULL},
};

#define LE(nm, tt, n, fl) UINT("smb2." nm, tt, n, FIELD_LITTLE | (fl))
#define BIT(nm, tt, bit) FLAG("smb2.flags." nm, tt, 4, bit)

static const struct field fields[] = {
    [SMB2_ID] = UINT("smb2.protocol_id", "Protocol", 4, FIELD_HEX),
    [SMB2_HEADER] = LE("header_len", "Header length", 2, 0),
    [SMB2_CHARGE] = LE("credit.charge", "Credit charge", 2, 0),
    [SMB2_STATUS] = NAMED("smb2.nt_status", "Status", 4,
			  FIELD_LITTLE | FIELD_HEX | FIELD_LINE, status_names),
    [SMB2_CHANNEL] = LE("channel_sequence", "Channel sequence", 2, 0),
    [SMB2_COMMAND] = NAMED("smb2.cmd", "Command", 2, FIELD_LITTLE | FIELD_LINE,
			   command_names),
    [SMB2_GRANTED] = LE("credits.granted", "Credits granted", 2, 0),
    [SMB2_REQUESTED] = LE("credits.requested", "Credits requested", 2, 0),
    [SMB2_FLAGS] = LE("flags", "Flags", 4, FIELD_HEX),
    [SMB2_RESPONSE] = {"smb2.flags.response", "Response", .mask = 1,
		       .type = FIELD_BOOL, .width = 4, .flags = FIELD_LINE},
    [SMB2_ASYNC] = BIT("async", "Asynchronous", 0x00000002),
    [SMB2_CHAINED] = BIT("chained", "Related to the one before", 0x00000004),
    [SMB2_SIGNED] = BIT("signature", "Signed", 0x00000008),
    [SMB2_PRIORITY] =
	FLAG("smb2.flags.priority_mask", "Priority", 4, 0x00000070),
    [SMB2_DFS] = BIT("dfs", "DFS", 0x10000000),
    [SMB2_REPLAY] = BIT("replay", "Replay", 0x20000000),
    [SMB2_OFFSET] = LE("chain_offset", "Next command's offset", 4, FIELD_HEX),
    [SMB2_MESSAGE] = LE("msg_id", "Message", 8, 0),
    [SMB2_AID] = LE("aid", "Asynchronous id", 8, FIELD_HEX),
    [SMB2_PID] = LE("pid", "Process", 4, FIELD_HEX),
    [SMB2_TID] = LE("tid", "Tree", 4, FIELD_HEX),
    [SMB2_SESSION] = LE("sesid", "Session", 8, FIELD_HEX),
    [SMB2_SIGNATURE] = BYTES("smb2.signature", "Signature", 16, 0),
    [SMB2_BUFFER] = LE("buffer_code", "Structure", 2, FIELD_HEX),
    [SMB2_BUFFER_LENGTH] = {"smb2.buffer_code.length",
			    "Length of the fixed part", .mask = 0xfffe,
			    .type = FIELD_UINT, .width = 2},
    [SMB2_BUFFER_DYNAMIC] =
	FLAG("smb2.buffer_code.dynamic", "There is more", 2, 0x0001),
    [SMB2_TREE] = TEXT("smb2.tree", "Tree", FIELD_LINE),
    [SMB2_FILENAME] = TEXT("smb2.filename", "File", FIELD_LINE),
    [SMB2_DISPOSITION] = LE("create.disposition", "Disposition", 4, 0),
    [SMB2_ACTION] = LE("create.action", "Action", 4, 0),
    [SMB2_DIALECTS] = LE("dialect_count", "Dialects", 2, 0),
    [SMB2_DIALECT] = LE("dialect", "Dialect", 2, FIELD_HEX),
    [SMB2_SHARE_TYPE] = UINT("smb2.share_type", "Share type", 1, FIELD_HEX),
    [SMB2_TRANSFORM_SIGNATURE] =
	BYTES("smb2.header.transform.signature", "Signature", 16, 0),
    [SMB2_NONCE] = BYTES("smb2.header.transform.nonce", "Nonce", 16, 0),
    [SMB2_MSG_SIZE] =
	UINT("smb2.header.transform.msg_size", "Message size", 4, FIELD_LITTLE),
    [SMB2_TRANSFORM_RESERVED] =
	BYTES("smb2.header.transform.reserved", "Reserved", 2, 0),
    [SMB2_TRANSFORM_FLAGS] = UINT("smb2.header.transform.flags", "Flags", 2,
				  FIELD_HEX | FIELD_LITTLE),
    [SMB2_ENCRYPTED] = {"smb2.header.transform.flags.encrypted", "Encrypted",
			.mask = 0x0001, .type = FIELD_BOOL, .width = 2,
			.flags = FIELD_LITTLE | FIELD_LINE},
    [SMB2_ENC_DATA] =
	BYTES("smb2.header.transform.enc_data", "Encrypted data", 0, 0),
};

static unsigned get_le16(struct cur *c)
{
	const uint8_t *p = cur_bytes(c, 2);

	return p ? (unsigned)(p[0] | p[1] << 8) : 0;
}

/* A text whose offset from the header and length stand here. */
static void take_placed(struct dissect *d, struct cur *c, struct cur header,
			const struct field *f)
{
	unsigned offset = get_le16(c), len = get_le16(c);

	cur_skip(&header, offset);
	if (len && c->state == CUR_OK)
		take_utf16(d, &header, f, len);
}

static void decode_negotiate(struct dissect *d, struct cur *c, bool response)
{
	unsigned n;

	if (response) {
		cur_skip(c, 2);
		take(d, c, &fields[SMB2_DIALECT]);
		return;
	}
	n = (unsigned)take(d, c, &fields[SMB2_DIALECTS]);
	cur_skip(c, 2 + 2 + 4 + 16 + 8);
	while (n-- > 0 && c->state == CUR_OK)
		take(d, c, &fields[SMB2_DIALECT]);
}

static void decode_create(struct dissect *d, struct cur *c, bool response,
			  struct cur header)
{
	if (response) {
		cur_skip(c, 2);
		take(d, c, &fields[SMB2_ACTION]);
		return;
	}
	cur_skip(c, 2 + 4 + 8 + 8 + 4 + 4 + 4);
	take(d, c, &fields[SMB2_DISPOSITION]);
	cur_skip(c, 4);
	take_placed(d, c, header, &fields[SMB2_FILENAME]);
}

static void decode_body(struct dissect *d, struct cur *c, unsigned command,
			bool response, struct cur header)
{
	unsigned code;

	if (!cur_has(c, 2))
		return;
	code = (unsigned)take(d, c, &fields[SMB2_BUFFER]);
	add_bits_rows(d, &fields[SMB2_BUFFER_LENGTH],
		      &fields[SMB2_BUFFER_DYNAMIC], code);
	/* errors have a structure of their own */
	if (response && code == 9 && command != 1)
		return;
	switch (command) {
	case NEGOTIATE:
		decode_negotiate(d, c, response);
		break;
	case TREE_CONNECT:
		if (response) {
			take(d, c, &fields[SMB2_SHARE_TYPE]);
			break;
		}
		cur_skip(c, 2);
		take_placed(d, c, header, &fields[SMB2_TREE]);
		break;
	case CREATE:
		decode_create(d, c, response, header);
		break;
	}
}

/* One header and its body. Returns where the next one is, 0: there is none. */
static uint32_t decode_command(struct dissect *d, struct cur *c)
{
	struct cur header = *c, look = *c;
	unsigned command, flags;
	uint32_t next;

	cur_skip(&look, 16);
	flags = get_le16(&look);
	take_rows(d, c, &fields[SMB2_ID], &fields[SMB2_CHARGE]);
	if (flags & 1) {
		take(d, c, &fields[SMB2_STATUS]);
	} else {
		take(d, c, &fields[SMB2_CHANNEL]);
		cur_skip(c, 2);
	}
	command = (unsigned)take(d, c, &fields[SMB2_COMMAND]);
	take(d, c, &fields[flags & 1 ? SMB2_GRANTED : SMB2_REQUESTED]);
	take_bits(d, c, &fields[SMB2_FLAGS], &fields[SMB2_REPLAY]);
	next = (uint32_t)take(d, c, &fields[SMB2_OFFSET]);
	take(d, c, &fields[SMB2_MESSAGE]);
	if (flags & 2)
		take(d, c, &fields[SMB2_AID]);
	else
		take_rows(d, c, &fields[SMB2_PID], &fields[SMB2_TID]);
	take_rows(d, c, &fields[SMB2_SESSION], &fields[SMB2_SIGNATURE]);
	if (c->state == CUR_OK)
		decode_body(d, c, command, flags & 1, header);
	return next;
}

/* A message that is encrypted as a whole (MS-SMB2, 2.2.41). */
static void decode_transform(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[SMB2_ID]);
	take_rows(d, c, &fields[SMB2_TRANSFORM_SIGNATURE],
		  &fields[SMB2_TRANSFORM_RESERVED]);
	take_bits(d, c, &fields[SMB2_TRANSFORM_FLAGS], &fields[SMB2_ENCRYPTED]);
	take(d, c, &fields[SMB2_SESSION]);
	take_bytes(d, c, &fields[SMB2_ENC_DATA], cur_left(c));
}

/* The commands of one message. */
static void decode_message(struct dissect *d, struct cur msg)
{
	struct cur c;
	uint32_t next = 1;
	unsigned i;

	if (cur_left(&msg) >= TRANSFORM && cur_starts(&msg, "\xfdSMB")) {
		decode_transform(d, &msg);
		return;
	}
	for (i = 0; i < CHAIN_MOST && next; i++) {
		if (cur_left(&msg) < HEADER || !cur_starts(&msg, "\xfeSMB"))
			return;
		c = msg;
		next = decode_command(d, &c);
		if (next < HEADER || next > cur_left(&msg))
			return;
		cur_skip(&msg, next);
	}
}

/* Messages after their session headers. */
static void decode(struct dissect *d, struct cur *c)
{
	struct cur msg;
	size_t len;

	while (c->state == CUR_OK && cur_left(c) >= 4 && cur_peek8(c, 0) == 0) {
		len = cur_be32(c);
		msg = cur_unit(c, len);
		cur_skip(c, cur_left(&msg));
		decode_message(d, msg);
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " ";
	uint64_t status = 0;

	summary_puts(l, "SMB2");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case SMB2_STATUS:
			status = v->num;
			break;
		case SMB2_COMMAND:
			summary_puts(l, sep);
			summary_puts(
			    l, names_or(command_names, v->num, "command"));
			sep = ", ";
			break;
		case SMB2_RESPONSE:
			summary_puts(l, v->num ? " response" : " request");
			if (v->num && status)
				summary_printf(
				    l, " %s",
				    names_or(status_names, status, "error"));
			break;
		case SMB2_ENCRYPTED:
			summary_puts(l, sep);
			summary_puts(l, "Encrypted");
			sep = ", ";
			break;
		case SMB2_TREE:
		case SMB2_FILENAME:
			summary_puts(l, " \"");
			summary_text(l, v);
			summary_puts(l, "\"");
			break;
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_smb2 = {
    "smb2",
    "SMB2 (Server Message Block Protocol version 2)",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
