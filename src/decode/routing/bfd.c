/*
 * Bidirectional forwarding detection (RFC 5880).
 *
 *	version and diagnostic (1), state and flags (1), multiplier (1), length
 *	(1), two discriminators (4 each), three intervals (4 each); with
 *	authentication: type (1), its length (1), key (1), ...
 */
#include "decode/lib/rows.h"

enum {
	BFD_VERSION,
	BFD_DIAG,
	BFD_STA,
	BFD_FLAGS,
	BFD_FLAGS_P,
	BFD_FLAGS_F,
	BFD_FLAGS_C,
	BFD_FLAGS_A,
	BFD_FLAGS_D,
	BFD_FLAGS_M,
	BFD_DETECT_TIME_MULTIPLIER,
	BFD_MESSAGE_LENGTH,
	BFD_MY_DISCRIMINATOR,
	BFD_YOUR_DISCRIMINATOR,
	BFD_DESIRED_MIN_TX_INTERVAL,
	BFD_REQUIRED_MIN_RX_INTERVAL,
	BFD_REQUIRED_MIN_ECHO_INTERVAL,
	BFD_AUTH_TYPE,
	BFD_AUTH_LEN,
	BFD_AUTH_KEY,
	BFD_AUTH_PASSWORD,
	BFD_AUTH_SEQ_NUM,
	BFD_CHECKSUM,
};

enum {
	FLAG_A = 0x04,
	AUTH_SIMPLE = 1,
	HEADER_LEN = 24,
	PORT_MULTIHOP = 4784,
	PORT_LAG = 6784
};

static const struct names diag_names[] = {
    {0, "No diagnostic"},
    {1, "Detection time expired"},
    {2, "Echo failed"},
    {3, "Neighbour signalled session down"},
    {4, "Forwarding plane reset"},
    {5, "Path down"},
    {6, "Concatenated path down"},
    {7, "Administratively down"},
    {8, "Reverse concatenated path down"},
    {9, "Misconnectivity"},
    {0, NULL},
};

static const struct names state_names[] = {
    {0, "AdminDown"}, {1, "Down"}, {2, "Init"}, {3, "Up"}, {0, NULL}};

static const struct names auth_names[] = {
    {1, "Simple password"},	  {2, "Keyed MD5"},
    {3, "Meticulous keyed MD5"},  {4, "Keyed SHA1"},
    {5, "Meticulous keyed SHA1"}, {0, NULL},
};

static const struct field fields[] = {
    [BFD_VERSION] =
	BITS("bfd.version", "Protocol version", 1, 0xe0, FIELD_LINE),
    [BFD_DIAG] = {"bfd.diag", "Diagnostic code", diag_names, .mask = 0x1f,
		  .type = FIELD_UINT, .width = 1, .flags = FIELD_HEX,
		  .digits = 2},
    [BFD_STA] = {"bfd.sta", "Session state", state_names, .mask = 0xc0,
		 .type = FIELD_UINT, .width = 1,
		 .flags = FIELD_HEX | FIELD_LINE, .digits = 2},
    [BFD_FLAGS] = UINT("bfd.flags", "Message flags", 1, FIELD_HEX | FIELD_LINE),
    [BFD_FLAGS_P] = FLAG("bfd.flags.p", "Poll", 1, 0x20),
    [BFD_FLAGS_F] = FLAG("bfd.flags.f", "Final", 1, 0x10),
    [BFD_FLAGS_C] = FLAG("bfd.flags.c", "Control plane independent", 1, 0x8),
    [BFD_FLAGS_A] = FLAG("bfd.flags.a", "Authentication present", 1, 0x4),
    [BFD_FLAGS_D] = FLAG("bfd.flags.d", "Demand", 1, 0x2),
    [BFD_FLAGS_M] = FLAG("bfd.flags.m", "Multipoint", 1, 0x1),
    [BFD_DETECT_TIME_MULTIPLIER] =
	UINT("bfd.detect_time_multiplier", "Detect time multiplier", 1, 0),
    [BFD_MESSAGE_LENGTH] = UINT("bfd.message_length", "Message length", 1, 0),
    [BFD_MY_DISCRIMINATOR] =
	UINT("bfd.my_discriminator", "My discriminator", 4, FIELD_HEX),
    [BFD_YOUR_DISCRIMINATOR] =
	UINT("bfd.your_discriminator", "Your discriminator", 4, FIELD_HEX),
    [BFD_DESIRED_MIN_TX_INTERVAL] =
	UINT("bfd.desired_min_tx_interval", "Desired min TX interval", 4, 0),
    [BFD_REQUIRED_MIN_RX_INTERVAL] =
	UINT("bfd.required_min_rx_interval", "Required min RX interval", 4, 0),
    [BFD_REQUIRED_MIN_ECHO_INTERVAL] = UINT("bfd.required_min_echo_interval",
					    "Required min echo interval", 4, 0),
    [BFD_AUTH_TYPE] =
	NAMED("bfd.auth.type", "Authentication type", 1, 0, auth_names),
    [BFD_AUTH_LEN] = UINT("bfd.auth.len", "Authentication length", 1, 0),
    [BFD_AUTH_KEY] = UINT("bfd.auth.key", "Authentication key id", 1, 0),
    [BFD_AUTH_PASSWORD] = TEXT("bfd.auth.password", "Password", 0),
    [BFD_AUTH_SEQ_NUM] =
	UINT("bfd.auth.seq_num", "Sequence number", 4, FIELD_HEX),
    [BFD_CHECKSUM] = BYTES("bfd.checksum", "Checksum", 0, 0),
};

static void decode_auth(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[BFD_AUTH_TYPE]);
	unsigned len = (unsigned)take(d, c, &fields[BFD_AUTH_LEN]);

	take(d, c, &fields[BFD_AUTH_KEY]);
	if (type == AUTH_SIMPLE) {
		if (len > 3)
			take_bytes(d, c, &fields[BFD_AUTH_PASSWORD], len - 3);
	} else if (type <= 5 && len > 8) {
		cur_skip(c, 1);
		take(d, c, &fields[BFD_AUTH_SEQ_NUM]);
		take_bytes(d, c, &fields[BFD_CHECKSUM], len - 8);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, flags;

	if (!cur_has(c, 2))
		return;
	first = cur_u8(c);
	add_bits(d, &fields[BFD_VERSION], first);
	add_bits(d, &fields[BFD_DIAG], first);
	flags = cur_u8(c);
	add_bits_rows(d, &fields[BFD_STA], &fields[BFD_FLAGS_M], flags);
	d->layer->fact[0] = first >> 5;
	take_rows(d, c, &fields[BFD_DETECT_TIME_MULTIPLIER],
		  &fields[BFD_REQUIRED_MIN_ECHO_INTERVAL]);
	if (first >> 5 == 1 && flags & FLAG_A && c->claim)
		decode_auth(d, c);
}

static void summary(struct summary *l)
{
	static const char *const names[6] = {"Poll",
					     "Final",
					     "Control Plane Independent",
					     "Authentication Present",
					     "Demand",
					     "Reserved"};
	unsigned flags = (unsigned)summary_num(l, BFD_FLAGS), i;
	const char *before = "";

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	summary_printf(
	    l, "BFDv%u, %s, State %s, Flags: [", l->layer->fact[0],
	    l->layer->key == PORT_MULTIHOP ? "Multihop"
	    : l->layer->key == PORT_LAG	   ? "Lag"
					   : "Control",
	    names_or(state_names, summary_num(l, BFD_STA), "unknown"));
	for (i = 0; i < 6; i++) {
		if (!(flags >> (5 - i) & 1))
			continue;
		summary_printf(l, "%s%s", before, names[i]);
		before = ", ";
	}
	summary_printf(l, "%s], length: %u", *before ? "" : "none",
		       l->layer->len);
}

static const struct key keys[] = {{KEY_UDP_PORT, 3784},
				  {KEY_UDP_PORT, PORT_MULTIHOP},
				  {KEY_UDP_PORT, PORT_LAG},
				  {KEY_UDP_PORT, 7784}};

const struct proto proto_bfd = {
    "bfd",
    "Bidirectional Forwarding Detection",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
